"""The fields of an authority's portal in the portal's own order, each with the answer to copy and what is still to find out."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Static

from breachkit.documents.worksheet import head_lines, hints, place_of, tally
from breachkit.domain.worksheet_answers import Answered, FilledSheet
from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.fact_doors import open_one_of
from breachkit.tui.listing import Listing
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, clean, lines, one_line, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Rows
from breachkit.tui.working import key
from breachkit.workflow.subjects import Answer
from breachkit.workflow.worksheets import fill_worksheet, hints_for
from breachkit.workflow.workspace import Workspace

_STATUS = {
    "known": ("known", ""), "estimated": ("estimated", ""), "unknown": ("NOT KNOWN", WARN), "person": ("FOR A PERSON", STRONG),
    "not_applicable": ("leave out", FAINT),
}  # fmt: skip


class FieldRows(Rows):
    """The fields."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Record", "Record the fact the highlighted field waits for"),
    ]


class WorksheetScreen(Listing):
    """One portal's worksheet."""

    NAME = "Worksheet"
    ROWS = FieldRows
    GUIDE = (
        "The fields of the authority's form, in its order. Fill the form in beside this screen: "
        "c copies the answer of the highlighted field, whole. NOT KNOWN: Enter records the fact it waits for. "
        "FOR A PERSON: somebody decides, attaches or signs; what stands there is a suggestion. "
        "TOO LONG: the form takes fewer characters; nothing was cut. Nobody approved these answers: check each."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("c", "copy", "Copy", "Copy the answer of the highlighted field to the clipboard"),
        key("v", "whole", "Whole", "Show the highlighted field in full: answer, options, notes"),
        key("o", "only_open", "Open", "Only the fields somebody still has to do something about; again for all"),
        key("i", "about", "About", "What to know before the form is opened, and where its fields come from"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the notice"),
    ]

    def __init__(self, workspace: Workspace, incident: str, duty: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.duty = duty
        self.filled: FilledSheet | None = None
        self.hints: list[str] = []
        self.only_open = False

    def compose(self) -> ComposeResult:
        """The form, its fields, and the highlighted one on lines of its own."""
        yield Headline(self.NAME)
        yield Static(id="sheet-head")
        yield FieldRows()
        yield Static(id="row-line")
        yield Footer()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self._draw()

    def show_answer(self, found: Answer) -> None:
        """Answer every field, in a thread."""
        self.query_one(Headline).show(found.subject)

        def work(_: Journal) -> tuple[FilledSheet, list[str]]:
            finding = found.finding(self.duty)
            return fill_worksheet(found, finding, self.workspace), hints_for(finding, self.workspace)

        self.read(work, self._filled)

    def refused(self, problem: BreachkitError) -> None:
        """Say it where the form is named."""
        self.query_one("#sheet-head", Static).update(plain(str(problem), BAD))

    def _filled(self, what: tuple[FilledSheet, list[str]]) -> None:
        self.filled, said = what
        self.hints = [hint.partition("; see `")[0] for hint in said]  # what follows names a command
        self._draw()

    # -- on the screen ---------------------------------------------

    def _draw(self) -> None:
        filled, width = self.filled, self.size.width
        if filled is None or not width:
            return
        wide = width >= 108
        said = [
            one_line(filled.sheet.title, STRONG, width - 2),
            one_line(f"{tally(filled)}  (i: about the form)", "", width - 2),
        ]
        said += [one_line(hint, WARN, width - 2) for hint in self.hints]
        self.query_one("#sheet-head", Static).update(lines(*said))
        columns = {"Part": 18 if wide else 14, "Field": 0, "Answer": 0, "Status": 14} | ({"Record": 28} if wide else {})
        rows, before = [], 0
        for number, one in enumerate(filled.answers):
            if self.only_open and not one.open:
                continue
            part = f"{one.part} {one.part_title}" if one.part != before else ""
            word, style = status_of(one)
            cells = [(part, STRONG), (f"{one.n} {one.field.label}", style), (one.answer, style), (word, style)]
            rows.append((str(number), cells + ([(", ".join(one.record), FAINT)] if wide else [])))
            before = one.part
        table = self.query_one(FieldRows)
        table.fill(columns, rows)
        if not rows:
            self.query_one("#row-line", Static).update(plain("Every field has its answer.", STRONG))

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The field beneath: where it stands, its answer, what to do about it."""
        one = self._field(event.row_key.value)
        if one is None:
            return
        width = max(self.size.width - 2, 20)
        room = width * (6 if self.size.height >= 34 else 2)
        answer = clean(one.answer)
        cut = f"{answer[: room - 30].rstrip()} ... (v shows it whole)" if len(answer) > room else answer
        said = [plain(f"{place_of(one)}: {one.field.label}", STRONG)]
        said += [plain(cut)] if answer else []
        said += [plain(hint, BAD if hint.startswith("TOO LONG") else FAINT) for hint in hints(one)]
        self.query_one("#row-line", Static).update(lines(*said))

    def _field(self, id: str | None) -> Answered | None:
        return self.filled.answers[int(id)] if self.filled is not None and id is not None else None

    @property
    def chosen(self) -> Answered | None:
        """The highlighted field; None when there is none."""
        return self._field(self.query_one(FieldRows).chosen)

    # -- keys ------------------------------------------------------

    def action_copy(self) -> None:
        """Copy the answer."""
        one = self.chosen
        if one is None:
            return
        if not one.answer:
            self.say(f"{place_of(one)} has no answer to copy yet.", "warning")
            return
        self.app.copy_to_clipboard(clean(one.answer))
        but = {"person": " It is a suggestion: a person decides.", "unknown": " It is for now: the fact is not known yet."}
        long = f" TOO LONG: {one.length} of {one.field.limit} characters." if one.too_long else ""
        said = f"Copied {place_of(one)}, {one.length} characters.{but.get(one.status, '')}{long}"
        self.say(
            f"{said} If nothing arrives, your terminal does not pass it on: v shows it whole.",
            "warning" if long else "information",
        )

    def action_whole(self) -> None:
        """The field in full."""
        from breachkit.tui.screens.reading import ReadingScreen

        one = self.chosen
        if one is not None:
            waits = [f"Waits for: {', '.join(one.record)}"] if one.record else []
            said = [place_of(one), one.part_title, "", one.answer or "(no answer)", "", *hints(one), *waits]
            self.app.push_screen(ReadingScreen(self.workspace, one.field.label, "\n".join(said)))

    def action_about(self) -> None:
        """What to know of the form."""
        from breachkit.tui.screens.reading import ReadingScreen

        if self.filled is not None:
            text = "\n\n".join([*self.hints, *head_lines(self.filled)])
            self.app.push_screen(ReadingScreen(self.workspace, self.filled.sheet.title, text))

    def action_only_open(self) -> None:
        """Leave out what is done, or show all."""
        self.only_open = not self.only_open
        self._draw()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Record what it waits for."""
        one = self._field(event.row_key.value)
        if one is None:
            return
        if one.record:
            open_one_of(self, one.record)
        elif one.status == "person":
            self.say("No fact answers this field: decide it in the form itself.")
        else:
            self.say("This field waits for nothing. A fact behind it is corrected on the facts' screen (f on the incident).")


def status_of(one: Answered) -> tuple[str, str]:
    """A word for the column, and its style."""
    return ("TOO LONG", BAD) if one.too_long else _STATUS[one.status]
