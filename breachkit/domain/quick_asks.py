"""Questions to the facts themselves, answered without reasons: what `conditions` and `affected_data` say, as a bare number.

1 is true, 0 not known, -1 false. That both say the same is held by a test on drawn facts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from breachkit.domain.affected_data import protected
from breachkit.domain.conditions import (
    OPS,
    Always,
    Amount,
    Condition,
    Established,
    FactIs,
    Includes,
    Known,
    Op,
    People,
    Role,
    Sector,
    Targets,
    evaluate,
)
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count

Truth: TypeAlias = int
"""All of some is their least, any of some their greatest, and the opposite is the sign turned."""
Ask: TypeAlias = Callable[[FactBook], Truth]
OF = {True: 1, None: 0, False: -1}


def ask_of(condition: Condition) -> Ask:
    """A question to the facts."""
    match condition:
        case FactIs(key, values, _):
            return lambda book: _fact_is(book, key, values)
        case Includes(key, member, _):
            return lambda book: 0 if (held := book.strings(key)) is None else 1 if member in held else -1
        case Known(key, _):
            return lambda book: 1 if book.get(key) else 0
        case Amount(key, op, number, _):
            return lambda book: 0 if (count := book.count(key)) is None else _side(count, op, number)
        case People("total", op, number, _) | People(_, op, number, None):
            return lambda book: _side(book.total, op, number)
        case People(_, op, number, str(where)):
            return lambda book: _side(book.residents(where), op, number)
        case Role(roles):
            return lambda book: max(OF[book.in_role(role).holds] for role in roles)
        case Sector(sector):
            return lambda book: _sector(book, sector)
        case Targets(place):
            return lambda book: _targets(book, place)
        case Established(place):
            return lambda book: OF[book.at_home_in(place)]
        case Always(holds, _):
            answer = OF[holds]
            return lambda _: answer
    return lambda book: OF[evaluate(condition, book).holds]


def _fact_is(book: FactBook, key: str, values: tuple[str, ...]) -> Truth:
    fact = book.get(key)
    if fact is None:
        return 0
    value = ("yes" if fact.value else "no") if isinstance(fact.value, bool) else str(fact.value)
    return 1 if value in values else -1


def _side(count: Count, op: Op, number: int) -> Truth:
    compare = OPS[op]
    low = compare(count.low, number)
    high = op in (">", ">=") if count.high is None else compare(count.high, number)
    return 0 if low != high else 1 if low else -1


def _sector(book: FactBook, sector: str) -> Truth:
    held = book.sectors
    return 0 if held is None else 1 if sector in held else -1


def _somebody(count: Count) -> Truth:
    return 1 if count.low > 0 else -1 if count.high == 0 else 0


def _targets(book: FactBook, place: str) -> Truth:
    listed = book.listed_in(place)
    best = -1
    for one in listed:
        best = max(best, min(_somebody(book.residents(one)), OF[book.addressed(one)]))
        if best == 1:
            return 1
    everybody = book.residents(place)
    if (somebody := _somebody(everybody)) == -1:
        return -1
    if not listed or everybody.high != sum((book.listed[one].high or 0) for one in listed):
        best = max(best, min(somebody, OF[book.addressed(place)]))
    return best


def category_held(category: str, unprotected: bool) -> Ask:
    """Whether that kind of data was affected; with `unprotected`, in a form that can be read."""
    return lambda book: _category(book, category, unprotected)


def _category(book: FactBook, category: str, unprotected: bool) -> Truth:
    key = ("bare", category, unprotected)
    known = book.remembered.get(key)
    if isinstance(known, int):
        return known
    found = _category(book.whole, category, unprotected) if book.whole is not None else 0
    if found != -1:
        found = _held(book, category, unprotected, frozenset())
    book.remembered[key] = found
    return found


def _held(book: FactBook, category: str, unprotected: bool, seen: frozenset[str]) -> Truth:
    if book.categories is None:
        return 0
    words, best = book.words, -1
    below, above = words.below(category), words.above(category)
    for listed in book.categories:
        if listed in below:
            found = 1
        elif listed in above:
            found = 0
        else:
            found = max((_part(below, group) for group in words.groups_of(listed)), default=-1)
        if found > best:
            best = max(best, min(found, _readable(book, listed)) if unprotected else found)
            if best == 1:
                return 1
    shape = words.categories[category]
    if category not in seen:
        inner = seen | {category}
        if shape.all_of:
            groups = (max(_held(book, one, unprotected, inner) for one in group) for group in shape.all_of)
            best = max(best, min(groups))
        for one in shape.any_of:
            best = max(best, _held(book, one, unprotected, inner))
    if not book.categories_closed:
        best = max(best, min(0, _readable(book, None)) if unprotected else 0)
    return best


def _part(below: frozenset[str], group: tuple[str, ...]) -> Truth:
    fitting = sum(one in below for one in group)
    return -1 if not fitting else 1 if fitting == len(group) else 0


def _readable(book: FactBook, category: str | None) -> Truth:
    key = ("readable", category)
    known = book.remembered.get(key)
    if isinstance(known, int):
        return known
    found = -OF[protected(book, category).holds]
    book.remembered[key] = found
    return found
