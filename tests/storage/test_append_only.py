"""The database refuses what the journal would never do, whoever asks; what gets past it breaks the chain."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.domain.journal import canonical
from breachkit.storage.journal import Journal

from .house import NIGHT
from .stores import Statement, Store

Fill = Callable[..., Path]
SPOON = ", ".join(["'INC-1'", "{seq}", "x'7b7d'", f"'{'0' * 64}'", "'2026'", "'fact.recorded'"])


@pytest.fixture
def raw(filled: Fill) -> Iterator[sqlite3.Connection]:
    """Another tool's plain connection, with every pragma at its default."""
    path = filled(3, 2)
    with Journal.open(path) as journal:
        journal.store_law_pack(hashlib.sha256(b"pack").hexdigest(), b"pack", stored_at=NIGHT)
    with closing(sqlite3.connect(path)) as connection:
        before = contents(connection)
        yield connection
        connection.rollback()
        assert contents(connection) == before


def contents(connection: sqlite3.Connection) -> list[object]:
    return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("entry", "law_pack")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET content = x'7b7d' WHERE seq = 2",
        "UPDATE OR REPLACE entry SET seq = 2 WHERE seq = 3",
        "UPDATE OR IGNORE entry SET incident = 'INC-9'",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE incident = 'INC-1' AND seq = 3",
        "UPDATE law_pack SET content = x'00'",
        "DELETE FROM law_pack",
        "INSERT OR REPLACE INTO law_pack SELECT sha256, x'00', NULL FROM law_pack",
        "INSERT INTO law_pack SELECT sha256, x'00', NULL FROM law_pack WHERE 1 ON CONFLICT DO UPDATE SET content = x'00'",
        *(
            f"{verb} INTO entry (incident, seq, content, hash, recorded_at, kind) VALUES ({SPOON.format(seq=seq)}) {then}"
            for seq in ("1", "3", "5", "0", "-1", "NULL", "'x'", "2.5")
            for verb, then in (
                ("INSERT", ""),
                ("INSERT OR REPLACE", ""),
                ("REPLACE", ""),
                ("INSERT OR IGNORE", ""),
                ("INSERT", "ON CONFLICT (incident, seq) DO UPDATE SET content = excluded.content"),
            )
        ),
    ],
)
def test_the_database_refuses_to_change_delete_replace_or_skip(raw: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"never|only grows|once"):
        raw.execute(statement)


def test_there_is_no_rowid_to_replace_an_entry_by(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        raw.execute("INSERT OR REPLACE INTO entry (rowid, incident) VALUES (1, 'INC-1')")


def test_content_that_is_not_bytes_is_refused(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="content_is_bytes"):
        raw.execute(f"INSERT INTO entry VALUES ({SPOON.format(seq=4).replace(chr(120) + chr(39), chr(39))})")


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 shell is not installed")
def test_the_sqlite_shell_cannot_replace_an_entry_either(filled: Fill) -> None:
    path = filled(3)
    done = subprocess.run(
        ["sqlite3", str(path), f"INSERT OR REPLACE INTO entry VALUES ({SPOON.format(seq=2)});"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "only grows" in done.stderr
    with Journal.open(path) as journal:
        assert journal.verify() is None


def tampered(store: Store, *statements: Statement) -> Journal:
    """Somebody who owns the database drops the triggers, edits, and leaves."""
    store.tamper(*statements)
    return store.open()


def test_removed_triggers_are_told_on_opening(store: Store) -> None:
    store.fill(2)
    with tampered(store) as journal:
        assert "removed this database's own protection" in journal.warnings[0]
        assert "entry_no_delete" in journal.warnings[0]
        assert journal.verify() is None


@pytest.mark.parametrize(
    ("statement", "seq", "why"),
    [
        (
            "UPDATE entry SET content = (SELECT content FROM entry WHERE incident = 'INC-3' AND seq = 1) "
            "WHERE incident = 'INC-2' AND seq = 3",
            3,
            "was changed after it was written",
        ),
        ("DELETE FROM entry WHERE incident = 'INC-2' AND seq = 3", 3, "entry 3 is missing"),
        ("DELETE FROM entry WHERE incident = 'INC-2' AND seq = 1", 1, "entry 1 is missing"),
        ("UPDATE entry SET recorded_at = '2020' WHERE incident = 'INC-2' AND seq = 3", 3, "columns beside its content"),
        ("UPDATE entry SET kind = 'note.added' WHERE incident = 'INC-2' AND seq = 3", 3, "columns beside its content"),
        ("UPDATE entry SET incident = 'INC-2', seq = 6 WHERE incident = 'INC-1' AND seq = 5", 6, "does not link"),
    ],
)
def test_an_edit_behind_the_journals_back_is_found_where_it_was_made(store: Store, statement: str, seq: int, why: str) -> None:
    store.fill(5, 5, 5)
    with tampered(store, (statement, ())) as journal:
        found = journal.verify()
        assert found is not None
        assert (found.incident, found.seq) == ("INC-2", seq)
        assert why in found.why
        assert journal.verify("INC-2") == found
        assert journal.verify("INC-3") is None


@pytest.mark.parametrize("content", [b"not json", b'{"body": {}}', b"\xff\xfe", b"[]", b"1"])
def test_content_that_is_no_entry_is_found_though_its_hash_fits(store: Store, content: bytes) -> None:
    store.fill(4)
    edit = "UPDATE entry SET content = ?, hash = ? WHERE seq = 4"
    with tampered(store, (edit, (content, hashlib.sha256(content).hexdigest()))) as journal:
        found = journal.verify()
        assert found is not None
        assert found.seq == 4


def test_an_end_that_only_looks_like_the_right_one_does_not_pass(store: Store) -> None:
    store.fill(3)
    with store.open() as journal:
        last = journal.entries("INC-1")[2]
    content = store.look("SELECT content FROM entry WHERE seq = 3")[0][0]
    data = json.loads(content)
    inside = canonical(data | {"previous": last.hash, "zz": content.decode()})
    edit = "UPDATE entry SET content = ?, hash = ? WHERE seq = 3"
    with tampered(store, (edit, (inside, hashlib.sha256(inside).hexdigest()))) as journal:
        found = journal.verify()
        assert found is not None
        assert "does not link" in found.why
