"""What a team takes home from an exercise: what went well, what to train, how each objective was met, and a plan.

All of it is worked out from the score's lines and from what the team recorded. How it stands on a page is workflow's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from breachkit.domain.exercise.chart import ExerciseChart, chart
from breachkit.domain.exercise.comparison import Comparison, compare
from breachkit.domain.exercise.improvement import SMALL_PARTS, Improvement, plan
from breachkit.domain.exercise.ratings import Rating, ratings
from breachkit.domain.exercise.runs import Run
from breachkit.domain.exercise.score import Line, Outcome, Part
from breachkit.domain.exercise.truths import final, known_by, versions
from breachkit.domain.facts import Fact, say_value
from breachkit.domain.values import value

VERDICTS: Final[dict[Outcome, str]] = {
    "met": "in time",
    "late": "late",
    "early": "too early",
    "wrong": "not right",
    "missed": "not done",
}
"""How a line came out, in words."""


@value
class Earned:
    """What of one part of the score was earned whole."""

    part: Part
    lines: tuple[Line, ...]

    @property
    def all(self) -> bool:
        """Whether the part lost nothing."""
        return len(self.lines) == len(self.part.lines)


@value
class SlowFact:
    """A fact that was recorded late or never, and how it was asked for."""

    key: str
    known_from: datetime | None
    """From when on the team could know it, UTC; None: not in this run."""
    teller: str
    asked_at: datetime | None
    """When the team first asked the world for it; None: it did not."""
    recorded_at: datetime | None
    """When it first wrote something down; None: never."""


@value
class TruthRow:
    """One thing that was true of the world, beside what the team recorded."""

    key: str
    true: str
    known_from: datetime | None
    """UTC; None: this team could not come to know it."""
    recorded: str
    """The team's last word on it; empty: none."""
    recorded_at: datetime | None
    """When it first wrote something down."""
    verdict: str
    """In words; empty where the score did not look for it."""


@value
class Debrief:
    """All of it."""

    run: Run
    today: date
    """The day from which the plan counts."""
    ratings: tuple[Rating, ...]
    earned: tuple[Earned, ...]
    """By part, in the score's order; parts of which nothing was earned whole are left out."""
    train: tuple[Line, ...]
    """Every line that lost points for good, the costliest first."""
    pending: tuple[Line, ...]
    """What was not done yet and still can be."""
    slow: tuple[SlowFact, ...]
    truths: tuple[TruthRow, ...]
    plan: tuple[Improvement, ...]
    comparison: Comparison | None
    chart: ExerciseChart

    @property
    def large(self) -> tuple[Line, ...]:
        """What to train, one by one: everything but single facts and steps."""
        return tuple(line for line in self.train if line.part not in SMALL_PARTS)

    @property
    def small(self) -> tuple[Line, ...]:
        """What to train among facts and steps."""
        return tuple(line for line in self.train if line.part in SMALL_PARTS)


def debrief_of(run: Run, earlier: Sequence[Run], today: date) -> Debrief:
    """The debrief of a run, beside earlier runs of the same scenario, oldest first."""
    score = run.score
    earned = [Earned(part, tuple(line for line in part.lines if line.of and not line.lost)) for part in score.parts]
    return Debrief(
        run=run,
        today=today,
        ratings=ratings(run),
        earned=tuple(one for one in earned if one.lines),
        train=run.lost,
        pending=tuple(line for line in score.lines if run.pending(line)),
        slow=_slow(run),
        truths=tuple(_truth(key, fact, run) for key, fact in sorted(_world(run).items())),
        plan=plan(run, today),
        comparison=compare(run, earlier),
        chart=chart(run),
    )


def _slow(run: Run) -> tuple[SlowFact, ...]:
    keys = dict.fromkeys(fact_of(line) for line in run.lost if line.part == "facts" and line.outcome in ("late", "missed"))
    return tuple(sorted((_slow_fact(key, run) for key in keys), key=lambda one: (one.known_from or run.scenario.end, one.key)))


def fact_of(line: Line) -> str:
    """The fact key that a line of the facts is about: `fact:people.in.ES#1` is about `people.in.ES`."""
    return line.id.partition(":")[2].partition("#")[0]


def _slow_fact(key: str, run: Run) -> SlowFact:
    known = versions(key, run.scenario, run.doings)
    teller = known[-1][1].teller if known else ""
    return SlowFact(key, known[0][0] if known else None, teller, run.doings.asked.get(key), run.doings.recorded_at(key))


def _world(run: Run) -> dict[str, Fact]:
    """How it all is in the end; of a run that goes on, only what can be known by now."""
    return final(run.scenario) if run.over else known_by(run.scenario, run.doings, run.now)


def _truth(key: str, fact: Fact, run: Run) -> TruthRow:
    known = [(at, one) for at, one in versions(key, run.scenario, run.doings) if at <= run.now]
    stated = run.doings.stated.get(key, ())
    lines = [line for line in run.score.lines if line.part == "facts" and fact_of(line) == key]
    verdict = VERDICTS[lines[-1].outcome] if lines else ""
    if lines and run.pending(lines[-1]):
        verdict = "not yet"
    last = say_value(stated[-1].fact.value) if stated else ""
    return TruthRow(
        key, say_value(fact.value), known[-1][0] if known else None, last, stated[0].at if stated else None, verdict
    )
