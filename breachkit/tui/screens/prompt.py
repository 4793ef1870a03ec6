"""Asking for a few words: a note, a reason, a file's name."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from breachkit.tui.shown import BAD, FAINT, STRONG, plain
from breachkit.tui.widgets.answers import Paragraph
from breachkit.tui.working import WorkingModal, key
from breachkit.workflow.workspace import Workspace


class PromptScreen(WorkingModal[str]):
    """Dismisses with the text, or None."""

    NAME = "A few words"
    GUIDE = "Write, then Enter. Ctrl+J begins a new line. Escape goes back without writing anything down."
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "give", "Save", "Take this text", show=False),
        key("f1", "help", "Help", "What to do here, and every key", show=False),
    ]

    def __init__(self, workspace: Workspace, title: str, guide: str, text: str = "", *, may_be_empty: bool = False) -> None:
        super().__init__(workspace)
        self.heading, self.guide, self.text = title, guide, text
        self.may_be_empty = may_be_empty
        """Whether Enter on nothing is an answer too, the empty text."""

    def compose(self) -> ComposeResult:
        """Title, guide, text."""
        with Vertical(classes="box"):
            yield Static(plain(self.heading, STRONG))
            yield Static(plain(self.guide, FAINT))
            yield Paragraph(self.text)
            yield Static(plain("Enter saves, Escape goes back.", FAINT), id="prompt-said")

    def on_mount(self) -> None:
        """What is proposed is selected, so that typing takes its place."""
        self.query_one(Paragraph).select_all()

    @property
    def dirty(self) -> bool:
        """Whether something was written."""
        return self.query_one(Paragraph).text.strip() != self.text

    def action_give(self) -> None:
        """Take the text."""
        self._take(self.query_one(Paragraph).text.strip())

    def on_paragraph_submitted(self, event: Paragraph.Submitted) -> None:
        """Enter."""
        self._take(event.text)

    def _take(self, text: str) -> None:
        if text or self.may_be_empty:
            self.dismiss(text)
        else:
            self.query_one("#prompt-said", Static).update(plain("Nothing is written yet. Escape goes back.", BAD))
