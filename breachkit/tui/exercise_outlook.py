"""What a facilitator sees of a team: its nearest deadline, declared or not, what can be known by now, and what it was to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.exercise import truths
from breachkit.domain.exercise.judging import Judge
from breachkit.domain.exercise.scenario import Action
from breachkit.domain.exercise.schedule import taken
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import say_value
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Entry
from breachkit.domain.offsets import say_offset
from breachkit.tui.exercise_words import clock_short, done_words
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, beside, plain
from breachkit.workflow.exercise.drill import Drill, DrillState
from breachkit.workflow.subjects import Subject, answer, subject_of_entries
from breachkit.workflow.timeline import lines as timeline_lines
from breachkit.workflow.words import left, nearest_deadline, recipient_words, status_word


@dataclass(frozen=True)
class Outlook:
    """The nearest deadline, and of which record."""

    finding: Finding | None
    """None: none runs."""
    declared: bool
    """False: it is that of the truth, as far as it can be known; the team has not opened an incident."""


def outlook(drill: Drill) -> Outlook:
    """By the team's own record once there is one, before that by what could be known now."""
    entries = drill.entries
    if entries:
        subject = subject_of_entries(entries[0].incident, entries)
    else:
        known = truths.known_by(drill.scenario, drill.doings(), drill.now())
        book = FactBook({**drill.organisation.facts, **known}, load_vocabulary())
        subject = Subject("the truth", book, drill.organisation)
    return Outlook(nearest_deadline(answer(subject, drill.workspace).assessment), declared=bool(entries))


def outlook_line(found: Outlook | None, now: datetime, zone: str, declared_at: datetime | None) -> Text:
    """`DECLARED Thu 16:20. Nearest deadline in 2 d 04 h: ...`, kept up to date without asking the laws again."""
    start = f"DECLARED {clock_short(declared_at, zone)}. " if declared_at is not None else "NOT DECLARED YET. "
    style = STRONG if declared_at is not None else BAD
    if found is None:
        return plain(start, style)
    if found.finding is None or found.finding.due.target is None:
        nothing = "No deadline runs on the team's record." if found.declared else "No deadline runs on what can be known now."
        return beside(plain(start, style), plain(nothing, FAINT))
    target, finding = found.finding.due.target, found.finding
    whose = "Nearest deadline" if found.declared else "On the truth the nearest deadline"
    what = f"{finding.title} - {recipient_words(finding)} ({status_word(finding)})"
    late = target < now
    return beside(plain(start, style), plain(f"{whose} {left(target, now)}: ", BAD if late else WARN), plain(what))


def truth_lines(drill: Drill, state: DrillState) -> Iterator[Text]:
    """What can be known now, beside what the team has on record."""
    known = truths.known_by(drill.scenario, state.doings, state.now)
    yield plain("TRUE, AND KNOWABLE NOW", STRONG)
    if not known:
        yield plain("Nothing yet.", FAINT)
    for name, fact in known.items():
        stated = state.doings.stated.get(name)
        word, style = "[ ] not recorded", WARN
        if stated:
            agrees = truths.agree(stated[-1].fact, fact, load_vocabulary())
            word, style = ("[x] recorded", GOOD) if agrees else ("[!] RECORDED OTHERWISE", BAD)
        value = say_value(fact.value, load_vocabulary().spec(name))
        yield beside(plain(f"{word}  ", style), plain(f"{name} = {value}"))
    later = [name for name in drill.scenario.truths if name not in known]
    if later:
        yield plain(f"Later: {', '.join(later)}", FAINT)


def action_lines(drill: Drill, state: DrillState) -> Iterator[Text]:
    """What a good team does, its window, and whether it is done."""
    scenario = drill.scenario
    judge = Judge(scenario, state.doings, state.now, load_vocabulary())
    yield plain("EXPECTED OF THE TEAM", STRONG)
    for action in scenario.actions:
        who = f"  ({action.role})" if action.role else ""
        state_word, style = _action_word(action, judge, state.now)
        yield beside(plain(f"{state_word}  ", style), plain(f"{action.title}{who}"))


def _action_word(action: Action, judge: Judge, now: datetime) -> tuple[str, str]:
    if not taken(action.branch, judge.scenario, judge.doings, now):
        return f"[-] only on the branch '{action.branch}'", FAINT
    if action.after and action.after not in judge.doings.fired:
        return f"[-] after '{action.after}'", FAINT
    window = judge.window(action)
    at = judge.done_at(action.act, *window)
    word = done_words(at, window, now, judge.scenario.zone)
    return word, BAD if "MISSED" in word else GOOD if word.startswith("[x]") else WARN


@dataclass(frozen=True)
class Event:
    """Something that was sent, done or said."""

    id: str
    at: datetime
    """Virtual, UTC."""
    who: str
    what: str
    loud: bool
    """Whether it is the world's doing, not the team's."""


_KINDS = {
    "exercise.started": "exercise made",
    "exercise.sent": "SENT {inject}",
    "exercise.held": "held back {inject}",
    "exercise.released": "released {inject}",
    "exercise.skipped": "left out {inject}",
    "exercise.added": "added {inject}",
    "exercise.clock": "clock: {what}",
    "exercise.asked": "asked for {key}",
    "exercise.answered": "answered '{question}': {option}",
    "exercise.joined": "joined",
    "exercise.refused": "refused: {tried}",
    "exercise.ended": "ENDED: {reason}",
}
_WORLD = ("exercise.sent", "exercise.ended")


def what_happened(events: tuple[Entry, ...], entries: tuple[Entry, ...]) -> list[Event]:
    """Both journals as one list, newest first."""
    found = [
        Event(
            f"x{one.seq}", one.recorded_at, one.actor, _KINDS.get(one.kind, one.kind).format_map(_Body(one)), one.kind in _WORLD
        )
        for one in events
    ]
    found += [Event(f"t{line.seq}", line.at, line.actor, line.text, loud=False) for line in timeline_lines(entries)]
    return sorted(found, key=lambda one: (one.at, one.id.startswith("t"), int(one.id[1:])), reverse=True)


class _Body(dict[str, object]):
    """An entry's body in which a missing part is a question mark."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.body)

    def __missing__(self, name: str) -> str:
        return "?"


def since_words(state: DrillState, drill: Drill) -> str:
    """How far the exercise has come."""
    scenario = drill.scenario
    return f"{say_offset(state.now - scenario.begin)} since the start, {say_offset(scenario.end - state.now)} left"
