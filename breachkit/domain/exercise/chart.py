"""The time line of an exercise, to be drawn: what reached the team, what it did, and which deadlines ran. Drawn by documents.

Everything that happened in one minute in one lane is one numbered dot; its number is that of a row in the list beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

from breachkit.domain.exercise.doings import OnDuty
from breachkit.domain.exercise.runs import Run
from breachkit.domain.exercise.scenario import Channel, Inject
from breachkit.domain.exercise.score import Line
from breachkit.domain.facts import say_value
from breachkit.domain.values import value

Kind = Literal["inject", "declared", "fact", "asked", "answer", "decision", "approval", "filing", "step", "note", "refused"]
CHANNEL_WORDS: Final[dict[Channel, str]] = {
    "phone": "Phone",
    "mail": "Mail",
    "chat": "Chat",
    "press": "Press",
    "regulator": "Regulator",
    "attacker": "Attacker",
    "system": "System",
}
KIND_WORDS: Final[dict[Kind, str]] = {
    "declared": "Declared",
    "asked": "Asked",
    "fact": "Facts",
    "step": "Steps",
    "answer": "Answers",
    "decision": "Decisions",
    "approval": "Approvals",
    "filing": "Filings",
    "note": "Notes",
    "refused": "Refused",
}
"""The team's lanes, from top to bottom."""
LANES: Final = (*CHANNEL_WORDS.values(), *KIND_WORDS.values())
_CLIP: Final = 160
"""Letters of an inject that are told in the list."""
_OUR_OWN: Final = ("incident.invented", "incident.language")
"""Facts that the tool writes by itself when an incident is opened."""


@value
class Dot:
    """What happened at one moment in one lane."""

    number: int
    """From 1, in the order of time."""
    at: datetime
    """UTC."""
    kind: Kind
    lane: str
    """The lane's title."""
    after: str
    """How long after the start, in words."""
    clock: str
    """On the scenario's wall clock, without year and zone."""
    words: str
    about: tuple[str, ...] = ()
    """Of a filing: the duties it was for."""


@value
class Lane:
    """One line of dots."""

    title: str
    ours: bool
    """Whether it is the team's own, and not what reached it."""
    dots: tuple[Dot, ...]


@value
class Span:
    """A deadline: of a duty, or one that a sender set."""

    title: str
    outcome: str
    """What became of it, in words."""
    start: datetime
    """UTC."""
    target: datetime
    outer: datetime | None
    """The law's own longer limit; None where there is none, or it is the target."""
    law: bool
    done: tuple[Dot, ...] = ()
    """The filings that met it, or were meant to."""


@value
class ExerciseChart:
    """All of it."""

    title: str
    zero: datetime
    """The exercise's start, UTC."""
    last: datetime
    """Its end, or the moment up to which it is looked at."""
    zone: str
    lanes: tuple[Lane, ...]
    spans: tuple[Span, ...]

    @property
    def dots(self) -> tuple[Dot, ...]:
        """Everything that happened, by number."""
        return tuple(sorted((dot for lane in self.lanes for dot in lane.dots), key=lambda dot: dot.number))

    def moments(self) -> Iterator[datetime]:
        """Every moment that must have a place on the axis."""
        yield from (self.zero, self.last, *(dot.at for dot in self.dots))
        for span in self.spans:
            yield from (span.start, span.target, *((span.outer,) if span.outer is not None else ()))


def chart(run: Run) -> ExerciseChart:
    """The time line of a run."""
    dots = _numbered(run, [*_received(run), *_done(run)])
    held = [(title, tuple(dot for dot in dots if dot.lane == title)) for title in LANES]
    lanes = [Lane(title, title in KIND_WORDS.values(), own) for title, own in held if own]
    last = run.ended_at or min(run.now, run.scenario.end)
    spans = (*_duties(run, dots), *_pressures(run))
    return ExerciseChart(run.scenario.title, run.scenario.begin, last, run.scenario.zone, tuple(lanes), spans)


_Event = tuple[datetime, Kind, str, str, str]
"""When, what kind, in which lane, in words, and the duty it is about."""


def _received(run: Run) -> Iterator[_Event]:
    known: dict[str, Inject] = {one.id: one for one in run.injects}
    for id, at in run.doings.fired.items():
        if (one := known.get(id)) is not None:
            words = " ".join(one.text.split())
            said = words if len(words) <= _CLIP else f"{words[: _CLIP - 3].rsplit(' ', 1)[0]}..."
            yield at, "inject", CHANNEL_WORDS[one.channel], f"{one.sender}: {said}", ""


def _done(run: Run) -> Iterator[_Event]:
    doings = run.doings
    if doings.declared_at is not None:
        yield _ours(doings.declared_at, "declared", "the incident was opened")
    for key, stated in doings.stated.items():
        if key not in _OUR_OWN:
            yield from (_ours(one.at, "fact", f"{key} = {say_value(one.fact.value)}") for one in stated)
    yield from (_ours(at, "asked", f"asked for {key}") for key, at in doings.asked.items())
    for id, (at, option) in doings.answered.items():
        question = run.scenario.question(id)
        chosen = question.option(option) if question is not None else None
        yield _ours(at, "answer", f"answered '{id}': {chosen.text if chosen is not None else option}")
    acts: dict[Kind, tuple[OnDuty, ...]] = {"decision": doings.decided, "approval": doings.approved, "filing": doings.filed}
    for kind, held in acts.items():
        yield from (_ours(act.at, kind, act_words(act, kind), act.duty) for act in held)
    yield from (_ours(at, "step", f"step {id} done") for id, at in doings.steps.items())
    yield from (_ours(at, "note", f"note: {text}") for at, text in doings.notes)
    yield from (_ours(at, "refused", f"refused: {tried} ({why})") for at, tried, why in doings.refused)


def act_words(act: OnDuty, kind: Kind) -> str:
    """`eu.gdpr.33@es-aepd filed, reference 2026-1`."""
    match kind:
        case "filing":
            return f"{act.duty} filed ({act.choice or 'first'}), reference {act.ground or 'none'}"
        case "decision":
            return f"decided to {act.choice} on {act.duty}: {act.ground or 'without a ground'}"
        case _:
            return f"notice for {act.duty} approved"


def _ours(at: datetime, kind: Kind, words: str, duty: str = "") -> _Event:
    return at, kind, KIND_WORDS[kind], words, duty


def _numbered(run: Run, events: Iterable[_Event]) -> tuple[Dot, ...]:
    """One dot for all of a lane's minute, numbered in the order of time; at one moment, what reached the team comes first."""
    found: dict[tuple[datetime, int], list[_Event]] = {}
    for event in events:
        found.setdefault((event[0].replace(second=0, microsecond=0), LANES.index(event[2])), []).append(event)
    dots = []
    for number, key in enumerate(sorted(found), 1):
        held = found[key]
        words = "; ".join(dict.fromkeys(event[3] for event in held))
        about = tuple(dict.fromkeys(event[4] for event in held if event[4]))
        at, kind, lane = held[0][:3]
        dots.append(Dot(number, at, kind, lane, run.after(at), run.short_clock(at), words, about))
    return tuple(dots)


def _duties(run: Run, dots: Iterable[Dot]) -> Iterator[Span]:
    """The deadlines that the score looked at, the earliest first."""
    filings = [dot for dot in dots if dot.kind == "filing"]
    lines = {line.id.partition(":")[2]: line for line in run.score.lines if line.part == "deadlines"}
    held = [finding for finding in run.findings if finding.id in lines]
    for finding in sorted(held, key=lambda one: (one.due.target or run.scenario.end, one.id)):
        due, line = finding.due, lines[finding.id]
        target = line.wanted_by or due.target
        if target is None:
            continue
        outer = due.outer if due.outer is not None and due.outer > target else None
        made = tuple(dot for dot in filings if {finding.id, finding.duty} & set(dot.about))
        start = min(due.start_at or run.scenario.begin, target)
        yield Span(f"{finding.id} - {finding.title}", _outcome(line, run), start, target, outer, True, made)


def _outcome(line: Line, run: Run) -> str:
    if run.pending(line):
        return "not filed yet"
    early = "filed before it was allowed" if line.outcome == "early" else ""
    return early or {"met": "filed in time", "late": "filed late", "missed": "never filed"}.get(line.outcome, line.outcome)


def _pressures(run: Run) -> Iterator[Span]:
    """What senders wanted by when."""
    for one in sorted(run.injects, key=lambda one: (run.doings.fired.get(one.id, run.scenario.end), one.id)):
        at = run.doings.fired.get(one.id)
        if at is not None and one.pressure is not None:
            yield Span(f"{one.sender} ({CHANNEL_WORDS[one.channel].lower()})", f"by {run.clock(at + one.pressure)}",
                       at, at + one.pressure, None, law=False)  # fmt: skip
