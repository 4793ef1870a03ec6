"""Where exercises are kept, and which there are. Each is one database file in a folder of its own, apart from the journal's."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from breachkit.domain.journal import EXERCISE
from breachkit.errors import BreachkitError, UsageError
from breachkit.storage.files import locate
from breachkit.storage.journal import Journal
from breachkit.workflow.exercise import events


@dataclass(frozen=True)
class DrillFile:
    """An exercise that was started."""

    path: Path
    scenario: str
    team: str
    started_at: datetime
    """Virtual, UTC."""
    real_started_at: datetime
    """UTC."""
    ended: bool
    facilitated: bool


def drills_folder() -> Path:
    """BREACHKIT_EXERCISES, else `exercises` in the user's data folder."""
    if said := os.environ.get("BREACHKIT_EXERCISES"):
        return Path(said)
    from platformdirs import user_data_path

    return user_data_path("breachkit") / "exercises"


def new_path(scenario: str, day: str) -> Path:
    """A file that is not there yet: `2026-11-22-open-folder.db`."""
    folder = drills_folder()
    for number in range(1, 1000):
        path = folder / f"{day}-{scenario}{'' if number == 1 else f'-{number}'}.db"
        if not path.exists():
            return path
    raise UsageError(f"{folder} holds a thousand exercises of {day} already; name a file with --database")


def drills(folder: Path | None = None) -> tuple[DrillFile, ...]:
    """Every exercise of the folder (None: `drills_folder()`), oldest first; files that are none are passed over."""
    found = []
    for path in sorted((folder or drills_folder()).glob("*.db")):
        with suppress(BreachkitError), Journal.open(path, read_only=True) as journal:
            found.append(look(journal))
    return tuple(sorted(found, key=lambda one: one.real_started_at))


def look(journal: Journal) -> DrillFile:
    """What an exercise's database says of itself; UsageError when it is none."""
    entries = journal.entries(EXERCISE)
    if not entries:
        raise UsageError(f"{journal.place} is not an exercise")
    first = events.started(entries[0])
    ended = any(one.kind == "exercise.ended" for one in entries)
    return DrillFile(journal.file, first.scenario, first.team, entries[0].recorded_at, first.real_at, ended, first.facilitated)


def is_exercise(where: str) -> bool:
    """Whether that database is one of an exercise; False too where there is none, or none that can be opened."""
    with suppress(BreachkitError), Journal.open(where, read_only=True, create=False) as journal:
        return journal.exercise is not None
    return False


def located(where: str, *, there: bool = False) -> Path:
    """The file meant by a path or a `sqlite:///` URL, as for every other database.

    UsageError for any other URL, and, with `there`, where no file is.
    """
    path = locate(where)
    if there and not path.exists():
        raise UsageError(f"there is no exercise at {path}; `breachkit exercise run` starts one")
    return path


def find(named: str | None, *, unfinished: bool = False) -> Path:
    """The exercise meant: a path or URL, a scenario's latest, or (None) the latest of all. UsageError when there is none."""
    if named is not None and ("://" in named or Path(named).suffix == ".db" or Path(named).is_file()):
        return located(named, there=True)
    known = [one for one in drills() if named in (None, one.scenario) and not (unfinished and one.ended)]
    if not known:
        what = f"of '{named}' " if named else ""
        state = "unfinished " if unfinished else ""
        raise UsageError(f"there is no {state}exercise {what}in {drills_folder()}; `breachkit exercise run` starts one")
    return known[-1].path
