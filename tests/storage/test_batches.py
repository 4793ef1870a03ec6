"""A batch's own database: one batch a file, every step whole or not at all."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from breachkit.errors import Refused
from breachkit.storage.batches import NAME, BatchFile, Kept, peek

SETTINGS = {"table": "a" * 64, "format": "eml"}


@pytest.fixture
def batch(tmp_path: Path) -> Iterator[BatchFile]:
    """A new batch with one letter for people of Spain."""
    with BatchFile.open(tmp_path, SETTINGS) as found:
        with found.transaction():
            found.variant(found.add_form("letter", {"bare": True}), "ES")
        yield found


def kept(row: int) -> Kept:
    return Kept(row, f"id-{row}", f"Ana {row}", "ana@example.com", ("1 Example St", "Madrid"))


def add(batch: BatchFile, *rows: int) -> None:
    with batch.transaction():
        batch.add(people=[(1, kept(row)) for row in rows], refused=(), duplicates=(), keys=())


def test_people_come_back_in_chunks_of_their_letter_in_the_order_of_rows(batch: BatchFile) -> None:
    add(batch, 5, 1, 9, 3, 7)
    with batch.transaction():
        batch.plan({}, 2)
    chunks = [chunk for chunk, _ in batch.chunks(written=False)]
    assert [[person.row for person in batch.people_of(chunk)] for chunk in chunks] == [[1, 3], [5, 7], [9]]
    assert [chunk.letters for chunk in chunks] == [2, 2, 1]
    assert next(batch.people_of(chunks[0])) == kept(1)


def test_a_chunk_is_written_once(batch: BatchFile) -> None:
    add(batch, 1, 2)
    with batch.transaction():
        batch.plan({}, 1)
        batch.chunk_written(1, {"file": "a"})
        batch.chunk_written(1, {"file": "b"})
    assert [(chunk.id, noted) for chunk, noted in batch.chunks(written=True)] == [(1, {"file": "a"})]
    assert [chunk.id for chunk, _ in batch.chunks(written=False)] == [2]
    assert batch.letters_written() == 1


def test_a_step_that_fails_leaves_nothing(batch: BatchFile) -> None:
    def fail() -> None:
        with batch.transaction():
            batch.add(people=[(1, kept(1))], refused=[(2, "x", "formula", "")], duplicates=(), keys=[(b"k", 1)])
            batch.variant(batch.add_form("other", {}), "FR")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert batch.form("other") is None
    assert list(batch.refused()) == []
    assert batch.known_keys([b"k"]) == {}


def test_keys_are_found_however_many_are_asked_for(batch: BatchFile) -> None:
    keys = [(number.to_bytes(16, "big"), number) for number in range(5_000)]
    with batch.transaction():
        batch.add(people=(), refused=(), duplicates=(), keys=keys)
    assert batch.known_keys([key for key, _ in keys] + [b"none"]) == dict(keys)


def test_another_batch_in_the_same_folder_is_refused_with_what_differs(tmp_path: Path) -> None:
    BatchFile.open(tmp_path, SETTINGS).close()
    BatchFile.open(tmp_path, SETTINGS).close()
    with pytest.raises(Refused, match=r"format: eml then, pdf now.*limit: nothing then, 5 now") as refused:
        BatchFile.open(tmp_path, {**SETTINGS, "format": "pdf", "limit": "5"})
    assert refused.value.exit_code == 4


def test_a_database_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / NAME) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(Refused, match="no batch of breachkit"):
        BatchFile.open(tmp_path, SETTINGS)
    assert (tmp_path / NAME).read_bytes() == before
    assert peek(tmp_path, "settings") is None


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="symbolic link"):
        BatchFile.open(tmp_path / "there", SETTINGS)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_nobody_else_can_read_it(batch: BatchFile, tmp_path: Path) -> None:
    add(batch, 1)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o600}


def test_a_value_can_be_looked_up_from_outside(batch: BatchFile, tmp_path: Path) -> None:
    with batch.transaction():
        batch.put(began="2026-11-22T12:00:00+00:00")
    assert peek(tmp_path, "began") == "2026-11-22T12:00:00+00:00"
    assert peek(tmp_path / "nowhere", "began") is None
