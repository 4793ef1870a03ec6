"""The vault on each kind of database: one envelope for each person, moves that are allowed, and proof that stays."""

from __future__ import annotations

import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.envelope import Outcome, envelope_of
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.storage.vault import Vault
from breachkit.storage.vault_sending import Done, SendingDesk

from .vaults import LETTER, NOON, Held, ids, letter, queued

PEOPLE = [letter("Mirabelle Uno"), letter("Basil Dos"), letter("Clement Tres")]


def put(
    vault: Vault, *some: Any, incident: str = "INC-1", finding: str = LETTER, letters: Any = (), **body: Any
) -> tuple[int, int]:
    with vault.writing():
        one = vault.new_dispatch(incident, finding, body)
        return vault.put(one, some or letters, domain="example.com", at=NOON, actor="ana")


def test_a_person_gets_one_envelope_of_a_notice_however_the_table_writes_them(held: Held) -> None:
    with held.open() as vault:
        twice = [letter("Mirabelle Uno"), letter("mirabelle  UNO", "Mirabelle@Example.com"), letter("Basil Dos")]
        assert put(vault, *twice) == (2, 1)
        assert put(vault, *PEOPLE) == (1, 2)
        assert put(vault, *PEOPLE, finding="eu.gdpr.34@other") == (3, 0)
        assert put(vault, *PEOPLE, incident="INC-2") == (3, 0)
        assert put(vault, *PEOPLE, round=2) == (3, 0)
        assert put(vault, *PEOPLE, round=2) == (0, 3)
        assert put(vault, letter("Mirabelle Uno", "other@example.com")) == (1, 0)
        assert vault.rounds("INC-1", LETTER) == 2
        assert vault.rounds("INC-3", LETTER) == 0


def test_more_people_than_one_statement_takes_are_told_apart_too(held: Held) -> None:
    many = [letter(f"Person{n} Uno") for n in range(1100)]
    with held.open() as vault:
        assert put(vault, *many, *many[:600]) == (1100, 600)
        assert vault.counts(vault.dispatches())["queued"] == 1100
        assert len(set(ids(vault))) == 1100


def test_a_persons_key_tells_nothing_without_the_vaults_own_secret(held: Held, tmp_path: Path) -> None:
    with held.open() as vault, Vault.open(tmp_path / "other" / "journal.db") as other:
        queued(vault)
        queued(other)
        key, again = (bytes(one.database.rows("SELECT key FROM person")[0][0]) for one in (vault, other))
        assert len(key) == 32
        assert key != again
        secrets = [one.database.rows("SELECT value FROM meta WHERE key = 'secret'") for one in (vault, other)]
        assert secrets[0] != secrets[1]


def test_a_message_has_the_id_of_its_envelope_and_a_seal_over_it(held: Held) -> None:
    import hashlib

    with held.open() as vault:
        queued(vault, *PEOPLE)
        for one, receipt in zip(vault.envelopes(vault.dispatches()), vault.receipts("INC-1"), strict=True):
            message = vault.letter(one.id) or b""
            assert envelope_of(receipt["message_id"]) == one.id
            assert receipt["message_id"].encode() in message
            query = "SELECT l.salt FROM letter l JOIN envelope e ON e.n = l.envelope WHERE e.id = ?"
            salt = bytes(vault.database.rows(query, (one.id,))[0][0])
            assert hashlib.sha256(salt + message).hexdigest() == receipt["sha256"]


def test_dispatches_are_counted_apart_and_numbered_above_what_is_known_elsewhere(held: Held) -> None:
    with held.open() as vault:
        queued(vault, *PEOPLE)
        second = queued(vault, PEOPLE[0], incident="INC-2")
        vault.move([ids(vault)[0]], "replaced", "person", at=NOON, actor="ana", channel="post")
        assert vault.counts(vault.dispatches("INC-1")) == {
            "queued": 2, "sending": 0, "sent": 0, "refused": 0, "in_doubt": 0, "bounced": 0, "replaced": 1, "withdrawn": 0,
        }  # fmt: skip
        assert vault.counts([second])["queued"] == 1
        with vault.writing():
            assert vault.new_dispatch("INC-1", LETTER, {}, above=17).id == "D-18"
            assert vault.new_dispatch("INC-1", LETTER, {}, above=3).id == "D-19"
        assert [one.id for one in vault.dispatches("INC-1")] == ["D-1", "D-18", "D-19"]
        with pytest.raises(UnknownName, match=r"unknown dispatch 'D-20'; did you mean 'D-\d+'"):
            vault.dispatch("D-20")


def test_moves_are_made_all_or_none_and_one_that_is_forbidden_is_named(held: Held) -> None:
    with held.open() as vault:
        queued(vault, *PEOPLE)
        first, second, third = ids(vault)
        vault.move([first], "replaced", "person", at=NOON, actor="ana", channel="post", reply="posting list 17")
        before = list(vault.receipts("INC-1"))
        with pytest.raises(Refused, match=f"{first}: it is replaced and cannot become replaced"):
            vault.move([second, third, first], "replaced", "person", at=NOON, actor="ana", channel="post")
        with pytest.raises(UnknownName, match="unknown envelope"):
            vault.move([second, "0" * 32], "replaced", "person", at=NOON, actor="ana")
        assert list(vault.receipts("INC-1")) == before
        with pytest.raises(Refused, match=f"{second}: it is queued and cannot become sent"):
            vault.move([second], "sent", "person", at=NOON, actor="ana")
        assert (vault.envelope(first).channel, vault.envelope(first).reply) == ("post", "posting list 17")


def test_what_was_sent_is_never_queued_again_and_what_is_in_doubt_only_by_a_person(held: Held) -> None:
    with held.open() as vault:
        queued(vault, *PEOPLE)
        first, second, third = ids(vault)
        held_by = "UPDATE envelope SET status = 'sending', sender = 'gone', attempts = 1 WHERE id = ?"
        for one in (first, second, third):
            vault.database.run(held_by, (one,))
        vault.move([first], "sent", "sender", at=NOON, actor="ana", code=250, reply="queued as 1")
        vault.move([second, third], "in_doubt", "sender", at=NOON, actor="ana")
        with pytest.raises(Refused, match="nothing is sent twice"):
            vault.move([first], "queued", "person", at=NOON, actor="ana")
        with pytest.raises(Refused, match="only a person can say"):
            vault.move([second], "queued", "sender", at=NOON, actor="ana")
        vault.move([second], "queued", "person", at=NOON, actor="ana", reply="not in the log")
        assert vault.envelope(second).status == "queued"


def test_on_a_server_a_person_does_not_move_what_a_sender_took_in_between(team_database: str) -> None:
    """On a file people and senders stand in one line."""
    with Vault.open(team_database) as vault, Vault.open(team_database) as other:
        one = queued(vault)
        with vault.writing():
            vault.change_dispatch(one, "released")
        [id] = ids(vault)
        looked = other.database.rows

        def rows_and_then_a_sender_is_quicker(query: str, values: Any = ()) -> Any:
            found = looked(query, values)
            if query.startswith("SELECT n, status"):
                assert SendingDesk(vault, "quick").exchange([], [one], 1, NOON)
            return found

        other.database.rows = rows_and_then_a_sender_is_quicker  # type: ignore[method-assign] # between look and change
        with pytest.raises(Refused, match="a sender has it now; nothing was changed"):
            other.move([id], "replaced", "person", at=NOON, actor="ana", channel="post")
        assert vault.envelope(id).status == "sending"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET reply = 'never happened'",
        "UPDATE event SET reply = 'never happened' WHERE n = 1",
        "DELETE FROM event",
        "DELETE FROM event WHERE n = 1",
        "DELETE FROM envelope",
        "DELETE FROM dispatch",
        "TRUNCATE event",
        "TRUNCATE envelope CASCADE",
        "TRUNCATE dispatch CASCADE",
    ],
)
def test_the_database_itself_refuses_another_program_that_would_unmake_proof(held: Held, statement: str) -> None:
    if statement.startswith("TRUNCATE") and not held.on_server:
        statement = f"DELETE FROM {statement.split()[1]} WHERE 1 = 1"  # what it would be called there
    with held.open() as vault:
        queued(vault)
        before = list(vault.receipts("INC-1"))
    with pytest.raises(Exception, match=r"is never (changed|deleted)"):
        held.sql(statement)
    with held.open(read_only=True) as vault:
        assert list(vault.receipts("INC-1")) == before
        assert vault.warnings == []


def test_receipts_are_the_same_each_time_and_hold_nobody(held: Held) -> None:
    with held.open() as vault:
        one = queued(vault, *PEOPLE)
        vault.change_dispatch(one, "released")
        desk = SendingDesk(vault, "one")
        desk.begin(NOON)
        done = [
            Done(taken.n, Outcome(taken.envelope, "sent", 250, "2.0.0 queued as 4F1", "main"), NOON, attempt=taken.attempts)
            for taken in desk.exchange([], [one], 2, NOON)
        ]
        desk.exchange(done, [one], 0, NOON)
        receipts = list(vault.receipts("INC-1"))
        assert list(vault.receipts("INC-1", one.id)) == receipts
        assert list(vault.receipts("INC-2")) == []
        assert [one["status"] for one in receipts] == ["sent", "sent", "queued"]
        assert [event["to"] for event in receipts[0]["events"]] == ["queued", "sent"]
        assert receipts[0]["events"][-1] | {"at": ""} == {
            "at": "", "to": "sent", "by": "sender", "code": 250, "reply": "2.0.0 queued as 4F1", "server": "main",
        }  # fmt: skip
        told = str(receipts).lower()
        assert not [
            word for one in PEOPLE for word in (one.email, one.name.lower(), one.name.split()[0].lower()) if word in told
        ]
    with held.open(read_only=True) as vault:
        assert list(vault.receipts("INC-1")) == receipts


def test_an_envelope_is_found_by_as_much_of_its_id_as_no_other_shares(held: Held) -> None:
    with held.open() as vault:
        queued(vault, *PEOPLE)
        one = ids(vault)[0]
        assert vault.envelope(one).id == vault.envelope(one[:12]).id == one
        wrong = one[:-1] + ("0" if one[-1] != "0" else "1")
        with pytest.raises(UnknownName, match=f"did you mean '{one}"):
            vault.envelope(wrong)
        for nothing in ("", "%", "x'; --"):
            with pytest.raises(UnknownName, match="send list shows them"):
                vault.envelope(nothing)
        queued(vault, *(letter(f"Person{n} Uno") for n in range(17)))
        shared = next(head for head in "0123456789abcdef" if sum(id.startswith(head) for id in ids(vault)) > 1)
        with pytest.raises(UsageError, match=f"several envelopes begin with '{shared}'"):
            vault.envelope(shared)


def test_what_is_opened_for_reading_is_not_written_by_anybody(held: Held) -> None:
    with held.open() as vault:
        queued(vault)
    with held.open(read_only=True) as vault:
        [id] = ids(vault)
        assert vault.envelope(id).email == "mirabelle@example.com"
        with pytest.raises(Refused, match="opened for reading"):
            vault.move([id], "replaced", "person", at=NOON, actor="ana")
        with pytest.raises(Refused):
            vault.database.run("UPDATE envelope SET status = 'replaced'")


def test_a_transaction_that_breaks_off_leaves_nothing(held: Held) -> None:
    def letters() -> Any:
        yield letter()
        raise KeyboardInterrupt

    with held.open() as vault:
        with pytest.raises(KeyboardInterrupt):
            put(vault, *PEOPLE, *letters())
        with pytest.raises(KeyboardInterrupt):
            put(vault, letters=letters())
        assert vault.dispatches() == []
        assert vault.database.rows("SELECT count(*) FROM person")[0][0] == 0


Got = tuple[list[str], int, int]


def _queue(where: str, gate: Barrier, results: Queue[Got]) -> None:
    made, added, there = [], 0, 0
    with Vault.open(where) as vault:
        for number in range(12):
            gate.wait()
            with vault.writing():
                one = vault.new_dispatch("INC-1", LETTER, {})
                new, known = vault.put(one, [letter(f"Person{number} Uno")], domain="example.com", at=NOON, actor="ana")
            made.append(one.id)
            added, there = added + new, there + known
    results.put((made, added, there))


def test_two_who_queue_at_once_get_numbers_of_their_own_and_nobody_an_envelope_too_many(held: Held) -> None:
    spawn = multiprocessing.get_context("spawn")
    gate, results = spawn.Barrier(2), spawn.Queue()
    workers = [spawn.Process(target=_queue, args=(held.store.where, gate, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    got = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    results.close()
    numbers = [int(id[2:]) for made, _, _ in got for id in made]
    assert sorted(numbers) == list(range(1, 25))
    assert sum(added for _, added, _ in got) == sum(there for _, _, there in got) == 12
    with held.open(read_only=True) as vault:
        assert sorted(one.name or "" for one in vault.envelopes(vault.dispatches())) == sorted(
            f"Person{number} Uno" for number in range(12)
        )
