"""A server that stops, a connection that breaks, a client that is killed: what was confirmed stays, and no lie is told."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from breachkit.errors import DatabaseLost, JournalConflict, Refused
from breachkit.storage.journal import Journal

from .house import NIGHT, fact, fill
from .servers import Server


def cut(journal: Journal, server: Server) -> None:
    """Break this journal's connection, as a network would."""
    number = journal._db.rows("SELECT pg_backend_pid()")[0][0]
    server.sql(f"SELECT pg_terminate_backend({number}, 5000)")


def test_a_journal_lives_through_a_restart_of_its_server(server: Server, team_database: str) -> None:
    with Journal.open(team_database) as journal, Journal.open(team_database, read_only=True) as reader:
        fill(journal, 2)
        token = reader.token()
        server.restart()
        assert not reader.changed_since(token)
        assert len(reader.entries("INC-1")) == 2
        journal.append("INC-1", [fact()], expected=2, actor="ana", recorded_at=NIGHT)
        assert reader.changed_since(token)
        server.stop()
        try:
            for work in (reader.token, lambda: journal.append("INC-1", [fact()], expected=3, actor="ana", recorded_at=NIGHT)):
                with pytest.raises(DatabaseLost, match=r"cannot be reached.*Nothing was recorded"):
                    work()
        finally:
            server.start()
        assert reader.head("INC-1")[0] == 3
        journal.append("INC-1", [fact()], expected=3, actor="ana", recorded_at=NIGHT)
        assert [journal._db.rows("SHOW synchronous_commit"), reader._db.rows("SHOW default_transaction_read_only")] == [
            [("on",)],
            [("on",)],
        ]


def test_a_connection_that_breaks_before_the_end_recorded_nothing(server: Server, team_database: str) -> None:
    with Journal.open(team_database) as journal:
        fill(journal, 2)
        with pytest.raises(DatabaseLost, match="Nothing was recorded"), journal._writing():  # noqa: PT012 - it breaks half-way
            journal._write("INC-1", [fact()], 2, journal.head("INC-1")[1], "ana", NIGHT)
            cut(journal, server)
            journal._rows("SELECT 1")
        assert journal.head("INC-1")[0] == 2
        journal.append("INC-1", [fact()], expected=2, actor="ana", recorded_at=NIGHT)


def test_a_connection_that_breaks_at_the_end_leaves_it_open_whether_it_was_recorded(server: Server, team_database: str) -> None:
    with Journal.open(team_database) as journal:
        fill(journal, 2)
        with pytest.raises(DatabaseLost, match="is not known: look"), journal._writing():  # noqa: PT012 - it breaks at the end
            journal._write("INC-1", [fact()], 2, journal.head("INC-1")[1], "ana", NIGHT)
            cut(journal, server)
        assert journal.head("INC-1")[0] == 2
        assert journal.verify() is None


def test_a_statement_alone_is_tried_again_and_never_done_twice(server: Server, team_database: str) -> None:
    with Journal.open(team_database) as journal:
        cut(journal, server)
        assert journal._db.run("INSERT INTO law_pack (sha256, content) VALUES ('a', ?)", (b"a",)) == 1
        cut(journal, server)
        assert journal._db.rows("INSERT INTO law_pack (sha256, content) VALUES ('z', ?) RETURNING sha256", (b"z",)) == [("z",)]
        cut(journal, server)
        journal._db.run_many("INSERT INTO law_pack (sha256, content) VALUES (?, ?)", [("b", b"b"), ("c", b"c")])
        cut(journal, server)
        assert list(journal._db.stream("SELECT sha256 FROM law_pack ORDER BY 1")) == [("a",), ("b",), ("c",), ("z",)]


def test_two_walks_go_on_side_by_side_and_a_write_between_is_refused_not_lost(team_database: str) -> None:
    with Journal.open(team_database) as journal:
        fill(journal, 5)
        with contextlib.closing(journal._db.stream("SELECT seq FROM entry ORDER BY seq")) as outer:
            assert next(outer) == (1,)
            assert len(list(journal._db.stream("SELECT seq FROM entry"))) == 5
            assert next(outer) == (2,)
            with pytest.raises(Refused, match="a transaction cannot begin within another"):
                journal.append("INC-1", [fact()], expected=5, actor="ana", recorded_at=NIGHT)
        journal.append("INC-1", [fact()], expected=5, actor="ana", recorded_at=NIGHT)


def test_a_part_that_was_refused_is_never_taken_for_recorded(team_database: str) -> None:
    with Journal.open(team_database) as journal:
        fill(journal, 2)
        swallowed = contextlib.suppress(Refused)
        with pytest.raises(Refused, match="nothing of it was recorded"), journal._writing(), swallowed:
            journal._db.run("DELETE FROM entry")
        journal.append("INC-1", [fact()], expected=2, actor="ana", recorded_at=NIGHT)


def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged(team_database: str) -> None:
    program = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), "server", "15", "72", team_database],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["acknowledged"] > 15


def test_nothing_confirmed_is_lost_when_the_server_fails_while_it_is_written_to(server: Server, team_database: str) -> None:
    confirmed: list[tuple[int, str]] = []
    unknown = 0
    stop, enough = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        nonlocal unknown
        with Journal.open(team_database) as journal:
            seq = journal.head("INC-1")[0]
            while not stop.is_set():
                try:
                    for entry in journal.append("INC-1", [fact()] * 3, expected=seq, actor="ana", recorded_at=NIGHT):
                        confirmed.append((entry.seq, entry.hash))
                    seq = entry.seq
                except DatabaseLost as problem:
                    unknown += "not known" in str(problem)
                    with contextlib.suppress(DatabaseLost):
                        seq = journal.head("INC-1")[0]
                except JournalConflict as conflict:  # what was not known had been recorded
                    seq = conflict.actual
                enough.release()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            for _ in range(20):
                assert enough.acquire(timeout=30)
            server.restart("immediate")
        for _ in range(20):
            assert enough.acquire(timeout=30)
    finally:
        stop.set()
        writer.join()
    assert len(confirmed) > 60
    with Journal.open(team_database) as journal:
        assert journal.verify() is None
        assert journal.head("INC-1")[0] <= len(confirmed) + 3 * unknown
        assert all(journal.holds("INC-1", *one) for one in confirmed)
