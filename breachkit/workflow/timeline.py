"""The journal of one incident as lines a person reads: what was recorded, by whom, and what it changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breachkit.domain.journal import EXERCISE, Entry, content_of
from breachkit.storage.journal import Journal
from breachkit.workflow.subjects import subject_of_incident
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    seq: int
    at: datetime
    """UTC, when it was written down."""
    actor: str
    kind: str
    text: str
    hash: str


def lines(entries: Iterable[Entry]) -> Iterator[Line]:
    """Oldest first; a correction says old and new value."""
    known: dict[str, Any] = {}
    for entry in entries:
        text = _words(entry, known)
        if entry.kind in ("fact.recorded", "fact.corrected"):
            known[str(entry.body["key"])] = entry.body["value"]
        yield Line(entry.seq, entry.recorded_at, entry.actor, entry.kind, text, entry.hash)


def chain(journal: Journal, id: str, workspace: Workspace) -> tuple[Entry, ...]:
    """The entries of an incident, or of the exercise itself. UnknownName when there is no such incident."""
    if id == EXERCISE and journal.exercise is not None:
        return tuple(journal.entries(EXERCISE, as_of=workspace.as_of))
    return subject_of_incident(journal, id, workspace).entries


def json_lines(entries: Iterable[Entry]) -> str:
    """One line an entry: its hash, and the exact text it is the SHA-256 of."""
    rows = [{"incident": e.incident, "seq": e.seq, "hash": e.hash, "content": content_of(e).decode()} for e in entries]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _words(entry: Entry, known: Mapping[str, Any]) -> str:
    body = entry.body
    match entry.kind:
        case "incident.opened":
            profile = body.get("organisation")
            whose = f" for {profile['name']}" if isinstance(profile, dict) else ""
            drill = f", EXERCISE {body['exercise']}" if body.get("exercise") is not None else ""
            return f"incident opened{whose}{drill}"
        case "fact.recorded":
            return f"{body['key']} = {_value(body['value'])}{_said(body)}"
        case "fact.corrected":
            key = str(body["key"])
            reason = f" because {body['reason']}" if body.get("reason") else ""
            return f"{key} corrected: {_value(known.get(key))} -> {_value(body['value'])}{_said(body)}{reason}"
        case "decision.recorded":
            return f"decided to {body['choice']} on {body['duty']}: {body['ground']}"
        case "filing.recorded":
            lacked = body.get("lacked")
            left = f"; left out {', '.join(map(str, lacked))}" if isinstance(lacked, list) and lacked else ""
            return f"{body['duty']} filed ({body.get('kind', 'first')}) at {body['at']}, reference {body['reference']}{left}"
        case "incident.closed":
            return f"incident closed: {body.get('reason', '')}"
        case "note.added":
            return f"note: {body['text']}"
        case "step.marked":
            said = f": {body['note']}" if body.get("note") else ""
            return f"step {body['step']} {'done' if body['done'] else 'taken back, no longer done'}{said}"
        case "notice.rendered":
            return f"notice rendered: {body.get('duty')} ({body.get('format')}, sha256 {str(body.get('sha256'))[:12]})"
        case "notice.approved":
            lacking = f", though not complete: {body['incomplete']}" if body.get("incomplete") else ""
            note = f": {body['note']}" if body.get("note") else ""
            words = f"{body.get('duty')} ({body.get('language')}, snapshot {str(body.get('snapshot'))[:12]}{lacking})"
            return f"notice approved by {body.get('by') or entry.actor}: {words}{note}"
        case "dispatch.released" | "delivery.recorded" | "envelope.settled" | "bounces.read" | "people.purged":
            return _of_delivery(entry.kind, body)
        case "attachment.added":
            return f"attachment added: {body['label']} ({body['size']} bytes, sha256 {str(body['sha256'])[:12]})"
        case "reminder.sent":
            return f"reminded of {body['finding']}, due {body['due']}, by {body['by']}"
        case "evidence.exported":
            left_out = f", without {_value(body['redacted'])}" if body.get("redacted") else ""
            return f"evidence exported (sha256 {str(body['sha256'])[:12]}{left_out})"
        case kind if kind.startswith("exercise."):
            return _of_exercise(kind.removeprefix("exercise."), body)
        case _:
            return entry.kind


def _of_delivery(kind: str, body: Mapping[str, Any]) -> str:
    """What happened to messages: counts and hashes, nobody's name."""
    match kind:
        case "dispatch.released":
            by = _value(body.get("approved_by") or "nobody")
            way = "into a folder" if body.get("channel") == "folder" else "by mail"
            return f"{body['dispatch']}: {body['envelopes']} of {body['duty']} released {way}, approved by {by}"
        case "delivery.recorded":
            return f"{body['dispatch']}: {_counted(body['counts'])}; receipts sha256 {str(body['receipts'])[:12]}"
        case "envelope.settled":
            return f"{body['dispatch']}: {body['count']} {_settled(body)}: {body['reason']}"
        case "bounces.read":
            return f"bounces read: {body['matched']} matched, {body['unknown']} of no envelope here"
        case _:
            what = (f"{body[part]} {part}" for part in ("envelopes", "letters", "attachments") if body.get(part))
            return f"people's data erased: {', '.join(what) or 'there was none'}"


def _settled(body: Mapping[str, Any]) -> str:
    """A person's word on envelopes, as one."""
    if body.get("word") == "not-sent":
        return "recorded by a person as not sent"
    by = f" by {body['channel']}" if body.get("channel") else ""
    return f"recorded by a person as {str(body['to']).replace('_', ' ')}{by}"


def _counted(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts.items()) or "nothing"


def _of_exercise(kind: str, body: Mapping[str, Any]) -> str:
    """An exercise's own event; what the events are is in exercise/events.py."""
    match kind:
        case "started":
            return f"exercise '{body['scenario']}' started, {'with a facilitator' if body['facilitated'] else 'without one'}"
        case "sent":
            return f"inject '{body['inject']}' sent{' by hand' if body.get('by_hand') else ''}"
        case "clock":
            return f"the clock: {body['what']}"
        case "asked":
            return f"asked for {body['key']}: {'answered' if body['known'] else 'not known yet'}"
        case "answered":
            return f"'{body['question']}' answered: {body['option']}{_why(body)}"
        case "refused":
            return f"refused: {body['tried']}: {body['why']}"
        case "ended":
            return f"exercise ended: {body['reason']}"
        case _:
            named = body.get("inject") or body.get("item") or body.get("role") or ""
            return f"{kind} {named}".strip()


def _why(body: Mapping[str, Any]) -> str:
    return f" ({body['why']})" if body.get("why") else ""


def _said(body: Mapping[str, Any]) -> str:
    sure = ", estimated" if body.get("certainty") == "estimated" else ""
    return f" [{body['source']}{sure}]" if body.get("source") else f" [{sure[2:]}]" if sure else ""


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not known" if value is None else str(value)
