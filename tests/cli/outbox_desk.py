"""An approved incident at whose desk commands of the outbox are typed, with its letters queued or sent."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from breachkit.__main__ import main
from tests.workflow.outbox_house import House, build, copied

if TYPE_CHECKING:
    from .conftest import Ran, Run

Typed = Callable[..., "Ran"]
PURGE = ("purge", "INC-1", "--people", "--reason", "retention period ended")
OUT = ("--for-real", "--folder", "out")
MEASURES = ("advice", "before", "planned", "taken")


@pytest.fixture(scope="session")
def approved_once(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    return build(tmp_path_factory.mktemp("approved") / "desk", cache=parsed_once)


@pytest.fixture(scope="session")
def queued_once(approved_once: House, tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    one = copied(approved_once, tmp_path_factory.mktemp("queued") / "desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREACHKIT_CACHE", str(parsed_once))
        one.queue()
    return one


@pytest.fixture
def house(approved_once: House, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> House:
    """An approved incident with a finished batch, in the folder where commands are given."""
    return entered(copied(approved_once, tmp_path / "desk"), monkeypatch)


@pytest.fixture
def queued(queued_once: House, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> House:
    """The same, with its three letters in the outbox."""
    return entered(copied(queued_once, tmp_path / "desk"), monkeypatch)


@pytest.fixture
def sent(queued: House, run: Run) -> House:
    """And sent into a folder."""
    run("send", "run", "INC-1", *OUT, "--count", 3)
    return queued


def entered(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Commands are given in its folder, on its database."""
    monkeypatch.chdir(house.folder)
    monkeypatch.setenv("BREACHKIT_DATABASE", str(house.folder / "breachkit.db"))
    return house


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Run a command at a terminal at which these words are typed."""
    import pty  # not on Windows

    from .conftest import Ran

    master, slave = pty.openpty()

    def ran(*words: object, keys: str, code: int = 0) -> Ran:
        os.write(master, keys.encode())
        with open(slave, encoding="utf-8", closefd=False) as terminal, monkeypatch.context() as patch:
            patch.setattr("sys.argv", ["breachkit", *map(str, words)])
            patch.setattr("sys.stdin", terminal)
            ended = 0
            try:
                main()
            except SystemExit as stopped:
                ended = int(stopped.code or 0)
        out, err = capsys.readouterr()
        assert ended == code, f"{words} ended with {ended}, not {code}\n{err}{out}"
        return Ran(ended, out, err)

    yield ran
    os.close(master)
    os.close(slave)


def vault_sql(house: House, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(house.folder / "breachkit.db.vault")) as connection:
        rows = connection.execute(statement).fetchall()
        connection.commit()
        return rows


def in_doubt(house: House, run: Run) -> str:
    """One envelope that a sender was sending when it died."""
    vault_sql(house, "UPDATE envelope SET status = 'sending', sender = 'dead', attempts = 1 WHERE n = 1")
    run("send", "recover", "INC-1")
    [one] = run("send", "list", "INC-1", "--status", "in-doubt", "--json").json["envelopes"]
    return str(one["envelope"])
