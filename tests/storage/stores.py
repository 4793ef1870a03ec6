"""The kinds of database that a journal lies on, as tests need them: opened, filled, and tampered with by their owner."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from breachkit.storage.journal import Journal

from .house import fill

KINDS = ("sqlite", "sqlcipher", "postgresql")
Statement = tuple[str, Sequence[Any]]


@dataclass
class Store:
    """An empty, closed journal of one kind."""

    where: str
    """What `--database` would be."""

    def open(self, **options: bool) -> Journal:
        return Journal.open(self.where, **options)

    def fill(self, *sizes: int) -> None:
        """Incidents of so many entries each."""
        with self.open() as journal:
            fill(journal, *sizes)

    def look(self, query: str) -> list[tuple[Any, ...]]:
        """What another tool sees."""
        raise NotImplementedError

    def tamper(self, *statements: Statement) -> None:
        """Its owner drops the triggers, edits, and leaves. `?` stands where a value goes."""
        raise NotImplementedError


class FileStore(Store):
    """An SQLite file."""

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.where)

    def look(self, query: str) -> list[tuple[Any, ...]]:
        with closing(self.connect()) as connection:
            return connection.execute(query).fetchall()

    def tamper(self, *statements: Statement) -> None:
        with closing(self.connect()) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement, values in statements:
                connection.execute(statement, values)
            connection.commit()


class ServerStore(Store):
    """A database on a PostgreSQL server, as the role that made the journal there."""

    def look(self, query: str) -> list[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self.where, options="-c search_path=breachkit") as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return] # not a literal

    def tamper(self, *statements: Statement) -> None:
        import psycopg

        triggers = (
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT tgisinternal AND relnamespace = 'breachkit'::regnamespace"
        )
        with psycopg.connect(self.where, options="-c search_path=breachkit") as connection:
            for table, name in connection.execute(triggers).fetchall():
                connection.execute(f"DROP TRIGGER {name} ON {table}")  # type: ignore[call-overload] # not a literal
            for statement, values in statements:
                connection.execute(statement.replace("?", "%s"), values)  # type: ignore[call-overload] # not a literal


def made(request: pytest.FixtureRequest) -> Store:
    """A store of the kind a fixture was parametrised with."""
    if request.param == "postgresql":
        return ServerStore(request.getfixturevalue("team_database"))
    if request.param == "sqlcipher":
        from .ciphered import CipherStore

        sealed: Path = request.getfixturevalue("sealed")
        return CipherStore(str(sealed))
    path: Path = request.getfixturevalue("path")
    return FileStore(str(path))
