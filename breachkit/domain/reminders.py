"""Which deadlines are to be said now and which come next: level-triggered, so whatever is due and not proven as said is said.

Owns the distances before a limit, the repeats after it, and what a proof in the journal covers. When a duty is due is the
matter of duties.py; words, ways out and writing the proof are workflow's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

from breachkit.domain.findings import Finding
from breachkit.domain.journal import Entry, Json
from breachkit.domain.offsets import read_offset, write_offset
from breachkit.domain.values import value
from breachkit.errors import BadValue

KIND: Final = "reminder.sent"
"""The journal's entry that proves one reminder."""

Limit = Literal["target", "outer", "not_before", "no_number"]
"""What it is about. `not_before`: the end of an embargo. `no_number`: a duty "without undue delay", from its start on."""
LIMIT_NAMES: Final[tuple[Limit, ...]] = get_args(Limit)

Limits = Literal["target", "outer", "both"]
LIMITS: Final[tuple[Limits, ...]] = get_args(Limits)

Key: TypeAlias = tuple[str, str, datetime, str]
"""Finding, limit, due instant in UTC, way. Another due instant is another key: when a limit moves, it is said again."""

Proofs: TypeAlias = Mapping[Key, timedelta]
"""The nearest distance that was said. Every farther one is covered by it; after the limit it is negative."""


@value
class Schedule:
    """When to say it."""

    before: tuple[timedelta, ...] = (timedelta(days=1), timedelta(hours=6), timedelta(hours=1), timedelta())
    """Distances before each limit, in any order; nought is the limit itself."""
    overdue_every: timedelta | None = timedelta(hours=6)
    """How often after a limit has passed, until it is filed; None: never."""
    no_number_every: timedelta | None = timedelta(days=1)
    """How often for what the law wants without undue delay and without a number, follow-ups among it; None: never."""
    limits: Limits = "target"
    """Which limit counts. A duty without an outer limit of its own is reminded of by its target all the same."""


@value
class Clock:
    """One moment that reminders lead up to, or away from."""

    finding: Finding
    limit: Limit
    at: datetime
    """UTC."""
    until: datetime | None = None
    """UTC, the outer limit, with which the repeats of a target end because it has its own; None: none."""

    def key(self, way: str) -> Key:
        """What a proof of it is found by."""
        return (self.finding.id, self.limit, self.at, way)


@value
class Call:
    """One clock to be said now."""

    clock: Clock
    before: timedelta
    """The nearest distance that has passed; negative for a repeat after the limit."""
    covers: tuple[timedelta, ...] = ()
    """Farther ones that passed and were never said, because no run came in between."""

    @property
    def mark(self) -> datetime:
        """The moment it was to be said at, UTC."""
        return self.clock.at - self.before


@value
class Saying:
    """All that is to be said of one finding now: one message, whatever passed."""

    calls: tuple[Call, ...]
    """The most pressing one first; at least one."""

    @property
    def first(self) -> Call:
        """The most pressing one."""
        return self.calls[0]

    @property
    def finding(self) -> Finding:
        """What it is about."""
        return self.first.clock.finding


@value
class Upcoming:
    """What comes next if nothing changes."""

    clock: Clock
    before: timedelta
    at: datetime
    """UTC, when it is to be said."""


def clocks(findings: Iterable[Finding], schedule: Schedule, stand_in: Finding | None = None) -> tuple[Clock, ...]:
    """The clocks that reminders are for: of open duties nobody decided to refrain from.

    `stand_in` is one of all the world's laws, taken while nobody said anything that lets a clock of its own run; None: none.
    """
    found = [clock for finding in findings if finding.running for clock in _of(finding, schedule)]
    if stand_in is not None:
        found += _of(stand_in, schedule)
    return tuple(found)


def refrained(finding: Finding) -> bool:
    """Whether it was decided not to notify, on facts that still stand."""
    return finding.decision is not None and finding.decision.choice == "refrain" and not finding.decision.reopened


def to_say(clocks: Iterable[Clock], proofs: Proofs, schedule: Schedule, way: str, now: datetime) -> tuple[Saying, ...]:
    """What this way has to say now and has not proven yet: one saying for each finding, the most pressing first."""
    by_finding: dict[str, list[Call]] = {}
    for clock in clocks:
        fresh = [before for before in _passed(clock, schedule, now) if _is_new(before, proofs.get(clock.key(way)))]
        if fresh:
            by_finding.setdefault(clock.finding.id, []).append(Call(clock, fresh[-1], tuple(fresh[:-1])))
    said = [Saying(tuple(sorted(calls, key=lambda call: call.mark, reverse=True))) for calls in by_finding.values()]
    return tuple(sorted(said, key=lambda one: (one.first.clock.at, one.finding.id)))


def upcoming(clocks: Iterable[Clock], schedule: Schedule, now: datetime) -> Upcoming | None:
    """The next thing to say after `now`; None when nothing more comes."""
    coming = [one for clock in clocks if (one := _next(clock, schedule, now)) is not None]
    return min(coming, key=lambda one: (one.at, one.clock.finding.id), default=None)


def proof_body(call: Call, *, by: str, way: str, proof: str) -> dict[str, Json]:
    """The body of the entry that proves it. `by` is the kind of way, `way` which one of that kind."""
    finding = call.clock.finding
    return {
        "duty": finding.duty,
        "finding": finding.id,
        "limit": call.clock.limit,
        "due": call.clock.at.astimezone(UTC).isoformat(),
        "before": write_distance(call.before),
        "covers": [write_distance(before) for before in call.covers],
        "by": by,
        "way": way,
        "proof": proof,
    }


def read_proofs(entries: Iterable[Entry]) -> dict[Key, timedelta]:
    """What was said, as the journal proves it. BadValue for a proof that cannot be read."""
    found: dict[Key, timedelta] = {}
    for entry in entries:
        if entry.kind != KIND:
            continue
        body = entry.body
        try:
            due = datetime.fromisoformat(str(body["due"])).astimezone(UTC)
            key = (str(body["finding"]), str(body.get("limit", "target")), due, str(body.get("way") or body["by"]))
            before = read_distance(str(body["before"]))
        except (KeyError, ValueError, BadValue) as problem:
            raise BadValue(f"{entry.incident} entry {entry.seq}: this reminder cannot be read ({problem})") from problem
        found[key] = min(before, found.get(key, before))
    return found


def write_distance(span: timedelta) -> str:
    """`P1D`, `PT6H`, `PT0S` for the limit itself, `-PT12H` for twelve hours after it."""
    if not span:
        return "PT0S"
    return write_offset(span) if span > timedelta() else f"-{write_offset(-span)}"


def read_distance(text: str) -> timedelta:
    """The span that `write_distance` wrote; BadValue for anything else."""
    plain = text.strip()
    if plain == "PT0S":
        return timedelta()
    return -read_offset(plain[1:]) if plain.startswith("-") else read_offset(plain)


def _of(finding: Finding, schedule: Schedule) -> list[Clock]:
    due = finding.due
    if refrained(finding):
        return []
    found = []
    wait = due.not_before.at if due.not_before is not None else None
    outer = due.outer if due.outer != due.target else None
    if due.target is not None:
        if schedule.limits != "outer" or outer is None:
            found.append(Clock(finding, "target", due.target, outer if schedule.limits == "both" else None))
        if schedule.limits != "target" and outer is not None:
            found.append(Clock(finding, "outer", outer))
    elif due.start_at is not None and (finding.status == "owed" or finding.presumed):
        forbidden = wait is not None and due.not_before is not None and due.not_before.holds is True
        start = max(due.start_at, wait) if forbidden and wait is not None else due.start_at
        found.append(Clock(finding, "no_number", start))
    if wait is not None:
        found.append(Clock(finding, "not_before", wait))
    return found


def _distances(clock: Clock, schedule: Schedule) -> list[timedelta]:
    """Farthest first, each once."""
    if clock.limit == "no_number":
        return [timedelta()] if schedule.no_number_every is not None else []
    own = {timedelta()} if clock.limit == "not_before" else set()
    return sorted({*schedule.before, *own}, reverse=True)


def _every(clock: Clock, schedule: Schedule) -> timedelta | None:
    if clock.limit == "not_before":
        return None
    return schedule.no_number_every if clock.limit == "no_number" else schedule.overdue_every


def _passed(clock: Clock, schedule: Schedule, now: datetime) -> list[timedelta]:
    """The distances that have passed, farthest first; of the repeats only the newest, which stands for all before it."""
    passed = [before for before in _distances(clock, schedule) if clock.at - before <= now]
    every = _every(clock, schedule)
    end = now if clock.until is None else min(now, clock.until)
    if every is not None and end - clock.at >= every:
        passed.append(-((end - clock.at) // every) * every)
    return passed


def _is_new(before: timedelta, said: timedelta | None) -> bool:
    return said is None or before < said


def _next(clock: Clock, schedule: Schedule, now: datetime) -> Upcoming | None:
    for before in _distances(clock, schedule):
        if clock.at - before > now:
            return Upcoming(clock, before, clock.at - before)
    every = _every(clock, schedule)
    if every is None:
        return None
    times = max((now - clock.at) // every + 1, 1)
    at = clock.at + times * every
    return None if clock.until is not None and at > clock.until else Upcoming(clock, -times * every, at)
