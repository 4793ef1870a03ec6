"""Passwords and what people said, in messages, tracebacks, shown variables and crash reports."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

import breachkit
from breachkit.cli.app import COMMANDS, app
from breachkit.delivery.passwords import Password
from breachkit.storage.postgres_url import read_url
from breachkit.tui.app import BreachkitApp
from breachkit.workflow.workspace import Workspace
from tests.cli.conftest import Run

SECRET = "correct-horse-battery-staple"
URLS = {
    "nobody listens": f"postgresql://anna:{SECRET}@127.0.0.1:1/breaches",
    "another name of the scheme": f"postgres://anna:{SECRET}@127.0.0.1:1/breaches?connect_timeout=1",
    "a driver named": f"postgresql+psycopg://anna:{SECRET}@127.0.0.1:1/breaches",
    "capitals": f"POSTGRESQL://anna:{SECRET}@127.0.0.1:1/breaches",
    "a port that is none": f"postgresql://anna:{SECRET}@127.0.0.1:port/breaches",
    "a bracket too many": f"postgresql://anna:{SECRET}@[::1/breaches",
    "a percent sign alone": f"postgresql://anna:%{SECRET}@127.0.0.1:1/breaches",
    "the password behind a question mark": f"postgresql://anna@127.0.0.1:1/breaches?password={SECRET}",
    "another database": f"mysql://anna:{SECRET}@127.0.0.1/breaches",
    "sqlite with a host": f"sqlite://anna:{SECRET}@127.0.0.1/breaches",
    "one slash": f"postgresql:/anna:{SECRET}@127.0.0.1/breaches",
    "words of libpq": f"host=127.0.0.1 user=anna password={SECRET} dbname=breaches",
    "a space before": f" postgresql://anna:{SECRET}@127.0.0.1:1/breaches",
    "an end of line": f"postgresql://anna:{SECRET}@127.0.0.1:1/breaches\nx",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_no_message_repeats_the_password_of_a_database(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "2")
    commands: tuple[tuple[str, ...], ...] = (
        ("incident", "list"), ("incident", "open", "A file"), ("duties", "INC-1", "--json"), ("journal", "verify"),
        ("exercise", "run", "open-folder"), ("report", "--register"),
    )  # fmt: skip
    for words in commands:
        try:
            ran = run("--database", url, *words, code=4)
        except AssertionError:
            ran = run("--database", url, *words, code=2)
        assert SECRET not in ran.out + ran.err
        assert "Traceback" not in ran.err


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_no_error_keeps_the_password_in_what_it_came_from(tmp_path: Path, url: str) -> None:
    with pytest.raises(Exception) as problem, Workspace(database=url).journal(read_only=True):
        pass
    said = "".join(traceback.format_exception(problem.value))
    assert SECRET not in said


def test_nothing_that_holds_a_password_shows_it() -> None:
    url = URLS["nobody listens"]
    for holds in (read_url(url), Password(SECRET), Workspace(database=url)):
        for shown in (repr(holds), str(holds), f"{holds}", repr([holds]), repr({"x": (holds,)})):
            assert SECRET not in shown


def test_no_command_shows_local_variables_when_it_fails() -> None:
    groups = [
        app,
        *(getattr(importlib.import_module(f"breachkit.cli.{module}"), f"{name}_app") for name, (module, _) in COMMANDS.items()),
    ]
    assert len(groups) > 10
    assert [group for group in groups if group.pretty_exceptions_enable] == []


def test_a_command_that_breaks_leaves_a_traceback_without_values(tmp_path: Path) -> None:
    broken = (
        "import sys; from breachkit.storage.journal import Journal\n"
        "def open(where, **_):\n    kept = where\n    raise RuntimeError('broken')\n"
        "Journal.open = open\n"
        "from breachkit.__main__ import main\n"
        "sys.argv = ['breachkit', 'incident', 'list']\nmain()\n"
    )
    settings = {
        **os.environ,
        "BREACHKIT_DATABASE": URLS["nobody listens"],
        "BREACHKIT_SMTP_PASSWORD": SECRET,
        "HOME": str(tmp_path),
    }
    ran = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, env=settings, check=False)
    assert ran.returncode == 1
    assert "RuntimeError: broken" in ran.stderr
    assert SECRET not in ran.stderr + ran.stdout


async def test_screens_that_break_leave_a_traceback_without_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Breaks(BreachkitApp):
        def first_screens(self) -> None:
            password = SECRET[::-1][::-1]
            raise RuntimeError(f"broken after {len(password)} signs")

    broken = Breaks(Workspace(database=str(tmp_path / "x.db")))
    with pytest.raises(RuntimeError, match="broken after"):
        async with broken.run_test():
            pass
    broken._print_error_renderables()
    said = capsys.readouterr()
    assert "broken after" in said.err + said.out
    assert SECRET not in said.err + said.out


def test_nothing_writes_a_log_of_its_own_nor_shows_local_variables() -> None:
    room = Path(breachkit.__file__).parent
    wrong = re.compile(
        r"^\s*(?:import|from) (?:logging|cgitb|faulthandler)\b|show_locals=True|capture_locals=True", re.MULTILINE
    )
    found = {path.relative_to(room).as_posix() for path in room.rglob("*.py") if wrong.search(path.read_text(encoding="utf-8"))}
    assert found == set()
