"""The two locks of an exercise, tried from the front door: other people's files, links, URLs, and what was edited by hand."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.exercises.world import PERFECT, SCENARIO, script

MARK = "EXERCISE - EXERCISE - EXERCISE"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The small scenario as a planner's own file."""
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A short plan for it: the register is forgotten, and much else."""
    path = tmp_path / "plan.yaml"
    path.write_text(script(tuple(act for act in PERFECT if "step" not in act)), encoding="utf-8")
    return path


@pytest.fixture
def drill(run: Run, scenario: Path, plan: Path, tmp_path: Path) -> Path:
    """An exercise played to its end, in a file of its own."""
    path = tmp_path / "drill.db"
    run("exercise", "run", scenario, "--script", plan, "--database", path)
    return path


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def points(run: Run, drill: Path) -> float:
    found: float = run("exercise", "debrief", drill, "--alone", "--json").json["points"]
    return found


def clock_of(drill: Path) -> Path:
    return drill.with_name(f"{drill.name}-clock")


def edited(drill: Path, chain: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the first entry of a chain as somebody with a database tool would, past the file's own protection."""
    with closing(sqlite3.connect(drill)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        (held,) = database.execute("SELECT content FROM entry WHERE incident = ? AND seq = 1", (chain,)).fetchone()
        entry = json.loads(held)
        change(entry["body"])
        said = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
        database.execute("UPDATE entry SET content = ? WHERE incident = ? AND seq = 1", (said, chain))
        database.commit()


# -- a real journal is not touched --------------------------------------------------------------------------------------


@pytest.fixture
def real(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "real.db"
    run("incident", "open", "In earnest", "--organisation", "example-co", "--database", path)
    return path


def test_no_way_of_naming_a_real_journal_makes_an_exercise_of_it(run: Run, real: Path, scenario: Path, plan: Path) -> None:
    before = content(real)
    link = real.with_name("link.db")
    link.symlink_to(real)
    for named in (real, f"sqlite:////{str(real).lstrip('/')}", link):
        run("exercise", "run", scenario, "--script", plan, "--database", named, code=4)
        assert content(real) == before
    assert not clock_of(real).exists()
    assert not clock_of(link).exists()


def test_a_url_names_the_same_file_for_an_exercise_as_for_a_journal(
    run: Run, scenario: Path, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("exercise", "run", scenario, "--script", plan, "--database", "sqlite:///by-url.db")
    assert (tmp_path / "by-url.db").is_file()
    assert not (tmp_path / "sqlite:").exists(), "no folder of that name"
    assert MARK in run("exercise", "debrief", "sqlite:///by-url.db", "--alone").out
    assert MARK in run("duties", "INC-1", "--database", "sqlite:///by-url.db").out
    run("exercise", "run", scenario, "--script", plan, "--database", "smtp://mail.example.com", code=2)
    run("exercise", "run", scenario, "--script", plan, "--database", "", code=2)


def test_neither_debrief_nor_improve_takes_a_real_journal(run: Run, real: Path) -> None:
    before = content(real)
    for words in (("debrief", real), ("improve", real, "action:declare", "--owner", "Ana Example")):
        assert "is not an exercise" in run("exercise", *words, code=2).err
    assert content(real) == before


def test_an_exercise_that_is_not_there_is_named_with_what_starts_one(run: Run, tmp_path: Path) -> None:
    said = run("exercise", "debrief", tmp_path / "none.db", code=2).err
    assert "there is no exercise at" in said
    assert "breachkit exercise run" in said
    assert not (tmp_path / "none.db").exists()


# -- the mark stays -------------------------------------------------------------------------------------------------------


def test_the_mark_goes_with_a_copy_under_another_name_and_without_its_clock(run: Run, drill: Path, tmp_path: Path) -> None:
    copy = tmp_path / "incident"
    shutil.copy(drill, copy)
    assert MARK in run("duties", "INC-1", "--database", copy).out.splitlines()[0]
    assert "as of Tue 24 Nov 2026 05:00 UTC" in run("duties", "INC-1", "--database", copy).out
    assert points(run, copy) == points(run, drill)


@pytest.mark.parametrize("format", ["md", "text", "html", "docx", "pdf"])
def test_a_bare_template_of_ones_own_does_not_shed_the_mark(
    run: Run, drill: Path, tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own" / "notices" / "eu.gdpr" / "33.md.j2"
    own.parent.mkdir(parents=True)
    own.write_text("# A letter\n\nNothing to see.\n", encoding="utf-8")
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    out = tmp_path / "out"
    run("notice", "render", "eu.gdpr.33", "INC-1", "--database", drill, "--format", format, "--out", out)
    (made,) = out.iterdir()
    assert made.name.startswith("EXERCISE-")
    if format in ("md", "text", "html"):
        assert MARK in made.read_text(encoding="utf-8")


def test_nobody_supposes_or_records_an_exercise_to_be_real(run: Run, drill: Path, tmp_path: Path) -> None:
    facts = tmp_path / "real.yaml"
    facts.write_text("format: breachkit/facts@1\nfacts:\n  incident.invented: no\n", encoding="utf-8")
    where = ("--database", drill)
    for words in (
        ("fact", "set", "INC-1", "incident.invented=no"),
        ("fact", "correct", "INC-1", "incident.invented=no", "--reason", "it was one"),
        ("incident", "open", "Truly", "--facts", facts),
        ("notice", "render", "eu.gdpr.33", "INC-1", "--what-if", "incident.invented=no"),
    ):
        run(*words, *where, code=4)
    assert "never recorded with the other" in run("fact", "import", "INC-1", facts, *where, code=4).err
    assert "[EXERCISE]" in run("incident", "list", *where).out


def test_every_incident_opened_in_an_exercise_is_part_of_it_and_the_debrief_names_the_others(run: Run, drill: Path) -> None:
    run("incident", "open", "Another", "--organisation", "example-co", "--database", drill)
    listed = run("incident", "list", "--database", drill).out.splitlines()
    assert len(listed) == 2
    assert all("[EXERCISE]" in line for line in listed)
    said = run("exercise", "debrief", drill, "--alone").out
    assert "INC-2 was opened as well. Only the first incident is scored" in said


# -- what was edited by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["smtp", "", None, ["folder"]])
def test_a_record_with_another_transport_is_not_opened(run: Run, drill: Path, transport: object) -> None:
    edited(drill, "EXERCISE", lambda body: body.update(transport=transport))
    said = run("exercise", "debrief", drill, code=4).err
    assert "holds none but the folder" in said
    run("exercise", "improve", drill, "action:declare", "--owner", "Ana Example", code=4)
    run("journal", "verify", "--database", drill, code=4)


@pytest.mark.parametrize("key", ["scenario", "text", "file", "profile", "speed", "team", "real"])
def test_a_record_that_lacks_something_is_refused_in_words(run: Run, drill: Path, key: str) -> None:
    edited(drill, "EXERCISE", lambda body: body.pop(key))
    assert "was not written by breachkit" in run("exercise", "debrief", drill, code=4).err


@pytest.mark.parametrize(("key", "value", "code"), [("speed", "fast", 4), ("real", "yesterday", 4), ("text", "acts: [", 3)])
def test_a_record_that_holds_nonsense_ends_in_words_not_in_a_traceback(
    run: Run, drill: Path, key: str, value: str, code: int
) -> None:
    edited(drill, "EXERCISE", lambda body: body.update({key: value}))
    run("exercise", "debrief", drill, code=code)


def test_a_clock_set_back_by_hand_gives_nobody_more_time(run: Run, drill: Path) -> None:
    before = points(run, drill)
    held = json.loads(clock_of(drill).read_text(encoding="utf-8"))
    clock_of(drill).write_text(json.dumps({**held, "virtual": "2026-11-20T21:05:00+00:00"}), encoding="utf-8")
    assert "as of Tue 24 Nov 2026 05:00 UTC" in run("duties", "INC-1", "--database", drill).out
    run("playbook", "done", "INC-1", "general.register", "--database", drill)
    run("fact", "set", "INC-1", "risk.reason=Nobody opened it", "--database", drill)
    last = run("journal", "show", "INC-1", "--database", drill).out.splitlines()[-2:]
    assert all("2026-11-24 05:00:00 UTC" in line for line in last)
    assert points(run, drill) == before


@pytest.mark.parametrize(
    "change",
    [
        {"virtual": "9999-12-31T23:59:59+00:00"},
        {"virtual": "2099-12-31T23:59:59+00:00"},
        {"virtual": "0001-01-01T00:00:00+14:00"},
        {"virtual": "2026-11-20T22:05:00"},
        {"speed": "nan"},
        {"speed": "inf"},
        {"speed": "-1"},
        {"speed": []},
        {"virtual": 5},
        {"beat": 7},
        {"beat": "2026-11-20T22:05:00"},
    ],
    ids=str,
)
def test_a_clock_with_nonsense_in_it_is_put_right_by_the_record(run: Run, drill: Path, change: dict[str, object]) -> None:
    before = points(run, drill)
    held = json.loads(clock_of(drill).read_text(encoding="utf-8"))
    clock_of(drill).write_text(json.dumps({**held, **change}), encoding="utf-8")
    assert "as of Tue 24 Nov 2026 05:00 UTC" in run("duties", "INC-1", "--database", drill).out
    assert points(run, drill) == before


def test_what_is_recorded_after_the_end_changes_no_score(run: Run, drill: Path) -> None:
    before = run("exercise", "debrief", drill, "--alone", "--json").out
    where = ("--database", drill)
    run("playbook", "done", "INC-1", "general.register", *where)
    run("playbook", "done", "INC-1", "general.team", *where)
    run("file", "INC-1", "uk.gdpr.33", "--reference", "ICO-1", *where)
    run("decide", "INC-1", "eu.gdpr.34", "notify", "--ground", "thought better of it later", *where)
    assert run("exercise", "debrief", drill, "--alone", "--json").out == before


def test_the_files_of_an_exercise_are_readable_by_their_owner_alone(drill: Path) -> None:
    if os.name != "posix":
        return
    for path in (drill, clock_of(drill)):
        assert path.stat().st_mode & 0o077 == 0
