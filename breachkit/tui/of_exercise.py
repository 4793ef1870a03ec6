"""What the screens of an exercise share: its session, called in threads, and its state, which the app keeps fresh."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from breachkit.domain.exercise.scenario import Scenario
from breachkit.errors import BreachkitError
from breachkit.tui.working import Failed, Then, Working, WorkingModal
from breachkit.workflow.exercise.drill import Drill, DrillState

if TYPE_CHECKING:
    from breachkit.tui.exercise_app import DrillApp

R = TypeVar("R")
T = TypeVar("T")


class OfExercise(Working[R]):
    """A screen over an exercise."""

    @property
    def table(self) -> DrillApp:
        """The app, which is one of an exercise whenever such a screen is open."""
        from breachkit.tui.exercise_app import DrillApp

        assert isinstance(self.app, DrillApp)
        return self.app

    @property
    def drill(self) -> Drill:
        """The session. Call it through `at_drill`."""
        return self.table.drill

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        return self.drill.scenario

    @property
    def state(self) -> DrillState:
        """The exercise as it was a moment ago."""
        return self.table.state

    def at_drill(self, work: Callable[[Drill], T], then: Then[T] | None = None, failed: Failed | None = None) -> None:
        """One thing at a time with the session, in a thread; a call under way is never given up for another."""

        async def job() -> None:
            try:
                found = await self.table.with_drill(work)
            except BreachkitError as problem:
                self.call_later(failed or self.refused, problem)
            else:
                if then is not None:
                    self.call_later(then, found)

        self.in_background(job, group="drill", exclusive=False)

    def look(self, work: Callable[[Drill], T], then: Then[T], *, group: str = "look") -> None:
        """Ask the session something that changes nothing, in a thread; a newer question of its group takes its place."""

        async def job() -> None:
            try:
                found = await asyncio.to_thread(self.table.at_drill, work)
            except BreachkitError as problem:
                self.call_later(self.refused, problem)
            else:
                self.call_later(then, found)

        self.in_background(job, group=group, exclusive=True)

    def on_screen_resume(self) -> None:
        """Show how it stands whenever this screen comes to the front."""
        self.show_state()

    def on_resize(self) -> None:
        """Columns and lines follow the width."""
        self.show_state()

    def exercise_moved(self) -> None:
        """Show the new state."""
        self.show_state()

    def show_state(self) -> None:
        """Put it on the screen."""


class ModalOfExercise(OfExercise[R], WorkingModal[R]):
    """A small screen of an exercise, over another one."""
