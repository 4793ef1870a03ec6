"""`breachkit exercise run` and `join`: what scripted runs print, and the locks as they hold from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.workflow.exercise.folder import drills, drills_folder, find
from tests.cli.conftest import Run
from tests.exercises.world import PERFECT, SCENARIO, script


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def decisions(tmp_path: Path, *, loses: list[str] | None = None, leave: int = 0) -> Path:
    path = tmp_path / "decisions.yaml"
    text = script(PERFECT[: len(PERFECT) - leave])
    path.write_text(text if loses is None else text[:-1] + f', "loses": {str(loses).replace(chr(39), chr(34))}}}')
    return path


def test_a_scripted_run_prints_a_score_with_its_parts_as_json(run: Run, small: Path, tmp_path: Path) -> None:
    found = run("exercise", "run", small, "--script", decisions(tmp_path), "--json").json
    assert found["format"] == "breachkit/exercise@1"
    assert (found["score"]["percent"], found["lost"], found["expected"]) == (100.0, [], None)
    assert [part["id"] for part in found["score"]["parts"]][:3] == ["declare", "duties", "deadlines"]
    assert sum(part["points"] for part in found["score"]["parts"]) == found["score"]["points"]
    assert {one["duty"] for one in found["owed"]} == {one["duty"] for one in found["filed"]}
    assert found["virtual"]["starts"] == "2026-11-20T21:00:00+00:00"


def test_the_same_run_gives_the_same_bytes(run: Run, small: Path, tmp_path: Path) -> None:
    once, again = (run("exercise", "run", small, "--script", decisions(tmp_path), "--json").out for _ in range(2))
    assert once == again


def test_in_words_it_lists_what_lost_points_and_why(run: Run, small: Path, tmp_path: Path) -> None:
    text = run("exercise", "run", small, "--script", decisions(tmp_path, leave=1)).out
    assert "0 of 5  action:report: Report to the authority" in text
    assert "It was not done by the end" in text
    assert "Nothing was lost." in run("exercise", "run", small, "--script", decisions(tmp_path)).out


def test_a_plan_is_rehearsed_in_ci_by_percent_or_by_the_lines_it_expects_to_lose(run: Run, small: Path, tmp_path: Path) -> None:
    lost = ["action:report", "deadline:eu.gdpr.33@es-aepd", "notice:eu.gdpr.33@es-aepd"]
    run("exercise", "run", small, "--script", decisions(tmp_path, leave=1), "--fail-under", "95", code=1)
    run("exercise", "run", small, "--script", decisions(tmp_path, leave=1), "--fail-under", "20")
    run("exercise", "run", small, "--script", decisions(tmp_path, leave=1, loses=lost), "--fail-on", "unexpected")
    said = run("exercise", "run", small, "--script", decisions(tmp_path, loses=lost), "--fail-on", "unexpected", code=1).out
    assert "unexpected: action:report lost nothing, and the script says it would" in said
    run("exercise", "run", small, "--script", decisions(tmp_path), "--fail-on", "tuesday", code=2)


def test_a_shipped_scenario_is_played_by_a_shipped_team(run: Run) -> None:
    assert run("exercise", "run", "--script", "perfect", "--json").json["score"]["percent"] == 100
    assert "did you mean 'careless'" in run("exercise", "run", "mail-merge", "--script", "carelss", code=2).err


def test_a_scripted_run_is_kept_only_where_it_is_told_to(run: Run, small: Path, tmp_path: Path) -> None:
    run("exercise", "run", small, "--script", decisions(tmp_path))
    assert not drills_folder().exists()
    run("exercise", "run", small, "--script", decisions(tmp_path), "--database", tmp_path / "kept.db")
    assert "EXERCISE" in run("exercise", "debrief", tmp_path / "kept.db", "--format", "md").out
    assert "a database of its own" in (
        run("exercise", "run", small, "--script", decisions(tmp_path), "--database", tmp_path / "kept.db", code=4).err
    )


def test_the_real_journal_is_never_an_exercise(run: Run, small: Path, tmp_path: Path) -> None:
    run("incident", "open", "In earnest", "--aware", "2026-11-20T22:15+01:00")
    real = tmp_path / "run" / "breachkit.db"
    before = real.read_bytes()
    run("exercise", "run", small, "--script", decisions(tmp_path), "--database", real, code=4)
    run("exercise", "debrief", real, code=2)
    assert real.read_bytes() == before
    assert run("incident", "list").out.count("In earnest") == 1


def test_commands_in_an_exercise_speak_its_time_and_mark_what_they_make(
    run: Run, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.db"
    run("exercise", "run", small, "--script", decisions(tmp_path), "--database", kept)
    monkeypatch.setenv("BREACHKIT_DATABASE", str(kept))
    found = run("duties", "INC-1", "--json").json
    assert found["now"].startswith("2026-11-24T05:00:00")
    assert (found["incident"]["invented"], found["incident"]["exercise"]) == (True, "small")
    assert run("incident", "open", "Another one", "--json").json["incident"] == "INC-2"
    assert run("incident", "list").out.count("[EXERCISE]") == 2
    assert "EXERCISE - EXERCISE - EXERCISE" in run("notice", "render", "eu.gdpr.33", "INC-1").out
    assert "EXERCISE" in run("journal", "verify").out
    assert "inject 'call' sent" in run("journal", "show", "EXERCISE").out
    assert run("journal", "export", "EXERCISE").out.count("\n") > 5
    run("fact", "set", "INC-1", "incident.invented=no", code=4)


def test_without_a_terminal_nothing_is_started(run: Run, small: Path) -> None:
    assert "needs a terminal" in run("exercise", "run", small, code=2).err
    assert "needs a terminal" in run("exercise", "join", code=2).err
    assert not drills_folder().exists()
    assert "--script" in run("exercise", "run", small, "--json", code=2).err


def test_exercises_are_found_by_scenario_and_the_latest_first(run: Run, small: Path, tmp_path: Path) -> None:
    folder = drills_folder()
    for name in ("2026-11-20-small.db", "2026-11-21-small.db"):
        run("exercise", "run", small, "--script", decisions(tmp_path), "--database", folder / name)
    (folder / "notes.db").write_text("not a database")
    assert [one.scenario for one in drills()] == ["small", "small"]
    assert all(one.ended for one in drills())
    assert find("small").parent == folder
    with pytest.raises(Exception, match="no unfinished exercise"):
        find(None, unfinished=True)
