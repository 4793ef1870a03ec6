"""What senders do to envelopes: take some from the queue, note what became of each, and find what a crash left behind.

`sending` is committed before a byte of the message leaves. Several senders may share one queue on PostgreSQL: none takes what
another has (`FOR UPDATE SKIP LOCKED`). A file has one sender at a time, held by a lock beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from breachkit.domain.envelope import Outcome, Status
from breachkit.errors import Refused
from breachkit.storage.vault import Dispatch, Vault
from breachkit.storage.vault_events import EVENT

LEASE: Final = 60
"""Seconds without a sign of life after which a sender on another machine is taken for dead."""

_BECOMES: Final[dict[str, Status]] = {
    "sent": "sent",
    "refused": "refused",
    "deferred": "queued",
    "untried": "queued",
    "in_doubt": "in_doubt",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this sender alone may send."""

    n: int
    envelope: str
    recipient: str
    message: bytes
    attempts: int
    """This one counted in."""
    name: str = ""
    """Whose it is, to be taken out of what a server says."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it."""

    n: int
    outcome: Outcome
    at: str
    not_before: str = ""
    """When it may be tried again, for one that was deferred."""
    attempt: int = 0
    """Which attempt it was, counted from 1: a kept reply says nothing of a later one."""


class SendingDesk:
    """One sender's desk on a vault."""

    def __init__(self, vault: Vault, sender: str, *, lease: int = LEASE) -> None:
        self.vault = vault
        self.sender = sender
        self.lease = lease
        self._db = vault.database
        self._postgres = self._db.dialect == "postgresql"

    @property
    def shared(self) -> bool:
        """Whether others may send from the same store, and take this sender for dead after its lease."""
        return self._postgres

    def begin(self, at: str) -> None:
        """Say that this sender is at work."""
        with self.vault.writing():
            query = f"INSERT INTO sender (id, started_at, seen, ended) VALUES (?, ?, {self._now}, 0)"  # noqa: S608 - a constant
            self._db.run(query, (self.sender, at))

    def alive(self) -> None:
        """A sign of life; part of the transaction it is called in, if it is in one."""
        self._db.run(f"UPDATE sender SET seen = {self._now} WHERE id = ?", (self.sender,))  # noqa: S608 - a constant

    def end(self) -> None:
        """Say that it went home."""
        self._db.run("UPDATE sender SET ended = 1 WHERE id = ?", (self.sender,))

    def exchange(self, done: Sequence[Done], dispatches: Sequence[Dispatch], wanted: int, at: str) -> list[Taken]:
        """Note what was done and take more, in one transaction: on the disk when it returns."""
        if self._db.read_only:
            raise Refused(f"{self._db.place} was opened for reading; nothing is sent from it")
        with self._db.transaction(alone=False):
            if self._postgres:
                self.alive()
            if done:
                self._note(done)
            return self._take(dispatches, wanted, at) if wanted else []

    def crashed(self, at: str, *, actor: str) -> int:
        """Put in doubt what dead senders were sending; how many. On a file everybody but this sender is dead."""
        with self._db.transaction(alone=False):
            query = "SELECT e.n FROM envelope e WHERE e.status = 'sending' AND e.sender <> ?"
            values: list[str | int] = [self.sender]
            if self._postgres:
                query += " AND NOT EXISTS (SELECT 1 FROM sender s WHERE s.id = e.sender AND s.ended = 0 "
                query += f"AND s.seen > {self._now} - ?) FOR UPDATE SKIP LOCKED"
                values.append(self.lease)
            return self._put_in_doubt([n for (n,) in self._db.rows(query, values)], at, actor)

    def doubt(self, sender: str, at: str, *, actor: str) -> int:
        """Put in doubt what a sender that is known to be dead was sending; how many."""
        lock = " FOR UPDATE" if self._postgres else ""
        query = f"SELECT n FROM envelope WHERE status = 'sending' AND sender = ?{lock}"  # noqa: S608 - two constants
        with self._db.transaction(alone=False):
            moved = self._put_in_doubt([n for (n,) in self._db.rows(query, (sender,))], at, actor)
            self._db.run("UPDATE sender SET ended = 1 WHERE id = ?", (sender,))
        return moved

    def _put_in_doubt(self, numbers: Sequence[int], at: str, actor: str) -> int:
        """It stays that sender's: should it be alive, or its log be found, what it knows still counts."""
        words = "the sender stopped between handing it over and the server's reply"
        self._db.run_many("UPDATE envelope SET status = 'in_doubt', at = ? WHERE n = ?", [(at, n) for n in numbers])
        self._db.run_many(EVENT, [(n, at, "in_doubt", "sender", None, words, "", actor) for n in numbers])
        return len(numbers)

    def regain(self, done: Sequence[Done], mine: Collection[int], at: str) -> None:
        """After a commit of which nobody knows: note what of `done` is not noted, and put back what was taken beyond `mine`.

        `mine` is all that was handed out to this sender and is not in `done`.
        """
        with self._db.transaction(alone=False):
            held = self.held(self.sender)
            settled = {one.n for one in done}
            orphans = [n for n in held if n not in mine and n not in settled]
            words = "taken in a transaction whose end nobody saw; not tried"
            put_back = [Done(n, Outcome(held[n][0], "untried", None, words, ""), at) for n in orphans]
            self._note([*(one for one in done if one.n in held), *put_back])

    def held(self, sender: str) -> dict[int, tuple[str, int]]:
        """What lies with a sender, as sending or since then in doubt: ids and the attempt it is, by their numbers."""
        query = "SELECT n, id, attempts FROM envelope WHERE sender = ? AND status IN ('sending', 'in_doubt')"
        return {n: (id, attempts) for n, id, attempts in self._db.rows(query, (sender,))}

    def resolve(self, sender: str, done: Sequence[Done], *, actor: str) -> int:
        """Settle by kept replies what a dead sender was sending, or left in doubt; how many.

        What a person or another sender has moved since is not touched, nor is a later attempt than the reply is of.
        """
        moved = 0
        query = (
            "UPDATE envelope SET status = ?, at = ?, not_before = ?, sender = NULL, attempts = attempts - ? "
            "WHERE n = ? AND id = ? AND sender = ? AND attempts = ? AND status IN ('sending', 'in_doubt')"
        )
        with self._db.transaction(alone=False):
            for one in done:
                to, untried = _BECOMES[one.outcome.result], int(one.outcome.result == "untried")
                which = (one.n, one.outcome.envelope, sender, one.attempt)
                if self._db.run(query, (to, one.at, one.not_before, untried, *which)):
                    self._db.run(EVENT, _event(one, to, "reply", actor))
                    moved += 1
        return moved

    def others(self) -> int:
        """How many envelopes other senders are sending now."""
        query = "SELECT count(*) FROM envelope WHERE status = 'sending' AND sender <> ?"
        return int(self._db.rows(query, (self.sender,))[0][0])

    def next_due(self, dispatches: Sequence[Dispatch]) -> str | None:
        """When the first of what is queued may be tried; None when nothing is queued."""
        found = [
            self._db.rows("SELECT min(not_before) FROM envelope WHERE dispatch = ? AND status = 'queued'", (one.n,))[0][0]
            for one in dispatches
        ]
        return min((one for one in found if one is not None), default=None)

    def _take(self, dispatches: Sequence[Dispatch], wanted: int, at: str) -> list[Taken]:
        """Only of dispatches that are released still: one whose people were erased meanwhile has no letters."""
        taken: list[Taken] = []
        skip = " FOR UPDATE SKIP LOCKED" if self._postgres else ""
        for one in dispatches:
            if len(taken) >= wanted:
                break
            query = (
                "UPDATE envelope SET status = 'sending', sender = ?, attempts = attempts + 1, at = ? WHERE n IN ("  # noqa: S608 - holds no value
                "SELECT n FROM envelope WHERE dispatch = ? AND status = 'queued' AND not_before <= ? "
                f"AND EXISTS (SELECT 1 FROM dispatch WHERE n = ? AND state = 'released') ORDER BY n LIMIT ?{skip}) RETURNING n"
            )
            numbers = [n for (n,) in self._db.rows(query, (self.sender, at, one.n, at, one.n, wanted - len(taken)))]
            if numbers:
                taken += self._messages(numbers)
        return taken

    def _messages(self, numbers: Sequence[int]) -> list[Taken]:
        marks = ",".join("?" * len(numbers))
        query = (
            "SELECT e.n, e.id, p.email, l.message, e.attempts, p.name FROM envelope e "  # noqa: S608 - only question marks
            f"JOIN person p ON p.envelope = e.n JOIN letter l ON l.envelope = e.n WHERE e.n IN ({marks}) ORDER BY e.n"
        )
        rows = self._db.rows(query, numbers)
        return [Taken(n, id, email, bytes(message), tries, name) for n, id, email, message, tries, name in rows]

    def _note(self, done: Sequence[Done]) -> None:
        """What this sender knows counts even where it was taken for dead, unless somebody moved the envelope since."""
        moves, events = [], []
        for one in done:
            to = _BECOMES[one.outcome.result]
            events.append(_event(one, to, "sender", self.sender))
            moves.append((to, one.at, one.not_before, int(one.outcome.result == "untried"), one.n, self.sender))
        self._db.run_many(
            "UPDATE envelope SET status = ?, at = ?, not_before = ?, sender = NULL, attempts = attempts - ? "
            "WHERE n = ? AND sender = ? AND status IN ('sending', 'in_doubt')",
            moves,
        )
        self._db.run_many(EVENT, events)

    @property
    def _now(self) -> str:
        """Seconds, for signs of life: the server's own clock, since machines differ; a file needs none."""
        return "extract(epoch FROM clock_timestamp())::bigint" if self._postgres else "0"


def _event(one: Done, to: Status, by: str, actor: str) -> tuple[str | int | None, ...]:
    outcome = one.outcome
    words = outcome.reply if outcome.result != "deferred" else f"to be tried again: {outcome.reply}"
    return one.n, one.at, to, by, outcome.code, words, outcome.server, actor
