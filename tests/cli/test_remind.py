"""`breachkit remind` as cron and a person run it: quiet when nothing is due, told what is, watched until Ctrl-C."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from breachkit.cli import common
from breachkit.workflow import workspace
from breachkit.workflow.workspace import system_time
from tests.conftest import Clock
from tests.workflow.reminders_house import FACTS

from .conftest import Run

FIVE_HOURS = "2026-11-23T16:15:00+00:00"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    """The commands' own clock: five hours before the report to the authority is due."""
    made = common.workspace

    def with_clock(*words: Any, **named: Any) -> workspace.Workspace:
        space = made(*words, **named)
        space.clock = clock
        return space

    monkeypatch.setattr(common, "workspace", with_clock)
    assert workspace.system_time is system_time
    clock.moment = workspace.read_moment(FIVE_HOURS) or clock.moment
    return clock


@pytest.fixture
def real(run: Run, now: Clock) -> str:
    """An incident that is not invented."""
    pairs = [f"{key}={','.join(raw) if isinstance(raw, list) else raw}" for key, raw in FACTS.items() if key != "aware_at"]
    run("incident", "open", "Stolen laptop", "--aware", FACTS["aware_at"], "--org", "example-co")
    run("fact", "set", "INC-1", *pairs)
    return "INC-1"


def settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "remind.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def hook(tmp_path: Path, code: int = 0) -> tuple[Path, Path]:
    """Settings with a command that keeps what it read, and where it keeps it."""
    out = tmp_path / "told.json"
    script = f"import sys; open({str(out)!r}, 'a').write(sys.stdin.read() + chr(10)); raise SystemExit({code})"
    return settings(tmp_path, f"by:\n  - command: {json.dumps([sys.executable, '-X', 'utf8', '-c', script])}\n"), out


def test_it_says_what_is_due_once_and_then_is_quiet_for_cron(run: Run, real: str) -> None:
    first = run("remind")
    assert "OWED eu.gdpr.33@es-aepd: due Mon 23 Nov 2026 22:15 CET, in 5 h 00 min" in first.out
    assert 'it ends with: breachkit file INC-1 eu.gdpr.33@es-aepd --reference "..."' in first.out
    assert first.err == ""
    again = run("remind")
    assert (again.out, again.err) == ("", "")
    assert "reminded of eu.gdpr.33@es-aepd" in run("journal", "show", "INC-1").out
    run("journal", "verify")


def test_json_says_what_was_said_by_which_way_and_what_comes_next(run: Run, real: str, tmp_path: Path) -> None:
    file, out = hook(tmp_path)
    held = run("remind", "--json", "--settings", file).json
    assert held["format"] == "breachkit/reminders@1"
    assert held["next"]["at"] == "2026-11-23T20:15:00+00:00"
    one = next(one for one in held["said"] if one["duty"] == "eu.gdpr.33")
    assert [(by["by"], by["said"]) for by in one["by"]] == [("command", True), ("terminal", True)]
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["format"] == "breachkit/reminder@1"
    assert told["incident"] == {"id": "INC-1", "title": "Stolen laptop", "invented": False}
    assert [reminder["finding"] for reminder in told["reminders"]] == [one["finding"] for one in held["said"]]
    assert run("remind", "--json", "--settings", file).json["said"] == []


def test_a_way_that_fails_ends_with_5_and_is_tried_again(run: Run, real: str, tmp_path: Path) -> None:
    file, out = hook(tmp_path, code=1)
    failed = run("remind", "--settings", file, code=5)
    assert "ended with 1. The next run tries it again" in failed.err
    assert "eu.gdpr.33@es-aepd" in failed.out
    again = run("remind", "--settings", file, code=5)
    assert again.out == ""
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_an_invented_incident_is_said_here_marked_and_by_no_command(
    run: Run, incident: str, now: Clock, tmp_path: Path
) -> None:
    file, out = hook(tmp_path)
    said = run("remind", "--settings", file)
    assert said.out.startswith("INVENTED INCIDENT - nothing of this happened")
    assert "INC-1 is invented: only the terminal and the desktop say it, never command" in said.err
    assert not out.exists()


def test_the_settings_of_the_organisations_folder_are_taken(
    run: Run, real: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(tmp_path, "before: [PT1H]\noverdue_every: none\nno_number_every: none\n")
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path))
    assert run("remind").out == ""
    settings(tmp_path, "before: [soon]\n")
    assert "remind.yaml line 1: 'soon' is not a span of time" in run("remind", code=3).err


def test_looking_ahead_records_nothing(run: Run, real: str) -> None:
    before = run("journal", "show", "INC-1").out
    assert "eu.gdpr.33@es-aepd" in run("remind", "INC-1", "--dry-run", "--now", "2026-11-23T21:00Z").out
    assert run("remind", "--dry-run", "--json").json["dry_run"] is True
    assert "--now and --as-of only look" in run("remind", "--now", "2026-11-23T21:00Z", code=4).err
    assert run("journal", "show", "INC-1").out == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("INC-1", "INC-2"), "name one incident, or none"),
        (("--watch", "5", "6"), "--watch takes one number of seconds"),
        (("--watch", "0"), "--watch takes 1 to 86400 seconds"),
        (("--watch", "999999"), "--watch takes 1 to 86400 seconds"),
        (("--watch", "--json"), "leave --json and --dry-run to a single run"),
        (("--watch", "--dry-run"), "leave --json and --dry-run to a single run"),
        (("INC-9",), "unknown incident 'INC-9'"),
        (("--watch", "INC-9"), "unknown incident 'INC-9'"),
        (("7",), "unknown incident '7'"),
    ],
    ids=str,
)
def test_a_wrong_call_is_usage(run: Run, real: str, words: tuple[str, ...], message: str) -> None:
    assert message in run("remind", *words, code=2).err


def test_a_database_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    assert "there is no journal at" in run("remind", "--database", missing, code=2).err
    assert not missing.exists()


def sleeping(monkeypatch: pytest.MonkeyPatch, *turns: Callable[[], object]) -> list[float]:
    """Instead of sleeping, each turn happens, then Ctrl-C. Returns how long it would have slept."""
    slept: list[float] = []
    left = list(turns)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()

    monkeypatch.setattr(time, "sleep", sleep)
    return slept


def test_watching_says_each_distance_when_it_comes_and_ends_cleanly(
    run: Run, real: str, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = sleeping(monkeypatch, lambda: now.forward(seconds=60), lambda: now.forward(hours=3, minutes=58, seconds=50),
                     lambda: now.forward(seconds=10))  # fmt: skip
    watched = run("remind", "--watch")
    assert slept == [60.0, 60.0, 10.0, 60.0]
    assert watched.out.count("eu.gdpr.33@es-aepd: due") == 2
    assert "next: Mon 23 Nov 2026 20:15 UTC, INC-1 eu.gdpr.33@es-aepd" in watched.err
    assert watched.err.endswith("stopped watching; the clocks go on, and nothing reminds of them now\n")


def test_watching_outlives_a_database_that_is_gone_for_a_while(
    run: Run, real: str, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(str(workspace.Workspace().where))
    away = path.with_name("away.db")
    slept = sleeping(monkeypatch, lambda: path.rename(away), lambda: (away.rename(path), now.forward(hours=4)))
    watched = run("remind", "INC-1", "--watch", "7")
    assert slept == [7.0] * 3
    assert "there is no journal at" in watched.err
    assert "looking again in 7 s" in watched.err
    assert watched.out.count("eu.gdpr.33@es-aepd: due") == 2
