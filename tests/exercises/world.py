"""A small world of the tests' own, a team that does everything right in it, and what plays them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from breachkit.content.decisions import read_decisions_text
from breachkit.content.yamlfile import to_json
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.exercise.play import play
from breachkit.workflow.exercise.scoring import Result, scored

SCENARIO = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")

TICKED = (
    "team", "keep-evidence", "contain", "what-happened", "taken", "data", "people", "risk", "one-voice", "contracts", "duties",
    "letters", "register", "recover", "review", "awareness",
)  # fmt: skip
"""Steps of the general playbook that the team ticks at once; those the truth does not ask for cost nothing."""

GROUND = "The folder held names alone, so a high risk is not likely."

PERFECT: tuple[dict[str, Any], ...] = (
    {
        "at": "PT10M",
        "by": "lead",
        "open": "Open folder",
        "facts": {"role": "controller", "discovered_at": "2026-11-20T22:00:00+01:00[Europe/Madrid]"},
    },
    {
        "at": "PT20M",
        "by": "lead",
        "record": {
            "aware_at": "2026-11-20T22:15:00+01:00[Europe/Madrid]",
            "breach.kinds": ["confidentiality"],
            "breach.cause": "misconfiguration",
        },
    },
    *({"at": "PT30M", "by": "lead", "step": f"general.{step}"} for step in TICKED),
    {"at": "PT2H30M", "by": "lead", "record": {"people.in.ES": "2000..4000", "people.elsewhere": "0"}},
    {"at": "PT3H10M", "by": "lead", "record": {"risk.level": "risk"}},
    {"at": "PT4H", "by": "lead", "decide": "eu.gdpr.34", "choice": "refrain", "ground": GROUND},
    {"at": "PT5H30M", "by": "lead", "answer": "press", "is": "truth"},
    {"at": "PT6H30M", "by": "lead", "record": {"people.in.ES": "2600"}},
    {"at": "PT6H40M", "by": "lead", "decide": "eu.gdpr.34", "choice": "refrain", "ground": GROUND},
    {"at": "PT7H", "by": "lead", "file": "contract.example-co.cyber-cover", "reference": "INS-1"},
    {"at": "PT8H", "by": "lead", "file": "promise.example-co.users-72h", "reference": "MAIL-1"},
    {"at": "PT50H", "by": "lead", "file": "eu.gdpr.33@es-aepd", "reference": "AEPD-1"},
)


def script(acts: tuple[dict[str, Any], ...] = PERFECT, *, team: str = "tests", scenario: str = "small") -> str:
    """A decisions file: JSON is YAML too."""
    return to_json({"format": "breachkit/decisions@1", "scenario": scenario, "team": team, "acts": deepcopy(list(acts))})


@contextmanager
def played(
    folder: Path, acts: tuple[dict[str, Any], ...] = PERFECT, *, scenario: str = SCENARIO, name: str = "x"
) -> Iterator[Drill]:
    """The exercise after these acts."""
    decisions = read_decisions_text(script(acts), "script.yaml")
    with closing(play(scenario, "small.yaml", decisions, folder / f"{name}.db")) as drill:
        yield drill


def score_of(folder: Path, acts: tuple[dict[str, Any], ...] = PERFECT, *, name: str = "x") -> Result:
    """How that team scores."""
    with played(folder, acts, name=name) as drill:
        return scored(drill)


def started(
    folder: Path, real: Callable[[], datetime], *, facilitated: bool = False, speed: float | None = None, name: str = "x"
) -> Drill:
    """An exercise that nobody played yet, on a real clock that the test moves."""
    return Drill.start(
        SCENARIO, "small.yaml", folder / f"{name}.db", facilitated=facilitated, actor="ana", speed=speed, real=real
    )
