"""A damaged database: what can be read is read, from a copy, and the file itself is never written."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.domain.journal import Entry
from breachkit.errors import JournalDamaged
from breachkit.storage.journal import Journal

from .house import NIGHT, fact, opened

Fill = Callable[..., Path]
PAGE = 4096


def bytes_of(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")}


def everything(path: Path) -> dict[str, list[Entry]]:
    with Journal.open(path) as journal:
        assert journal.damaged is None
        return {incident: journal.entries(incident) for incident in journal.incidents()}


def pages_of(path: Path, name: str) -> list[int]:
    """Pages of a table or index, from the last; page numbers begin at 1."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (count,) = connection.execute("PRAGMA page_count").fetchone()
    return [page for page in range(count, root, -1) if path.read_bytes()[(page - 1) * PAGE] == 10]


def test_one_bad_page_costs_only_the_entries_on_it(filled: Fill) -> None:
    path = filled(120, 40, 60)
    sound = everything(path)
    leaf = pages_of(path, "entry")[5]
    with path.open("r+b") as file:
        file.seek((leaf - 1) * PAGE)
        file.write(b"\xa5" * PAGE)
    before = bytes_of(path)
    with Journal.open(path) as journal:
        assert journal.damaged is not None
        assert "opened read-only from a copy and not touched" in journal.damaged
        assert "on a damaged page" in journal.damaged
        assert journal.incidents() == ["INC-1", "INC-2", "INC-3"]
        left = {incident: journal.entries(incident) for incident in sound}
        for incident, entries in left.items():
            assert [entry for entry in sound[incident] if entry in entries] == entries
        assert 200 < sum(map(len, left.values())) < 220
        found = journal.verify()
        assert found is not None
        assert "missing" in found.why
        for act in (
            lambda: journal.append("INC-2", [fact()], expected=40, actor="ana", recorded_at=NIGHT),
            lambda: journal.new_incident([opened()], actor="ana", recorded_at=NIGHT),
        ):
            with pytest.raises(JournalDamaged, match="nothing can be recorded here"):
                act()
    assert bytes_of(path) == before


def test_salvage_names_what_was_lost(filled: Fill) -> None:
    path = filled(120)
    leaf = pages_of(path, "entry")[5]
    with path.open("r+b") as file:
        file.seek((leaf - 1) * PAGE)
        file.write(bytes(PAGE))
    before = bytes_of(path)
    salvaged = Journal.salvage(path)
    assert bytes_of(path) == before
    lost = {seq for gap in salvaged.lost for seq in range(gap.first, (gap.last or 0) + 1)}
    assert lost
    assert {row[1] for row in salvaged.rows} | lost == set(range(1, 121))
    assert str(salvaged).startswith(f"{len(salvaged.rows)} entries of 1 incident are readable; lost: INC-1 entr")


def test_salvaging_a_sound_journal_loses_nothing(filled: Fill) -> None:
    path = filled(30, 20)
    with Journal.open(path) as journal:
        journal.append("INC-2", [fact()], expected=20, actor="ana", recorded_at=NIGHT)
        salvaged = Journal.salvage(path)
    assert (len(salvaged.rows), salvaged.lost) == (51, ())


def test_a_file_cut_off_anywhere_is_read_as_far_as_it_goes_and_never_written(filled: Fill, tmp_path: Path) -> None:
    path = filled(150, 60)
    sound = everything(path)
    whole = path.read_bytes()
    dice = random.Random(72)
    sizes = {1, 15, 16, 99, 100, 511, PAGE - 1, PAGE, PAGE + 1, len(whole) - 1, len(whole) - PAGE}
    sizes |= {dice.randrange(1, len(whole)) for _ in range(40)}
    sizes |= {dice.randrange(1, len(whole) // PAGE) * PAGE for _ in range(20)}
    readable = 0
    for size in sizes:
        copy = tmp_path / f"cut-{size}" / "journal.db"
        copy.parent.mkdir()
        copy.write_bytes(whole[:size])
        copy.chmod(0o600)
        try:
            with Journal.open(copy) as journal:
                assert journal.damaged
                for incident in journal.incidents():
                    entries = journal.entries(incident)
                    assert [entry for entry in sound[incident] if entry in entries] == entries
                readable += 1
        except JournalDamaged as error:
            assert "No entry in it can be read" in str(error)  # noqa: PT017 - either outcome is right, by size
        assert bytes_of(copy) == {"journal.db": whole[:size]}
    assert readable > len(sizes) // 2


def test_any_overwritten_page_is_noticed_by_opening_or_by_verifying(filled: Fill, tmp_path: Path) -> None:
    path = filled(90, 30)
    whole = path.read_bytes()
    dice = random.Random(72)
    for page in range(len(whole) // PAGE):
        for torn in (bytes(PAGE), dice.randbytes(PAGE), whole[page * PAGE : page * PAGE + 512] + bytes(PAGE - 512)):
            damaged = whole[: page * PAGE] + torn + whole[(page + 1) * PAGE :]
            if damaged == whole:
                continue
            path.write_bytes(damaged)
            try:
                with Journal.open(path) as journal:
                    kept = {incident: journal.head(incident)[0] for incident in journal.incidents()}
                    assert journal.damaged or journal.verify() or kept == {"INC-1": 90, "INC-2": 30}
                    assert not journal.damaged or path.read_bytes() == damaged
            except JournalDamaged:
                assert path.read_bytes() == damaged


@pytest.mark.parametrize("content", [b"%PDF-1.7 not a database" * 300, b"x"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    path.chmod(0o600)
    for read_only in (False, True):
        with pytest.raises(JournalDamaged, match="No entry in it can be read and it was not touched"):
            Journal.open(path, read_only=read_only)
    assert bytes_of(path) == {"journal.db": content}


def test_entries_that_are_only_in_the_log_are_salvaged_when_the_main_file_is_ruined(filled: Fill, tmp_path: Path) -> None:
    path = filled(5)
    crash = tmp_path / "crash" / "journal.db"
    crash.parent.mkdir()
    with Journal.open(path) as journal:
        journal.append("INC-1", [fact(str(n)) for n in range(40)], expected=5, actor="ana", recorded_at=NIGHT)
        sound = journal.entries("INC-1")
        for name in ("journal.db", "journal.db-wal"):
            shutil.copy(path.with_name(name), crash.with_name(name))
    crash.write_bytes(crash.read_bytes()[: 2 * PAGE])
    before = bytes_of(crash)
    with Journal.open(crash) as journal:
        left = journal.entries("INC-1")
        assert left
        assert [entry for entry in sound if entry in left] == left
    after = bytes_of(crash)
    assert after["journal.db-wal"] == before["journal.db-wal"]


def test_damage_that_appears_while_the_journal_is_open_stops_recording(filled: Fill) -> None:
    path = filled(120)
    leaves = pages_of(path, "entry")
    with Journal.open(path) as journal:
        journal._db.connection.execute("PRAGMA cache_size = 0")
        with path.open("r+b") as file:
            for leaf in leaves:
                file.seek((leaf - 1) * PAGE)
                file.write(b"\xa5" * PAGE)
        with pytest.raises(JournalDamaged, match="reopen it to read what is left"):
            journal.append("INC-1", [fact()], expected=120, actor="ana", recorded_at=NIGHT)


def test_an_entry_whose_content_cannot_be_read_is_said_to_be_damaged(filled: Fill) -> None:
    path = filled(3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER entry_no_update")
        connection.execute("UPDATE entry SET content = x'00' WHERE seq = 2")
        connection.commit()
    with Journal.open(path) as journal, pytest.raises(JournalDamaged, match="INC-1 entry 2"):
        journal.entries("INC-1")
