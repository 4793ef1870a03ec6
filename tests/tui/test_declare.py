"""Declaring an incident in four answers."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Digits, Input

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.board import BoardScreen
from breachkit.tui.screens.declare import DeclareScreen
from breachkit.tui.screens.incident import IncidentScreen
from tests.tui.house import looked_up, press, seen, settle, workspace, write


async def test_an_empty_board_says_what_to_do_and_that_it_is_no_legal_advice(tmp_path: Path) -> None:
    app = BreachkitApp(workspace(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Press n and answer four short questions" in seen(app)
        assert "Information, not legal advice" in seen(app)
        assert "need counsel" in seen(app)


async def test_four_answers_open_the_incident_with_its_clock_running(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    app = BreachkitApp(space)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        await write(pilot, "Folder left open")
        await press(pilot, "enter")
        await write(pilot, "2026-11-20T22:15[Europe/Brussels]")
        assert "Read as Fri 20 Nov 2026 22:15 CET" in seen(app)
        await press(pilot, "enter", "home", "enter")
        await write(pilot, "example-co")
        assert "Example Co: made up" in seen(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, IncidentScreen)
        assert app.screen.query_one(Digits).value == "2d 18:05:00"
        facts = looked_up(space).subject.book
        assert facts.text("incident.title") == "Folder left open"
        assert facts.strings("role") == ("controller",)


async def test_now_is_written_with_the_zone_of_this_computer(tmp_path: Path) -> None:
    app = BreachkitApp(workspace(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n", "ctrl+t")
        assert app.screen.query_one("#aware", Input).value == "2026-11-21T04:10:00+01:00[Europe/Brussels]"


async def test_a_time_without_a_zone_is_explained_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    app = BreachkitApp(space)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await write(pilot, "Folder left open")
        await press(pilot, "enter")
        await write(pilot, "2026-11-20T22:15")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, DeclareScreen)
        assert "NOT OPENED YET" in seen(app)
        assert "has no offset or zone" in seen(app)
        assert app.screen.query_one("#title", Input).value == "Folder left open"
        assert app.screen.query_one("#aware", Input).value == "2026-11-20T22:15"
        with space.journal() as journal:
            assert journal.incidents() == []


async def test_leaving_with_something_typed_asks_first(tmp_path: Path) -> None:
    app = BreachkitApp(workspace(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        await write(pilot, "Fol")
        await press(pilot, "escape")
        assert "not saved" in seen(app)
        await press(pilot, "n")
        assert isinstance(app.screen, DeclareScreen)
        assert app.screen.query_one("#title", Input).value == "Fol"
        await press(pilot, "ctrl+q")
        assert "not saved" in seen(app)
        await press(pilot, "n", "escape", "y")
        assert isinstance(app.screen, BoardScreen)
