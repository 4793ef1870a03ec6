"""One run of a scenario with all that a debrief looks at, and how its numbers are said. Gathering it is workflow's matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta

from breachkit.domain.exercise.doings import Doings
from breachkit.domain.exercise.scenario import Inject, Scenario
from breachkit.domain.exercise.score import Line, Score
from breachkit.domain.findings import Finding
from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show, show_day, zone_named
from breachkit.domain.values import value


@value
class Setting:
    """What somebody set for one item of the improvement plan, later words over earlier ones."""

    owner: str = ""
    due: date | None = None
    action: str = ""
    status: str = ""
    """open or done; empty: nobody said."""


@value
class Run:
    """One team on one scenario."""

    scenario: Scenario
    doings: Doings
    score: Score
    findings: tuple[Finding, ...]
    """What the law says on the scenario's final truth and the team's own filings."""
    ended_at: datetime | None
    """Virtual, UTC; None while it runs."""
    now: datetime
    """Virtual, UTC: the moment up to which it is looked at."""
    team: str
    law_pack: str
    """SHA-256 of the laws it is judged by."""
    exercise: str
    """Hash of the exercise's first entry: what tells one run from another."""
    scenario_sha256: str
    """Of the scenario's text as it was played."""
    injects: tuple[Inject, ...]
    """The scenario's and those the facilitator added."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Titles of the roles by id: those of the scenario, and those of its playbooks."""
    played_on: date | None = None
    """The real day it was started; None: it was played from a script."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """By line id."""

    @property
    def over(self) -> bool:
        """Whether nothing more can be earned."""
        return self.ended_at is not None or self.now >= self.scenario.end

    @property
    def label(self) -> str:
        """`team slow, 22 Nov 2026`: what tells it from other runs in words."""
        team = f"team {self.team}" if self.team else "a team without a name"
        return f"{team}, played {show_day(self.played_on)}" if self.played_on is not None else f"{team}, played from a script"

    def after(self, at: datetime) -> str:
        """How long after the start, in short: `+2 h 30 min`; `0` at the start."""
        minutes = (at - self.scenario.begin) // timedelta(minutes=1)
        return f"{'+' if minutes > 0 else ''}{say_offset(timedelta(minutes=minutes))}" if minutes else "0"

    def clock(self, at: datetime) -> str:
        """A moment on the scenario's wall clock, to the minute."""
        return show(at.replace(second=0, microsecond=0), self.scenario.zone)

    def short_clock(self, at: datetime) -> str:
        """The same without year and zone, for lists that name them once."""
        local = at.astimezone(zone_named(self.scenario.zone))
        return f"{local:%a} {local.day} {local:%b %H:%M}"

    def pending(self, line: Line) -> bool:
        """Whether it was not done yet and still can be: a run that goes on is not blamed for it."""
        return (
            not self.over
            and line.outcome == "missed"
            and line.at is None
            and (line.wanted_by is None or line.wanted_by > self.now)
        )

    @property
    def lost(self) -> tuple[Line, ...]:
        """The lines that lost points for good, the costliest first."""
        return tuple(line for line in self.score.lost if not self.pending(line))


def say_points(number: float) -> str:
    """`7`, `7.5`, `2.33`."""
    return f"{number:.2f}".rstrip("0").rstrip(".") if number else "0"


def percent(points: float, of: float) -> float:
    """Per cent to one place, never a hundred while a point is missing; nought where there was nothing to earn."""
    return (100.0 if points >= of else min(round(100 * points / of, 1), 99.9)) if of else 0.0


def counted(number: int, what: str, more: str = "") -> str:
    """`1 line`, `2 lines`; `more` where the plural has a form of its own."""
    return f"{number} {what if number == 1 else more or what + 's'}"
