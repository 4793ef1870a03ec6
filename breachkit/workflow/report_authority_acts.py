"""What was done, for an authority: who was notified and told when, what was decided, what came late, what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from breachkit.domain.acts import first_filing
from breachkit.domain.facts import Instant, read_instant, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.notice_sources import addressee, cited
from breachkit.domain.periods import show
from breachkit.workflow import words
from breachkit.workflow.report_chart import say_instant, shown, zone_of
from breachkit.workflow.report_deliveries import RESULTS, channel_words, counts_words
from breachkit.workflow.report_parts import Part, in_utc, instant_in_utc, named
from breachkit.workflow.subjects import Answer

_TO_PEOPLE: Final = ("individuals", "public", "media")


def notifications(answer: Answer) -> Part:
    """Each filing to an authority or another body, with its reference and what it left for later."""
    rows = []
    for one in filter(statutory, answer.assessment.findings):
        if one.recipient.kind not in _TO_PEOPLE:
            for record in one.filed:
                at = record.get("at")
                when = f"{say_instant(at, one.due.zone)} ({instant_in_utc(at)})" if isinstance(at, Instant) else "not recorded"
                lacked = _lacked(record, answer)
                rows.append(
                    (
                        addressee(one.recipient.name),
                        f"{kind_of(record)}, {cited(one.cite)}",
                        when,
                        str(record.get("reference") or "none"),
                        ", ".join(lacked) if lacked else "nothing",
                    )
                )
    head = ("To", "What", "When", "Reference", "Left for later")
    return Part("notifications", "Notifications made", head=head, rows=tuple(rows), empty="None is on record.")


def delays(answer: Answer) -> Iterator[str]:
    """What was notified after its limit, or is past it and not on record, and the reasons recorded.

    A decision not to notify is no delay.
    """
    late = []
    for one in filter(statutory, answer.assessment.findings):
        limit, filed = one.due.outer or one.due.target, first_filing(one.filed)
        if limit is not None and filed is not None and filed > limit:
            span = _span(filed - limit)
            late.append(
                f"{addressee(one.recipient.name)}, {cited(one.cite)}: notified {span} after {both_clocks(limit, one.due.zone)}."
            )
        elif limit is not None and filed is None and _awaited(one) and answer.assessment.now > limit:
            due = both_clocks(limit, one.due.zone)
            late.append(f"{addressee(one.recipient.name)}, {cited(one.cite)}: due {due}, none is on record.")
    yield from late
    reasons = answer.subject.book.text("delay.reasons")
    if reasons:
        yield f"Reasons: {reasons}"
    elif late:
        yield "Reasons: none is on record."


def people_told(answer: Answer, deliveries: Sequence[Mapping[str, Any]]) -> Part:
    """Messages handed over by way and status, and filings of duties to tell people."""
    rows = []
    for delivery in deliveries:
        if (finding := to_people(delivery, answer)) is not None:
            moment = released_at(delivery)
            when = both_clocks(moment, zone_of(answer)) if moment is not None else "not recorded"
            rows.append((finding.recipient.name, channel_words(delivery), when, counts_words(delivery)))
    for one in filter(statutory, answer.assessment.findings):
        if one.recipient.kind in _TO_PEOPLE:
            for record in one.filed:
                at = record.get("at")
                when = f"{say_instant(at, one.due.zone)} ({instant_in_utc(at)})" if isinstance(at, Instant) else "not recorded"
                rows.append((one.recipient.name, "as filed", when, f"reference {record.get('reference') or 'none'}"))
    told = answer.subject.book.get("people.notified")
    sure = " (estimate)" if told is not None and told.certainty == "estimated" else ""
    lines = (f"People told: {say_value(told.value)}{sure}.",) if told is not None else ()
    head = ("To", "By way of", "Released or filed", "How many messages")
    after = (RESULTS,) if deliveries else ()
    return Part("people_told", "People told", lines, head, tuple(rows), after, "No message is on record.")


def decisions(answer: Answer) -> Iterator[tuple[str, ...]]:
    """Each decision on a notification, with its time and its reasons."""
    for one in filter(statutory, answer.assessment.findings):
        decision = one.decision
        if decision is not None:
            choice = "to notify" if decision.choice == "notify" else "not to notify"
            if decision.reopened:
                choice += "; facts it rested on have changed since"
            when = both_clocks(decision.at, one.due.zone) if decision.at is not None else "not recorded"
            yield f"{named(one)}, {cited(one.cite)}", choice, when, decision.ground


def still_open(answer: Answer) -> Iterator[str]:
    """What a filing left for later, what is owed and not filed, and which facts are not established."""
    for one in filter(statutory, answer.assessment.findings):
        lacked = _lacked(one.filed[-1], answer) if one.filed else []
        if lacked:
            yield f"To follow to {addressee(one.recipient.name)}: {', '.join(lacked)}."
        elif (_awaited(one) or _presumed(one)) and not one.filed:
            presumed = "; presumed, until shown otherwise" if _presumed(one) else ""
            yield f"{named(one)}, {cited(one.cite)}: due {words.due_words(one.due)}{presumed}."
    missing = [label for _, label in _needed(answer)]
    if missing:
        yield f"Not established yet: {', '.join(missing)}."


def statutory(one: Finding) -> bool:
    """A duty under law, and one to speak of: no contract and no promise, which are no authority's matter."""
    return shown(one) and not one.id.startswith(("contract.", "promise."))


def to_people(delivery: Mapping[str, Any], answer: Answer) -> Finding | None:
    """The duty to tell people that it was for; None for another, and for one of a contract."""
    named = str(delivery.get("duty"))
    found = answer.assessment.find(named) or next((f for f in answer.assessment.findings if f.duty == named), None)
    return found if found is not None and found.recipient.kind in _TO_PEOPLE else None


def released_at(delivery: Mapping[str, Any]) -> datetime | None:
    """UTC; None where it is not recorded."""
    said = delivery.get("released_at")
    return read_instant(str(said)).at if said else None


def kind_of(record: Mapping[str, Any]) -> str:
    """What a filing was, in a word."""
    return {"update": "Addition", "withdrawal": "Withdrawal"}.get(str(record.get("kind")), "Notification")


def both_clocks(moment: datetime, zone: str) -> str:
    """On the clock of that zone and in UTC."""
    return in_utc(moment) if zone == "UTC" else f"{show(moment, zone)} ({in_utc(moment)})"


def _awaited(one: Finding) -> bool:
    """Owed, and nobody decided otherwise for a reason that still stands."""
    return one.running and one.status == "owed" and not _refrained(one)


def _presumed(one: Finding) -> bool:
    """Not settled, where the law puts the burden on the organisation: it counts as owed until shown otherwise."""
    return one.running and one.status != "owed" and one.presumed and not _refrained(one)


def _refrained(one: Finding) -> bool:
    """Whether somebody decided not to notify, and what that rested on still stands."""
    return one.decision is not None and one.decision.choice == "refrain" and not one.decision.reopened


def _needed(answer: Answer) -> Iterator[tuple[str, str]]:
    """What GDPR Art. 33(3) asks a notification to hold, as far as no fact says it."""
    asked = {
        "breach.kinds": "the nature of the breach",
        "data.categories": "the categories of personal data",
        "people.kinds": "the categories of data subjects",
        "people.total": "the number of data subjects",
        "records.total": "the number of records",
        "consequences": "the likely consequences",
        "measures.taken": "the measures taken",
        "risk.level": "the risk to the people affected",
    }
    yield from ((key, label) for key, label in asked.items() if answer.subject.book.get(key) is None)


def _lacked(record: Mapping[str, Any], answer: Answer) -> list[str]:
    """What a filing left out, in the words of its elements."""
    lacked, elements = record.get("lacked"), answer.subject.book.words.elements
    ids = lacked if isinstance(lacked, (list, tuple)) else [lacked] if lacked else []
    return [elements[str(id)].label.lower() if str(id) in elements else str(id) for id in ids]


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    return f"{days} d {hours} h" if days else f"{hours} h {rest} min" if hours else f"{rest} min"
