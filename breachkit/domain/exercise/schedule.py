"""Which injects are due, and when to look next. Sending them is workflow's matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from breachkit.domain.exercise.doings import Doings
from breachkit.domain.exercise.happenings import Every, When, holds, turning_points
from breachkit.domain.exercise.scenario import Inject, Scenario


def waits_for(inject: Inject, scenario: Scenario) -> When:
    """All that an inject waits for besides its time: its own condition and its branch's."""
    branch = scenario.branch(inject.branch) if inject.branch else None
    return inject.when if branch is None else Every((branch.when, inject.when))


def pending(injects: Collection[Inject], doings: Doings) -> Iterator[Inject]:
    """Those neither sent nor left out."""
    return (one for one in injects if one.id not in doings.fired and one.id not in doings.skipped)


def lapsed(inject: Inject, scenario: Scenario, now: datetime) -> bool:
    """Whether its last moment has passed."""
    return inject.until is not None and now > scenario.begin + inject.until


def due(
    scenario: Scenario, injects: Collection[Inject], doings: Doings, now: datetime, held: Collection[str] = ()
) -> tuple[Inject, ...]:
    """What is to be sent now (UTC), in the order of its time; `injects` are the scenario's and those added by hand."""
    ready = [
        one
        for one in pending(injects, doings)
        if one.id not in held
        and scenario.begin + one.at <= now
        and not lapsed(one, scenario, now)
        and holds(waits_for(one, scenario), doings, now)
    ]
    return tuple(sorted(ready, key=lambda one: one.at))


def holds_at(inject: Inject, scenario: Scenario, doings: Doings, moment: datetime) -> bool:
    """Whether all it waits for besides its time will have come to pass by that moment (UTC), as things stand."""
    return not lapsed(inject, scenario, moment) and holds(waits_for(inject, scenario), doings, moment)


def next_moment(scenario: Scenario, injects: Collection[Inject], doings: Doings, after: datetime) -> datetime | None:
    """The next moment (UTC) at which something may become due by time alone; None when nothing may."""
    candidates = (
        at
        for one in pending(injects, doings)
        for at in (scenario.begin + one.at, *turning_points(waits_for(one, scenario), doings))
        if after < at <= scenario.end and not lapsed(one, scenario, at)
    )
    return min(candidates, default=None)


def taken(branch: str, scenario: Scenario, doings: Doings, now: datetime) -> bool:
    """Whether the story went that way; the empty name stands for the story all branches share."""
    found = scenario.branch(branch) if branch else None
    return not branch or (found is not None and holds(found.when, doings, now))


HANDS_FULL = timedelta(hours=1)
"""Virtual time that a message is taken to keep a team busy."""


def busy(scenario: Scenario) -> timedelta:
    """How much virtual time has something to do in it: the hour after each message, counted once where hours overlap."""
    total, until = timedelta(), timedelta()
    for at in sorted(one.at for one in scenario.injects):
        ends = min(at + HANDS_FULL, scenario.lasts)
        total += max(ends - max(at, until), timedelta())
        until = max(until, ends)
    return total or scenario.lasts
