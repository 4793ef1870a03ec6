"""The worksheet of a portal, and what changed since a notice was filed."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from breachkit.domain.differences import difference
from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.difference import DifferenceScreen, words_of
from breachkit.tui.screens.edit import EditScreen
from breachkit.tui.screens.find_fact import FindFactScreen
from breachkit.tui.screens.preview import PreviewScreen
from breachkit.tui.screens.worksheet import FieldRows, WorksheetScreen
from breachkit.workflow.recording import file_duty, record_facts
from tests.tui.house import looked_up, press, seen, settle, told, with_sample, write
from tests.tui.test_notice import REPORT, notice


def _row(app: BreachkitApp, label: str) -> None:
    """Highlight the field of that label."""
    assert isinstance(app.screen, WorksheetScreen)
    assert app.screen.filled is not None
    number = next(n for n, one in enumerate(app.screen.filled.answers) if one.field.label == label)
    table = app.screen.query_one(FieldRows)
    table.move_cursor(row=table.get_row_index(str(number)))


# -- worksheet ---------------------------------------------------------------------------------------------------------


async def test_fields_stand_in_the_portals_order_and_an_answer_is_copied_whole(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "k")
        assert isinstance(app.screen, WorksheetScreen)
        assert app.screen.filled is not None
        assert "Part 1 of 9 - field 1 of 5" in seen(app)
        assert app.screen.query_one(FieldRows).row_count == len(app.screen.filled.answers)
        await press(pilot, *["down"] * 6)
        assert "Part 2 of 9 - field 2 of 13: Name" in seen(app)
        await press(pilot, "c")
        assert app.clipboard == "Example Co"
        assert "Copied Part 2 of 9 - field 2 of 13, 10 characters" in told(app)
        _row(app, "What happened")
        await press(pilot, "c")
        assert app.clipboard == looked_up(app.workspace).subject.book.text("incident.summary")
        await press(pilot, "v")
        assert "within the hour" in seen(app)


async def test_without_an_answer_there_is_nothing_to_copy(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "k")
        _row(app, "Telephone")
        await settle(pilot)
        assert "NOT KNOWN YET - record contact.phone" in seen(app)
        await press(pilot, "c")
        assert "has no answer to copy yet" in told(app)
        assert app.clipboard == ""


async def test_enter_records_what_a_field_waits_for_and_the_field_fills_in(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "k")
        _row(app, "Telephone")
        await press(pilot, "enter")
        assert isinstance(app.screen, EditScreen)
        await write(pilot, "+34 555 0100")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, WorksheetScreen)
        assert "Part 2 of 9 - field 11 of 13: Telephone +34 555 0100" in seen(app)
        await press(pilot, "c")
        assert app.clipboard == "+34 555 0100"


async def test_a_field_that_waits_for_several_facts_asks_which(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "k")
        _row(app, "Data protection officer or other contact")
        await press(pilot, "enter")
        assert isinstance(app.screen, FindFactScreen)
        assert list(app.screen.asks) == ["organisation.contacts.dpo.name", "organisation.contacts.dpo.phone"]
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, EditScreen)
        assert app.screen.fact == "organisation.contacts.dpo.phone"


async def test_a_field_for_a_person_says_so(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "k")
        _row(app, "Your own reference")
        await press(pilot, "enter")
        assert "No fact answers this field" in told(app)


async def test_only_open_fields_can_be_listed(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await notice(pilot)
        await press(pilot, "k", "o")
        assert isinstance(app.screen, WorksheetScreen)
        assert app.screen.filled is not None
        open_ones = sum(one.open for one in app.screen.filled.answers)
        assert app.screen.query_one(FieldRows).row_count == open_ones
        assert "organisation.registration" in seen(app)
        await press(pilot, "i")
        assert "Nobody approved these answers" in seen(app)
        await press(pilot, "escape", "o")
        assert app.screen.query_one(FieldRows).row_count == len(app.screen.filled.answers)


async def test_a_notice_that_goes_to_no_portal_says_so(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot, "us.fl.individuals")
        await press(pilot, "k")
        assert "not to a portal" in seen(app)
        assert "breachkit notice" not in seen(app)


# -- what changed ------------------------------------------------------------------------------------------------------


async def test_before_anything_was_filed_there_is_nothing_to_compare(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "d")
        assert isinstance(app.screen, PreviewScreen)
        assert "Nothing was filed for it yet" in told(app)


async def test_what_changed_since_the_filing_stands_word_by_word(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    with space.journal() as journal:
        file_duty(space, journal, "INC-1", REPORT, reference="2026-118823")
        record_facts(space, journal, "INC-1", {"people.total": "4300"}, reason="the export says so")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "d")
        assert isinstance(app.screen, DifferenceScreen)
        assert "reference 2026-118823" in seen(app)
        assert "[-about 4,100-]{+4,300+}" in seen(app)
        assert "Reported under" not in seen(app)
        await press(pilot, "x")
        assert "Reported under" in seen(app)
        await press(pilot, "x", "f")
        assert "there is no other filing" in told(app)
        with space.journal() as journal:
            file_duty(space, journal, "INC-1", REPORT, reference="2026-118824", kind="update")
        app.screen.journal_changed()
        await settle(pilot)
        assert "No word is different" in seen(app)
        await press(pilot, "f")
        assert "reference 2026-118823" in seen(app)
        assert "{+4,300+}" in seen(app)


def test_the_marked_words_are_in_the_text_itself_and_the_whole_letter_is_kept() -> None:
    pieces = difference("One.\n\nSent to 4100 people.\n\nLast.\n", "One.\n\nSent to 5000 people.\n\nLast.\n")
    assert words_of(pieces, everything=True).plain == "One.\n\nSent to [-4100-]{+5000+} people.\n\nLast.\n"
    assert words_of(pieces, everything=False).plain == "Sent to [-4100-]{+5000+} people."


async def test_typing_a_key_to_record_still_offers_every_fact(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f", "n")
        assert isinstance(app.screen, FindFactScreen)
        assert len(app.screen.asks) > 100
        app.screen.query_one(Input).value = "records.total"
        await press(pilot, "enter")
        assert isinstance(app.screen, EditScreen)
