"""A run beside earlier runs of the same scenario: part by part, what went better or worse, and what may not be compared."""

from __future__ import annotations

from collections.abc import Sequence

from breachkit.domain.exercise.runs import Run, percent
from breachkit.domain.exercise.score import PARTS, Line, PartId
from breachkit.domain.values import value


@value
class Column:
    """One run in the comparison."""

    label: str
    exercise: str
    points: float
    of: float
    law_pack: str
    scenario_sha256: str
    over: bool

    @property
    def percent(self) -> float:
        """Of all its points."""
        return percent(self.points, self.of)


@value
class PartRow:
    """One part of the score in every run."""

    id: PartId
    cells: tuple[tuple[float, float] | None, ...]
    """Points earned and to be earned, in the order of the columns; None: nothing was looked for in that run."""

    @property
    def title(self) -> str:
        """In words."""
        return PARTS[self.id]


@value
class Comparison:
    """This run and the earlier ones, oldest first, this one last."""

    columns: tuple[Column, ...]
    parts: tuple[PartRow, ...]
    better: tuple[Line, ...]
    """Lines that lost points in the run before this one and lose none now."""
    worse: tuple[Line, ...]
    """Lines that lose points now and lost none in the run before."""
    apart: tuple[Line, ...]
    """Lines that only one of the two runs looked for."""
    other_laws: tuple[str, ...]
    """Labels of the runs that were judged by other laws than this one."""
    other_text: tuple[str, ...]
    """Labels of the runs whose scenario had another text."""


def compare(run: Run, earlier: Sequence[Run]) -> Comparison | None:
    """The comparison with earlier runs, oldest first; None without any."""
    if not earlier:
        return None
    runs = (*earlier, run)
    before = {line.id: line for line in earlier[-1].score.lines}
    now = {line.id: line for line in run.score.lines}
    both = [id for id in now if id in before and not run.pending(now[id]) and not earlier[-1].pending(before[id])]
    return Comparison(
        tuple(_column(one) for one in runs),
        tuple(row for id in PARTS if any((row := _row(id, runs)).cells)),
        tuple(now[id] for id in both if before[id].lost and not now[id].lost),
        tuple(now[id] for id in both if now[id].lost and not before[id].lost),
        (*(line for id, line in now.items() if id not in before), *(line for id, line in before.items() if id not in now)),
        tuple(one.label for one in earlier if one.law_pack != run.law_pack),
        tuple(one.label for one in earlier if one.scenario_sha256 != run.scenario_sha256),
    )


def _column(run: Run) -> Column:
    score = run.score
    return Column(run.label, run.exercise, score.points, score.of, run.law_pack, run.scenario_sha256, run.over)


def _row(id: PartId, runs: Sequence[Run]) -> PartRow:
    found = [next((part for part in run.score.parts if part.id == id), None) for run in runs]
    return PartRow(id, tuple(None if part is None else (part.points, part.of) for part in found))
