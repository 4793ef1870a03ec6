"""The erasable store beside the journal: envelopes, who they are for, their letters, and attachments.

What names a person - addresses, letters, attachments - can be erased; envelopes and what happened to them stay as proof. It
keeps and counts; which moves an envelope may make is `domain.envelope`'s, sending is in `vault_sending.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from breachkit.domain.envelope import STATUSES, By, Status, check_move, may_become, message_id, said
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.storage.database import Database, is_postgresql
from breachkit.storage.files import locate
from breachkit.storage.vault_events import EVENT
from breachkit.storage.vault_opening import open_vault_file

SUFFIX: Final = ".vault"
"""What is put behind the journal's name."""
_SECRET: Final = "secret"
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter for one person, ready to be put into an envelope."""

    person: str
    """The person's id in the table; empty where there is none."""
    name: str
    email: str
    place: str
    opted_out: bool
    message: bytes
    """The message with `placeholder` where the Message-ID goes."""
    placeholder: bytes


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A notice on its way to its recipients."""

    n: int
    id: str
    incident: str
    finding: str
    state: str
    """`queued`: nothing may leave yet. `released`: a person let it go. `purged`: who it was for is erased."""
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One envelope as it stands. `email` and `name` are None once they were erased."""

    id: str
    dispatch: str
    finding: str
    status: Status
    channel: str
    attempts: int
    at: str
    """RFC 3339, UTC: the last change."""
    not_before: str
    code: int | None
    reply: str
    server: str
    person: str | None
    name: str | None
    email: str | None
    place: str | None


class Vault:
    """The open store. `with Vault.open(...) as vault`; what was committed stays through a crash."""

    def __init__(self, database: Database, warnings: Sequence[str] = ()) -> None:
        self.database = database
        self.warnings = list(warnings)

    @classmethod
    def open(cls, journal: str | Path, *, read_only: bool = False) -> Vault:
        """The vault of the journal at that path or URL; made when it is not there, unless it is only read."""
        if is_postgresql(journal):
            from breachkit.storage.postgres import open_vault_server

            opened = open_vault_server(str(journal), read_only=read_only, create=not read_only)
            return cls(opened.database, opened.warnings)
        opened = open_vault_file(vault_path(locate(journal)), read_only=read_only)
        return cls(opened.database, opened.warnings)

    @staticmethod
    def exists(journal: str | Path) -> bool:
        """Whether there is one yet; a server's is asked by opening it."""
        return is_postgresql(journal) or vault_path(locate(journal)).exists()

    def close(self) -> None:
        """Close; what was committed stays."""
        self.database.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction with no other writer beside it."""
        if self.database.read_only:
            raise Refused(f"{self.database.place} was opened for reading; nothing can be written to it")
        with self.database.transaction():
            yield

    # -- dispatches ----------------------------------------------------------------------------------------------------

    def new_dispatch(self, incident: str, finding: str, body: Mapping[str, Any], *, above: int = 0) -> Dispatch:
        """Begin one, numbered above all there are and above `above`; part of the transaction it is called in."""
        number = max(self.database.rows("SELECT coalesce(max(n), 0) FROM dispatch")[0][0], above) + 1
        query = "INSERT INTO dispatch (n, id, incident, finding, state, body) VALUES (?, ?, ?, ?, ?, ?)"
        self.database.run(query, (number, f"D-{number}", incident, finding, "queued", as_json(body)))
        return self.dispatch(f"D-{number}")

    def dispatches(self, incident: str | None = None) -> list[Dispatch]:
        """Of an incident or all, oldest first."""
        query = "SELECT n, id, incident, finding, state, body FROM dispatch"
        rows = (
            self.database.rows(f"{query} ORDER BY n")
            if incident is None
            else self.database.rows(f"{query} WHERE incident = ? ORDER BY n", (incident,))
        )
        return [Dispatch(n, id, of, finding, state, json.loads(body)) for n, id, of, finding, state, body in rows]

    def dispatch(self, id: str) -> Dispatch:
        """One by its id. UnknownName when there is none."""
        for one in self.dispatches():
            if one.id == id:
                return one
        raise UnknownName("dispatch", id, [one.id for one in self.dispatches()])

    def change_dispatch(self, one: Dispatch, state: str, **more: Any) -> Dispatch:
        """Another state, and more known of it; part of the transaction it is called in, if it is in one."""
        query = "UPDATE dispatch SET state = ?, body = ? WHERE n = ?"
        self.database.run(query, (state, as_json({**one.body, **more}), one.n))
        return self.dispatch(one.id)

    def rounds(self, incident: str, finding: str) -> int:
        """How often that notice was begun anew: the highest round of its dispatches, 0 for none."""
        return max((int(d.body.get("round", 1)) for d in self.dispatches(incident) if d.finding == finding), default=0)

    # -- envelopes -----------------------------------------------------------------------------------------------------

    def put(self, one: Dispatch, letters: Iterable[Addressed], *, domain: str, at: str, actor: str) -> tuple[int, int]:
        """An envelope for each; how many were put in, and how many people had one of this notice already."""
        added = there = 0
        secret = self._secret()
        round = str(one.body.get("round", 1))
        for some in _in_batches(letters):
            keys = [
                hmac.new(secret, "\0".join((one.incident, one.finding, round, _who(a))).encode(), hashlib.sha256).digest()
                for a in some
            ]
            known = self._known(keys)
            fresh: dict[bytes, Addressed] = {}
            for key, letter in zip(keys, some, strict=True):
                if key not in known:
                    fresh.setdefault(key, letter)
            there += len(some) - len(fresh)
            self._insert(one, fresh, domain=domain, at=at, actor=actor)
            added += len(fresh)
        return added, there

    def _insert(self, one: Dispatch, fresh: Mapping[bytes, Addressed], *, domain: str, at: str, actor: str) -> None:
        first = self.database.rows("SELECT coalesce(max(n), 0) FROM envelope")[0][0] + 1
        envelopes, people, letters, events = [], [], [], []
        for n, (key, letter) in enumerate(fresh.items(), first):
            id, salt = secrets.token_hex(16), secrets.token_bytes(16)
            mail = message_id(id, domain)
            message = letter.message.replace(letter.placeholder, mail.encode(), 1)
            seal = hashlib.sha256(salt + message).hexdigest()
            envelopes.append((n, id, one.n, "queued", "mail", 0, "", at, mail, seal))
            people.append((n, key, letter.person, letter.name, letter.email, letter.place, int(letter.opted_out)))
            letters.append((n, salt, message))
            events.append((n, at, "queued", "person", None, "", "", actor))
        put = (
            "INSERT INTO envelope (n, id, dispatch, status, channel, attempts, not_before, at, message_id, sha256) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        self.database.run_many(put, envelopes)
        self.database.run_many("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?)", people)
        self.database.run_many("INSERT INTO letter VALUES (?, ?, ?)", letters)
        self.database.run_many(EVENT, events)

    def _known(self, keys: Sequence[bytes]) -> set[bytes]:
        marks = ",".join("?" * len(keys))
        query = f"SELECT key FROM person WHERE key IN ({marks})"  # noqa: S608 - only question marks
        return {bytes(key) for (key,) in self.database.rows(query, keys)}

    def counts(self, dispatches: Sequence[Dispatch]) -> dict[Status, int]:
        """How many envelopes stand how; every status is there."""
        found: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for one in dispatches:
            query = "SELECT status, count(*) FROM envelope WHERE dispatch = ? GROUP BY status"
            for status, number in self.database.rows(query, (one.n,)):
                found[status] += number
        return found

    def envelopes(self, dispatches: Sequence[Dispatch], status: Status | None = None) -> Iterator[Kept]:
        """Envelopes in the order they were put in, with the last thing that happened to each."""
        for one in dispatches:
            which = "AND e.status = ? " if status else ""
            query = _KEPT.format(which=which)
            for row in self.database.stream(query, (one.n, status) if status else (one.n,)):
                yield Kept(row[0], one.id, one.finding, *row[1:])

    def envelope(self, id: str) -> Kept:
        """One by its id, or by as much of its beginning as no other shares. UnknownName when there is none."""
        query = "SELECT e.id, d.id FROM envelope e JOIN dispatch d ON d.n = e.dispatch WHERE e.id >= ? AND e.id < ? LIMIT 20"
        found = self.database.rows(query, (id, id + "g")) if id else []
        if len(found) > 1:
            raise UsageError(f"several envelopes begin with '{id}', such as {found[0][0]} and {found[1][0]}; give more of it")
        if not found:
            like = [one for one, _ in self.database.rows(query, (id[:2], id[:2] + "g"))] if id[:2] else []
            raise UnknownName("envelope", id, like, hint="(breachkit send list shows them)")
        query = _KEPT.format(which="AND e.id = ? ")
        one = self.dispatch(found[0][1])
        row = self.database.rows(query, (one.n, found[0][0]))[0]
        return Kept(row[0], one.id, one.finding, *row[1:])

    def move(
        self, ids: Sequence[str], to: Status, by: By, *, at: str, actor: str, reply: str = "", code: int | None = None,
        server: str = "", channel: str | None = None,
    ) -> int:  # fmt: skip
        """Move envelopes that may; all or none. Refused by name for the first that may not."""
        allowed = may_become(to, by)
        with self.writing():
            for id in ids:
                rows = self.database.rows("SELECT n, status FROM envelope WHERE id = ?", (id,))
                if not rows:
                    raise UnknownName("envelope", id, ())
                n, now = rows[0]
                if now not in allowed:
                    check_move(id, now, to, by)
                query = "UPDATE envelope SET status = ?, at = ?, sender = NULL, not_before = '' WHERE n = ? AND status = ?"
                if not self.database.run(query, (to, at, n, now)):  # on a server senders do not stand in line with people
                    raise Refused(f"{id} was {said(now)} and a sender has it now; nothing was changed. Look again")
                if channel is not None:
                    self.database.run("UPDATE envelope SET channel = ? WHERE n = ?", (channel, n))
                self.database.run(EVENT, (n, at, to, by, code, reply, server, actor))
        return len(ids)

    def note(self, id: str, by: By, *, at: str, actor: str, reply: str, server: str = "") -> None:
        """Something more about an envelope that moves it nowhere."""
        with self.writing():
            rows = self.database.rows("SELECT n, status FROM envelope WHERE id = ?", (id,))
            for n, status in rows:
                self.database.run(EVENT, (n, at, status, by, None, reply, server, actor))

    def receipts(self, incident: str, dispatch: str | None = None) -> Iterator[dict[str, Any]]:
        """Every envelope with all that happened to it, in a stable order and without anybody's name or address."""
        for one in self.dispatches(incident):
            if dispatch not in (None, one.id):
                continue
            current: dict[str, Any] | None = None
            for id, status, channel, mail, seal, attempts, *event in self.database.stream(_RECEIPTS, (one.n,)):
                if current is None or current["envelope"] != id:
                    if current is not None:
                        yield current
                    current = {
                        "envelope": id, "dispatch": one.id, "duty": one.finding, "channel": channel, "status": status,
                        "message_id": mail, "sha256": seal, "attempts": attempts, "events": [],
                    }  # fmt: skip
                current["events"].append(dict(zip(("at", "to", "by", "code", "reply", "server"), event, strict=True)))
            if current is not None:
                yield current

    def letter(self, id: str) -> bytes | None:
        """The message in an envelope, as it goes over the wire; None once it was erased."""
        query = "SELECT l.message FROM letter l JOIN envelope e ON e.n = l.envelope WHERE e.id = ?"
        rows = self.database.rows(query, (id,))
        return bytes(rows[0][0]) if rows else None

    def remembered(self, key: str) -> str | None:
        """A word kept with the vault; None for none."""
        rows = self.database.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def remember(self, key: str, value: str) -> None:
        """Keep it; part of the transaction it is called in, if it is in one."""
        if not self.database.run("UPDATE meta SET value = ? WHERE key = ?", (value, key)):
            self.database.run("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))

    def _secret(self) -> bytes:
        """What people's keys are made with, so that a key tells nothing without this store."""
        if (kept := self.remembered(_SECRET)) is None:
            self.remember(_SECRET, kept := secrets.token_hex(32))
        return bytes.fromhex(kept)


_KEPT: Final = (
    "SELECT e.id, e.status, e.channel, e.attempts, e.at, e.not_before, v.code, v.reply, v.server, "
    "p.id, p.name, p.email, p.place FROM envelope e LEFT JOIN person p ON p.envelope = e.n "
    "JOIN event v ON v.n = (SELECT max(n) FROM event WHERE envelope = e.n) WHERE e.dispatch = ? {which}ORDER BY e.n"
)
_RECEIPTS: Final = (
    'SELECT e.id, e.status, e.channel, e.message_id, e.sha256, e.attempts, v.at, v.status, v."by", v.code, v.reply, v.server '
    "FROM envelope e JOIN event v ON v.envelope = e.n WHERE e.dispatch = ? ORDER BY e.n, v.n"
)


def vault_path(journal: Path) -> Path:
    """Where the vault of a journal's file lies."""
    return journal.with_name(journal.name + SUFFIX)


def _who(letter: Addressed) -> str:
    """What tells two people apart: name and address. Rows and ids differ from table to table."""
    return f"{' '.join(letter.name.split())}\0{letter.email}".casefold()


def as_json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def _in_batches(letters: Iterable[Addressed]) -> Iterator[list[Addressed]]:
    held: list[Addressed] = []
    for one in letters:
        held.append(one)
        if len(held) == _BATCH:
            yield held
            held = []
    if held:
        yield held
