"""Words that would steer a terminal, hide a link or turn the direction of writing: in facts, names, acts, files and messages.

The screens' own tests (`tests/tui/test_incident.py`, `test_exercise_play.py`) try the first of them; here come the rest.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from breachkit.tui.app import BreachkitApp
from breachkit.workflow.workspace import Workspace
from tests.cli.conftest import Run
from tests.cli.packs import florida
from tests.security.conftest import quoted
from tests.tui.house import NIGHT, press, seen, settle
from tests.workflow.made_up_people import FACTS, person, write_table

ATTACK = (
    "A\x1b]52;c;cm0gLXJmIH4=\x07B\x1b]8;;https://evil.invalid\x1b\\C\x1b]8;;\x1b\\D\x1b[2J\x1b[31mE\x9b31mF\x90G\x9d52;c;x\x9c"
    "H\x08\x08I\rJ\x7fK\u202egnp.exe\u202cL\u2066M\u2069N\u200eO\x1bc\x0e\x05P\x00Q[red]R[/red][@click=app.quit]S[/]"
)
"""Clipboard, hidden link, screen cleared, C1 controls, answer-back, backspaces, direction, reset - and markup of screens."""
STEERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")
SMALL = Path(__file__).parents[1] / "exercises" / "small.yaml"


def check(*texts: str) -> None:
    """Nothing in the text steers a terminal."""
    for text in texts:
        assert (found := STEERS.search(text)) is None, repr(text[max(0, found.start() - 60) : found.end() + 20])


@pytest.fixture
def hostile(run: Run, tmp_path: Path) -> str:
    """An incident in which everything that can be said says the attack."""
    said = quoted(ATTACK)
    text = FACTS.replace(
        "organisation: example-co",
        f"organisation: {{id: mine, name: {said}, roles: [controller], serves: [ES, US], established_in: [ES],"
        f" main_establishment: ES, sectors: [saas], gaps: [{{what: {said}}}],"
        f" promises: [{{id: users, to: individuals, within: 48 hours, from: aware_at, qualifier: {said}, strength: {said},"
        f" source: {{document: {said}, section: {said}}}}}]}}",
    )
    for old in ("A copied customer file", "A file with customer records was copied by somebody without a right to it.",
                "The way in was closed.", "Watch your account statements."):  # fmt: skip
        text = text.replace(old, said)
    text += f"  consequences: {{value: {said}, source: {said}}}\n  controllers.a.name: {said}\n  breach.systems: {said}\n"
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    run("incident", "open", "--facts", tmp_path / "facts.yaml", "--actor", ATTACK.replace("\0", ""))
    run("fact", "set", "INC-1", f"delay.reasons={ATTACK}", "--source", ATTACK)
    run("fact", "correct", "INC-1", f"delay.reasons=again {ATTACK}", "--reason", ATTACK)
    run("file", "INC-1", "eu.gdpr.33@es-aepd", "--reference", ATTACK)
    run("decide", "INC-1", "eu.gdpr.34", "refrain", "--ground", ATTACK)
    return "INC-1"


READING = (
    ("incident", "list"), ("incident", "show", "INC-1"), ("fact", "list", "INC-1"), ("duties", "INC-1", "--all"),
    ("clock", "INC-1"), ("ask", "INC-1"), ("risk", "INC-1"), ("journal", "show", "INC-1"), ("journal", "verify", "INC-1"),
    ("playbook", "steps", "INC-1"), ("notice", "check", "eu.gdpr.33", "INC-1"), ("report", "INC-1", "--format", "html"),
    ("report", "INC-1", "--for", "executive"), ("report", "--register", "--format", "csv"),
    ("notice", "render", "eu.gdpr.33", "INC-1"),
    ("notice", "render", "eu.gdpr.33", "INC-1", "--format", "text"),
    ("notice", "render", "eu.gdpr.33", "INC-1", "--format", "html"),
    ("notice", "worksheet", "eu.gdpr.33", "INC-1"), ("notice", "worksheet", "eu.gdpr.33", "INC-1", "--format", "csv"),
    ("notice", "worksheet", "eu.gdpr.33", "INC-1", "--format", "html"),
)  # fmt: skip


def test_nothing_that_is_printed_of_an_incident_steers_a_terminal(run: Run, hostile: str, tmp_path: Path) -> None:
    run("clock", hostile, "--ics", tmp_path / "clock.ics")
    check(calendar := (tmp_path / "clock.ics").read_bytes().decode())
    assert "gnp.exe" in calendar.replace("\r\n ", "")
    for words in READING:
        ran = run(*words)
        check(ran.out, ran.err)
        assert "gnp.exe" in ran.out or words[0] in ("risk", "playbook", "ask") or "verify" in words or "check" in words, words


def test_no_json_holds_a_control_character_that_is_not_escaped(run: Run, hostile: str) -> None:
    for words in READING:
        if words[0] in ("incident", "fact", "duties", "journal", "playbook") or "check" in words:
            ran = run(*words, "--json")
            check(ran.out, ran.err)
            assert ran.json


def test_exported_lines_steer_no_terminal_and_mean_the_same(run: Run, hostile: str) -> None:
    ran = run("journal", "export", hostile)
    check(ran.out, ran.err)
    for line in ran.out.splitlines():
        row = json.loads(line)
        assert hashlib.sha256(row["content"].encode()).hexdigest() == row["hash"]


async def test_no_screen_reads_markup_in_what_people_said(run: Run, hostile: str, tmp_path: Path) -> None:
    space = Workspace(actor=f"anna {ATTACK}", clock=lambda: NIGHT)
    app = BreachkitApp(space)
    async with app.run_test(size=(160, 50)) as pilot:
        await settle(pilot)
        for keys in ((), ("enter",), ("f",), ("end", "enter"), ("escape", "escape", "t")):
            await press(pilot, *keys)
            shown = seen(app)
            found = STEERS.search(shown)
            assert found is None, repr(shown[max(0, found.start() - 150) : found.end() + 30])
            assert "[red]" in shown or "gnp.exe" not in shown, app.screen
            for row in app.screen._compositor.render_strips():
                for segment in row:
                    style = segment.style
                    assert style is None or style.link is None
                    assert style is None or "quit" not in str(style.meta)
        assert app.is_running


def test_no_message_about_a_name_that_is_wrong_steers_a_terminal(run: Run, hostile: str, tmp_path: Path) -> None:
    odd = ATTACK.replace("\0", "").replace("/", "|")
    for words in (
        ("duties", odd), ("duties", "--facts", tmp_path / odd), ("fact", "set", "INC-1", f"{odd}=1"), ("law", "show", odd),
        ("fact", "set", "INC-1", f"role={odd}"), ("notice", "render", odd, "INC-1"), ("playbook", "show", odd), (odd,),
        ("duties", "INC-1", f"--{odd}"), ("report", "INC-1", "--format", odd), ("exercise", "show", odd), ("org", "show", odd),
        ("duties", "INC-1", "--now", odd), ("duties", "INC-1", "--law-pack", odd), ("duties", "INC-1", "--database", odd),
        ("notice", "batch", "all", "INC-1", "--people", tmp_path / odd, "--out", tmp_path / "o", "--workers", odd),
        ("report", "INC-1", "--for", odd), ("duties", "INC-1", "--what-if", odd),
        ("notice", "render", "x", "INC-1", "--lang", odd),
    ):  # fmt: skip
        try:
            ran = run(*words, code=2)
        except AssertionError:
            ran = run(*words, code=3)
        check(ran.out, ran.err)


def test_no_file_with_a_name_that_steers_is_named_so(run: Run, hostile: str, tmp_path: Path) -> None:
    odd = tmp_path / "\x1b]0;x\x07\u202egnp.yaml"
    odd.write_text("a: [", encoding="utf-8")
    for words in (
        ("duties", "--facts", odd), ("org", "check", odd), ("law", "check", odd), ("exercise", "check", odd),
        ("playbook", "check", odd),
        ("duties", "--facts", tmp_path / "\udcff.yaml"), ("org", "show", tmp_path / "\udcff.yaml"),
    ):  # fmt: skip
        for more in ((), ("--json",)):
            if words[0] in ("law", "exercise", "playbook") or not more:
                ran = run(*words, *more, code=3)
                check(ran.out, ran.err)
                assert "Traceback" not in ran.err
    for path in (odd, tmp_path / "no-utf-8-\udcff.yaml"):
        path.write_text(FACTS, encoding="utf-8")
        for words in (("duties",), ("duties", "--json"), ("report", "--format", "html")):
            ran = run(*words, "--facts", path)
            check(ran.out, ran.err)
    ran = run("clock", "--facts", odd, "--ics", tmp_path / "\x1b[2J.ics")
    check(ran.out, ran.err, (tmp_path / "\x1b[2J.ics").read_bytes().decode())


def test_no_scenario_profile_or_law_steers_a_terminal(run: Run, tmp_path: Path) -> None:
    said = quoted(ATTACK)
    text = SMALL.read_text(encoding="utf-8")
    for old in (
        "A small exercise",
        "A folder is open, and a journalist calls.",
        "Your folder stands open.",
        "opens the incident",
        "A user",
    ):
        text = text.replace(f": {old}", f": {said}")
    text = text.replace("briefing: |\n  Exercise. Nothing of this happened.", f"briefing: {said}")
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    pack = florida(tmp_path / "pack", ("    title: ", f"    title: {said} # "))
    for words in (
        ("exercise", "show", tmp_path / "small.yaml"), ("exercise", "export", tmp_path / "small.yaml"),
        ("exercise", "check", tmp_path / "small.yaml"), ("law", "check", pack), ("--laws", pack, "law", "show", "us.fl.dla"),
        ("--laws", pack, "law", "list"), ("law", "diff", pack, pack),
    ):  # fmt: skip
        ran = run(*words)
        check(ran.out, ran.err)


def test_no_cell_of_a_table_steers_the_terminal_of_whoever_reads_the_lists(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    odd = ATTACK.replace("\r", "")
    people = [
        person(0, name=odd),
        person(3, id=odd),
        person(6, country=odd),
        person(9, email=odd, city=""),
        person(12, language=odd),
    ]
    table, out = write_table(tmp_path / "people.csv", [*people, person(15)]), tmp_path / "out"
    words = (
        "eu.gdpr.34",
        "--facts",
        tmp_path / "facts.yaml",
        "--people",
        table,
        "--out",
        out,
        "--format",
        "text",
        "--workers",
        "1",
    )
    ran = run("notice", "batch", *words)
    check(ran.out, ran.err)
    for path in out.rglob("*"):
        if path.suffix in (".csv", ".jsonl", ".json", ".txt", ".yaml"):
            check(path.read_text(encoding="utf-8"))
    (tmp_path / "odd.csv").write_text(f"id,{odd},email\n1,Ana,ana@example.com\n", encoding="utf-8")
    ran = run("notice", "batch", *words[:3], "--people", tmp_path / "odd.csv", "--out", tmp_path / "o2", code=3)
    check(ran.out, ran.err)
