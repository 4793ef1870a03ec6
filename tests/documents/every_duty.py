"""Every duty of the shipped laws, on an incident of which everything is known: what its notice must be able to say."""

from __future__ import annotations

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
    "measures.free_services": "24 months of credit monitoring; the code to enrol stands at the end of this letter.",
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
    "wisp": "A written information-security programme is kept and was updated after the incident.",
    "complaint_right": "You can complain to the authority that watches over data protection where you live.",
    "remedies": "You can ask for compensation by writing to the contact above.",
    "responsible_person": "The export team is responsible for the service.",
    "fein": "12-3456789",
}


@cache
def full_book() -> FactBook:
    """The book of `everything`."""
    return book(everything())


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
    return finding(
        id, regime=regime, kind=version.recipient.kind, content=tuple(dict.fromkeys(asked)), forbidden=version.forbidden,
        title=duty.title, cite=version.cite, **_recipient(version.recipient),
    )  # fmt: skip


def notice_of(id: str, language: str = "en", *, form: str = "", facts: FactBook | None = None) -> Notice:
    """Its notice on that incident."""
    asked = finding_of(id)
    american = id.startswith("us.")
    context = notice_context(
        facts or full_book(), asked, organisation_name="Example Co", now=NOW, draft=True, form=form,
        wording=wording_for(language, american=american), attachments=["the letter to people"],
    )  # fmt: skip
    return fill(context, language)
