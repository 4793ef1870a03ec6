"""Pictures of an exercise's screens, compared with the accepted ones, on a small and on a large terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from breachkit.tui.exercise_app import DrillApp
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.recording import record_facts
from tests.tui.drills import RealClock, joined, started
from tests.tui.house import press, settle, still
from tests.tui.test_exercise_banner import with_incident

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
PLAYER: dict[str, tuple[str, ...]] = {
    "inbox": ("enter", "f2", "enter"),
    "ask": ("enter", "f3"),
    "clock": ("enter", "f4"),
    "help": ("enter", "f2", "f1"),
}
DESK: dict[str, tuple[str, ...]] = {
    "desk": (),
    "truth": ("d",),
    "send": ("s",),
    "add": ("a",),
}
Looks = Callable[..., bool]


def _halfway(folder: Path, *, facilitated: bool) -> tuple[Drill, RealClock]:
    """Two and a half hours in: declared after twenty minutes, one question open, one fact told and one not yet."""
    clock = RealClock()
    drill = started(folder, clock, facilitated=facilitated)
    begin = drill.scenario.begin
    drill.jump(begin + timedelta(minutes=20))
    team = joined(folder, clock) if facilitated else drill
    with_incident(team)
    drill.jump(begin + timedelta(hours=1, minutes=15))
    with team.workspace.journal() as journal:
        told = team.ask("breach.cause")
        record_facts(team.workspace, journal, "INC-1", {"breach.exfiltration": "unlikely"}, source=told.teller)
    team.ask("people.total")
    drill.jump(begin + timedelta(hours=2, minutes=30))
    if team is not drill:
        team.close()
    return drill, clock


async def _there(pilot: Pilot[Any], way: tuple[str, ...]) -> None:
    await settle(pilot)
    await press(pilot, *way)
    assert isinstance(pilot.app, DrillApp)
    pilot.app.clear_notifications()
    await still(pilot)


def _compared(compare: Looks, drill: Drill, way: tuple[str, ...], size: tuple[int, int]) -> bool:
    """That session on the screen, after these keys."""
    try:
        app = DrillApp(drill, facilitator=drill.facilitator)
        return compare(app, terminal_size=size, run_before=lambda pilot: _there(pilot, way))
    finally:
        drill.close()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_briefing_looks_as_it_did(snap_compare: Looks, tmp_path: Path, size: tuple[int, int]) -> None:
    assert _compared(snap_compare, started(tmp_path, RealClock()), (), size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_board_of_an_exercise_looks_as_it_did(snap_compare: Looks, tmp_path: Path, size: tuple[int, int]) -> None:
    assert _compared(snap_compare, started(tmp_path, RealClock()), ("enter",), size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("way", PLAYER.values(), ids=PLAYER)
def test_a_players_screen_looks_as_it_did(
    snap_compare: Looks, tmp_path: Path, way: tuple[str, ...], size: tuple[int, int]
) -> None:
    assert _compared(snap_compare, _halfway(tmp_path, facilitated=False)[0], way, size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_banner_without_a_facilitator_looks_as_it_did(snap_compare: Looks, tmp_path: Path, size: tuple[int, int]) -> None:
    drill, clock = _halfway(tmp_path, facilitated=True)
    drill.close()
    assert _compared(snap_compare, joined(tmp_path, clock), ("enter", "p"), size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("way", DESK.values(), ids=DESK)
def test_the_facilitators_screen_looks_as_it_did(
    snap_compare: Looks, tmp_path: Path, way: tuple[str, ...], size: tuple[int, int]
) -> None:
    assert _compared(snap_compare, _halfway(tmp_path, facilitated=True)[0], way, size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_score_looks_as_it_did(snap_compare: Looks, tmp_path: Path, size: tuple[int, int]) -> None:
    drill, _ = _halfway(tmp_path, facilitated=False)
    drill.end("enough")
    drill.path = Path("/exercises/open-drawer.db")  # the folder of one run of the tests would show
    assert _compared(snap_compare, drill, (), size)
