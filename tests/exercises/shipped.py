"""The shipped scenarios and their teams, played; and a perfect team that leaves something out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from breachkit.content.decisions import load_decisions, script_path
from breachkit.content.playbooks import load_playbook
from breachkit.content.scenarios import load_scenario
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.exercise.decisions import Decisions, ScriptedAct
from breachkit.domain.exercise.runs import Run
from breachkit.domain.exercise.scenario import Act, Scenario
from breachkit.domain.exercise.score import Outcome
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Assessment
from breachkit.workflow import subjects
from breachkit.workflow.exercise.debrief import debrief, written
from breachkit.workflow.exercise.drill import scenario_source
from breachkit.workflow.exercise.play import play

TEAMS = ("perfect", "slow", "careless")
DAY = date(2026, 12, 1)
MEMORY = Path("/dev/shm")


@cache
def scenario(id: str) -> Scenario:
    """A shipped scenario, read once."""
    return load_scenario(id)


@cache
def script(id: str, team: str) -> Decisions:
    """What that team does."""
    return load_decisions(script_path(id, team))


@dataclass(frozen=True)
class Played:
    """What is left of a played exercise: its run with the score, and the debrief as Markdown."""

    run: Run
    debrief: str

    @property
    def lost(self) -> dict[str, Outcome]:
        """The lines that lost points, and how."""
        return {line.id: line.outcome for line in self.run.score.lost}

    @property
    def share(self) -> float:
        """The part of the points that was earned."""
        return self.run.score.points / self.run.score.of


def played(id: str, decisions: Decisions) -> Played:
    """The exercise after these decisions; its database is thrown away, and kept in memory where the machine has room there."""
    text, file = scenario_source(id)
    with (
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
        closing(play(text, file, decisions, Path(folder) / "x.db")) as drill,
    ):
        found = debrief(drill, against=[], today=DAY)
        text = written(found, "md")
        assert isinstance(text, str)
        return Played(found.run, text)


@contextmanager
def asked_once() -> Iterator[None]:
    """The engine is asked each question once: teams that differ in one act ask it the same until then, and the truth is one.

    `assess` is a pure function of the facts and its setting, so a remembered answer is the answer.
    """
    kept: dict[tuple[object, ...], Assessment] = {}

    def remembered(book: FactBook, setting: Setting) -> Assessment:
        laws = tuple((regime.id, *(duty.id for duty in regime.duties)) for regime in setting.pack.regimes)
        facts = tuple(sorted(map(repr, book.facts.values())))
        key = (facts, book.whose, hash(laws), setting.pack.sha256, setting.now, setting.law_date)
        if key not in kept:
            kept[key] = assess(book, setting)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "assess", remembered)
        yield


def leaving_out(decisions: Decisions, act: Act) -> Decisions:
    """The same team without everything that does this."""
    return replace(decisions, acts=tuple(_without(decisions, act)))


def _without(decisions: Decisions, act: Act) -> Iterator[ScriptedAct]:
    keys = {act.name} if act.kind == "record" else set(_asked(act.name)) if act.kind == "step" else set()
    kind = "open" if act.kind == "declare" else act.kind
    for one in decisions.acts:
        if act.kind != "record" and kind == one.kind and (act.kind == "declare" or _does(one, act)):
            continue
        if one.kind not in ("record", "open") or not keys:
            yield one
            continue
        name = "record" if one.kind == "record" else "facts"
        held = {key: value for key, value in (one.body.get(name) or {}).items() if key not in keys}
        if held or one.kind == "open":
            yield replace(one, body={**one.body, name: held})


def _does(one: ScriptedAct, act: Act) -> bool:
    said = str(one.body[one.kind])
    chosen = {"file": one.body.get("kind") or "first", "decide": one.body.get("choice"), "answer": one.body.get("is")}
    return act.name in (said, said.partition("@")[0]) and act.choice in (None, chosen.get(one.kind))


def _asked(step: str) -> tuple[str, ...]:
    """The facts that show a step as done by themselves."""
    playbook, _, name = step.partition(".")
    found = load_playbook(playbook).step(name)
    return found.asks if found is not None else ()
