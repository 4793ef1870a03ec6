"""Counting a period to its end: a target, an outer limit where the law has a rule on periods, and every step in words.

The rules are those of Regulation (EEC, Euratom) No 1182/71, Art. 3, where a law says so, and plain counting elsewhere. Starts
and ends are aware datetimes in UTC; days are counted in the zone and on the calendar of the law.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from breachkit.domain.periods import (
    WEEKENDS_ONLY,
    BusinessDays,
    Calendar,
    Counting,
    Days,
    Hours,
    Months,
    Period,
    end_of_day,
    say_period,
    show,
    show_day,
    start_of_day,
    zone_named,
)
from breachkit.domain.values import value

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@value
class Deadline:
    """When something must have happened, and how that was worked out."""

    target: datetime
    """UTC. The strict reading: to be on the safe side of every reading, be done by then."""
    outer: datetime | None
    """UTC. The last moment under the law's own rule on periods; None where it has none."""
    last_day: date | None
    """For periods counted in days: the day whose end the target is. None for hours."""
    steps: tuple[str, ...]
    notes: tuple[str, ...]


def deadline(
    start: datetime,
    period: Period,
    *,
    zone: str,
    counting: Counting = "plain",
    calendar: Calendar | None = None,
    first_day_counts: bool = False,
) -> Deadline:
    """Count `period` from `start` (aware). `calendar` None: only weekends are skipped, and a note says so.

    `first_day_counts` makes the day of the event day 1; it speaks of calendar days only.
    """
    if start.tzinfo is None:
        raise TypeError("a start needs a zone")
    start = start.astimezone(UTC)
    match period:
        case Hours(number):
            return _hours(start, number, zone, counting, calendar)
        case Days(number):
            first = start.astimezone(zone_named(zone)).date()
            last = first + timedelta(days=number - first_day_counts)
            counted = "is day 1" if first_day_counts else "is not counted"
            step = f"the day of the event ({show_day(first)}) {counted}; day {number} is {show_day(last)}"
            return _by_day(last, number >= 2, first, step, zone, counting, calendar)
        case Months(number):
            first = start.astimezone(zone_named(zone)).date()
            last = add_months(first, number)
            step = f"{say_period(period)} after {show_day(first)} is {show_day(last)}"
            if last.day != first.day:
                step += f" (that month has no day {first.day}: its last day counts)"
            return _by_day(last, True, first, step, zone, counting, calendar)
        case BusinessDays(number):
            return _business_days(start, number, zone, calendar)


def next_date(start: datetime, by: tuple[int, int], *, zone: str) -> Deadline:
    """The first such month and day after the day of `start` (aware); its end is the limit."""
    first = start.astimezone(zone_named(zone)).date()
    month, day = by
    last = date(first.year, month, day)
    if last <= first:
        last = date(first.year + 1, month, day)
    target = end_of_day(last, zone)
    steps = (f"the next such day after {show_day(first)} is {show_day(last)}", f"it ends with that day: {show(target, zone)}")
    return Deadline(target, None, last, steps, ())


def year_end(moment: datetime, zone: str) -> datetime:
    """The first moment of 31 December of that moment's year in that zone, in UTC: periods are counted from that day."""
    return start_of_day(date(moment.astimezone(zone_named(zone)).year, 12, 31), zone)


def full_business_days_after(
    start: datetime, number: int, *, zone: str, calendar: Calendar | None = None
) -> tuple[datetime, tuple[str, ...]]:
    """The first moment after `number` whole business days that follow the day of `start`, and the steps."""
    counted = _business_days(start, number, zone, calendar)
    return counted.target, counted.steps


def add_months(day: date, number: int) -> date:
    """The same date `number` months on, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError("every month has a 28th")


def disputed_extension(start: datetime, hours: int, *, zone: str, calendar: Calendar) -> datetime:
    """The reading that stretches a period in hours by Art. 3(5) to hold two full working days. Disputed: never a deadline."""
    begin, end = _hour_reading(start, hours, zone)
    local_begin = begin.astimezone(zone_named(zone))
    midnight = local_begin.hour == local_begin.minute == 0
    day = local_begin.date() if midnight else local_begin.date() + timedelta(days=1)
    full_days = 0
    while full_days < 2:
        if calendar.is_working(day):
            full_days += 1
        day += timedelta(days=1)
    return max(end, start_of_day(day, zone))


def _hour_reading(start: datetime, hours: int, zone: str) -> tuple[datetime, datetime]:
    """Art. 3(1) and 3(2)(a): the hour of the event is not counted, the period ends with its last hour."""
    local = start.astimezone(zone_named(zone))
    into_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    begin = start - into_hour + timedelta(hours=1)
    return begin, begin + timedelta(hours=hours)


def _hours(start: datetime, number: int, zone: str, counting: Counting, calendar: Calendar | None) -> Deadline:
    target = start + timedelta(hours=number)
    steps = [f"start: {show(start, zone)} = {start:%Y-%m-%d %H:%M:%S} UTC"]
    steps.append(f"+ {number} elapsed hours = {target:%Y-%m-%d %H:%M:%S} UTC = {show(target, zone)}")
    there = zone_named(zone)
    shift = (target.astimezone(there).utcoffset() or timedelta()) - (start.astimezone(there).utcoffset() or timedelta())
    if shift:
        way = "forward" if shift > timedelta() else "back"
        steps.append(f"the clocks go {way} in between: wall time is not elapsed time, so the hours are added in UTC")
    if counting == "noon_next_working_day":
        noon, moved = _noon_after(target, zone, calendar)
        return Deadline(target, noon, None, (*steps, *moved), tuple(_calendar_notes(calendar, target.date())))
    if counting != "reg_1182_71":
        return Deadline(target, None, None, tuple(steps), ())
    begin, outer = _hour_reading(start, number, zone)
    steps.append(
        f"outer limit, Regulation 1182/71 Art. 3(1) and 3(2)(a): the hour of the event is not counted; "
        f"{number} hours run from {show(begin, zone)} and end {show(outer, zone)}"
    )
    notes = []
    if number >= 48 and calendar is not None:
        stretched = disputed_extension(start, number, zone=zone, calendar=calendar)
        if stretched > outer:
            notes.append(
                f"Some authors stretch it to {show(stretched, zone)} by Regulation 1182/71 Art. 3(5) (two working days); "
                "that is disputed and is not the deadline."
            )
    return Deadline(target, outer, None, tuple(steps), tuple(notes))


def _by_day(
    last: date, two_days: bool, first: date, step: str, zone: str, counting: Counting, calendar: Calendar | None
) -> Deadline:
    target = end_of_day(last, zone)
    steps = [step, f"it ends with that day: {show(target, zone)}"]
    notes: list[str] = []
    outer = None
    if counting == "reg_1182_71":
        used = calendar or WEEKENDS_ONLY
        notes += _calendar_notes(calendar, last)
        moved = last
        while not used.is_working(moved):
            moved += timedelta(days=1)
        if moved != last:
            steps.append(f"outer limit, Regulation 1182/71 Art. 3(4): {show_day(last)} is no working day; {show_day(moved)} is")
        if two_days:
            needed = _second_working_day(first, used)
            if needed > moved:
                steps.append(
                    "outer limit, Art. 3(5): a period of two days or more holds two working days; "
                    f"the second is {show_day(needed)}"
                )
                moved = needed
        outer = end_of_day(moved, zone)
    elif counting == "next_working_day":
        notes += _calendar_notes(calendar, last)
        moved = _working_day_from(last, calendar)
        if moved != last:
            steps.append(f"the law moves a closed last day to the next working day: {show_day(moved)}")
            outer = end_of_day(moved, zone)
    elif counting == "noon_next_working_day":
        notes += _calendar_notes(calendar, last)
        # A limit that is the end of a day falls on that day, not on the next one's first moment.
        outer, moved_to = _noon_after(target - timedelta(seconds=1), zone, calendar)
        steps += moved_to
    before = last
    while not (calendar or WEEKENDS_ONLY).is_working(before):
        before -= timedelta(days=1)
    if before != last:
        notes.append(f"{show_day(last)} is no working day; the working day before is {show_day(before)}.")
    return Deadline(target, outer, last, tuple(steps), tuple(notes))


def _noon_after(limit: datetime, zone: str, calendar: Calendar | None) -> tuple[datetime | None, tuple[str, ...]]:
    """Noon of the next working day where `limit` falls on a closed day; None and no step where it does not."""
    there = zone_named(zone)
    day = limit.astimezone(there).date()
    moved = _working_day_from(day, calendar)
    if moved == day:
        return None, ()
    noon = datetime(moved.year, moved.month, moved.day, 12, tzinfo=there).astimezone(UTC)
    return noon, (f"outer limit: {show_day(day)} is no working day, so noon of the next one: {show(noon, zone)}",)


def _working_day_from(day: date, calendar: Calendar | None) -> date:
    while not (calendar or WEEKENDS_ONLY).is_working(day):
        day += timedelta(days=1)
    return day


def _business_days(start: datetime, number: int, zone: str, calendar: Calendar | None) -> Deadline:
    used = calendar or WEEKENDS_ONLY
    first = start.astimezone(zone_named(zone)).date()
    day, counted, skipped = first, 0, []
    while counted < number:
        day += timedelta(days=1)
        if used.is_working(day):
            counted += 1
        elif day.weekday() not in used.weekend:
            skipped.append(show_day(day))
    target = end_of_day(day, zone)
    closed = " and ".join(f"{_WEEKDAYS[day]}s" for day in sorted(used.weekend))
    steps = [f"counted from the day after {show_day(first)}; {closed} are left out"]
    if skipped:
        steps.append(f"public holidays left out ({used.place}): {', '.join(skipped)}")
    steps.append(f"business day {number} is {show_day(day)}; it ends {show(target, zone)}")
    return Deadline(target, None, day, tuple(steps), tuple(_calendar_notes(calendar, day)))


def _second_working_day(first: date, calendar: Calendar) -> date:
    day, counted = first, 0
    while counted < 2:
        day += timedelta(days=1)
        counted += calendar.is_working(day)
    return day


def _calendar_notes(calendar: Calendar | None, last: date) -> list[str]:
    if calendar is None:
        return ["No holiday calendar for this place: only weekends were left out."]
    if not calendar.knows(last):
        return [f"Holidays of {last.year} are not in the calendar of {calendar.place}: only weekends were left out."]
    return []
