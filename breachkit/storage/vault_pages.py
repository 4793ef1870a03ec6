"""Envelopes a page at a time, and one envelope's whole story: what a screen reads of the vault. It changes nothing.

Names and addresses are not even read unless they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from breachkit.domain.envelope import Status
from breachkit.storage.vault import Dispatch, Vault

MOST: Final = 1_000
"""Rows of one page."""

_LINE: Final = (
    "SELECT e.n, e.id, e.status, e.channel, e.attempts, e.at, e.not_before, v.code, v.reply, v.server, {who} FROM envelope e "
    "{join}JOIN event v ON v.n = (SELECT max(n) FROM event WHERE envelope = e.n) "
    "WHERE {of} = ? AND e.n > ? {which}ORDER BY e.n LIMIT ?"
)
_EVENTS: Final = (
    'SELECT v.at, v.status, v."by", v.code, v.reply, v.server, v.actor FROM event v '
    "JOIN envelope e ON e.n = v.envelope WHERE e.id = ? ORDER BY v.n"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One envelope and the last thing that happened to it. `name` and `email` are None when not asked for, or erased."""

    n: int
    """Its place in the vault: a page begins after one."""
    id: str
    status: Status
    channel: str
    attempts: int
    at: str
    """RFC 3339, UTC: the last change."""
    not_before: str
    code: int | None
    reply: str
    server: str
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to an envelope."""

    at: str
    """RFC 3339, UTC."""
    to: Status
    by: str
    code: int | None
    reply: str
    server: str
    actor: str


def page(vault: Vault, one: Dispatch, *, status: Status | None, after: int, people: bool, most: int = MOST) -> list[Line]:
    """At most `most` envelopes of a dispatch, in the order they were put in, after the one with that number."""
    query = _LINE.format(
        who="p.name, p.email" if people else "NULL, NULL",
        join="LEFT JOIN person p ON p.envelope = e.n " if people else "",
        # Without a status the sign keeps the database from sorting a whole dispatch for each page.
        of="e.dispatch" if status else "+e.dispatch",
        which="AND e.status = ? " if status else "",
    )
    values = (one.n, after, status, min(most, MOST)) if status else (one.n, after, min(most, MOST))
    return [Line(*row) for row in vault.database.rows(query, values)]


def happened(vault: Vault, id: str) -> list[Happened]:
    """All that happened to an envelope, oldest first."""
    return [Happened(*row) for row in vault.database.rows(_EVENTS, (id,))]
