"""Reads the parts of a scenario file: its truth, injects, questions, branches and actions.

The whole file, and where such files lie, is scenarios.py's matter; whether its parts fit together, that of
domain/exercise/checking.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from breachkit.content.factsfile import make_fact
from breachkit.content.happenings import CHOICES, HappeningReader
from breachkit.content.yamlfile import Items, Reader
from breachkit.domain.exercise.scenario import (
    ACT_KINDS,
    CHANNELS,
    Act,
    Action,
    ActKind,
    Branch,
    Inject,
    Objective,
    Option,
    Question,
    Role,
    Truth,
)
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BreachkitError, Fault, UnknownName

FILINGS = ("first", "update", "withdrawal")
"""The kinds of filing."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ROLE_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


class ScenarioParts:
    """Reads one scenario's parts, collecting faults."""

    def __init__(self, file: str, words: Vocabulary) -> None:
        self.file, self.words = file, words
        self.faults: list[Fault] = []
        self.happenings = HappeningReader(file, words, self.faults)
        self.entries: dict[int, Reader] = {}
        """By line: the entry that begins there, for faults that are found once all is read."""

    def id(self, one: Reader, what: str, shape: re.Pattern[str] = _ID) -> str:
        """The id of an entry, which from now on is named in its faults."""
        id = one.text("id", needed=True)
        if id and not shape.fullmatch(id):
            one.fault("id", f"'{id}' is not an id for {what}; write small letters, digits and hyphens")
        one.what = f"{what} '{id}'"
        if one.line is not None:
            self.entries[one.line] = one
        return id

    def number(self, one: Reader, key: str, default: int) -> int:
        """A whole number; `default` where it is left out or wrong."""
        text = one.text(key)
        if text and not (text.isascii() and text.isdigit()):
            one.fault(key, f"'{key}' takes a whole number, not '{text}'")
            return default
        return int(text) if text else default

    def offset(self, one: Reader, key: str, *, needed: bool = False) -> timedelta | None:
        """A span after the start; None when it is left out or wrong."""
        if needed and one.raw(key) is None:
            one.fault(key, f"'{key}' is missing in {one.what}: a span such as PT30M, PT4H or P1DT12H")
        return self.happenings.offset(one, key)

    def objective(self, one: Reader) -> Objective:
        """One of `objectives`."""
        objective = Objective(
            self.id(one, "the objective"), one.text("title", needed=True), one.text("capability", needed=True)
        )
        one.finish()
        return objective

    def role(self, one: Reader) -> Role:
        """One of `roles`."""
        role = Role(self.id(one, "the role", _ROLE_ID), one.text("title", needed=True), one.text("does"))
        one.finish()
        return role

    def branch(self, one: Reader) -> Branch:
        """One of `branches`."""
        id = self.id(one, "the branch")
        if one.raw("when") is None:
            one.fault("when", f"'when' is missing in {one.what}: what makes the story go this way")
        when = self.happenings.read(one.raw("when"), one.line_of("when"))
        branch = Branch(id, one.text("title", needed=True), when, one.line)
        one.finish()
        return branch

    def inject(self, one: Reader) -> Inject:
        """One of `injects`."""
        id = self.id(one, "the inject")
        inject = Inject(
            id=id,
            channel=one.choice("channel", CHANNELS),
            sender=one.text("sender", needed=True),
            text=one.text("text", needed=True),
            at=self.offset(one, "at", needed=one.raw("when") is None) or timedelta(),
            to=one.text("to"),
            when=self.happenings.read(one.raw("when"), one.line_of("when")),
            branch=one.text("branch"),
            until=self.offset(one, "until"),
            pressure=self.offset(one, "pressure"),
            asks=one.texts("asks"),
            note=one.text("note"),
            line=one.line,
        )
        one.finish()
        return inject

    def question(self, one: Reader) -> Question:
        """One of `questions`."""
        id = self.id(one, "the question")
        options = tuple(self._option(option) for option in one.mappings("options"))
        question = Question(
            id,
            one.text("text", needed=True),
            options,
            self.number(one, "points", 2),
            one.text("role"),
            one.text("objective"),
            one.line,
        )
        one.finish()
        return question

    def _option(self, one: Reader) -> Option:
        option = Option(
            self.id(one, "the option"), one.text("text", needed=True), one.flag("right"), one.text("why", needed=True)
        )
        one.finish()
        return option

    # -- what is true ------------------------------------------------------------------------------------------------

    def truths(self, top: Reader) -> dict[str, tuple[Truth, ...]]:
        """`truth`: by fact key, as breachkit writes it, what is true in the order in which it can be known."""
        inner = top.inner("truth")
        if inner is None:
            top.fault("truth", "'truth' is missing: fact keys, each with its value and when it can be known")
            return {}
        found: dict[str, tuple[Truth, ...]] = {}
        for key, raw in inner.data.items():
            truths = tuple(self._versions(inner, key, raw))
            canonical = truths[0].fact.key if truths else key
            if canonical in found:
                inner.fault(key, f"'{key}' is the same fact as '{canonical}'; keep one")
            found[canonical] = truths
        return {key: truths for key, truths in found.items() if truths}

    def _versions(self, inner: Reader, key: str, raw: Any) -> Iterator[Truth]:
        if key == "incident.invented":
            inner.fault(key, "'incident.invented' is set for every exercise; leave it out of the truth")
            return
        items = raw if isinstance(raw, list) else [raw]
        for number, item in enumerate(items):
            line = items.lines[number] if isinstance(items, Items) else inner.line_of(key)
            if not isinstance(item, dict):
                text = f"{key}: say its value and when it can be known, such as {{value: {item or '...'}, at: PT2H}}"
                self.faults.append(Fault(self.file, line, text))
            elif (truth := self._truth(Reader(item, self.file, self.faults, f"the truth of {key}"), key, line)) is not None:
                yield truth

    def _truth(self, one: Reader, key: str, line: int | None) -> Truth | None:
        teller, says = one.text("teller"), one.text("says")
        at, inject = self.offset(one, "at"), one.text("with") or None
        scored = one.flag("scored", default=True)
        if one.has("at") == one.has("with"):
            how = "either `at: PT2H` or `with: an-inject`"
            one.fault("with", f"{key}: say from when it can be known, {how}{', not both' if one.has('at') else ''}")
        raw = one.raw("value")
        one.finish()
        if line is not None:
            self.entries[line] = one
        if raw is None:
            one.fault("value", f"'value' is missing in {one.what}")
            return None
        try:
            fact = make_fact(key, raw, self.words, source=teller or None)
        except BreachkitError as problem:
            one.fault("value", str(problem))
            return None
        if not fact.known:
            one.fault("value", f"{key}: what nobody knows is no truth; leave it out, and put the world's answer under `hints`")
            return None
        return Truth(fact, at, inject, teller, says, scored, line)

    def hints(self, top: Reader) -> dict[str, str]:
        """`hints`: what the world answers to a question asked too early, by fact key."""
        inner = top.inner("hints")
        if inner is None:
            return {}
        found = {}
        for key in list(inner.data):
            text = inner.text(key, needed=True)
            found[self.happenings.known_fact(inner, key, key)] = text
        return found

    # -- what a good team does ---------------------------------------------------------------------------------------

    def action(self, one: Reader) -> Action:
        """One of `actions`."""
        id = self.id(one, "the action")
        after = one.text("after")
        opens, closes, within = (self.offset(one, key) for key in ("from", "until", "within"))
        self._check_window(one, after)
        action = Action(
            id=id,
            title=one.text("title", needed=True),
            act=self._act(one),
            why=one.text("why", needed=True),
            opens=None if after else opens or timedelta(),
            closes=closes,
            after=after,
            within=within,
            role=one.text("role"),
            objective=one.text("objective"),
            branch=one.text("branch"),
            points=self.number(one, "points", 5),
            train=one.text("train"),
            line=one.line,
        )
        one.finish()
        return action

    def _check_window(self, one: Reader, after: str) -> None:
        if after and one.has("from"):
            one.fault("from", f"{one.what}: its window opens with `from` or with the inject in `after`; keep one of them")
        if one.has("within") and not after:
            one.fault("within", f"{one.what}: 'within' counts from the inject in `after`; name it, or write `until`")
        if one.has("within") and one.has("until"):
            one.fault("until", f"{one.what}: its window closes with `until` or with `within`; keep one of them")

    def _act(self, one: Reader) -> Act:
        inner = one.inner("act")
        if inner is None:
            one.fault("act", f"'act' is missing in {one.what}: such as {{record: aware_at}} or {{step: general.review}}")
            return Act("declare")
        inner.what = "an act"
        found = [kind for kind in ACT_KINDS if inner.has(kind)]
        if len(found) != 1:
            self._unclear(inner, found)
            return Act("declare")
        act = self._read_act(inner, found[0])
        inner.finish()
        return act

    def _unclear(self, inner: Reader, found: Sequence[str]) -> None:
        if found:
            inner.fault(found[1], f"an act is one thing, not {' and '.join(found)}; make them two actions")
            return
        name = next(iter(inner.data), "")
        inner.fault(name or None, str(UnknownName("act", name, ACT_KINDS, hint=f"(one of {', '.join(ACT_KINDS)})")))

    def _read_act(self, inner: Reader, kind: ActKind) -> Act:
        if kind == "declare":
            if inner.text("declare") != "yes":
                inner.fault("declare", "'declare' takes yes")
            return Act("declare")
        name = self.happenings.fact_key(inner, kind) if kind in ("record", "ask") else inner.text(kind, needed=True)
        if kind == "file":
            return Act(kind, name, inner.choice("kind", FILINGS) if inner.has("kind") else None)
        if kind == "decide":
            return Act(kind, name, inner.choice("choice", CHOICES) if inner.has("choice") else None)
        return Act(kind, name, inner.text("is") or None if kind == "answer" else None)
