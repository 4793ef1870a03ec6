"""Periods against worked examples: hours, days, business days and months, both clock changes, holidays, disputed readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from breachkit.content.calendars import calendar_for
from breachkit.domain.counting import Deadline, add_months, deadline, disputed_extension, full_business_days_after
from breachkit.domain.periods import (
    BusinessDays,
    Calendar,
    Days,
    Hours,
    Months,
    Period,
    end_of_day,
    read_period,
    say_period,
    show,
)
from breachkit.errors import BadValue


def at(wall: str, zone: str) -> datetime:
    """`2026-11-24 12:17` on that zone's clock, in UTC."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def calendar(place: str) -> Calendar:
    found = calendar_for(place)
    assert found is not None
    return found


# -- 72 hours (and 24) under Regulation 1182/71 -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """One worked example: the strict target, the outer limit, and what some authors would make of it."""

    name: str
    zone: str
    place: str
    aware: str
    target: str
    outer: str
    disputed: str | None
    """None: the disputed reading changes nothing."""
    hours: int = 72


BERLIN, BRUSSELS, LONDON, HELSINKI = "Europe/Berlin", "Europe/Brussels", "Europe/London", "Europe/Helsinki"
PRAGUE, VIENNA = "Europe/Prague", "Europe/Vienna"

WORKED = [
    Example("mid-week", BERLIN, "DE", "2026-11-24 12:17", "2026-11-27 12:17", "2026-11-27 13:00", None),
    Example("Friday evening", BERLIN, "DE", "2026-11-27 18:30", "2026-11-30 18:30", "2026-11-30 19:00", "2026-12-02 00:00"),
    Example("Christmas", BERLIN, "DE", "2026-12-23 16:45", "2026-12-26 16:45", "2026-12-26 17:00", "2026-12-29 00:00"),
    Example("Christmas, CZ", PRAGUE, "CZ", "2026-12-23 16:45", "2026-12-26 16:45", "2026-12-26 17:00", "2026-12-30 00:00"),
    Example("Easter, forward", BERLIN, "DE", "2027-03-25 15:10", "2027-03-28 16:10", "2027-03-28 17:00", "2027-04-01 00:00"),
    Example("Easter, AT", VIENNA, "AT", "2027-03-25 15:10", "2027-03-28 16:10", "2027-03-28 17:00", "2027-03-31 00:00"),
    Example("clocks back", BRUSSELS, "BE", "2026-10-23 22:15", "2026-10-26 21:15", "2026-10-26 22:00", "2026-10-28 00:00"),
    Example("midnight", HELSINKI, "FI", "2026-11-30 00:00:05", "2026-12-03 00:00:05", "2026-12-03 01:00", None),
    Example("24 hours", BERLIN, "DE", "2026-11-27 18:30", "2026-11-28 18:30", "2026-11-28 19:00", None, 24),
]  # fmt: skip


@pytest.mark.parametrize("example", WORKED, ids=lambda example: example.name)
def test_worked_example_of_the_hour_reading(example: Example) -> None:
    zone = example.zone
    found = counted(example)
    assert found.target == at(example.target, zone)
    assert found.outer == at(example.outer, zone)
    assert found.last_day is None


@pytest.mark.parametrize("example", WORKED, ids=lambda example: example.name)
def test_the_disputed_extension_is_only_ever_a_note(example: Example) -> None:
    found = counted(example)
    if example.disputed is None:
        assert found.notes == ()
        return
    stretched = at(example.disputed, example.zone)
    assert stretched not in (found.target, found.outer)
    assert len(found.notes) == 1
    assert show(stretched, example.zone) in found.notes[0]
    assert "disputed" in found.notes[0]
    aware, holidays = at(example.aware, example.zone), calendar(example.place)
    assert disputed_extension(aware, 72, zone=example.zone, calendar=holidays) == stretched


def counted(example: Example) -> Deadline:
    return deadline(
        at(example.aware, example.zone),
        Hours(example.hours),
        zone=example.zone,
        counting="reg_1182_71",
        calendar=calendar(example.place),
    )


def test_the_united_kingdom_has_no_outer_limit() -> None:
    aware = at("2026-10-24 20:20", LONDON)
    plain = deadline(aware, Hours(72), zone=LONDON, calendar=calendar("GB"))
    assert plain.target == at("2026-10-27 19:20", LONDON)
    assert plain.outer is None
    assert plain.notes == ()
    # The same hours under the Union's rule, as the sheet works it out for comparison.
    union = deadline(aware, Hours(72), zone=LONDON, counting="reg_1182_71", calendar=calendar("GB"))
    assert union.outer == at("2026-10-27 20:00", LONDON)


@pytest.mark.parametrize(
    ("start", "naive"), [("2026-10-23 22:15", "2026-10-26 22:15"), ("2027-03-25 15:10", "2027-03-28 15:10")]
)
def test_three_days_on_the_wall_clock_are_not_seventy_two_hours(start: str, naive: str) -> None:
    found = deadline(at(start, BRUSSELS), Hours(72), zone=BRUSSELS)
    assert found.target != at(naive, BRUSSELS)
    assert (found.target - at(start, BRUSSELS)).total_seconds() == 72 * 3600
    assert any("clocks go" in step for step in found.steps)


def test_the_classic_bug_is_later_than_even_the_outer_limit() -> None:
    found = deadline(at("2026-10-23 22:15", BRUSSELS), Hours(72), zone=BRUSSELS, counting="reg_1182_71")
    assert found.outer is not None
    assert at("2026-10-26 22:15", BRUSSELS) > found.outer > found.target


@pytest.mark.parametrize("minute", [0, 1, 17, 59])
def test_every_minute_of_an_hour_has_the_same_outer_limit(minute: int) -> None:
    found = deadline(at(f"2026-11-24 12:{minute:02}", BERLIN), Hours(72), zone=BERLIN, counting="reg_1182_71")
    assert found.outer == at("2026-11-27 13:00", BERLIN)
    assert found.target <= found.outer


# -- published examples, typed in again ---------------------------------------------------------------------------------------

PUBLISHED = [
    # mkm-datenschutz.de: it ends on Christmas Day all the same; 12:17 and 12:59 begin at the same hour.
    (BERLIN, "2020-12-22 12:17", "2020-12-25 12:17", "2020-12-25 13:00", "2020-12-25 13:00"),
    (BERLIN, "2020-12-22 12:59", "2020-12-25 12:59", "2020-12-25 13:00", "2020-12-25 13:00"),
    # breach72.pages.dev: awareness on a Sunday, plain counting.
    ("UTC", "2026-06-14 04:52", "2026-06-17 04:52", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "aware", "plain", "outer", "stretched"), PUBLISHED)
def test_published_example(zone: str, aware: str, plain: str, outer: str | None, stretched: str | None) -> None:
    counting = "plain" if outer is None else "reg_1182_71"
    found = deadline(at(aware, zone), Hours(72), zone=zone, counting=counting, calendar=calendar("DE"))  # type: ignore[arg-type]
    assert found.target == at(plain, zone)
    assert found.outer == (at(outer, zone) if outer is not None else None)
    if stretched is not None:
        assert disputed_extension(at(aware, zone), 72, zone=zone, calendar=calendar("DE")) == at(stretched, zone)


def test_hours_run_through_evenings_weekends_and_bank_holidays() -> None:
    """As the British commissioner's guidance says of its 72 hours."""
    found = deadline(at("2026-12-24 18:00", LONDON), Hours(72), zone=LONDON, calendar=calendar("GB"))
    assert found.target == at("2026-12-27 18:00", LONDON)


# -- days, with the weekend rules of Art. 3(4) and 3(5) -----------------------------------------------------------------------


def test_the_day_of_the_event_is_not_counted_and_the_last_day_runs_to_its_end() -> None:
    found = deadline(at("2026-11-20 09:00", "America/New_York"), Days(30), zone="America/New_York", calendar=calendar("US-FL"))
    assert found.last_day == date(2026, 12, 20)
    assert found.target == at("2026-12-21 00:00", "America/New_York")
    assert found.outer is None
    assert "Sun 20 Dec 2026 is no working day; the working day before is Fri 18 Dec 2026." in found.notes


def test_three_days_from_a_friday_hold_two_working_days() -> None:
    """Regulation 611/2013, second notice: the first went out on a Friday, and three days end on a Monday."""
    found = deadline(at("2026-11-27 18:30", BRUSSELS), Days(3), zone=BRUSSELS, counting="reg_1182_71", calendar=calendar("BE"))
    assert found.last_day == date(2026, 11, 30)
    assert found.target == at("2026-12-01 00:00", BRUSSELS)
    assert found.outer == at("2026-12-02 00:00", BRUSSELS)
    assert any("Art. 3(5)" in step for step in found.steps)


def test_three_days_in_mid_week_are_not_stretched() -> None:
    found = deadline(at("2026-11-24 10:00", BRUSSELS), Days(3), zone=BRUSSELS, counting="reg_1182_71", calendar=calendar("BE"))
    assert found.target == found.outer == at("2026-11-28 00:00", BRUSSELS)


def test_a_last_day_on_a_sunday_moves_the_outer_limit_and_never_the_target() -> None:
    found = deadline(at("2026-11-15 10:00", BRUSSELS), Days(14), zone=BRUSSELS, counting="reg_1182_71", calendar=calendar("BE"))
    assert found.target == at("2026-11-30 00:00", BRUSSELS)
    assert found.outer == at("2026-12-01 00:00", BRUSSELS)


def test_one_day_alone_is_not_stretched_to_two_working_days() -> None:
    found = deadline(at("2026-11-26 10:00", BRUSSELS), Days(1), zone=BRUSSELS, counting="reg_1182_71", calendar=calendar("BE"))
    assert found.outer == at("2026-11-28 00:00", BRUSSELS)


def test_a_day_is_the_laws_day_and_not_the_reporters() -> None:
    """A quarter to midnight in California is the next day in Florida."""
    start = at("2026-11-20 23:45", "America/Los_Angeles")
    west = deadline(start, Days(30), zone="America/Los_Angeles")
    east = deadline(start, Days(30), zone="America/New_York")
    assert (west.last_day, east.last_day) == (date(2026, 12, 20), date(2026, 12, 21))


# -- months -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "last_day", "outer", "safe"),
    [
        ("2026-11-26 10:00", date(2026, 12, 26), "2026-12-29 00:00", "Thu 24 Dec 2026"),
        ("2027-01-31 10:00", date(2027, 2, 28), "2027-03-02 00:00", "Fri 26 Feb 2027"),
    ],
    ids=["ends on a Saturday that is a holiday", "February has no 31st"],
)
def test_worked_example_of_a_month(filed: str, last_day: date, outer: str, safe: str) -> None:
    found = deadline(at(filed, BERLIN), Months(1), zone=BERLIN, counting="reg_1182_71", calendar=calendar("DE"))
    assert found.last_day == last_day
    assert found.target == end_of_day(last_day, BERLIN)
    assert found.outer == at(outer, BERLIN)
    assert any(f"the working day before is {safe}" in note for note in found.notes)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
    ],
)
def test_a_month_later_is_the_same_date_or_the_last_day(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


# -- business days ------------------------------------------------------------------------------------------------------------

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("start", "number", "last_day"),
    [
        ("2026-11-20 10:00", 7, date(2026, 12, 2)),  # Thanksgiving lies in between
        ("2026-11-12 14:30", 7, date(2026, 11, 23)),  # Veterans Day was the day before
        ("2026-12-24 10:00", 7, date(2027, 1, 6)),  # Christmas and New Year
        ("2026-07-01 10:00", 1, date(2026, 7, 2)),
        ("2026-07-02 10:00", 1, date(2026, 7, 6)),  # 4 July is a Saturday, kept on the Friday
    ],
)
def test_business_days_leave_out_weekends_and_federal_holidays(start: str, number: int, last_day: date) -> None:
    found = deadline(at(start, NEW_YORK), BusinessDays(number), zone=NEW_YORK, calendar=calendar("US"))
    assert found.last_day == last_day
    assert found.target == end_of_day(last_day, NEW_YORK)


def test_the_holidays_left_out_are_named() -> None:
    found = deadline(at("2026-11-20 10:00", NEW_YORK), BusinessDays(7), zone=NEW_YORK, calendar=calendar("US"))
    assert any("Thu 26 Nov 2026" in step for step in found.steps)


def test_full_business_days_end_with_the_last_of_them() -> None:
    free_from, steps = full_business_days_after(at("2026-11-20 10:00", NEW_YORK), 7, zone=NEW_YORK, calendar=calendar("US"))
    assert free_from == at("2026-12-03 00:00", NEW_YORK)
    assert steps


def test_without_a_calendar_weekends_alone_are_left_out_and_a_note_says_so() -> None:
    found = deadline(at("2026-11-20 10:00", NEW_YORK), BusinessDays(7), zone=NEW_YORK)
    assert found.last_day == date(2026, 12, 1)
    assert any("only weekends" in note for note in found.notes)


def test_a_year_the_calendar_does_not_know_is_said() -> None:
    found = deadline(at("2190-11-19 10:00", NEW_YORK), BusinessDays(3), zone=NEW_YORK, calendar=calendar("US"))
    assert any("are not in the calendar of US" in note for note in found.notes)


# -- how periods are written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("PT72H", Hours(72)),
        ("72 hours", Hours(72)),
        ("24h", Hours(24)),
        ("1 hour", Hours(1)),
        ("P30D", Days(30)),
        ("30 days", Days(30)),
        ("45 calendar days", Days(45)),
        ("P2W", Days(14)),
        ("2 weeks", Days(14)),
        ("P1M", Months(1)),
        ("1 month", Months(1)),
        ("P1Y", Months(12)),
        ("2 years", Months(24)),
        ("3 business days", BusinessDays(3)),
        ("3 working days", BusinessDays(3)),
        ("  7  Business   Days ", BusinessDays(7)),
    ],
)
def test_a_period_is_read(text: str, period: Period) -> None:
    assert read_period(text) == period
    assert read_period(say_period(period)) == period


@pytest.mark.parametrize("text", ["", "soon", "PT", "P", "72", "P1DT2H", "-3 days", "three days", "1.5 hours", "P1M2D"])
def test_what_is_no_period_is_refused_with_ways_to_write_one(text: str) -> None:
    with pytest.raises(BadValue, match="72 hours"):
        read_period(text)


def test_a_start_without_a_zone_is_a_fault_of_the_caller() -> None:
    with pytest.raises(TypeError):
        deadline(datetime(2026, 11, 20, 10), Hours(72), zone=BERLIN)  # noqa: DTZ001


def test_an_unknown_zone_is_said() -> None:
    with pytest.raises(BadValue, match="Europe/Brussels"):
        deadline(datetime(2026, 11, 20, 10, tzinfo=UTC), Hours(72), zone="Europe/Atlantis")
