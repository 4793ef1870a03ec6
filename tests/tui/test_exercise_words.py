"""How an exercise's times and marks are read and said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from breachkit.domain.exercise.scenario import Inject
from breachkit.errors import BadValue
from breachkit.tui.exercise_words import done_words, next_speed, read_moment, read_span, wants_answer

NOW = datetime(2026, 11, 19, 15, 20, tzinfo=UTC)
"""Twenty past four in the afternoon in Madrid."""
ZONE = "Europe/Madrid"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+4h", 240),
        ("4h", 240),
        ("+90min", 90),
        ("90 m", 90),
        ("1d 12h", 2160),
        ("+1d12h5min", 2165),
        ("PT4H", 240),
        ("pt30m", 30),
    ],
)
def test_a_span_is_read_in_several_ways(text: str, minutes: int) -> None:
    assert read_span(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "+", "soon", "4", "-4h", "4h 3", "h"])
def test_what_is_no_span_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(BadValue, match=r"\+4h|PT4H"):
        read_span(text)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("+4h", "2026-11-19T20:20+01:00"),
        ("18:00", "2026-11-19T18:00+01:00"),
        ("16:20", "2026-11-20T16:20+01:00"),
        ("9:00", "2026-11-20T09:00+01:00"),
        ("2026-11-21T09:00", "2026-11-21T09:00+01:00"),
        ("2026-11-21T09:00Z", "2026-11-21T09:00+00:00"),
        ("2026-11-21T09:00+02:00", "2026-11-21T09:00+02:00"),
        ("2026-11-21T09:00[Europe/London]", "2026-11-21T09:00+00:00"),
    ],
)
def test_a_moment_is_read_on_the_scenarios_clock(text: str, there: str) -> None:
    assert read_moment(text, NOW, ZONE) == datetime.fromisoformat(there)


def test_the_next_speed_is_a_step_up_or_down_and_the_last_one_stays() -> None:
    assert next_speed(60, faster=True) == 80
    assert next_speed(60, faster=False) == 40
    assert next_speed(77, faster=True) == 80
    assert next_speed(10_000, faster=True) == 10_000
    assert next_speed(1, faster=False) == 1


def test_an_expected_action_says_in_words_how_it_stands() -> None:
    window = (NOW, NOW + 60 * MINUTE)
    assert done_words(NOW + 5 * MINUTE, window, NOW, ZONE) == "[x] Thu 16:25"
    assert done_words(NOW + 65 * MINUTE, window, NOW, ZONE) == "[x] LATE Thu 17:25"
    assert done_words(NOW - 5 * MINUTE, window, NOW, ZONE) == "[x] EARLY Thu 16:15"
    assert done_words(None, window, NOW + 20 * MINUTE, ZONE) == "[ ] 40 min left"
    assert done_words(None, window, NOW - 20 * MINUTE, ZONE) == "[ ] from Thu 16:20"
    assert done_words(None, window, NOW + 61 * MINUTE, ZONE) == "[ ] MISSED by Thu 17:20"


def test_a_senders_own_deadline_counts_down_and_is_said_when_it_is_over() -> None:
    inject = Inject("call", "phone", "A customer", "Well?", timedelta(), pressure=timedelta(hours=2))
    assert wants_answer(inject, NOW, NOW + 40 * MINUTE) == "wants an answer in 1 h 20 min"
    assert wants_answer(inject, NOW, NOW + 130 * MINUTE) == "wanted an answer 10 min ago"
    assert wants_answer(Inject("call", "phone", "A customer", "Well?", timedelta()), NOW, NOW) == ""
