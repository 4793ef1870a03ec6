"""The report for an executive: what happened, to whom, what is owed next, what only they can decide. Two pages at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any, Final

from breachkit.domain.approvals import Withdrawn
from breachkit.domain.facts import Instant, read_instant, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show
from breachkit.workflow import words
from breachkit.workflow.approval import form_of
from breachkit.workflow.register_columns import COLUMNS
from breachkit.workflow.report_chart import events_of, say_instant, zone_of
from breachkit.workflow.report_deliveries import channel_words, counts_words, unreached
from breachkit.workflow.report_parts import Part, how_many, named
from breachkit.workflow.report_view import View
from breachkit.workflow.subjects import Answer

_MOST: Final = 8
"""Rows of one table: more does not fit on two pages."""
_QUESTIONS: Final = 5
_LONGEST: Final = 360
"""Letters of one line: somebody's long sentences must not make it longer than two pages."""
_OWED: Final = {"OWED": "yes", "PRESUMED": "yes, until shown otherwise", "OPEN": "not settled"}
_MONEY: Final = {
    "ransom.paid": "Ransom paid",
    "loss.estimate_usd": "Estimated loss, US dollars",
    "loss.estimate_cny": "Estimated direct loss, Chinese yuan",
    "notice.cost_usd": "Cost of telling people, US dollars",
    "measures.free_services": "Free help offered to people",
}
_TIMES: Final = ("began_at", "detected_at", "discovered_at", "aware_at", "contained_at", "ended_at")


def executive(seen: View, deliveries: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Its parts, in order."""
    answer = seen.answer
    return [
        Part("what_happened", "What happened", tuple(_happened(answer))),
        Part("who_is_affected", "Who is affected", head=("What", "As known now"), rows=tuple(_affected(answer))),
        _next(answer),
        Part(
            "decisions_needed",
            "Decisions needed from you",
            _first(_decisions(seen, deliveries)),
            empty="None on what is known now.",
        ),
        Part("what_was_done", "What was done", _first(_done(seen)), empty="Nothing is on record yet."),
        Part(
            "delivery",
            "Delivery so far",
            head=("Notice", "Released", "By way of", "Result"),
            rows=tuple(_delivery(one, answer) for one in deliveries[-_MOST:]),
            after=_beside_deliveries(len(deliveries)),
            empty="No message was released for sending.",
        ),
        Part("money", "Money and other obligations", _first(_money(answer))),
        Part("not_known", "Not known yet", tuple(_unknown(answer)), empty="Nothing that would change what is owed."),
    ]


def _first(lines: Iterable[str]) -> tuple[str, ...]:
    """The first lines, each cut to what reads at a glance, and how many more there are."""
    held = list(lines)
    more = (f"And {len(held) - _MOST} more, in the team's own report.",) if len(held) > _MOST else ()
    return (*(_short(line) for line in held[:_MOST]), *more)


def _short(text: str) -> str:
    return shorten(text, _LONGEST, placeholder=" ...")


def _happened(answer: Answer) -> Iterator[str]:
    book, zone = answer.subject.book, zone_of(answer)
    yield shorten(book.text("incident.summary") or "Nobody wrote down yet what happened.", 2 * _LONGEST, placeholder=" ...")
    times = {mark.at: mark for mark in sorted(events_of(answer, zone), key=lambda one: one.at)}
    known = [book.instant(key) for key in _TIMES]
    told = [times[one.moment(zone)] for one in known if one is not None and one.moment(zone) in times]
    said = [f"{mark.label}: {mark.when}" for mark in sorted(dict.fromkeys(told), key=lambda one: one.at)]
    if said:
        yield "; ".join(said) + "."
    if book.instant("contained_at") is None:
        yield "It is not on record that it is contained."
    incident = answer.subject.incident
    if incident is not None and incident.closed_at is not None:
        yield f"Closed on {show(incident.closed_at, zone)}."


def _affected(answer: Answer) -> Iterator[tuple[str, str]]:
    book = answer.subject.book
    fact = book.get("people.total")
    sure = " (an estimate)" if fact is not None and fact.certainty == "estimated" else ""
    yield "People", how_many(book.total) + sure
    places = sorted(book.listed, key=lambda code: (-book.listed[code].low, code))
    shown = [f"{book.words.place_name(code)}: {how_many(book.listed[code])}" for code in places[:_MOST]]
    more = f"; and {len(places) - _MOST} more places" if len(places) > _MOST else ""
    yield "Where they live", "; ".join(shown) + more or "not known yet"
    for name, column in (("Who they are", "groups_of_people"), ("Their data", "data")):
        yield name, COLUMNS[column](answer) or "not known yet"
    if special := COLUMNS["special_categories"](answer):
        yield "Of it, specially protected", special
    encrypted = book.text("data.encrypted")
    yield "Encrypted", say_value(encrypted, book.words.spec("data.encrypted")) if encrypted else "not known yet"
    yield "Risk to them", COLUMNS["risk"](answer) or "not decided yet"
    if reason := book.text("risk.reason"):
        yield "Why", _short(reason)


def _next(answer: Answer) -> Part:
    found = answer.assessment
    open_ = [one for one in found.findings if one.running and not _settled_by_decision(one)]
    open_.sort(key=lambda one: (one.due.target is None, one.due.target or found.now, one.id))
    rows = tuple((_when(one), _left(one, found.now), f"{one.title} ({one.id})", _to(one), _owed(one)) for one in open_[:_MOST])
    after = []
    if len(open_) > _MOST:
        after.append(f"And {len(open_) - _MOST} more, later or without a date; the team's list of duties has them.")
    if found.elsewhere:
        settled_by = " and ".join(what for what, _ in words.elsewhere_needs(found))
        after.append(f"Laws of further places or trades may ask for more; it is settled by knowing {settled_by}.")
    return Part(
        "owed_next",
        "What is owed next",
        head=("Due", "Left", "What", "To", "Owed"),
        rows=rows,
        after=tuple(after),
        empty="Nothing is owed on what is known now.",
    )


def _decisions(seen: View, deliveries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    answer = seen.answer
    found, book = answer.assessment, answer.subject.book
    if book.text("risk.level") is None:
        yield "How great the risk to the people affected is: it decides whether an authority, and whether they, must be told."
    for one in found.findings:
        if one.decision is not None and one.decision.reopened and one.running:
            yield f"Decide again: {named(one)} ({one.id}). What the decision rested on has changed."
    held = {form_of(a.duty)[0]: s for a, s in seen.standings}
    gone = {str(one["duty"]) for one in deliveries if one.get("counts", {}).get("sent")}
    for one in found.findings:
        if one.id in gone:
            continue
        if one.running and one.status == "owed" and not one.filed and one.id in held and isinstance(held[one.id], Withdrawn):
            yield f"Approve again: {named(one)} ({one.id}). The facts changed after the approval."
    out = {form_of(str(delivery.get("duty")))[0] for delivery in deliveries}
    owed = [one for one in found.findings if one.running and (one.status == "owed" or one.presumed) and not one.filed]
    for one in owed:
        if one.id not in held and out.isdisjoint((one.id, one.duty)) and not _settled_by_decision(one):
            yield f"Approve and release: {named(one)} ({one.id}), due {_when(one)}."
    for conflict in found.conflicts:
        yield f"Two rules cannot both be kept, ask counsel which one gives way: {conflict.text}"
    if lost := unreached(deliveries):
        yield f"{lost:,} {'message' if lost == 1 else 'messages'} did not arrive: decide how these people are told instead."


def _done(seen: View) -> Iterator[str]:
    answer = seen.answer
    book, zone = answer.subject.book, zone_of(answer)
    for one in answer.assessment.findings:
        for record in one.filed:
            at, reference = record.get("at"), str(record.get("reference") or "").strip()
            when = say_instant(at, one.due.zone) if isinstance(at, Instant) else "a day not recorded"
            proof = f"reference {reference}" if reference else "no proof on record"
            yield f"Told {_to(one)} on {when}, {proof} ({one.id})."
    for one in answer.assessment.findings:
        if one.decision is not None:
            choice = "to notify" if one.decision.choice == "notify" else "not to notify"
            when = f" on {show(one.decision.at, zone)}" if one.decision.at else ""
            yield f"Decided{when} {choice}: {named(one)} ({one.id}). Reason: {one.decision.ground}"
    for approval, standing in seen.standings:
        finding = answer.assessment.find(form_of(approval.duty)[0])
        if not isinstance(standing, Withdrawn) and finding is not None and not finding.filed:
            yield f"Approved by {approval.by}, not filed yet: {named(finding)} ({approval.duty})."
    for key, what in (("measures.taken", "Done"), ("measures.planned", "Planned")):
        if said := book.text(key):
            yield f"{what}: {said}"


def _delivery(one: Mapping[str, Any], answer: Answer) -> tuple[str, ...]:
    finding = answer.assessment.find(form_of(str(one.get("duty")))[0])
    title = f"{finding.title} ({one.get('duty')})" if finding is not None else str(one.get("duty"))
    released = str(one.get("released_at") or "")
    when = show(read_instant(released).at, zone_of(answer)) if released else "not recorded"
    return title, when, channel_words(one), counts_words(one)


def _beside_deliveries(count: int) -> tuple[str, ...]:
    """One paragraph: the paper has two pages."""
    some = f"The newest {_MOST} of {count} releases. " if count > _MOST else ""
    return (f"{some}Handed over: a mail server took it, or it lies in a folder; not that it was read.",) if count else ()


def _money(answer: Answer) -> Iterator[str]:
    book = answer.subject.book
    for key, what in _MONEY.items():
        if (fact := book.get(key)) is not None:
            sure = " (an estimate)" if fact.certainty == "estimated" else ""
            count = book.count(key)
            yield f"{what}: {how_many(count) if count is not None else say_value(fact.value)}{sure}"
    given = [one for one in answer.assessment.findings if one.running and one.id.startswith(("contract.", "promise."))]
    given = [one for one in given if not _settled_by_decision(one) and not one.filed]
    for one in given:
        kind = "Contract" if one.id.startswith("contract.") else "Own promise"
        yield f"{kind}: {one.title}, due {_when(one)} ({one.id})."


def _unknown(answer: Answer) -> Iterator[str]:
    found = answer.assessment
    for place in found.uncovered:
        yield f"{place.people} people live in {place.name}, for which no law is held here: ask counsel there."
    for one in found.questions[:_QUESTIONS]:
        due = f", the first due {show(one.earliest_due, zone_of(answer))}" if one.earliest_due is not None else ""
        count = len(one.unlocks)
        yield f"{one.asks} It decides {count} {'duty' if count == 1 else 'duties'}{due}."
    if len(found.questions) > _QUESTIONS:
        yield f"And {len(found.questions) - _QUESTIONS} further questions, less pressing."
    for key, what in (("people.total", "how many people"), ("risk.level", "the risk"), ("aware_at", "when it became known")):
        fact = answer.subject.book.get(key)
        if fact is not None and fact.certainty == "estimated":
            yield f"Still an estimate: {what}."


def _settled_by_decision(one: Finding) -> bool:
    return one.decision is not None and one.decision.choice == "refrain" and not one.decision.reopened


def _to(one: Finding) -> str:
    return one.recipient.name


def _owed(one: Finding) -> str:
    return _OWED.get(words.status_word(one), words.status_word(one))


def _when(one: Finding) -> str:
    said = words.due_words(one.due).partition(" (")[0]
    said = f"{said[1:]} (may still move)" if said.startswith("~") else said
    held = one.due.not_before
    if held is not None and held.at is not None and held.holds is not False:
        said += f"; {'' if held.holds else 'perhaps '}not before {show(held.at, one.due.zone)}"
    return said


def _left(one: Finding, now: datetime) -> str:
    return words.left(one.due.target, now) if one.due.target is not None else ""
