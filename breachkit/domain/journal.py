"""One journal entry, its canonical bytes and its place in the hash chain. Where entries are kept is storage's matter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from breachkit.domain.values import value

Json: TypeAlias = bool | int | str | list[Any] | dict[str, Any] | None
"""JSON without floats: they have no single canonical form, so they are kept as text."""

Track = Literal["factual", "privileged", "third_party"]

KINDS = (
    "incident.opened",
    "incident.closed",
    "fact.recorded",
    "fact.corrected",
    "decision.recorded",
    "filing.recorded",
    "notice.rendered",
    "notice.approved",
    "note.added",
    "track.changed",
    "step.marked",
    "dispatch.released",
    "delivery.recorded",
    "envelope.settled",
    "bounces.read",
    "attachment.added",
    "people.purged",
    "reminder.sent",
    "evidence.exported",
)
"""Stable names of what can happen. Never renamed: old databases hold them."""

EXERCISE = "EXERCISE"
"""The chain that makes a database that of an exercise: its own events, beside those of the incident played in it."""

EXERCISE_KINDS = (
    "exercise.started",
    "exercise.clock",
    "exercise.joined",
    "exercise.sent",
    "exercise.held",
    "exercise.released",
    "exercise.skipped",
    "exercise.added",
    "exercise.asked",
    "exercise.answered",
    "exercise.refused",
    "exercise.ended",
    "exercise.improvement",
)
"""What can happen to an exercise. As stable as KINDS."""

GENESIS = "0" * 64
"""What stands in for the previous hash before an incident's first entry."""


@value
class Draft:
    """Something about to be recorded: an entry before the journal gave it a number, a time and a hash."""

    kind: str
    body: Mapping[str, Json]
    track: Track = "factual"


@value
class Entry:
    """One line of an incident's journal, as stored."""

    incident: str
    """The incident's id, `INC-1`."""
    seq: int
    """1 for the first entry of an incident, without gaps."""
    kind: str
    body: Mapping[str, Json]
    track: Track
    actor: str
    """Who said they recorded it: said, not proven."""
    recorded_at: datetime
    """UTC, when it was written down - not when it happened."""
    previous: str
    """SHA-256 (hex) of the entry before it; GENESIS for the first."""
    hash: str
    """SHA-256 (hex) over the canonical bytes, which include `previous`."""


def canonical(value: Json) -> bytes:
    """RFC 8785 bytes for JSON without floats and with ASCII keys; TypeError for a float, ValueError for a non-ASCII key."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(draft: Draft, *, incident: str, seq: int, previous: str, actor: str, recorded_at: datetime) -> tuple[Entry, bytes]:
    """Give a draft its place in the chain. Returns the entry and the exact bytes that were hashed, to be stored with it."""
    if recorded_at.tzinfo is None:
        raise TypeError("recorded_at needs a zone")
    moment = recorded_at.astimezone(UTC)
    unsealed = Entry(incident, seq, draft.kind, draft.body, draft.track, actor, moment, previous, "")
    content = content_of(unsealed)
    return replace(unsealed, hash=hashlib.sha256(content).hexdigest()), content


def content_of(entry: Entry) -> bytes:
    """The bytes of which an entry's hash is the SHA-256."""
    return canonical(
        {
            "actor": entry.actor,
            "body": dict(entry.body),
            "incident": entry.incident,
            "kind": entry.kind,
            "previous": entry.previous,
            "recorded_at": entry.recorded_at.isoformat(timespec="microseconds"),
            "seq": entry.seq,
            "track": entry.track,
        }
    )


def unseal(content: bytes, digest: str) -> Entry:
    """The entry that these stored bytes hold. Does not check the hash: `first_break` does."""
    data = json.loads(content)
    return Entry(
        data["incident"],
        data["seq"],
        data["kind"],
        data["body"],
        data["track"],
        data["actor"],
        datetime.fromisoformat(data["recorded_at"]),
        data["previous"],
        digest,
    )


@value
class Break:
    """The first entry of an incident that does not verify, and why."""

    incident: str
    seq: int
    why: str


def first_break(rows: Iterable[tuple[str, int, bytes, str]]) -> Break | None:
    """Walk (incident, seq, content, hash) rows ordered by incident and seq; None when every chain holds."""
    incident, expected, previous = "", 1, GENESIS
    for row_incident, seq, content, digest in rows:
        if row_incident != incident:
            incident, expected, previous = row_incident, 1, GENESIS
        if seq != expected:
            return Break(incident, expected, f"entry {expected} is missing; the next one found is {seq}")
        if hashlib.sha256(content).hexdigest() != digest:
            return Break(incident, seq, "its content does not match its hash: it was changed after it was written")
        try:
            data = json.loads(content)
            linked = data["previous"] == previous and data["incident"] == incident and data["seq"] == seq
        except (ValueError, KeyError, TypeError):
            return Break(incident, seq, "its content cannot be read")
        if not linked:
            return Break(incident, seq, "it does not link to the entry before it: an entry was replaced, moved or removed")
        expected, previous = expected + 1, digest
    return None


def _refuse_floats(value: object) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, float):
        raise TypeError("a float has no canonical form; record it as text")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"key {key!r} must be ASCII text")
            if not isinstance(inner, str):
                _refuse_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            if not isinstance(inner, str):
                _refuse_floats(inner)
