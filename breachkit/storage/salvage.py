"""Reads what is left of a damaged database, from a private copy of it. Never opens the original for SQLite to touch."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breachkit.storage.files import is_plain, key_file_of, wal_of

Row = tuple[str, int, bytes, str, str, str]
"""incident, seq, content, hash, recorded_at, kind."""

_GIVE_UP = 5_000
"""So many entries in a row that cannot be read are taken for the end of their incident."""
_LOOK_AHEAD = 100
"""So many incident numbers past the last readable one are tried."""
_LOG_HEADER = 32
_ENTRY = "SELECT incident, seq, CAST(content AS BLOB), hash, recorded_at, kind FROM entry WHERE incident = ? AND seq = ?"
_KEYS = (
    "SELECT incident, seq FROM entry ORDER BY incident, seq",
    "SELECT incident, seq FROM entry ORDER BY incident DESC, seq DESC",
    "SELECT incident, 0 FROM entry INDEXED BY entry_opened WHERE seq = 1",
)
"""From either end up to the first bad page, and by the index, which lies on other pages."""
_PACKS = (
    "SELECT sha256, CAST(content AS BLOB), stored_at FROM law_pack ORDER BY sha256",
    "SELECT sha256, CAST(content AS BLOB), stored_at FROM law_pack ORDER BY sha256 DESC",
)


@dataclass(frozen=True, slots=True)
class Lost:
    """Entries of one incident that could not be read."""

    incident: str
    first: int
    last: int | None
    """Inclusive; None when nothing tells how far the incident went."""
    why: str

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.incident} entry {self.first}: {self.why}"
        return f"{self.incident} entries {self.first} to {self.last or 'the end'}: {self.why}"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a damaged database still held. Its newest entries may be gone without a trace: compare with a noted head."""

    path: Path
    rows: tuple[Row, ...]
    law_packs: tuple[tuple[str, bytes, str | None], ...]
    lost: tuple[Lost, ...]

    def __str__(self) -> str:
        incidents = len({row[0] for row in self.rows})
        text = f"{len(self.rows)} entries of {incidents} incident{'' if incidents == 1 else 's'} are readable"
        return "; ".join([text, *(f"lost: {lost}" for lost in self.lost)])

    def in_memory(self) -> sqlite3.Connection:
        """The readable rows as a database of their own, for the same questions as an undamaged one."""
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        memory.execute(
            "CREATE TABLE entry (incident TEXT, seq INTEGER, content BLOB, hash TEXT, recorded_at TEXT, kind TEXT, "
            "PRIMARY KEY (incident, seq)) WITHOUT ROWID"
        )
        memory.execute("CREATE TABLE law_pack (sha256 TEXT PRIMARY KEY, content BLOB, stored_at TEXT) WITHOUT ROWID")
        memory.execute("BEGIN")
        memory.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", self.rows)
        memory.executemany("INSERT INTO law_pack VALUES (?, ?, ?)", self.law_packs)
        memory.execute("COMMIT")
        memory.execute("PRAGMA query_only = ON")
        return memory


def salvage(path: Path) -> Salvaged:
    """Read every row that can be read: with the log beside the file, then without it if the log may be the bad part."""
    found: dict[tuple[str, int], Row] = {}
    packs: dict[str, tuple[str, bytes, str | None]] = {}
    lost: dict[tuple[str, int], str] = {}
    for with_log in (True, False):
        with tempfile.TemporaryDirectory(prefix="breachkit-") as folder:
            copy = _copy(path, Path(folder), with_log=with_log)
            with closing(_opened(copy, path, with_log=with_log)) as connection:
                connection.execute("PRAGMA writable_schema = ON")  # or a cut-off file is refused as a whole
                for key, row in _entries(connection):
                    if isinstance(row, str):
                        lost.setdefault(key, row)
                    else:
                        found.setdefault(key, row)
                packs.update({pack[0]: pack for pack in _law_packs(connection)} | packs)
        if found and not lost:
            break
    for key in found:
        lost.pop(key, None)
    return Salvaged(path, tuple(found[key] for key in sorted(found)), tuple(packs.values()), tuple(_ranges(lost, found)))


def _opened(copy: Path, path: Path, *, with_log: bool) -> sqlite3.Connection:
    """The copy; of an encrypted file what its pages say, in memory: nothing of it lies on a disk in the clear."""
    key_file = key_file_of(path)
    if key_file is None or is_plain(path):
        return sqlite3.connect(copy, isolation_level=None)
    from breachkit.storage.cipher import raw_keys
    from breachkit.storage.cipher_pages import any_page_fits, in_memory
    from breachkit.storage.keyfile import read_key_file

    raws = raw_keys(path, read_key_file(key_file))
    return in_memory(copy, next((raw for raw in raws if any_page_fits(copy, raw)), raws[0]), with_log=with_log)


def _copy(path: Path, folder: Path, *, with_log: bool) -> Path:
    copy = folder / "journal.db"
    shutil.copyfile(path, copy)
    for side in ("-wal", "-journal") if with_log else ():
        beside = path.with_name(path.name + side)
        if beside.exists():
            shutil.copyfile(beside, folder / f"journal.db{side}")
    log = wal_of(copy)
    if log.exists() and log.stat().st_size >= _LOG_HEADER and not copy.stat().st_size:
        # SQLite deletes the log of an empty file; beside one blank page it reads every page that the log holds.
        page_size = int.from_bytes(log.read_bytes()[8:12], "big")
        copy.write_bytes(bytes(min(page_size, 65536)))
    return copy


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[tuple[str, int], Row | str]]:
    """Every entry by its own SELECT, so that a bad page costs only what lies on it."""
    for incident, last in _ends(connection).items():
        seq = failures = 0
        while failures < _GIVE_UP:
            seq += 1
            try:
                row: Row | None = connection.execute(_ENTRY, (incident, seq)).fetchone()
            except sqlite3.Error:
                failures += 1
                yield (incident, seq), "on a damaged page"
                continue
            if row is None:
                if seq > last:
                    break
                failures += 1
                yield (incident, seq), "missing"
                continue
            failures = 0
            if hashlib.sha256(row[2] or b"").hexdigest() != row[3]:
                yield (incident, seq), "the content does not match its hash"
            else:
                yield (incident, seq), row


def _ends(connection: sqlite3.Connection) -> dict[str, int]:
    """Incidents that may be there, each with the highest number seen; 0 when none was."""
    ends: dict[str, int] = {}
    for query in _KEYS:
        for incident, seq in _readable(connection, query):
            if isinstance(incident, str) and isinstance(seq, int):  # a damaged page can hold anything
                ends[incident] = max(seq, ends.get(incident, 0))
    number = absent = 0
    while absent < _LOOK_AHEAD:
        number += 1
        incident = f"INC-{number}"
        if incident in ends or any(_readable(connection, _ENTRY, incident, 1)):
            ends.setdefault(incident, 0)
            absent = 0
        else:
            absent += 1
    return ends


def _law_packs(connection: sqlite3.Connection) -> Iterator[tuple[str, bytes, str | None]]:
    for query in _PACKS:
        for sha256, content, stored_at in _readable(connection, query):
            if hashlib.sha256(content or b"").hexdigest() == sha256:
                yield sha256, content, stored_at


def _readable(connection: sqlite3.Connection, query: str, *values: str | int) -> Iterator[tuple[Any, ...]]:
    """Rows up to the first that cannot be read."""
    try:
        yield from connection.execute(query, values)
    except sqlite3.Error:
        return


def _ranges(lost: dict[tuple[str, int], str], found: dict[tuple[str, int], Row]) -> Iterator[Lost]:
    highest: dict[str, int] = {}
    for incident, seq in found:
        highest[incident] = max(seq, highest.get(incident, 0))
    run: Lost | None = None
    for (incident, seq), why in sorted(lost.items()):
        if run and run.last and (run.incident, run.last + 1, run.why) == (incident, seq, why):
            run = Lost(incident, run.first, seq, why)
            continue
        if run:
            yield _open_ended(run, highest)
        run = Lost(incident, seq, seq, why)
    if run:
        yield _open_ended(run, highest)


def _open_ended(run: Lost, highest: dict[str, int]) -> Lost:
    if run.last is not None and run.last - run.first + 1 >= _GIVE_UP and run.last > highest.get(run.incident, 0):
        return Lost(run.incident, run.first, None, run.why)
    return run
