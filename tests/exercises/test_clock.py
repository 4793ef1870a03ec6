"""Virtual time: it runs at its speed, never backwards, stands when its driver goes, and goes on at exactly that moment."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from breachkit.errors import Refused, UsageError
from breachkit.workflow.exercise.drill import Drill, usual_speed
from tests.conftest import Clock
from tests.exercises.world import started


def test_an_exercise_begins_at_its_start_and_stands(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock)) as drill:
        clock.forward(hours=1)
        assert drill.tick() == ()
        assert drill.now() == drill.scenario.begin
        assert drill.inbox() == ()


def test_it_runs_at_its_speed_and_sends_what_is_due_at_its_own_moment(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock, speed=600)) as drill:
        drill.go_on()
        assert [one.id for one in drill.tick()] == ["call"]
        clock.forward(seconds=2)
        assert [one.id for one in drill.tick()] == ["engineer"]
        assert drill.now() == drill.scenario.begin + timedelta(minutes=20)
        assert [sent.at - drill.scenario.begin for sent in drill.inbox()] == [timedelta(), timedelta(minutes=15)]


def test_by_itself_the_busy_hours_take_the_minutes_of_the_scenario(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock)) as drill:
        # Messages at 0, 0:15, 1, 5, 5 and 60 hours: 2 + 1 + 1 busy hours in 40 minutes.
        assert drill.clock().speed == usual_speed(drill.scenario) == 6
        drill.set_speed(80 * 60 / 40)
        drill.go_on()
        for _ in range(40 * 60 // 10 - 1):
            clock.forward(seconds=10)
            drill.tick()
        assert drill.ended_at is None
        clock.forward(seconds=10)
        drill.tick()
        assert drill.ended_at == drill.scenario.end


def test_it_never_runs_past_its_end_nor_backwards(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock)) as drill:
        drill.jump(drill.scenario.begin + timedelta(hours=4))
        with pytest.raises(UsageError, match="never runs backwards"):
            drill.jump(drill.scenario.begin)
        drill.go_on()
        clock.forward(hours=-3)  # the machine's own clock was set back
        drill.tick()
        assert drill.now() == drill.scenario.begin + timedelta(hours=4)
        drill.jump(drill.scenario.end + timedelta(days=9))
        assert drill.now() == drill.ended_at == drill.scenario.end
        with pytest.raises(Refused, match="is over"):
            drill.go_on()


def test_a_machine_that_slept_does_not_race_the_exercise(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock, speed=1)) as drill:
        drill.go_on()
        clock.forward(hours=8)
        drill.tick()
        assert drill.now() - drill.scenario.begin == timedelta(seconds=10)


def test_after_a_crash_it_goes_on_at_exactly_the_virtual_time_everybody_saw(tmp_path: Path) -> None:
    clock = Clock()
    first = started(tmp_path, clock, speed=60)
    first.go_on()
    for _ in range(7):
        clock.forward(seconds=1)
        first.tick()
    seen = first.now()
    first.journal.close()  # killed: nobody let the clock go
    clock.forward(hours=5)
    with closing(Drill.open(tmp_path / "x.db", actor="ana", real=clock)) as again:
        assert again.now() == seen == again.scenario.begin + timedelta(minutes=7)
        assert not again.clock().driver_alive
        again.drive()
        clock.forward(seconds=1)
        again.tick()
        assert again.now() == seen + timedelta(minutes=1)


def test_a_lost_clock_file_brings_back_the_time_of_the_newest_entry(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock)) as drill:
        drill.jump(drill.scenario.begin + timedelta(minutes=15))
        (tmp_path / "x.db-clock").write_text("not json")
        assert drill.now() == drill.scenario.begin + timedelta(minutes=15)
        (tmp_path / "x.db-clock").unlink()
        assert drill.now() == drill.scenario.begin + timedelta(minutes=15)


def test_one_session_drives_and_the_others_read(tmp_path: Path) -> None:
    clock = Clock()
    with closing(started(tmp_path, clock, facilitated=True, speed=60)) as desk:
        with closing(Drill.open(tmp_path / "x.db", actor="ben", real=clock)) as player:
            assert not player.may_drive
            with pytest.raises(Refused, match="has a facilitator"):
                player.go_on()
            desk.go_on()
            clock.forward(seconds=3)
            assert [one.id for one in desk.tick()] == ["call"]
            assert player.tick() == ()
            assert player.now() == desk.now() == desk.scenario.begin + timedelta(minutes=3)
            assert [sent.inject.id for sent in player.inbox()] == ["call"]
        with closing(Drill.open(tmp_path / "x.db", actor="eve", facilitator=True, real=clock)) as second:
            with pytest.raises(Refused, match="another session moves"):
                second.drive()
            clock.forward(seconds=30)  # the first one said nothing for so long
            second.drive()
            assert second.drives
            assert not desk.drives


def test_leaving_lets_the_clock_stand(tmp_path: Path) -> None:
    clock = Clock()
    drill = started(tmp_path, clock, speed=60)
    drill.go_on()
    drill.close()
    with closing(Drill.open(tmp_path / "x.db", actor="ana", real=clock)) as again:
        assert not again.clock().running
        assert again.clock().driver == ""


@pytest.mark.parametrize("speed", [0, -1, 10_001, float("nan")])
def test_a_speed_that_makes_no_sense_is_refused(tmp_path: Path, speed: float) -> None:
    with closing(started(tmp_path, Clock())) as drill, pytest.raises(UsageError, match="speed"):
        drill.set_speed(speed)


def test_commands_that_visit_an_exercise_use_its_time(tmp_path: Path) -> None:
    from breachkit.workflow.workspace import Workspace

    clock = Clock()
    with closing(started(tmp_path, clock)) as drill:
        drill.jump(drill.scenario.begin + timedelta(hours=2))
        visitor = Workspace(database=str(tmp_path / "x.db"), actor="ben")
        with visitor.journal(read_only=True):
            assert visitor.now == drill.now()
            assert visitor.writing_time() == drill.now()
