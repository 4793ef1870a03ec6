"""The steps of the playbooks: one line on the incident's screen, and a screen of their own where they are ticked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.help import HelpScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.prompt import PromptScreen
from breachkit.tui.screens.reading import ReadingScreen
from breachkit.tui.screens.steps import StepRows, StepsScreen
from breachkit.tui.widgets.steps_line import StepsLine, steps_words
from breachkit.workflow.playbooks import mark_step, steps_of
from breachkit.workflow.recording import open_incident, record_facts
from breachkit.workflow.workspace import Workspace
from tests.tui.house import NIGHT, looked_up, press, seen, settle, told, with_sample, workspace, write

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
both_sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)


def hit_by_ransomware(folder: Path, **more: Any) -> Workspace:
    space = workspace(folder, **more)
    with space.journal() as journal:
        open_incident(space, journal, title="Screens full of a note", facts={"breach.cause": "ransomware"})
    return space


def states(space: Workspace) -> dict[str, str]:
    return {one.id: one.state for one in steps_of(looked_up(space).subject)}


def rows(app: BreachkitApp) -> list[str]:
    table = app.screen.query_one(StepRows)
    return [key.value or "" for key in table.rows]


def highlighted(app: BreachkitApp) -> str | None:
    return app.screen.query_one(StepRows).chosen


def line_of(app: BreachkitApp) -> str:
    return " ".join(str(app.screen.query_one(StepsLine).render()).split())


# -- the line ----------------------------------------------------------------------


@both_sizes
async def test_the_incident_screen_says_how_many_steps_are_open_and_which_is_next(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        said = line_of(app)
        assert said.startswith("Steps: 16 open")
        assert "next: Save the setting" in said
        assert "(technical, 15 min" in said
        assert said.endswith("s: all")
        assert said in seen(app)


async def test_the_line_on_a_wide_screen_is_whole(tmp_path: Path) -> None:
    app = BreachkitApp(hit_by_ransomware(tmp_path), "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "next: Cut the affected machines off the network (technical, 15 min left)" in line_of(app)


def test_the_line_gives_way_in_the_title_and_never_in_what_is_left(tmp_path: Path) -> None:
    found = steps_of(looked_up(hit_by_ransomware(tmp_path)).subject)
    late = NIGHT + timedelta(hours=2, minutes=10)
    for width in (60, 78, 118, 200):
        text = steps_words(found, late, width)
        assert text.plain.endswith("(technical, 1 h 55 min late)   s: all")
        assert text.cell_len <= max(width, 76)
    assert "Cut the affected machines off the network" in steps_words(found, late, 200).plain


def test_the_line_says_when_nothing_is_open(tmp_path: Path) -> None:
    found = steps_of(looked_up(hit_by_ransomware(tmp_path)).subject)
    settled = tuple(one for one in found if one.state != "open")
    assert steps_words(settled, NIGHT, 78).plain.startswith("Steps: none open, ")


async def test_a_playbook_of_ones_own_that_is_wrong_is_said_and_the_screen_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours" / "playbooks").mkdir(parents=True)
    (tmp_path / "ours" / "playbooks" / "x.yaml").write_text("format: breachkit/playbook@1\n", encoding="utf-8")
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "ours"))
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "Steps: cannot be read" in seen(app)
        assert "Report to the supervisory authority" in seen(app)
        await press(pilot, "s")
        assert isinstance(app.screen, StepsScreen)
        assert "x.yaml" in seen(app)
        await press(pilot, "enter", "v", "x", "escape")
        assert isinstance(app.screen, IncidentScreen)


# -- the screen --------------------------------------------------------------------


@both_sizes
async def test_all_steps_are_listed_under_their_states_with_role_due_and_time_left(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        assert isinstance(app.screen, StepsScreen)
        assert rows(app) == [one.id for one in steps_of(looked_up(space).subject) if one.state != "not_needed"]
        said = seen(app)
        assert "OPEN Save the setting that left it" in said
        assert "21 Nov 04:25" in said
        assert "15 min" in said
        assert "take a picture with the time on it" in said
        await press(pilot, "ctrl+end")
        assert "done" in seen(app)
        assert "the facts show it" in seen(app)
        for number, state in enumerate(states(space).values()):
            if state == "waiting":
                app.screen.query_one(StepRows).move_cursor(row=number)
                break
        await settle(pilot)
        assert "waits for exposed-storage." in seen(app)


async def test_what_is_not_needed_is_listed_when_asked_for(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        assert states(space)["exposed-storage.owners"] == "not_needed"
        assert "exposed-storage.owners" not in rows(app)
        await press(pilot, "x")
        assert "exposed-storage.owners" in rows(app)
        await press(pilot, "x")
        assert "exposed-storage.owners" not in rows(app)


@pytest.mark.parametrize("tick", ["enter", "space"])
async def test_a_step_is_ticked_with_a_note_and_the_next_one_is_highlighted(tmp_path: Path, tick: str) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        before = rows(app)
        assert highlighted(app) == before[0] == "exposed-storage.record-setting"
        await press(pilot, tick)
        assert isinstance(app.screen, PromptScreen)
        await write(pilot, "policy exported")
        await press(pilot, "enter")
        assert isinstance(app.screen, StepsScreen)
        assert highlighted(app) == before[1]
        assert "exposed-storage.record-setting" not in rows(app)[:10]
        [entry] = [one for one in looked_up(space).subject.entries if one.kind == "step.marked"]
        assert entry.body == {"step": "exposed-storage.record-setting", "done": True, "note": "policy exported"}
        assert entry.actor == "anna"
        assert states(space)["exposed-storage.block"] == "open"
        await press(pilot, "escape")
        assert "next: Fill the roles" in line_of(app)


async def test_a_tick_needs_no_note_and_escape_writes_nothing(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "s", "enter", "escape")
        assert isinstance(app.screen, StepsScreen)
        assert states(space)["exposed-storage.record-setting"] == "open"
        await press(pilot, "enter", "enter")
        assert looked_up(space).subject.entries[-1].body == {"step": "exposed-storage.record-setting", "done": True}


async def test_a_tick_is_taken_back_on_the_same_key(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    with space.journal() as journal:
        mark_step(space, journal, "INC-1", "exposed-storage.record-setting", note="policy exported")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        table = app.screen.query_one(StepRows)
        table.move_cursor(row=rows(app).index("exposed-storage.record-setting"))
        await settle(pilot)
        assert "ticked by anna on Sat 21 Nov 2026 03:10 UTC: policy exported" in seen(app)
        await press(pilot, "enter")
        assert "Not done after all" in seen(app)
        await write(pilot, "it was another store")
        await press(pilot, "enter")
        assert states(space)["exposed-storage.record-setting"] == "open"
        assert looked_up(space).subject.entries[-1].body["done"] is False


async def test_what_the_facts_show_done_cannot_be_unticked_and_says_why(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        assert states(space)["general.contain"] == "done"
        app.screen.query_one(StepRows).move_cursor(row=rows(app).index("general.contain"))
        await press(pilot, "enter")
        assert isinstance(app.screen, StepsScreen)
        assert "contained_at is recorded: yes. Correct the fact" in told(app)
        assert all(one.kind != "step.marked" for one in looked_up(space).subject.entries)


async def test_a_tick_is_not_written_over_what_somebody_else_recorded_meanwhile(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    other = workspace(tmp_path, actor="bob")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "s", "enter")
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"breach.malicious": "yes"})
        await press(pilot, "enter")
        assert "NOT RECORDED" in told(app)
        assert states(space)["exposed-storage.record-setting"] == "open"
        assert states(space)["general.hold"] == "open"
        await press(pilot, "enter", "enter")
        assert states(space)["exposed-storage.record-setting"] == "done"


async def test_a_late_step_says_so_in_words(tmp_path: Path) -> None:
    clock = [NIGHT]
    space = hit_by_ransomware(tmp_path, clock=lambda: clock[0])
    clock[0] = datetime(2026, 11, 21, 5, 25, tzinfo=UTC)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "2 h late" in line_of(app)
        await press(pilot, "s")
        assert "LATE 2 h 00" in seen(app)


@both_sizes
async def test_a_step_is_shown_in_full_with_the_questions_behind_its_facts(tmp_path: Path, size: tuple[int, int]) -> None:
    app = BreachkitApp(hit_by_ransomware(tmp_path), "INC-1")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        app.screen.query_one(StepRows).move_cursor(row=rows(app).index("ransomware.payment"))
        await settle(pilot)
        assert "may be needed: a ransom was paid: not known yet" in seen(app)
        await press(pilot, "v")
        assert isinstance(app.screen, ReadingScreen)
        for words in ("Legal counsel", "ransomware.payment", "Lacks: ransom_paid_at - When was a ransom", "ransom.paid"):
            assert words in seen(app)


async def test_what_another_terminal_ticks_is_shown(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    other = workspace(tmp_path, actor="bob")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "s")
        app.look_for_news()
        await settle(pilot)
        with other.journal() as journal:
            mark_step(other, journal, "INC-1", "exposed-storage.record-setting")
        app.look_for_news()
        await settle(pilot)
        assert "bob recorded 1 entry meanwhile" in told(app)
        assert rows(app)[0] != "exposed-storage.record-setting"


async def test_the_tick_stands_in_the_timeline(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    with space.journal() as journal:
        mark_step(space, journal, "INC-1", "general.team", note="Ana leads")
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "t")
        assert "step step general.team done: Ana leads" in seen(app)


@both_sizes
async def test_the_line_leaves_room_for_an_answer(tmp_path: Path, size: tuple[int, int]) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "a")
        assert "Not known" in seen(app)
        assert "Arrows or a first letter choose" in seen(app)
        assert "Report to the supervisory" in seen(app)


async def test_help_names_the_keys(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "s", "f1")
        assert isinstance(app.screen, HelpScreen)
        assert "Tick the highlighted step as done" in seen(app)
        assert "HELP: Steps" in seen(app)
        await press(pilot, "escape", "escape", "f1")
        assert "The steps of the response playbooks" in seen(app)
