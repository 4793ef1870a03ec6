"""One made-up incident of Example Co, and findings about it, built by hand so that golden files do not move with the laws."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.findings import Finding, FoundDue, FoundRecipient
from breachkit.domain.law import Citation

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

FACTS: dict[str, Any] = {
    "incident.title": "Exported conversations readable without a password",
    "incident.summary": "A folder with exported conversations could be read by anyone who had its address. "
    "A user told us on the evening of 20 November 2026. We closed it within the hour.",
    "incident.invented": "yes",
    "role": "controller",
    "began_at": "2026-11-16",
    "discovered_at": "2026-11-20T21:50:00+01:00[Europe/Brussels]",
    "aware_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]",
    "contained_at": "2026-11-20T22:40:00+01:00[Europe/Brussels]",
    "breach.kinds": ["confidentiality"],
    "breach.cause": "misconfiguration",
    "breach.medium": ["electronic"],
    "breach.exfiltration": "likely",
    "breach.how_found": "A user wrote to support.",
    "data.categories": ["full_name", "phone", "message_content"],
    "data.categories_complete": "no",
    "data.encrypted": "no",
    "people.kinds": ["users", "contacts"],
    "people.total": "~4100",
    "people.in.ES": "2600",
    "people.in.GB": "900",
    "people.in.US-FL": "400..900",
    "people.elsewhere": "0",
    "risk.level": "risk",
    "risk.reason": "Names and numbers with what was written can be used for convincing fraud.",
    "measures.taken": "The folder was closed and the access logs were secured.",
    "measures.planned": "Exports will be encrypted, and their addresses will expire after one hour.",
    "measures.advice": "Be careful with calls and messages that mention an earlier conversation with us.",
    "consequences": "People who know what a conversation was about could use it for fraud or unwanted contact.",
    "contact.name": "Privacy team",
    "contact.email": "privacy@example-co.invalid",
    "organisation.name": "Example Co",
    "organisation.contacts.dpo.email": "dpo@example.com",
    "organisation.providers": [{"name": "Carrier Ltd", "does": "calls and SMS"}, {"name": "Cloud Ltd", "does": "hosting"}],
}

CLIENTS: dict[str, Any] = {
    "controllers.acct-01.name": "Sample Lettings Ltd",
    "controllers.acct-01.data.categories": ["call_recording", "phone"],
    "controllers.acct-01.people.total": "150..220",
    "controllers.acct-02.name": "Sample Physiotherapy Ltd",
    "controllers.acct-02.people.total": "40",
}

MORE: dict[str, Any] = {
    "notice.planned_at": "2026-11-24",
    "notice.means": "by e-mail to each person",
    "notice.bureau_contacts": "Equifax: 1 Sample Street, Exampletown; www.equifax.invalid; 800-555-0101\n\n"
    "Experian: 2 Sample Street, Exampletown; www.experian.invalid; 800-555-0102\n\n"
    "TransUnion: 3 Sample Street, Exampletown; www.transunion.invalid; 800-555-0103",
    "notice.ftc_contact": "Federal Trade Commission: 4 Sample Street, Exampletown; www.ftc.invalid; 800-555-0104",
    "hold.requested": "no",
    "determined_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]",
    "no_harm_found_at": "2026-11-21",
    "harm.identity_theft": "unlikely",
    "harm.financial": "unlikely",
    "harm.law_enforcement_consulted": "yes",
    "filed.eu.gdpr.33": [
        {"at": "2026-11-21T08:00:00+01:00[Europe/Brussels]", "reference": "EX-2026-17", "kind": "first",
         "lacked": ["consequences", "count_records"]},
    ],
}  # fmt: skip


REPORT = ("nature", "categories_people", "count_people", "categories_records", "count_records", "contact", "consequences",
          "measures", "mitigation")  # fmt: skip
LETTER = ("nature", "contact", "consequences", "measures", "mitigation", "plain_language")
TELECOM = ("provider", "contact", "phase_marker", "date_of_breach", "date_discovered", "nature", "circumstances", "data_types",
           "consequences", "measures", "prior_safeguards", "other_providers")  # fmt: skip
SUBSCRIBER = ("provider", "contact", "nature", "incident_summary", "date_of_breach", "data_types", "consequences",
              "circumstances", "measures", "advice")  # fmt: skip
CLIENT = ("nature", "date_aware", "controllers_affected", "data_types", "contact", "measures")

GOLDEN: dict[str, dict[str, Any]] = {
    "eu.gdpr.33": {"content": REPORT},
    "eu.gdpr.33.update": {"regime": "eu.gdpr", "content": ("phase_marker",)},
    "eu.gdpr.33.2": {"regime": "eu.gdpr", "content": CLIENT, "kind": "controller", "controller": "acct-01",
                     "at": "acct-01", "recipient": "Sample Lettings Ltd"},
    "eu.gdpr.34": {"content": LETTER, "kind": "individuals"},
    "eu.gdpr.34.public": {"regime": "eu.gdpr", "content": (*LETTER, "public_channel"), "kind": "public"},
    "uk.gdpr.33": {"content": (*REPORT, "delay_reasons")},
    "uk.gdpr.33.update": {"regime": "uk.gdpr", "content": ("phase_marker",)},
    "uk.gdpr.33.2": {"regime": "uk.gdpr", "content": CLIENT, "kind": "controller", "controller": "acct-02",
                     "at": "acct-02", "recipient": "Sample Physiotherapy Ltd"},
    "uk.gdpr.34": {"content": LETTER, "kind": "individuals"},
    "uk.gdpr.34.public": {"regime": "uk.gdpr", "content": (*LETTER, "public_channel"), "kind": "public"},
    "uk.pecr.5a": {"content": TELECOM},
    "uk.pecr.5a.update": {"regime": "uk.pecr", "content": ("count_people", "sample_notice", "phase_marker")},
    "uk.pecr.5a.sub": {"regime": "uk.pecr", "content": SUBSCRIBER, "kind": "individuals"},
    "eu.611.na.initial": {"regime": "eu.611", "content": TELECOM},
    "eu.611.na.update": {"regime": "eu.611", "content": ("count_people", "sample_notice", "phase_marker")},
    "eu.611.sub": {"content": SUBSCRIBER, "kind": "individuals"},
    "us.ca.individuals": {"kind": "individuals", "content": (
        "contact", "data_types", "date_of_breach", "notice_date", "le_delay_statement", "description", "title_exact",
        "headings_exact", "title_and_headings_conspicuous", "font_min_pt", "plain_language", "cra_contacts")},
    "us.ca.ag": {"content": ("sample_notice",)},
    "us.ca.owner": {"content": ("nature", "date_discovered", "controllers_affected", "data_types", "contact", "measures"),
                    "kind": "owner", "controller": "acct-01", "at": "acct-01", "recipient": "Sample Lettings Ltd"},
    "us.fl.individuals": {"content": ("date_of_breach", "data_types", "contact"), "kind": "individuals"},
    "us.fl.dla": {"content": ("incident_summary", "count_residents", "free_services", "sample_notice", "entity_contact")},
    "us.fl.cra": {"content": ("notice_timing", "method_of_distribution", "count_residents"), "kind": "cra"},
    "us.fl.no_harm": {"content": ("risk_assessment", "decision")},
    "us.fcc.64-2011.agencies": {"content": ("provider", "entity_contact", "incident_summary", "date_of_breach", "data_types")},
    "us.fcc.64-2011.customers": {"content": ("description", "data_types", "contact"), "kind": "individuals"},
    "us.fcc.64-2011.fcc": {"content": ("entity_location", "cause", "count_people", "monetary_impact")},
    "us.fcc.64-2011.annual": {"content": ("incident_summary", "count_people", "data_types")},
    "promise.example-co.users-72h": {"kind": "individuals", "forbidden": ("nature", "count_people")},
    "contract.example-co.cyber-cover": {"kind": "contract", "recipient": "the insurer"},
}  # fmt: skip
"""Every shipped template once, with what its duty asks for written out."""


def book(facts: Mapping[str, Any] = FACTS, **changes: Any) -> FactBook:
    """A book of these facts. A change is written with `__` for a dot; None leaves the fact out."""
    words = load_vocabulary()
    raws = {**facts, **{key.replace("__", "."): value for key, value in changes.items()}}
    known = {key: raw for key, raw in raws.items() if raw is not None}
    specs = {key: words.spec(key) for key in known}
    facts = {
        key: Fact(key, read_value(specs[key], raw, words), raw, unknown_is_answer=specs[key].unknown_is_answer)
        for key, raw in known.items()
    }
    return FactBook(facts, words)


def finding(duty: str, *, recipient: str = "", at: str = "", **changes: Any) -> Finding:
    """A finding of that duty, owed; its regime is the id without its last part unless said."""
    regime = changes.pop("regime", duty.rsplit(".", 1)[0])
    zone = {"uk": "Europe/London", "us": "America/New_York"}.get(duty.split(".")[0], "Europe/Brussels")
    values: dict[str, Any] = {
        "id": f"{duty}@{at}" if at else duty,
        "duty": duty,
        "regime": regime,
        "title": f"Duty {duty}",
        "recipient": FoundRecipient(changes.pop("kind", "authority"), at or None, recipient or "the example authority"),
        "status": "owed",
        "presumed": True,
        "replaced_by": None,
        "due": FoundDue(datetime(2026, 11, 23, 21, 15, tzinfo=UTC), None, None, zone, "hours", 72, "awareness",
                        None, "aware_at", "", False, False, (), None, (), ()),
        "because": (),
        "needs": (),
        "asks": (),
        "content": (),
        "forbidden": (),
        "cite": (Citation("Example rule"),),
        "confidence": "unverified",
        "reviewed": date(2026, 11, 21),
        "pack": "breachkit",
        "version": "1",
        **changes,
    }  # fmt: skip
    return Finding(**values)
