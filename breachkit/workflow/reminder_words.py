"""A reminder in words and as JSON: what is due, what makes it less than final, whom nobody may tell yet, what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from breachkit.domain import marks
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show
from breachkit.domain.reminders import Call, Saying, write_distance
from breachkit.workflow import words
from breachkit.workflow.contract import NOT_ADVICE, moment, nothing_of_it
from breachkit.workflow.subjects import Answer

INVENTED: Final = "INVENTED INCIDENT - nothing of this happened; for example and exercise only"
FORMAT: Final = "breachkit/reminder@1"
_SINCE: Final = {"no_number": "the start", "not_before": "the end of the wait", "outer": "the outer limit"}
"""What the distances of a clock are counted to or from; those of any other to the limit."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one way says of one incident."""

    incident: str
    subject: str
    """One line, without the incident's title: it may stand on a locked screen."""
    text: str
    """The whole, in lines."""
    json: dict[str, Any]
    """The same for a program: `breachkit/reminder@1`."""


def message(answer: Answer, sayings: Sequence[Saying]) -> Message:
    """One message for one incident, with each finding in it once. At least one saying."""
    subject, now = answer.subject, answer.assessment.now
    mark = marks.line(subject.invented, subject.exercise, INVENTED)
    word = marks.word(subject.invented, subject.exercise)
    more = f", and {len(sayings) - 1} more" if len(sayings) > 1 else ""
    line = f"{word + ' - ' if word else ''}{subject.name}: {headline(sayings[0], answer)}{more}"
    paragraphs = ["\n".join([headline(one, answer), *(f"    {text}" for text in details(one, answer))]) for one in sayings]
    head = f"{subject.name} - {subject.title} - as of {show(now, 'UTC')}"
    text = "\n\n".join([f"{mark}\n{head}" if mark else head, *paragraphs, NOT_ADVICE])
    json = {
        "format": FORMAT,
        "now": moment(now),
        "incident": {"id": subject.name, "title": subject.title, **nothing_of_it(subject)},
        "subject": line,
        "text": text,
        "reminders": [one_json(one, answer) for one in sayings],
    }
    return Message(subject.name, line, text, json)


def headline(saying: Saying, answer: Answer) -> str:
    """The most pressing thing of one finding, in one line."""
    call, finding, now = saying.first, saying.finding, answer.assessment.now
    due, at = finding.due, call.clock.at
    left = words.left(at, now)
    if finding.aside and now > at:
        left = f"{words.left(now + (now - at), now).removeprefix('in ')} ago, if it applies"
    name = f"{words.status_word(finding)} {finding.id}"
    match call.clock.limit:
        case "target":
            return f"{name}: due {words.due_words(due)}, {left}"
        case "outer":
            return f"{name}: outer limit {show(at, due.zone)}, {left}"
        case "no_number":
            return f"{name}: {words.due_words(due)}, running since {show(at, due.zone)}"
        case "not_before":
            if now < at:
                return f"{finding.id}: {_forbidden(finding)}, {left}"
            return f"{name}: the wait is over, {finding.recipient.name} may be told since {show(at, due.zone)}"


def details(saying: Saying, answer: Answer) -> list[str]:
    """What a responder must know beside the headline."""
    finding, found = saying.finding, answer.assessment
    due = finding.due
    lines = [f"{finding.title}, to {words.recipient_words(finding)}"]
    if due.target is not None and saying.first.clock.limit != "target":
        lines.append(f"due {words.due_words(due)}, {words.left(due.target, found.now)}")
    if due.outer is not None and due.outer != due.target and saying.first.clock.limit != "outer":
        lines.append(f"outer limit {show(due.outer, due.zone)}")
    lines += words.due_caveats(replace(due, not_before=None))
    if (waits := due.not_before) is not None and (waits.at is None or waits.at > found.now):
        again = f"{_forbidden(finding)}: " if saying.first.clock.limit != "not_before" else ""
        lines.append(f"{again}{waits.because}")
        if waits.projected:
            lines.append(f"that wait is counted from the limit of {waits.duty}, until it is filed")
    lines += [f"CONFLICT: {conflict.text}" for conflict in found.conflicts if finding.id in conflict.duties]
    lines += _doubts(finding, answer)
    if (held := _missed(saying)) is not None:
        lines.append(held)
    return [*lines, f'it ends with: breachkit file {answer.subject.name} {finding.id} --reference "..."']


def one_json(saying: Saying, answer: Answer) -> dict[str, Any]:
    """One finding's reminder for a program."""
    finding = saying.finding
    due, waits = finding.due, finding.due.not_before
    return {
        "finding": finding.id,
        "duty": finding.duty,
        "title": finding.title,
        "recipient": finding.recipient.name,
        "status": finding.status,
        "presumed": finding.presumed,
        "aside": finding.aside,
        "provisional": due.provisional,
        "projected": due.projected,
        "not_before": None
        if waits is None
        else {"at": moment(waits.at), "holds": waits.holds, "projected": waits.projected, "because": waits.because},
        "limits": [_call_json(call) for call in saying.calls],
        "text": headline(saying, answer),
        "details": details(saying, answer),
    }


def _call_json(call: Call) -> dict[str, Any]:
    return {
        "limit": call.clock.limit,
        "due": moment(call.clock.at),
        "before": write_distance(call.before),
        "covers": [write_distance(before) for before in call.covers],
    }


def _forbidden(finding: Finding) -> str:
    """`you may not tell ... before ...`, with how sure that is."""
    waits = finding.due.not_before
    assert waits is not None
    until = show(waits.at, finding.due.zone) if waits.at is not None else f"{waits.duty} was filed and its wait is over"
    return f"you may not tell {finding.recipient.name} before {until}{'' if waits.holds else ' (if it applies)'}"


def _doubts(finding: Finding, answer: Answer) -> list[str]:
    """Why it may not be owed after all, and what would settle it."""
    lines = []
    if finding.aside:
        lines.append(f"the nearest of {words.elsewhere_words(answer.assessment)}; settle first:")
        lines += [f"  {what}: {record}" for what, record in words.elsewhere_needs(answer.assessment)]
    elif finding.status == "undetermined":
        asked = ", ".join((finding.asks or finding.needs)[:4]) or "see breachkit duties"
        if finding.presumed:
            lines.append(f"the law presumes it: it counts as owed until shown otherwise; that rests on {asked}")
        else:
            lines.append(f"whether it is owed is not settled, and its clock runs all the same; it waits for {asked}")
    if finding.decision is not None and finding.decision.reopened:
        decision = finding.decision
        lines.append(f"decided to {decision.choice}, and open again: changed since: {', '.join(decision.changed)}")
    return lines


def _missed(saying: Saying) -> str | None:
    """Which earlier reminders no run said in time, so that whoever reads it looks at what runs `remind`."""
    missed = [say_before(one, call.clock.limit) for call in saying.calls for one in call.covers if one >= timedelta()]
    return f"reminders that no run gave in time: {', '.join(dict.fromkeys(missed))}" if missed else None


def say_before(span: timedelta, limit: str) -> str:
    """`1 day before the limit`, `at the limit`, `12 hours after the start`; `limit` as a clock or a proof names it."""
    what = _SINCE.get(limit, "the limit")
    return f"at {what}" if not span else f"{_span(abs(span))} {'before' if span > timedelta() else 'after'} {what}"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{count} {unit if count == 1 else unit + 's'}" for count, unit in parts if count) or "less than a minute"
