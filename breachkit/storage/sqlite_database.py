"""An SQLite file as a Database, plain or encrypted. What the file is was decided before (`opening.py`)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from breachkit.storage.database import Dialect, Row, Value
from breachkit.storage.sqlite import plainly


class SqliteDatabase:
    """See `Database`. One connection, which threads share under one lock."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: bool) -> None:
        self.path = path
        self.place = str(path)
        self.read_only = read_only
        self.connection = connection
        self._lock = threading.RLock()

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        with self._lock, plainly(self.path):
            return self.connection.execute(query, values).fetchall()

    def stream(self, query: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        with self._lock, plainly(self.path):
            yield from self.connection.execute(query, values)

    def run(self, query: str, values: Sequence[Value] = ()) -> int:
        with self._lock, plainly(self.path):
            return self.connection.execute(query, values).rowcount

    def run_many(self, query: str, rows: Iterable[Sequence[Value]]) -> None:
        with self._lock, plainly(self.path):
            self.connection.executemany(query, rows)

    @contextmanager
    def transaction(self, *, alone: bool = True) -> Iterator[None]:  # noqa: ARG002 - SQLite has one writer at a time, always
        with self._lock, plainly(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def token(self) -> tuple[int, ...]:
        return self.rows("PRAGMA data_version")[0][0], self.connection.total_changes

    def close(self) -> None:
        with self._lock:
            self.connection.close()
