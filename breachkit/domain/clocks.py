"""When a clock starts, by a law's own word for it, and when it ends. The arithmetic itself is in counting.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from breachkit.domain.counting import Deadline, deadline, next_date, year_end
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Instant
from breachkit.domain.findings import FoundDue
from breachkit.domain.law import Due
from breachkit.domain.periods import WEEKENDS_ONLY, BusinessDays, Calendar, Days, Hours, Months, say_period, show
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Start

Calendars = Callable[[str], Calendar | None]
FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than every deadline: where a duty without a number stands in an order of time."""

_KINDS = {Hours: "hours", Days: "days", BusinessDays: "business_days", Months: "months"}


@value
class Started:
    """A clock's start."""

    at: datetime
    """UTC."""
    fact: str | None
    """The fact it was taken from; None when it is another duty's filing."""
    zone: str | None
    """The zone the person wrote it in."""
    provisional: bool = False
    projected: bool = False
    note: str = ""
    missing: str | None = None
    """The fact that would replace a provisional start."""


def started(word: str, book: FactBook, zone: str) -> Started | None:
    """The start a law names, or the earliest related fact as a provisional one; None when nothing is known."""
    key = ("started", word, zone)
    if key not in book.remembered:
        book.remembered[key] = _started(word, book, zone)
    found = book.remembered[key]
    return found if isinstance(found, Started) else None


def _started(word: str, book: FactBook, zone: str) -> Started | None:
    start = start_word(word, book)
    if start.fact is not None and (instant := book.instant(start.fact)) is not None:
        return Started(instant.moment(zone), start.fact, instant.zone, note=_day_note(instant))
    related = [(found.moment(zone), key, found) for key in start.falls_back if (found := book.instant(key)) is not None]
    if not related:
        return None
    at, key, found = min(related, key=lambda one: one[0])
    unknown = f"{start.fact} is not known yet" if start.fact is not None else "The law does not name the event"
    note = f"{unknown}; counted from {key}, the earliest related time known."
    return Started(at, key, found.zone, provisional=True, note=note, missing=start.fact)


def started_year(word: str, book: FactBook, zone: str) -> Started | None:
    """The end of the calendar year, in that zone, of the start a law names; None while nothing is known."""
    start = started(word, book, zone)
    if start is None:
        return None
    text = f"The year is that of {start_word(word, book).text}."
    return replace(start, at=year_end(start.at, zone), zone=zone, note=" ".join(part for part in (text, start.note) if part))


def start_word(word: str, book: FactBook) -> Start:
    """The vocabulary's start of that word; a fact key stands for itself, with the fall-backs of the word that names it."""
    starts = book.words.starts
    if word in starts:
        return starts[word]
    same = [start for start in starts.values() if start.fact == word]
    return Start(word, word, same[0].falls_back if same else (), same[0].text if same else word)


def start_fact(due: Due, book: FactBook) -> str | None:
    """The fact this clock's own start waits for; None when it starts with a filing."""
    return None if due.starts is None else start_word(due.year_of or due.starts, book).fact


def undated_starts(due: Due, book: FactBook) -> set[str]:
    """The facts not known yet that the own starts of this limit and of those beside it wait for."""
    starts = (start_fact(one, book) for one in (due, *due.earliest_of))
    return {fact for fact in starts if fact is not None and book.instant(fact) is None}


def last_moment(due: FoundDue) -> datetime | None:
    """The last moment to be in time, UTC: what a clock that hangs on this one is projected from. None without a target.

    A target that is the end of a day is written as the next day's first moment, which no longer belongs to that day.
    """
    if due.target is None or due.last_day is None:
        return due.target
    return due.target - timedelta(seconds=1)


def count_down(
    due: Due,
    start: Started | None,
    *,
    zone: str,
    calendar: Calendar | None,
    starts: str,
    waits_for: tuple[str, ...] = (),
) -> FoundDue:
    """The due time of one clock. Hours are shown in the zone the start was written in, days in the law's zone."""
    kind = _KINDS[type(due.period)] if due.period is not None else ("date" if due.by is not None else "undue_delay")
    shown_in = (start.zone if start is not None and isinstance(due.period, Hours) else None) or zone
    found = FoundDue(
        target=None,
        outer=None,
        last_day=None,
        zone=shown_in,
        kind=kind,
        amount=due.period.number if due.period is not None else None,
        starts=starts,
        start_at=start.at if start is not None else None,
        start_fact=start.fact if start is not None else None,
        qualifier=due.qualifier,
        provisional=start is not None and start.provisional,
        projected=start is not None and start.projected,
        waits_for=waits_for,
        not_before=None,
        steps=due.steps,
        notes=(start.note,) if start is not None and start.note else (),
    )
    counted = _counted(due, start, shown_in, calendar)
    if start is None or counted is None:
        return found
    length = say_period(due.period) if due.period is not None else "a fixed day"
    origin = f"{length} from {starts}: {show(start.at, shown_in)}"
    return replace(
        found,
        target=counted.target,
        outer=counted.outer,
        last_day=counted.last_day,
        steps=(origin, *counted.steps, *due.steps),
        notes=found.notes + counted.notes,
    )


def _counted(due: Due, start: Started | None, zone: str, calendar: Calendar | None) -> Deadline | None:
    if start is None:
        return None
    if due.by is not None:
        return next_date(start.at, due.by, zone=zone)
    if due.period is None:
        return None
    if due.closed_days:
        calendar = replace(calendar or WEEKENDS_ONLY, closed=frozenset(due.closed_days))
    counting, first = due.counting, due.first_day_counts
    return deadline(start.at, due.period, zone=zone, counting=counting, calendar=calendar, first_day_counts=first)


def _day_note(instant: Instant) -> str:
    if instant.day is None:
        return ""
    return f"Only the day {instant.day} is known, so it counts from that day's first moment; add the time if you can."
