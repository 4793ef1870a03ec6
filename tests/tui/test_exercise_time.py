"""The clock of somebody who plays alone, the end of an exercise with its score, and going on later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from breachkit.tui.screens.exercise_ask import AskScreen
from breachkit.tui.screens.exercise_clock import ClockScreen
from breachkit.tui.screens.exercise_end import EndScreen
from breachkit.tui.screens.exercise_inbox import InboxScreen
from breachkit.tui.screens.incident import IncidentScreen
from tests.tui.drills import RealClock, Table, joined, seated, started
from tests.tui.house import press, seen, told, write
from tests.tui.test_exercise_banner import with_incident

HOUR = timedelta(hours=1)


def _banner(table: Table) -> str:
    return seen(table.app)[:200]


# -- the clock of somebody alone ---------------------------------------------


async def test_a_player_alone_pauses_and_changes_the_speed(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", "f4")
        assert isinstance(table.app.screen, ClockScreen)
        assert "a real minute is 1 h here" in seen(table.app)
        await press(table.pilot, "space")
        before = table.drill.now()
        await table.pass_time(5)
        assert table.drill.now() == before
        assert "PAUSED" in _banner(table)
        await press(table.pilot, "plus", "plus", "minus", "space")
        await table.pass_time(1)
        assert table.drill.now() == before + timedelta(seconds=80)
        await press(table.pilot, "r")
        await write(table.pilot, "600")
        await press(table.pilot, "enter")
        assert table.drill.clock().speed == 600
        await press(table.pilot, "r")
        await write(table.pilot, "quick")
        await press(table.pilot, "enter")
        assert "is no number" in told(table.app)


async def test_a_jump_to_what_comes_next_says_how_long_nothing_happens_and_asks(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time()
        await press(table.pilot, "f4", "j")
        assert "Nothing happens before Thu 19 Nov 2026 17:00 CET, for 59 min. Jump to the next message?" in table.asked
        await press(table.pilot, "n")
        assert table.drill.now() < table.drill.scenario.begin + HOUR
        await press(table.pilot, "j", "y")
        assert table.drill.now() == table.drill.scenario.begin + 2 * HOUR  # nothing was sent at 17:00: nobody declared
        assert "reporter" in table.drill.doings().fired


async def test_a_jump_by_time_is_typed_and_never_goes_back(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", "f4", "t")
        await write(table.pilot, "+1h 30min")
        await press(table.pilot, "enter")
        assert table.drill.now() == table.drill.scenario.begin + 1.5 * HOUR
        await press(table.pilot, "t")
        await write(table.pilot, "2026-11-19T16:00")
        await press(table.pilot, "enter")
        assert "never runs backwards" in told(table.app)
        await press(table.pilot, "t")
        await write(table.pilot, "later")
        await press(table.pilot, "enter")
        assert "'later' is no time" in told(table.app)
        assert table.drill.now() == table.drill.scenario.begin + 1.5 * HOUR
        await press(table.pilot, "t")
        await write(table.pilot, "+99d")
        await press(table.pilot, "enter")
        assert table.asked == "That is the end of the exercise. End it?"
        await press(table.pilot, "n")
        assert table.drill.ended_at is None


# -- the end, and going on later ---------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_ending_asks_for_the_reason_and_once_more_then_shows_the_score_by_its_parts(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = RealClock()
    async with seated(with_incident(started(tmp_path, clock)), clock, size=size) as table:
        await press(table.pilot, "enter", "f4", "ctrl+e")
        await write(table.pilot, "Lunch")
        await press(table.pilot, "enter")
        assert "It cannot be taken up again" in table.asked
        assert table.drill.ended_at is None
        await press(table.pilot, "y")
        assert isinstance(table.app.screen, EndScreen)
        for words in ("THE EXERCISE IS OVER", "Declaring the incident", "10 of 10", "WHAT COST MOST", "OVER"):
            assert words in seen(table.app)
        await press(table.pilot, "end")
        assert "breachkit exercise debrief" in seen(table.app)
        await press(table.pilot, "escape", "escape")
        assert isinstance(table.app.screen, IncidentScreen)
        assert "Folder left open" in seen(table.app)
        await press(table.pilot, "g")
        assert isinstance(table.app.screen, EndScreen)


async def test_the_virtual_end_ends_it_by_itself(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, speed=10_000), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(30)
        assert table.drill.ended_at == table.drill.scenario.end
        assert isinstance(table.app.screen, EndScreen)
        await press(table.pilot, "f2")
        assert isinstance(table.app.screen, InboxScreen)
        await press(table.pilot, "f3")
        assert not isinstance(table.app.screen, AskScreen)


async def test_leaving_lets_the_clock_stand_and_says_how_to_go_on(tmp_path: Path) -> None:
    clock = RealClock()
    drill = started(tmp_path, clock)
    async with seated(drill, clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(30)
        await press(table.pilot, "q")
        said = " ".join(str(one) for one in table.app._exit_renderables)
        assert "stands at Thu 19 Nov 2026 16:30 CET. Nothing is lost." in said
        assert f"breachkit exercise join --database {drill.path}" in said
    clock.now += 5 * HOUR
    again = joined(tmp_path, clock)
    async with seated(again, clock) as table:
        assert again.now() == again.scenario.begin + 0.5 * HOUR
        assert "Time stands at Thu 19 Nov 2026 16:30 CET. Enter lets it go on." in seen(table.app)
        await table.pass_time(5)
        assert again.now() == again.scenario.begin + 0.5 * HOUR
        await press(table.pilot, "enter")
        await table.pass_time(30)
        assert again.now() == again.scenario.begin + HOUR


async def test_an_exercise_that_is_over_opens_at_its_score(tmp_path: Path) -> None:
    clock = RealClock()
    drill = with_incident(started(tmp_path, clock))
    drill.end("enough")
    drill.close()
    async with seated(joined(tmp_path, clock), clock) as table:
        assert isinstance(table.app.screen, EndScreen)
        await press(table.pilot, "ctrl+q")
        assert "is over" in " ".join(str(one) for one in table.app._exit_renderables)


async def test_leaving_asks_first_when_something_is_not_saved(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", "n")
        await write(table.pilot, "Fol")
        await press(table.pilot, "ctrl+q")
        assert "not saved" in seen(table.app)
        await press(table.pilot, "y")
        assert "stands at" in " ".join(str(one) for one in table.app._exit_renderables)


async def test_a_second_player_of_an_exercise_without_a_facilitator_moves_no_time(tmp_path: Path) -> None:
    clock = RealClock()
    first = started(tmp_path, clock)
    first.go_on()
    async with seated(joined(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", "f4", "space")
        assert "another session moves this exercise's clock" in told(table.app)
        before = table.drill.now()
        await table.pass_time(2)
        assert table.drill.now() == before
    first.close()
