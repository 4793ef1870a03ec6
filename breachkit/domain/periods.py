"""Hours, days, business days, months and the calendars they run on, as they are read and said. Counting: counting.py."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from breachkit.domain.values import value
from breachkit.errors import BadValue


@value
class Hours:
    """Elapsed hours, added in UTC."""

    number: int


@value
class Days:
    """Calendar days; the day of the event is not counted."""

    number: int


@value
class BusinessDays:
    """Days that are neither Saturday, Sunday nor a public holiday of the law's place."""

    number: int


@value
class Months:
    """Months: the same date, or the last day of a shorter month."""

    number: int


Period: TypeAlias = Hours | Days | BusinessDays | Months

Counting = Literal["plain", "reg_1182_71", "next_working_day", "noon_next_working_day"]
"""How a limit that falls on a closed day is read.

plain: as counted, no outer limit. reg_1182_71: with the outer limit of that Regulation's Art. 3. next_working_day: the law
moves a closed last day to the next working day, shown as the outer limit. noon_next_working_day: a limit on a closed day, in
hours too, moves to noon of the next working day (Delegated Regulation (EU) 2025/301 Art. 5), shown as the outer limit.
"""

_ISO = re.compile(r"P(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?(?:T(?P<hours>\d{1,4})H)?")
_WORDS = re.compile(r"(\d{1,4})\s*(hours?|h|business days?|working days?|(?:calendar )?days?|weeks?|months?|years?)")


def read_period(text: str) -> Period:
    """`PT72H`, `P3D`, `P1M`, or words: `72 hours`, `3 business days`, `1 month`. BadValue for anything else."""
    spelled = " ".join(text.strip().lower().split())
    if (match := _WORDS.fullmatch(spelled)) is not None:
        number, unit = int(match[1]), match[2]
        if unit.startswith("h"):
            return Hours(number)
        if unit.startswith(("business", "working")):
            return BusinessDays(number)
        if unit.startswith("week"):
            return Days(7 * number)
        if unit.startswith("month"):
            return Months(number)
        return Months(12 * number) if unit.startswith("year") else Days(number)
    if (iso := re.fullmatch(r"P(\d{1,3})Y", text.strip())) is not None:
        return Months(12 * int(iso[1]))
    found = _ISO.fullmatch(text.strip())
    parts = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
    match parts:
        case {"months": number, **rest} if not rest:
            return Months(number)
        case {"hours": number, **rest} if not rest:
            return Hours(number)
        case {"days": number, **rest} if not rest:
            return Days(number)
        case {"weeks": number, **rest} if not rest:
            return Days(7 * number)
    raise BadValue(f"'{text}' is not a period; write PT72H or P30D, or in words: 72 hours, 3 business days, 1 month")


def say_period(period: Period) -> str:
    """The period in words: `72 hours`, `1 month`."""
    unit = {Hours: "hour", Days: "day", BusinessDays: "business day", Months: "month"}[type(period)]
    return f"{period.number} {unit}{'' if period.number == 1 else 's'}"


@value
class Calendar:
    """The public holidays of one place, for whole years."""

    place: str
    holidays: Collection[date]
    first_year: int
    """Years from this one on are known."""
    last_year: int
    """Inclusive; a day after it is taken for a working day unless it is a weekend, and a note says so."""
    closed: frozenset[tuple[int, int]] = frozenset()
    """Months and days that are closed every year beside the holidays, because the law at hand says so."""
    weekend: frozenset[int] = frozenset({5, 6})
    """Days of the week that are closed, Monday being 0: Friday and Saturday in Egypt."""

    def is_working(self, day: date) -> bool:
        """Neither a day of the weekend nor a public holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays and (day.month, day.day) not in self.closed

    def knows(self, day: date) -> bool:
        """Whether holidays of that year are in this calendar."""
        return self.first_year <= day.year <= self.last_year


WEEKENDS_ONLY = Calendar("", frozenset(), 1, 9999)


@lru_cache(maxsize=128)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone; BadValue when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise BadValue(f"'{name}' is not a time zone; write one like Europe/Brussels or America/New_York") from problem


def show(moment: datetime, zone: str) -> str:
    """`Fri 27 Nov 2026 12:17 CET`: a moment on that zone's wall clock; seconds only where there are some."""
    local = moment.astimezone(zone_named(zone))
    seconds = ":%S" if local.second else ""
    return f"{local:%a} {local.day} {local:%b %Y %H:%M{seconds} %Z}"


def show_day(day: date) -> str:
    """`Mon 28 Dec 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def end_of_day(day: date, zone: str) -> datetime:
    """The end of that day in that zone, as the next day's first moment, in UTC."""
    return start_of_day(day + timedelta(days=1), zone)


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of that day in that zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)).astimezone(UTC)
