"""What to do on the screen beneath, and every key it listens to."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from breachkit.tui.shown import FAINT, STRONG, plain
from breachkit.tui.working import Working, WorkingModal, key
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.workspace import Workspace

_EVERYWHERE = (
    ("Tab, Shift+Tab", "Move to the next or the previous part of the screen"),
    ("Up, Down, PgUp, PgDn", "Move in a list or scroll"),
    ("Ctrl+Q", "Leave breachkit; asks first when something is not saved"),
)


class HelpScreen(WorkingModal[None]):
    """Help for one screen."""

    NAME = "Help"
    GUIDE = "Read; Escape goes back to what you were doing."
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape,question_mark,f1,q", "leave", "Back", "Go back to what you were doing"),
    ]

    def __init__(self, workspace: Workspace, about: Working[Any]) -> None:
        super().__init__(workspace)
        self.about_name, self.guide = about.NAME, about.GUIDE
        self.keys = _keys_of(about)

    def compose(self) -> ComposeResult:
        """Purpose, keys, and what this is not."""
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for names, what in (*self.keys, *_EVERYWHERE):
            table.add_row(Text(names, style=STRONG), Text(what))
        with Vertical(classes="box -help"), VerticalScroll():
            yield Static(plain(f"HELP: {self.about_name}", STRONG))
            yield Static(plain(self.guide), classes="gap")
            yield Static(table, classes="gap")
            yield Static(plain(NOT_ADVICE, FAINT), classes="gap")
            yield Static(plain("Escape goes back.", FAINT), classes="gap")

    def action_help(self) -> None:
        """Help is open already."""
        self.dismiss(None)


def _keys_of(about: Working[Any]) -> list[tuple[str, str]]:
    """Our own keys of a screen, of what has the focus and of an exercise, each once; those of the toolkit have no id."""
    found: dict[str, tuple[list[str], str]] = {}
    for pressed in about.active_bindings.values():
        binding = pressed.binding
        everywhere = pressed.node is about.app and binding.id == "quit"
        if binding.id is None or binding.system or everywhere:
            continue
        names, _ = found.setdefault(binding.id, ([], binding.tooltip or binding.description))
        names.append(about.app.get_key_display(binding))
    return [(", ".join(dict.fromkeys(names)), what) for names, what in found.values()]
