"""A player's screens: the briefing, the board, the inbox, and asking the world."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from breachkit.tui.exercise_app import DrillApp
from breachkit.tui.screens.board import BoardScreen
from breachkit.tui.screens.declare import DeclareScreen
from breachkit.tui.screens.exercise_ask import AskScreen
from breachkit.tui.screens.exercise_briefing import BriefingScreen
from breachkit.tui.screens.exercise_inbox import InboxScreen, Messages
from breachkit.tui.screens.help import HelpScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.working import Working
from tests.tui.drills import RealClock, Table, joined, seated, started
from tests.tui.house import press, seen, told, write
from tests.tui.test_exercise_banner import with_incident


def _banner(table: Table) -> str:
    return seen(table.app)[:200]


async def _declare(table: Table) -> None:
    """Open the incident on the board, in four answers."""
    await press(table.pilot, "n")
    await write(table.pilot, "Folder left open")
    await press(table.pilot, "enter", "ctrl+t", "ctrl+s")
    assert isinstance(table.app.screen, IncidentScreen)


# -- briefing and board ------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_briefing_comes_first_and_enter_starts_the_clock(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock, size=size) as table:
        assert isinstance(table.app.screen, BriefingScreen)
        for words in ("You are the people on duty", "Incident lead", "Start the clock at awareness", "Enter starts the clock"):
            assert words in seen(table.app)
        await table.pass_time(3)
        assert table.drill.now() == table.drill.scenario.begin
        await press(table.pilot, "enter")
        assert isinstance(table.app.screen, BoardScreen)
        await table.pass_time(3)
        assert table.drill.now() == table.drill.scenario.begin + timedelta(minutes=3)


async def test_the_briefing_says_nothing_of_the_story(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock, size=(120, 60)) as table:
        assert "How it works" in seen(table.app)
        for secret in ("reporter", "An export lay", "misconfiguration", "640"):
            assert secret not in seen(table.app)


async def test_with_a_facilitator_enter_only_goes_on_to_the_board(tmp_path: Path) -> None:
    clock = RealClock()
    started(tmp_path, clock, facilitated=True).close()
    async with seated(joined(tmp_path, clock), clock) as table:
        assert "The facilitator starts the clock" in seen(table.app)
        await press(table.pilot, "enter")
        assert isinstance(table.app.screen, BoardScreen)
        assert not table.drill.clock().running
        await press(table.pilot, "f4")
        assert isinstance(table.app.screen, BoardScreen)


async def test_the_board_says_how_to_declare_and_the_form_offers_the_scenarios_organisation(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        assert "press n and answer four short questions" in seen(table.app)
        assert "Nothing is known to be wrong" in seen(table.app)
        await press(table.pilot, "n")
        assert isinstance(table.app.screen, DeclareScreen)
        assert table.app.screen.query_one("#organisation", Input).value == "innexum"
        assert "2026-11-19T16:00:00+01:00[Europe/Madrid]" in seen(table.app)
        await press(table.pilot, "escape")
        assert isinstance(table.app.screen, BoardScreen)  # nothing was typed, so nothing is asked
        await _declare(table)
        assert table.app.screen.held is not None
        assert table.app.screen.held.subject.exercise == "open-drawer"
        assert table.app.screen.held.subject.organisation_name == "Innexum Technologies"
        await press(table.pilot, "escape")
        assert "INVENTED" not in seen(table.app)  # the banner says it already


@pytest.mark.parametrize(
    ("way", "name"), [(("f2",), "Inbox"), (("f3",), "Ask the world"), (("f4",), "Clock"), (("b",), "Briefing")]
)
async def test_each_screen_explains_itself(tmp_path: Path, way: tuple[str, ...], name: str) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", *way)
        screen = table.app.screen
        assert isinstance(screen, Working)
        await press(table.pilot, "f1")
        assert isinstance(table.app.screen, HelpScreen)
        assert f"HELP: {name}" in seen(table.app)
        await press(table.pilot, "escape")
        assert table.app.screen is screen


async def test_the_help_of_every_screen_lists_the_keys_of_an_exercise(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(with_incident(started(tmp_path, clock)), clock, size=(120, 60)) as table:
        await press(table.pilot, "enter", "question_mark")
        assert "f2, i What reached the team" in seen(table.app)
        assert "f3, e Ask the world of the exercise for a fact" in seen(table.app)


# -- inbox -------------------------------------------------------------------


async def test_a_message_pops_up_with_one_bell_and_stays_in_the_inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(DrillApp, "bell", lambda _: rung.append("bell"))  # a terminal's bell cannot be looked at
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time()
        assert "TELEPHONE: A customer" in seen(table.app)
        assert "I can open your conversations" in told(table.app)
        assert rung == ["bell"]
        assert "F2: 1 NEW" in _banner(table)
        await table.pass_time(3)
        assert rung == ["bell"]
        await press(table.pilot, "i")
        assert isinstance(table.app.screen, InboxScreen)
        assert "telephone, A customer, to Incident lead, Thu 19 Nov 2026 16:00 CET" in seen(table.app)
        assert "last week without a password" in seen(table.app)
        assert "NEW" not in _banner(table)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_inbox_lists_the_newest_first_and_marks_the_unread_in_words(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = RealClock()
    async with seated(with_incident(started(tmp_path, clock)), clock, size=size) as table:
        await press(table.pilot, "enter")
        await table.pass_time(61)
        assert table.app.unread == 2
        await press(table.pilot, "f2")
        inbox = table.app.screen
        assert isinstance(inbox, InboxScreen)
        assert [row.value for row in inbox.query_one(Messages).rows] == ["confirmed", "customer-call"]
        assert "NEW Thu 16:00 telephone" in seen(table.app)
        await press(table.pilot, "down")
        assert "NEW" not in seen(table.app)
        await table.pass_time(60)
        assert inbox.query_one(Messages).chosen == "customer-call"  # the reader keeps the place
        assert "NEW ASKS Thu 18:00 press" in seen(table.app)
        assert table.app.unread == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_a_question_is_answered_in_the_inbox_and_the_first_answer_counts(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock, size=size) as table:
        await press(table.pilot, "enter")
        await table.pass_time(121)
        assert "1 ASKS" in _banner(table)
        await press(table.pilot, "f2")
        assert "A reporter wants an answer in 1 h 59 min" in seen(table.app)
        assert "QUESTION to Incident lead: What do you tell the reporter?" in seen(table.app)
        await table.pass_time(40)
        assert "A reporter wants an answer in 1 h 19 min" in seen(table.app)
        await press(table.pilot, "enter", "down", "enter")
        await write(table.pilot, "True enough")
        await press(table.pilot, "enter")
        assert table.drill.doings().answered["confirm"][1] == "later"
        assert table.drill.events[-1].body["why"] == "True enough"
        assert "Answered Thu 18:41: That you are looking into it" in seen(table.app)
        assert "QUESTION to" not in seen(table.app)
        assert "wants an answer" not in seen(table.app)
        assert "1 ASKS" not in _banner(table)
        assert table.app.screen.query_one(Messages).has_focus
        await press(table.pilot, "enter")
        assert "It asks nothing" in told(table.app)


async def test_escape_leaves_the_question_first_and_asks_before_a_begun_reason_is_dropped(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(121)
        await press(table.pilot, "f2", "enter", "enter")
        await write(table.pilot, "Bec")
        await press(table.pilot, "escape")
        assert table.app.screen.query_one(Messages).has_focus
        await table.pass_time(2)
        assert table.app.screen.query_one("#box-why", Input).value == "Bec"
        await press(table.pilot, "escape")
        assert "not saved" in seen(table.app)
        await press(table.pilot, "y")
        assert isinstance(table.app.screen, BoardScreen)
        assert not table.drill.doings().answered


async def test_what_waits_for_the_declaration_comes_once_the_team_declares(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(90)
        assert "confirmed" not in table.drill.doings().fired
        await _declare(table)
        await table.pass_time()
        assert "CHAT: The platform engineer" in seen(table.app)
        assert isinstance(table.app.screen, IncidentScreen)


async def test_the_inbox_is_reached_while_something_is_typed_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", "n")
        await write(table.pilot, "i e v b")
        assert table.app.screen.query_one("#title", Input).value == "i e v b"
        await press(table.pilot, "f2", "f2")
        assert isinstance(table.app.screen, InboxScreen)
        await press(table.pilot, "f3", "f2")
        assert isinstance(table.app.screen, InboxScreen)
        assert not any(isinstance(one, AskScreen) for one in table.app.screen_stack)
        await press(table.pilot, "escape")
        assert table.app.screen.query_one("#title", Input).value == "i e v b"


async def test_markup_and_escape_codes_in_a_message_are_shown_as_text(tmp_path: Path) -> None:
    from breachkit.domain.exercise.scenario import Inject

    clock = RealClock()
    drill = started(tmp_path, clock, facilitated=True)
    hostile = "[bold red]Alarm[/] \x1b[2J\u202egnp.exe"
    drill.go_on()
    drill.add(Inject("x", "mail", "[b]Somebody[/]", hostile, timedelta()))
    async with seated(joined(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter", "f2")
        assert "[bold red]Alarm[/] \ufffd[2J\ufffdgnp.exe" in seen(table.app)
        assert "[b]Somebody[/]" in seen(table.app)
        drill.add(Inject("y", "mail", "[b]Somebody else[/]", hostile, timedelta()))
        await press(table.pilot, "escape")
        await table.look()
        assert "MAIL: [b]Somebody else[/]" in seen(table.app)
        assert "\x1b" not in seen(table.app)
    drill.close()


async def test_options_are_long_lines_that_wrap_and_the_whole_question_can_be_reached(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(121)
        await press(table.pilot, "f2", "enter", "down", "down")
        assert table.app.screen.query_one(OptionList).highlighted == 2
        assert "Everything you know so far" in seen(table.app)


# -- asking the world --------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_world_hints_first_tells_later_and_enter_records_it_with_its_source(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = RealClock()
    async with seated(with_incident(started(tmp_path, clock)), clock, size=size) as table:
        await press(table.pilot, "enter", "e", "slash")
        await write(table.pilot, "people.total")
        await press(table.pilot, "enter")
        assert "The data engineer is counting; ask again this evening" in await table.beneath()
        assert "not yet" in seen(table.app)
        await table.pass_time(181)
        assert "TOLD" in await table.beneath()  # the world's answer keeps up by itself
        assert "the data engineer: 640" in seen(table.app)
        assert "Enter records people.total = 640, source: the data engineer" in seen(table.app)
        await press(table.pilot, "enter")
        fact = table.drill.doings().book.facts["people.total"]  # type: ignore[union-attr]  # the incident is open by now
        assert (str(fact.value), fact.source) == ("640", "the data engineer")
        assert "Recorded: people.total = 640" in seen(table.app)
        assert [entry.kind for entry in table.drill.events].count("exercise.asked") == 1


async def test_what_somebody_says_is_shown_beside_what_it_means(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(with_incident(started(tmp_path, clock)), clock, size=(120, 40)) as table:
        await press(table.pilot, "enter")
        await table.pass_time(61)
        await press(table.pilot, "e", "slash")
        await write(table.pilot, "breach.cause")
        await press(table.pilot, "enter")
        assert "the platform engineer: Somebody made the folder public by hand." in await table.beneath()
        assert "Enter records breach.cause =" in seen(table.app)


async def test_open_questions_of_the_incident_are_listed_and_asked_with_enter(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(with_incident(started(tmp_path, clock)), clock) as table:
        await press(table.pilot, "enter", "f3")
        screen = table.app.screen
        assert isinstance(screen, AskScreen)
        first = next(iter(screen.questions))
        assert not first.startswith(("filed.", "decided."))
        await press(table.pilot, "enter")
        assert first in table.drill.doings().asked


async def test_before_the_incident_is_open_the_world_can_be_asked_and_says_why_nothing_is_recorded(tmp_path: Path) -> None:
    clock = RealClock()
    async with seated(started(tmp_path, clock), clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(61)
        await press(table.pilot, "f3", "enter")
        assert "No incident is open yet" in seen(table.app)
        await press(table.pilot, "slash")
        await write(table.pilot, "breach.cause")
        await press(table.pilot, "enter")
        assert "to record it, open the incident first" in await table.beneath()


async def test_what_somebody_recorded_meanwhile_stops_a_record_until_it_was_seen(tmp_path: Path) -> None:
    from breachkit.workflow.recording import record_facts

    clock = RealClock()
    drill = with_incident(started(tmp_path, clock))
    async with seated(drill, clock) as table:
        await press(table.pilot, "enter")
        await table.pass_time(61)
        await press(table.pilot, "f3", "slash")
        await write(table.pilot, "breach.cause")
        await press(table.pilot, "enter")
        other = joined(tmp_path, clock)
        with other.workspace.journal() as journal:
            record_facts(other.workspace, journal, "INC-1", {"breach.malicious": "no"})
        other.close()
        await press(table.pilot, "enter")
        assert "NOT RECORDED" in told(table.app)
        assert "breach.cause" not in drill.doings().stated
        await press(table.pilot, "enter")
        assert "breach.cause" in drill.doings().stated
