"""A batch's own database, beside the letters it writes: who was read, which letter each gets, and which parts are written.

It holds people's data, so it lies in the owner's folder and never in the journal. Every step is one transaction, so that a
batch that was stopped at any moment goes on where it was. What a letter says is for others.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from breachkit.errors import Refused
from breachkit.storage.sqlite import plainly

NAME: Final = "batch.sqlite"
_APPLICATION: Final = 0x62726B62
"""`brkb` in the file's header: a batch of breachkit."""
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE form (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE variant (id INTEGER PRIMARY KEY, form INTEGER NOT NULL, place TEXT NOT NULL, UNIQUE (form, place));
CREATE TABLE person (
  variant INTEGER NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL,
  address TEXT NOT NULL, own TEXT, PRIMARY KEY (variant, row)
) WITHOUT ROWID;
CREATE TABLE identity (key BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE refused (row INTEGER PRIMARY KEY, id TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE duplicate (row INTEGER PRIMARY KEY, id TEXT NOT NULL, of_row INTEGER NOT NULL, by TEXT NOT NULL);
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY, variant INTEGER NOT NULL, first_row INTEGER NOT NULL, last_row INTEGER NOT NULL,
  letters INTEGER NOT NULL, written TEXT
);
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of letters of one variant that is written as one: a folder of files or one file."""

    id: int
    form: int
    place: str
    variant: int
    first_row: int
    last_row: int
    letters: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A person who gets a letter, as kept until it is written."""

    row: int
    id: str
    name: str
    email: str
    address: tuple[str, ...]
    own: str | None = None
    """The whole letter in Markdown, where its template does more than print a person's data; None where it is merged."""


class BatchFile:
    """The open database. `with BatchFile.open(folder, settings) as batch`; closing is all that is needed to stop."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection
        self._forms: dict[str, int] = dict(connection.execute("SELECT key, id FROM form"))
        found = connection.execute("SELECT form, place, id FROM variant")
        self._variants: dict[tuple[int, str], int] = {(form, place): id for form, place, id in found}

    @classmethod
    def open(cls, folder: Path, settings: Mapping[str, str]) -> BatchFile:
        """Start a batch in a folder, or go on with it. Refused when it is another one: the message says what differs."""
        path = folder / NAME
        if path.is_symlink():
            raise Refused(f"{path} is a symbolic link; give a folder of your own to the batch")
        with plainly(path):
            fresh = not path.exists() or path.stat().st_size == 0
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            connection = _connect(path, "rw")
            try:
                if fresh or connection.execute("PRAGMA application_id").fetchone()[0] == 0:
                    _create(connection, path, settings)
                elif connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
                    raise Refused(f"{path} is no batch of breachkit; give the batch a folder of its own")
                _refuse_others(connection, path, settings)
                return cls(path, connection)
            except BaseException:
                connection.close()
                raise

    @classmethod
    def reading(cls, path: Path) -> BatchFile:
        """The same for looking only, as processes that write letters do."""
        with plainly(path):
            return cls(path, _connect(path, "ro"))

    def __enter__(self) -> BatchFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close; what was committed stays."""
        self._db.close()

    # -- what it knows of itself ---------------------------------------------------------------------------------------

    def get(self, key: str, default: Any = None) -> Any:
        """A value kept with the batch."""
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if found is None else json.loads(found[0])

    def put(self, **values: Any) -> None:
        """Keep values with the batch; part of the transaction it is called in."""
        rows = [(key, json.dumps(value, sort_keys=True)) for key, value in values.items()]
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with plainly(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                self._forms = dict(self._db.execute("SELECT key, id FROM form"))
                query = "SELECT form, place, id FROM variant"
                self._variants = {(form, place): id for form, place, id in self._db.execute(query)}
                raise
            self._db.execute("COMMIT")

    # -- reading in ----------------------------------------------------------------------------------------------------

    def form(self, key: str) -> int | None:
        """The number of the letter kept under that key; None when there is none yet."""
        return self._forms.get(key)

    def add_form(self, key: str, body: Mapping[str, Any]) -> int:
        """Keep a letter that people's data go into; its number."""
        cursor = self._db.execute("INSERT INTO form (key, body) VALUES (?, ?)", (key, json.dumps(body, sort_keys=True)))
        assert cursor.lastrowid is not None
        self._forms[key] = cursor.lastrowid
        return cursor.lastrowid

    def forms(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """All letters kept, with their numbers."""
        for id, body in self._db.execute("SELECT id, body FROM form ORDER BY id"):
            yield id, json.loads(body)

    def form_body(self, id: int) -> dict[str, Any]:
        """One letter."""
        body: dict[str, Any] = json.loads(self._db.execute("SELECT body FROM form WHERE id = ?", (id,)).fetchone()[0])
        return body

    def variant(self, form: int, place: str) -> int:
        """The number of the pair of a letter and a place of residence."""
        if (known := self._variants.get((form, place))) is not None:
            return known
        cursor = self._db.execute("INSERT INTO variant (form, place) VALUES (?, ?)", (form, place))
        assert cursor.lastrowid is not None
        made = self._variants[form, place] = int(cursor.lastrowid)
        return made

    def known_keys(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """Which of these keys people above have, and in which row."""
        found: dict[bytes, int] = {}
        for start in range(0, len(keys), 900):
            part = keys[start : start + 900]
            query = f"SELECT key, row FROM identity WHERE key IN ({','.join('?' * len(part))})"  # noqa: S608 - only question marks
            found.update(self._db.execute(query, part))
        return found

    def add(
        self,
        *,
        people: Iterable[tuple[int, Kept]],
        refused: Iterable[tuple[int, str, str, str]],
        duplicates: Iterable[tuple[int, str, int, str]],
        keys: Iterable[tuple[bytes, int]],
    ) -> None:
        """Keep what became of some rows: people with their variants, refusals, duplicates, and the keys people are known by."""
        rows = ((variant, p.row, p.id, p.name, p.email, "\n".join(p.address), p.own) for variant, p in people)
        self._db.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?)", refused)
        self._db.executemany("INSERT INTO duplicate VALUES (?, ?, ?, ?)", duplicates)
        self._db.executemany("INSERT INTO identity VALUES (?, ?)", sorted(keys))

    # -- writing -------------------------------------------------------------------------------------------------------

    def plan(self, sizes: Mapping[int, int], default: int) -> None:
        """Cut every variant's people into chunks: of `default` people, or of as many as `sizes` says for a letter's number."""
        query = "SELECT id, form FROM variant ORDER BY place, form"
        for variant, form in self._db.execute(query).fetchall():
            size = sizes.get(form, default)
            rows: list[int] = []
            for (row,) in self._db.execute("SELECT row FROM person WHERE variant = ? ORDER BY row", (variant,)):
                rows.append(row)
                if len(rows) == size:
                    self._add_chunk(variant, rows)
                    rows = []
            if rows:
                self._add_chunk(variant, rows)

    def _add_chunk(self, variant: int, rows: list[int]) -> None:
        query = "INSERT INTO chunk (variant, first_row, last_row, letters) VALUES (?, ?, ?, ?)"
        self._db.execute(query, (variant, rows[0], rows[-1], len(rows)))

    def chunks(self, *, written: bool) -> Iterator[tuple[Chunk, dict[str, Any]]]:
        """The chunks that are written, or those that are not, with what was noted when they were."""
        query = (
            "SELECT c.id, v.form, v.place, c.variant, c.first_row, c.last_row, c.letters, c.written FROM chunk c "
            "JOIN variant v ON v.id = c.variant WHERE (c.written IS NOT NULL) = ? ORDER BY c.id"
        )
        for *chunk, noted in self._db.execute(query, (written,)):
            yield Chunk(*chunk), json.loads(noted) if noted else {}

    def letters_written(self) -> int:
        """How many letters lie in chunks that are written."""
        return int(self._db.execute("SELECT coalesce(sum(letters), 0) FROM chunk WHERE written IS NOT NULL").fetchone()[0])

    def chunk_written(self, id: int, noted: Mapping[str, Any]) -> None:
        """Note that a chunk lies on disk as a whole."""
        self._db.execute("UPDATE chunk SET written = ? WHERE id = ? AND written IS NULL", (json.dumps(noted), id))

    def chunk_lost(self, id: int) -> None:
        """Note that a chunk is to be written again."""
        self._db.execute("UPDATE chunk SET written = NULL WHERE id = ?", (id,))

    def people_of(self, chunk: Chunk) -> Iterator[Kept]:
        """The people of a chunk, in the order of their rows."""
        query = "SELECT row, id, name, email, address, own FROM person WHERE variant = ? AND row BETWEEN ? AND ? ORDER BY row"
        for row, id, name, email, address, own in self._db.execute(query, (chunk.variant, chunk.first_row, chunk.last_row)):
            yield Kept(row, id, name, email, tuple(address.split("\n")) if address else (), own)

    def refused(self) -> Iterator[tuple[int, str, str, str]]:
        """Every refused row: row, id, code, detail."""
        yield from self._db.execute("SELECT row, id, code, detail FROM refused ORDER BY row")

    def duplicates(self) -> Iterator[tuple[int, str, int, str]]:
        """Every duplicate: row, id, the row it repeats, and the kind of key they share."""
        yield from self._db.execute("SELECT row, id, of_row, by FROM duplicate ORDER BY row")


def peek(folder: Path, key: str) -> Any:
    """A value of the batch in a folder without opening it for writing; None when no batch lies there."""
    path = folder / NAME
    if not path.is_file() or path.is_symlink():
        return None
    with plainly(path):
        connection = _connect(path, "ro")
        try:
            if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
                return None
            found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
            return None if found is None else json.loads(found[0])
        finally:
            connection.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=30)
    connection.execute("PRAGMA trusted_schema = OFF")
    # A batch that was cut short is redone from its last commit, so a commit need not wait for the disk.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{64_000 if mode == 'rw' else 4_000}")
    return connection


def _create(connection: sqlite3.Connection, path: Path, settings: Mapping[str, str]) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise Refused(f"{path} is a database, but no batch of breachkit; give the batch a folder of its own")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('settings', ?)", (json.dumps(dict(settings), sort_keys=True),))
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute("COMMIT")


def _refuse_others(connection: sqlite3.Connection, path: Path, settings: Mapping[str, str]) -> None:
    before = json.loads(connection.execute("SELECT value FROM meta WHERE key = 'settings'").fetchone()[0])
    differs = [key for key in (*before, *settings) if before.get(key) != settings.get(key)]
    if differs:
        said = "; ".join(
            f"{key}: {before.get(key, 'nothing')} then, {settings.get(key, 'nothing')} now" for key in dict.fromkeys(differs)
        )
        raise Refused(
            f"{path.parent} holds a batch that was begun with something else ({said}). "
            "Go on with the same, or give this one another folder"
        )
