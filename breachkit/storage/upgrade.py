"""Brings a database to the current schema, and creates a new one the same way. The only place that loads Alembic."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from breachkit.errors import Refused
from breachkit.storage.cipher import empty_copy, memory_for
from breachkit.storage.files import OWNER_ONLY_FILE, key_file_of
from breachkit.storage.sqlite import JOURNAL, Kind, connect, refuse_foreign

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: sqlite3.Connection, path: Path, kind: Kind = JOURNAL) -> str | None:
    """Bring the file to its kind's schema in one transaction, after copying an existing one. Returns what to tell its owner."""
    with migration(connection, kind) as run:
        schema: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if schema >= kind.schema:
            return None  # another process did it while this one waited for the lock
        refuse_foreign(connection, path, kind)
        kept = back_up(path, schema) if schema else None
        run("head")
    return f"{path} was upgraded to schema {kind.schema}; as it was before: {kept}" if kept else None


def upgraded_in_memory(connection: sqlite3.Connection, kind: Kind = JOURNAL) -> sqlite3.Connection:
    """A private, current copy of an older database, for reading one that must not be written."""
    memory = memory_for(connection)
    connection.backup(memory)
    with migration(memory, kind) as run:
        run("head")
    return memory


@contextmanager
def migration(connection: sqlite3.Connection, kind: Kind = JOURNAL) -> Iterator[Callable[[str], None]]:
    """Hold the write lock and hand out a function that runs the revisions up to one of them. All of it stays, or none."""
    import sqlalchemy
    from sqlalchemy.pool import StaticPool

    def run(revision: str) -> None:
        number = revise(bound, kind.revisions, revision)
        connection.execute(f"PRAGMA application_id = {kind.application}")
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?)", (str(number),))

    # The pool must not open a second connection: it would wait for the lock that this one holds.
    engine = sqlalchemy.create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with engine.connect() as bound:  # sends a ROLLBACK of its own, so the transaction begins after it
            connection.execute("BEGIN IMMEDIATE")
            with bound.begin():
                yield run
    except sqlalchemy.exc.DBAPIError as error:
        raise error.orig or error from error  # SQLite's own error, which `plainly` knows


def revise(bound: Connection, revisions: str, revision: str) -> int:
    """Run the revisions that lie in a package up to one of them, inside the caller's transaction; its number."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", revisions)
    config.attributes["connection"] = bound
    command.upgrade(config, revision)
    return int(str(ScriptDirectory.from_config(config).as_revision_number(revision)))


def back_up(path: Path, schema: int) -> Path:
    """A complete copy beside the file, owner alone; an older copy of the same name is kept."""
    for number in range(1, 1000):
        target = path.with_name(f"{path.name}.schema-{schema}" + (f"-{number}" if number > 1 else ""))
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY_FILE))
        except FileExistsError:
            continue
        with closing(connect(path, "ro")) as source, closing(empty_copy(target, path, key_file_of(path))) as copy:
            source.backup(copy)
        return target
    raise Refused(f"{path}: too many back-up copies beside it; move them away, then open it again")
