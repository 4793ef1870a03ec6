"""The check of law files: what they say by themselves, beside the shipped laws, and on their cases.

Reading and its faults are content's, trying a case is law_cases'. Here it is found out what lies where, so that every fault
names a file and a line that somebody can open.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from breachkit.content.compiled import regimes_in
from breachkit.content.law_cases import Case, read_cases
from breachkit.content.law_checks import faults_across
from breachkit.content.laws import PACK_FILE, law_files, law_table, load_laws, load_pack, own_pack
from breachkit.content.shipped import LAWS, PACKAGE
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.law import LawPack, Regime
from breachkit.errors import BadFile, BreachkitError, Fault
from breachkit.workflow.law_cases import Judged, contradictions, judge, laws_of, missing_cases
from breachkit.workflow.law_faults import located

Progress = Callable[[int, int], None]
"""Told how many cases of how many were tried."""
SHIPPED_CASES = PACKAGE.parent / "tests" / "laws"
"""Where the cases of the shipped laws lie in a checkout; a wheel does not carry them."""


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    regimes: tuple[Regime, ...]
    """Those that were read."""
    cases: int
    """How many were tried."""
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...] = ()
    """What was not checked, and why."""

    @property
    def duties(self) -> int:
        """How many duties the regimes have."""
        return sum(len(regime.duties) for regime in self.regimes)


@dataclass(frozen=True)
class _Shelf:
    """Law files that are checked together, and where their cases lie."""

    name: str
    files: tuple[Path, ...]
    read: Callable[[], tuple[Regime, ...]]
    cases: Path
    """The folder of cases, there or not."""
    whole: bool = True
    """Every case of the folder is about these laws; otherwise those that name one of their duties."""


def check(paths: Iterable[Path] = (), cases: Path | None = None, progress: Progress | None = None) -> Checked:
    """Law files and folders of them, or the shipped laws; `cases` is where their cases lie instead of beside them."""
    if cases is not None and not cases.is_dir():
        return Checked((), 0, (Fault(str(cases), None, "is no folder of cases; name the folder, not a file in it"),))
    found = [_check(shelf, cases, progress) for shelf in _shelves(tuple(paths))]
    return Checked(
        tuple(regime for one in found for regime in one.regimes),
        sum(one.cases for one in found),
        tuple(fault for one in found for fault in one.faults),
        tuple(remark for one in found for remark in one.remarks),
    )


# -- what lies where ----------------------------------------------------------


def _shelves(paths: tuple[Path, ...]) -> Iterator[_Shelf]:
    alone = tuple(path for path in paths if not path.is_dir())
    for folder in (path for path in paths if path.is_dir()) if paths else (_shown(LAWS),):
        yield _folder(folder)
    if alone:
        shipped = all(path.resolve().is_relative_to(LAWS) for path in alone)
        beside = SHIPPED_CASES if shipped else alone[0].parent / "cases"
        yield _Shelf(", ".join(map(str, alone)), alone, lambda: _read_files(alone), beside, whole=False)


def _folder(folder: Path) -> _Shelf:
    files = tuple(law_files(folder))
    if folder.resolve() == LAWS:
        return _Shelf(str(folder), files, load_laws, _shown(SHIPPED_CASES))
    if is_library(folder):
        return _Shelf(str(folder), files, lambda: read_library(folder), folder.parent.parent / "tests" / "laws")
    if folder.resolve().is_relative_to(LAWS):
        return _Shelf(str(folder), files, lambda: own_pack(folder).regimes(), _shown(SHIPPED_CASES), whole=False)
    return _Shelf(str(folder), files, lambda: own_pack(folder).regimes(), folder / "cases")


def is_library(folder: Path) -> bool:
    """Whether a folder holds a whole library that stands alone: no pack, and laws of most of the files shipped here."""
    if (folder / PACK_FILE).exists():
        return False
    here, shipped = ({path.relative_to(root).as_posix() for path in law_files(root)} for root in (folder, LAWS))
    return len(here & shipped) > len(shipped) / 2


def read_library(folder: Path) -> tuple[Regime, ...]:
    """The regimes of a folder that stands alone. BadFile with the faults of every file."""
    return regimes_in(json.loads(law_table(_parsed(law_files(folder)))))


def _read_files(files: tuple[Path, ...]) -> tuple[Regime, ...]:
    parsed = _parsed(files)
    shipped = all(path.resolve().is_relative_to(LAWS) for path in files)
    return regimes_in(json.loads(law_table(parsed, "breachkit" if shipped else "user", load_laws())))


def _parsed(files: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Files by their path; BadFile with the faults of all that cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    for path in files:
        try:
            found[str(path)] = read_yaml(path, name=str(path))
        except BadFile as problem:
            faults += problem.faults
    if faults:
        raise BadFile(faults)
    return found


def _shown(path: Path) -> Path:
    """The path as a person here would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


# -- the check ----------------------------------------------------------------


def _check(shelf: _Shelf, cases: Path | None, progress: Progress | None) -> Checked:
    try:
        regimes = shelf.read()
    except BadFile as problem:
        return Checked((), 0, tuple(located(problem.faults, shelf.files, Path(shelf.name))))
    whole = _beside(regimes)
    if faults := list(_left_alone(regimes, whole)):
        return Checked(regimes, 0, tuple(located(faults, shelf.files, Path(shelf.name))))
    folder = cases or shelf.cases
    files = {str(path): path for path in sorted(folder.glob("*.yaml"))}
    if not files:
        remark = f"{shelf.name}: no cases lie beside it (looked in {folder}); the laws were read, but not tried on any case"
        return Checked(regimes, 0, (), (remark,))
    try:
        held = read_cases(files)
    except BadFile as problem:
        return Checked(regimes, 0, problem.faults)
    own = {duty.id for regime in regimes for duty in regime.duties}
    tried = held if shelf.whole and cases is None else tuple(case for case in held if own & _duties_of(case))
    judged, faults = _try(tried, whole, progress)
    missing = list(missing_cases(regimes, judged, str(folder)))
    return Checked(regimes, len(tried), (*faults, *located(missing, shelf.files, Path(shelf.name))))


def _duties_of(case: Case) -> set[str]:
    return {id.split("@")[0] for id in case.expect}


def _beside(regimes: tuple[Regime, ...]) -> LawPack:
    """These regimes and the shipped ones, those of the same id replaced."""
    own = {regime.id for regime in regimes}
    try:
        shipped = load_pack()
    except BadFile:  # a library that stands alone is checked even while the shipped one is broken
        return LawPack(regimes, "", "")
    return replace(shipped, regimes=(*(regime for regime in shipped.regimes if regime.id not in own), *regimes))


def _left_alone(regimes: tuple[Regime, ...], whole: LawPack) -> Iterator[Fault]:
    """Duties that other laws name and that went with the regime these take the place of."""
    for fault in faults_across(whole.regimes):
        for regime in regimes:
            if re.search(rf"unknown duty '{re.escape(regime.id)}\.", fault.text):
                text = f"{regime.id} takes the place of the shipped one and leaves out a duty that others name: {fault.text}"
                yield Fault(regime.id, None, f"{text}. Write it down here too")


def _try(cases: tuple[Case, ...], whole: LawPack, progress: Progress | None) -> tuple[list[Judged], list[Fault]]:
    judged: list[Judged] = []
    faults: list[Fault] = []
    by_file: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_file[case.file].append(case)
    for of_file in by_file.values():
        pack = laws_of(of_file, whole)
        for case in of_file:
            if progress is not None:
                progress(len(judged), len(cases))
            try:
                one = judge(case, pack)
            except BreachkitError as problem:
                faults.append(case.fault(None, f"its facts cannot be judged: {problem}"))
                continue
            judged.append(one)
            faults += contradictions(one)
    return judged, faults
