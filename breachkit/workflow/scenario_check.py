"""Whether scenarios and the scripts that belong to them are sound, as far as reading them tells. Nothing is played here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from breachkit.content import decisions, scenarios
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.exercise.scenario import Scenario
from breachkit.errors import BadFile, Fault
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what is wrong with it."""

    scenarios: tuple[Scenario, ...]
    """The sound ones."""
    scripts: int
    faults: tuple[Fault, ...]
    """Each with the file it lies in."""

    @property
    def injects(self) -> int:
        """How many injects the sound scenarios have."""
        return sum(len(one.injects) for one in self.scenarios)


def check(names: Iterable[str], workspace: Workspace) -> Checked:
    """These scenarios by id or path, each with its scripts; every one in use when none is named. UnknownName for no scenario.

    A path to a script checks that script against the scenario it names, which may be named beside it.
    """
    own, laws = workspace.own_folder, workspace.law_folders
    found: dict[str, Scenario] = {}
    faults: list[Fault] = []
    scripts = 0
    asked = sorted(names or scenarios.scenario_ids(own), key=lambda name: _scenario_of_script(name) is not None)
    for name in asked:
        try:
            if (of := _scenario_of_script(name)) is not None:
                beside = next((one for one in found.values() if one.id == of), None)
                faults += decisions.decisions_faults(Path(name), beside or scenarios.load_scenario(of, own, laws))
                scripts += 1
                continue
            one = scenarios.load_scenario(name, own, laws)
        except BadFile as problem:
            faults += problem.faults
            continue
        found[name] = one
        for path in decisions.script_files(one.id, own).values():
            faults += decisions.decisions_faults(path, one)
            scripts += 1
    return Checked(tuple(found.values()), scripts, tuple(faults))


def _scenario_of_script(name: str) -> str | None:
    """The scenario that a file of decisions names; None for anything else."""
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return None
    top = read_yaml(path, name=name)
    of = top.get("scenario")
    return of if top.get("format") == decisions.FORMAT and isinstance(of, str) else None
