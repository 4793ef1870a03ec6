"""The terminal UI's front door, its colours, and the watch that notices what other terminals record."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.theme import Theme
from textual.worker import Worker

from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.screens.board import BoardScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.working import Working, key
from breachkit.workflow.workspace import Workspace

WATCH_SECONDS = 3
_NIGHT = Theme(
    name="breachkit",
    primary="#6fa3cc",
    secondary="#8aa0b4",
    accent="#d9a860",
    warning="#f0c060",
    error="#ff8a80",
    success="#8fbf7f",
    foreground="#d8dee4",
    background="#12161b",
    surface="#1a2027",
    panel="#222a33",
    dark=True,
    variables={
        "block-cursor-background": "#2f4f68",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#26323d",
        "footer-key-foreground": "#f0c060",
    },
)


class BreachkitApp(App[None]):
    """Board beneath, an incident above it."""

    TITLE = "breachkit"
    CSS_PATH = Path(__file__).with_name("breachkit.tcss")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+q", "quit", "Quit", "Leave breachkit; asks first when something is not saved", show=False, priority=True),
    ]

    def __init__(self, workspace: Workspace, incident: str | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.incident = incident
        self._watched = ExitStack()
        self._journal: Journal | None = None
        self._token: tuple[int, ...] | None = None

    def on_mount(self) -> None:
        """The board, and the incident that was asked for."""
        self.register_theme(_NIGHT)
        self.theme = "breachkit"
        self.first_screens()
        self.set_interval(WATCH_SECONDS, self.look_for_news)

    def first_screens(self) -> None:
        """The board beneath, the incident above it."""
        self.push_screen(BoardScreen(self.workspace))
        if self.incident is not None:
            self.push_screen(IncidentScreen(self.workspace, self.incident))

    def on_unmount(self) -> None:
        """Close the watch."""
        self._watched.close()

    def look_for_news(self) -> None:
        """Ask whether anybody wrote, in a thread."""
        _: Worker[None] = self.run_worker(self._look, group="watch", exclusive=True)

    async def _look(self) -> None:
        if await asyncio.to_thread(self._somebody_wrote) and isinstance(self.screen, Working):
            self.screen.journal_changed()

    def _somebody_wrote(self) -> bool:
        # The first look only takes the token. A journal that cannot be opened is the screens' matter to report.
        with contextlib.suppress(BreachkitError):
            if self._journal is None:
                self._journal = self._watched.enter_context(self.workspace.journal(read_only=True))
            before, self._token = self._token, self._journal.token()
            return before is not None and before != self._token
        return False

    def _fatal_error(self) -> None:
        """Leave with the plain traceback: Textual's own shows local variables, and so facts, addresses and passwords."""
        from rich.traceback import Traceback

        self.panic(Traceback(width=None, show_locals=False))

    async def action_quit(self) -> None:
        """Leave; ask first when a screen holds something unsaved."""
        unsaved = next((one for one in reversed(self.screen_stack) if isinstance(one, Working) and one.dirty), None)
        if unsaved is not None:
            unsaved.ask_before_leaving(self.leave)
        else:
            self.leave()

    def leave(self) -> None:
        """Everything is saved or dropped: go."""
        self.exit()


def run(workspace: Workspace, incident: str | None) -> None:
    """Open the terminal UI, at an incident or (None) at the board."""
    app = BreachkitApp(workspace, incident)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
