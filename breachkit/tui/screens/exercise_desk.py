"""The facilitator's desk: what is to come, what happened, what lies behind; keys that send, hold, skip, add and move time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Footer, Static

from breachkit.domain.exercise.scenario import Inject
from breachkit.domain.journal import Entry
from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show
from breachkit.tui.exercise_clock_keys import MovesClock
from breachkit.tui.exercise_outlook import (
    Outlook,
    action_lines,
    outlook,
    outlook_line,
    since_words,
    truth_lines,
    what_happened,
)
from breachkit.tui.exercise_words import CHANNEL, clock_short, from_whom, when_planned
from breachkit.tui.shown import FAINT, STRONG, WARN, lines, one_line, plain
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.workflow.exercise.drill import Drill, Upcoming
from breachkit.workflow.workspace import Workspace

_PANES = ("inject", "truth", "actions")


class Coming(Rows):
    """Messages still to come."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Whole", "Show the highlighted message in full, with its note", show=False),
    ]


class SoFar(Rows):
    """What was sent, and what the team did."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Whole", "Show the highlighted line in full"),
    ]


class FacilitatorScreen(MovesClock[None]):
    """Everything a facilitator needs, on one screen."""

    NAME = "Facilitator"
    GUIDE = (
        "Left: the messages to come, with their virtual time; waits: for something the team has not done; HELD: you keep it "
        "back. Right: what was sent and what the team does, newest first. Beneath: the highlighted message with your note, "
        "what is true and can be known now, and what a good team does; d goes from one to the next on a small terminal. "
        "Space lets time run or stand. The board with the team's incident lies beneath: Escape goes there, F4 comes back."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("s", "send", "Send", "Send the highlighted message now, whatever it waits for"),
        key("h", "hold", "Hold", "Keep the highlighted message back, or release it"),
        key("x", "skip", "Skip", "Leave the highlighted message out for good"),
        key("a", "add", "Add", "Send a message of your own, now or later"),
        key("d", "details", "Details", "Beneath: the message, the truth, or what is expected"),
        key("o", "notes", "Notes", "The scenario's notes for you", show=False),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Board", "The board and the team's incident; F4 comes back", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.pane = 0
        self.outlook: Outlook | None = None
        self.journals: tuple[tuple[Entry, ...], tuple[Entry, ...]] = ((), ())
        """The exercise's own entries, and the team's."""
        self.judged: object = None
        self.listed: dict[str, object] = {}

    def compose(self) -> ComposeResult:
        """From what presses most down."""
        yield Static(one_line("breachkit  >  Facilitator", STRONG), classes="title")
        yield Static(id="desk-head")
        with Horizontal(id="desk-lists"):
            with Vertical():
                yield Static(plain("TO COME", STRONG))
                yield Coming()
            with Vertical():
                yield Static(plain("SO FAR", STRONG))
                yield SoFar()
        with Horizontal(id="desk-panes"):
            for pane in _PANES:
                with VerticalScroll(id=f"pane-{pane}"):
                    yield Static(id=f"desk-{pane}")
        yield Footer()

    def on_mount(self) -> None:
        """Take the clock over, standing, when nobody else moves it."""
        self.query_one(Coming).focus()
        if self.state.ended_at is None:
            self.at_drill(_take_over)

    # -- showing ---------------------------------------------------

    def show_state(self) -> None:
        """What can be shown at once; the journals and the deadlines are looked up in a thread."""
        if not self.size.width:
            return
        self._show_coming()
        self._show_so_far()
        self._show_panes()
        self._show_head()
        self.look(lambda drill: (drill.events, drill.entries), self._take_journals)

    def _take_journals(self, found: tuple[tuple[Entry, ...], tuple[Entry, ...]]) -> None:
        self.journals = found
        self._show_so_far()
        known = (len(found[1]), len(self.state.doings.fired), int(self.state.now.timestamp()) // 1800)
        if self.judged != known:
            self.judged = known
            self.look(outlook, self._take_outlook, group="outlook")

    def _take_outlook(self, found: Outlook) -> None:
        self.outlook = found
        self._show_head()

    def _show_head(self) -> None:
        state, drill = self.state, self.drill
        wide = max(self.size.width - 2, 20)
        first = outlook_line(self.outlook, state.now, self.scenario.zone, state.doings.declared_at)
        first.truncate(wide, overflow="ellipsis")
        second = f"{since_words(state, drill)}; {len(state.inbox)} sent, {len(state.upcoming)} to come"
        self.query_one("#desk-head", Static).update(lines(first, one_line(second, FAINT, wide)))

    def _show_coming(self) -> None:
        zone, half = self.scenario.zone, max(self.size.width // 2 - 2, 36)
        wide = self.has_class("-wide")
        rows: list[tuple[str, list[Cell]]] = []
        for up in self.state.upcoming:
            when = when_planned(up, zone)
            style = WARN if up.held else FAINT if up.planned is None else ""
            cells: list[Cell] = [(when, style), (CHANNEL[up.inject.channel], style), (up.inject.id, style)]
            rows.append((up.inject.id, [*cells, (up.waits, FAINT)] if wide else cells))
        columns = {"When": 10, "How": 10}
        more = {"What": 20, "Waits for": half - 40} if wide else {"What": half - 20}
        self._fill(Coming, columns | more, rows)

    def _show_so_far(self) -> None:
        zone, half = self.scenario.zone, max(self.size.width // 2 - 12, 20)
        rows: list[tuple[str, list[Cell]]] = [
            (one.id, [(clock_short(one.at, zone), FAINT), (f"{one.who}: {one.what}", WARN if one.loud else "")])
            for one in what_happened(*self.journals)
        ]
        if self._fill(SoFar, {"When": 10, "What": half}, rows) and not self.query_one(SoFar).has_focus:
            self.query_one(SoFar).move_cursor(row=0)  # nobody reads further back: the newest stays in sight

    def _fill(self, which: type[Rows], columns: dict[str, int], rows: list[tuple[str, list[Cell]]]) -> bool:
        """List them if they changed, so that the highlighted one stays where it is; whether they did."""
        now = (rows, columns)
        changed = self.listed.get(which.__name__) != now
        if changed:
            self.listed[which.__name__] = now
            self.query_one(which).fill(columns, rows)
        return changed

    @property
    def chosen(self) -> Upcoming | None:
        """The highlighted message to come."""
        id = self.query_one(Coming).chosen
        return next((up for up in self.state.upcoming if up.inject.id == id), None)

    def _show_panes(self) -> None:
        wide = self.has_class("-wide")
        words = {
            "inject": lambda: self._inject_lines(self.chosen),
            "truth": lambda: truth_lines(self.drill, self.state),
            "actions": lambda: action_lines(self.drill, self.state),
        }
        for index, pane in enumerate(_PANES):
            self.query_one(f"#pane-{pane}").display = wide or index == self.pane
            self.query_one(f"#desk-{pane}", Static).update(lines(*words[pane]()))

    def _inject_lines(self, up: Upcoming | None) -> Iterator[Text]:
        if up is None:
            yield plain("Nothing is left to send; a sends one of your own.", FAINT)
            return
        one, zone = up.inject, self.scenario.zone
        yield plain(f"{one.id}: {from_whom(one, self.scenario)}", STRONG)
        when = f"Planned for {show(up.planned, zone)}" if up.planned is not None else f"Not before {self._not_before(one)}"
        yield plain(f"HELD. {when}" if up.held else when, WARN if up.held else FAINT)
        if up.waits:
            met = up.planned is not None
            yield plain(f"Came to pass: {up.waits}" if met else f"Waits until {up.waits}", FAINT if met else WARN)
        if one.pressure is not None:
            yield plain(f"Wants an answer within {say_offset(one.pressure)}", FAINT)
        if one.asks:
            yield plain(f"Asks: {', '.join(one.asks)}", FAINT)
        yield plain(one.text)
        if one.note:
            yield plain(f"NOTE: {one.note}", WARN)

    def _not_before(self, inject: Inject) -> str:
        return show(self.scenario.begin + inject.at, self.scenario.zone)

    def on_data_table_row_highlighted(self) -> None:
        """The highlighted message beneath."""
        self._show_panes()

    def on_data_table_row_selected(self) -> None:
        """In full."""
        from breachkit.tui.screens.reading import ReadingScreen

        table = self.focused
        if isinstance(table, SoFar):
            found = next((one for one in what_happened(*self.journals) if one.id == table.chosen), None)
            if found is not None:
                text = f"{show(found.at, self.scenario.zone)}\nby {found.who}\n\n{found.what}"
                self.app.push_screen(ReadingScreen(self.workspace, "What happened", text))
        elif (up := self.chosen) is not None:
            text = lines(*self._inject_lines(up)).plain
            self.app.push_screen(ReadingScreen(self.workspace, f"Message '{up.inject.id}'", text))

    # -- keys ------------------------------------------------------

    def action_details(self) -> None:
        """The next of the three."""
        self.pane = (self.pane + 1) % len(_PANES)
        self._show_panes()

    def action_notes(self) -> None:
        """The scenario's notes."""
        from breachkit.tui.screens.reading import ReadingScreen

        self.app.push_screen(ReadingScreen(self.workspace, "Notes for the facilitator", self.scenario.facilitator))

    def action_send(self) -> None:
        """Ask, since nothing that was sent can be taken back."""
        if (up := self.chosen) is not None:
            one = up.inject
            text = f"Send '{one.id}' ({from_whom(one, self.scenario)}) to the team now? It cannot be taken back."
            self.confirm(text, "send it", lambda: self.at_drill(lambda drill: drill.send(one.id)))

    def action_hold(self) -> None:
        """Keep it back, or let it go."""
        if (up := self.chosen) is None:
            return
        id, held = up.inject.id, up.held
        self.at_drill(lambda drill: drill.release(id) if held else drill.hold(id))

    def action_skip(self) -> None:
        """Ask, and leave it out."""
        if (up := self.chosen) is not None:
            id = up.inject.id
            text = f"Leave '{id}' out for good? What waits for it will not come either."
            self.confirm(text, "leave it out", lambda: self.at_drill(lambda drill: drill.skip(id)))

    def action_add(self) -> None:
        """A message of one's own."""
        from breachkit.tui.screens.exercise_add import AddInjectScreen

        def made(inject: Inject | None) -> None:
            if inject is not None:
                self.at_drill(lambda drill: drill.add(inject), lambda done: self.say(f"Added: {done.id}."))

        self.app.push_screen(AddInjectScreen(self.workspace), made)

    def action_leave(self) -> None:
        """The board beneath; F4 comes back."""
        self.dismiss(None)


def _take_over(drill: Drill) -> None:
    """Whoever sits down finds time standing, at the moment at which it was left, also when the last session was killed."""
    if not drill.drives:
        drill.drive()
        if drill.clock().running:
            drill.pause()
