"""The duties in a table, most urgent first, one line for laws nobody points to yet, and the highlighted one in two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DataTable, Static

from breachkit.domain.findings import Assessment, Finding
from breachkit.tui.shown import (
    BAD,
    FAINT,
    STYLE,
    Urgency,
    due_short,
    lines,
    one_line,
    time_left,
    time_left_short,
    to_short,
    urgency,
)
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.workflow.words import due_caveats, due_words, elsewhere_needs, elsewhere_words, recipient_words, status_word

_HIDDEN = ("not_owed", "not_in_force")


class DutyRows(Rows):
    """The table itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Duty", "Everything about the highlighted duty: why, by when, to whom, its notice"),
    ]


class Duties(Vertical):
    """A table of findings."""

    @dataclass
    class Opened(Message):
        """The person wants to see this duty."""

        id: str

    def __init__(self) -> None:
        super().__init__()
        self.assessment: Assessment | None = None
        self.everything = False
        """Whether what is not owed and not in force is listed too."""

    def compose(self) -> ComposeResult:
        """Table and detail."""
        yield DutyRows()
        yield Static(id="duty-folded")
        yield Static(id="duty-line")

    def show(self, assessment: Assessment) -> None:
        """List the findings, keeping the highlighted one."""
        self.assessment = assessment
        self._fill()

    def toggle(self) -> None:
        """List what is settled by not being owed, or leave it out again."""
        self.everything = not self.everything
        self._fill()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self._fill()

    @property
    def table(self) -> DutyRows:
        """The table inside."""
        return self.query_one(DutyRows)

    @property
    def highlighted(self) -> Finding | None:
        """The finding under the cursor."""
        chosen = self.table.chosen
        return self.assessment.find(chosen) if self.assessment is not None and chosen is not None else None

    def _fill(self) -> None:
        if self.assessment is None or not self.size.width:
            return
        wide = self.size.width >= 108
        columns = {"Status": 11, "Duty": 0, "To": 27, "Due": 22, "Left": 15}
        columns = columns if wide else {"Status": 9, "Duty": 0, "To": 12, "Due": 14, "Left": 12}
        found = self.assessment.findings
        shown = [one for one in found if self.everything or (one.status not in _HIDDEN and not one.aside)]
        now = self.assessment.now
        self.table.fill(columns, [(finding.id, _cells(finding, now, wide=wide)) for finding in shown])
        folded = self.query_one("#duty-folded", Static)
        folded.display = bool(self.assessment.elsewhere) and not self.everything
        if folded.display:
            folded.update(one_line(_folded(self.assessment), FAINT, self.size.width - 2))
        self._detail()

    def _detail(self) -> None:
        finding = self.highlighted
        line = self.query_one("#duty-line", Static)
        if finding is None:
            waiting = self.assessment is not None and self.assessment.elsewhere
            text = "Nothing points to one law yet; x lists them all." if waiting else "No duty so far."
            line.update(one_line(f"{text} Answer the question below.", FAINT))
            return
        width = self.size.width - 2
        caveats = "; ".join(due_caveats(finding.due))
        decided = f"  decided: {finding.decision.choice}" if finding.decision is not None else ""
        again = " - REOPENED, a fact changed" if finding.decision is not None and finding.decision.reopened else ""
        first = one_line(f"{finding.id}  to {recipient_words(finding)}{decided}{again}", FAINT, width)
        text = f"Due {due_words(finding.due)}" if finding.open else f"{status_word(finding)}: {because(finding)}"
        second = one_line(f"{text}  {caveats if finding.open else ''}", BAD if caveats and finding.open else FAINT, width)
        line.update(lines(first, second))

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Show the whole of it."""
        event.stop()
        self._detail()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Ask for the duty's own screen."""
        event.stop()
        if event.row_key.value:
            self.post_message(self.Opened(event.row_key.value))


_KEYS = {"where all affected people live": "Say where people live (p)"}


def _folded(assessment: Assessment) -> str:
    """What is left out of the table, after what to say first: the end may be cut."""
    what = elsewhere_needs(assessment)[0][0] if elsewhere_needs(assessment) else "more"
    return f"{_KEYS.get(what, f'Say {what} (f)')}: {elsewhere_words(assessment)}"


def _cells(finding: Finding, now: datetime, *, wide: bool) -> list[Cell]:
    how_soon = urgency(finding, now)
    loud = STYLE[how_soon]
    style = BAD if how_soon is Urgency.OVERDUE else loud
    left = time_left(finding, now) if wide else time_left_short(finding, now)
    to = finding.recipient.name if wide else to_short(finding)
    row = (status_word(finding), finding.title, to, due_short(finding, wide=wide), left)
    return [(text, loud if text in (row[0], left) else style) for text in row]


def because(finding: Finding) -> str:
    """The reasons that decided it, on one line."""
    if finding.replaced_by:
        return f"replaced by {finding.replaced_by}"
    return "; ".join(reason.text for reason in finding.because) or "by the law itself"
