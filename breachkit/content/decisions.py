"""Reads scripted teams (format breachkit/decisions@1), all faults at once. Playing them is workflow's matter.

Only the shape is checked here and that every fact can be read: what a team does wrong is its own affair, and is scored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from breachkit.content.factsfile import make_fact
from breachkit.content.happenings import CHOICES, HappeningReader
from breachkit.content.scenario_parts import FILINGS
from breachkit.content.scenarios import own_scenario_folder, scenario_folder
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import Lines, Reader, parse_yaml, read_yaml
from breachkit.domain.exercise.decisions import ACTED_KINDS, ActedKind, Decisions, ScriptedAct, misfits
from breachkit.domain.exercise.never import Flaw
from breachkit.domain.exercise.scenario import Scenario
from breachkit.errors import BadFile, BreachkitError, Fault, UnknownName

FORMAT = "breachkit/decisions@1"
_TEAM = re.compile(r"[a-z0-9][a-z0-9-]*")
_BESIDE: dict[ActedKind, tuple[str, ...]] = {
    "open": ("facts",),
    "record": ("source",),
    "ask": (),
    "decide": ("choice", "ground"),
    "file": ("reference", "kind"),
    "approve": ("incomplete",),
    "answer": ("is", "why"),
    "step": ("note",),
    "note": (),
}
"""What may stand beside each kind of act, besides `at` and `by`."""
_NEEDED: dict[ActedKind, tuple[str, ...]] = {"decide": ("choice", "ground"), "answer": ("is",), "file": ("reference",)}


def script_files(scenario: str, own: Path | None = None) -> dict[str, Path]:
    """The scripts of a scenario by team; an organisation's own wins over a shipped one. Empty when there is none."""
    home = own_scenario_folder(own)
    folders = [scenario_folder() / "scripts", *([home / "scripts"] if home is not None else [])]
    paths = [path for folder in folders if folder.is_dir() for path in folder.glob("*.yaml")]
    found = {path.name.removesuffix(".yaml").rpartition(".")[2]: path for path in paths if _scenario_of(path) == scenario}
    return dict(sorted(found.items()))


def _scenario_of(path: Path) -> str:
    return path.name.removesuffix(".yaml").rpartition(".")[0]


def script_teams(scenario: str, own: Path | None = None) -> tuple[str, ...]:
    """The teams there are scripts for, in the order of the alphabet."""
    return tuple(script_files(scenario, own))


def script_path(scenario: str, team: str, own: Path | None = None) -> Path:
    """The script of that team. UnknownName with the nearest ones when there is none."""
    files = script_files(scenario, own)
    if team not in files:
        raise UnknownName(f"team of '{scenario}'", team, files, hint="" if files else "(this scenario has no scripts)")
    return files[team]


def load_decisions(path: Path) -> Decisions:
    """The script in a file. BadFile with every fault."""
    return _read(read_yaml(path, name=str(path)), str(path))


def read_decisions_text(text: str, file: str) -> Decisions:
    """The script in this text; `file` is what faults call it. BadFile with every fault."""
    return _read(parse_yaml(text, file), file)


def decisions_faults(path: Path, scenario: Scenario) -> tuple[Fault, ...]:
    """What is wrong with a script: its shape, and what does not fit its scenario. Empty when nothing is."""
    try:
        data = read_yaml(path, name=str(path))
        found = _read(data, str(path))
    except BadFile as problem:
        return problem.faults
    if found.scenario != scenario.id:
        text = f"this script is for the scenario '{found.scenario}', not '{scenario.id}'; name the file after the one it is for"
        return (Fault(str(path), data.line_of("scenario"), text),)
    entries = {one.line: one for one in data["acts"] if isinstance(one, Lines)}

    def line(flaw: Flaw) -> int | None:
        entry = data if flaw.line is None else entries.get(flaw.line)
        return entry.line_of(flaw.key) if entry is not None else flaw.line

    return tuple(Fault(str(path), line(flaw), flaw.text) for flaw in misfits(found, scenario))


def _read(data: Lines, file: str) -> Decisions:
    faults: list[Fault] = []
    top = Reader(data, file, faults, "the decisions")
    if top.text("format", needed=True) not in ("", FORMAT):
        top.fault("format", f"format must be '{FORMAT}'")
    team = top.text("team", needed=True)
    if team and not _TEAM.fullmatch(team):
        top.fault("team", f"'{team}' is not a name for a team; write small letters, digits and hyphens")
    if top.data.get("acts") is None:
        top.fault("acts", "'acts' is missing: a list of what the team does")
    reader = _ActReader(file, faults)
    acts = [act for one in top.mappings("acts") if (act := reader.act(one)) is not None]
    loses = top.texts("loses") if top.has("loses") else None
    if loses is not None and len(set(loses)) < len(loses):
        twice = next(id for id in loses if loses.count(id) > 1)
        top.fault("loses", f"'{twice}' is said twice under 'loses'; keep one")
    decisions = Decisions(top.text("scenario", needed=True), team, loses, tuple(sorted(acts, key=lambda act: act.at)), file)
    top.finish()
    if faults:
        raise BadFile(sorted(faults, key=lambda fault: fault.line or 0))
    return decisions


class _ActReader:
    """Reads one file's acts, collecting faults."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self.file, self.faults, self.words = file, faults, load_vocabulary()
        self.names = HappeningReader(file, self.words, faults)

    def act(self, one: Reader) -> ScriptedAct | None:
        """One act; None where nobody can say what it is."""
        one.what = "an act"
        if one.raw("at") is None:
            one.fault("at", "'at' is missing in an act: when it is done after the start, such as PT30M")
        at, by = self.names.offset(one, "at"), one.text("by", needed=True)
        kind = self._kind(one)
        if kind is None:
            return None
        one.what = f"an act '{kind}'"
        self._check(one, kind)
        one.finish(*_BESIDE[kind])
        body = {key: _plain(value) for key, value in one.data.items() if key not in ("at", "by")}
        return ScriptedAct(timedelta() if at is None else at, by, kind, body, one.line)

    def _kind(self, one: Reader) -> ActedKind | None:
        # `note` may stand beside a step; it is an act of its own only where nothing else is.
        found: Sequence[ActedKind] = [kind for kind in ACTED_KINDS if one.has(kind)]
        if len(found) > 1 and "note" in found:
            found = [kind for kind in found if kind != "note"]
        if len(found) == 1:
            return found[0]
        if found:
            one.fault(found[1], f"an act is one thing, not {' and '.join(found)}; write one entry for each")
            return None
        others = [key for key in one.data if key not in ("at", "by")]
        name = others[0] if others else ""
        one.fault(name or None, str(UnknownName("act", name, ACTED_KINDS, hint=f"(one of {', '.join(ACTED_KINDS)})")))
        return None

    def _check(self, one: Reader, kind: ActedKind) -> None:
        if kind in ("open", "record"):
            if kind == "open":
                one.text("open", needed=True)
            self._facts(one, "facts" if kind == "open" else "record")
        elif kind == "ask":
            self.names.fact_key(one, "ask")
        else:
            one.text(kind, needed=True)
        for key in _NEEDED.get(kind, ()):
            one.text(key, needed=True)
        for key in _BESIDE[kind]:
            if key not in ("facts", "kind", "choice"):
                one.text(key)
        if kind == "decide" and one.text("choice"):
            one.choice("choice", CHOICES)
        if kind == "file" and one.has("kind"):
            one.choice("kind", FILINGS)

    def _facts(self, one: Reader, key: str) -> None:
        inner = one.inner(key)
        if inner is None:
            if key == "record":
                one.fault(key, "'record' is empty: fact keys, each with its value")
            return
        for name, raw in inner.data.items():
            try:
                make_fact(name, raw, self.words)
            except BreachkitError as problem:
                inner.fault(name, str(problem))


def _plain(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _plain(value) for key, value in raw.items()}
    return [_plain(item) for item in raw] if isinstance(raw, list) else raw
