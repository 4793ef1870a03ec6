"""An exercise's virtual time: kept in a small file beside its database, moved by one session and read by all the others.

The file holds the time that everybody sees, so whatever was shown or recorded lies at or before it, and a session that is
killed loses nothing: the time stands where it was until somebody drives again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from breachkit.domain.journal import EXERCISE
from breachkit.storage.journal import Journal
from breachkit.workflow.workspace import system_time

ALIVE = timedelta(seconds=6)
"""A driver that said nothing for this long is gone."""
YEARS = range(1900, 2200)
"""Those a scenario can be in."""


@dataclass(frozen=True)
class ClockState:
    """The clock as it stands."""

    virtual: datetime
    """UTC."""
    speed: float = 1.0
    """Virtual seconds in one real second."""
    running: bool = False
    driver: str = ""
    """Which session moves it: a word made for each session; empty: none."""
    beat: datetime | None = None
    """Real time, UTC, at which its driver last moved it; None: never."""
    driver_alive: bool = False


@dataclass(frozen=True)
class SharedClock:
    """The file, and how it is read and replaced."""

    path: Path
    real: Callable[[], datetime] = system_time

    def read(self) -> ClockState | None:
        """The clock; None when there is no file, or none that can be read."""
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            beat = datetime.fromisoformat(held["beat"]) if held["beat"] else None
            alive = beat is not None and bool(held["driver"]) and abs(self.real() - beat) < ALIVE
            virtual, speed = datetime.fromisoformat(held["virtual"]), float(held["speed"])
            if virtual.tzinfo is None or virtual.year not in YEARS or not 0 < speed < float("inf"):
                return None
            return ClockState(virtual.astimezone(UTC), speed, held["running"] is True, str(held["driver"]), beat, alive)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, state: ClockState) -> ClockState:
        """Replace it as a whole, readable by its owner alone."""
        state = replace(state, beat=self.real(), driver_alive=bool(state.driver))
        text = json.dumps(
            {
                "virtual": state.virtual.isoformat(),
                "speed": repr(state.speed),
                "running": state.running,
                "driver": state.driver,
                "beat": state.beat.isoformat() if state.beat else None,
            }
        )
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, self.path)
        return state


def latest_recorded(journal: Journal) -> datetime:
    """When the newest entry of an exercise's database was recorded, virtual, UTC: time was there at least."""
    chains = [EXERCISE, *journal.incidents()]
    heads = [entry for chain in chains for entry in journal.entries(chain)[-1:]]
    return max(entry.recorded_at for entry in heads)


def virtual_clock(journal: Journal) -> Callable[[], datetime]:
    """The clock of an exercise, for a command that only visits it. It reads the time and never moves it.

    Whatever the file says, time is never before what is recorded, nor after the end.
    """
    shared, stood = SharedClock(clock_path(journal.file)), latest_recorded(journal)
    over = any(one.kind == "exercise.ended" for one in journal.entries(EXERCISE))

    def now() -> datetime:
        state = shared.read()
        return stood if over or state is None else max(state.virtual, stood)

    return now


def clock_path(database: Path) -> Path:
    """Where the clock of an exercise's database lies."""
    return database.with_name(f"{database.name}-clock")
