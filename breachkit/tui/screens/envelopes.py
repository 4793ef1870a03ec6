"""The envelopes of a dispatch, a page at a time: how each stands and what happened to it last. Nobody is named unasked."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Static

from breachkit.domain.envelope import STATUSES, Status, said
from breachkit.storage.vault_pages import MOST, Happened, Line
from breachkit.tui.outbox_acts import OutboxActs
from breachkit.tui.outbox_words import MARK, STYLE, about_envelope, addressee, last_words, letters, story, when_short
from breachkit.tui.shown import FAINT, STRONG, one_line, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.workflow.outbox.looking import Meant, Row
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

SHOWN = "NAMES AND ADDRESSES ARE ON THE SCREEN - who stands behind you? p hides them"
_ALL = "all"
_STATUS: dict[str, Status] = {one: one for one in STATUSES}


class EnvelopeRows(Rows):
    """The envelopes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Whole", "Everything that happened to the highlighted envelope"),
        key("space", "screen.tick", "Tick", "Tick the highlighted envelope, or take the tick off", show=False),
    ]


class EnvelopesScreen(OutboxActs):
    """One line for each person, without who it is."""

    NAME = "Envelopes"
    GUIDE = (
        "One line for each person's letter, with the last thing that happened to it. Names and addresses are hidden until p is "
        "pressed. f shows only those with one status; ] and [ turn pages of 1,000. Space ticks; d, t and r act on what is "
        "ticked, or on the highlighted envelope when nothing is."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f", "filter", "Filter", "Only the envelopes with one status"),
        key("p", "people", "Names", "Show names and addresses; again to hide them"),
        key("d", "settle", "Doubt", "Say what became of it: sent, not sent, or again"),
        key("t", "retry", "Retry", "Queue again what was refused or bounced"),
        key("r", "replaced", "Replaced", "They were told by another channel, with its proof"),
        key("right_square_bracket", "next_page", "Next page", "The next 1,000", show=False),
        key("left_square_bracket", "previous_page", "Previous page", "The 1,000 before", show=False),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the outbox"),
    ]

    def __init__(self, workspace: Workspace, incident: str, held: Answer, row: Row) -> None:
        super().__init__(workspace, incident, held)
        self.row = row
        self.lines: list[Line] = []
        self.only: Status | None = None
        self.people = False
        """Whether names and addresses are shown."""
        self.ticked: set[str] = set()
        self.begins = [0]
        """The number each page up to this one begins after."""
        self.doing = ""

    def compose(self) -> ComposeResult:
        """Which ones, the list, the highlighted one in full."""
        yield Headline(f"Outbox > {self.row.dispatch.id}")
        yield Static(SHOWN, id="people-shown", markup=False)
        yield Static(id="outbox-sum")
        yield EnvelopeRows()
        yield Static(id="row-line")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first page."""
        self.query_one("#people-shown").display = False
        if self.held is not None:
            self.query_one(Headline).show(self.held.subject)
        self.query_one(EnvelopeRows).focus()

    def on_resize(self) -> None:
        """Columns follow the width."""
        if self.held is not None:
            self.query_one(Headline).show(self.held.subject)
        self._fill()

    # -- looking ---------------------------------------------------

    def show_answer(self, found: Answer) -> None:
        """The headline, and the page anew."""
        self.query_one(Headline).show(found.subject)
        self.look()

    def look(self) -> None:
        """The counts and this page, read together."""
        one, only, after, people = self.row.dispatch.id, self.only, self.begins[-1], self.people

        def work() -> tuple[list[Row], list[Line]]:
            return self.view.rows(), self.view.page(one, status=only, after=after, people=people)

        self.aside(work, partial(self._take_page, (only, after, people)), group="look")

    def _take_page(self, asked: tuple[Status | None, int, bool], found: tuple[list[Row], list[Line]]) -> None:
        if asked != (self.only, self.begins[-1], self.people):
            return  # names that were asked for and hidden meanwhile are not shown
        self.rows, self.lines = found
        self.row = next((one for one in self.rows if one.dispatch.id == self.row.dispatch.id), self.row)
        self._fill()

    def _fill(self) -> None:
        if not self.size.width:
            return
        wide = self.size.width >= 108
        columns = {"": 2, "Envelope": 14 if wide else 9, "Status": 13}
        columns |= {"Who": 40 if wide else 25} if self.people else {}
        columns |= {"What happened last" if wide or not self.people else "Last": 0, "UTC": 13}
        self.query_one(EnvelopeRows).fill(columns, [(one.id, self._cells(one, wide=wide)) for one in self.lines])
        self._show(self.highlighted)

    def _cells(self, one: Line, *, wide: bool) -> list[Cell]:
        who = [(addressee(one), "")] if self.people else []
        return [
            ("*" if one.id in self.ticked else "", STRONG),
            (one.id[: 12 if wide else 8], FAINT),
            (MARK[one.status], STYLE[one.status]),
            *who,
            (last_words(one), ""),
            (when_short(one.at), FAINT),
        ]

    @property
    def highlighted(self) -> Line | None:
        """The envelope under the cursor."""
        return self._line(self.query_one(EnvelopeRows).chosen)

    def _line(self, id: str | None) -> Line | None:
        return next((one for one in self.lines if one.id == id), None)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """In full beneath."""
        self._show(self._line(event.row_key.value if event.cursor_row >= 0 else None))

    def _show(self, one: Line | None) -> None:
        self.query_one("#row-line", Static).update(plain("No envelope.", FAINT) if one is None else about_envelope(one))
        self.query_one("#outbox-sum", Static).update(one_line(self.doing or self._which()))

    def _which(self) -> str:
        total = self.row.total if self.only is None else self.row.counts[self.only]
        which = "all" if self.only is None else f"only {said(self.only)}"
        first = (len(self.begins) - 1) * MOST + 1
        pages = f"  {first:,} to {first + len(self.lines) - 1:,}: ] and [ turn pages" if total > MOST and self.lines else ""
        ticked = f"  {len(self.ticked):,} ticked" if self.ticked else ""
        one = self.row.dispatch
        return f"{one.id}  {one.finding}  {which}: {total:,} of {letters(self.row.total)}{pages}{ticked}"

    def working(self, doing: str) -> None:
        """Say it at the top."""
        self.doing = doing
        if not doing:
            self.ticked.clear()
        self._show(self.highlighted)

    # -- keys ------------------------------------------------------

    def action_people(self) -> None:
        """Show who they are, or hide it at once."""
        self.people = not self.people
        self.query_one("#people-shown").display = self.people
        self.lines = []
        self._fill()
        self.look()

    def action_filter(self) -> None:
        """Choose a status."""
        from breachkit.tui.screens.choose import ChooseScreen

        choices = {_ALL: f"all         {self.row.total:,}"}
        choices |= {one: f"{MARK[one]:<12}{self.row.counts[one]:,}" for one in STATUSES if self.row.counts[one]}

        def chosen(status: str | None) -> None:
            if status is not None:
                self.only = _STATUS.get(status)
                self.begins = [0]
                self.ticked.clear()
                self.look()

        screen = ChooseScreen(self.workspace, "Show which?", "By status.", choices, self.only or _ALL)
        self.app.push_screen(screen, chosen)

    def action_next_page(self) -> None:
        """The next ones."""
        if len(self.lines) == MOST:
            self.begins.append(self.lines[-1].n)
            self.look()

    def action_previous_page(self) -> None:
        """The ones before."""
        if len(self.begins) > 1:
            self.begins.pop()
            self.look()

    def action_tick(self) -> None:
        """Tick the highlighted one, and go on to the next."""
        if (one := self.highlighted) is not None:
            self.ticked ^= {one.id}
            table = self.query_one(EnvelopeRows)
            table.update_cell_at(
                table.cursor_coordinate._replace(column=0), one_line("*" if one.id in self.ticked else "", STRONG)
            )
            table.action_cursor_down()
            self._show(self.highlighted)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Its whole story."""
        id = event.row_key.value
        if id is not None:
            self.aside(lambda: self.view.story(id), partial(self._tell, id), group="story")

    def _tell(self, id: str, found: list[Happened]) -> None:
        from breachkit.tui.screens.reading import ReadingScreen

        self.app.push_screen(ReadingScreen(self.workspace, f"Envelope {id}", story(found)))

    def meant(self, statuses: tuple[Status, ...], may: tuple[Status, ...] = ()) -> Meant | None:
        """What is ticked, else the highlighted one; of those ticked the rules of envelopes say whether it may be done."""
        one = self.highlighted
        ids = tuple(sorted(self.ticked)) or ((one.id,) if one is not None else ())
        if one is None or not ids:
            self.say("There is no envelope here.")
            return None
        if not self.ticked and one.status not in (*statuses, *may):
            self.say(f"It is {said(one.status)}, not {' or '.join(said(status) for status in (may or statuses))}.")
            return None
        return Meant(self.row.dispatch.id, statuses, len(ids), ids)
