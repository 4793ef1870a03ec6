"""What is true in a scenario's world, from when it can be known, and whether what a team wrote agrees with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from breachkit.domain.exercise.doings import Doings
from breachkit.domain.exercise.scenario import Scenario, Truth
from breachkit.domain.facts import Count, Fact, Instant, Value
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Vocabulary

CLOSE = timedelta(minutes=15)
"""Two times this near to each other are taken for the same: people read different watches."""


@value
class Told:
    """What the world answers a team that asks."""

    key: str
    known: bool
    """False: nobody can know it yet, or it is no part of this exercise."""
    fact: Fact | None
    """What it is now; None where it is not known."""
    teller: str
    says: str


def knowable_at(truth: Truth, scenario: Scenario, doings: Doings) -> datetime | None:
    """From when a team can know it, UTC; None: not in this run, since the inject it hangs on was not sent."""
    if truth.inject is not None:
        return doings.fired.get(truth.inject)
    return scenario.begin + (truth.at or timedelta())


def versions(key: str, scenario: Scenario, doings: Doings) -> tuple[tuple[datetime, Truth], ...]:
    """What could be known of one fact in this run, each with the moment from which on, in order."""
    found = [(at, one) for one in scenario.truths.get(key, ()) if (at := knowable_at(one, scenario, doings)) is not None]
    return tuple(sorted(((at, one) for at, one in found if at <= scenario.end), key=lambda pair: pair[0]))


def known_by(scenario: Scenario, doings: Doings, moment: datetime) -> dict[str, Fact]:
    """Every fact as well as it can be known at that moment (UTC)."""
    found: dict[str, Fact] = {}
    for key in scenario.truths:
        for at, one in versions(key, scenario, doings):
            if at <= moment:
                found[key] = one.fact
    return found


def final(scenario: Scenario) -> dict[str, Fact]:
    """How it all is in the end, whether or not a team came to hear of it."""
    return {key: ones[-1].fact for key, ones in scenario.truths.items()}


def moments(scenario: Scenario, doings: Doings) -> tuple[datetime, ...]:
    """When more can be known than before, in order."""
    return tuple(sorted({at for key in scenario.truths for at, _ in versions(key, scenario, doings)}))


def told(key: str, scenario: Scenario, doings: Doings, now: datetime, profile: Mapping[str, Fact]) -> Told:
    """The world's answer to a question about one fact."""
    held = [one for at, one in versions(key, scenario, doings) if at <= now]
    if held:
        return Told(key, True, held[-1].fact, held[-1].teller, held[-1].says)
    if (own := profile.get(key)) is not None and own.known:
        return Told(key, True, own, "the organisation's profile", "")
    if key in scenario.truths:
        first = scenario.truths[key][0]
        who = first.teller or "whoever would know"
        return Told(key, False, None, first.teller, scenario.hints.get(key) or f"Not known yet; {who} will say.")
    return Told(key, False, None, "", scenario.hints.get(key) or "Nobody in this exercise knows; go by what you have.")


def agree(said: Fact, true: Fact, words: Vocabulary) -> bool:
    """Whether what was written can be what is true.

    A count agrees when its interval and the true one meet, a time within a quarter of an hour, a list when it has the same
    members, and sentences always: nobody can score prose against prose.
    """
    ours, theirs = said.value, true.value
    if not said.known or not true.known:
        return said.known == true.known
    if isinstance(ours, Count) and isinstance(theirs, Count):
        return (ours.high is None or theirs.low <= ours.high) and (theirs.high is None or ours.low <= theirs.high)
    if isinstance(ours, Instant) and isinstance(theirs, Instant):
        return _same_time(ours, theirs)
    if words.spec(true.key).type == "set":
        return {str(one) for one in _members(ours)} == {str(one) for one in _members(theirs)}
    return words.spec(true.key).type in ("text", "email", "records") or ours == theirs


def within(said: Fact, true: Fact, words: Vocabulary) -> bool:
    """Whether nothing of what was written is false: as `agree`, but a list may lack members it should have."""
    if words.spec(true.key).type == "set" and said.known and true.known:
        return {str(one) for one in _members(said.value)} <= {str(one) for one in _members(true.value)}
    return agree(said, true, words)


def precise(said: Fact, true: Fact, words: Vocabulary) -> bool:
    """Whether it agrees and says as much as could be known: a count is no wider than the true one, or than `~` makes it."""
    ours, theirs = said.value, true.value
    if not agree(said, true, words):
        return False
    if not (isinstance(ours, Count) and isinstance(theirs, Count)):
        return True
    if theirs.high is None:
        return True
    return ours.high is not None and ours.high - ours.low <= max(theirs.high - theirs.low, 0.4 * theirs.high)


def _members(found: Value) -> tuple[object, ...]:
    return found if isinstance(found, tuple) else (found,)


def _same_time(ours: Instant, theirs: Instant) -> bool:
    if theirs.day is not None or ours.day is not None:
        zone = theirs.zone or ours.zone or "UTC"
        return ours.moment(zone) <= theirs.latest(zone) and theirs.moment(zone) <= ours.latest(zone)
    return abs(ours.at - theirs.at) <= CLOSE
