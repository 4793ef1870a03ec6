"""Inputs that fit a fact's type: yes or no, one of a list, several of a list, a line read while it is typed, a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.facts import Count, Fact, Instant, read_value
from breachkit.domain.facts import say_value as value_words
from breachkit.domain.journal import Json
from breachkit.domain.vocabulary import FactSpec
from breachkit.errors import BadValue, BreachkitError
from breachkit.tui.shown import BAD, FAINT, GOOD, both_clocks, clean, one_line, plain
from breachkit.tui.widgets.ticks import Item, Ticks
from breachkit.tui.working import key as binding

UNKNOWN = "unknown"


class AnswerForm(Vertical):
    """One input for one fact. It posts `Given` when the person is done; `raw` may be asked at any time."""

    @dataclass
    class Given(Message):
        """An answer as the person wrote it."""

        key: str
        raw: Json

    @dataclass
    class Elsewhere(Message):
        """This fact has a screen of its own."""

        key: str

    def __init__(self, key: str, spec: FactSpec, fact: Fact | None) -> None:
        super().__init__()
        self.key, self.spec, self.fact = key, spec, fact

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return False

    def raw(self) -> Json:
        """The answer as it stands. BadValue when there is none that can be read."""
        raise BadValue("choose an answer first")

    def give(self) -> None:
        """Post the answer, or say why it cannot be read."""
        try:
            raw = self.raw()
            read_value(self.spec, raw, load_vocabulary())
        except BreachkitError as problem:
            self.problem(str(problem))
            return
        self.post_message(self.Given(self.key, raw))

    def problem(self, text: str) -> None:
        """Say what is wrong; what was typed stays."""
        for said in self.query("#answer-said").results(Static):
            said.update(plain(text, BAD))


class ChoiceForm(AnswerForm):
    """Yes or no, or one of a list; the first letter or the arrows, then Enter."""

    def compose(self) -> ComposeResult:
        """The choices."""
        yield OptionList(*[Option(self._label(id), id=id) for id in self.choices], compact=True, markup=False)
        yield Static(one_line("Arrows or a first letter choose, Enter saves, Escape goes back.", FAINT), id="answer-said")

    @property
    def choices(self) -> dict[str, str]:
        """Id to label."""
        if self.spec.type == "yes_no":
            return {"yes": "Yes", "no": "No", UNKNOWN: "Not known"}
        return {**self.spec.choices, UNKNOWN: self.spec.choices.get(UNKNOWN, "Not known")}

    def on_mount(self) -> None:
        """Begin at what is recorded now."""
        options = self.query_one(OptionList)
        now = _written(self.fact)
        options.highlighted = list(self.choices).index(now) if now in self.choices else 0

    def _label(self, id: str) -> Text:
        held = "  (recorded now)" if self.fact is not None and _written(self.fact) == id else ""
        return one_line(f"{self.choices[id]}{held}")

    def on_key(self, event: events.Key) -> None:
        """The first letter jumps to the next choice that begins with it."""
        letter = event.character.lower() if event.character and event.character.isalpha() else ""
        options = self.query_one(OptionList)
        ids = list(self.choices)
        start = (options.highlighted or 0) + 1
        for index in [*range(start, len(ids)), *range(start)] if letter else []:
            if self.choices[ids[index]].lower().startswith(letter) and letter not in "u":
                options.highlighted = index
                event.stop()
                return

    def raw(self) -> Json:
        """The highlighted choice."""
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is None:
            raise BadValue("choose an answer first")
        return list(self.choices)[highlighted]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter answers."""
        event.stop()
        self.give()


class SetForm(AnswerForm):
    """Several of a list: space ticks, Enter answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding("enter", "save", "Save", "Save what is ticked", priority=True),
    ]

    def compose(self) -> ComposeResult:
        """The list."""
        now = self.fact.value if self.fact is not None and isinstance(self.fact.value, tuple) else ()
        self.before = tuple(item for item in now if isinstance(item, str))
        yield Ticks([Item(id, label) for id, label in self.spec.choices.items()], self.before)
        yield Static(one_line("Space ticks, Enter saves.", FAINT), id="answer-said")

    @property
    def dirty(self) -> bool:
        """Whether the ticks differ from what is recorded."""
        return set(self.query_one(Ticks).chosen) != set(self.before)

    def raw(self) -> Json:
        """What is ticked."""
        chosen = list(self.query_one(Ticks).chosen)
        if not chosen:
            raise BadValue("tick at least one with Space, then Enter; Escape leaves the question open")
        return chosen

    def action_save(self) -> None:
        """Enter answers."""
        self.give()


class LineForm(AnswerForm):
    """One line that is read while it is typed: a count, a time, an address, a period, a place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding("ctrl+t", "now", "Now", "Fill in this moment on this computer's clock", show=False),
    ]

    def __init__(self, key: str, spec: FactSpec, fact: Fact | None, now: Callable[[], str]) -> None:
        super().__init__(key, spec, fact)
        self.now = now

    def compose(self) -> ComposeResult:
        """The line and what is understood."""
        yield Input(_written(self.fact), placeholder=_PLACEHOLDER.get(self.spec.type, ""), compact=True)
        yield Static(self._hint(), id="answer-said")

    @property
    def line(self) -> str:
        """What stands in it."""
        return self.query_one(Input).value.strip()

    @property
    def dirty(self) -> bool:
        """Whether it differs from what is recorded."""
        return self.line != _written(self.fact)

    def raw(self) -> Json:
        """The line."""
        if not self.line:
            raise BadValue(f"nothing is written yet. {self._hint()}")
        return self.line

    def _hint(self) -> Text:
        more = "  Ctrl+T fills in now." if self.spec.type == "instant" else ""
        return plain(_FORMS.get(self.spec.type, "Enter saves.") + more, FAINT)

    def action_now(self) -> None:
        """Fill in this moment."""
        if self.spec.type == "instant":
            self.query_one(Input).value = self.now()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is understood so far, or how to write it."""
        event.stop()
        said = self.query_one("#answer-said", Static)
        said.update(understood(self.spec, event.value) if event.value.strip() else self._hint())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter answers."""
        event.stop()
        self.give()


class Paragraph(TextArea):
    """A few sentences: Enter saves, Ctrl+J begins a new line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding("ctrl+j", "new_line", "New line", "Begin a new line in the text", show=False),
    ]

    @dataclass
    class Submitted(Message):
        """Enter was pressed."""

        text: str

    def __init__(self, text: str = "") -> None:
        super().__init__(clean(text), soft_wrap=True, show_line_numbers=False, compact=True, tab_behavior="focus")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted(self.text.strip()))
        elif event.key == "ctrl+j":
            event.stop()
            event.prevent_default()
            self.insert("\n")
        else:
            await super()._on_key(event)

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")


class TextForm(AnswerForm):
    """A few sentences."""

    def compose(self) -> ComposeResult:
        """The text."""
        yield Paragraph(_written(self.fact))
        yield Static(one_line("Enter saves, Ctrl+J begins a new line.", FAINT), id="answer-said")

    @property
    def dirty(self) -> bool:
        """Whether it differs from what is recorded."""
        return self.query_one(Paragraph).text.strip() != _written(self.fact)

    def raw(self) -> Json:
        """The text."""
        text = self.query_one(Paragraph).text.strip()
        if not text:
            raise BadValue("nothing is written yet")
        return text

    def on_paragraph_submitted(self, event: Paragraph.Submitted) -> None:
        """Enter answers."""
        event.stop()
        self.give()


class ElsewhereForm(AnswerForm):
    """A fact with a screen of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding("enter", "open", "Open", "Open the screen where this is answered"),
    ]
    can_focus = True

    def __init__(self, key: str, spec: FactSpec, fact: Fact | None) -> None:
        super().__init__(key, spec, fact)
        self.can_focus = True

    def compose(self) -> ComposeResult:
        """Where to go."""
        what = "the duty itself, where it is filed or decided" if self.spec.type == "records" else "the list to choose from"
        yield Static(plain(f"Press Enter to open {what}."), id="answer-said")

    def action_open(self) -> None:
        """Go there."""
        self.post_message(self.Elsewhere(self.key))


def form_for(key: str, fact: Fact | None, now: Callable[[], str]) -> AnswerForm:
    """The input that fits this fact."""
    spec = load_vocabulary().spec(key)
    match spec.type:
        case "yes_no" | "choice":
            return ChoiceForm(key, spec, fact)
        case "set" if spec.choices:
            return SetForm(key, spec, fact)
        case "set" | "records":
            return ElsewhereForm(key, spec, fact)
        case "text":
            return TextForm(key, spec, fact)
        case _:
            return LineForm(key, spec, fact, now)


def can_be_unknown(spec: FactSpec) -> bool:
    """Whether "not known" can be recorded as an answer; for the rest the question simply stays open."""
    return spec.type != "records" and not spec.unknown_is_answer


def understood(spec: FactSpec, text: str) -> Text:
    """What a line is read as, or how to write it."""
    try:
        value = read_value(spec, text, load_vocabulary())
    except BreachkitError as problem:
        return plain(str(problem), BAD)
    if isinstance(value, Instant):
        day = " (the whole day; clocks count from its first moment)" if value.day is not None else ""
        return plain(f"Read as {both_clocks(value.at, value.zone or 'UTC')}{day}", GOOD)
    if isinstance(value, Count):
        said = f"{value.low} or more" if value.high is None else f"{value.low} to {value.high}"
        said = "not known" if value.written == UNKNOWN else str(value.low) if value.exact else said
        return plain(f"Read as {said}", GOOD)
    return plain(f"Read as {value_words(value, spec)}", GOOD)


def _written(fact: Fact | None) -> str:
    if fact is None:
        return ""
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    return clean(fact.raw) if isinstance(fact.raw, str) else str(fact.raw) if isinstance(fact.raw, int) else ""


_FORMS = {
    "count": "Write 600, ~600, 400..900, 500+, ..40 or unknown. Enter saves.",
    "instant": "Write 2026-11-20T22:15[Europe/Brussels], or a day alone: 2026-11-20. Enter saves.",
    "duration": "Write 72 hours, 3 days, PT6H. Enter saves.",
    "place": "Write ES, GB, US-FL. Enter saves.",
    "email": "One e-mail address. Enter saves.",
}
_PLACEHOLDER = {"count": "how many", "instant": "when", "email": "name@example.com", "place": "ES"}
