"""One question with two answers, in front of everything else."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from breachkit.tui.shown import FAINT, STRONG, lines, plain
from breachkit.tui.working import WorkingModal, key
from breachkit.workflow.workspace import Workspace


class ConfirmScreen(WorkingModal[bool]):
    """Yes or no. Escape is no."""

    NAME = "A question"
    GUIDE = "Answer with y or n. Escape is the same as n: nothing is lost."
    BINDINGS: ClassVar[list[BindingType]] = [
        key("y", "yes", "Yes", "Do it"),
        key("n", "no", "No", "Leave everything as it is"),
        key("escape", "no", "No", "Leave everything as it is", show=False),
    ]

    def __init__(self, workspace: Workspace, text: str, *, yes: str, no: str) -> None:
        super().__init__(workspace)
        self.text, self.yes, self.no = text, yes, no

    def compose(self) -> ComposeResult:
        """The question and what each key does."""
        with Vertical(classes="box"):
            yield Static(lines(plain(self.text, STRONG), "", plain(f"y  {self.yes}"), plain(f"n  {self.no}", FAINT)))

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Answer no."""
        self.dismiss(False)
