"""The shipped scenarios and their teams, played; and a perfect team that leaves something out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from breachkit.content.decisions import load_decisions, script_path
from breachkit.content.playbooks import load_playbook
from breachkit.content.scenarios import load_scenario
from breachkit.domain.exercise.decisions import Decisions, ScriptedAct
from breachkit.domain.exercise.scenario import Act, Scenario
from breachkit.workflow.exercise.debrief import debrief, written
from breachkit.workflow.exercise.drill import Drill, scenario_source
from breachkit.workflow.exercise.play import play
from breachkit.workflow.exercise.scoring import Result, scored

TEAMS = ("perfect", "slow", "careless")
DAY = date(2026, 12, 1)
T = TypeVar("T")


@cache
def scenario(id: str) -> Scenario:
    """A shipped scenario, read once."""
    return load_scenario(id)


@cache
def script(id: str, team: str) -> Decisions:
    """What that team does."""
    return load_decisions(script_path(id, team))


def after(id: str, decisions: Decisions, look: Callable[[Drill], T]) -> T:
    """What `look` sees when these decisions were played; the exercise is thrown away."""
    text, file = scenario_source(id)
    with tempfile.TemporaryDirectory() as folder, closing(play(text, file, decisions, Path(folder) / "x.db")) as drill:
        return look(drill)


@cache
def result(id: str, team: str) -> Result:
    """The score of a shipped team."""
    return after(id, script(id, team), scored)


def with_debrief(id: str, decisions: Decisions) -> tuple[Result, str]:
    """The score, and the debrief as Markdown."""

    def look(drill: Drill) -> tuple[Result, str]:
        made = written(debrief(drill, against=[], today=DAY), "md")
        assert isinstance(made, str)
        return scored(drill), made

    return after(id, decisions, look)


def leaving_out(decisions: Decisions, act: Act) -> Decisions:
    """The same team without everything that does this."""
    return replace(decisions, acts=tuple(_without(decisions, act)))


def _without(decisions: Decisions, act: Act) -> Iterator[ScriptedAct]:
    keys = {act.name} if act.kind == "record" else set(_asked(act.name)) if act.kind == "step" else set()
    kind = "open" if act.kind == "declare" else act.kind
    for one in decisions.acts:
        if act.kind != "record" and kind == one.kind and (act.kind == "declare" or _same(str(one.body[kind]), act.name)):
            continue
        if one.kind not in ("record", "open") or not keys:
            yield one
            continue
        name = "record" if one.kind == "record" else "facts"
        held = {key: value for key, value in (one.body.get(name) or {}).items() if key not in keys}
        if held or one.kind == "open":
            yield replace(one, body={**one.body, name: held})


def _same(said: str, wanted: str) -> bool:
    return wanted in (said, said.partition("@")[0])


def _asked(step: str) -> tuple[str, ...]:
    """The facts that show a step as done by themselves."""
    playbook, _, name = step.partition(".")
    found = load_playbook(playbook).step(name)
    return found.asks if found is not None else ()
