"""The facilitator's desk: sending, holding, leaving out, adding, moving time, and seeing what the team does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from breachkit.tui.screens.board import BoardScreen
from breachkit.tui.screens.exercise_add import AddInjectScreen
from breachkit.tui.screens.exercise_desk import Coming, FacilitatorScreen, SoFar
from breachkit.tui.screens.exercise_end import EndScreen
from breachkit.tui.screens.help import HelpScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.reading import ReadingScreen
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.recording import record_facts
from tests.tui.drills import SCENARIO, RealClock, Table, joined, seated, started
from tests.tui.house import press, seen, told, write
from tests.tui.test_exercise_banner import with_incident

HOUR = timedelta(hours=1)
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def _desk(table: Table) -> FacilitatorScreen:
    assert isinstance(table.app.screen, FacilitatorScreen)
    return table.app.screen


def _coming(table: Table) -> list[str | None]:
    return [row.value for row in _desk(table).query_one(Coming).rows]


def _pane(table: Table, name: str) -> str:
    """What stands in one of the panes beneath, whether it fits or not."""
    return str(_desk(table).query_one(f"#desk-{name}", Static).content)


async def _choose(table: Table, inject: str) -> None:
    """Highlight a message to come."""
    rows = _desk(table).query_one(Coming)
    rows.focus()
    rows.move_cursor(row=rows.get_row_index(inject))
    await table.pilot.pause()


@SIZES
async def test_the_desk_opens_standing_with_what_is_to_come_and_space_lets_time_run(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock, size=size) as table:
        assert _coming(table) == ["customer-call", "reporter", "regulator-letter", "confirmed"]
        assert "waits chat confirmed" in seen(table.app)
        await table.pass_time(3)
        assert table.drill.now() == table.drill.scenario.begin
        await press(table.pilot, "space")
        await table.pass_time(3)
        assert table.drill.now() == table.drill.scenario.begin + timedelta(minutes=3)
        assert _coming(table) == ["reporter", "regulator-letter", "confirmed"]
        assert "SENT customer-call" in seen(table.app)
        await press(table.pilot, "space")
        await table.pass_time(3)
        assert table.drill.now() == table.drill.scenario.begin + timedelta(minutes=3)


async def test_sending_now_asks_first_and_the_player_gets_it(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        await _choose(table, "confirmed")
        await press(table.pilot, "s")
        assert table.asked.startswith("Send 'confirmed' (chat, The platform engineer) to the team now?")
        await press(table.pilot, "n")
        assert not table.drill.inbox()
        await press(table.pilot, "s", "y")
        player = joined(tmp_path, clock)
        assert [sent.inject.id for sent in player.inbox()] == ["confirmed"]
        player.close()
        assert "confirmed" not in _coming(table)
        assert "SENT confirmed" in seen(table.app)


async def test_what_is_held_back_is_not_sent_until_it_is_released(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        await _choose(table, "customer-call")
        await press(table.pilot, "h")
        assert "HELD telephone customer-call" in seen(table.app)
        assert "HELD. Planned for Thu 19 Nov 2026 16:00 CET" in seen(table.app)
        await press(table.pilot, "space")
        await table.pass_time(5)
        assert not table.drill.inbox()
        await press(table.pilot, "h")
        assert [sent.inject.id for sent in table.drill.inbox()] == ["customer-call"]


async def test_leaving_out_asks_first(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        await _choose(table, "reporter")
        await press(table.pilot, "x")
        assert table.asked == "Leave 'reporter' out for good? What waits for it will not come either."
        await press(table.pilot, "escape")
        assert "reporter" in _coming(table)
        await press(table.pilot, "x", "y")
        assert "reporter" not in _coming(table)
        assert "reporter" in table.drill.doings().skipped


@SIZES
async def test_a_message_of_ones_own_is_sent_at_once_or_later(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock, size=size) as table:
        await press(table.pilot, "space")
        await table.pass_time(10)
        await press(table.pilot, "a", "down", "enter")
        await write(table.pilot, "A bank")
        await press(table.pilot, "enter")
        await write(table.pilot, "Is it true?")
        await press(table.pilot, "tab", "tab")
        await write(table.pilot, "90min")
        await press(table.pilot, "enter")
        sent = table.drill.inbox()[-1].inject
        assert (sent.channel, sent.sender, sent.text, sent.added) == ("mail", "A bank", "Is it true?", True)
        assert sent.pressure == 1.5 * HOUR
        await press(table.pilot, "a", "enter")
        await write(table.pilot, "A bank")
        await press(table.pilot, "enter")
        await write(table.pilot, "Well?")
        await press(table.pilot, "enter")
        await write(table.pilot, "+30min")
        await press(table.pilot, "ctrl+s")
        later = next(up for up in table.drill.state().upcoming if up.inject.added)
        assert later.planned == table.drill.now() + 0.5 * HOUR
        assert (later.inject.channel, later.inject.pressure) == ("phone", None)
        assert "added-2" in _coming(table)


async def test_a_message_without_words_or_with_a_time_that_is_over_is_explained_and_kept(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        await press(table.pilot, "a", "ctrl+s")
        assert "A message needs a sender and its words" in seen(table.app)
        await write(table.pilot, "A bank")
        await press(table.pilot, "enter")
        await write(table.pilot, "Well?")
        await press(table.pilot, "enter")
        for wrong, words in (("2026-11-19T15:00", "does not lie"), ("soon", "is no time"), ("+99d", "does not lie")):
            table.app.screen.query_one("#add-when", Input).value = wrong
            await press(table.pilot, "ctrl+s")
            assert isinstance(table.app.screen, AddInjectScreen)
            assert words in seen(table.app)
        await press(table.pilot, "escape")
        assert "not saved" in table.asked
        await press(table.pilot, "y")
        assert not table.drill.inbox()


async def test_time_is_jumped_to_a_moment_or_to_what_comes_next(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        begin = table.drill.scenario.begin
        await press(table.pilot, "t")
        await write(table.pilot, "18:30")
        await press(table.pilot, "enter")
        assert table.drill.now() == begin + 2.5 * HOUR
        assert {"customer-call", "reporter"} <= set(table.drill.doings().fired)
        await press(table.pilot, "j")
        assert "for 1 d 3 h 30 min. Jump to the next message?" in table.asked
        await press(table.pilot, "y")
        assert table.drill.now() == begin + 30 * HOUR
        await press(table.pilot, "j")
        assert table.asked.startswith("Nothing more happens by itself.")
        await press(table.pilot, "n")
        assert table.drill.ended_at is None


@SIZES
async def test_what_the_team_does_appears_as_it_comes(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock, size=size) as table:
        assert "NOT DECLARED YET" in seen(table.app)
        await press(table.pilot, "space")
        await table.pass_time(20)
        player = with_incident(joined(tmp_path, clock))
        player.ask("people.total")
        await table.look()
        assert "DECLARED Thu 16:20. Nearest deadline in 2 d 23 h:" in seen(table.app)
        assert "anna: asked for people.total" in seen(table.app).replace("tot…", "total")
        with player.workspace.journal() as journal:
            record_facts(player.workspace, journal, "INC-1", {"people.total": "640"})
        await table.look()
        rows = _desk(table).query_one(SoFar)
        assert rows.cursor_row == 0  # the newest stays in sight while nobody reads further back
        assert "anna: people.total = 640" in seen(table.app)
        await press(table.pilot, "tab", "enter")
        assert isinstance(table.app.screen, ReadingScreen)
        assert "people.total = 640" in seen(table.app)
        player.close()


async def test_before_the_declaration_the_deadline_is_that_of_the_truth(tmp_path: Path) -> None:
    text = SCENARIO.read_text(encoding="utf-8")
    truth = "truth:\n  aware_at: {value: 2026-11-19T16:00+01:00, at: PT0M}\n  role: {value: [controller], at: PT0M}\n"
    clock = RealClock()
    known = text.replace("truth:\n", truth)
    drill = Drill.start(known, "known.yaml", tmp_path / "drill.db", facilitated=True, actor="fay", speed=60, real=clock)
    async with seated(drill, clock) as table:
        assert "NOT DECLARED YET. On the truth the nearest deadline in 3 d 00 h:" in seen(table.app)
        await press(table.pilot, "space")
        await table.pass_time(60)
        assert "On the truth the nearest deadline in 2 d 23 h:" in seen(table.app)


@SIZES
async def test_beneath_stand_the_message_the_truth_and_what_is_expected(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = RealClock()
    wide = size[0] > 100
    async with seated(started(tmp_path, clock, facilitated=True), clock, size=size) as table:
        await press(table.pilot, "t")
        await write(table.pilot, "+90min")
        await press(table.pilot, "enter")
        await _choose(table, "reporter")
        assert "NOTE: What is said here ends up in print." in _pane(table, "inject")
        assert ("TRUE, AND KNOWABLE NOW" in seen(table.app)) == wide
        await press(table.pilot, "d")
        assert "TRUE, AND KNOWABLE NOW" in seen(table.app)
        assert "[ ] not recorded  breach.cause = " in _pane(table, "truth")
        assert "Later: people.total" in _pane(table, "truth")
        await press(table.pilot, "d")
        assert "EXPECTED OF THE TEAM" in seen(table.app)
        assert "[ ] MISSED by Thu 17:00  Open the incident  (lead)" in _pane(table, "actions")
        assert "[ ] 4 h 30 min left  Ask how many people are affected" in _pane(table, "actions")
        assert "[-] after 'reporter'  Answer the reporter" in _pane(table, "actions")
        player = with_incident(joined(tmp_path, clock))
        with player.workspace.journal() as journal:
            record_facts(player.workspace, journal, "INC-1", {"breach.cause": "phishing"})
        player.close()
        await table.look()
        assert "[x] LATE Thu 17:30  Open the incident  (lead)" in _pane(table, "actions")
        assert "[!] RECORDED OTHERWISE  breach.cause" in _pane(table, "truth")
        await press(table.pilot, "o")
        assert "An export lay in a public folder" in seen(table.app)


async def test_the_speed_is_changed_in_steps_or_typed(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        await press(table.pilot, "plus", "plus", "minus")
        assert table.drill.clock().speed == 80
        await press(table.pilot, "r")
        await write(table.pilot, "1,5")
        await press(table.pilot, "enter")
        assert table.drill.clock().speed == 1.5
        await press(table.pilot, "r")
        await write(table.pilot, "0")
        await press(table.pilot, "enter")
        assert "above 0" in told(table.app)


async def test_the_board_lies_beneath_and_f4_comes_back_while_time_runs_on(tmp_path: Path) -> None:
    clock = RealClock()
    drill = with_incident(started(tmp_path, clock, facilitated=True))
    async with seated(drill, clock) as table:
        await press(table.pilot, "space", "escape")
        assert isinstance(table.app.screen, BoardScreen)
        await press(table.pilot, "enter")
        assert isinstance(table.app.screen, IncidentScreen)
        await table.pass_time(2)
        await press(table.pilot, "f2", "f3")
        assert isinstance(table.app.screen, IncidentScreen)  # the inbox and the asking are the players'
        await press(table.pilot, "f4")
        assert isinstance(table.app.screen, FacilitatorScreen)
        assert drill.clock().running
        await table.pass_time(2)
        assert drill.now() == drill.scenario.begin + timedelta(minutes=4)


async def test_ending_asks_and_shows_the_score(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock) as table:
        await press(table.pilot, "ctrl+e")
        await write(table.pilot, "Lunch")
        await press(table.pilot, "enter", "n")
        assert table.drill.ended_at is None
        await press(table.pilot, "ctrl+e")
        await write(table.pilot, "Lunch")
        await press(table.pilot, "enter", "y")
        assert isinstance(table.app.screen, EndScreen)
        assert table.drill.events[-1].body["reason"] == "Lunch"
        await press(table.pilot, "escape")
        assert "ENDED: Lunch" in seen(table.app)
        await press(table.pilot, "s")
        await press(table.pilot, "y")
        assert "this exercise is over" in told(table.app)


async def test_after_a_crash_the_next_facilitator_finds_time_standing_where_it_was(tmp_path: Path) -> None:
    clock = RealClock()
    crashed = started(tmp_path, clock, facilitated=True)
    crashed.go_on()
    clock.now += timedelta(seconds=8)
    crashed.tick()
    left_at = crashed.now()
    clock.now += timedelta(hours=3)
    async with seated(joined(tmp_path, clock, facilitator=True), clock) as table:
        assert table.drill.now() == left_at
        assert "x60 PAUSED  facilitator" in " ".join(
            "".join(segment.text for segment in strip) for strip in table.app.screen._compositor.render_strips()
        )
        await table.pass_time(5)
        assert table.drill.now() == left_at
        await press(table.pilot, "space")
        await table.pass_time(1)
        assert table.drill.now() == left_at + timedelta(minutes=1)
    crashed.journal.close()


async def test_a_second_facilitator_is_told_that_another_one_moves_the_clock(tmp_path: Path) -> None:
    clock = RealClock()
    first = started(tmp_path, clock, facilitated=True)
    first.go_on()
    async with seated(joined(tmp_path, clock, facilitator=True), clock) as table:
        assert "another session moves this exercise's clock" in told(table.app)
        await press(table.pilot, "space")
        assert first.clock().running
        assert first.drives
    first.close()


async def test_the_desk_explains_itself(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock, facilitated=True), clock, size=(120, 60)) as table:
        await press(table.pilot, "f1")
        assert isinstance(table.app.screen, HelpScreen)
        for words in (
            "HELP: Facilitator",
            "Send the highlighted message now",
            "End the exercise for everybody",
            "Type how many",
        ):
            assert words in seen(table.app)


async def test_an_empty_list_answers_no_key(tmp_path: Path) -> None:
    clock = RealClock()
    drill = started(tmp_path, clock, facilitated=True)
    for inject in drill.scenario.injects:
        drill.skip(inject.id)
    async with seated(drill, clock) as table:
        assert "Nothing is left to send" in seen(table.app)
        await press(table.pilot, "s", "h", "x", "enter", "pagedown")
        assert isinstance(table.app.screen, FacilitatorScreen)
