"""How SQLite is spoken to: connections, the schema stamp, the health check, and its errors in a responder's words."""

from __future__ import annotations

import sqlite3
import struct
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from breachkit.errors import BreachkitError, JournalDamaged, Refused, UsageError
from breachkit.storage.files import MAGIC, has_wal, is_half_written, is_plain, key_file_of, wal_of

APPLICATION_ID = 0x62726B31
"""`brk1` in the file's header: this SQLite file is a breachkit journal and nobody else's database."""
SCHEMA = 2
"""The schema number this version writes: the number of the newest Alembic revision."""


class Kind(NamedTuple):
    """What a store of breachkit is, as its file says it."""

    name: str
    """What messages call it."""
    application: int
    """What stands in the file's header."""
    schema: int
    """The number of the newest Alembic revision."""
    guards: frozenset[str]
    """The triggers that make the database itself refuse a change."""
    revisions: str
    """Where its Alembic revisions lie, as a package."""


JOURNAL = Kind(
    "journal",
    APPLICATION_ID,
    SCHEMA,
    frozenset({"entry_in_order", "entry_no_update", "entry_no_delete"})
    | frozenset({"law_pack_no_replace", "law_pack_no_update", "law_pack_no_delete"}),
    "breachkit.storage:migrations",
)
VAULT = Kind(
    "vault",
    0x62726B76,  # `brkv`
    1,
    frozenset({"event_no_update", "event_no_delete", "envelope_no_delete", "dispatch_no_delete"}),
    "breachkit.storage:vault_migrations",
)

_BUSY_SECONDS = 5.0
_CIPHER_PAGE = 4096


class Stamp(NamedTuple):
    """What a file says it is, read without changing it."""

    application: int
    schema: int


def connect(path: Path, mode: Literal["ro", "rw"]) -> sqlite3.Connection:
    """A connection that threads share under the journal's own lock, and that opens transactions only when told."""
    if (key_file := key_file_of(path)) is not None:
        from breachkit.storage.cipher import connect_encrypted

        refuse_plain(path, key_file)
        return connect_encrypted(path, key_file, mode)
    uri = path.absolute().as_uri()
    connection = _connect(f"{uri}?mode={mode}")
    if mode == "ro" and not has_wal(path):
        try:
            connection.execute("PRAGMA schema_version")
        except sqlite3.OperationalError as error:
            connection.close()
            shut = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)  # by SQLite's version
            if not shut or is_half_written(path):
                raise
            connection = _connect(f"{uri}?immutable=1")  # a read-only folder, where the shared memory cannot be made
    return connection


def settle(connection: sqlite3.Connection, *, writing: bool, kind: Kind = JOURNAL) -> list[str]:
    """Durable and strict from here on. Returns what the owner should hear."""
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone does not reach the disk there
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    said = []
    if writing and connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        said.append("this file system has no shared memory for SQLite's log; entries are as safe, writing is slower")
    triggers = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    if missing := sorted(kind.guards - triggers):
        said.append(
            f"somebody removed this database's own protection ({', '.join(missing)}); "
            "run `breachkit journal verify` and compare the heads with those you noted elsewhere"
        )
    return said


def refuse_plain(path: Path, key_file: Path) -> None:
    """Never go on in the clear where the owner chose encryption: the file may have been put in its place."""
    if is_plain(path):
        raise Refused(
            f"{path} is not encrypted, but its key file {key_file.name} is there. If `breachkit init --encrypt-existing` "
            "was interrupted, run it again; otherwise somebody put another file in its place. It was not touched"
        )


def read_stamp(path: Path) -> Stamp:
    """The stamp of a file, or JournalDamaged when it is no database. Touches nothing, not even by closing."""
    key_file = key_file_of(path)
    try:
        with path.open("rb") as file:
            header = file.read(100)
            size = file.seek(0, 2)
    except OSError as problem:
        raise Refused(f"{path} cannot be read ({problem.strerror}); look at who owns the file and its folder") from problem
    if has_wal(path) or (not size and wal_of(path).exists()):
        if not size:  # SQLite would take the file for a new one and delete the log with the entries in it
            raise JournalDamaged(f"{path} is empty, but {wal_of(path).name} beside it is not gone")
        with closing(connect(path, "ro")) as connection:
            return _stamp(connection)
    if not size or is_half_written(path):
        return Stamp(0, 0)  # asked again through the connection, once SQLite has undone what was half written
    if key_file is not None and not header.startswith(MAGIC):
        if size % _CIPHER_PAGE:
            raise JournalDamaged(f"{path} was cut off: it has {size} bytes, which are no whole pages")
        return Stamp(0, 0)  # asked through the connection: without a log, opening a file changes nothing in it
    if len(header) < 100 or not header.startswith(MAGIC):
        raise JournalDamaged(f"{path} does not begin like an SQLite database")
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    changes, pages, valid_for = struct.unpack(">I", header[24:28])[0], *struct.unpack(">I60xI", header[28:96])
    if page_size and (size % page_size or (changes == valid_for and size < pages * page_size)):
        raise JournalDamaged(f"{path} was cut off: it has {size} bytes and should have {pages * page_size}")
    return Stamp(*struct.unpack(">i", header[68:72]), *struct.unpack(">i", header[60:64]))


def _stamp(connection: sqlite3.Connection) -> Stamp:
    asked = ("PRAGMA application_id", "PRAGMA user_version")
    return Stamp(*(connection.execute(query).fetchone()[0] for query in asked))


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Walk every page (0.7 ms per MB); JournalDamaged at the first fault. The hash chains are `verify`'s matter."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise JournalDamaged(f"{path} is damaged: {' '.join(verdict.split())}")


def refuse_foreign(connection: sqlite3.Connection, path: Path, kind: Kind = JOURNAL) -> None:
    """Never add tables to somebody else's database."""
    stamped = connection.execute("PRAGMA application_id").fetchone()[0] == kind.application
    if not stamped and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise UsageError(f"{path} is an SQLite database, but not a breachkit {kind.name}; nothing was changed in it")


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ones that say what it means for what was being recorded."""
    try:
        yield
    except driver_errors() as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None and str(error) == "SQL logic error":  # how SQLCipher says that a page fails its checksum
            code = sqlite3.SQLITE_CORRUPT
        if code is None:  # a mistake in this program, such as using a closed journal
            raise
        if code == sqlite3.SQLITE_ERROR and str(error) == "SQL logic error":
            code = sqlite3.SQLITE_CORRUPT
        raise _explained(path, error, code & 0xFF) from error


def driver_errors() -> tuple[type[Exception], ...]:
    """What the drivers in use raise. SQLCipher's are no sqlite3.Error, and it is not imported to find out."""
    loaded = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if loaded is None else (sqlite3.Error, loaded.Error)


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False)


def _explained(path: Path, error: Exception, code: int) -> BreachkitError:
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return JournalDamaged(f"{path} is damaged: {error}. Nothing was written; reopen it to read what is left")
        case sqlite3.SQLITE_FULL:
            return Refused(f"{path}: the disk is full and nothing was recorded; free some space, then record again")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Refused(f"{path}: another process held it for {_BUSY_SECONDS:g} s and nothing was recorded; try again")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return Refused(f"{path} cannot be opened or written ({error}); look at who owns the file and its folder")
        case sqlite3.SQLITE_IOERR:
            return Refused(f"{path}: the disk failed ({error}). Nothing was confirmed: read the journal before recording")
        case _:
            return Refused(f"{path}: the database refused ({error}); nothing was recorded")
