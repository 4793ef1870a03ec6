"""The bare answers of all laws on many sets of facts: true, false or not known, without reasons, recipients or clocks.

For going through thousands of incidents or suppositions; `duties.assess` says the same with everything around it. Each question
that several laws share is asked once for a set of facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from breachkit.domain.conditions import All, AnyOf, Condition, Data, Not, Use
from breachkit.domain.factbook import FactBook
from breachkit.domain.law import DutyVersion, LawPack
from breachkit.domain.quick_asks import Ask, Truth, ask_of, category_held

_BACK = {1: True, 0: None, -1: False}


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a duty's own answers stand among all."""

    duty: str
    condition: int
    excuse: int
    replaced: tuple[tuple[str, int], ...]
    where_owed: str


class QuickJudge:
    """The conditions of a pack's texts of one day, each after its parts, asked in one go."""

    def __init__(self, pack: LawPack, day: date) -> None:
        """`day`: the law date, on the law's own calendar."""
        self._asks: list[Ask] = []
        self._places: dict[int | tuple[str, ...], int] = {}
        self._kept: list[Condition] = []
        self._rows: list[_Row] = []
        named = {duty.id: regime.conditions for regime in pack.regimes for duty in regime.duties}
        self._rows = [self._row(duty, version, named[duty]) for duty, version in texts_of(pack, day)]

    def judge(self, book: FactBook) -> dict[str, bool | None]:
        """Whether each duty is owed to somebody, by id. Duties without a text of that day are left out."""
        truths: list[Truth] = []
        keep = truths.append
        for ask in self._asks:
            keep(ask(book, truths))
        found: dict[str, Truth] = {}
        for row in self._rows:
            answer = truths[row.condition]
            for other, when in row.replaced:
                if other in found:
                    answer = min(answer, -min(found[other], truths[when]))
            if row.where_owed:
                answer = min(answer, found.get(row.where_owed, -1))
            found[row.duty] = min(answer, -truths[row.excuse])
        return {duty: _BACK[answer] for duty, answer in found.items()}

    def _row(self, duty: str, version: DutyVersion, named: Mapping[str, Condition]) -> _Row:
        reach = self._place(All((version.scope, version.when)), named)
        excuse = self._place(AnyOf(tuple(one.when for one in version.exempt)), named)
        replaced = tuple((one.by, self._place(one.when, named)) for one in version.replaced)
        return _Row(duty, reach, excuse, replaced, version.where_owed)

    def _place(self, condition: Condition, named: Mapping[str, Condition]) -> int:
        """The number of a condition's answer."""
        while isinstance(condition, Use):
            condition = named[condition.name]
        if (known := self._places.get(id(condition))) is not None:
            return known
        ask, key = self._ask(condition, named)
        if (place := self._places.get(key)) is None:
            place = self._places[key] = len(self._asks)
            self._asks.append(ask)
        self._kept.append(condition)  # so that no other object takes its identity
        self._places[id(condition)] = place
        return place

    def _ask(self, condition: Condition, named: Mapping[str, Condition]) -> tuple[Ask, tuple[str, ...]]:
        match condition:
            case All(parts):
                places = sorted({self._place(part, named) for part in parts})
                return _least_of(places), ("all", *map(str, places))
            case AnyOf(parts):
                places = sorted({self._place(part, named) for part in parts})
                return _greatest_of(places), ("any", *map(str, places))
            case Not(part):
                place = self._place(part, named)
                return lambda _, truths: -truths[place], ("not", str(place))
            case Data():
                return self._data(condition)
        return ask_of(condition), (repr(condition),)

    def _data(self, condition: Data) -> tuple[Ask, tuple[str, ...]]:
        alone = [self._category(id, condition.unprotected) for id in condition.alone]
        if not condition.with_name:
            return _greatest_of(alone), ("any", *map(str, alone))
        names = [self._category(id, False) for id in condition.names]
        elements = [self._category(id, condition.unprotected) for id in condition.with_name]

        def ask(_: FactBook, truths: list[Truth]) -> Truth:
            linked = min(max(truths[place] for place in names), max(truths[place] for place in elements))
            return max(linked, *(truths[place] for place in alone)) if alone else linked

        return ask, (repr(condition),)

    def _category(self, category: str, unprotected: bool) -> int:
        key = ("category", category, str(unprotected))
        if (place := self._places.get(key)) is None:
            place = self._places[key] = len(self._asks)
            self._asks.append(category_held(category, unprotected))
        return place


def _least_of(places: list[int]) -> Ask:
    if not places:
        return lambda _, __: 1
    if len(places) == 1:
        only = places[0]
        return lambda _, truths: truths[only]
    if len(places) == 2:
        first, second = places
        return lambda _, truths: min(truths[first], truths[second])

    def ask(_: FactBook, truths: list[Truth]) -> Truth:
        least = 1
        for place in places:
            if (found := truths[place]) < least:
                if found == -1:
                    return -1
                least = found
        return least

    return ask


def _greatest_of(places: list[int]) -> Ask:
    if not places:
        return lambda _, __: -1
    if len(places) == 1:
        only = places[0]
        return lambda _, truths: truths[only]

    def ask(_: FactBook, truths: list[Truth]) -> Truth:
        greatest = -1
        for place in places:
            if (found := truths[place]) > greatest:
                if found == 1:
                    return 1
                greatest = found
        return greatest

    return ask


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
