"""A store of every kind in a place of its own, copied from one made once: creating a new one loads Alembic.

What the journal promises is tested on each kind through `store` and `journal`: test_journal.py, test_processes.py and what of
test_append_only.py is not SQL of one dialect. What is SQLite's alone stays with its file (`path`, `filled`, `old`):

- test_opening.py: permissions, links, logs beside a file, headers - a server has none. Its own: test_postgres_*.py.
- test_damage.py: pages that were overwritten or cut off, and what is left of them - a server minds its own files.
- test_power.py: a file system that loses what was not flushed - a server's own, tested by restarting it: test_postgres_lost.py.
- test_upgrade.py: copies beside a file, and readers that upgrade in memory. A server's: test_postgres_opening.py.
- test_batches.py and test_vault_*.py where they name a file: a batch lies beside its letters, never on a server.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.domain.journal import GENESIS, Draft, seal
from breachkit.storage import upgrade
from breachkit.storage.journal import Journal

from .ciphered import empty_sealed, quick, sealed
from .house import NIGHT, fact, fill, opened
from .stores import KINDS, Store, made
from .vaults import empty_vaults, held, in_file, on_file

__all__ = ["empty_sealed", "empty_vaults", "held", "in_file", "on_file", "quick", "sealed"]  # fixtures for every test here


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, closed journal; copy it, do not open it."""
    path = tmp_path_factory.mktemp("empty") / "journal.db"
    Journal.open(path).close()
    return path


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    """An empty journal's file, closed."""
    shutil.copy(empty, tmp_path / "journal.db")
    return tmp_path / "journal.db"


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Store:
    """An empty journal, closed, on each kind of database in turn."""
    return made(request)


@pytest.fixture
def journal(store: Store) -> Iterator[Journal]:
    with store.open() as journal:
        yield journal


@pytest.fixture
def filled(path: Path) -> Callable[..., Path]:
    """Fill the file with incidents of so many entries each, close it, and return its path."""

    def build(*sizes: int) -> Path:
        with Journal.open(path) as journal:
            fill(journal, *sizes)
        return path

    return build


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A journal as schema 1 wrote it, with three entries and a law pack."""
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with upgrade.migration(connection) as run:
            run("0001")
        previous = GENESIS
        for seq, draft in enumerate((opened(), fact(), Draft("note.added", {"text": "old"})), 1):
            entry, content = seal(draft, incident="INC-1", seq=seq, previous=previous, actor="ana", recorded_at=NIGHT)
            previous = entry.hash
            moment = entry.recorded_at.isoformat(timespec="microseconds")
            row = ("INC-1", seq, content, entry.hash, moment, entry.kind)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", row)
    path.chmod(0o600)
    return path
