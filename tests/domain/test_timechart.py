"""The axis of a time line: later is further right, every moment has a place, and ticks have room for their words."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.timechart import Axis

ZERO = datetime(2026, 11, 20, 21, 15, tzinfo=UTC)
MOMENTS = st.lists(st.integers(-(10**9), 10**9).map(lambda seconds: ZERO + timedelta(seconds=seconds)), max_size=12)


@given(MOMENTS)
def test_moments_keep_their_order_and_their_place_on_the_axis(moments: list[datetime]) -> None:
    axis = Axis(ZERO, moments, "UTC")
    places = [axis.place(moment) for moment in sorted(moments)]
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)


@given(MOMENTS, st.floats(0.03, 0.2))
def test_ticks_stand_apart_and_on_the_axis(moments: list[datetime], apart: float) -> None:
    ticks = Axis(ZERO, moments, "UTC").ticks(apart)
    assert all(0 <= tick.place <= 1 for tick in ticks)
    assert all(later.place - earlier.place >= apart - 1e-9 for earlier, later in itertools.pairwise(ticks))


def test_ticks_say_how_long_after_and_which_day_on_the_wall_clock() -> None:
    axis = Axis(ZERO, [ZERO - timedelta(days=4), ZERO + timedelta(days=365)], "Europe/Brussels")
    said = {tick.after: tick.day for tick in axis.ticks()}
    assert said["0"] == "20 Nov 22:15"
    assert said["+72 h"] == "23 Nov 22:15"
    assert said["+30 d"] == "20 Dec"
    assert said["+1 y"] == "20 Nov 2027"


@pytest.mark.parametrize("year", [1900, 2199])
def test_the_ends_of_the_calendar_have_an_axis(year: int) -> None:
    assert Axis(datetime(year, 1, 1, tzinfo=UTC), [datetime(year, 12, 31, tzinfo=UTC)], "UTC").ticks()
