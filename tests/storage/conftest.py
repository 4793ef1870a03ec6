"""A journal in a folder of its own, copied from one made once: creating a new one loads Alembic."""

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

from .house import NIGHT, fact, fill, opened


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


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path) as journal:
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
