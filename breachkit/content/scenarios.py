"""Reads scenarios (format breachkit/scenario@1): the shipped ones, an organisation's own and any file, all faults at once.

The parts of a file are read in scenario_parts.py; whether they fit together is worked out in domain/exercise/checking.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from breachkit.content.laws import load_laws, own_pack
from breachkit.content.organisations import load_organisation
from breachkit.content.playbooks import playbook_files, read_playbook_file
from breachkit.content.scenario_parts import ScenarioParts
from breachkit.content.shipped import shipped
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import Reader, parse_yaml, read_yaml
from breachkit.domain.exercise.checking import Known, faults
from breachkit.domain.exercise.never import Flaw
from breachkit.domain.exercise.scenario import DIFFICULTIES, Scenario
from breachkit.domain.facts import Instant, read_instant
from breachkit.errors import BadFile, BadValue, BreachkitError, Fault, UnknownName

FORMAT = "breachkit/scenario@1"
GRACE = timedelta(hours=2)
"""Where a file says none."""
Part = TypeVar("Part")


def scenario_folder() -> Path:
    """Where the shipped scenarios lie."""
    return shipped("playbooks") / "tabletop"


def own_scenario_folder(own: Path | None = None) -> Path | None:
    """Where an organisation's own scenarios lie: `tabletop` in its folder. `own` None: BREACHKIT_HOME, else None."""
    home = own or (Path(said) if (said := os.environ.get("BREACHKIT_HOME")) else None)
    return home / "tabletop" if home is not None and (home / "tabletop").is_dir() else None


def scenario_files(own: Path | None = None) -> dict[str, Path]:
    """Every scenario's file by id; an organisation's own wins over a shipped one of that id."""
    folder = own_scenario_folder(own)
    paths = [*scenario_folder().glob("*.yaml"), *(folder.glob("*.yaml") if folder is not None else [])]
    return dict(sorted({path.stem: path for path in paths}.items()))


def scenario_ids(own: Path | None = None) -> tuple[str, ...]:
    """Ids of the scenarios in use, in the order of the alphabet."""
    return tuple(scenario_files(own))


def scenario_path(id: str, own: Path | None = None) -> Path:
    """The file of that scenario. UnknownName with the nearest ones when there is none."""
    files = scenario_files(own)
    if id not in files:
        raise UnknownName("scenario", id, files, hint="(an id of `breachkit exercise list`, or a path to a .yaml file)")
    return files[id]


def load_scenario(name: str | Path, own: Path | None = None, laws: Iterable[Path] = (), *, checked: bool = True) -> Scenario:
    """A scenario by id, or by a path that ends in .yaml. UnknownName when there is none, BadFile with every fault.

    `own` is an organisation's folder; None: BREACHKIT_HOME. `laws` are folders of packs beside the shipped laws. `checked`
    False looks at the shape alone.
    """
    path = find_scenario(name, own)
    expected = str(name) if str(name) in scenario_files(own) else ""
    reader = ScenarioReader(read_yaml(path, name=str(path)), str(path), alone=not checked)
    return reader.checked(laws, own, expected) if checked else reader.scenario(expected)


def find_scenario(name: str | Path, own: Path | None = None) -> Path:
    """The file of that id, or that path where it ends in .yaml. UnknownName with the nearest ones otherwise."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and str(name) not in scenario_files(own):
        return path
    return scenario_path(str(name), own)


def read_scenario_text(text: str, file: str, *, laws: Iterable[Path] = (), checked: bool = True) -> Scenario:
    """The scenario in this text; `file` is what faults call it, and an organisation's path is sought beside it.

    BadFile with every fault. `checked` False looks at the shape alone: so an exercise opens again after a law or a profile it
    names is gone.
    """
    reader = ScenarioReader(parse_yaml(text, file), file, alone=not checked)
    return reader.checked(laws) if checked else reader.scenario()


def known_names(scenario: Scenario, laws: Iterable[Path] = (), own: Path | None = None) -> Known:
    """What that scenario may name: duties, recipients, steps, facts of the profile. BadFile for a faulty playbook it names."""
    organisation = load_organisation(scenario.organisation, beside=Path(scenario.source).parent)
    regimes = [*load_laws(), *(regime for folder in laws for regime in own_pack(folder).regimes())]
    duties = {duty.id for regime in regimes for duty in regime.duties}
    duties |= {f"{one.source}.{organisation.id}.{one.id}" for one in organisation.commitments}
    return Known(
        words=load_vocabulary(),
        duties=duties,
        recipients=load_directory().authorities,
        steps={id: _steps(path, named=id in scenario.playbooks) for id, path in playbook_files(own).items()},
        profile=organisation.facts,
    )


def _steps(path: Path, *, named: bool) -> tuple[str, ...]:
    try:
        return tuple(step.id for step in read_playbook_file(path).steps)
    except BadFile:
        if named:
            raise
        return ()


class ScenarioReader(ScenarioParts):
    """One file on its way to a Scenario."""

    def __init__(self, data: Any, file: str, *, alone: bool = False) -> None:
        super().__init__(file, load_vocabulary())
        self.top = Reader(data, file, self.faults, "the scenario")
        self.alone = alone
        """Whether nothing outside the file is looked at, not even the organisation's profile."""

    def checked(self, laws: Iterable[Path] = (), own: Path | None = None, expected: str = "") -> Scenario:
        """The whole file, its parts held against each other; BadFile with every fault."""
        scenario = self.scenario(expected)
        if flaws := faults(scenario, known_names(scenario, laws, own)):
            raise BadFile(Fault(self.file, self.line(flaw), flaw.text) for flaw in flaws)
        return scenario

    def line(self, flaw: Flaw) -> int | None:
        """The line of what a flaw is about, as near as the file knows it."""
        entry = self.top if flaw.line is None else self.entries.get(flaw.line)
        return entry.line_of(flaw.key) if entry is not None and entry.has(flaw.key) else flaw.line

    def scenario(self, expected: str = "") -> Scenario:
        """The whole file, part by part; BadFile with every fault. `expected`: the id it is looked up by; empty: any."""
        top = self.top
        if top.text("format", needed=True) not in ("", FORMAT):
            top.fault("format", f"format must be '{FORMAT}'")
        id = self.id(top, "the scenario")
        if expected and id and id != expected:
            top.fault("id", f"the scenario '{id}' lies in a file of another name; call the file {id}.yaml")
        scenario = Scenario(
            id=id,
            title=top.text("title", needed=True),
            summary=top.text("summary", needed=True),
            organisation=self._organisation(),
            difficulty=top.choice("difficulty", DIFFICULTIES),
            minutes=self._minutes(),
            starts=self._starts(),
            lasts=self.offset(top, "lasts", needed=True) or timedelta(),
            briefing=top.text("briefing", needed=True),
            facilitator=top.text("facilitator", needed=True),
            objectives=self._all("objectives", self.objective),
            roles=self._all("roles", self.role),
            truths=self.truths(top),
            injects=self._all("injects", self.inject),
            questions=self._all("questions", self.question, needed=False),
            actions=self._all("actions", self.action),
            branches=self._all("branches", self.branch, needed=False),
            playbooks=top.texts("playbooks"),
            grace=self._grace(),
            hints=self.hints(top),
            source=self.file,
        )
        top.finish()
        if self.faults:
            raise BadFile(sorted(self.faults, key=lambda fault: fault.line or 0))
        return scenario

    def _all(self, key: str, read: Callable[[Reader], Part], *, needed: bool = True) -> tuple[Part, ...]:
        """Every entry of a list; a fault where a list that is needed is missing or empty."""
        if needed and self.top.data.get(key) in (None, []):
            self.top.fault(key, f"'{key}' is missing: a list with at least one entry")
        return tuple(read(one) for one in self.top.mappings(key))

    def _organisation(self) -> str:
        named = self.top.text("organisation", needed=True)
        if named and not self.alone:
            try:
                load_organisation(named, beside=Path(self.file).parent)
            except BadFile as problem:
                self.faults += problem.faults
            except BreachkitError as problem:
                self.top.fault("organisation", str(problem))
        return named

    def _minutes(self) -> int:
        self.top.text("minutes", needed=True)
        return self.number(self.top, "minutes", 60)

    def _starts(self) -> Instant:
        text = self.top.text("starts", needed=True)
        try:
            return read_instant(text or "2026-01-01T00:00:00Z")
        except BadValue as problem:
            self.top.fault("starts", str(problem))
            return read_instant("2026-01-01T00:00:00Z")

    def _grace(self) -> timedelta:
        said = self.offset(self.top, "grace")
        return GRACE if said is None else said
