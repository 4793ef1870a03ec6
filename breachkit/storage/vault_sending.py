"""What senders do to envelopes: take some from the queue, note what became of each, and find what a crash left behind.

`sending` is committed before a byte of the message leaves. Several senders may share one queue on PostgreSQL: none takes what
another has (`FOR UPDATE SKIP LOCKED`). A file has one sender at a time, held by a lock beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from breachkit.domain.envelope import Outcome, Status
from breachkit.errors import Refused
from breachkit.storage.vault import EVENT, Dispatch, Vault

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


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it."""

    n: int
    outcome: Outcome
    at: str
    not_before: str = ""
    """When it may be tried again, for one that was deferred."""


class SendingDesk:
    """One sender's desk on a vault."""

    def __init__(self, vault: Vault, sender: str, *, lease: int = LEASE) -> None:
        self.vault = vault
        self.sender = sender
        self.lease = lease
        self._db = vault.database
        self._postgres = self._db.dialect == "postgresql"

    def begin(self, at: str) -> None:
        """Say that this sender is at work."""
        with self.vault.writing():
            seen = self._now()
            self._db.run("INSERT INTO sender (id, started_at, seen, ended) VALUES (?, ?, ?, 0)", (self.sender, at, seen))

    def alive(self) -> None:
        """A sign of life; part of the transaction it is called in, if it is in one."""
        self._db.run("UPDATE sender SET seen = ? WHERE id = ?", (self._now(), self.sender))

    def end(self) -> None:
        """Say that it went home."""
        self._db.run("UPDATE sender SET ended = 1 WHERE id = ?", (self.sender,))

    def exchange(self, done: Sequence[Done], dispatches: Sequence[Dispatch], wanted: int, at: str) -> list[Taken]:
        """Note what was done and take more, in one transaction: on the disk when it returns."""
        if self._db.read_only:
            raise Refused(f"{self._db.place} was opened for reading; nothing is sent from it")
        with self._db.transaction(alone=False):
            if done:
                self._note(done)
            if self._postgres:
                self.alive()
            return self._take(dispatches, wanted, at) if wanted else []

    def crashed(self, at: str, *, actor: str) -> int:
        """Put in doubt what dead senders were sending; how many. On a file everybody but this sender is dead."""
        with self._db.transaction(alone=False):
            query = "SELECT e.n FROM envelope e WHERE e.status = 'sending' AND e.sender <> ?"
            values: list[str | int] = [self.sender]
            if self._postgres:
                query += " AND NOT EXISTS (SELECT 1 FROM sender s WHERE s.id = e.sender AND s.ended = 0 AND s.seen > ?)"
                query += " FOR UPDATE SKIP LOCKED"
                values.append(self._now() - self.lease)
            left = [n for (n,) in self._db.rows(query, values)]
            self._db.run_many("UPDATE envelope SET status = 'in_doubt', at = ? WHERE n = ?", [(at, n) for n in left])
            words = "the sender stopped between handing it over and the server's reply"
            self._db.run_many(EVENT, [(n, at, "in_doubt", "sender", None, words, "", actor) for n in left])
        return len(left)

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

    def resolve(self, done: Sequence[Done], *, actor: str) -> int:
        """Settle what was sending or in doubt by replies that were kept; how many. The rest has its answer already."""
        moved = 0
        with self._db.transaction(alone=False):
            for one in done:
                to = _BECOMES[one.outcome.result]
                query = (
                    "UPDATE envelope SET status = ?, at = ?, sender = NULL WHERE n = ? AND status IN ('sending', 'in_doubt')"
                )
                if self._db.run(query, (to, one.at, one.n)):
                    self._db.run(EVENT, _event(one, to, "reply", actor))
                    moved += 1
        return moved

    def _take(self, dispatches: Sequence[Dispatch], wanted: int, at: str) -> list[Taken]:
        taken: list[Taken] = []
        skip = " FOR UPDATE SKIP LOCKED" if self._postgres else ""
        for one in dispatches:
            if len(taken) >= wanted:
                break
            query = (
                "UPDATE envelope SET status = 'sending', sender = ?, attempts = attempts + 1, at = ? WHERE n IN ("  # noqa: S608 - holds no value
                "SELECT n FROM envelope WHERE dispatch = ? AND status = 'queued' AND not_before <= ? ORDER BY n LIMIT ?"
                f"{skip}) RETURNING n"
            )
            numbers = [n for (n,) in self._db.rows(query, (self.sender, at, one.n, at, wanted - len(taken)))]
            if numbers:
                taken += self._messages(numbers)
        return taken

    def _messages(self, numbers: Sequence[int]) -> list[Taken]:
        marks = ",".join("?" * len(numbers))
        query = (
            "SELECT e.n, e.id, p.email, l.message, e.attempts FROM envelope e "  # noqa: S608 - only question marks
            f"JOIN person p ON p.envelope = e.n JOIN letter l ON l.envelope = e.n WHERE e.n IN ({marks}) ORDER BY e.n"
        )
        return [Taken(n, id, email, bytes(message), tries) for n, id, email, message, tries in self._db.rows(query, numbers)]

    def _note(self, done: Sequence[Done]) -> None:
        """A reply proves what became of a message even where this sender was taken for dead meanwhile; the rest is its own."""
        proven, untried, events = [], [], []
        for one in done:
            to = _BECOMES[one.outcome.result]
            events.append(_event(one, to, "sender", self.sender))
            if one.outcome.result == "untried":
                untried.append((one.at, one.n, self.sender))
            else:
                proven.append((to, one.at, one.not_before, one.n, self.sender))
        if proven:
            self._db.run_many(
                "UPDATE envelope SET status = ?, at = ?, not_before = ?, sender = NULL "
                "WHERE n = ? AND (status = 'in_doubt' OR (status = 'sending' AND sender = ?))",
                proven,
            )
        if untried:
            self._db.run_many(
                "UPDATE envelope SET status = 'queued', at = ?, attempts = attempts - 1, sender = NULL "
                "WHERE n = ? AND status = 'sending' AND sender = ?",
                untried,
            )
        self._db.run_many(EVENT, events)

    def _now(self) -> int:
        """Seconds, for signs of life: the server's own clock, since machines differ; a file needs none."""
        if not self._postgres:
            return 0
        return int(self._db.rows("SELECT extract(epoch FROM clock_timestamp())::bigint")[0][0])


def _event(one: Done, to: Status, by: str, actor: str) -> tuple[str | int | None, ...]:
    outcome = one.outcome
    words = outcome.reply if outcome.result != "deferred" else f"to be tried again: {outcome.reply}"
    return one.n, one.at, to, by, outcome.code, words, outcome.server, actor
