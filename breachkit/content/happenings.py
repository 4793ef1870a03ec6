"""Reads what injects and branches wait for: what happened in an exercise, and the law files' conditions on a team's facts.

Keeps the place of every fault. What the words mean is in domain/exercise/happenings.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from breachkit.content.conditions import ConditionReader
from breachkit.content.factsfile import make_fact
from breachkit.content.yamlfile import Items, Reader
from breachkit.domain.conditions import All, AnyOf, Condition, Not, Use
from breachkit.domain.exercise.happenings import AT_ONCE, Every, Happened, Never, Says, Some, What, When
from breachkit.domain.offsets import read_offset
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadValue, BreachkitError, Fault, UnknownName

CHOICES = ("notify", "refrain")
"""What can be decided of a duty."""
_NAMED: tuple[What, ...] = ("fired", "recorded", "asked", "filed", "decided", "approved", "answered", "step")
_LAW = (
    "fact", "includes", "known", "role", "sector", "established", "targets", "people", "data", "amount", "never", "unasked",
    "use",
)  # fmt: skip
_WORDS = ("declared", *_NAMED, "all", "any", "not", *_LAW)


class HappeningReader:
    """Reads the conditions of one file, collecting faults with their lines."""

    def __init__(self, file: str, words: Vocabulary, faults: list[Fault]) -> None:
        self.file, self.words, self.faults = file, words, faults
        self.law = ConditionReader(file, words, faults)

    def read(self, data: Any, line: int | None = None) -> When:
        """A condition; AT_ONCE where nothing was written, and where it is wrong (the fault is noted)."""
        if data is None:
            return AT_ONCE
        if isinstance(data, list):
            return Every(self._parts(data))
        if not isinstance(data, dict):
            self._fault(line, f"'{data}' is not a condition; write a mapping such as {{fired: an-inject}}")
            return AT_ONCE
        one = Reader(data, self.file, self.faults, "a condition")
        found = [word for word in _WORDS if one.has(word)]
        if len(found) != 1:
            self._unclear(one, found)
            return AT_ONCE
        return self._read(one, found[0])

    def _unclear(self, one: Reader, found: list[str]) -> None:
        if found:
            one.fault(found[1], f"a condition asks one thing, not {' and '.join(found)}; write {{all: [...]}} for several")
            return
        for key in one.data:
            one.fault(key, str(UnknownName("condition", key, _WORDS, hint="(docs/scenarios.md lists them)")))
        if not one.data:
            one.fault(None, "an empty condition says nothing; leave it out")

    def _read(self, one: Reader, word: str) -> When:
        if word in _LAW:
            return self._says(one)
        combined: dict[str, Callable[[], When]] = {
            "all": lambda: Every(self._parts(one.raw("all"))),
            "any": lambda: Some(self._parts(one.raw("any"))),
            "not": lambda: Never(self.read(one.raw("not"), one.line_of("not"))),
        }
        if word not in combined:
            return self._happened(one, word)
        when = combined[word]()
        if when in (Every(()), Some(())) or (when == Never(AT_ONCE) and one.raw(word) is None):
            one.fault(word, f"'{word}' is empty; say what it is about")
        one.finish()
        return when

    def _parts(self, data: Any) -> tuple[When, ...]:
        items = [] if data is None else data if isinstance(data, list) else [data]
        lines = items.lines if isinstance(items, Items) else [None] * len(items)
        return tuple(self.read(item, line) for item, line in zip(items, lines, strict=True))

    def _happened(self, one: Reader, word: str) -> When:
        age = self.offset(one, "for") or timedelta()
        if word == "declared":
            if one.text("declared") != "yes":
                one.fault("declared", "'declared' takes yes; for the opposite write {not: {declared: yes}}")
            one.finish()
            return Happened("declared", age=age)
        what = next(what for what in _NAMED if what == word)
        name = self.fact_key(one, what) if what in ("recorded", "asked") else one.text(what, needed=True)
        choice = self.choice(one, what)
        one.finish()
        return Happened(what, name, choice, age)

    def choice(self, one: Reader, what: str) -> str | None:
        """The choice asked for beside a decision or an answer; None: any."""
        if what == "answered" and one.has("is"):
            return one.text("is") or None
        if what == "decided" and one.has("choice"):
            return one.choice("choice", CHOICES)
        return None

    def offset(self, one: Reader, key: str) -> timedelta | None:
        """A span of time under that key; None when it is left out or wrong."""
        text = one.text(key)
        if not text:
            return None
        try:
            return read_offset(text)
        except BadValue as problem:
            one.fault(key, str(problem))
            return None

    def fact_key(self, one: Reader, key: str) -> str:
        """The name of a fact under that key, as breachkit writes it; as it stands there where it is wrong."""
        name = one.text(key, needed=True)
        return self.known_fact(one, key, name) if name else name

    def known_fact(self, one: Reader, key: str, name: str) -> str:
        """That fact's key as breachkit writes it; the fault is noted at `key` when there is none."""
        try:
            if self.words.spec(name).type == "records":
                one.fault(key, f"'{name}' is not recorded as a fact; name the duty with `filed:` or `decided:`")
                return name
            return make_fact(name, "unknown", self.words).key
        except BreachkitError as problem:
            one.fault(key, str(problem))
            return name

    def _says(self, one: Reader) -> When:
        if one.has("for"):
            one.fault(
                "for", "'for' counts from something that happened, such as {recorded: FACT, for: PT2H}; leave it out here"
            )
            one.taken.add("for")
            return AT_ONCE
        condition = self.law.read(one.data, one.line)
        if _uses(condition):
            one.fault(None, "a scenario names no conditions, so `use:` finds none; write the condition out")
        return Says(condition)

    def _fault(self, line: int | None, text: str) -> None:
        self.faults.append(Fault(self.file, line, text))


def _uses(condition: Condition) -> bool:
    match condition:
        case Use():
            return True
        case All(parts) | AnyOf(parts):
            return any(_uses(part) for part in parts)
        case Not(part):
            return _uses(part)
        case _:
            return False
