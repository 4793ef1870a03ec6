"""What injects and branches wait for: things a team did or recorded. Unlike the law's conditions they are plain yes or no."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, assert_never

from breachkit.domain.conditions import Condition, evaluate
from breachkit.domain.exercise.doings import Doings
from breachkit.domain.values import value

What = Literal["declared", "fired", "recorded", "asked", "filed", "decided", "approved", "answered", "step"]
"""declared: the incident was opened. fired: an inject was sent. step: a playbook's step is done."""


@value
class Happened:
    """One thing happened, at least `age` ago."""

    what: What
    name: str = ""
    """The inject, fact key, duty, question or step; empty for `declared`."""
    choice: str | None = None
    """For decided and answered: which choice; None: any."""
    age: timedelta = timedelta()


@value
class Says:
    """The team's own facts make this condition of the law files' language true; not known yet is no."""

    condition: Condition


@value
class Every:
    """All of these."""

    parts: tuple[When, ...]


@value
class Some:
    """At least one of these."""

    parts: tuple[When, ...]


@value
class Never:
    """Not, so far."""

    part: When


When: TypeAlias = Happened | Says | Every | Some | Never
AT_ONCE = Every(())
"""What waits for nothing."""


def holds(when: When, doings: Doings, now: datetime) -> bool:
    """Whether it has come to pass by `now` (UTC)."""
    match when:
        case Happened(age=age):
            at = happened_at(when, doings)
            return at is not None and at + age <= now
        case Says(condition):
            return doings.book is not None and evaluate(condition, doings.book).holds is True
        case Every(parts):
            return all(holds(part, doings, now) for part in parts)
        case Some(parts):
            return any(holds(part, doings, now) for part in parts)
        case Never(part):
            return not holds(part, doings, now)
        case _:
            assert_never(when)


def happened_at(one: Happened, doings: Doings) -> datetime | None:
    """When it first happened, UTC; None when it did not."""
    return _LOOK_UP[one.what](one, doings)


def atoms(when: When) -> Iterator[Happened | Says]:
    """What it is made of."""
    match when:
        case Happened() | Says():
            yield when
        case Every(parts) | Some(parts):
            for part in parts:
                yield from atoms(part)
        case Never(part):
            yield from atoms(part)
        case _:
            assert_never(when)


def turning_points(when: When, doings: Doings) -> Iterator[datetime]:
    """The moments at which it may turn by time alone: each thing that happened, plus the age asked of it."""
    for atom in atoms(when):
        if isinstance(atom, Happened) and (at := happened_at(atom, doings)) is not None:
            yield at + atom.age


def _chosen(doings: Mapping[str, tuple[datetime, str]], one: Happened) -> datetime | None:
    found = doings.get(one.name)
    return None if found is None or one.choice not in (None, found[1]) else found[0]


def _decided(one: Happened, doings: Doings) -> datetime | None:
    return next((d.at for d in doings.decided if d.about(one.name) and one.choice in (None, d.choice)), None)


_LOOK_UP: dict[What, Callable[[Happened, Doings], datetime | None]] = {
    "declared": lambda _, doings: doings.declared_at,
    "fired": lambda one, doings: doings.fired.get(one.name),
    "recorded": lambda one, doings: doings.recorded_at(one.name),
    "asked": lambda one, doings: doings.asked.get(one.name),
    "filed": lambda one, doings: next((f.at for f in doings.filed if f.about(one.name)), None),
    "decided": _decided,
    "approved": lambda one, doings: next((a.at for a in doings.approved if a.about(one.name)), None),
    "answered": lambda one, doings: _chosen(doings.answered, one),
    "step": lambda one, doings: doings.steps.get(one.name),
}
