"""What may lie at a path when a journal is opened there, and who may read it afterwards."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.errors import JournalDamaged, JournalTooNew, Refused, UsageError
from breachkit.storage.journal import Journal

from .house import NIGHT, fact, fill

Fill = Callable[..., Path]
posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def folder(path: Path) -> dict[str, bytes]:
    """Every byte in the folder, apart from SQLite's shared memory."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")}


@posix
@pytest.mark.parametrize("umask", [0o000, 0o077, 0o177])
def test_a_new_journal_and_its_folders_are_the_owners_alone(tmp_path: Path, umask: int) -> None:
    if umask == 0o177 and os.geteuid():
        pytest.skip("only root can enter a folder without its x bit")
    path = tmp_path / "breachkit" / "cases" / "journal.db"
    before = os.umask(umask)
    try:
        with Journal.open(path) as journal:
            fill(journal, 2)
            modes = {file.name: mode(file) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"journal.db": 0o600, "journal.db-wal": 0o600, "journal.db-shm": 0o600}
    assert not mode(path.parent) & 0o077
    assert not mode(path.parent.parent) & 0o077


@posix
def test_a_file_others_could_read_is_made_private_and_the_owner_is_told(filled: Fill) -> None:
    path = filled(1)
    path.chmod(0o644)
    with Journal.open(path, read_only=True) as journal:
        assert "chmod 600" in journal.warnings[0]
    assert mode(path) == 0o644
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    with Journal.open(path) as journal:
        assert "could be read by others (mode 0644)" in journal.warnings[0]
    assert mode(path) == 0o600
    with Journal.open(path) as journal:
        assert journal.warnings == []


@posix
@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal", "journal.db-shm"])
def test_a_symbolic_link_is_refused(filled: Fill, name: str) -> None:
    path = filled(1)
    target = path.with_name("elsewhere")
    link = path.with_name(name)
    if link.exists():
        link.rename(target)
    target.touch()
    link.symlink_to(target)
    with pytest.raises(Refused, match="symbolic link"):
        Journal.open(path)


def test_a_folder_in_place_of_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a file"):
        Journal.open(tmp_path)


def test_a_url_means_the_same_file(filled: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(3)
    monkeypatch.chdir(path.parent)
    for where in (str(path), f"sqlite:///{path}", "sqlite:///journal.db", "journal.db"):
        with Journal.open(where, create=False) as journal:
            assert journal.head("INC-1")[0] == 3


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("mysql://ana:hunter2@db/journal", "mysql"),
        ("sqlite://host/x", "sqlite:///relative"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///", "needs a file"),
    ],
)
def test_other_databases_are_refused_without_repeating_a_password(where: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        Journal.open(where)
    assert "hunter2" not in str(caught.value)


def test_an_odd_name_is_only_a_name(empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "what?mode=memory&x=%41#1.db"
    path.write_bytes(empty.read_bytes())
    with Journal.open(path) as journal:
        fill(journal, 2)
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]


def test_entries_are_durable_by_every_setting_sqlite_has(path: Path) -> None:
    with Journal.open(path) as journal:
        ask = journal._db.rows
        assert ask("PRAGMA journal_mode") == [("wal",)]
        assert ask("PRAGMA synchronous") == [(2,)]
        assert ask("PRAGMA foreign_keys") == [(1,)]
        assert ask("PRAGMA busy_timeout") == [(5000,)]


def test_a_newer_journal_is_left_as_it_is_byte_for_byte(filled: Fill) -> None:
    path = filled(3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = folder(path)
    for read_only in (False, True):
        with pytest.raises(JournalTooNew, match="schema 99"):
            Journal.open(path, read_only=read_only)
    assert folder(path) == before


def test_a_newer_journal_that_somebody_has_open_is_left_as_it_is_too(filled: Fill) -> None:
    path = filled(3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        before = folder(path)
        assert before["journal.db-wal"]
        with pytest.raises(JournalTooNew, match="schema 99"):
            Journal.open(path)
        assert folder(path) == before


def test_somebody_elses_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    for version in (0, 1, 2):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS entry (x)")
            connection.execute(f"PRAGMA user_version = {version}")
        before = folder(path)
        with pytest.raises(UsageError, match="not a breachkit journal"):
            Journal.open(path)
        assert folder(path) == before


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    with Journal.open(path) as journal:
        fill(journal, 2)


def test_an_empty_or_missing_file_with_a_log_beside_it_is_never_taken_for_new(filled: Fill) -> None:
    path = filled(3)
    kept = path.read_bytes()
    with Journal.open(path) as journal:
        journal.append("INC-1", [fact()], expected=3, actor="ana", recorded_at=NIGHT)
        log = path.with_name("journal.db-wal").read_bytes()
    path.with_name("journal.db-wal").write_bytes(log)
    path.write_bytes(b"")
    before = folder(path)
    with pytest.raises(JournalDamaged):
        Journal.open(path)
    assert folder(path) == before
    path.unlink()
    with pytest.raises(JournalDamaged, match="is gone"):
        Journal.open(path)
    path.write_bytes(kept)
    with Journal.open(path) as journal:
        assert journal.head("INC-1")[0] == 4


@posix
def test_a_journal_in_a_folder_that_cannot_be_written_can_be_read(filled: Fill) -> None:
    path = filled(3)
    if not os.geteuid():
        pytest.skip("root can write everywhere")
    path.parent.chmod(0o500)
    try:
        with Journal.open(path, read_only=True) as journal:
            assert len(journal.entries("INC-1")) == 3
    finally:
        path.parent.chmod(0o700)


def test_a_journal_that_is_up_to_date_is_opened_without_any_orm(filled: Fill) -> None:
    program = f"""
import sys
from datetime import datetime, UTC
from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal
with Journal.open({str(filled(3))!r}) as journal:
    journal.append("INC-1", [Draft("note.added", {{}})], expected=3, actor="ana", recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
    journal.entries("INC-1"), journal.verify(), journal.heads()
heavy = {{"sqlalchemy", "sqlmodel", "alembic", "pydantic", "tempfile", "asyncio"}} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)
