"""What every screen shares: its keys and help, workflow calls in threads, and asking before unsaved input is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.shown import clean
from breachkit.tui.zones import written
from breachkit.workflow.workspace import Workspace

R = TypeVar("R")
T = TypeVar("T")
Then = Callable[[T], Awaitable[None] | None]
Job = Callable[[], Coroutine[None, None, None]]
Failed = Callable[[BreachkitError], Awaitable[None] | None]


def key(keys: str, action: str, label: str, tooltip: str, *, show: bool = True, priority: bool = False) -> Binding:
    """A binding with its id, which is the action, and its tooltip, which the help shows."""
    name = action.partition("(")[0].rpartition(".")[2].replace("_", "-")
    return Binding(keys, action, label, show=show, priority=priority, tooltip=tooltip, id=name)


class Working(Screen[R]):
    """A screen that reads and writes through a workspace."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared so by Textual
        (0, "-narrow"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - likewise
        (0, "-low"),
        (34, "-high"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        key("question_mark,f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back to the screen before"),
    ]
    NAME: ClassVar[str] = ""
    """What the screen is called, on its help."""
    GUIDE: ClassVar[str] = ""
    """What to do here, in a few sentences."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self._writing = False

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return False

    def on_mount(self) -> None:
        """Of an exercise every screen says so. Textual calls this beside the `on_mount` of every subclass."""
        if self.workspace.exercise is not None:
            from breachkit.tui.widgets.exercise_banner import ExerciseBanner

            self.add_class("-exercise")
            self.mount(ExerciseBanner(self.workspace.exercise))

    def now_written(self) -> str:
        """This moment as a person would write it here; in an exercise its virtual time, in the scenario's zone."""
        drill = self.workspace.exercise
        return written(self.workspace.clock(), drill.scenario.zone if drill is not None else None)

    # -- keys ------------------------------------------------------

    def action_help(self) -> None:
        """Show what to do here and every key."""
        from breachkit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.workspace, self))

    def action_leave(self) -> None:
        """Go back; ask first when something is unsaved."""
        self.ask_before_leaving(lambda: self.dismiss(None))

    def ask_before_leaving(self, go: Callable[[], Any]) -> None:
        """Go when nothing is unsaved, or when the person says to drop it."""
        from breachkit.tui.screens.confirm import ConfirmScreen

        if not self.dirty:
            go()
            return

        def answered(leave: bool | None) -> None:
            if leave:
                go()

        text = "What you typed here is not saved. Leave and drop it?"
        self.app.push_screen(ConfirmScreen(self.workspace, text, yes="leave, drop it", no="stay here"), answered)

    # -- workflow --------------------------------------------------

    def read(self, work: Callable[[Journal], T], then: Then[T]) -> None:
        """Look something up in a thread; a newer look-up takes the place of one that is still under way."""
        self.in_background(partial(self._carry_out, work, then, self.refused), group="read", exclusive=True)

    def write(self, work: Callable[[Journal], T], then: Then[T], failed: Failed | None = None) -> None:
        """Record something in a thread, one thing at a time: a write under way is never given up for another."""
        if self._writing:
            return
        self._writing = True
        self.in_background(partial(self._write, work, then, failed or self.refused), group="write", exclusive=False)

    def in_background(self, job: Job, *, group: str, exclusive: bool) -> None:
        """Start a job; an exclusive one takes the place of the job of its group that is still under way."""
        _: Worker[None] = self.run_worker(job, group=group, exclusive=exclusive)

    async def _carry_out(self, work: Callable[[Journal], T], then: Then[T], failed: Failed) -> None:
        # What follows is called from the screen's own queue: a newer look-up may cancel this job, never a half-changed screen.
        try:
            found = await asyncio.to_thread(self._with_journal, work)
        except BreachkitError as problem:
            self.call_later(failed, problem)
        else:
            self.call_later(then, found)

    async def _write(self, work: Callable[[Journal], T], then: Then[T], failed: Failed) -> None:
        try:
            await self._carry_out(work, then, failed)
        finally:
            self._writing = False

    def _with_journal(self, work: Callable[[Journal], T]) -> T:
        with self.workspace.journal() as journal:
            return work(journal)

    def refused(self, problem: BreachkitError) -> None:
        """Say what went wrong; screens with a place for it say it there."""
        self.say(str(problem), severity="error")

    def say(self, text: str, severity: Any = "information") -> None:
        """A short message over the screen, never read as markup."""
        self.notify(clean(text), severity=severity, markup=False, timeout=12 if severity != "information" else 6)

    def journal_changed(self) -> None:
        """Somebody wrote to the journal: look again."""

    def exercise_moved(self) -> None:
        """The exercise went on: its time, an inject, an answer. Screens that show it look again."""


class WorkingModal(Working[R], ModalScreen[R]):
    """A small screen over another one."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.add_class("-modal")  # a class, since styles by type follow only the first of two bases
