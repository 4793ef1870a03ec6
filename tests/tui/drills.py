"""What the tests of an exercise's screens share: a session on a small scenario, with a real clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from breachkit.tui.exercise_app import DrillApp
from breachkit.tui.screens.confirm import ConfirmScreen
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.exercise.driving import LONGEST_STEP
from tests.tui.house import seen, settle

SCENARIO = Path(__file__).with_name("open-drawer.yaml")
TODAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class RealClock:
    """Real time, moved by hand."""

    now: datetime = TODAY

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Table:
    """One session at the table."""

    drill: Drill
    app: DrillApp
    pilot: Pilot[Any]
    clock: RealClock

    async def pass_time(self, seconds: float = 1) -> None:
        """Real seconds pass, with a tick whenever the longest span has gone by that one tick makes up for."""
        left = timedelta(seconds=seconds)
        while left > timedelta():
            step = min(left, LONGEST_STEP)
            self.clock.now += step
            left -= step
            self.app.beat()
            await settle(self.pilot)

    async def beneath(self) -> str:
        """The words on the screen, once what popped up over them is gone."""
        self.app.clear_notifications()
        await settle(self.pilot)
        return seen(self.app)

    @property
    def asked(self) -> str:
        """The question in front of everything else."""
        assert isinstance(self.app.screen, ConfirmScreen)
        return self.app.screen.text

    async def look(self) -> None:
        """The next tick of the app, at the same real moment."""
        self.app.beat()
        await settle(self.pilot)


def started(folder: Path, clock: RealClock, *, facilitated: bool = False, speed: float = 60) -> Drill:
    """A new exercise, at whose table the first session sits."""
    text = SCENARIO.read_text(encoding="utf-8")
    path = folder / "drill.db"
    actor = "fay" if facilitated else "anna"
    return Drill.start(text, SCENARIO.name, path, facilitated=facilitated, actor=actor, speed=speed, real=clock)


def joined(folder: Path, clock: RealClock, *, facilitator: bool = False) -> Drill:
    """A further session on it."""
    return Drill.open(folder / "drill.db", actor="fay" if facilitator else "anna", facilitator=facilitator, real=clock)


@asynccontextmanager
async def seated(drill: Drill, clock: RealClock, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Table]:
    """A session on the screen."""
    app = DrillApp(drill, facilitator=drill.facilitator)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield Table(drill, app, pilot, clock)
    drill.close()
