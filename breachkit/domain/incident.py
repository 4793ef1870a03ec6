"""An incident as its journal tells it: `apply` takes one entry and gives the incident after it; `fold` takes them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from breachkit.domain.facts import Fact, read_instant
from breachkit.domain.journal import Entry, Json
from breachkit.domain.values import value
from breachkit.errors import BadValue

ReadFact = Callable[[str, Json], Fact]
"""Reads a key and what was written into a fact: content's matter, since it knows the vocabulary."""


@value
class StepMark:
    """The last word on one step of a playbook."""

    done: bool
    """False: an earlier tick was taken back, and the facts alone speak again."""
    at: datetime
    """UTC, when it was written down."""
    by: str
    note: str | None = None


@value
class Incident:
    """What is known after some number of entries."""

    id: str
    opened_at: datetime | None = None
    """UTC; None before the first entry."""
    profile: Mapping[str, Any] | None = None
    """The organisation's profile as it stood when the incident was opened; None when none was named."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    seq: int = 0
    """The number of the last entry folded in: what a writer must have seen."""
    closed_at: datetime | None = None
    steps: Mapping[str, StepMark] = field(default_factory=dict)
    """Steps of playbooks that somebody ticked or took back, by their full id: `ransomware.isolate`."""
    exercise: str | None = None
    """The exercise it belongs to, by name; None outside of one. It stands in the first entry; nothing later takes it off."""

    @property
    def title(self) -> str:
        """What it is called."""
        fact = self.facts.get("incident.title")
        return str(fact.value) if fact is not None else self.id

    @property
    def invented(self) -> bool:
        """Whether it is an example or an exercise; once said, never unsaid. An exercise is invented whatever facts say."""
        fact = self.facts.get("incident.invented")
        return self.exercise is not None or (fact is not None and fact.value is True)


def fold(id: str, entries: Iterable[Entry], read_fact: ReadFact) -> Incident:
    """The incident after all these entries, in order."""
    incident = Incident(id)
    for entry in entries:
        incident = apply(incident, entry, read_fact)
    return incident


def apply(incident: Incident, entry: Entry, read_fact: ReadFact) -> Incident:
    """The incident after one more entry. BadValue for a kind that this version does not know."""
    body, seq = entry.body, entry.seq
    match entry.kind:
        case "incident.opened":
            profile = body.get("organisation")
            profile = profile if isinstance(profile, dict) else None
            exercise = _exercise(body, incident.exercise)
            return replace(incident, seq=seq, opened_at=entry.recorded_at, profile=profile, exercise=exercise)
        case "incident.closed":
            return replace(incident, seq=seq, closed_at=entry.recorded_at)
        case "fact.recorded" | "fact.corrected":
            return _with(incident, seq, _fact(entry, read_fact))
        case "filing.recorded":
            return _with(incident, seq, _appended(incident, f"filed.{body['duty']}", entry, read_fact))
        case "decision.recorded":
            return _with(incident, seq, _appended(incident, f"decided.{body['duty']}", entry, read_fact))
        case "step.marked":
            mark = StepMark(body["done"] is True, entry.recorded_at, entry.actor, _text(body.get("note")))
            return replace(incident, seq=seq, steps={**incident.steps, str(body["step"]): mark})
        case "notice.rendered" | "notice.approved" | "note.added" | "track.changed":
            return replace(incident, seq=seq)
        case "dispatch.released" | "delivery.recorded" | "envelope.settled" | "bounces.read" | "attachment.added":
            return replace(incident, seq=seq)
        case "people.purged" | "reminder.sent" | "evidence.exported":
            return replace(incident, seq=seq)
        case _:
            raise BadValue(
                f"{entry.incident} entry {entry.seq} is of the unknown kind '{entry.kind}'; a newer breachkit wrote it"
            )


def _with(incident: Incident, seq: int, fact: Fact) -> Incident:
    return replace(incident, seq=seq, facts={**incident.facts, fact.key: fact})


def _fact(entry: Entry, read_fact: ReadFact) -> Fact:
    body = entry.body
    read = read_fact(str(body["key"]), body["value"])
    happened = body.get("happened_at")
    # Not `replace`: this runs once for every entry of a journal.
    return Fact(
        read.key,
        read.value,
        read.raw,
        _text(body.get("source")),
        "estimated" if body.get("certainty") == "estimated" else "confirmed",
        read_instant(happened) if isinstance(happened, str) else None,
        entry.recorded_at,
        entry.actor,
        read.unknown_is_answer,
    )


def _exercise(body: Mapping[str, Json], before: str | None) -> str | None:
    """The exercise's name. Whatever stands there marks it: a name that cannot be read is still no real incident."""
    said = body.get("exercise")
    return before if before is not None or said is None else str(said).strip() or "without a name"


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _appended(incident: Incident, key: str, entry: Entry, read_fact: ReadFact) -> Fact:
    """The list fact with one more record; the record is the entry's body without the duty's name."""
    record = {name: value for name, value in entry.body.items() if name != "duty" and value is not None}
    record.setdefault("by", entry.actor)
    before = incident.facts.get(key)
    raw = [*(before.raw if before is not None and isinstance(before.raw, list) else []), record]
    return replace(read_fact(key, raw), recorded_at=entry.recorded_at, by=entry.actor)
