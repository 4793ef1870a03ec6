"""The board: every incident with its nearest deadline. The first thing a person sees."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Footer, Static

from breachkit.storage.journal import Journal
from breachkit.tui.shown import BAD, FAINT, STRONG, STYLE, WARN, Urgency, lines, one_line, plain, time_left, urgency
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import Working, key
from breachkit.workflow.board import BoardLine, board
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.words import due_words, recipient_words

_EMPTY = """No incident is recorded here.

Something happened?  Press n and answer four short questions. The clocks start at once, and everything can be \
corrected later: nothing is lost, every change stays in the timeline.

Only looking?  Leave with q and run `breachkit demo`: an invented incident to try things on."""

_IN_EXERCISE = """No incident is open. When something has happened: press n and answer four short questions.

F2 the inbox   F3 ask for what you want to know   b the briefing in full"""


class Incidents(Rows):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Open", "Open the highlighted incident"),
    ]


class BoardScreen(Working[None]):
    """All incidents."""

    NAME = "Incidents"
    GUIDE = (
        "Every incident in this journal, the one with the nearest deadline first. "
        "Press n when something has happened, Enter to open the highlighted incident."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("n", "declare", "New incident", "Something happened: open an incident in four answers"),
        key("q", "app.quit", "Quit", "Leave breachkit; everything recorded stays"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Nothing is behind this screen", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Title, first-run line, list or what to do."""
        yield Static(one_line("breachkit  >  Incidents", STRONG), classes="title")
        yield Static(plain(NOT_ADVICE, FAINT), id="advice")
        yield Static(id="damage")
        with Vertical():
            yield Incidents()
            yield Static(id="incident-line")
            yield Static(plain(self._empty()), id="empty")
        yield Footer()

    def _empty(self) -> str:
        drill = self.workspace.exercise
        if drill is None:
            return _EMPTY
        told = plain_words(drill.scenario.briefing)
        if drill.facilitator:
            return f"The team has not opened an incident yet. F4 goes back to the desk.\n\n{told}"
        return f"{_IN_EXERCISE}\n\n{told}"

    def on_mount(self) -> None:
        """Show deadlines as they come nearer."""
        self.rows: tuple[BoardLine, ...] = ()
        self.looked = False
        self.query_one("#empty").display = False
        self.query_one("#damage").display = False
        self.set_interval(30, self.load)

    def on_screen_resume(self) -> None:
        """Look again whenever the board comes to the front."""
        self.load()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self.show(self.rows)

    def journal_changed(self) -> None:
        """Somebody wrote: look again."""
        self.load()

    def load(self) -> None:
        """Work every incident out, in a thread."""

        def look(journal: Journal) -> tuple[tuple[BoardLine, ...], list[str]]:
            trouble = [f"DAMAGED: {journal.damaged}"] if journal.damaged else []
            return board(journal, self.workspace), [*trouble, *journal.warnings]

        def then(found: tuple[tuple[BoardLine, ...], list[str]]) -> None:
            rows, trouble = found
            self.looked = True
            damage = self.query_one("#damage", Static)
            damage.display = bool(trouble)
            damage.update(plain("\n".join(trouble), BAD))
            self.show(rows)

        self.read(look, then)

    def show(self, rows: tuple[BoardLine, ...]) -> None:
        """List them; say what to do when there is none."""
        self.rows = rows
        table = self.query_one(Incidents)
        table.display = self.query_one("#incident-line").display = bool(rows)
        self.query_one("#empty").display = not rows and self.looked
        if not rows or not self.size.width:
            return
        wide = self.size.width >= 108
        columns = {"Id": 8, "Incident": 0, "Status": 8, "Left": 20 if wide else 16, "Nearest duty": 38 if wide else 20}
        table.fill(columns, [(row.id, self._cells(row, wide=wide)) for row in rows])
        if self.focused is None:
            table.focus()

    def _cells(self, row: BoardLine, *, wide: bool) -> list[Cell]:
        mark = "INVENTED: " if row.invented and self.workspace.exercise is None else ""
        start = [(row.id, ""), (f"{mark}{row.title}", WARN if mark else STRONG), (row.status, "")]
        if row.trouble:
            return [*start, ("CANNOT BE READ", BAD), (row.trouble, BAD)]
        if row.nearest is None:
            return [*start, ("no deadline", FAINT), ("", "")]
        how_soon = urgency(row.nearest, row.now)
        style = BAD if how_soon is Urgency.OVERDUE else STYLE[how_soon]
        return [
            *start,
            (time_left(row.nearest, row.now), STYLE[how_soon]),
            (f"{row.nearest.title} - {row.nearest.recipient.name}" if wide else row.nearest.title, style),
        ]

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The highlighted incident in full."""
        row = next((one for one in self.rows if one.id == event.row_key.value), None)
        if row is None:
            return
        said = [plain(f"{row.id}  {row.title}", STRONG)]
        if row.trouble:
            said.append(plain(row.trouble, BAD))
        elif row.nearest is not None:
            who = f"{row.nearest.title} - {recipient_words(row.nearest)}"
            said.append(plain(f"{who}. Due {due_words(row.nearest.due)}.", FAINT))
        if row.uncovered:
            said.append(plain(f"NO LAW LOADED for {row.uncovered} of the places where people live.", WARN))
        self.query_one("#incident-line", Static).update(lines(*said))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Open the incident."""
        self._open(event.row_key.value)

    def _open(self, incident: str | None) -> None:
        from breachkit.tui.screens.incident import IncidentScreen

        if incident is not None:
            self.app.push_screen(IncidentScreen(self.workspace, incident))

    def action_declare(self) -> None:
        """Declare an incident, then go to it."""
        from breachkit.tui.screens.declare import DeclareScreen

        self.app.push_screen(DeclareScreen(self.workspace), self._open)

    def action_leave(self) -> None:
        """There is nothing behind the board."""


def plain_words(markdown: str) -> str:
    """A short text written in Markdown, without its marks of emphasis, its paragraphs as wide as the screen."""
    blocks = markdown.replace("**", "").replace("__", "").strip().split("\n\n")
    return "\n\n".join(block if block.lstrip().startswith(("-", "*", "1.")) else " ".join(block.split()) for block in blocks)
