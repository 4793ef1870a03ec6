"""The public JSON of a scored exercise (`breachkit/exercise@1`): the same run gives the same bytes on any day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from breachkit.domain.exercise.score import Line, Score
from breachkit.workflow.contract import moment
from breachkit.workflow.exercise.scoring import Result

FORMAT = "breachkit/exercise@1"


def exercise(result: Result, expected: Sequence[str] | None = None) -> dict[str, Any]:
    """A scored exercise. `expected`: the lines at which its script says it loses points; None: it says nothing."""
    scenario, doings = result.scenario, result.doings
    lost = [line.id for line in result.score.lines if line.lost]
    return {
        "format": FORMAT,
        "scenario": {"id": scenario.id, "title": scenario.title, "sha256": result.scenario_sha256},
        "organisation": scenario.organisation,
        "team": result.team or None,
        "virtual": {
            "starts": moment(result.started_at),
            "now": moment(result.now),
            "ended": moment(result.ended_at),
            "zone": scenario.zone,
        },
        "law_pack": result.law_pack,
        "score": score(result.score),
        "lost": lost,
        "expected": None if expected is None else differences(lost, expected),
        "declared": moment(doings.declared_at),
        "owed": [
            {
                "duty": one.finding.id,
                "title": one.finding.title,
                "recipient": one.finding.recipient.name,
                "due": moment(one.finding.due.target),
                "outer": moment(one.finding.due.outer),
                "knowable": moment(one.knowable_at),
                "seen": moment(one.seen_at),
            }
            for one in result.owed
        ],
        "filed": [
            {"duty": one.duty, "at": moment(one.at), "kind": one.choice, "reference": one.ground, "by": one.by}
            for one in doings.filed
        ],
        "decided": [
            {"duty": one.duty, "at": moment(one.at), "choice": one.choice, "ground": one.ground, "by": one.by}
            for one in doings.decided
        ],
        "injects": [{"id": id, "at": moment(at)} for id, at in sorted(doings.fired.items(), key=lambda pair: pair[1])],
        "refused": [{"at": moment(at), "tried": tried, "why": why} for at, tried, why in doings.refused],
    }


def score(found: Score) -> dict[str, Any]:
    """A score with all its parts and lines."""
    return {
        "points": found.points,
        "of": found.of,
        "percent": percent(found),
        "parts": [
            {
                "id": part.id,
                "title": part.title,
                "points": part.points,
                "of": part.of,
                "lines": [_line(one) for one in part.lines],
            }
            for part in found.parts
        ],
    }


def percent(found: Score) -> float:
    """Points of points, in hundredths, to one place; 0 when nothing was to be earned. Never 100 while a point is missing."""
    if not found.of:
        return 0.0
    exact = 100 * found.points / found.of
    return round(exact, 1) if exact >= 100 else min(round(exact, 1), 99.9)


def differences(lost: Sequence[str], expected: Sequence[str]) -> dict[str, list[str]]:
    """What was lost against expectation, and what was expected and not lost."""
    return {
        "unexpected": [id for id in lost if id not in expected],
        "not_lost": [id for id in expected if id not in lost],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "title": line.title,
        "points": line.points,
        "of": line.of,
        "outcome": line.outcome,
        "why": line.why,
        "because": line.because or None,
        "at": moment(line.at),
        "wanted_by": moment(line.wanted_by),
        "role": line.role or None,
        "objective": line.objective or None,
        "train": line.train or None,
    }
