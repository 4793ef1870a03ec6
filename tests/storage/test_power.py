"""Killed processes and power cuts: what was acknowledged is there, and what is there verifies."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from breachkit.domain.journal import Entry
from breachkit.errors import JournalDamaged
from breachkit.storage.journal import Journal

from .house import NIGHT, fact

PAGE = 4096
FRAME = 24 + PAGE

forks = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


def killed(what: str, rounds: int, folder: Path) -> dict[str, int]:
    program = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), what, str(rounds), "72", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    report: dict[str, int] = json.loads(done.stdout)
    return report


@forks
def test_no_acknowledged_entry_is_lost_when_the_process_is_killed_at_any_moment(empty: Path, tmp_path: Path) -> None:
    shutil.copy(empty, tmp_path / "empty.db")
    report = killed("append", 200, tmp_path)
    assert report["rounds"] == 200
    assert report["acknowledged"] > 200  # thousands on an idle machine


@forks
def test_a_process_killed_while_it_makes_a_journal_leaves_one_that_opens(tmp_path: Path) -> None:
    assert killed("create", 80, tmp_path)["killed_before_it_was_open"] > 5


@forks
def test_a_process_killed_while_it_upgrades_a_journal_leaves_every_entry(old: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rounds"
    folder.mkdir()
    shutil.copy(old, folder / "old.db")
    assert killed("upgrade", 40, folder)["killed_before_it_was_open"] > 5


@dataclass(frozen=True)
class Cut:
    """A journal copied while it was open: the main file, its log, and how long the log was after each acknowledgement."""

    main: bytes
    log: bytes
    acknowledged: dict[int, int]
    """Entry number -> length of the log when `append` had returned."""
    entries: list[Entry]

    def known_at(self, length: int) -> int:
        return max((seq for seq, size in self.acknowledged.items() if size <= length), default=self.first)

    @property
    def first(self) -> int:
        """The last entry that had already moved into the main file."""
        return min(self.acknowledged) - 1


@pytest.fixture(params=[False, True], ids=["first log", "log written over an older one"])
def cut(request: pytest.FixtureRequest, path: Path) -> Cut:
    wal = path.with_name("journal.db-wal")
    acknowledged: dict[int, int] = {}
    with Journal.open(path) as journal:
        ask = journal._db.connection.execute
        ask("PRAGMA wal_autocheckpoint = 0")
        first = 0
        if request.param:  # what a checkpoint leaves behind the new frames must not be taken for entries
            for seq in range(40):
                journal.append("INC-1", [fact(note="old" * 400)], expected=seq, actor="ana", recorded_at=NIGHT)
            assert ask("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0] == 0
            first = 40
        for seq in range(first, first + 25):
            before = wal.read_bytes() if wal.exists() else b""
            note = "x" * (seq % 6 * 900)
            journal.append("INC-1", [fact(note=note)], expected=seq, actor="ana", recorded_at=NIGHT)
            acknowledged[seq + 1] = last_change(before, wal.read_bytes())
        return Cut(path.read_bytes(), wal.read_bytes(), acknowledged, journal.entries("INC-1"))


def last_change(before: bytes, after: bytes) -> int:
    """How far the log was written by the last append: the end of the last frame that differs."""
    frames = range(32, len(after), FRAME)
    return max(at + FRAME for at in frames if before[at : at + FRAME] != after[at : at + FRAME])


def laid_out(folder: Path, main: bytes, log: bytes) -> Path:
    folder.mkdir()
    path = folder / "journal.db"
    path.write_bytes(main)
    path.with_name("journal.db-wal").write_bytes(log)
    path.chmod(0o600)
    path.with_name("journal.db-wal").chmod(0o600)
    return path


def lengths(cut: Cut) -> Iterator[int]:
    dice = random.Random(72)
    yield from (0, 1, 31, 32, 33, len(cut.log) - 1, len(cut.log))
    for size in dice.sample(sorted(cut.acknowledged.values()), 12):
        yield from (size - 1, size, size + 1, size + 24)
    yield from (dice.randrange(len(cut.log)) for _ in range(60))


@pytest.mark.parametrize("tail", ["nothing", "zeros", "noise"])
def test_a_power_cut_at_any_byte_of_the_log_leaves_every_synced_entry_and_only_whole_ones(
    cut: Cut, tmp_path: Path, tail: str
) -> None:
    noise = random.Random(72).randbytes(3 * FRAME)
    after = {"nothing": b"", "zeros": bytes(3 * FRAME), "noise": noise}[tail]
    for number, length in enumerate(lengths(cut)):
        log = cut.log[:length] + after
        path = laid_out(tmp_path / str(number), cut.main, log)
        reached = length  # further when the frame ended in zeros anyway: then it is whole all the same
        while reached < len(log) and log[reached : reached + 1] == cut.log[reached : reached + 1]:
            reached += 1
        with Journal.open(path) as journal:
            assert journal.damaged is None
            assert journal.verify() is None
            assert journal.entries("INC-1") == cut.entries[: cut.known_at(reached)]
            seq = journal.head("INC-1")[0]
            journal.append("INC-1", [fact()], expected=seq, actor="ana", recorded_at=NIGHT)
        with Journal.open(path) as journal:
            assert journal.verify() is None
            assert journal.head("INC-1")[0] == seq + 1


def test_a_torn_page_inside_the_log_ends_the_journal_before_it(cut: Cut, tmp_path: Path) -> None:
    frames = range(32, max(cut.acknowledged.values()), FRAME)
    for at in frames:
        torn = bytearray(cut.log)
        torn[at + 24 + 512 : at + FRAME] = bytes(PAGE - 512)
        if torn == cut.log:
            continue
        with Journal.open(laid_out(tmp_path / str(at), cut.main, bytes(torn))) as journal:
            assert journal.damaged is None
            assert journal.verify() is None
            assert journal.entries("INC-1") == cut.entries[: cut.known_at(at)]


def test_a_power_cut_during_a_checkpoint_loses_nothing_because_the_log_is_still_there(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as journal:
        journal._db.connection.execute("PRAGMA wal_autocheckpoint = 0")
        before = path.read_bytes()
        drafts = [fact(note="x" * 700) for _ in range(60)]
        journal.append("INC-1", drafts, expected=0, actor="ana", recorded_at=NIGHT)
        log = path.with_name("journal.db-wal").read_bytes()
        entries = journal.entries("INC-1")
    after = path.read_bytes()
    dice = random.Random(72)
    pages = range(0, len(after), PAGE)
    for number in range(40):
        reached = {page for page in pages if dice.random() < 0.5}
        mixed = b"".join((after if page in reached else before)[page : page + PAGE].ljust(PAGE, b"\0") for page in pages)
        size = dice.choice([len(after), dice.randrange(len(before), len(after))])
        torn = dice.choice(sorted(reached)) + 512
        mixed = mixed[:torn] + bytes(PAGE - 512) + mixed[torn + PAGE - 512 :]
        with Journal.open(laid_out(tmp_path / str(number), mixed[:size], log)) as journal:
            assert journal.damaged is None
            assert journal.verify() is None
            assert journal.entries("INC-1") == entries


def test_a_main_file_whose_last_page_never_reached_the_disk_is_not_written(path: Path) -> None:
    with Journal.open(path) as journal:
        drafts = [fact(note="x" * 700) for _ in range(60)]
        journal.append("INC-1", drafts, expected=0, actor="ana", recorded_at=NIGHT)
    whole = path.read_bytes()
    for torn in (whole[:-PAGE] + bytes(PAGE), whole[:-PAGE], whole[:-1]):
        path.write_bytes(torn)
        with Journal.open(path) as journal:
            assert journal.damaged
            assert len(journal.entries("INC-1")) > 40
            with pytest.raises(JournalDamaged):
                journal.append("INC-1", [fact()], expected=60, actor="ana", recorded_at=NIGHT)
        assert path.read_bytes() == torn
