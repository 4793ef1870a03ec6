"""Every command does what its help says, as text for people and as JSON for programs, and ends with the right exit code."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from breachkit.cli.app import COMMANDS, app
from breachkit.content.shipped import LAWS

from .conftest import NOON, Run

INCIDENT_COMMANDS = {
    "incident show": ("incident", "show", "INC-1"),
    "incident list": ("incident", "list"),
    "fact list": ("fact", "list", "INC-1"),
    "duties": ("duties", "INC-1"),
    "clock": ("clock", "INC-1"),
    "ask": ("ask", "INC-1"),
    "journal show": ("journal", "show", "INC-1"),
    "journal verify": ("journal", "verify"),
    "report": ("report", "INC-1"),
    "notice render": ("notice", "render", "eu.gdpr.33", "INC-1"),
    "notice check": ("notice", "check", "eu.gdpr.33", "INC-1"),
}
OTHER_COMMANDS = {
    "org list": ("org", "list"),
    "org show": ("org", "show", "innexum"),
    "org check": ("org", "check", "example-co"),
    "law list": ("law", "list"),
    "law show": ("law", "show", "eu.gdpr.33"),
    "law check": ("law", "check", str(LAWS / "ch" / "isg.yaml")),
    "notice list": ("notice", "list"),
    "fact list --keys": ("fact", "list", "--keys"),
    "demo": ("demo", "example-co", "--print"),
}


def commands() -> list[list[str]]:
    """Every command and group there is, by its words."""
    found: list[list[str]] = [[]]

    def walk(command: Any, words: list[str]) -> None:
        found.append(words)
        if hasattr(command, "list_commands"):
            context = typer.Context(command)
            for name in command.list_commands(context):
                walk(command.get_command(context, name), [*words, name])

    root: Any = typer.main.get_command(app)
    for name in COMMANDS:
        walk(root.get_command(None, name), [name])
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_the_help_of_every_command_ends_with_an_example(run: Run, words: list[str]) -> None:
    paragraphs = run(*words, "--help").out.strip().split("\n\n")
    example = " ".join(paragraphs[-1].split())
    assert example.startswith(f"Example: breachkit {words[0] if words else ''}".strip())
    assert " ".join(["breachkit", *words]) in example


@pytest.mark.parametrize("words", INCIDENT_COMMANDS.values(), ids=INCIDENT_COMMANDS)
@pytest.mark.usefixtures("incident")
def test_a_command_about_an_incident_prints_text_and_json(run: Run, words: tuple[str, ...]) -> None:
    text = run(*words)
    assert text.out.strip()
    assert "\x1b" not in text.out
    assert run(*words, "--json").json


@pytest.mark.parametrize("words", OTHER_COMMANDS.values(), ids=OTHER_COMMANDS)
def test_a_command_about_no_incident_prints_text_and_json(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).out.strip()
    assert run(*(word for word in words if word != "--print"), "--json").json


@pytest.mark.parametrize("command", ["duties", "clock", "ask", "report"])
def test_what_takes_a_facts_file_needs_no_database(
    run: Run, sample: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREACHKIT_DATABASE", "/nowhere/at/all.db")
    assert run(command, "--facts", sample, "--now", NOON).out
    assert run(command, "--facts", sample, "--now", NOON, "--json").json
    assert run(command, "--facts", "-", "--now", NOON, stdin=sample.read_bytes()).out


def test_an_incident_is_opened_filled_judged_decided_filed_and_closed(run: Run, tmp_path: Path) -> None:
    opened = run("incident", "open", "Stolen laptop", "--aware", "2026-11-20T22:15+01:00", "--org", "example-co")
    assert opened.out == "INC-1\n"
    assert "breachkit ask INC-1" in opened.err
    said = run(
        "fact", "set", "INC-1", "people.in.ES=400..900", "role=controller", "people.elsewhere=0", "--source", "CRM export"
    )
    assert "INC-1 entry 4: recorded people.in.ES = 400..900" in said.out
    assert "was known so already" in run("fact", "set", "INC-1", "role=controller", "--source", "CRM export").out
    corrected = run("fact", "correct", "INC-1", "people.in.ES=600", "--reason", "counted twice", "--json").json
    assert corrected["entries"][0]["kind"] == "fact.corrected"
    assert "eu.gdpr.33@es-aepd" in run("duties", "INC-1").out
    assert "decided to notify" in run("decide", "INC-1", "eu.gdpr.33", "notify", "--ground", "a risk is likely").out
    filed = run("file", "INC-1", "eu.gdpr.33", "--reference", "2026-118823")
    assert "reference 2026-118823" in filed.out
    assert "left out and still owed" in filed.err
    assert "has" in run("incident", "close", "INC-1", "--reason", "over", code=4).err
    for one in run("duties", "INC-1", "--json").json["duties"]:
        if one["status"] in ("owed", "undetermined"):
            run("decide", "INC-1", one["id"], "refrain", "--ground", "a test")
    assert "INC-1 is closed" in run("incident", "close", "INC-1", "--reason", "over").err
    assert run("incident", "list", "--json").json["incidents"][0]["closed"] is True
    calendar = tmp_path / "deadlines.ics"
    run("clock", "INC-1", "--ics", calendar)
    assert calendar.read_text().startswith("BEGIN:VCALENDAR")
    assert stat.S_IMODE(calendar.stat().st_mode) == 0o600
    assert "is there already" in run("clock", "INC-1", "--ics", calendar, code=4).err
    assert "every chain holds" in run("journal", "verify").out


def test_a_facts_file_is_imported_with_who_said_what(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "more.yaml"
    path.write_text(
        "format: breachkit/facts@1\n"
        "facts:\n  people.total: {value: ~600, certainty: estimated, source: CRM}\n  role: processor\n"
    )
    run("incident", "open", "x")
    run("fact", "import", "INC-1", path)
    clients = tmp_path / "clients.csv"
    clients.write_text("id,name,people.total\nacct-01,One,5\n")
    run("fact", "import", "INC-1", clients)
    facts = {one["key"]: one for one in run("fact", "list", "INC-1", "--json").json["facts"]}
    assert (facts["people.total"]["certainty"], facts["people.total"]["source"]) == ("estimated", "CRM")
    assert facts["role"]["source"] == "more.yaml"
    assert facts["controllers.acct-01.people.total"]["source"] == "clients.csv"


def test_opening_from_a_file_keeps_certainty_and_lets_the_title_said_win(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "incident.yaml"
    path.write_text(
        "format: breachkit/facts@1\nfacts:\n  incident.title: Theirs\n  people.total: {value: ~600, certainty: estimated}\n"
    )
    run("incident", "open", "Mine", "--facts", path)
    facts = {one["key"]: one for one in run("fact", "list", "INC-1", "--json").json["facts"]}
    assert facts["incident.title"]["value"] == "Mine"
    assert facts["people.total"]["certainty"] == "estimated"
    run("incident", "open", "--facts", path)
    assert "Theirs" in run("incident", "list").out


def test_an_exported_journal_can_be_checked_by_anybody(run: Run, incident: str) -> None:
    rows = [json.loads(line) for line in run("journal", "export", incident).out.splitlines()]
    shown = run("journal", "show", incident, "--json").json["entries"]
    assert [row["hash"] for row in rows] == [entry["hash"] for entry in shown]


def test_an_empty_journal_says_what_to_do_next(run: Run) -> None:
    listed = run("incident", "list")
    assert listed.out == ""
    assert "No incident yet" in listed.err
    assert run("incident", "list", "--json").json == {"incidents": []}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("dutes",), 2, "unknown command 'dutes'; did you mean 'duties'?"),
        (("duties", "INC-2"), 2, "unknown incident 'INC-2'; did you mean 'INC-1'?"),
        (("duties",), 2, "name an incident (INC-1) or a facts file"),
        (("duties", "INC-1", "--no-such-option"), 2, "No such option"),
        (("decide", "INC-1", "eu.gdpr.3", "notify", "--ground", "x"), 2, "unknown duty 'eu.gdpr.3'; did you mean"),
        (("decide", "INC-1", "eu.gdpr.33", "wait", "--ground", "x"), 2, "a decision is notify or refrain"),
        (("file", "INC-1", "eu.gdpr.33", "--reference", ""), 2, "a clock stops only on proof"),
        (("notice", "render", "eu.gdpr.3", "INC-1"), 2, "unknown duty 'eu.gdpr.3'; did you mean"),
        (("notice", "render", "ch.dsg.24", "INC-1", "--lang", "xx"), 2, "'xx' is not a language; notices are written in en"),
        (("notice", "check", "eu.gdpr.33", "eu.gdpr.34.withdrawal", "INC-1"), 2, "no notice for eu.gdpr.34.withdrawal"),
        (("notice", "render", "eu.gdpr.33", "INC-1", "--lang", "da"), 2, "it can be written in en"),
        (("notice", "render", "INC-1"), 2, "name a duty such as eu.gdpr.33"),
        (("notice", "render", "eu.gdpr.33", "INC-1", "--fail-on", "everything"), 2, "--fail-on takes missing"),
        (("law", "show", "us.flo"), 2, "unknown law 'us.flo'; did you mean 'us.fl"),
        (("org", "show", "inexum"), 2, "unknown organisation 'inexum'; did you mean 'innexum'"),
        (("demo", "inexum", "--print"), 2, "unknown organisation 'inexum'; did you mean 'innexum'"),
        (("demo", "example-co"), 2, "the terminal UI needs a terminal"),
        (("fact", "set", "INC-1", "people.totl=5"), 2, "unknown fact 'people.totl'; did you mean 'people.total'"),
        (("fact", "set", "INC-1", "people.total"), 2, "'people.total' is not KEY=VALUE; write people.in.ES=400..900"),
        (("fact", "set", "INC-1", "role=controller", "role=processor"), 2, "'role' is said twice; keep one"),
        (("duties", "INC-1", "--fail-on", "fire"), 2, "--fail-on takes overdue, owed, undetermined, conflict, uncovered"),
        (("incident", "open"), 2, "an incident needs a title"),
        (("fact", "set", "INC-1", "people.total=many"), 3, "'many' is not a count"),
        (("fact", "set", "INC-1", "people.total="), 3, "a fact is not unset"),
        (("fact", "set", "INC-1", "data.categories=[phone"), 3, "is not valid YAML"),
        (("fact", "set", "INC-1", "people.total=5"), 3, "people.total is 5, but the places listed hold at least"),
        (("duties", "INC-1", "--now", "noon"), 3, "'noon' is not a time"),
        (("duties", "INC-1", "--law-date", "today"), 3, "'today' is not a day"),
        (("duties", "--facts", "missing.yaml"), 3, "missing.yaml: cannot be read: No such file"),
        (("law", "check", "missing.yaml"), 3, "missing.yaml: cannot be read"),
        (("org", "check", "missing.yaml"), 3, "missing.yaml: cannot be read"),
        (("duties", "--facts", "-"), 3, "standard input line 1: must be a mapping"),
        (("fact", "set", "INC-1", "incident.invented=no"), 4, "cannot be changed"),
        (("fact", "set", "INC-1", "breach.public=no", "--seen", "1"), 4, "somebody else recorded"),
        (("incident", "close", "INC-1", "--reason", "over"), 4, "open duties"),
        (("file", "INC-1", "eu.gdpr.33", "--reference", "1", "--at", "2100-01-01"), 4, "is in the future"),
        (("duties", "INC-1", "--fail-on", "owed"), 1, ""),
        (("duties", "INC-1", "--fail-on", "uncovered"), 0, ""),
        (("org", "check", "callgenie", "--fail-on", "gaps"), 1, ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
@pytest.mark.usefixtures("incident")
def test_what_goes_wrong_is_said_on_stderr_and_in_the_exit_code(
    run: Run, words: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run(*words, code=code)
    assert said in ended.err
    if code > 1:
        assert ended.out == ""
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("option", ["--now", "--as-of"])
def test_writing_commands_know_no_other_time(run: Run, incident: str, option: str) -> None:
    for words in (("fact", "set", incident, "breach.public=no"), ("file", incident, "eu.gdpr.33", "--reference", "1")):
        assert "No such option" in run(*words, option, NOON, code=2).err


def test_bytes_that_are_no_text_are_a_bad_file(run: Run) -> None:
    assert "standard input: is not UTF-8 text (byte 0)" in run("duties", "--facts", "-", stdin=b"\xff\xfe", code=3).err


def test_options_may_stand_before_the_commands_name(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other" / "journal.db"
    run("--database", other, "--actor", "ben", "incident", "open", "Elsewhere")
    assert run("incident", "list", "--json").json == {"incidents": []}
    shown = run("journal", "show", "INC-1", "--database", other, "--json").json
    assert shown["entries"][0]["actor"] == "ben"


def test_a_journal_that_was_changed_fails_the_check_and_names_the_entry(run: Run, incident: str) -> None:
    import sqlite3

    with sqlite3.connect(os.environ["BREACHKIT_DATABASE"]) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(
            "UPDATE entry SET content = CAST(replace(content, '2600', '2') AS BLOB) WHERE incident = ?", (incident,)
        )
    connection.close()
    broken = run("journal", "verify", "--json", code=4)
    assert broken.json["ok"] is False
    assert broken.json["broken"]["incident"] == incident


def test_a_notice_that_lacks_something_fails_when_asked_to(run: Run) -> None:
    run("incident", "open", "x", "--org", "example-co", "--fact", "role=controller", "--fact", "people.in.ES=5")
    lacking = run("notice", "check", "eu.gdpr.33", "INC-1", "--json").json["missing"]
    assert lacking
    assert "MISSING" in run("notice", "check", "eu.gdpr.33", "INC-1", "--fail-on", "missing", code=1).out
    rendered = run("notice", "render", "eu.gdpr.33", "INC-1", "--fail-on", "missing", code=1)
    assert f"still lacks {', '.join(lacking)}" in rendered.err


NASTY = "Evil \x1b]0;owned\x07\x1b[2J\x9b31m\u202etxt.exe"


@pytest.mark.parametrize(
    "words", [*INCIDENT_COMMANDS.values(), ("fact", "set", "INC-1", f"breach.how_found={NASTY}")], ids=lambda w: " ".join(w[:2])
)
def test_a_title_never_repaints_the_terminal(run: Run, words: tuple[str, ...]) -> None:
    run("incident", "open", NASTY, "--org", "example-co", "--fact", "role=controller", "--fact", "people.in.ES=5")
    for ran in (run(*words), run(*words, "--json")):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ran.out + ran.err)
    shown = run("incident", "show", "INC-1", "--json").json
    assert shown["incident"]["title"] == NASTY


def test_an_error_about_a_nasty_name_is_cleaned_too(run: Run) -> None:
    assert "\x1b" not in run("duties", "INC-\x1b[2J", code=2).err


# -- the real program ------------------------------------------------------------------------------------------------------


def program(*words: object, home: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        [sys.executable, "-m", "breachkit", *map(str, words)],
        env={**environment, **more.pop("env", {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=home,
        **more,
    )


def test_a_notice_from_a_facts_file_leaves_nothing_but_the_cache(sample: Path, tmp_path: Path) -> None:
    done = program("notice", "render", "eu.gdpr.33", "--facts", sample, "--format", "html", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.rstrip().endswith("</html>")
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert all(path.startswith((".cache/breachkit/", "Library/Caches/breachkit/")) for path in left)
    assert not list(tmp_path.rglob("*.db"))


def test_a_folder_that_cannot_be_written_to_costs_time_and_nothing_else(sample: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = program("duties", "--facts", sample, home=tmp_path, env={"BREACHKIT_CACHE": str(blocked / "cache")})
    assert done.returncode == 0, done.stderr
    assert "eu.gdpr.33@es-aepd" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently there")
def test_a_reader_that_leaves_early_is_no_error(sample: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            "bash",
            "-c",
            f'"{sys.executable}" -m breachkit duties --all --steps --facts "{sample}" | head -1; exit ${{PIPESTATUS[0]}}',
        ],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_is_for_terminals_that_want_it(sample: Path, tmp_path: Path, env: dict[str, str], coloured: bool) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "breachkit", "duties", "--facts", str(sample)], env={**environment, **env}, stdout=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    assert b"eu.gdpr.33@es-aepd" in shown
    assert (b"\x1b[" in shown) is coloured


def test_without_a_command_and_a_terminal_it_says_how_to_go_on(tmp_path: Path) -> None:
    done = program(home=tmp_path)
    assert done.returncode == 2
    assert "the terminal UI needs a terminal" in done.stderr
    assert program("--version", home=tmp_path).stdout.startswith("breachkit ")
