"""A debrief as JSON for programs: `breachkit/debrief@1`. Extended, never renamed."""

from __future__ import annotations

from typing import Any

from breachkit.domain.exercise.chart import Dot, Span
from breachkit.domain.exercise.comparison import Comparison
from breachkit.domain.exercise.debrief import Debrief
from breachkit.domain.exercise.doings import OnDuty
from breachkit.domain.exercise.improvement import Improvement, practise
from breachkit.domain.exercise.runs import percent
from breachkit.domain.exercise.score import Line
from breachkit.workflow.contract import NOT_ADVICE, moment


def as_json(debrief: Debrief) -> dict[str, Any]:
    """All that the debrief says."""
    run, zone = debrief.run, debrief.run.scenario.zone
    return {
        "format": "breachkit/debrief@1",
        "exercise": run.scenario.id,
        "notice": NOT_ADVICE,
        "scenario": {
            "id": run.scenario.id,
            "title": run.scenario.title,
            "difficulty": run.scenario.difficulty,
            "minutes": run.scenario.minutes,
            "sha256": run.scenario_sha256,
        },
        "team": run.team,
        "played_on": run.played_on.isoformat() if run.played_on is not None else None,
        "over": run.over,
        "started_at": moment(run.scenario.begin, zone),
        "ended_at": moment(run.ended_at, zone),
        "now": moment(run.now, zone),
        "points": run.score.points,
        "of": run.score.of,
        "percent": percent(run.score.points, run.score.of),
        "parts": [
            {
                "id": part.id,
                "title": part.title,
                "points": part.points,
                "of": part.of,
                "lines": [_line(line, debrief) for line in part.lines],
            }
            for part in run.score.parts
        ],
        "objectives": [
            {
                "id": one.objective.id,
                "title": one.objective.title,
                "capability": one.objective.capability,
                "rating": one.mark,
                "points": one.points,
                "of": one.of,
                "lines": [line.id for line in one.lines],
            }
            for one in debrief.ratings
        ],
        "train": [line.id for line in debrief.train],
        "pending": [line.id for line in debrief.pending],
        "plan": [item(one) for one in debrief.plan],
        "decisions": [_act(one, zone) for one in run.doings.decided],
        "filings": [_act(one, zone) for one in run.doings.filed],
        "slow_facts": [
            {
                "key": one.key,
                "known_from": moment(one.known_from, zone),
                "teller": one.teller,
                "asked_at": moment(one.asked_at, zone),
                "recorded_at": moment(one.recorded_at, zone),
            }
            for one in debrief.slow
        ],
        "refused": [{"at": moment(at, zone), "tried": tried, "why": why} for at, tried, why in run.doings.refused],
        "truths": [
            {
                "key": one.key,
                "true": one.true,
                "known_from": moment(one.known_from, zone),
                "recorded": one.recorded or None,
                "recorded_at": moment(one.recorded_at, zone),
                "verdict": one.verdict or None,
            }
            for one in debrief.truths
        ],
        "time_line": {
            "zone": zone,
            "happened": [_dot(dot, zone) for dot in debrief.chart.dots],
            "deadlines": [_span(span, zone) for span in debrief.chart.spans],
        },
        "comparison": _comparison(debrief.comparison) if debrief.comparison is not None else None,
        "hashes": {"exercise": run.exercise, "scenario": run.scenario_sha256, "law_pack": run.law_pack},
    }


def item(one: Improvement) -> dict[str, Any]:
    """One item of the plan."""
    return {
        "id": one.id,
        "lines": [line.id for line in one.lines],
        "lost": one.lost,
        "capability": one.capability,
        "area": one.area,
        "action": one.action,
        "element": one.element,
        "owner": one.owner,
        "starts": one.starts.isoformat(),
        "due": one.due.isoformat(),
        "proposed": one.proposed,
        "priority": one.priority,
        "status": one.status,
    }


def _line(line: Line, debrief: Debrief) -> dict[str, Any]:
    run = debrief.run
    return {
        "id": line.id,
        "title": line.title,
        "points": line.points,
        "of": line.of,
        "outcome": line.outcome,
        "pending": run.pending(line),
        "why": line.why,
        "because": line.because,
        "at": moment(line.at, run.scenario.zone),
        "wanted_by": moment(line.wanted_by, run.scenario.zone),
        "role": line.role or None,
        "objective": line.objective or None,
        "practise": practise(line) if line.lost else None,
    }


def _act(one: OnDuty, zone: str) -> dict[str, Any]:
    return {"duty": one.duty, "at": moment(one.at, zone), "choice": one.choice, "ground": one.ground, "by": one.by}


def _dot(dot: Dot, zone: str) -> dict[str, Any]:
    return {"number": dot.number, "at": moment(dot.at, zone), "kind": dot.kind, "lane": dot.lane, "what": dot.words}


def _span(span: Span, zone: str) -> dict[str, Any]:
    return {
        "title": span.title,
        "start": moment(span.start, zone),
        "target": moment(span.target, zone),
        "outer": moment(span.outer, zone),
        "law": span.law,
        "outcome": span.outcome,
        "filed": [dot.number for dot in span.done],
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "runs": [
            {
                "label": one.label,
                "exercise": one.exercise,
                "points": one.points,
                "of": one.of,
                "percent": one.percent,
                "over": one.over,
                "law_pack": one.law_pack,
                "scenario_sha256": one.scenario_sha256,
            }
            for one in found.columns
        ],
        "parts": [
            {"id": row.id, "runs": [None if cell is None else {"points": cell[0], "of": cell[1]} for cell in row.cells]}
            for row in found.parts
        ],
        "better": [line.id for line in found.better],
        "worse": [line.id for line in found.worse],
        "only_in_one": [line.id for line in found.apart],
    }
