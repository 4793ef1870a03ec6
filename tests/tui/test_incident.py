"""The incident screen: its countdown, its duties, and questions answered in place."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Digits, Input

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.people import PeopleScreen
from breachkit.tui.widgets.answers import Paragraph
from breachkit.tui.widgets.countdown import Countdown
from breachkit.tui.widgets.duties import Duties
from breachkit.workflow.demo import open_sample
from breachkit.workflow.recording import open_incident, record_facts
from breachkit.workflow.workspace import Workspace
from tests.tui.house import NIGHT, looked_up, press, seen, settle, with_sample, workspace, write


def _statuses(space: Workspace) -> dict[str, str]:
    return {finding.id: finding.status for finding in looked_up(space).assessment.findings}


def _screen(app: BreachkitApp) -> IncidentScreen:
    assert isinstance(app.screen, IncidentScreen)
    return app.screen


async def _go_to(pilot: Pilot[Any], app: BreachkitApp, fact: str) -> None:
    """Step through the questions to the one for this fact."""
    for _ in range(60):
        current = _screen(app).panel.current
        if current is not None and current.key == fact:
            return
        await press(pilot, "]")
    raise AssertionError(f"{fact} is not asked")


async def test_an_invented_incident_says_so(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "*** INVENTED INCIDENT - nothing of this happened" in seen(app)


async def test_the_countdown_ticks_alone_and_says_when_it_is_overdue(tmp_path: Path) -> None:
    moment = [NIGHT]
    space = with_sample(tmp_path, clock=lambda: moment[0])
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        held = _screen(app).held
        moment[0] = NIGHT + timedelta(seconds=1)
        app.screen.query_one(Countdown).tick()
        assert app.screen.query_one(Digits).value == "2d 17:39:59"
        assert _screen(app).held is held
        moment[0] = datetime.fromisoformat("2026-11-24T00:00:00+00:00")
        app.screen.query_one(Countdown).tick()
        await pilot.pause()
        assert "OVERDUE" in seen(app)


async def test_answering_in_place_changes_the_duties_and_goes_on_to_the_next_question(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    with space.journal() as journal:
        open_incident(space, journal, title="Folder left open", facts={"aware_at": "2026-11-20T22:15[Europe/Brussels]"})
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = _statuses(space)
        await _go_to(pilot, app, "role")
        await press(pilot, "a", "down", "down", "space", "enter")
        assert looked_up(space).subject.book.strings("role") == ("processor",)
        assert _statuses(space) != before
        assert _screen(app).held is not None
        assert {f.id: f.status for f in _screen(app).held.assessment.findings} == _statuses(space)
        assert _screen(app).panel.current is not None
        assert _screen(app).panel.current.key != "role"
        assert _screen(app).panel.form is not None


async def test_not_known_is_recorded_and_asked_last(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await _go_to(pilot, app, "breach.malicious")
        await press(pilot, "u")
        book = looked_up(space).subject.book
        assert book.asked("breach.malicious")
        assert _screen(app).panel.questions[-1].answered_unknown


async def test_a_wrong_answer_is_explained_and_kept(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await _go_to(pilot, app, "determined_at")
        await press(pilot, "a")
        await write(pilot, "yesterday")
        await press(pilot, "enter")
        assert "'yesterday' is not a time" in seen(app)
        assert app.screen.query_one(Input).value == "yesterday"
        assert "determined_at" not in looked_up(space).subject.book.facts


async def test_what_is_not_owed_is_listed_when_asked_for(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        table = app.screen.query_one(Duties).table
        few = table.row_count
        await press(pilot, "x")
        assert table.row_count > few
        await press(pilot, "x")
        assert table.row_count == few


async def test_a_conflict_says_so_and_keeps_what_was_typed(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    other = workspace(tmp_path, actor="bob")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        await _go_to(pilot, app, "determined_at")
        await press(pilot, "a")
        await write(pilot, "2026-11-21")
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"breach.malicious": "yes"})
        await press(pilot, "enter")
        assert "NOT RECORDED" in seen(app)
        assert "bob recorded 1 entry" in seen(app)
        assert app.screen.query_one(Input).value == "2026-11-21"
        assert "determined_at" not in looked_up(space).subject.book.facts
        await press(pilot, "enter")
        assert looked_up(space).subject.book.instant("determined_at") is not None


async def test_what_another_terminal_records_appears(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    other = workspace(tmp_path, actor="bob")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        app.look_for_news()
        await settle(pilot)
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"incident.title": "Renamed by Bob"}, reason="clearer")
        app.look_for_news()
        await settle(pilot)
        assert "Renamed by Bob" in seen(app)
        assert "bob recorded 1 entry" in seen(app)


async def test_markup_and_escape_codes_in_facts_are_shown_as_text(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    hostile = "[bold red]Alarm[/] \x1b[2J\u202egnp.exe [link=https://x.invalid]here"
    with space.journal() as journal:
        open_incident(space, journal, title=hostile, facts={"incident.summary": hostile})
    app = BreachkitApp(space)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for keys in ((), ("enter",), ("f",), ("escape", "t")):
            await press(pilot, *keys)
            assert "[bold red]Alarm[/] \ufffd[2J\ufffdgnp.exe" in seen(app)
            assert "\x1b" not in seen(app)
            assert "\u202e" not in seen(app)


async def test_a_note_lands_in_the_timeline(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        assert app.screen.query_one(Paragraph).has_focus
        await write(pilot, "Called the host.")
        await press(pilot, "enter")
        assert looked_up(space).subject.entries[-1].body["text"] == "Called the host."


async def test_the_laws_of_places_nobody_spoke_of_stand_in_one_quiet_line_until_somebody_says_where_people_live(
    tmp_path: Path,
) -> None:
    space = workspace(tmp_path)
    with space.journal() as journal:
        open_sample(space, journal, "innexum")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        found = looked_up(space).assessment
        assert len(found.elsewhere) > 100
        assert f"Say where people live (p): {len(found.elsewhere)} duties of" in seen(app)
        assert app.screen.query_one(Duties).table.row_count == sum(
            one.status not in ("not_owed", "not_in_force") and not one.aside for one in found.findings
        )
        await press(pilot, "x")
        assert "Say where people live (p)" not in seen(app)
        await press(pilot, "x", "p")
        assert isinstance(app.screen, PeopleScreen)
        await press(pilot, "escape")
        with space.journal() as journal:
            record_facts(space, journal, "INC-1", {"people.elsewhere": "0"})
        _screen(app).load()
        await settle(pilot)
        left = looked_up(space).assessment.elsewhere
        assert 0 < len(left) < 10  # laws that reach whoever has a home there, and the profile names none
        assert f"{len(left)} duties of" in seen(app)
        assert "Say where the organisation is established (f)" in seen(app)
        assert f"{len(found.elsewhere)} duties of" not in seen(app)


async def test_a_question_for_the_parts_of_a_country_opens_the_screen_for_people(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    with space.journal() as journal:
        open_sample(space, journal, "innovat")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert _screen(app).panel.current is not None
        assert _screen(app).panel.current.key == "people.in.US-<part>"
        await press(pilot, "a")
        assert isinstance(app.screen, PeopleScreen)
