"""The time line of a report: when things happened, when each clock ran, and what was done about it. Drawn by documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from breachkit.domain.approvals import Approval
from breachkit.domain.facts import Instant
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show, show_day
from breachkit.domain.timechart import Bar, Chart, Mark
from breachkit.workflow import words
from breachkit.workflow.subjects import Answer

_LABELS: Final = {
    "began_at": "Began",
    "ended_at": "Ended",
    "detected_at": "First noticed",
    "suspected_at": "Suspected",
    "discovered_at": "Discovered",
    "aware_at": "Aware of the breach",
    "incident_aware_at": "Aware of the incident",
    "believed_at": "Believed to be a breach",
    "determined_at": "Found to be a breach",
    "assessed_at": "Assessed",
    "harm_found_at": "Harm found likely",
    "no_harm_found_at": "No harm found likely",
    "scope_known_at": "Scope known",
    "classified_at": "Classified",
    "material_at": "Found material",
    "people_identified_at": "People identified",
    "contained_at": "Contained",
    "ransom_paid_at": "Ransom paid",
    "fix_available_at": "Fix available",
    "ordered_at": "Ordered to notify",
    "incident_closed_at": "Incident closed",
    "new_fact_at": "New fact found",
    "provider.aware_at": "Provider aware",
    "provider.told_us_at": "Provider told us",
}
"""Short words for the times of an incident; a key without any is said as it is."""


def chart(answer: Answer, approved: Iterable[Approval] = ()) -> Chart:
    """The time line of this answer. Laws set aside, duties not owed and those not in force are left out, unless acted on."""
    found, zone = answer.assessment, zone_of(answer)
    events = tuple(sorted(events_of(answer, zone), key=lambda mark: (mark.at, mark.label)))
    held = tuple(approved)
    bars = tuple(_bar(f, found.now, [one for one in held if one.duty == f.id]) for f in found.findings if shown(f))
    aware = answer.subject.book.instant("aware_at")
    starts = [bar.start for bar in bars if bar.drawn and bar.start is not None]
    if aware is not None:
        zero, said = aware.moment(zone), "the moment of awareness"
    elif starts:
        zero, said = min(starts), "the start of the first clock"
    else:
        zero, said = (events[0].at, "the first event") if events else (found.now, "the moment of this report")
    entries = tuple(entry.recorded_at for entry in answer.subject.entries)
    return Chart(zero, f"{said}, {show(zero, zone)}", zone, found.now, events, bars, entries)


def shown(finding: Finding) -> bool:
    """Whether a report speaks of the duty at length: it is or may be owed, or somebody did something about it."""
    acted = bool(finding.filed) or finding.decision is not None
    return acted or (finding.status not in ("not_owed", "not_in_force") and not finding.aside)


def say_instant(instant: Instant, zone: str) -> str:
    """A moment on the clock it was written with, else on that zone's; a day where only that is known."""
    return show_day(instant.day) if instant.day is not None else show(instant.at, instant.zone or zone)


def filing_words(record: Mapping[str, Any], zone: str) -> str:
    """`first, Mon 23 Nov 2026 10:02 CET, reference 2026-118823`."""
    at, reference = record.get("at"), str(record.get("reference") or "").strip()
    when = say_instant(at, zone) if isinstance(at, Instant) else "at a time not recorded"
    proof = f"reference {reference}" if reference else "WITHOUT PROOF"
    return f"{record.get('kind', 'first')}, {when}, {proof}"


def zone_of(answer: Answer) -> str:
    """The zone of the organisation's own clock, as far as its times tell."""
    book = answer.subject.book
    for key in ("aware_at", "discovered_at", "detected_at", "began_at"):
        if (instant := book.instant(key)) is not None and instant.zone:
            return instant.zone
    return "UTC"


def events_of(answer: Answer, zone: str) -> Iterator[Mark]:
    """The recorded times of the incident, in no order."""
    book = answer.subject.book
    for key, fact in book.facts.items():
        if isinstance(fact.value, Instant) and book.words.spec(key).group == "times":
            sure = " (estimated)" if fact.certainty == "estimated" else ""
            yield Mark(fact.value.moment(zone), f"{time_label(key)}{sure}", say_instant(fact.value, zone))


def time_label(key: str) -> str:
    """What a time is called in few words: `Aware of the breach`."""
    return _LABELS.get(key, key.removesuffix("_at").replace("_", " ").replace(".", " ").capitalize())


def _bar(finding: Finding, now: datetime, approved: Iterable[Approval]) -> Bar:
    due, decision = finding.due, finding.decision
    marks = [
        Mark(record["at"].moment(due.zone), f"filed {filing_words(record, due.zone)}", show(record["at"].at, due.zone), "filed")
        for record in finding.filed
        if isinstance(record.get("at"), Instant)
    ]
    marks += [Mark(one.at, f"approved by {one.by}", show(one.at, due.zone), "approved") for one in approved]
    if decision is not None and decision.at is not None:
        marks.append(Mark(decision.at, f"decided to {decision.choice}", show(decision.at, due.zone), "decided"))
    return Bar(
        finding.id,
        finding.title,
        words.recipient_words(finding),
        words.status_word(finding),
        due.start_at,
        due.target,
        due.outer,
        words.due_words(due).partition(" (")[0],
        due.projected or due.provisional,
        finding.open and due.target is not None and now > due.target,
        tuple(sorted(marks, key=lambda mark: mark.at)),
    )
