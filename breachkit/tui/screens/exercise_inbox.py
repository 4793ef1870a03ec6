"""The inbox of a team in an exercise: what reached it, newest first, and the questions put with it, answered in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Footer, Static

from breachkit.domain.exercise.scenario import Question
from breachkit.tui.exercise_words import CHANNEL, clock_short, message_head, role_title, wants_answer
from breachkit.tui.of_exercise import OfExercise
from breachkit.tui.shown import FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.tui.widgets.exercise_question import QuestionBox
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.workflow.exercise.drill import Sent


class Messages(Rows):
    """The messages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Answer", "Answer the question put with the highlighted message"),
    ]


class InboxScreen(OfExercise[None]):
    """Everything received."""

    NAME = "Inbox"
    GUIDE = (
        "Everything that reached the team, newest first. NEW: nobody looked at it here yet. ASKS: it puts a question; "
        "Enter goes to the options, Enter on one to the reason, and Enter there answers for good: the first answer counts. "
        "A sender may want an answer by a time of its own; that is no deadline of any law. "
        "Facts you read here are not recorded by themselves: record them on the incident."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Stop answering, or go back to what you were doing"),
    ]

    def compose(self) -> ComposeResult:
        """The list, and the highlighted message in full."""
        yield Static(one_line("breachkit  >  Inbox", STRONG), classes="title")
        with Horizontal(id="inbox"):
            yield Messages()
            with Vertical(id="message"):
                with VerticalScroll(id="message-body"):
                    yield Static(id="message-words")
                yield QuestionBox()
        yield Footer()

    def on_mount(self) -> None:
        """Begin at the newest; what popped up stands here, so it need not stand over it."""
        self.listed: object = None
        self.app.clear_notifications()
        self.query_one(Messages).focus()

    @property
    def dirty(self) -> bool:
        """Whether a reason was begun."""
        return self.query_one(QuestionBox).dirty

    @property
    def shown(self) -> Sent | None:
        """The highlighted message."""
        chosen = self.query_one(Messages).chosen
        return next((sent for sent in self.state.inbox if sent.inject.id == chosen), None)

    # -- showing ---------------------------------------------------

    def show_state(self) -> None:
        """List what is new; the countdown of the highlighted message goes on."""
        if not self.size.width:
            return
        wide = self.has_class("-wide")
        rows = [(sent.inject.id, self._cells(sent, wide=wide)) for sent in reversed(self.state.inbox)]
        if self.listed != (rows, self.size):  # filled again only when it changed: the reader keeps the place
            self.listed = (rows, self.size)
            more = {"From": 24} if wide else {"From": 18, "Text": 0}
            self.query_one(Messages).fill({"": 9, "When": 10, "How": 11, **more}, rows)
        self._show_message()

    def _cells(self, sent: Sent, *, wide: bool) -> list[Cell]:
        new = sent.inject.id not in self.table.read
        asks = self._question(sent) is not None
        mark = " ".join(word for word, holds in (("NEW", new), ("ASKS", asks)) if holds)
        style = STRONG if new else ""
        cells: list[Cell] = [
            (mark, WARN),
            (clock_short(sent.at, self.scenario.zone), style),
            (CHANNEL[sent.inject.channel], style),
            (sent.inject.sender, style),
        ]
        return cells if wide else [*cells, (sent.inject.text, FAINT)]

    def _question(self, sent: Sent) -> Question | None:
        """The first open question put with it."""
        asked = set(sent.inject.asks)
        return next((question for question, _ in self.state.open_questions if question.id in asked), None)

    def _show_message(self) -> None:
        sent = self.shown
        words = self.query_one("#message-words", Static)
        if sent is None:
            words.update(plain("Nothing has arrived yet.", FAINT))
            self.query_one(QuestionBox).show(None)
            return
        words.update(lines(*self._words(sent)))
        question = self._question(sent)
        self.query_one(QuestionBox).show(question, role_title(question.role, self.scenario) if question is not None else "")

    def _words(self, sent: Sent) -> Iterator[Text]:
        zone = self.scenario.zone
        yield plain(message_head(sent, self.scenario), STRONG)
        waiting = self._question(sent) is not None or not sent.inject.asks
        if waiting and (wants := wants_answer(sent.inject, sent.at, self.state.now)):
            yield plain(f"{sent.inject.sender} {wants}.", WARN)
        yield plain("")
        yield plain(sent.inject.text)
        for id in sent.inject.asks:
            question, given = self.scenario.question(id), self.state.doings.answered.get(id)
            if question is None or given is None:
                continue
            chosen = question.option(given[1])
            said = chosen.text if chosen is not None else given[1]
            yield plain(f"\n{question.text}", STRONG)
            yield plain(f"Answered {clock_short(given[0], zone)}: {said}. How wise it was is told at the end.", GOOD)

    def on_data_table_row_highlighted(self) -> None:
        """Show it in full; it is no longer new."""
        id = self.query_one(Messages).chosen
        if id is not None and self.table.was_read(id):
            self.call_later(self.show_state)
        self._show_message()

    # -- answering -------------------------------------------------

    def on_descendant_focus(self) -> None:
        """While a question is answered the list makes room for it on a small terminal."""
        self.set_class(self.query_one(QuestionBox).has_pseudo_class("focus-within"), "-answering")

    def on_data_table_row_selected(self) -> None:
        """Enter goes to the question."""
        if self.query_one(QuestionBox).question is None:
            self.say("It asks nothing. What you learnt from it is recorded on the incident.")
        self.query_one(QuestionBox).begin()

    def on_question_box_answered(self, event: QuestionBox.Answered) -> None:
        """Record the answer."""
        self.at_drill(lambda drill: drill.answer(event.question, event.option, event.why), lambda _: self._answered())

    def _answered(self) -> None:
        self.show_state()
        self.query_one(Messages).focus()

    def action_leave(self) -> None:
        """From the question back to the list; from there back."""
        if self.query_one(QuestionBox).has_pseudo_class("focus-within"):
            self.query_one(Messages).focus()
        else:
            self.ask_before_leaving(lambda: self.dismiss(None))
