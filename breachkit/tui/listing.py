"""A table over one incident with the highlighted row in full beneath: what the facts and the timeline share."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Footer, Static

from breachkit.tui.of_incident import OfIncident
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Rows
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace


class Listing(OfIncident[None]):
    """Shows what is held at once and follows the width; a subclass fills the rows in `show_answer`."""

    ROWS: ClassVar[type[Rows]]
    """The table's class, which carries its keys."""

    def __init__(self, workspace: Workspace, incident: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)

    def compose(self) -> ComposeResult:
        """The table, and the highlighted row on lines of its own."""
        yield Headline(self.NAME)
        yield self.ROWS()
        yield Static(id="row-line")
        yield Footer()

    def on_mount(self) -> None:
        """Show what is held already."""
        if self.held is not None:
            self.show_answer(self.held)
        self.query_one(self.ROWS).focus()

    def on_resize(self) -> None:
        """Columns follow the width."""
        if self.held is not None:
            self.show_answer(self.held)
