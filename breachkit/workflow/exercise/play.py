"""Plays a whole exercise from a script, without a terminal and without waiting, through the same session, recording and engine.

What the tool refuses a scripted team is kept as an event of the exercise and scored; it never stops the play.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from breachkit.content.scenarios import read_scenario_text
from breachkit.domain.exercise.decisions import ActedKind, Decisions, ScriptedAct
from breachkit.domain.periods import show
from breachkit.errors import BreachkitError, Refused, UsageError
from breachkit.workflow import approval, drafts, recording
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.playbooks import mark_step


def play(
    scenario_text: str,
    file: str,
    decisions: Decisions,
    database: Path,
    *,
    laws: tuple[Path, ...] = (),
    progress: Callable[[str], None] | None = None,
) -> Drill:
    """Play a script to the scenario's end in a new database. UsageError when it was written for another scenario.

    The same scenario, script and laws give the same entries, whenever it is played. `progress` hears each act as it is done.
    """
    begin = read_scenario_text(scenario_text, file, checked=False).begin
    drill = Drill.start(
        scenario_text,
        file,
        database,
        facilitated=False,
        actor=decisions.team,
        team=decisions.team,
        scripted=True,
        real=lambda: begin,  # nobody waits for it, so no other time has a place in its record
        laws=laws,
    )
    try:
        if decisions.scenario != drill.scenario.id:
            raise UsageError(
                f"{decisions.source} was written for the scenario '{decisions.scenario}', not for '{drill.scenario.id}'"
            )
        drill.drive()
        drill.jump(drill.scenario.begin)
        for act in decisions.acts:
            at = max(drill.scenario.begin + act.at, drill.now())
            if drill.ended_at is None:
                drill.jump(at)
            if progress is not None:
                progress(f"{show(at, drill.scenario.zone)}  {act.by}: {act.kind} {_named(act)}")
            _perform(drill, act, at)
        if drill.ended_at is None:
            drill.jump(drill.scenario.end)
    except BaseException:
        drill.close()
        raise
    return drill


def _perform(drill: Drill, act: ScriptedAct, at: datetime) -> None:
    drill.speak_as(act.by)
    try:
        if at >= drill.scenario.end:
            raise Refused("the exercise was over by then")
        _ACTS[act.kind](drill, act.body)
    except BreachkitError as problem:
        drill.refused(f"{act.kind} {_named(act)}".strip(), str(problem))
    drill.send_due()


def _named(act: ScriptedAct) -> str:
    said = act.body.get(act.kind)
    return ", ".join(said) if isinstance(said, dict) else str(said or "")


def _incident(drill: Drill) -> str:
    if drill.incident is None:
        raise UsageError("no incident was opened yet; open one first")
    return drill.incident


def _open(drill: Drill, body: Mapping[str, Any]) -> None:
    recording.open_incident(
        drill.workspace, drill.journal, title=str(body["open"]), organisation=drill.organisation, facts=body.get("facts")
    )


def _record(drill: Drill, body: Mapping[str, Any]) -> None:
    recording.record_facts(
        drill.workspace, drill.journal, _incident(drill), body["record"], source=body.get("source"), reason=body.get("reason")
    )


def _decide(drill: Drill, body: Mapping[str, Any]) -> None:
    recording.decide(
        drill.workspace, drill.journal, _incident(drill), str(body["decide"]), str(body["choice"]), str(body["ground"])
    )


def _file(drill: Drill, body: Mapping[str, Any]) -> None:
    recording.file_duty(
        drill.workspace,
        drill.journal,
        _incident(drill),
        str(body["file"]),
        reference=str(body.get("reference", "")),
        kind=str(body.get("kind") or "first"),
    )


def _approve(drill: Drill, body: Mapping[str, Any]) -> None:
    approval.approve(
        drill.workspace,
        drill.journal,
        _incident(drill),
        str(body["approve"]),
        drafts.make,
        incomplete=str(body.get("incomplete") or ""),
    )


def _step(drill: Drill, body: Mapping[str, Any]) -> None:
    mark_step(drill.workspace, drill.journal, _incident(drill), str(body["step"]), note=body.get("note"))


def _note(drill: Drill, body: Mapping[str, Any]) -> None:
    recording.note(drill.workspace, drill.journal, _incident(drill), str(body["note"]))


_ACTS: dict[ActedKind, Callable[[Drill, Any], object]] = {
    "open": _open,
    "record": _record,
    "ask": lambda drill, body: drill.ask(str(body["ask"])),
    "decide": _decide,
    "file": _file,
    "approve": _approve,
    "answer": lambda drill, body: drill.answer(str(body["answer"]), str(body["is"]), str(body.get("why", ""))),
    "step": _step,
    "note": _note,
}
