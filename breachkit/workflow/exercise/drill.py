"""An exercise as people hold it: started or joined, asked, answered, ended, and shown as it stands.

What players record about the incident goes through workflow/recording.py, as in earnest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from breachkit.content.organisations import load_organisation
from breachkit.content.scenarios import find_scenario, read_scenario_text
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.exercise import schedule, truths
from breachkit.domain.exercise.doings import Doings
from breachkit.domain.exercise.scenario import Inject, Question, Scenario
from breachkit.domain.exercise.truths import Told
from breachkit.errors import BadFile, Fault, Refused, UnknownName
from breachkit.storage.files import locate
from breachkit.storage.journal import Journal
from breachkit.workflow.exercise import events
from breachkit.workflow.exercise.clock import ClockState
from breachkit.workflow.exercise.directing import Directing
from breachkit.workflow.exercise.session import Sent
from breachkit.workflow.workspace import system_time

__all__ = ["Drill", "DrillState", "Sent", "Upcoming", "scenario_source", "usual_speed"]


@dataclass(frozen=True)
class Upcoming:
    """An inject that is still to come, or may."""

    inject: Inject
    planned: datetime | None
    """Virtual, UTC; None: it waits for something that has not happened."""
    waits: str
    """What it waits for besides its time, in words; empty: nothing."""
    held: bool


@dataclass(frozen=True)
class DrillState:
    """Everything there is to show of an exercise at one moment."""

    now: datetime
    """Virtual, UTC."""
    clock: ClockState
    ended_at: datetime | None
    """Virtual, UTC; None: it goes on."""
    doings: Doings
    inbox: tuple[Sent, ...]
    """Oldest first."""
    upcoming: tuple[Upcoming, ...]
    """By time; what waits for something comes last."""
    open_questions: tuple[tuple[Question, Sent], ...]
    asked: tuple[Told, ...]
    """What the team asked the world, with the answer it would get now; the latest question last."""


class Drill(Directing):
    """One session. Several may be open on one exercise; one of them drives the clock."""

    @classmethod
    def start(
        cls,
        scenario_text: str,
        file: str,
        path: Path,
        *,
        facilitated: bool,
        actor: str,
        speed: float | None = None,
        team: str = "",
        scripted: bool = False,
        real: Callable[[], datetime] = system_time,
        laws: tuple[Path, ...] = (),
    ) -> Drill:
        """Make a new exercise in a database of its own, its clock standing at the scenario's start.

        `speed` None: such that the busy hours take the scenario's minutes, and quiet ones are jumped. Refused when the file
        holds a journal already; BadFile for a faulty scenario, and then nothing was made.
        """
        scenario = read_scenario_text(scenario_text, file, laws=laws)
        pace = speed or usual_speed(scenario)
        profile = load_organisation(scenario.organisation, beside=Path(file).parent).profile
        began = events.Started(
            scenario.id, scenario_text, file, profile, facilitated, pace, team, real().astimezone(UTC), scripted
        )
        journal = Journal.open(locate(path))
        try:
            journal.start_exercise(began.draft(), actor=actor, recorded_at=scenario.begin)
            drill = cls(journal, actor=actor, facilitator=facilitated, real=real, laws=laws)
        except BaseException:
            journal.close()
            raise
        drill.workspace.exercise = drill
        drill._shared.write(ClockState(scenario.begin, pace))
        return drill

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        actor: str,
        facilitator: bool = False,
        read_only: bool = False,
        real: Callable[[], datetime] = system_time,
        laws: tuple[Path, ...] = (),
    ) -> Drill:
        """Another session on an exercise, or one that goes on after a crash. UsageError when it is not one.

        `read_only`: it looks and changes nothing, also where nothing may be written.
        """
        journal = Journal.open(locate(path), create=False, read_only=read_only)
        try:
            drill = cls(journal, actor=actor, facilitator=facilitator, real=real, laws=laws)
        except BaseException:
            journal.close()
            raise
        drill.workspace.exercise = drill
        return drill

    def close(self) -> None:
        """Leave: the clock stands if this session moved it. The exercise stays as it is."""
        self.let_go()
        self.journal.close()

    # -- players ------------------------------------------------------------------------------------------------------

    def joined(self, role: str = "") -> None:
        """Say who sits down at the table, and in which part."""
        self.record("exercise.joined", {"role": role, "facilitator": self.facilitator})

    def answer(self, question: str, option: str, why: str = "") -> None:
        """Answer a question that was put; the first answer counts. UnknownName or Refused otherwise."""
        self._refuse_ended()
        found = self.scenario.question(question)
        if found is None:
            raise UnknownName("question", question, [one.id for one in self.scenario.questions])
        if found.option(option) is None:
            raise UnknownName("option", option, [one.id for one in found.options])
        if question in self.doings().answered:
            raise Refused(f"'{question}' was answered already; the first answer counts")
        if not any(question in sent.inject.asks for sent in self.inbox()):
            raise Refused(f"nobody asked '{question}' yet")
        self.record("exercise.answered", {"question": question, "option": option, "why": why})
        self._set_off()

    def ask(self, key: str) -> Told:
        """Ask the world for a fact; UnknownName when there is no such key."""
        self._refuse_ended()
        load_vocabulary().spec(key)
        told = self.told(key)
        self.record("exercise.asked", {"key": key, "known": told.known})
        self._set_off()
        return told

    def told(self, key: str) -> Told:
        """What the world would answer now; nothing is recorded."""
        return truths.told(key, self.scenario, self.doings(), self.now(), self.organisation.facts)

    def refused(self, tried: str, why: str) -> None:
        """Keep what the tool refused a team, for the debrief."""
        self.record("exercise.refused", {"tried": tried, "why": why})

    def end(self, reason: str) -> None:
        """End the exercise where it stands; Refused when it is over already."""
        self._refuse_ended()
        self.finish(reason)

    def _set_off(self) -> None:
        # Another session's next tick does the same a second later.
        if self.drives:
            self.send_due()

    # -- looking ------------------------------------------------------------------------------------------------------

    def state(self) -> DrillState:
        """Everything there is to show."""
        now, doings, inbox = self.now(), self.doings(), self.inbox()
        asked = {id: sent for sent in inbox for id in sent.inject.asks}
        questions = tuple(
            (question, asked[question.id])
            for question in self.scenario.questions
            if question.id in asked and question.id not in doings.answered
        )
        answers = tuple(self.told(key) for key in sorted(doings.asked, key=lambda key: doings.asked[key]))
        return DrillState(now, self.clock(), self.ended_at, doings, inbox, self._upcoming(now, doings), questions, answers)

    def _upcoming(self, now: datetime, doings: Doings) -> tuple[Upcoming, ...]:
        held = events.held(self.events)
        found = []
        for one in schedule.pending(self.injects(), doings):
            if schedule.lapsed(one, self.scenario, now):
                continue
            at = max(now, self.scenario.begin + one.at)
            planned = at if schedule.holds_at(one, self.scenario, doings, at) else None
            words = events.say_when(schedule.waits_for(one, self.scenario))
            found.append(Upcoming(one, planned, words, one.id in held))
        return tuple(sorted(found, key=lambda up: (up.planned is None, up.planned or self.scenario.begin + up.inject.at)))


def scenario_source(name: str, own: Path | None = None) -> tuple[str, str]:
    """A scenario's text and its file, by id or path. UnknownName when there is none, BadFile when it cannot be read."""
    path = find_scenario(name, own)
    try:
        return path.read_text(encoding="utf-8-sig"), str(path)
    except (OSError, UnicodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "is not UTF-8 text"
        raise BadFile([Fault(str(path), None, f"cannot be read: {why or problem}")]) from problem


def usual_speed(scenario: Scenario) -> float:
    """The speed at which the busy hours take the scenario's minutes; quiet ones are jumped."""
    return max(1.0, float(round(schedule.busy(scenario) / timedelta(minutes=scenario.minutes))))
