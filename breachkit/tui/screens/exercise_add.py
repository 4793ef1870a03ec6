"""A message made up by the facilitator during an exercise: how it comes, from whom, what it says, and when."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from breachkit.domain.exercise.scenario import CHANNELS, Inject
from breachkit.domain.periods import show
from breachkit.errors import BreachkitError
from breachkit.tui.exercise_words import CHANNEL, read_moment, read_span
from breachkit.tui.of_exercise import ModalOfExercise
from breachkit.tui.shown import BAD, FAINT, STRONG, lines, plain
from breachkit.tui.widgets.answers import Paragraph
from breachkit.tui.working import key


class AddInjectScreen(ModalOfExercise[Inject]):
    """Dismisses with the message; its id is given when it is added."""

    NAME = "Add a message"
    GUIDE = (
        "Choose how it comes, Tab, who sends it (a role, such as A customer), Tab, what it says. When: empty sends it now; "
        "+30min, 18:00 or 2026-11-20T09:00 later. Wanted: within which time the sender wants an answer; empty: none. "
        "Ctrl+S adds it. It stays in the record as made up during the exercise."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "save", "Add", "Add this message"),
        key("f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def compose(self) -> ComposeResult:
        """Channel, sender, text, when."""
        with Vertical(classes="box -tight"):
            yield Static(plain("ADD A MESSAGE", STRONG))
            yield OptionList(*[Option(CHANNEL[id], id=id) for id in CHANNELS], compact=True, markup=False)
            yield Input(compact=True, id="add-sender", placeholder="Who sends it? A role: A customer")
            yield Static(plain("What does it say?", STRONG))
            yield Paragraph()
            yield Input(compact=True, id="add-when", placeholder="When? empty: now; +30min, 18:00, 2026-11-20T09:00")
            yield Input(compact=True, id="add-wanted", placeholder="Wants an answer within? empty: no time; 2h, 90min")
            yield Static(plain("Tab moves on, Ctrl+S adds it, Escape goes back.", FAINT), id="add-said")

    def on_mount(self) -> None:
        """Begin with how it comes."""
        options = self.query_one(OptionList)
        options.highlighted = 0
        options.focus()

    @property
    def dirty(self) -> bool:
        """Whether something was written."""
        return bool(self._text() or any(one.value.strip() for one in self.query(Input)))

    def _text(self) -> str:
        return self.query_one(Paragraph).text.strip()

    def _value(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value.strip()

    def on_option_list_option_selected(self) -> None:
        """Enter goes on."""
        self.query_one("#add-sender").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last line it adds."""
        if event.input.id == "add-wanted":
            self.action_save()
        else:
            self.focus_next()

    def on_paragraph_submitted(self) -> None:
        """Enter in the text goes on."""
        self.query_one("#add-when").focus()

    def action_save(self) -> None:
        """Check it and go back with it."""
        sender, text, when, wanted = self._value("add-sender"), self._text(), self._value("add-when"), self._value("add-wanted")
        if not sender or not text:
            self._say("A message needs a sender and its words.", "add-sender" if not sender else "")
            return
        now, zone = self.state.now, self.scenario.zone
        try:
            at = read_moment(when, now, zone) if when else now
            pressure = read_span(wanted) if wanted else None
        except BreachkitError as problem:
            self._say(str(problem), "add-when")
            return
        if not now <= at < self.scenario.end:
            self._say(f"{show(at, zone)} does not lie between now and the end of the exercise.", "add-when")
            return
        channel = CHANNELS[self.query_one(OptionList).highlighted or 0]
        self.dismiss(Inject("added", channel, sender, text, at - self.scenario.begin, pressure=pressure, added=True))

    def _say(self, text: str, at: str = "") -> None:
        self.query_one("#add-said", Static).update(lines(plain("NOT ADDED", BAD), plain(text, BAD)))
        if at:
            self.query_one(f"#{at}").focus()
