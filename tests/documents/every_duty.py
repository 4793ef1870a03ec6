"""Every duty of the shipped laws, on an incident of which everything is known: what its notice must be able to say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from breachkit.content.laws import load_laws
from breachkit.content.templates import fill
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.wordings import wording_for
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.law import Duty, DutyVersion, Recipient
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice

from .made_up import CLIENTS, FACTS, MORE, NOW, book, finding

WRITTEN = {
    "breach.altered": "no",
    "breach.recipient": "unknown",
    "breach.recipients": "2",
    "breach.malicious": "no",
    "breach.accessed": "yes",
    "breach.acquired": "yes",
    "breach.systems": "The export service and the storage behind it.",
    "breach.root_cause": "An export job wrote its files to storage that was open to everybody.",
    "breach.impact": "considerable",
    "breach.downtime": "PT6H",
    "breach.public": "no",
    "data.categories_complete": "yes",
    "data.key_taken": "no",
    "records.total": "12000",
    "ended_at": "2026-11-20",
    "detected_at": "2026-11-20T21:50:00+01:00[Europe/Brussels]",
    "people.notified": "0",
    "measures.before": "Access rights were reviewed each quarter, and storage was encrypted at rest.",
    "measures.free_services": "24 months of credit monitoring. Call us, and we will give you a code to sign up.",
    "authorities.told": "The police.",
    "delay.reasons": "The log files that showed who was affected had to be restored first.",
    "provider.name": "Cloud Ltd",
    "contact.phone": "+1 202-555-0142",
    "contact.website": "https://example-co.invalid/incident",
    "organisation.address": "1 Sample Street, Exampletown",
    "organisation.registration": "12-3456789",
    "organisation.parent": "Example Holding",
    "loss.estimate_usd": "12000",
    "loss.estimate_cny": "90000",
    "data.backup": "restored",
    "withdrawal.reason": "The files held made-up test data only.",
    "harm.finding_written_at": "2026-11-21",
    "ransom.details": "Nothing was demanded.",
    "fix_available_at": "2026-11-21",
    "breach.countries_of_attack": "unknown",
}  # fmt: skip


def everything() -> dict[str, Any]:
    """All facts of the made-up incident, and a sentence for everything that only people can say."""
    words = load_vocabulary()
    says = {
        f"notice.says.{id}": f"{SENTENCES.get(id, 'Example Co has this on file and says it here.')}"
        for id, one in words.elements.items()
        if not one.form
    }
    return {**FACTS, **CLIENTS, **MORE, **WRITTEN, **says}


SENTENCES = {
    "techniques": "The address of the folder was guessed by a script.",
    "iocs": "Requests with the agent name sample-scan/1.0.",
    "trace_clues": "The access logs of the folder were kept.",
    "wisp": "A written information-security programme is kept and was updated after the incident.",
    "complaint_right": "You can complain to the authority that watches over data protection where you live.",
    "remedies": "You can ask for compensation by writing to the contact below.",
    "responsible_person": "The export team is responsible for the service.",
    "investigation_result": "The investigation found one open folder and no other.",
    "reporting_person": "The privacy team reports for the company.",
    "fein": "12-3456789",
    "hq_address": "1 Sample Street, Exampletown",
    "toll_free_phone": "1-800-555-0142",
    "phone_or_website_for_inquiry": "1-800-555-0142",
    "contact_options": "You can call us, send us an e-mail, or look at our web page.",
    "ag_contact": "The Attorney General's consumer office: 5 Sample Street, Exampletown; 800-555-0105",
    "state_agency_contacts": "The state's consumer protection office: 6 Sample Street, Exampletown; 800-555-0106",
    "federal_agency_contacts": "The federal consumer office: 7 Sample Street, Exampletown; 800-555-0107",
    "names_of_residents": "The list of residents is sent apart from this report.",
    "credit_monitoring_certification": "The company certifies that the credit monitoring it offers meets the rule.",
    "perpetrator": "We do not know who opened the folder.",
    "third_party_recipients": "people we do not know",
    "cause": "A setting of the export service left the folder open to everybody.",
    "extent": "One folder with exported conversations; no other system is affected.",
    "location": "The folder lay on a storage service in Ireland.",
    "secondary_harm": "We have heard of no further harm so far.",
    "other_entities": "No other company was told to act.",
    "processor": "Cloud Ltd, which runs the storage.",
    "total_base_count": "The customer base of the service as a whole.",
    "sensitive_flag": "What was written in the messages is especially sensitive.",
    "count_people": "All those in the list that you sent us.",
    "categories_people": "Your subscribers.",
    "data_types": "Names and telephone numbers.",
    "categories_records": "Names and telephone numbers.",
    "count_records": "One list.",
    "reference_code": "EXC-2026-11",
    "impact": "The export service was switched off for six hours; nobody else was affected.",
    "severity": "Considerable, by the company's own scale.",
    "crossborder_impact": "People in several countries may be affected.",
    "chronology": "Opened on 16 November 2026, found and closed on 20 November 2026.",
    "response_status": "The folder is closed; the people affected are being identified.",
    "monetary_impact": "A small loss, for the work of looking into it.",
    "ransom": "Nothing was demanded and nothing was paid.",
    "recovery": "The service ran again on the same evening.",
    "publication": "It has not been made public.",
    "le_involvement": "The police were told.",
    "initial_assessment": "A limited incident without effect on other services.",
    "systems": "The export service.",
    "functions_affected": "Exports of conversations.",
    "foreign_country_involvement": "This is not known.",
    "minors_elderly_count": "No minors are among them; the number of elderly people is not recorded.",
    "material_impact": "The company expects no material effect on its finances or operations.",
    "support_needed": "No help is asked for.",
    "classification_criteria": "The number of clients affected passed the limit.",
    "continuity_plan": "The continuity plan was not needed.",
    "incident_type": "Data exposed by a wrong setting.",
    "product": "Example Export 4.2.",
    "product_states": "Spain and Portugal.",
    "exploit": "The address of an export can be guessed.",
    "vulnerability": "Exports are readable without a password.",
    "fix": "Version 4.3 asks for a password.",
    "sensitivity_of_information": "This report may be shared with other authorities.",
    "evidence_docs": "The access log from November 16 to November 20, 2026 is attached.",
    "reporter_type": "A private company.",
    "decision": "The privacy team decided this on the ground of the assessment below.",
    "count_notified": "None of them has been told so far.",
    "identities": "The list is sent apart from this notice.",
    "payment_reasons": "The systems could not have been restored in time in any other way.",
    "payment_alternatives": "Restoring from backups was considered; it would have taken three weeks.",
    "payment_diligence": "Counsel and a recovery company looked for other ways and checked the sanctions lists.",
    "copy_of_hhs_notice": "A copy of our report to the federal health department is attached.",
    "exception": "No exception is relied on.",
}


def with_people_in(place: str) -> dict[str, Any]:
    """Everything, with people in that place beside the others."""
    words = load_vocabulary()
    more = place in words.places and not any(
        words.within(place, one) or words.within(one, place) for one in ("ES", "GB", "US-FL")
    )
    return {**everything(), **({f"people.in.{place}": "350"} if more else {})}


def raw_facts_of(id: str) -> dict[str, Any]:
    """Everything, with people where that law looks."""
    return with_people_in(place_of(id))


@cache
def full_book(place: str = "") -> FactBook:
    """The book of it."""
    return book(with_people_in(place))


def place_of(id: str) -> str:
    """The place whose law it is; for a state's rule the state, for a federal one the country."""
    regime = next(regime for regime in load_laws() if any(one.id == id for one in regime.duties))
    return regime.place


def facts_of(id: str) -> FactBook:
    """Everything, with people where that law looks."""
    return full_book(place_of(id))


@cache
def duties() -> dict[str, Duty]:
    """Every duty of the shipped laws."""
    return {duty.id: duty for regime in load_laws() for duty in regime.duties}


def kind_of(id: str) -> str:
    """To whom it is owed."""
    return newest(duties()[id]).recipient.kind


def newest(duty: Duty) -> DutyVersion:
    """Its text in force, or the last one."""
    in_force = [version for version in duty.versions if version.status == "in_force"]
    return (in_force or list(duty.versions))[-1]


def _recipient(recipient: Recipient) -> dict[str, Any]:
    directory = load_directory()
    if recipient.kind in ("controller", "owner"):
        return {"at": "acct-01", "recipient": "Sample Lettings Ltd", "controller": "acct-01"}
    if recipient.authorities:
        found = directory.authorities[recipient.authorities[0]]
        return {"at": found.id, "recipient": found.name}
    return {"recipient": recipient.name or {"individuals": "the people affected"}.get(recipient.kind, recipient.kind)}


def finding_of(id: str) -> Finding:
    """That duty, owed, asking for everything its text can ask for."""
    duty = duties()[id]
    version = newest(duty)
    asked = [*version.content, *version.late_content, *(one for some in version.content_if for one in some.elements)]
    regime = next(regime.id for regime in load_laws() if any(one.id == id for one in regime.duties))
    made = finding(
        id, regime=regime, kind=version.recipient.kind, content=tuple(dict.fromkeys(asked)), forbidden=version.forbidden,
        title=duty.title, cite=version.cite, **_recipient(version.recipient),
        status="owed" if version.status == "in_force" else "not_in_force",
    )  # fmt: skip
    return replace(made, recipient=replace(made.recipient, place=place_of(id)))


def notice_of(id: str, language: str = "en", *, form: str = "", facts: FactBook | None = None) -> Notice:
    """Its notice on that incident."""
    asked = finding_of(id)
    american = id.startswith("us.")
    context = notice_context(
        facts or facts_of(id), asked, organisation_name="Example Co", now=NOW, draft=True, form=form,
        wording=wording_for(language, american=american), attachments=["the letter to people"],
    )  # fmt: skip
    return fill(context, language)
