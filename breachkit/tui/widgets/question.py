"""The question that matters most now: what it asks, why, what it decides, and the place to answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.findings import Assessment, OpenQuestion
from breachkit.errors import UnknownName
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, lines, one_line, plain
from breachkit.tui.widgets.answers import AnswerForm, can_be_unknown, form_for
from breachkit.tui.working import key
from breachkit.workflow.subjects import Answer
from breachkit.workflow.words import left


class QuestionPanel(Vertical, can_focus=True):
    """One open question at a time. While it is being answered its input is open and keeps what was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "screen.answer", "Answer", "Answer this question here", show=False),
    ]

    @dataclass
    class NotKnown(Message):
        """The person says that this is not known."""

        key: str

    def __init__(self, now: Callable[[], str]) -> None:
        super().__init__()
        self.now = now
        self.questions: Sequence[OpenQuestion] = ()
        self.skipped: dict[str, None] = {}
        """Keys put off in this sitting; they are asked last."""
        self.index = 0
        self.answer: Answer | None = None

    def compose(self) -> ComposeResult:
        """Question, input, and at the side what comes after."""
        with Horizontal():
            with Vertical(id="asked"):
                yield Static(id="question-words")
            yield Static(id="coming")

    # -- state -----------------------------------------------------

    @property
    def current(self) -> OpenQuestion | None:
        """The question shown."""
        return self.questions[self.index] if self.index < len(self.questions) else None

    @property
    def form(self) -> AnswerForm | None:
        """The open input; None while nothing is being answered."""
        return next(iter(self.query(AnswerForm)), None)

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.form is not None and self.form.dirty

    async def show(self, answer: Answer) -> None:
        """Take new questions; what is being typed stays, and so does its question if it is still open."""
        at = self.current.key if self.current is not None else None
        self.answer = answer
        keep = self.form is not None and (self.form.dirty or self.form.key in [q.key for q in answer.assessment.questions])
        self.questions = self._in_order(answer.assessment)
        keys = [question.key for question in self.questions]
        form = self.form
        if form is not None and not keep:
            await self.close()
        if form is not None and keep and form.key not in keys:
            form.problem("Somebody answered this meanwhile: see the timeline. Enter records yours over it, Escape drops it.")
        self.index = keys.index(at) if at in keys else 0
        self._say()

    def _in_order(self, assessment: Assessment) -> list[OpenQuestion]:
        return sorted(assessment.questions, key=lambda question: question.key in self.skipped)

    async def move(self, step: int) -> None:
        """The next or the previous question."""
        if not self.questions:
            return
        self.index = (self.index + step) % len(self.questions)
        if self.form is not None:
            await self.open()
        self._say()

    async def skip(self) -> None:
        """Ask this one last."""
        if self.current is not None and self.answer is not None:
            self.skipped[self.current.key] = None
            index = self.index
            self.questions = self._in_order(self.answer.assessment)
            self.index = min(index, len(self.questions) - 1)
            await self.close()
            self._say()

    # -- answering -------------------------------------------------

    async def open(self) -> None:
        """Open the input for the question shown."""
        await self.close()
        question = self.current
        if question is None or self.answer is None:
            return
        self.add_class("-answering")
        try:
            form = form_for(question.key, self.answer.subject.book.facts.get(question.key), self.now)
        except UnknownName:
            return
        await self.query_one("#asked").mount(form)
        self._say()
        inside = next((one for one in form.walk_children(Widget) if one.focusable), form)
        inside.focus()

    async def close(self) -> None:
        """Close the input and drop what is in it."""
        self.remove_class("-answering")
        await self.query(AnswerForm).remove()
        self._say()

    def say_unknown(self) -> None:
        """Post that it is not known."""
        if self.current is not None:
            self.post_message(self.NotKnown(self.current.key))

    # -- words -----------------------------------------------------

    def on_resize(self) -> None:
        """Lines follow the width."""
        self._say()

    def _say(self) -> None:
        if self.answer is None or not self.size.width:
            return
        words, question = self.query_one("#question-words", Static), self.current
        if question is None:
            words.update(lines(plain("Nothing is open: every duty is decided by the facts known.", STRONG)))
            self.query_one("#coming", Static).update("")
            return
        now = self.answer.assessment.now
        number = f"QUESTION {self.index + 1} of {len(self.questions)}"
        until = f", the first due {left(question.earliest_due, now)}" if question.earliest_due else ""
        known = question.key in self.answer.subject.book.facts
        said = "  answered: not known" if question.answered_unknown else "  put off" if question.key in self.skipped else ""
        about = subject_of(question.key)
        head = one_line(f"{number}  ", STRONG) + one_line(question.key, FAINT) + one_line(said, WARN)
        asks = question.asks + (f"  [{about}]" if about and about not in question.asks else "")
        parts = [head, plain(asks, STRONG), plain(f"Why: {question.why}", FAINT)]
        if question.key == "people.elsewhere" and not self.answer.subject.book.listed:
            said = "No place is listed yet: press p and list places first. 0 here would say that NOBODY is affected."
            parts.append(plain(said, BAD))
        number_of = len(question.unlocks)
        names = ", ".join(question.unlocks[:4]) + (f" and {number_of - 4} more" if number_of > 4 else "")
        parts.append(plain(f"Decides {number_of} {'duty' if number_of == 1 else 'duties'}{until}: {names}", FAINT))
        if known and not question.answered_unknown:
            parts.append(plain(f"Known so far: {self.answer.subject.book.shown(question.key)}", FAINT))
        if self.form is None:
            unknown = "u not known" if can_be_unknown_key(question.key) else "u put it off"
            whole = {"people": "   p all counts", "data": "   c kinds of data"}.get(question.key.split(".")[0], "")
            parts.insert(1, plain(f"a answer   {unknown}   [ ] other questions{whole}", WARN))
        words.update(lines(*parts))
        room = max(self.query_one("#coming").size.width - 1, 20)
        coming = [one_line(f"- {later.asks}", FAINT, room) for later in self.questions[self.index + 1 : self.index + 9]]
        self.query_one("#coming", Static).update(lines(plain("THEN", STRONG), *coming) if coming else "")


def can_be_unknown_key(key_: str) -> bool:
    """The same for a key."""
    try:
        return can_be_unknown(load_vocabulary().spec(key_))
    except UnknownName:
        return False


def subject_of(key_: str) -> str:
    """What a key's changing part is about: `Florida`, `identity theft`, `Telephone number`."""
    words = load_vocabulary()
    try:
        shape = words.spec(key_).key.split(".")
    except UnknownName:
        return ""
    parts = key_.split(".")
    named = [part for part, place in zip(parts, shape, strict=False) if place.startswith("<")]
    said = []
    for part in named:
        if part in words.places or part in words.groups:
            said.append(words.place_name(part))
        elif part in words.categories:
            said.append(words.categories[part].label)
        else:
            said.append(part.replace("_", " "))
    return ", ".join(said)
