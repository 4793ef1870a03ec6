"""How each objective was met, in the four ratings of exercise reports (HSEEP), by a rule that is said.

An objective without a line is not rated: nothing was looked for, so there is nothing to say.
"""

from __future__ import annotations

from typing import Final, Literal

from breachkit.domain.exercise.runs import Run
from breachkit.domain.exercise.scenario import Objective
from breachkit.domain.exercise.score import Line
from breachkit.domain.values import value

Mark = Literal["P", "S", "M", "U"]
MARKS: Final[dict[Mark, str]] = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}
SOME, MAJOR = 70, 30
"""Per cent of an objective's points: from SOME on it was met with some challenges, over MAJOR with major ones."""
RULE: Final = (
    "How a rating is made: from the points earned on the score lines that serve the objective. All points: P "
    f"({MARKS['P']}). {SOME} per cent and over: S ({MARKS['S']}). Over {MAJOR} per cent: M ({MARKS['M']}). "
    f"Less: U ({MARKS['U']}). An objective that no line serves is not rated."
)


@value
class Rating:
    """One objective."""

    objective: Objective
    mark: Mark | None
    """None: nothing was looked for, or all of it can still be done."""
    points: float
    of: float
    lines: tuple[Line, ...]
    """What it rests on."""


def ratings(run: Run) -> tuple[Rating, ...]:
    """Every objective of the scenario, in its order. What can still be done counts neither way."""
    return tuple(_rating(objective, run) for objective in run.scenario.objectives)


def mark(points: float, of: float) -> Mark:
    """The rating of so many points; `of` is more than nought."""
    if points >= of:
        return "P"
    return "S" if 100 * points >= SOME * of else "M" if 100 * points > MAJOR * of else "U"


def _rating(objective: Objective, run: Run) -> Rating:
    lines = tuple(line for line in run.score.lines if line.objective == objective.id and not run.pending(line))
    points, of = sum(line.points for line in lines), sum(line.of for line in lines)
    return Rating(objective, mark(points, of) if of else None, points, of, lines)
