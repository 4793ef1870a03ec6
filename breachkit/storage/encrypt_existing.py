"""A plain journal and its vault made encrypted: copied, compared row by row, then put in place of the plain ones.

May be killed and run again at any point. Until both are done neither opens, so that nobody goes on in the clear.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from breachkit.errors import JournalDamaged, Refused
from breachkit.storage.chain import first_break_stored
from breachkit.storage.cipher import Raw, open_raw, raw_key
from breachkit.storage.files import create_file, is_plain, store_of
from breachkit.storage.key_changes import take
from breachkit.storage.keyfile import KeyFile, sync_folder
from breachkit.storage.keys import data_keys
from breachkit.storage.sqlite import check, plainly
from breachkit.storage.sqlite_database import SqliteDatabase

_BLOCK = 1 << 20


def encrypt_existing(file: KeyFile, *, progress: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Encrypt what is still plain of the journal and the vault of a key file; the plain files, kept under `.plain`."""
    keys, kept = data_keys(file), []
    journal = file.path.with_suffix("")
    for path in (journal, journal.with_name(journal.name + ".vault")):
        if is_plain(path):
            progress(f"{path.name} is copied and compared")
            raw = raw_key(keys[file.newest.number], file.database, store_of(path)[1])
            with plainly(path):
                _encrypt(path, raw)
        if (plain := _plain(path)).exists():
            kept.append(plain)
    return kept


def remove_plain(paths: list[Path]) -> None:
    """Overwrite and delete the plain files. What SSDs, snapshots and back-ups still hold cannot be reached from here."""
    for path in paths:
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(bytes(min(left, _BLOCK)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)


def _plain(path: Path) -> Path:
    return path.with_name(path.name + ".plain")


def _encrypt(path: Path, raw: Raw) -> None:
    target = path.with_name(path.name + ".encrypting")
    for side in ("", "-wal", "-shm", "-journal"):
        target.with_name(target.name + side).unlink(missing_ok=True)  # of an attempt that was interrupted
    if _plain(path).exists() and _plain(path).samefile(path):
        _plain(path).unlink()  # a second name that an interrupted attempt had given it
    if _plain(path).exists():
        raise Refused(f"{_plain(path)} is there already; move it away, then run this again")
    create_file(target)
    with closing(open_raw(f"{path.absolute().as_uri()}?mode=rw", None)) as connection:
        check(connection, path)
        take(connection, path)
        _copy(connection, path, target, raw)
        with closing(open_raw(f"{target.absolute().as_uri()}?mode=rw", raw)) as copy:
            check(copy, target)
            if store_of(path)[1] == "journal" and (broken := first_break_stored(SqliteDatabase(target, copy, read_only=True))):
                raise JournalDamaged(f"{path}: {broken.incident} entry {broken.seq} does not verify; it was left as it is")
        _sync(target)
        os.link(path, _plain(path))
        # While it is held, nobody waits inside it unseen: `open_sound` looks again which file lies here once it may read.
        os.replace(target, path)
        sync_folder(path.parent)


def _copy(connection: sqlite3.Connection, path: Path, target: Path, raw: Raw) -> None:
    connection.execute(f"ATTACH DATABASE ? AS sealed KEY {raw.spec}", (str(target),))
    try:
        connection.execute("SELECT sqlcipher_export('sealed')")
        for pragma in ("application_id", "user_version"):
            number = connection.execute(f"PRAGMA main.{pragma}").fetchone()[0]
            connection.execute(f"PRAGMA sealed.{pragma} = {int(number)}")
        schema = "SELECT type, name, sql FROM {}.sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
        mine, theirs = (connection.execute(schema.format(side)).fetchall() for side in ("main", "sealed"))
        tables = [name for kind, name, _ in mine if kind == "table"]
        if mine != theirs or not all(_same(connection, table) for table in tables):
            raise JournalDamaged(f"{path}: the encrypted copy is not the same; the plain file was left as it is")
    finally:
        with suppress(Exception):  # whatever stopped the copy is what is told
            connection.execute("DETACH DATABASE sealed")


def _same(connection: sqlite3.Connection, table: str) -> bool:
    count = 'SELECT count(*) FROM {}."{}"'
    one, other = (connection.execute(count.format(side, table)).fetchone() for side in ("main", "sealed"))
    differing = f'SELECT count(*) FROM (SELECT * FROM main."{table}" EXCEPT SELECT * FROM sealed."{table}")'  # noqa: S608 - a name from the schema itself
    return bool(one == other and connection.execute(differing).fetchone() == (0,))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
