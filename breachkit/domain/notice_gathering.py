"""Reads an incident's facts under the names templates know them by. Decides nothing and writes no sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count, Instant
from breachkit.domain.findings import Finding
from breachkit.domain.notice_names import Said, Untranslated
from breachkit.domain.notice_sources import addressee, cited, place_of, stage_of
from breachkit.domain.notice_words import Wording, local_day
from breachkit.domain.periods import BusinessDays, Days, Hours, Months, zone_named

_TIMES: Final = {
    "began": "began_at",
    "ended": "ended_at",
    "detected": "detected_at",
    "discovered": "discovered_at",
    "aware": "aware_at",
    "determined": "determined_at",
    "contained": "contained_at",
    "provider_aware": "provider.aware_at",
    "provider_told": "provider.told_us_at",
    "no_harm_found": "no_harm_found_at",
    "finding_written": "harm.finding_written_at",
    "notice_planned": "notice.planned_at",
    "hold_until": "hold.until",
}


SAYS: Final = "notice.says."
"""Facts under it are people's own words for a content element."""

_WRITTEN_HERE: Final = frozenset({
    "phase_marker", "provider", "sample_notice", "entity_contact", "knowledge_statement", "public_channel",
    "advice_vigilance", "change_password_advice", "report_to_le_advice", "fraud_alert_info", "credit_freeze_info",
    "no_charge_freeze", "police_report_right", "identity_theft_sources_statement", "fcra_rights", "notice_date",
})  # fmt: skip
"""Elements that a template says by itself, from no fact or from what every notice has."""


PERIODS: Final = (Hours, Days, BusinessDays, Months)


class Gathering:
    """Reads one incident's facts under the templates' names."""

    categories: tuple[str, ...] | None = None
    """The kinds of data of the people a letter is for; None: those of the incident."""

    def __init__(self, book: FactBook, finding: Finding, wording: Wording, now: datetime, *, duty: str = "") -> None:
        self.book, self.finding, self.wording, self.now = book, finding, wording, now
        self.duty = duty or finding.duty
        """The notice's own name: the duty's, or with a form at its end such as `.withdrawal`."""
        self.zone = finding.due.zone or "UTC"
        self.invented = (fact := book.get("incident.invented")) is not None and fact.value is True
        self.place = place_of(finding, book)

    def addressing(self) -> dict[str, Said | None]:
        """Who writes to whom, and why."""
        book, finding = self.book, self.finding
        desks = ("contact", "organisation.contacts.privacy", "organisation.contacts.dpo")
        email = next((found for desk in desks if (found := self.email(f"{desk}.email"))), None)
        phone = next((found for desk in desks if (found := book.text(f"{desk}.phone"))), None)
        name = book.text("contact.name") or book.text("organisation.contacts.privacy.name")
        website = book.text("contact.website")
        ways = [way for way in (email, phone, website) if way]
        officer = (book.text("organisation.contacts.dpo.name"), self.email("organisation.contacts.dpo.email"),
                   book.text("organisation.contacts.dpo.phone"))  # fmt: skip
        return {
            "duty": self.duty,
            "duty_title": finding.title,
            "stage": stage_of(self.duty),
            "cite": self.wording.citation(cited(finding.cite), finding.regime.split(".")[0]),
            "not_in_force": "yes" if finding.status == "not_in_force" else None,
            "recipient": self.wording.recipient(finding.recipient.id, addressee(finding.recipient.name)),
            "recipient_kind": finding.recipient.kind,
            "organisation_address": book.text("organisation.address"),
            "organisation_registration": book.text("organisation.registration"),
            "organisation_parent": book.text("organisation.parent"),
            "controller": book.text("name") if book.whose else None,
            "roles": book.strings("role"),
            "date": self.wording.day_of(self.now.astimezone(zone_named(self.zone)).date()),
            "place": self.wording.place(self.place, book.words.place_name(self.place)) if self.place else None,
            "contact": ", ".join([name, *ways] if name else ways) if ways else None,
            "contact_name": name,
            "contact_email": email,
            "contact_phone": phone,
            "contact_website": website,
            "contact_ways": tuple(ways),
            "dpo": ", ".join(part for part in officer if part) if any(officer[1:]) else None,
        }

    def happening(self) -> dict[str, Said | None]:
        """What happened."""
        book = self.book
        keys = {
            "title": "incident.title", "summary": "incident.summary",
            "cause": "breach.cause", "root_cause": "breach.root_cause",
            "obtained_by": "breach.recipient", "systems": "breach.systems",
            "how_found": "breach.how_found", "impact": "breach.impact", "withdrawal_reason": "withdrawal.reason",
        }  # fmt: skip
        flags = {
            "malicious": "breach.malicious", "accessed": "breach.accessed", "acquired": "breach.acquired",
            "deletion_confirmed": "breach.recipient.deletion_confirmed",
            "recovered": "breach.recovered", "public": "breach.public",
        }  # fmt: skip
        downtime = fact.value if (fact := book.get("breach.downtime")) is not None else None
        return {
            **{name: self.text(key) for name, key in keys.items()},
            **{name: self.flag(key) for name, key in flags.items()},
            "exfiltration": self.exfiltration(),
            "kinds": book.strings("breach.kinds"),
            "media": book.strings("breach.medium"),
            "obtained_by_count": self.count("breach.recipients"),
            "downtime": self.wording.duration(downtime) if isinstance(downtime, PERIODS) else None,
        }

    def exfiltration(self) -> str | None:
        """Whether data left, no surer than the fact: an estimate that it is ruled out is that it is unlikely."""
        found = self.book.get("breach.exfiltration")
        if found is None or not isinstance(found.value, str):
            return None
        softer = {"excluded": "unlikely", "confirmed": "likely"} if found.certainty == "estimated" else {}
        return softer.get(found.value, found.value)

    def times(self) -> dict[str, Said | None]:
        """When: with the time of day as far as it is known, and the day alone."""
        found: dict[str, Said | None] = {}
        for name, key in _TIMES.items():
            instant = self.book.instant(key)
            found[name] = self.say_time(instant) if instant else None
            found[f"{name}_day"] = self.wording.day_of(self.day(instant)) if instant else None
        began = self.book.instant("began_at")
        ended = self.book.instant("ended_at")
        if began and ended:
            days = self.wording.day_of(self.day(began)), self.wording.day_of(self.day(ended))
            found["exposure"] = self.wording.days(*days)
        return found

    def data(self) -> dict[str, Said | None]:
        """Which data, and how protected."""
        book, words = self.book, self.book.words
        listed = self.categories if self.categories is not None else book.categories or ()
        ids = dict.fromkeys(id for one in listed for id in (one, *sorted(words.above(one))))
        return {
            "categories": tuple(self.data_label(id) for id in listed),
            "category_ids": tuple(ids),
            "categories_closed": "yes" if book.categories_closed else None,
            "special_categories": tuple(self.data_label(id) for id in listed if words.categories[id].special),
            "encrypted": self.flag("data.encrypted"),
            "key_taken": self.flag("data.key_taken"),
            "records_total": self.count("records.total"),
        }

    def people(self) -> dict[str, Said | None]:
        """How many people, which, and where."""
        book = self.book
        kinds = book.strings("people.kinds") or ()
        labels = book.words.spec("people.kinds").choices
        total = book.count("people.total") or book.total
        here = book.listed.get(self.place) or book.residents(self.place) if self.place else None
        if here is not None and self.place not in book.listed and here.low == 0 and here.high != 0:
            here = None  # an upper bound worked out from other places is no count to report
        places = sorted(book.listed, key=lambda code: (-book.listed[code].low, code))
        return {
            "people_total": self.count("people.total") or self.say_count(total),
            "people_here": self.say_count(here) if here is not None else None,
            "people_by_place": tuple(self.place_line(code) for code in places),
            "people_elsewhere": tuple(self.place_line(code) for code in places if code != self.place),
            "people_kinds": tuple(self.wording.label("people", labels.get(id, id)) for id in kinds),
            "people_kind_ids": kinds,
            "people_notified": self.count("people.notified"),
        }

    def response(self) -> dict[str, Said | None]:
        """What it means and what is done about it."""
        book = self.book
        keys = {
            "consequences": "consequences", "risk": "risk.level", "risk_reason": "risk.reason",
            "measures_before": "measures.before", "measures_taken": "measures.taken",
            "measures_planned": "measures.planned", "advice": "measures.advice",
            "free_services": "measures.free_services", "provider": "provider.name", "authorities_told": "authorities.told",
            "bureau_contacts": "notice.bureau_contacts", "ftc_contact": "notice.ftc_contact",
            "notice_means": "notice.means", "delay_reasons": "delay.reasons", "hold_agency": "hold.agency",
        }  # fmt: skip
        providers = book.get("organisation.providers")
        records = providers.value if providers is not None and isinstance(providers.value, tuple) else ()
        return {
            **{name: self.text(key) for name, key in keys.items()},
            "harms": tuple(self.harms()),
            "loss": self.count("loss.estimate_usd"),
            "loss_yuan": self.count("loss.estimate_cny"),
            "hold_requested": self.flag("hold.requested"),
            "law_enforcement_consulted": self.flag("harm.law_enforcement_consulted"),
            "other_providers": tuple(
                ": ".join(str(record[part]) for part in self.provider_parts() if record.get(part))
                for record in records
                if isinstance(record, Mapping)
            ),
        }

    def harms(self) -> Iterator[str]:
        """Each kind of harm looked at: `Identity theft or fraud: possible`."""
        for key in sorted(key for key in self.book.facts if key.startswith("harm.")):
            spec = self.book.words.spec(key)
            if spec.type == "choice" and (level := self.book.text(key)) is not None:
                name = self.wording.label("harm", key.removeprefix("harm.").replace("_", " ").capitalize())
                said = self.wording.label("likelihood", spec.choices.get(level, level))
                yield next((one for one in (name, said) if isinstance(one, Untranslated)), f"{name}: {said.lower()}")

    def filing(self, filing: Mapping[str, Any] | None) -> dict[str, Said | None]:
        """How this notice stands to its deadline and to the one before it."""
        finding, words = self.finding, self.book.words
        at = filing.get("at") if filing else None
        lacked = filing.get("lacked") or () if filing else ()
        lacked = [lacked] if isinstance(lacked, str) else lacked
        elements = {str(id): words.elements.get(str(id)) for id in lacked}
        asked = [*finding.content, *(id for id, one in elements.items() if one is not None)]
        missing = [id for id in dict.fromkeys(asked) if self.unknown(id)]
        return {
            "late": "yes" if finding.due.target is not None and self.now > finding.due.target else None,
            "first_filed": self.say_time(at) if isinstance(at, Instant) else None,
            "first_reference": str(filing["reference"]) if filing and filing.get("reference") else None,
            "filled": tuple(
                self.wording.label("element", one.label) for id, one in elements.items() if one and not self.unknown(id)
            ),
            "missing": tuple(self.wording.label("element", words.elements[id].label) for id in missing),
        }

    def decision(self) -> dict[str, Said | None]:
        """What was decided; for a no-harm finding, about telling the people."""
        told = self.book.get(f"decided.{self.finding.regime}.individuals")
        records = told.value if told is not None and isinstance(told.value, tuple) else ()
        record: Mapping[str, Any] = records[-1] if records and isinstance(records[-1], Mapping) else {}
        own = None if self.finding.duty.endswith(".no_harm") else self.finding.decision
        if own is not None:
            return {
                "decision": own.choice,
                "decision_ground": own.ground,
                "decision_by": own.by,
                "decision_day": self.wording.day_of(local_day(own.at, self.zone)) if own.at else None,
            }
        at = record.get("at")
        return {
            "decision": str(record.get("choice") or ""),
            "decision_ground": str(record.get("ground") or ""),
            "decision_by": str(record.get("by") or ""),
            "decision_day": self.wording.day_of(self.day(at)) if isinstance(at, Instant) else None,
        }

    def says(self) -> Iterator[tuple[str, str]]:
        """What people wrote themselves for a content element; of a ransom also what is recorded of it."""
        if (ransom := self.text("ransom.details")) is not None:
            yield "ransom", ransom
        for key in self.book.facts:
            if key.startswith(SAYS) and (text := self.text(key)) is not None:
                yield key.removeprefix(SAYS), text

    def text(self, key: str) -> str | None:
        """A text in the notice's language; `Untranslated` where people wrote it in another one and nobody translated it."""
        found = self.book.text(key)
        if found is None or not self.book.words.spec(key).prose:
            return found
        written, wanted = self.book.text("incident.language") or "en", self.wording.language.split("-")[0]
        if written == wanted:
            return found
        mine = self.book.get(f"translated.{wanted}.{key}")
        if mine is None:
            return Untranslated(f"'{key}' is written in {written}; record translated.{wanted}.{key}")
        changed = self.book.facts[key].recorded_at
        if changed is not None and mine.recorded_at is not None and changed > mine.recorded_at:
            return Untranslated(f"'{key}' changed after translated.{wanted}.{key} was written; translate it again")
        return str(mine.value)

    def data_label(self, id: str) -> str:
        """A kind of data in the notice's language."""
        return self.wording.label("data category", self.book.words.categories[id].label)

    def provider_parts(self) -> tuple[str, ...]:
        """What is said of a provider: what it does only in the language it was written in."""
        written = self.book.text("incident.language") or "en"
        return ("name", "does") if written == self.wording.language.split("-")[0] else ("name",)

    def unknown(self, element: str) -> bool:
        """Whether nothing an element is made from is known: its facts, or people's own words for it."""
        found = self.book.words.elements.get(element)
        if found is None or found.form or element in _WRITTEN_HERE or f"{SAYS}{element}" in self.book.facts:
            return False
        return not any(self.known_fact(key) for key in found.facts)

    def known_fact(self, key: str) -> bool:
        """Whether a fact, or for a pattern such as `people.in.<place>` any fact of it, is known."""
        if "<" not in key:
            return self.book.get(key) is not None
        start = key.split("<", 1)[0]
        return any(known.startswith(start) and self.book.get(known) for known in self.book.facts)

    def flag(self, key: str) -> str | None:
        """`yes`, `no` or another choice; None when not known."""
        fact = self.book.get(key)
        if fact is None or not isinstance(fact.value, (bool, str)):
            return None
        return {True: "yes", False: "no"}.get(fact.value, str(fact.value)) if isinstance(fact.value, bool) else fact.value

    def email(self, key: str) -> str | None:
        """An e-mail address; an invented incident shows none that could be a real one."""
        found = self.book.text(key)
        if found is None or not self.invented or found.endswith(".invalid"):
            return found
        return f"{found}.invalid"

    def count(self, key: str) -> str | None:
        """A recorded count in words."""
        fact = self.book.get(key)
        if fact is None or not isinstance(fact.value, Count):
            return None
        count = fact.value
        if fact.certainty == "estimated" and count.low == count.high:
            return self.wording.said("about {number}", number=self.wording.number(count.low))
        return self.say_count(count)

    def say_count(self, count: Count) -> str | None:
        """A count in words; None when nothing is known of it."""
        return None if count.low == 0 and count.high is None else self.wording.count(count)

    def place_line(self, code: str) -> str:
        """`Spain: 2600`."""
        name = self.wording.place(code, self.book.words.place_name(code))
        return self.wording.place_count(name, self.book.listed[code])

    def day(self, instant: Instant) -> date:
        """The day on the wall clock it was written with, else on the law's."""
        return instant.day or instant.at.astimezone(zone_named(instant.zone or self.zone)).date()

    def say_time(self, instant: Instant) -> str:
        """A moment with its zone, or the day where only that is known."""
        if instant.day is not None:
            return self.wording.day_of(instant.day)
        return self.wording.moment(instant.at, instant.zone or self.zone)
