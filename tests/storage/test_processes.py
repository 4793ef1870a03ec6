"""Several processes write to one incident: each number is won once, the others are told, nothing is lost."""

from __future__ import annotations

import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from breachkit.errors import JournalConflict
from breachkit.storage.journal import Journal

from .house import NIGHT, fact, opened
from .stores import Store

ROUNDS = 40
Tally = tuple[str, list[tuple[int, str]], int, list[str]]


def _write(name: str, where: str, gate: Barrier, results: Queue[Tally]) -> None:
    won, lost, ids = [], 0, []
    with Journal.open(where) as journal:
        for _ in range(ROUNDS):
            gate.wait()
            seq, _ = journal.head("INC-1")
            gate.wait()  # both have seen the same head
            try:
                [entry] = journal.append("INC-1", [fact(value=name)], expected=seq, actor=name, recorded_at=NIGHT)
                won.append((entry.seq, entry.hash))
            except JournalConflict as conflict:
                lost += (conflict.expected, conflict.actual) == (seq, seq + 1)
            ids.append(journal.new_incident([opened()], actor=name, recorded_at=NIGHT)[0])
    results.put((name, won, lost, ids))


def test_of_two_processes_that_saw_the_same_head_exactly_one_records(store: Store) -> None:
    store.fill(1)
    spawn = multiprocessing.get_context("spawn")
    gate, results = spawn.Barrier(2), spawn.Queue()
    workers = [spawn.Process(target=_write, args=(name, store.where, gate, results)) for name in ("ana", "ben")]
    for worker in workers:
        worker.start()
    tallies = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    results.close()
    won = {seq: (name, digest) for name, entries, _, _ in tallies for seq, digest in entries}
    assert sorted(won) == list(range(2, ROUNDS + 2))
    assert sum(len(entries) for _, entries, _, _ in tallies) == ROUNDS
    assert sum(lost for _, _, lost, _ in tallies) == ROUNDS
    ids = [incident for _, _, _, given in tallies for incident in given]
    assert len(set(ids)) == 2 * ROUNDS
    with store.open() as journal:
        assert {entry.seq: (entry.actor, entry.hash) for entry in journal.entries("INC-1")[1:]} == won
        assert sorted(journal.incidents()) == sorted(["INC-1", *ids])
        assert journal.verify() is None
