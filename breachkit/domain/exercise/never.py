"""Why injects of a scenario can never be sent and branches never taken; those that wait for each other are named in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from breachkit.domain.exercise.possible import Possible, Way, earliest_of, senders_of, ways_of
from breachkit.domain.exercise.scenario import Branch, Inject, Scenario
from breachkit.domain.offsets import say_offset
from breachkit.domain.values import value

_CONTRADICTS = "its condition contradicts itself; take out one of the parts that cannot be so together"


@value
class Flaw:
    """One thing wrong with a scenario."""

    line: int | None
    """Of the entry it is about; None: the file as a whole."""
    text: str
    """What is wrong, where, and what to do."""
    key: str = ""
    """What of the entry it is about: `when`; for the file as a whole one of its own keys."""


def nevers(scenario: Scenario, reach: Possible) -> Iterator[Flaw]:
    """What is wrong with each inject and branch that can never come to pass.

    An inject of a branch that cannot be taken is not told again; those of a loop are told once.
    """
    lost = {one.id: one for one in scenario.injects if one.id not in reach.earliest}
    waiting = {id: _waits_in_vain(one, scenario, reach) for id, one in lost.items()}
    told: set[str] = set()
    for branch in scenario.branches:
        if text := _branch(branch, scenario, reach, waiting):
            told |= {one.id for one in lost.values() if one.branch == branch.id and not _own_fault(one, scenario)}
            yield Flaw(branch.line, f"branch '{branch.id}' can never be taken: {text}", "when")
    for id, one in lost.items():
        if id in told:
            continue
        if own := _own_fault(one, scenario):
            yield Flaw(one.line, f"inject '{id}' can never be sent: {own[1]}", own[0])
        elif loop := _loop(id, waiting):
            told |= set(loop)
            names = " -> ".join((*loop, loop[0]))
            yield Flaw(one.line, f"these injects wait for each other: {names}; let one of them wait for less", "when")
        else:
            yield Flaw(one.line, f"inject '{id}' can never be sent: {_why(one, waiting[id], scenario, reach)}", "when")


def _branch(branch: Branch, scenario: Scenario, reach: Possible, waiting: Mapping[str, tuple[str, ...]]) -> str:
    """Why it can never be taken; empty where it can, and where it only waits for injects that wait for its own."""
    ways = ways_of(branch.when)
    if ways is None or earliest_of(ways, scenario, reach.earliest) is not None:
        return ""
    if not ways:
        return _CONTRADICTS
    lacking = _lacking(ways, scenario, reach)
    own = {one.id for one in scenario.injects if one.branch == branch.id}
    return "" if any(own.intersection(_loop(id, waiting)) for id in lacking) else _waits_for(lacking)


def _own_fault(one: Inject, scenario: Scenario) -> tuple[str, str] | None:
    """What is wrong with an inject by itself, and where; None where it is others that never come."""
    if one.at > scenario.lasts:
        late = f"it comes {say_offset(one.at)} after the start, and the exercise ends after {say_offset(scenario.lasts)}"
        return "at", f"{late}; send it earlier, or let the exercise last longer"
    if one.until is not None and one.until < one.at:
        return "until", f"its 'until' ({say_offset(one.until)}) is before its 'at' ({say_offset(one.at)}); move one of them"
    return ("when", _CONTRADICTS) if ways_of(one.when) == () else None


def _waits_in_vain(one: Inject, scenario: Scenario, reach: Possible) -> tuple[str, ...]:
    """The injects it waits for that are never sent; empty where it does not wait for such."""
    ways = reach.ways[one.id]
    return () if ways is None or earliest_of(ways, scenario, reach.earliest) is not None else _lacking(ways, scenario, reach)


def _lacking(ways: tuple[Way, ...], scenario: Scenario, reach: Possible) -> tuple[str, ...]:
    """The injects that these ways ask for and that are never sent, in the order of the file."""
    asked = {id for way in ways for one in way for id in senders_of(one, scenario)}
    return tuple(one.id for one in scenario.injects if one.id in asked and one.id not in reach.earliest)


def _why(one: Inject, lacking: tuple[str, ...], scenario: Scenario, reach: Possible) -> str:
    if lacking:
        return _waits_for(lacking)
    ways = reach.ways[one.id] or ()
    met = earliest_of(ways, scenario, reach.earliest)
    if met is None:
        return f"its condition and that of its branch '{one.branch}' contradict each other; take a part out"
    limit = "its 'until'" if one.until is not None and one.until < scenario.lasts else "the end of the exercise"
    last = scenario.lasts if one.until is None else min(one.until, scenario.lasts)
    return f"what it waits for comes {say_offset(met)} after the start at the earliest, after {limit} ({say_offset(last)})"


def _waits_for(lacking: tuple[str, ...]) -> str:
    names = " and ".join(f"'{id}'" for id in lacking)
    return f"it waits for {names}, which can never be sent; mend that, or let it wait for something else"


def _loop(start: str, waiting: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The injects of a loop through that one, from it on; empty when there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    been: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in waiting.get(way[-1], ()):
            if name == start:
                return way
            if name not in been:
                been.add(name)
                ways.append((*way, name))
    return ()
