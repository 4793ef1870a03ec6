"""Exercises as a newcomer, a planner with a spreadsheet and an engineer with a plan in CI meet them: commands alone."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.exercises.world import PERFECT, SCENARIO, script

ROOT = Path(__file__).parents[2]


def doc(name: str, mark: str) -> str:
    """The example of that name in a page of the documentation."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found = re.search(rf"<!-- {mark} -->\s*```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """The scenario that docs/scenarios.md shows, under a name of the planner's own."""
    path = tmp_path / "our-first.yaml"
    path.write_text(doc("scenarios.md", "example"), encoding="utf-8")
    return path


@pytest.fixture
def box_plan(tmp_path: Path) -> Path:
    """The script that docs/scenarios.md shows."""
    path = tmp_path / "plan.yaml"
    path.write_text(doc("scenarios.md", "script"), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[..., Path]:
    """Writes a plan of these acts for the small scenario."""

    def written(*acts: dict[str, Any], name: str = "plan.yaml") -> Path:
        path = tmp_path / name
        path.write_text(script(acts or PERFECT), encoding="utf-8")
        return path

    return written


# -- somebody who writes a scenario from the documentation ------------------------------------------------------------------


def test_the_scenario_and_the_script_of_the_documentation_play_as_they_stand(run: Run, box: Path, box_plan: Path) -> None:
    assert run("exercise", "check", box).out == "ok: 1 scenario, 5 injects, 0 scripts\n"
    found = run("exercise", "run", box, "--script", box_plan, "--json").json
    assert found["scenario"]["id"] == "lost-box"
    assert [one["duty"] for one in found["filed"]] == ["eu.gdpr.33@es-aepd"]
    assert 0 < found["score"]["points"] < found["score"]["of"]


def test_a_team_is_found_by_the_scenarios_id_whatever_its_file_is_called(
    run: Run, box: Path, box_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / "own" / "tabletop" / "scripts"
    scripts.mkdir(parents=True)
    (scripts / "lost-box.slow.yaml").write_bytes(box_plan.read_bytes())
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    assert run("exercise", "check", box).out.endswith("1 script\n")
    assert run("exercise", "run", box, "--script", "slow").out.startswith("The box that was not on the van - slow")


def test_a_missing_file_is_said_in_words(run: Run, tmp_path: Path) -> None:
    said = run("exercise", "run", tmp_path / "none.yaml", "--script", "perfect", code=3).err
    assert said.endswith("none.yaml: cannot be read: No such file or directory\n")


def test_a_table_comes_back_as_it_was_and_what_was_edited_is_sent(run: Run, small: Path, tmp_path: Path) -> None:
    table, back, again = tmp_path / "e.csv", tmp_path / "back.yaml", tmp_path / "again.csv"
    run("exercise", "export", small, "--out", table)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))
    hard = '=HYPERLINK("http://x")\n\n# not a comment: {a} *b &c\n\u05e9\u05dc\u05d5\u05dd \U0001f389 | -- "quoted"'
    rows[0]["text"], rows[0]["sender"] = hard, "'=a sender: {x} #y"
    with table.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, rows[0], delimiter=";")
        made.writeheader()
        made.writerows(rows)
    run("exercise", "import", small, table, "--out", back)
    run("exercise", "check", back)
    run("exercise", "export", back, "--out", again)
    first = next(csv.DictReader(io.StringIO(again.read_text(encoding="utf-8-sig"), newline="")))
    assert first["text"].removeprefix("'") == hard
    assert first["sender"] == "'=a sender: {x} #y"


def test_faults_of_a_table_are_told_in_the_order_of_its_rows(run: Run, small: Path, tmp_path: Path) -> None:
    table = tmp_path / "e.csv"
    run("exercise", "export", small, "--out", table)
    text = table.read_text(encoding="utf-8-sig").replace("The platform engineer,,", "The platform engineer,boss,")
    table.write_text(text.replace(",A user,lead,", ",A user,chief,"), encoding="utf-8")
    said = run("exercise", "import", small, table, "--out", tmp_path / "o.yaml", code=3).err
    assert [int(row) for row in re.findall(r"row (\d+),", said)] == [2, 3]
    assert not (tmp_path / "o.yaml").exists()


def test_hostile_words_in_a_scenario_harm_neither_a_terminal_nor_a_page(
    run: Run, tmp_path: Path, plan_of: Callable[..., Path]
) -> None:
    evil = r"</p><script>x()</script> ![i](http://e.example/x.png) | \e]0;t\a \e[31m \x9b31m \u202e {{ 7*7 }}".replace(
        r"\|", "|"
    )
    text = SCENARIO
    for words in ("A small exercise", "A journalist", "Nothing, why", "Open the incident, act", "opens the incident"):
        _, comma, tail = words.partition(",")
        assert words in text
        text = text.replace(words, f'"{evil}"{comma}{tail}', 1)
    scenario, drill = tmp_path / "small.yaml", tmp_path / "d.db"
    scenario.write_text(text, encoding="utf-8")
    acts = [{**act, "is": "nothing"} if "answer" in act else act for act in PERFECT if "step" not in act]
    acts = [{**act, "ground": "\x1b[31m <b>ground</b> of four words"} if "decide" in act else act for act in acts]
    said = [
        run("exercise", "show", scenario).out,
        run("exercise", "show", scenario, "--facilitator").out,
        run("exercise", "run", scenario, "--script", plan_of(*acts), "--database", drill).out,
        run("exercise", "debrief", drill, "--alone").out,
        run("exercise", "debrief", drill, "--alone", "--format", "html").out,
        run("journal", "show", "EXERCISE", "--database", drill).out,
        run("journal", "show", "INC-1", "--database", drill).out,
    ]
    for one in said:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", one)
    assert "<script" not in said[4]
    assert "<img" not in said[4]
    assert "e.example" in said[4], "it is told, as words"


def test_what_players_may_read_names_no_inject_action_question_or_truth(run: Run, small: Path) -> None:
    seen = run("exercise", "show", small).out
    told = run("exercise", "show", small, "--facilitator").out
    for secret in ("Your folder stands open", "Write down the cause", "What does the journalist hear", "2600", "the insurer"):
        assert secret not in seen
        assert secret in told


# -- an engineer with a plan in CI ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["nan", "inf", "101", "-1"])
def test_a_limit_that_could_never_fail_or_never_pass_is_refused(run: Run, small: Path, number: str) -> None:
    said = run("exercise", "run", small, "--script", "perfect", f"--fail-under={number}", code=2).err
    assert "--fail-under takes a percentage" in said


@pytest.mark.parametrize("number", ["0", "nan", "inf", "-3", "10001"])
def test_a_speed_that_is_none_is_refused_before_anything_is_made(run: Run, small: Path, tmp_path: Path, number: str) -> None:
    said = run("exercise", "run", small, f"--speed={number}", "--database", tmp_path / "n.db", code=2).err
    assert "--speed takes a number above 0" in said
    assert not (tmp_path / "n.db").exists()


def test_a_script_has_no_speed(run: Run, small: Path, plan_of: Callable[..., Path]) -> None:
    assert "leave --speed out" in run("exercise", "run", small, "--script", plan_of(), "--speed", "2", code=2).err


def test_exit_codes_tell_a_poor_score_from_a_bad_file_and_from_a_wrong_call(
    run: Run, small: Path, plan_of: Callable[..., Path], tmp_path: Path
) -> None:
    poor, whole = plan_of(*PERFECT[:2]), plan_of(name="whole.yaml")
    run("exercise", "run", small, "--script", whole, "--fail-under", "100")
    run("exercise", "run", small, "--script", poor, "--fail-under", "90", code=1)
    run("exercise", "run", small, "--script", poor, "--fail-on", "unexpected", code=1)
    run("exercise", "run", small, "--script", poor, "--fail-on", "whatever", code=2)
    run("exercise", "run", "mail-merge", "--script", poor, code=2)
    bad = tmp_path / "bad.yaml"
    bad.write_text(poor.read_text(encoding="utf-8").replace("breach.cause", "breach.cuase"), encoding="utf-8")
    assert "did you mean 'breach.cause'" in run("exercise", "run", small, "--script", bad, code=3).err
    kept = tmp_path / "kept.db"
    run("exercise", "run", small, "--script", poor, "--database", kept)
    run("exercise", "run", small, "--script", poor, "--database", kept, code=4)


def test_whatever_a_script_does_in_the_wrong_order_is_kept_with_its_reason_and_its_time(
    run: Run, small: Path, plan_of: Callable[..., Path]
) -> None:
    wrong = plan_of(
        {"at": "PT1M", "by": "lead", "file": "eu.gdpr.33", "reference": "A-1"},
        {"at": "PT1M", "by": "lead", "answer": "press", "is": "truth"},
        {"at": "PT2M", "by": "stranger", "step": "general.nosuch"},
        {"at": "PT10M", "by": "lead", "open": "One"},
        {"at": "PT10M", "by": "lead", "open": "Another"},
        {"at": "PT3H", "by": "lead", "file": "eu.gdpr.99", "reference": "A-1"},
        {"at": "PT6H", "by": "lead", "record": {"incident.invented": "no"}},
        {"at": "PT80H", "by": "lead", "note": "at the end"},
        {"at": "PT90H", "by": "lead", "file": "eu.gdpr.33@es-aepd", "reference": "late"},
    )
    found = run("exercise", "run", small, "--script", wrong, "--json").json
    assert [one["tried"].split()[0] for one in found["refused"]] == ["file", "answer", "step", "file", "record", "note", "file"]
    assert found["refused"][-1]["at"] == found["virtual"]["ended"]
    assert found["refused"][-1]["why"] == "the exercise was over by then"
    assert found["filed"] == []


def installed(*words: object, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """`breachkit` in a process of its own."""
    command = [sys.executable, "-m", "breachkit", *map(str, words)]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, check=True, timeout=60)


def test_a_scripted_run_gives_the_same_bytes_whatever_the_machine_is_set_to(
    small: Path, plan_of: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    words = ("exercise", "run", small, "--script", plan_of(), "--json")
    first, *others = (
        installed(*words, **settings).stdout
        for settings in (
            {"PYTHONHASHSEED": "1", "TZ": "UTC"},
            {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "BREACHKIT_ACTOR": "zoe"},
            {"PYTHONHASHSEED": "5", "TZ": "America/St_Johns", "BREACHKIT_HOME": str(tmp_path / "home"), "COLUMNS": "40"},
        )
    )
    assert all(one == first for one in others)
    assert str(tmp_path).encode() not in first


def test_the_numbers_of_a_debrief_add_up_and_it_names_no_path_of_the_machine(run: Run, tmp_path: Path) -> None:
    drill = tmp_path / "d.db"
    run("exercise", "run", "mail-merge", "--script", "slow", "--database", drill)
    text = run("exercise", "debrief", drill, "--alone", "--json").out
    found = json.loads(text)
    lines = [line for part in found["parts"] for line in part["lines"]]
    for key in ("points", "of"):
        assert found[key] == sum(part[key] for part in found["parts"]) == sum(line[key] for line in lines)
    assert found["percent"] == pytest.approx(100 * found["points"] / found["of"], abs=0.06)
    lost = {line["id"] for line in lines if line["points"] < line["of"]}
    planned = [id for item in found["plan"] for id in item["lines"]]
    assert sorted(planned) == sorted(lost) == sorted(found["train"])
    assert sum(item["lost"] for item in found["plan"]) == found["of"] - found["points"]
    for said in (text, run("exercise", "debrief", drill, "--alone").out):
        assert str(tmp_path) not in said
        assert str(ROOT) not in said


def test_a_debrief_of_a_record_that_was_changed_says_so(
    run: Run, small: Path, plan_of: Callable[..., Path], tmp_path: Path
) -> None:
    from tests.acceptance.test_exercises_locks import edited

    drill = tmp_path / "d.db"
    run("exercise", "run", small, "--script", plan_of(), "--database", drill)
    assert "warning" not in run("exercise", "debrief", drill, "--alone").err
    edited(drill, "INC-1", lambda body: body.update(organisation=None))
    assert "INC-1 entry 1" in run("exercise", "debrief", drill, "--alone").err


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_from_which_no_plan_can_be_counted_is_refused(
    run: Run, small: Path, plan_of: Callable[..., Path], tmp_path: Path, day: str
) -> None:
    drill = tmp_path / "d.db"
    run("exercise", "run", small, "--script", plan_of(*PERFECT[:1]), "--database", drill)
    assert "its year lies outside" in run("exercise", "debrief", drill, "--day", day, code=2).err


def test_an_exercise_killed_in_mid_play_is_debriefed_as_it_stands(tmp_path: Path) -> None:
    drill = tmp_path / "killed.db"
    words = [
        sys.executable,
        "-m",
        "breachkit",
        "exercise",
        "run",
        "call-recordings",
        "--script",
        "perfect",
        "--database",
        str(drill),
    ]
    playing = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    clock = drill.with_name("killed.db-clock")
    begun = time.monotonic()
    # The first hours are enough, when some of it is recorded and most is still to come.
    while time.monotonic() - begun < 30 and playing.poll() is None:
        if clock.exists() and '"2026-11-27T2' in clock.read_text(encoding="utf-8"):
            break
        time.sleep(0.01)
    playing.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    playing.wait(30)
    found = json.loads(installed("exercise", "debrief", drill, "--alone", "--json").stdout)
    assert found["over"] is False
    assert 0 < found["points"] < found["of"]
    assert b"every chain holds" in installed("journal", "verify", "--database", drill).stdout
    assert b"**This exercise is not over." in installed("exercise", "debrief", drill, "--alone").stdout


@pytest.mark.parametrize("name", ["list", "show", "check", "export", "import", "run", "join", "debrief", "improve"])
def test_the_help_of_every_command_ends_with_an_example(run: Run, name: str) -> None:
    last = run("exercise", name, "--help").out.strip().split("\n\n")[-1]
    assert last.strip().startswith(f"Example: breachkit exercise {name}")
