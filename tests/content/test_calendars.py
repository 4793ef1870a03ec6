"""The shipped holidays, held against the library they were taken from and against days everybody knows."""

from __future__ import annotations

import json
import runpy
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from breachkit.content.calendars import SHIPPED, calendar_for, load_calendars
from breachkit.content.laws import load_laws
from breachkit.errors import BadFile

GENERATOR = Path(__file__).resolve().parents[2] / "scripts" / "make_calendars.py"

SAMPLE = {
    "CZ": ("CZ", None),
    "DE": ("DE", None),
    "DE-BW": ("DE", "BW"),
    "DE-BY": ("DE", "BY"),
    "DE-SN": ("DE", "SN"),
    "ES": ("ES", None),
    "FR": ("FR", None),
    "GB": ("GB", "ENG"),
    "GB-NIR": ("GB", "NIR"),
    "GB-SCT": ("GB", "SCT"),
    "NO": ("NO", None),
    "US": ("US", None),
    "US-CA": ("US", "CA"),
    "US-FL": ("US", "FL"),
}


@pytest.mark.parametrize("year", [2013, 2018, 2022, 2026, 2027])
@pytest.mark.parametrize("place", SAMPLE)
def test_the_library_names_the_same_public_holidays(place: str, year: int) -> None:
    country, part = SAMPLE[place]
    theirs = set(holidays.country_holidays(country, subdiv=part, years=year, categories=("public",)))
    calendar = calendar_for(place)
    assert calendar is not None
    assert calendar.place == place
    assert {day for day in calendar.holidays if day.year == year} == theirs


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("DE", "2026-12-25"),
        ("DE-BW", "2027-01-06"),
        ("US", "2026-11-26"),
        ("US", "2027-12-31"),  # New Year's Day 2028 is a Saturday
        ("CZ", "2026-12-24"),
        ("AT", "2027-03-29"),
        ("GB", "2022-09-19"),  # proclaimed ten days before
        ("GB", "2026-08-31"),
        ("GB-SCT", "2026-01-02"),
        ("GB-NIR", "2026-07-13"),
        ("NO", "2026-05-17"),
    ],
)
def test_a_well_known_holiday_is_no_working_day(place: str, day: str) -> None:
    calendar = calendar_for(place)
    assert calendar is not None
    assert not calendar.is_working(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("DE", "2026-12-24"),
        ("DE", "2027-01-06"),  # only in some Laender
        ("AT", "2027-03-26"),  # Good Friday is for one confession
        ("IE", "2027-03-26"),  # Good Friday is a bank day
        ("GB", "2026-01-02"),
        ("GB-SCT", "2026-08-31"),
        ("US", "2026-11-27"),
    ],
)
def test_half_days_bank_days_and_neighbours_holidays_are_working_days(place: str, day: str) -> None:
    calendar = calendar_for(place)
    assert calendar is not None
    assert calendar.is_working(date.fromisoformat(day))


@pytest.mark.parametrize(("part", "country"), [("US-AS", "US"), ("CA-QC", "CA"), ("GB-WLS", "GB"), ("FR-IDF", "FR")])
def test_a_part_without_a_calendar_takes_its_countrys_and_says_so(part: str, country: str) -> None:
    calendar = calendar_for(part)
    assert calendar is not None
    assert calendar.place == country


def test_england_and_wales_share_one_list() -> None:
    assert set(load_calendars()["GB"].holidays) == set(load_calendars()["GB-ENG"].holidays)


@pytest.mark.parametrize("place", ["XX", "KP", "UK", "EU", "", "-"])
def test_a_place_we_have_no_holidays_for_is_none(place: str) -> None:
    assert calendar_for(place) is None


def test_every_place_knows_every_year_from_first_to_last() -> None:
    calendars = load_calendars()
    assert (calendars.first_year, calendars.last_year) == (2013, 2035)
    for place, calendar in calendars.items():
        if place == "UA":
            continue  # under martial law no public holiday is a day off
        assert {day.year for day in calendar.holidays} == set(range(2013, 2036)), place
        assert calendar.knows(date(2035, 12, 31))
        assert not calendar.knows(date(2035, 12, 31) + timedelta(days=1))


def test_every_state_of_the_eea_and_every_land_has_a_calendar() -> None:
    eea = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
    assert len(eea.split()) == 30
    assert set(eea.split()) <= set(load_calendars())
    assert len([place for place in load_calendars() if place.startswith("DE-")]) == 16


def test_the_file_is_what_the_generator_writes() -> None:
    assert load_calendars().source == f"holidays {holidays.__version__}", (
        "run scripts/make_calendars.py and read the difference"
    )
    assert runpy.run_path(str(GENERATOR))["rendered"]() == SHIPPED.read_text(encoding="utf-8")


def test_a_file_of_another_format_is_refused_by_name(tmp_path: Path) -> None:
    other = tmp_path / "calendars.json"
    other.write_text(json.dumps({"format": "breachkit/calendars@9"}), encoding="utf-8")
    with pytest.raises(BadFile, match=r"calendars\.json: format is 'breachkit/calendars@9'"):
        load_calendars(other)


def test_the_days_of_rest_are_those_of_the_place() -> None:
    egypt, us = calendar_for("EG"), calendar_for("US")
    assert egypt is not None
    assert us is not None
    friday, sunday = date(2026, 11, 27), date(2026, 11, 29)
    assert not egypt.is_working(friday)
    assert egypt.is_working(sunday)
    assert us.is_working(friday)
    assert not us.is_working(sunday)


def test_every_place_of_a_law_has_a_calendar() -> None:
    places = {place for regime in load_laws() for place in (regime.calendar, *regime.covers) if place}
    unknown = {place for place in places if place not in ("EU", "EEA") and calendar_for(place) is None}
    assert unknown <= {"LK"}
