"""A text to read, over the screen it belongs to."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from breachkit.tui.shown import FAINT, STRONG, plain
from breachkit.tui.working import WorkingModal, key
from breachkit.workflow.workspace import Workspace


class ReadingScreen(WorkingModal[None]):
    """Title and text, as written."""

    NAME = "Reading"
    GUIDE = "Read; the arrows scroll. Escape goes back."
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape,enter,q", "leave", "Back", "Go back to what you were doing"),
    ]

    def __init__(self, workspace: Workspace, title: str, text: str) -> None:
        super().__init__(workspace)
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text."""
        with Vertical(classes="box -help"), VerticalScroll():
            yield Static(plain(self.heading, STRONG))
            yield Static(plain(self.text), classes="gap")
            yield Static(plain("Escape goes back.", FAINT), classes="gap")
