"""One of a few, in front of everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from breachkit.tui.shown import FAINT, STRONG, one_line, plain
from breachkit.tui.working import WorkingModal, key
from breachkit.workflow.workspace import Workspace


class Choices(OptionList):
    """What there is to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select", "Choose", "Take the highlighted one"),
    ]


class ChooseScreen(WorkingModal[str]):
    """Dismisses with the id of what was chosen, or None."""

    NAME = "Choose one"
    GUIDE = "The arrows move, Enter chooses. Escape goes back without choosing."
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape", "leave", "Back", "Go back without choosing"),
    ]

    def __init__(self, workspace: Workspace, title: str, guide: str, choices: Mapping[str, str], at: str | None = None) -> None:
        super().__init__(workspace)
        self.heading, self.guide, self.choices = title, guide, choices
        self.at = at
        """What is highlighted at first; None: the first."""

    def compose(self) -> ComposeResult:
        """Title, guide, choices."""
        with Vertical(classes="box"):
            yield Static(plain(self.heading, STRONG))
            yield Static(plain(self.guide, FAINT))
            options = [Option(one_line(label), id=id) for id, label in self.choices.items()]
            yield Choices(*options, compact=True, markup=False, classes="gap")
            yield Static(plain("Enter chooses, Escape goes back.", FAINT), classes="gap")

    def on_mount(self) -> None:
        """Begin at what is so now."""
        choices = self.query_one(Choices)
        choices.highlighted = list(self.choices).index(self.at) if self.at is not None and self.at in self.choices else 0
        choices.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter."""
        self.dismiss(event.option.id)
