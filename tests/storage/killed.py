"""A program that kills its own children while they write, and looks at what is left. Run by test_power.py.

A process of one thread, so that forking is safe; forking, so that 200 kills do not cost 200 interpreter starts.
Usage: killed.py append|create|upgrade ROUNDS SEED FOLDER; in FOLDER lies empty.db and, for upgrade, old.db. Or: killed.py
server ROUNDS SEED URL, run by test_postgres_lost.py.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import alembic.command
import alembic.config
import sqlmodel

from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal

assert alembic.command
assert alembic.config
assert sqlmodel  # loaded once here, so that children do not spend their short lives on imports

NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
BATCHES = (1, 3, 1, 8)
FRESH_EVERY = 10


def kill_while(work: Callable[[int], None], moment: float, *, words: int = 0) -> list[int]:
    """Fork, let the child work, kill it after so many seconds, counted from its so-manieth word or (0) from the fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            work(writing)
        except BaseException as error:
            os.write(2, f"the child failed: {error!r}\n".encode())
        finally:
            os._exit(0)
    os.close(writing)
    acknowledged = b""
    while acknowledged.count(b"\n") < words and select.select([reading], [], [], 30)[0]:
        if not (some := os.read(reading, 65536)):
            break
        acknowledged += some
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    while some := os.read(reading, 65536):
        acknowledged += some
    os.close(reading)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child stopped by itself"
    return [int(line) for line in acknowledged.split(b"\n")[:-1]]


def append_for_ever(where: Path | str, checkpoint: int = 0) -> Callable[[int], None]:
    def work(ack: int) -> None:
        with Journal.open(where) as journal:
            if checkpoint:
                journal._db.connection.execute(f"PRAGMA wal_autocheckpoint = {checkpoint}")
            seq = journal.head("INC-1")[0]
            os.write(ack, b"0\n")
            while True:
                size = BATCHES[seq % len(BATCHES)]
                drafts = [Draft("note.added", {"batch": seq, "of": size, "text": "x" * (seq % 5 * 300)}) for _ in range(size)]
                seq = journal.append("INC-1", drafts, expected=seq, actor="ana", recorded_at=NIGHT)[-1].seq
                os.write(ack, b"%d\n" % seq)

    return work


def killed_while_appending(dice: random.Random, folder: Path, rounds: int) -> dict[str, int]:
    told = kept = unfinished = 0
    path = folder / "journal.db"
    for number in range(rounds):
        if number % FRESH_EVERY == 0:
            for side in ("", "-wal", "-shm"):
                path.with_name(path.name + side).unlink(missing_ok=True)
            shutil.copy(folder / "empty.db", path)
        work = append_for_ever(path, dice.choice((5, 1000)))
        # Its first word says that the journal is open, each further one that a batch was appended: so many are written
        # before the clock of most kills starts, however slow the machine is.
        words = dice.choice((2, 3, 4, 5)) if dice.random() < 0.7 else 0
        acknowledged = kill_while(work, dice.uniform(0.001, 0.030), words=words)
        with Journal.open(path) as journal:
            assert journal.damaged is None, journal.damaged
            assert journal.verify() is None, journal.verify()
            entries = journal.entries("INC-1")
        assert len(entries) >= max(acknowledged, default=0), "an acknowledged entry is gone"
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        if entries:
            batch, size = entries[-1].body["batch"], entries[-1].body["of"]
            assert len(entries) == batch + size, "half a batch stayed"
        told += sum(seq > 0 for seq in acknowledged)
        kept = max(kept, len(entries))
        unfinished += len(entries) > max(acknowledged, default=len(entries))
    return {"rounds": rounds, "acknowledged": told, "longest": kept, "written_not_acknowledged": unfinished}


def killed_on_a_server(dice: random.Random, url: str, rounds: int) -> dict[str, int]:
    """The same against one database on a server, which outlives its writers."""
    told = 0
    for _ in range(rounds):
        words = dice.choice((2, 3, 4, 5)) if dice.random() < 0.8 else 0
        acknowledged = kill_while(append_for_ever(url), dice.uniform(0.001, 0.030), words=words)
        with Journal.open(url) as journal:
            assert journal.verify() is None, journal.verify()
            entries = journal.entries("INC-1")
        assert len(entries) >= max(acknowledged, default=0), "an acknowledged entry is gone"
        if entries:
            assert len(entries) == entries[-1].body["batch"] + entries[-1].body["of"], "half a batch stayed"
        told += sum(seq > 0 for seq in acknowledged)
    return {"rounds": rounds, "acknowledged": told}


def killed_while_opening(dice: random.Random, folder: Path, rounds: int, old: Path | None) -> dict[str, int]:
    """Kill during creation, or during the upgrade of an old journal; it must open afterwards, with what it had."""
    unfinished = 0
    for number in range(rounds):
        path = folder / str(number) / "journal.db"
        if old:
            path.parent.mkdir()
            shutil.copy(old, path)

        def work(ack: int, path: Path = path) -> None:
            Journal.open(path)
            os.write(ack, b"1\n")
            time.sleep(60)

        unfinished += not kill_while(work, dice.uniform(0.001, 0.060))
        with Journal.open(path) as journal:
            assert journal.damaged is None, journal.damaged
            assert journal.verify() is None
            assert journal.head("INC-1")[0] == (3 if old else 0)
            journal.append("INC-2", [Draft("note.added", {})], expected=0, actor="ana", recorded_at=NIGHT)
    return {"rounds": rounds, "killed_before_it_was_open": unfinished}


if __name__ == "__main__":
    what, count, seed, place = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    if what == "append":
        report = killed_while_appending(random.Random(seed), place, count)
    elif what == "server":
        report = killed_on_a_server(random.Random(seed), sys.argv[4], count)
    else:
        report = killed_while_opening(random.Random(seed), place, count, place / "old.db" if what == "upgrade" else None)
    print(json.dumps(report))
