"""What the screens of the outbox share: a view of the vault that follows other terminals, and acts that end in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.tui.of_incident import OfIncident
from breachkit.workflow.outbox.looking import Row, View, writable
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

POLL_SECONDS = 1.5
T = TypeVar("T")


class OfOutbox(OfIncident[int]):
    """Ends with the last entry written from it, so that the screens beneath do not announce it as news."""

    def __init__(self, workspace: Workspace, incident: str, held: Answer | None) -> None:
        super().__init__(workspace, incident, held)
        self.view = View(workspace, incident)
        self.rows: list[Row] = []
        self._polling = False

    def on_mount(self) -> None:
        """Look every other second: another terminal may be sending."""
        self.set_interval(POLL_SECONDS, self.poll)

    def on_unmount(self) -> None:
        """Let go of the vault."""
        self.view.close()

    def action_leave(self) -> None:
        """Go back."""
        self.ask_before_leaving(lambda: self.dismiss(self.own))

    def came_back(self, own: int | None) -> None:
        """A screen of the outbox over this one was left."""
        self.own = max(self.own, own or 0)

    # -- looking ---------------------------------------------------

    def poll(self) -> None:
        """Ask in a thread whether anybody wrote."""
        if not self._polling:
            self._polling = True
            self.in_background(self._poll, group="poll", exclusive=False)

    async def _poll(self) -> None:
        try:
            if await asyncio.to_thread(self.view.changed):
                self.look()
        finally:
            self._polling = False

    def on_screen_resume(self) -> None:
        """Look at the outbox again; the duties only when the journal changed."""
        self.look()

    def show_answer(self, found: Answer) -> None:  # noqa: ARG002 - the screens take from it what they show
        """The outbox is looked at whenever the answer is."""
        self.look()

    def look(self) -> None:
        """Read the outbox again, in a thread."""
        self.aside(self.view.rows, self.take_rows, group="look")

    def take_rows(self, rows: list[Row]) -> Awaitable[None] | None:
        """Show them."""
        self.rows = rows
        return None

    def aside(self, work: Callable[[], T], then: Callable[[T], object], *, group: str) -> None:
        """Look something up in a thread; a newer one of the same group takes its place."""

        async def job() -> None:
            try:
                found = await asyncio.to_thread(work)
            except BreachkitError as problem:
                self.call_later(self.refused, problem)
            else:
                self.call_later(then, found)

        self.in_background(job, group=group, exclusive=True)

    # -- acting ----------------------------------------------------

    def act(self, doing: str, work: Callable[[Journal, Vault], T], then: Callable[[T], object]) -> None:
        """Write to vault and journal in a thread, one thing at a time; say so when one is under way."""
        if self._writing:
            self.say("One thing at a time: what was begun before is not finished yet.", "warning")
            return

        def both(journal: Journal) -> tuple[T, int]:
            with writable(self.workspace) as vault:
                done = work(journal, vault)
            return done, journal.head(self.incident)[0]

        self.working(doing)
        self.write(both, partial(self._acted, then), self._not_acted)

    def working(self, doing: str) -> None:
        """Show what is under way; empty when nothing is."""

    def _acted(self, then: Callable[[T], object], what: tuple[T, int]) -> None:
        done, head = what
        self.own = max(self.own, head)
        self.working("")
        then(done)
        self.look()

    def _not_acted(self, problem: BreachkitError) -> None:
        self.working("")
        self.refused(problem)
        self.look()
