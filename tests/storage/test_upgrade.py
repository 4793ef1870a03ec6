"""The past still opens: older files are upgraded by themselves, and models and migrations say the same."""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from breachkit.storage import sqlite, tables, upgrade
from breachkit.storage.journal import Journal

from .house import NIGHT, fact, fill, opened


def stamp(path: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        number = connection.execute("PRAGMA user_version").fetchone()[0]
        return number, connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0]


def test_an_older_journal_is_upgraded_on_opening_with_its_entries_as_they_were(old: Path) -> None:
    assert stamp(old) == (1, "1")
    with closing(sqlite3.connect(old)) as connection:
        before = connection.execute("SELECT * FROM entry").fetchall()
    with Journal.open(old) as journal:
        assert "upgraded to schema 2" in journal.warnings[0]
        assert journal.verify() is None
        journal.append("INC-1", [fact()], expected=3, actor="ana", recorded_at=NIGHT)
    assert stamp(old) == (2, "2")
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT * FROM entry WHERE seq <= 3").fetchall() == before
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            connection.execute("DELETE FROM entry")


def test_an_older_journal_is_copied_before_it_is_upgraded(old: Path) -> None:
    kept = old.with_name("journal.db.schema-1")
    kept.write_text("an older copy")
    Journal.open(old).close()
    copy = old.with_name("journal.db.schema-1-2")
    assert kept.read_text() == "an older copy"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stamp(copy) == (1, "1")
    with Journal.open(copy, read_only=True) as journal:
        assert len(journal.entries("INC-1")) == 3


def test_an_older_journal_opened_for_reading_is_read_and_left_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    with Journal.open(old, read_only=True) as journal:
        assert journal.incidents() == ["INC-1"]
        assert journal.verify() is None
    assert old.read_bytes() == before


def test_an_upgrade_that_fails_leaves_the_journal_at_its_old_schema(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema(old)
    run_revisions = command.upgrade

    def interrupted(config: Config, revision: str) -> None:
        run_revisions(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Journal.open(old)
    monkeypatch.undo()
    assert stamp(old) == (1, "1")
    assert schema(old) == before
    with Journal.open(old) as journal:
        assert len(journal.entries("INC-1")) == 3


def test_the_schema_number_is_the_newest_revision(empty: Path) -> None:
    versions = Path(upgrade.__file__).parent / "migrations" / "versions"
    assert max(int(file.name[:4]) for file in versions.glob("0*.py")) == sqlite.SCHEMA
    assert stamp(empty) == (sqlite.SCHEMA, str(sqlite.SCHEMA))


def test_the_guards_looked_for_are_the_triggers_that_migrations_make(empty: Path) -> None:
    with closing(sqlite3.connect(empty)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert {name for (name,) in triggers} == sqlite.JOURNAL.guards


def schema(path: Path) -> dict[str, str]:
    query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    with closing(sqlite3.connect(path)) as connection:
        return {name: " ".join(sql.split()) for name, sql in connection.execute(query) if name != "alembic_version"}


def test_models_and_migrations_make_the_same_database(path: Path, tmp_path: Path) -> None:
    migrated = sqlalchemy.create_engine(f"sqlite:///{path}")
    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.METADATA) == []
    migrated.dispose()
    declared = tmp_path / "declared.db"
    engine = sqlalchemy.create_engine(f"sqlite:///{declared}")
    tables.METADATA.create_all(engine)
    engine.dispose()
    assert schema(declared) == schema(path)


def _open_and_add(path: str, gate: Any, results: Any) -> None:
    gate.wait()
    with Journal.open(path) as journal:
        results.put(journal.new_incident([opened()], actor="ana", recorded_at=NIGHT)[0])


@pytest.mark.parametrize("start", ["new", "old"])
def test_processes_that_open_at_once_make_or_upgrade_the_journal_once(start: str, old: Path, tmp_path: Path) -> None:
    path = tmp_path / "fresh" / "journal.db"
    if start == "old":
        path.parent.mkdir()
        shutil.copy(old, path)
    spawn = multiprocessing.get_context("spawn")
    gate, results = spawn.Barrier(4), spawn.Queue()
    workers = [spawn.Process(target=_open_and_add, args=(str(path), gate, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    ids = {results.get(timeout=60) for _ in workers}
    for worker in workers:
        worker.join()
    first = 2 if start == "old" else 1
    assert ids == {f"INC-{number}" for number in range(first, first + 4)}
    assert len([file for file in path.parent.iterdir() if "schema-1" in file.name]) == (start == "old")
    results.close()


def test_filling_is_possible_right_after_creation(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal.db") as journal:
        assert journal.warnings == []
        fill(journal, 3)
        assert journal.verify() is None
