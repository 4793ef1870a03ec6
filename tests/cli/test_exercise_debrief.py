"""`breachkit exercise debrief` and `improve`, as a team lead types them after the evening."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from breachkit.content.decisions import load_decisions, script_path
from breachkit.content.timezones import use_shipped_zones
from breachkit.workflow.exercise.drill import scenario_source
from breachkit.workflow.exercise.play import play

from .conftest import Run

SCENARIO = "mail-merge"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The databases of two scripted teams."""
    use_shipped_zones()
    folder = tmp_path_factory.mktemp("exercises")
    text, file = scenario_source(SCENARIO)
    found = {}
    for team in ("slow", "careless"):
        play(text, file, load_decisions(script_path(SCENARIO, team)), folder / f"{team}.db").close()
        found[team] = (folder / f"{team}.db").read_bytes()
    return found


@pytest.fixture
def keep(tmp_path: Path, played: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a team's exercise into the folder of exercises."""
    folder = tmp_path / "exercises"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("BREACHKIT_EXERCISES", str(folder))

    def kept(team: str) -> Path:
        path = folder / f"{team}.db"
        path.touch(mode=0o600)
        path.write_bytes(played[team])
        return path

    return kept


def test_the_latest_exercise_is_debriefed_where_none_is_named(run: Run, keep: Callable[[str], Path]) -> None:
    keep("slow")
    for words in ((), (SCENARIO,)):
        told = run("exercise", "debrief", *words, "--day", "2026-11-22").out
        assert told.startswith("**EXERCISE - EXERCISE - EXERCISE")
        assert "team slow" in told
        assert "## Improvement plan" in told


def test_without_any_exercise_it_says_how_to_start_one(run: Run, keep: Callable[[str], Path]) -> None:
    assert "`breachkit exercise run` starts one" in run("exercise", "debrief", code=2).err
    assert "`breachkit exercise run` starts one" in run("exercise", "debrief", "open-folder", code=2).err


def test_a_file_is_written_once_and_named_for_an_exercise(run: Run, keep: Callable[[str], Path], tmp_path: Path) -> None:
    path = keep("slow")
    out = tmp_path / "out"
    out.mkdir()
    for format, start in (("md", b"**EXERCISE"), ("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF"), ("json", b"{")):
        run("exercise", "debrief", path, "--format", format, "--out", out)
        assert (out / f"EXERCISE-debrief-{SCENARIO}.{format}").read_bytes().startswith(start)
    assert "--force" in run("exercise", "debrief", path, "--out", out, code=4).err
    run("exercise", "debrief", path, "--out", out, "--force")


def test_json_is_the_contract_by_either_option(run: Run, keep: Callable[[str], Path]) -> None:
    path = keep("careless")
    first = run("exercise", "debrief", path, "--json", "--day", "2026-11-22").json
    assert first == run("exercise", "debrief", path, "--format", "json", "--day", "2026-11-22").json
    assert first["format"] == "breachkit/debrief@1"
    assert first["over"] is True
    assert {one["starts"] for one in first["plan"]} == {"2026-11-22"}


def test_runs_are_compared_when_named_and_left_alone_when_asked(run: Run, keep: Callable[[str], Path]) -> None:
    slow, careless = keep("slow"), keep("careless")
    told = run("exercise", "debrief", slow, "--against", careless).out
    assert "## Beside earlier runs" in told
    assert "## Beside earlier runs" not in run("exercise", "debrief", slow, "--alone").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--alone", "--against", "mail-merge"), "leave one of them out"),
        (("--json", "--format", "pdf"), "leave --format pdf out"),
        (("--format", "docx"), "unknown format 'docx'"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, keep: Callable[[str], Path], words: tuple[str, ...], said: str) -> None:
    keep("slow")
    assert said in run("exercise", "debrief", *words, code=2).err


def test_a_day_that_is_none_is_refused(run: Run, keep: Callable[[str], Path]) -> None:
    keep("slow")
    assert "write 2026-11-21" in run("exercise", "debrief", "--day", "tomorrow", code=3).err


def test_a_database_that_is_no_exercise_is_refused(run: Run, tmp_path: Path) -> None:
    run("incident", "open", "Lost key", "--org", "example-co", "--database", tmp_path / "real.db")
    assert "is not an exercise" in run("exercise", "debrief", tmp_path / "real.db", code=2).err


def test_an_item_of_the_plan_gets_an_owner_and_a_day(run: Run, keep: Callable[[str], Path]) -> None:
    path = keep("slow")
    told = run("exercise", "improve", path, "action:declare", "--owner", "Ana Example", "--due", "2026-12-20").out
    assert "Ana Example" in told
    assert "2026-12-20" in told
    assert "(proposed)" not in told
    data = run("exercise", "improve", SCENARIO, "action:declare", "--status", "done", "--json").json
    assert (data["item"]["owner"], data["item"]["status"]) == ("Ana Example", "done")
    assert data["entries"][0]["kind"] == "exercise.improvement"
    item = next(one for one in run("exercise", "debrief", path, "--json").json["plan"] if one["id"] == "action:declare")
    assert (item["owner"], item["due"], item["proposed"], item["status"]) == ("Ana Example", "2026-12-20", False, "done")


def test_an_item_nobody_planned_is_refused_with_the_nearest(run: Run, keep: Callable[[str], Path]) -> None:
    keep("slow")
    assert "action:declare" in run("exercise", "improve", SCENARIO, "action:declair", "--status", "done", code=2).err
    assert "say what is new" in run("exercise", "improve", SCENARIO, "action:declare", code=2).err
