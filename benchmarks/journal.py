"""The journal against the bare driver with the same durability: sqlite3, and psycopg where a server can be started.

Run by hand: python benchmarks/journal.py [FOLDER], for PostgreSQL from the top of a checkout and with the extra pg.

Every round measures both sides one after the other, so that a busy disk weighs on both; the ratio is the median of the
rounds' ratios. Above 1 means that the journal takes longer.
"""

from __future__ import annotations

import hashlib
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from breachkit.domain.journal import GENESIS, Draft, first_break, seal, unseal
from breachkit.storage.journal import Journal

NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
ROUNDS, SINGLES, BATCH, LONG = 15, 400, 1_000, 50_000
INSERT = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)"
Row = tuple[str, int, bytes, str, str, str]


def drafts(count: int) -> list[Draft]:
    body = {"key": "people.in.ES", "source": "CRM export", "certainty": "estimated"}
    return [Draft("fact.recorded", body | {"value": str(number)}) for number in range(count)]


def sealed(incident: str, count: int) -> list[Row]:
    rows, previous = [], GENESIS
    for seq, draft in enumerate(drafts(count), 1):
        row, previous = seal_row(incident, seq, previous, draft)
        rows.append(row)
    return rows


def seal_row(incident: str, seq: int, previous: str, draft: Draft) -> tuple[Row, str]:
    entry, content = seal(draft, incident=incident, seq=seq, previous=previous, actor="ana", recorded_at=NIGHT)
    return (incident, seq, content, entry.hash, NIGHT.isoformat(), entry.kind), entry.hash


def plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE entry (incident TEXT NOT NULL, seq INTEGER NOT NULL, content BLOB NOT NULL, hash TEXT NOT NULL, "
        "recorded_at TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (incident, seq)) WITHOUT ROWID"
    )
    return connection


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(name: str, events: int, ours: Callable[[int], object], theirs: Callable[[int], object]) -> None:
    """Interleave both, changing who goes first, and print one line."""
    pairs = []
    for number in range(ROUNDS):
        if number % 2:
            other, own = timed(lambda number=number: theirs(number)), timed(lambda number=number: ours(number))
        else:
            own, other = timed(lambda number=number: ours(number)), timed(lambda number=number: theirs(number))
        pairs.append((own, other))
    ratios = sorted(own / other for own, other in pairs)
    own, other = (statistics.median(side) / events * 1e6 for side in zip(*pairs, strict=True))
    print(f"{name:<42} {own:9.1f} {other:9.1f} {statistics.median(ratios):7.2f}   {ratios[0]:.2f}-{ratios[-1]:.2f}")


def main(folder: Path) -> None:
    journal, floor = Journal.open(folder / "journal.db"), plain(folder / "plain.db")
    single, batch = drafts(SINGLES), drafts(BATCH)
    ready = {name: {n: sealed(f"{name}-{n}", size) for n in range(ROUNDS)} for name, size in (("S", SINGLES), ("B", BATCH))}

    def append_one_by_one(journal: Journal) -> Callable[[int], None]:
        def work(number: int) -> None:
            for seq, draft in enumerate(single):
                journal.append(f"S-{number}", [draft], expected=seq, actor="ana", recorded_at=NIGHT)

        return work

    def insert_one_by_one(number: int) -> None:
        for row in ready["S"][number]:
            floor.execute("BEGIN IMMEDIATE")
            floor.execute(INSERT, row)
            floor.execute("COMMIT")

    def seal_and_insert_one_by_one(number: int) -> None:
        previous = GENESIS
        for seq, draft in enumerate(single, 1):
            row, previous = seal_row(f"T-{number}", seq, previous, draft)
            floor.execute("BEGIN IMMEDIATE")
            floor.execute(INSERT, row)
            floor.execute("COMMIT")

    def append_batch(journal: Journal) -> Callable[[int], object]:
        return lambda number: journal.append(f"B-{number}", batch, expected=0, actor="ana", recorded_at=NIGHT)

    def insert_batch(number: int) -> None:
        floor.execute("BEGIN IMMEDIATE")
        floor.executemany(INSERT, ready["B"][number])
        floor.execute("COMMIT")

    def seal_and_insert_batch(number: int) -> None:
        floor.execute("BEGIN IMMEDIATE")
        floor.executemany(INSERT, sealed(f"C-{number}", BATCH))
        floor.execute("COMMIT")

    print(f"{'us per entry, median of ' + str(ROUNDS) + ' rounds':<42} {'journal':>9} {'sqlite3':>9} {'ratio':>7}   range")
    again = Journal.open(folder / "again.db")
    compare("append one / insert", SINGLES, append_one_by_one(journal), insert_one_by_one)
    compare("append one / seal and insert", SINGLES, append_one_by_one(again), seal_and_insert_one_by_one)
    compare(f"append {BATCH} / insert", BATCH, append_batch(journal), insert_batch)
    compare(f"append {BATCH} / seal and insert", BATCH, append_batch(again), seal_and_insert_batch)
    again.close()

    journal.append("INC-1", drafts(LONG), expected=0, actor="ana", recorded_at=NIGHT)
    path = journal.path
    journal.close()
    with Journal.open(path) as journal:
        reader = sqlite3.connect(path)
        walk = "SELECT incident, seq, content, hash FROM entry WHERE incident = 'INC-1' ORDER BY seq"

        def hash_all(_: int) -> bool:
            return all(hashlib.sha256(content).hexdigest() == digest for _, _, content, digest in reader.execute(walk))

        compare(f"verify {LONG} / SELECT and sha256", LONG, lambda _: journal.verify("INC-1"), hash_all)
        compare("parsing check / SELECT and sha256", LONG, lambda _: first_break(reader.execute(walk)), hash_all)
        reader.close()
    size = path.stat().st_size / 1e6
    opening = statistics.median(timed(lambda: Journal.open(path).close()) for _ in range(ROUNDS))
    print(f"open and check a file of {size:.0f} MB: {opening * 1e3:.1f} ms")
    floor.close()


def on_a_server(url: str) -> None:
    """The same on PostgreSQL: each commit is on the server's disk when it returns, on both sides."""
    import psycopg

    floor = psycopg.connect(url, autocommit=True)
    floor.execute("SET synchronous_commit = on")
    floor.execute(
        "CREATE TABLE plain (incident text NOT NULL, seq integer NOT NULL, content bytea NOT NULL, hash text NOT NULL, "
        "recorded_at text NOT NULL, kind text NOT NULL, PRIMARY KEY (incident, seq))"
    )
    put = "INSERT INTO plain VALUES (%s, %s, %s, %s, %s, %s)"
    single, batch = drafts(SINGLES), drafts(BATCH)

    def seal_and_insert_one_by_one(number: int) -> None:
        previous = GENESIS
        for seq, draft in enumerate(single, 1):
            row, previous = seal_row(f"T-{number}", seq, previous, draft)
            with floor.transaction():
                floor.execute(put, row)

    def seal_and_insert_batch(number: int) -> None:
        with floor.transaction():
            floor.cursor().executemany(put, sealed(f"C-{number}", BATCH))

    def append_one_by_one(number: int) -> None:
        for seq, draft in enumerate(single):
            journal.append(f"S-{number}", [draft], expected=seq, actor="ana", recorded_at=NIGHT)

    def hash_all(_: int) -> bool:
        with floor.transaction(), floor.cursor("walk", binary=True) as cursor:
            cursor.itersize = 2_000
            cursor.execute("SELECT content, hash FROM breachkit.entry WHERE incident = 'INC-1' ORDER BY seq")
            return all(hashlib.sha256(content).hexdigest() == digest for content, digest in cursor)

    def read_all(_: int) -> list[object]:
        query = "SELECT content, hash FROM breachkit.entry WHERE incident = 'INC-1' ORDER BY seq"
        return [unseal(content, digest) for content, digest in floor.execute(query, binary=True)]

    with Journal.open(url) as journal:
        print(f"\n{f'PostgreSQL {floor.info.server_version // 10_000}':<42} {'journal':>9} {'psycopg':>9} {'ratio':>7}   range")
        compare("append one / seal and insert", SINGLES, append_one_by_one, seal_and_insert_one_by_one)
        compare(
            f"append {BATCH} / seal and insert",
            BATCH,
            lambda number: journal.append(f"B-{number}", batch, expected=0, actor="ana", recorded_at=NIGHT),
            seal_and_insert_batch,
        )
        journal.append("INC-1", drafts(LONG), expected=0, actor="ana", recorded_at=NIGHT)
        compare(f"entries of {LONG} / SELECT and unseal", LONG, lambda _: journal.entries("INC-1"), read_all)
        compare(f"verify {LONG} / SELECT and sha256", LONG, lambda _: journal.verify("INC-1"), hash_all)
    opening = statistics.median(timed(lambda: Journal.open(url).close()) for _ in range(ROUNDS))
    bare = statistics.median(timed(lambda: psycopg.connect(url).close()) for _ in range(ROUNDS))
    print(f"open: {opening * 1e3:.1f} ms; a bare connection: {bare * 1e3:.1f} ms")
    floor.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        main(Path(place))
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.storage import servers

    if servers.programs() is None:
        sys.exit("PostgreSQL: not measured, its server programs or psycopg are not installed")
    with servers.running(on_disk=True) as server:
        on_a_server(server.url(server.new_database()))
