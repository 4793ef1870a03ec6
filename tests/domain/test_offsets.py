"""Spans of elapsed time are read strictly and said in short words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.offsets import read_offset, say_offset, write_offset
from breachkit.errors import BadValue


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT30M", timedelta(minutes=30)),
        ("PT4H", timedelta(hours=4)),
        ("PT2H30M", timedelta(hours=2, minutes=30)),
        ("P1D", timedelta(days=1)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("P1DT5M", timedelta(days=1, minutes=5)),
        ("PT90M", timedelta(minutes=90)),
        ("PT0M", timedelta()),
        (" PT1H ", timedelta(hours=1)),
    ],
)
def test_a_span_is_read(text: str, span: timedelta) -> None:
    assert read_offset(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "4H", "PT4", "P1M", "P1W", "P1Y", "PT10S", "PT1.5H", "-PT4H", "PT-4H", "pt4h", "PT30M4H", "PT４H"],
)
def test_anything_else_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(BadValue, match="write PT30M, PT4H, P1D or P1DT12H"):
        read_offset(text)


def test_a_negative_span_is_refused_as_what_it_is() -> None:
    with pytest.raises(BadValue, match="backwards"):
        read_offset("-PT4H")


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(hours=2, minutes=30), "2 h 30 min"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(minutes=5, seconds=59), "5 min"),
        (timedelta(days=1, minutes=1), "1 d 1 min"),
        (timedelta(), "0 min"),
        (timedelta(seconds=-30), "0 min"),
        (timedelta(hours=-2), "-2 h"),
    ],
)
def test_a_span_is_said_in_short(span: timedelta, said: str) -> None:
    assert say_offset(span) == said


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_days_hours_and_minutes_add_up_and_are_written_back(days: int, hours: int, minutes: int) -> None:
    span = timedelta(days=days, hours=hours, minutes=minutes)
    assert read_offset(f"P{days}DT{hours}H{minutes}M") == span
    assert read_offset(write_offset(span)) == span


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "PT0M"), (30, "PT30M"), (240, "PT4H"), (1440, "P1D"), (2160, "P1DT12H"), (1445, "P1DT5M")]
)
def test_a_span_is_written_as_short_as_it_goes(minutes: int, written: str) -> None:
    assert write_offset(timedelta(minutes=minutes)) == written


def test_a_negative_span_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="negative span"):
        write_offset(timedelta(minutes=-1))
