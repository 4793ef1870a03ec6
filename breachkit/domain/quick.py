"""The bare answers of all laws on many sets of facts: true, false or not known, without reasons, recipients or clocks.

For going through thousands of incidents or suppositions; `duties.assess` says the same with everything around it. A question
that several laws share is asked once for a set of facts, and none is asked whose answer cannot matter any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from breachkit.domain.conditions import ALWAYS, All, AnyOf, Condition, Data, Not, Use
from breachkit.domain.factbook import FactBook
from breachkit.domain.law import DutyVersion, LawPack
from breachkit.domain.quick_asks import Truth, ask_of, category_held
from breachkit.domain.values import value

_BACK = {1: True, 0: None, -1: False}
State: TypeAlias = list[Any]
"""The facts in place 0, then the answers known so far; None where nobody asked yet."""
Answer: TypeAlias = Callable[[State], Truth]


@value
class _Row:
    """A duty and how its own parts are answered."""

    duty: str
    condition: Answer
    excuse: Answer | None
    replaced: tuple[tuple[str, Answer], ...]
    where_owed: str


class QuickJudge:
    """The conditions of a pack's texts of one day."""

    def __init__(self, pack: LawPack, day: date) -> None:
        """`day`: the law date, on the law's own calendar."""
        self._answers: dict[object, Answer] = {}
        self._kept: list[Condition] = []
        self._size = 1
        named = {duty.id: regime.conditions for regime in pack.regimes for duty in regime.duties}
        self._rows = [self._row(duty, version, named[duty]) for duty, version in texts_of(pack, day)]

    def judge(self, book: FactBook) -> dict[str, bool | None]:
        """Whether each duty is owed to somebody, by id. Duties without a text of that day are left out."""
        state: State = [None] * self._size
        state[0] = book
        found: dict[str, Truth] = {}
        for row in self._rows:
            answer = row.condition(state)
            if answer >= 0 and row.excuse is not None:
                answer = min(answer, -row.excuse(state))
            for other, when in row.replaced:
                if answer >= 0 and other in found:
                    answer = min(answer, -min(found[other], when(state)))
            if row.where_owed:
                answer = min(answer, found.get(row.where_owed, -1))
            found[row.duty] = answer
        return {duty: _BACK[answer] for duty, answer in found.items()}

    def _row(self, duty: str, version: DutyVersion, named: Mapping[str, Condition]) -> _Row:
        condition = self._answer(All((version.scope, version.when)), named)
        excuse = self._answer(AnyOf(tuple(one.when for one in version.exempt)), named) if version.exempt else None
        replaced = tuple((one.by, self._answer(one.when, named)) for one in version.replaced)
        return _Row(duty, condition, excuse, replaced, version.where_owed)

    def _answer(self, condition: Condition, named: Mapping[str, Condition]) -> Answer:
        """How a condition is answered: one way for equal conditions, kept under each object's identity too."""
        while isinstance(condition, Use):
            condition = named[condition.name]
        if (known := self._answers.get(id(condition))) is None:
            known = self._answers[id(condition)] = self._new(condition, named)
            self._kept.append(condition)  # so that no other object takes its identity
        return known

    def _new(self, condition: Condition, named: Mapping[str, Condition]) -> Answer:
        match condition:
            case All(parts):
                flat = [part for part in _flat(parts, All, named) if part != ALWAYS]
                answers = list(dict.fromkeys(self._answer(part, named) for part in flat))
                return self._once(("all", *answers), lambda: _least_of(answers))
            case AnyOf(parts):
                answers = list(dict.fromkeys(self._answer(part, named) for part in _flat(parts, AnyOf, named)))
                return self._once(("any", *answers), lambda: _greatest_of(answers))
            case Not(part):
                inner = self._answer(part, named)
                return self._once(("not", inner), lambda: lambda state: -inner(state))
            case Data():
                return self._data(condition)
        ask = ask_of(condition)
        return self._once(repr(condition), lambda: lambda state: ask(state[0]))

    def _data(self, condition: Data) -> Answer:
        alone = [self._category(id, condition.unprotected) for id in condition.alone]
        if condition.with_name:
            names = _greatest_of([self._category(id, False) for id in condition.names])
            elements = _greatest_of([self._category(id, condition.unprotected) for id in condition.with_name])
            alone.append(_least_of([names, elements]))
        return self._once(repr(condition), lambda: _greatest_of(alone))

    def _category(self, category: str, unprotected: bool) -> Answer:
        ask = category_held(category, unprotected)
        return self._once(("category", category, unprotected), lambda: lambda state: ask(state[0]))

    def _once(self, key: object, make: Callable[[], Answer]) -> Answer:
        """The answer under that key, worked out at most once for a set of facts."""
        if (known := self._answers.get(key)) is None:
            work, place = make(), self._size
            self._size += 1

            def answer(state: State) -> Truth:
                found: Truth | None = state[place]
                if found is None:
                    found = state[place] = work(state)
                return found

            known = self._answers[key] = answer
        return known


def _flat(parts: tuple[Condition, ...], kind: type[All] | type[AnyOf], named: Mapping[str, Condition]) -> list[Condition]:
    """The parts, with those of the same kind laid open."""
    found: list[Condition] = []
    for part in parts:
        while isinstance(part, Use):
            part = named[part.name]
        found += _flat(part.parts, kind, named) if isinstance(part, kind) else [part]
    return found


def _least_of(answers: list[Answer]) -> Answer:
    if len(answers) == 1:
        return answers[0]

    def answer(state: State) -> Truth:
        least = 1
        for one in answers:
            if (found := one(state)) < least:
                if found < 0:
                    return -1
                least = found
        return least

    return answer


def _greatest_of(answers: list[Answer]) -> Answer:
    if len(answers) == 1:
        return answers[0]

    def answer(state: State) -> Truth:
        greatest = -1
        for one in answers:
            if (found := one(state)) > greatest:
                if found > 0:
                    return 1
                greatest = found
        return greatest

    return answer


def _in_force(version: DutyVersion, day: date) -> bool:
    begun = version.starts_on is None or version.starts_on <= day
    return version.status == "in_force" and begun and (version.ends_on is None or day <= version.ends_on)


def texts_of(pack: LawPack, day: date) -> list[tuple[str, DutyVersion]]:
    """The texts in force that day with their duties' ids; a duty that looks at another comes after it."""
    texts = {
        duty.id: version
        for regime in pack.regimes
        for duty in regime.duties
        for version in duty.versions
        if _in_force(version, day)
    }
    placed: dict[str, DutyVersion] = {}

    def place(duty: str, above: frozenset[str]) -> None:
        version = texts[duty]
        for other in (*(one.by for one in version.replaced), version.where_owed):
            if other in texts and other not in placed and other not in above:
                place(other, above | {other})
        placed.setdefault(duty, version)

    for duty in texts:
        place(duty, frozenset([duty]))
    return list(placed.items())
