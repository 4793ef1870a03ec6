"""What a file is - new, older, newer, damaged or sound - decided before anything writes to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from breachkit.errors import JournalDamaged, JournalTooNew, KeyNeeded
from breachkit.storage.database import Database
from breachkit.storage.files import has_wal, is_plain, key_beside, key_file_of, locate, looks_encrypted, secure
from breachkit.storage.sqlite import JOURNAL, Kind, check, connect, plainly, read_stamp, refuse_foreign, settle
from breachkit.storage.sqlite_database import SqliteDatabase


@dataclass(slots=True)
class Opened:
    """A database ready for use, and what its owner should know."""

    database: Database
    warnings: list[str] = field(default_factory=list)
    damaged: str | None = None
    """Why the file cannot be trusted; then `database` holds a copy of what is still readable."""


def open_file(where: Path | str, *, read_only: bool, create: bool) -> Opened:
    """Open a journal's file; a damaged one as a copy of what is left, or JournalDamaged when nothing is."""
    path = locate(where)
    warnings = secure(path, create=create and not read_only, read_only=read_only)
    try:
        with plainly(path):
            sound = open_sound(path, warnings, read_only=read_only)
            return Opened(SqliteDatabase(path, sound, read_only=read_only), warnings)
    except JournalDamaged as damage:
        from breachkit.storage.keyfile import missing
        from breachkit.storage.salvage import salvage

        left = salvage(path)
        if not left.rows:
            if not is_plain(path) and key_file_of(path) is None and looks_encrypted(path):
                raise KeyNeeded(f"{path} looks encrypted. It was not touched: {missing(key_beside(path))}") from damage
            raise JournalDamaged(
                f"{damage}. No entry in it can be read and it was not touched: "
                "keep the file, and put back your latest back-up copy under another name"
            ) from damage
        text = f"{damage}. It was opened read-only from a copy and not touched: {left}"
        return Opened(SqliteDatabase(path, left.in_memory(), read_only=True), warnings, text)


def open_sound(path: Path, warnings: list[str], *, read_only: bool, kind: Kind = JOURNAL) -> sqlite3.Connection:
    """A connection to a file that is there and whole, brought to the current schema. JournalDamaged when it is not whole."""
    stamp = read_stamp(path)
    if stamp.application in (0, kind.application):  # what is somebody else's is refused as that, not as too new
        _refuse_newer(stamp.schema, path, kind)
    if has_wal(path):
        # Closing the last connection that may write moves the log into the main file: not before both are known sound.
        with closing(connect(path, "ro")) as reader:
            check(reader, path)
    file = path.stat().st_ino
    connection = connect(path, "ro" if read_only else "rw")
    try:
        check(connection, path)
        if path.stat().st_ino != file:  # an encrypted one was put in its place while this one waited for it
            connection.close()
            return open_sound(path, warnings, read_only=read_only, kind=kind)
        refuse_foreign(connection, path, kind)
        schema: int = connection.execute("PRAGMA user_version").fetchone()[0]
        _refuse_newer(schema, path, kind)  # again: a half-written file is known only now
        if schema < kind.schema:
            connection = _current(connection, path, warnings, read_only=read_only, kind=kind)
        warnings += settle(connection, writing=not read_only, kind=kind)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_newer(schema: int, path: Path, kind: Kind) -> None:
    if schema > kind.schema:
        raise JournalTooNew(
            f"{path} was written by a newer breachkit (schema {schema}; this one knows {kind.schema}). "
            "It was not touched: upgrade breachkit, then open it again"
        )


def _current(
    connection: sqlite3.Connection, path: Path, warnings: list[str], *, read_only: bool, kind: Kind
) -> sqlite3.Connection:
    from breachkit.storage.upgrade import upgrade, upgraded_in_memory

    if read_only:
        with closing(connection):
            return upgraded_in_memory(connection, kind)
    if said := upgrade(connection, path, kind):
        warnings.append(said)
    return connection
