"""Choosing kinds of data, and counting people place by place."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.people import PeopleScreen, find_places
from breachkit.tui.screens.picker import PickerScreen
from breachkit.tui.widgets.ticks import Ticks
from breachkit.workflow.recording import record_facts
from tests.tui.house import looked_up, press, seen, settle, with_sample, workspace, write


async def test_ticking_a_kind_of_data_and_closing_the_list_is_one_record(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = len(looked_up(space).subject.entries)
        await press(pilot, "c", "/")
        await write(pilot, "health")
        await press(pilot, "enter")
        assert "special (Art. 9)" in seen(app)
        await press(pilot, "space", "c")
        assert "COMPLETE: nothing else was affected" in seen(app)
        assert "Not saved yet" in seen(app)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, IncidentScreen)
        found = looked_up(space).subject
        assert found.book.categories is not None
        assert {"full_name", "phone", "message_content"} < set(found.book.categories)
        assert found.book.categories_closed
        written = {entry.body["key"] for entry in found.entries[before:]}
        assert written == {"data.categories", "data.categories_complete"}
        assert len({entry.recorded_at for entry in found.entries[before:]}) == 1


async def test_another_word_finds_a_kind_of_data(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "c", "/")
        await write(pilot, "birthday")
        ticks = app.screen.query_one(Ticks)
        assert [option.id for option in ticks.options if option.id] == ["dob"]


async def test_ticks_survive_what_somebody_else_records(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    other = workspace(tmp_path, actor="bob")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "c", "down", "space")
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"breach.malicious": "yes"})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, PickerScreen)
        assert "NOT RECORDED" in seen(app)
        assert "dob" in app.screen.query_one(Ticks).chosen
        await press(pilot, "ctrl+s")
        assert "dob" in (looked_up(space).subject.book.categories or ())


async def test_an_impossible_sum_is_an_error_and_nothing_is_lost(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        total = app.screen.query(Input)[1]
        assert total.has_focus
        total.value = ""
        await write(pilot, "900")
        assert "THIS CANNOT BE" in seen(app)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, PeopleScreen)
        assert total.value == "900"
        count = looked_up(space).subject.book.count("people.total")
        assert count is not None
        assert str(count) == "~4100"


async def test_a_place_is_found_by_name_and_its_range_recorded(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "ctrl+o")
        await write(pilot, "califor")
        assert "California, United States US-CA" in seen(app)
        await press(pilot, "enter")
        await write(pilot, "10..20")
        assert "Read as 10 to 20" in seen(app)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, IncidentScreen)
        assert str(looked_up(space).subject.book.count("people.in.US-CA")) == "10..20"


def test_places_are_found_by_code_first() -> None:
    assert find_places("ES", set())[0] == "ES"
    assert find_places("us-fl", set()) == ["US-FL"]
    assert find_places("georgia", set())[:2] == ["GE", "US-GA"]
    assert find_places("", set()) == []
