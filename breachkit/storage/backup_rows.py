"""A server's journal and vault copied row by row into SQLite files, so that a team's back-up can be read anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from breachkit.storage.backup_file import JOURNAL_NAME
from breachkit.storage.database import Database, Row
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault

_ROWS: Final = 1000
_JOURNAL: Final = {"entry": "incident, seq", "law_pack": "sha256"}
_VAULT: Final = {
    "dispatch": "n",
    "envelope": "n",
    "event": "n",
    "person": "envelope",
    "letter": "envelope",
    "attachment": "incident, sha256",
    "attachment_part": "incident, sha256, part",
    "sender": "id",
}
_ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"


def copy_server(url: str, folder: Path, progress: Callable[[str], None]) -> None:
    """Journal first, vault after it, each of one moment (see `backup._snapshot` for why in this order)."""
    path = folder / JOURNAL_NAME
    with Journal.open(path) as target, Journal.open(url, read_only=True, create=False) as source:
        progress(f"{source.place}: the rows are copied")
        _copy(source._db, target._db, _JOURNAL)
    with Vault.open(url, read_only=True) as theirs, Vault.open(path) as ours:
        _copy(theirs.database, ours.database, _VAULT)
        for key, value in theirs.database.rows("SELECT key, value FROM meta WHERE key <> 'schema'"):
            ours.database.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
    for store in (path, path.with_name(path.name + ".vault")):
        for side in ("-wal", "-shm"):
            store.with_name(store.name + side).unlink(missing_ok=True)  # empty: the last one to close put it away


def _copy(source: Database, target: Database, tables: dict[str, str]) -> None:
    with source.transaction(alone=False):
        source.run(_ONE_MOMENT)
        for table, order in tables.items():
            columns = [f'"{row[1]}"' for row in target.rows(f"PRAGMA table_info({table})")]
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            rows = source.stream(f"SELECT {names} FROM {table} ORDER BY {order}")  # noqa: S608 - names from our own schema
            for some in _batches(rows):
                with target.transaction():
                    target.run_many(f"INSERT INTO {table} ({names}) VALUES ({marks})", some)  # noqa: S608 - names from our own schema


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while some := list(islice(iterator, _ROWS)):
        yield some
