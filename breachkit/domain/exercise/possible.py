"""What can come to pass in a scenario: in which ways a condition can be true, and when an inject can be sent at the earliest.

Every combination of what a condition asks is tried, so nothing is guessed; one with too many combinations is not judged. What
is said of a scenario in which something can never come to pass is checking.py's matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import timedelta
from itertools import product
from typing import TypeAlias

from breachkit.domain.conditions import OPS, All, Always, Amount, AnyOf, Condition, FactIs, Known, Not, Op, People
from breachkit.domain.exercise.happenings import Every, Happened, Never, Says, Some, When, atoms
from breachkit.domain.exercise.scenario import Inject, Scenario
from breachkit.domain.exercise.schedule import waits_for
from breachkit.domain.values import value

MOST = 2**14
"""Combinations that are tried; a condition with more is taken to be possible."""

Way: TypeAlias = frozenset[Happened]
"""What must have happened, in one of the ways in which a condition is true."""
Given: TypeAlias = Mapping[Hashable, object]
"""One combination: what each thing that is asked about is. None: not known."""
_OTHER = "\x00another value"
_AFTER_OPENING = ("recorded", "filed", "decided", "approved", "step")


@value
class Possible:
    """How far a scenario can go, whatever its team does."""

    earliest: Mapping[str, timedelta] = field(default_factory=dict)
    """By inject: how long after the start it can be sent at the earliest. An inject that can never be sent is not here."""
    ways: Mapping[str, tuple[Way, ...] | None] = field(default_factory=dict)
    """By inject: the ways in which all it waits for is true; None: too many to be judged."""


def possible(scenario: Scenario) -> Possible:
    """Works out which injects can be sent, from those that wait for nothing to those that wait for others."""
    ways = {one.id: ways_of(waits_for(one, scenario)) for one in scenario.injects}
    earliest: dict[str, timedelta] = {}
    changed = True
    while changed:
        changed = False
        for one in scenario.injects:
            at = _sent_at(one, ways[one.id], scenario, earliest)
            if at is not None and at < earliest.get(one.id, timedelta.max):
                earliest[one.id], changed = at, True
    return Possible(earliest, ways)


def _sent_at(
    one: Inject, ways: tuple[Way, ...] | None, scenario: Scenario, earliest: Mapping[str, timedelta]
) -> timedelta | None:
    met = timedelta() if ways is None else earliest_of(ways, scenario, earliest)
    if met is None:
        return None
    at = max(one.at, met)
    return at if at <= min(scenario.lasts, scenario.lasts if one.until is None else one.until) else None


def earliest_of(ways: Iterable[Way], scenario: Scenario, earliest: Mapping[str, timedelta]) -> timedelta | None:
    """When the first of these ways can have come to pass; None where each waits for something that cannot."""
    times = [time for way in ways if (time := _time_of(way, scenario, earliest)) is not None]
    return min(times, default=None)


def _time_of(way: Way, scenario: Scenario, earliest: Mapping[str, timedelta]) -> timedelta | None:
    last = timedelta()
    for one in way:
        senders = senders_of(one, scenario)
        at = min((earliest[id] for id in senders if id in earliest), default=None if senders else timedelta())
        if at is None:
            return None
        last = max(last, at + one.age)
    return last


def senders_of(one: Happened, scenario: Scenario) -> tuple[str, ...]:
    """The injects of which one must be sent before it can happen; empty where it needs none, or names none that is there."""
    if one.what == "fired":
        return (one.name,) if scenario.inject(one.name) is not None else ()
    if one.what == "answered":
        return tuple(inject.id for inject in scenario.injects if one.name in inject.asks)
    return ()


def ways_of(when: When) -> tuple[Way, ...] | None:
    """Every way in which it is true, without those that ask for more than another; None: too many combinations to try."""
    asked = _asked(when)
    count = 1
    for options in asked.values():
        count *= len(options)
    if count > MOST:
        return None
    found: dict[Way, None] = {}
    for combination in product(*asked.values()):
        given = dict(zip(asked, combination, strict=True))
        if _can_be(given) and _holds(when, given):
            found[frozenset(thing for thing, is_so in given.items() if isinstance(thing, Happened) and is_so)] = None
    return tuple(way for way in found if not any(other < way for other in found))


# -- what is asked about, and what each of it can be ------------------------------------------------------------------


def _asked(when: When) -> dict[Hashable, tuple[object, ...]]:
    """Each thing it asks about, with all that it can be."""
    found: dict[Hashable, dict[object, None]] = {}
    for atom in atoms(when):
        if isinstance(atom, Happened):
            found[atom] = {True: None, False: None}
            continue
        for thing, options in _leaves(atom.condition):
            found.setdefault(thing, {None: None}).update(dict.fromkeys(options))
    return {thing: _intervals(options) if _counted(options) else tuple(options) for thing, options in found.items()}


def _leaves(condition: Condition) -> Iterator[tuple[Hashable, tuple[object, ...]]]:
    """What a law's condition asks about, each with what it can be besides not known."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case Always():
            return
        case FactIs(values=values):
            yield _thing(condition), (*values, _OTHER)
        case Known():
            yield _thing(condition), (_OTHER,)
        case Amount(number=number) | People(number=number):
            yield _thing(condition), tuple(n for n in (number - 1, number, number + 1) if n >= 0)
        case _:
            yield condition, (True, False)


def _counted(options: Iterable[object]) -> bool:
    return any(type(one) is int for one in options)


def _intervals(options: Iterable[object]) -> tuple[object, ...]:
    """A count is known as an interval, so some conditions on it may be decided and others not."""
    points = sorted(one for one in options if isinstance(one, int))
    return (None, *((low, high) for low in points for high in (*points, None) if high is None or low <= high))


def _thing(condition: FactIs | Known | Amount | People) -> Hashable:
    """What it asks about: the same for all conditions on the same fact, so that they cannot contradict each other."""
    if isinstance(condition, People):
        return ("people", condition.place if condition.counts != "total" else None)
    return ("fact", condition.key)


def _can_be(given: Given) -> bool:
    """Whether these can be so together."""
    so = [thing for thing, is_so in given.items() if isinstance(thing, Happened) and is_so]
    not_so = [thing for thing, is_so in given.items() if isinstance(thing, Happened) and not is_so]
    if any(_implies(one, other) for one in so for other in not_so):
        return False
    chosen: dict[str, str] = {}
    for one in so:
        if one.what == "answered" and one.choice is not None and chosen.setdefault(one.name, one.choice) != one.choice:
            return False
    if Happened("declared") in not_so and any(one.what in _AFTER_OPENING for one in so):
        return False
    return not any(
        one.what == "recorded"
        and not one.age
        and not one.name.startswith("organisation.")
        and given.get(("fact", one.name)) is not None
        for one in not_so
    )


def _implies(one: Happened, other: Happened) -> bool:
    """Whether the second has happened wherever the first has: something said less exactly, or less long ago."""
    same = other.name in (one.name, one.name.partition("@")[0])
    return one.what == other.what and same and other.choice in (None, one.choice) and other.age <= one.age


def _holds(when: When, given: Given) -> bool:
    match when:
        case Happened():
            return bool(given[when])
        case Says(condition):
            return given.get(Happened("declared")) is not False and _verdict(condition, given) is True
        case Every(parts):
            return all(_holds(part, given) for part in parts)
        case Some(parts):
            return any(_holds(part, given) for part in parts)
        case Never(part):
            return not _holds(part, given)


def _verdict(condition: Condition, given: Given) -> bool | None:
    """The condition's answer in that combination; None: not known."""
    match condition:
        case All(parts):
            answers = [_verdict(part, given) for part in parts]
            return False if False in answers else None if None in answers else True
        case AnyOf(parts):
            answers = [_verdict(part, given) for part in parts]
            return True if True in answers else None if None in answers else False
        case Not(part):
            answer = _verdict(part, given)
            return None if answer is None else not answer
        case Always(holds):
            return holds
        case FactIs(values=values):
            said = given[_thing(condition)]
            return None if said is None else said in values
        case Known():
            return True if given[_thing(condition)] is not None else None
        case Amount(op=op, number=number) | People(op=op, number=number):
            return _compared(given[_thing(condition)], op, number)
        case _:
            said = given[condition]
            return said if isinstance(said, bool) else None


def _compared(count: object, op: Op, number: int) -> bool | None:
    if not isinstance(count, tuple):
        return None
    low, high = count
    at_low = OPS[op](low, number)
    at_high = op in (">", ">=") if high is None else OPS[op](high, number)
    return at_low if at_low == at_high else None
