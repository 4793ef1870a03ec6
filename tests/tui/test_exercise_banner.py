"""Every screen of an exercise says that it is one, at its top, where nothing covers it and nothing scrolls it away."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

import breachkit.tui.screens
from breachkit.tui.app import BreachkitApp
from breachkit.tui.widgets.exercise_banner import ExerciseBanner, banner_lines
from breachkit.tui.working import Working
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.recording import open_incident
from tests.tui.drills import RealClock, joined, seated, started
from tests.tui.house import press, seen, settle, with_sample
from tests.tui.test_help import WAYS

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
OWN_WAYS: dict[str, tuple[str, ...]] = {
    "inbox": ("f2",),
    "ask": ("f3",),
    "clock": ("f4",),
    "briefing": ("b",),
    "jump": ("f4", "t"),
    "end": ("f4", "ctrl+e", "x", "enter", "y"),
    "help of the inbox": ("f2", "f1"),
}
DESK_WAYS: dict[str, tuple[str, ...]] = {
    "desk": (),
    "send": ("s",),
    "add": ("a",),
    "notes": ("o",),
    "help": ("f1",),
    "board": ("escape",),
}


def with_incident(drill: Drill) -> Drill:
    """The team opened its incident."""
    with drill.workspace.journal() as journal:
        open_incident(
            drill.workspace,
            journal,
            title="Folder left open",
            organisation=drill.organisation,
            facts={"aware_at": "2026-11-19T16:00+01:00", "role": ["controller"], "people.in.ES": "640"},
            exercise=drill.scenario.id,
        )
    return drill


def top(app: BreachkitApp) -> list[str]:
    """The first two rows of the terminal."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()[:2]]


def assert_banner(app: BreachkitApp, words: str) -> None:
    """It stands there whole, and stands out without colour."""
    first, second = top(app)
    assert first.startswith(" EXERCISE  EXERCISE  EXERCISE  The drawer nobody closed "), first
    assert words in second
    for strip in app.screen._compositor.render_strips()[:2]:
        assert all(segment.style is not None and segment.style.reverse for segment in strip)


def _screens() -> list[type[Screen[Any]]]:
    found: list[type[Screen[Any]]] = []
    for module in pkgutil.iter_modules(breachkit.tui.screens.__path__):
        loaded = importlib.import_module(f"breachkit.tui.screens.{module.name}")
        found += [one for one in vars(loaded).values() if isinstance(one, type) and issubclass(one, Screen)]
    return found


@pytest.mark.parametrize("screen", _screens(), ids=lambda screen: screen.__name__)
def test_every_screen_there_is_carries_the_banner_by_what_it_is_made_from(screen: type[Screen[Any]]) -> None:
    assert issubclass(screen, Working)


@pytest.mark.parametrize("way", [*WAYS.values(), *OWN_WAYS.values()], ids=[*WAYS, *OWN_WAYS])
async def test_no_way_leads_to_a_screen_without_it(tmp_path: Path, way: tuple[str, ...]) -> None:
    clock = RealClock()
    drill = with_incident(started(tmp_path, clock))
    async with seated(drill, clock, size=(80, 24)) as table:
        await press(table.pilot, "enter", *way)
        assert_banner(table.app, "OVER" if "ctrl+e" in way else "x60  solo")
        await press(table.pilot, "pagedown", "pagedown", "f1")
        assert_banner(table.app, "Thu 19 Nov 2026 16:00 CET")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("way", DESK_WAYS.values(), ids=DESK_WAYS)
async def test_the_facilitators_screens_have_it_too(tmp_path: Path, way: tuple[str, ...], size: tuple[int, int]) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock, size=size) as table:
        await press(table.pilot, *way)
        assert_banner(table.app, "x60 PAUSED  facilitator")


async def test_messages_that_pop_up_never_cover_it(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        for number in range(12):
            table.app.notify(f"Message {number}\nof three\nlines", timeout=60)
        await settle(table.pilot)
        assert "Message 11" in seen(table.app) or "Message 0" in seen(table.app)
        assert_banner(table.app, "solo")


async def test_it_says_the_time_the_speed_and_that_it_stands(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        assert_banner(table.app, " Thu 19 Nov 2026 16:00 CET  x60 PAUSED  solo")
        await press(table.pilot, "enter")
        await table.pass_time(5)
        assert_banner(table.app, " Thu 19 Nov 2026 16:05 CET  x60  solo  F2: 1 NEW")
        await press(table.pilot, "f4", "space", "plus")
        assert_banner(table.app, " Thu 19 Nov 2026 16:05 CET  x80 PAUSED  solo")


async def test_a_player_reads_that_nobody_moves_the_clock_when_the_facilitator_is_gone(tmp_path: Path) -> None:
    clock = RealClock()
    facilitator = started(tmp_path, clock, facilitated=True)
    facilitator.go_on()
    async with seated(joined(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        assert_banner(table.app, "Thu 19 Nov 2026 16:00 CET  x60  player")
        await table.pass_time(7)
        assert_banner(table.app, "Thu 19 Nov 2026 16:00 CET  STANDS: nobody moves it  player")
        clock.now = facilitator.real()
        facilitator.tick()
        await table.look()
        assert_banner(table.app, "x60  player")
    facilitator.close()


def test_on_eighty_columns_the_longest_line_fits_whole_and_drops_only_the_year(tmp_path: Path) -> None:
    clock = RealClock()
    drill = started(tmp_path, clock, facilitated=True)
    drill.close()
    player = joined(tmp_path, clock)
    state = replace(player.clock(), virtual=player.now() + timedelta(seconds=59))
    _, wide = banner_lines(player, state, over=False, note="F2: 12 NEW, 2 ASKS", width=118)
    assert wide == "Thu 19 Nov 2026 16:00:59 CET  STANDS: nobody moves it  player  F2: 12 NEW, 2 ASKS"
    _, narrow = banner_lines(player, state, over=False, note="F2: 12 NEW, 2 ASKS", width=78)
    assert narrow == "Thu 19 Nov 16:00:59 CET  STANDS: nobody moves it  player  F2: 12 NEW, 2 ASKS"
    assert len(narrow) <= 78
    player.close()


async def test_outside_of_an_exercise_there_is_none(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert not app.screen.query(ExerciseBanner)
        assert "EXERCISE  EXERCISE" not in " ".join(top(app))
        assert "*** INVENTED INCIDENT" in seen(app)


async def test_an_exercises_incident_says_so_even_without_a_session(tmp_path: Path) -> None:
    clock = RealClock()
    drill = with_incident(started(tmp_path, clock))
    drill.workspace.exercise = None
    app = BreachkitApp(drill.workspace, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "*** EXERCISE - EXERCISE - EXERCISE: nothing of this happened ***" in seen(app)
    drill.close()
