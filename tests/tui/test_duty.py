"""One duty: its screen, a decision, a filing, its notice; and what the timeline and the facts say afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.duty import DutyScreen
from breachkit.tui.screens.facts import FactRows
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.preview import PreviewScreen
from breachkit.tui.widgets.answers import Paragraph
from breachkit.tui.widgets.duties import Duties
from tests.tui.house import looked_up, press, seen, settle, with_sample, write

DUTY = "eu.gdpr.33@es-aepd"


async def test_deciding_and_filing_end_in_done(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, IncidentScreen)
        app.screen.open_duty(DUTY)
        await settle(pilot)
        assert isinstance(app.screen, DutyScreen)
        assert "Agencia Española" in seen(app)
        await press(pilot, "d", "enter")
        await write(pilot, "The risk is not unlikely.")
        await press(pilot, "enter")
        decision = looked_up(space).finding(DUTY).decision
        assert decision is not None
        assert (decision.choice, decision.ground) == ("notify", "The risk is not unlikely.")
        assert "The risk is not unlikely." in seen(app)
        await press(pilot, "f", "ctrl+s")
        assert "A clock stops only on proof" in seen(app)
        await write(pilot, "2026-118823")
        await press(pilot, "ctrl+s")
        assert looked_up(space).finding(DUTY).status == "done"
        assert "done" in seen(app)
        assert "reference 2026-118823" in seen(app)
        await press(pilot, "escape")
        listed = app.screen.query_one(Duties)
        assert listed.assessment is not None
        found = listed.assessment.find(DUTY)
        assert found is not None
        assert found.status == "done"


async def test_a_filing_in_the_future_is_refused_and_kept(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f")
        await write(pilot, "R-1")
        app.screen.query_one("#filed-at", Input).value = "2026-12-24T00:00Z"
        await press(pilot, "ctrl+s")
        assert "is in the future" in seen(app)
        assert app.screen.query_one("#reference", Input).value == "R-1"


async def test_the_notice_is_written_to_a_file_and_never_over_another_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, IncidentScreen)
        app.screen.open_duty(DUTY)
        await settle(pilot)
        await press(pilot, "p")
        assert isinstance(app.screen, PreviewScreen)
        assert f"DRAFT of {DUTY}" in seen(app)
        await press(pilot, "w")
        name = app.screen.query_one(Paragraph).text
        assert name.startswith("INVENTED-DRAFT-")
        await press(pilot, "enter")
        path = tmp_path / name
        assert "INVENTED" in path.read_text()
        path.write_text("mine")
        await press(pilot, "w", "enter")
        assert "is there already" in seen(app)
        await press(pilot, "n")
        assert path.read_text() == "mine"
        assert looked_up(space).subject.entries[-1].kind == "notice.rendered"


async def test_a_correction_needs_a_reason_and_the_timeline_shows_old_and_new(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        before = looked_up(space).finding(DUTY).due.target
        await press(pilot, "f")
        table = app.screen.query_one(FactRows)
        table.move_cursor(row=table.get_row_index("aware_at"))
        await press(pilot, "enter")
        app.screen.query(Input)[0].value = "2026-11-20T20:15:00+01:00[Europe/Brussels]"
        await press(pilot, "ctrl+s")
        assert "A correction needs its reason" in seen(app)
        await write(pilot, "the call log says so")
        await press(pilot, "ctrl+s")
        after = looked_up(space).finding(DUTY).due.target
        assert before is not None
        assert after is not None
        assert (before - after).total_seconds() == 2 * 3600
        await press(pilot, "escape", "t")
        assert "aware_at corrected: 2026-11-20T22:15:00+01:00[Europe/Brussels] -> 2026-11-20T20:15" in seen(app)
        assert "because the call log says so" in seen(app)
        await press(pilot, "enter")
        assert "fact.corrected" in seen(app)
        assert looked_up(space).subject.entries[-1].hash in seen(app)


async def test_any_fact_can_be_added_by_its_key(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f", "n")
        await write(pilot, "records.total")
        await press(pilot, "enter")
        await write(pilot, "9000")
        await press(pilot, "ctrl+s")
        assert str(looked_up(space).subject.book.count("records.total")) == "9000"
