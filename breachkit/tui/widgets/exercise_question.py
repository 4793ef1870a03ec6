"""A question the world asks a team: its options, and a line for why. It posts the answer; the score says if it was right."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from breachkit.domain.exercise.scenario import Question
from breachkit.tui.shown import FAINT, STRONG, plain

_AWAY = "Enter goes to the answers; the first one given counts."
_CHOOSE = "CHOOSE with the arrows; Enter goes on to why."
_WHY = "WHY? Enter answers, for good."


class QuestionBox(Vertical):
    """One question at a time; hidden while there is none."""

    @dataclass
    class Answered(Message):
        """The team chose."""

        question: str
        option: str
        why: str

    def __init__(self) -> None:
        super().__init__()
        self.question: Question | None = None

    def compose(self) -> ComposeResult:
        """Question, options, why."""
        yield Static(id="box-question")
        yield Static(id="box-said")
        yield OptionList(compact=True, markup=False)
        yield Input(compact=True, placeholder="Why? (may stay empty)", id="box-why")

    def show(self, question: Question | None, role: str = "") -> None:
        """Ask this one, of that role (empty: of everybody); what is being chosen stays while the question is the same."""
        self.display = question is not None
        if question == self.question:
            return
        self.question = question
        options = self.query_one(OptionList)
        options.clear_options()
        self.query_one("#box-why", Input).value = ""
        if question is None:
            return
        who = f" to {role}" if role else ""
        self.query_one("#box-question", Static).update(plain(f"QUESTION{who}: {question.text}", STRONG))
        self._hint(_AWAY)
        options.add_options([Option(plain(option.text), id=option.id) for option in question.options])
        options.highlighted = 0

    @property
    def dirty(self) -> bool:
        """Whether a reason was begun."""
        return self.question is not None and bool(self.query_one("#box-why", Input).value.strip())

    def begin(self) -> None:
        """Go to the options."""
        if self.question is not None:
            self.query_one(OptionList).focus()

    def on_descendant_focus(self) -> None:
        """Say what Enter does now."""
        self._hint(_WHY if self.query_one("#box-why").has_focus else _CHOOSE)

    def on_descendant_blur(self) -> None:
        """Nothing, from here."""
        self._hint(_AWAY)

    def _hint(self, text: str) -> None:
        self.query_one("#box-said", Static).update(plain(text, FAINT))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on an option goes on to why."""
        event.stop()
        self.query_one("#box-why").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter there answers."""
        event.stop()
        highlighted = self.query_one(OptionList).highlighted
        if self.question is None or highlighted is None:
            return
        option = self.query_one(OptionList).get_option_at_index(highlighted).id
        if option is not None:
            self.post_message(self.Answered(self.question.id, option, event.value.strip()))
