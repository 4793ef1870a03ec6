"""Where a record is thin: estimates, facts without a source or a day, corrections, entries written long after the event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from breachkit.domain.facts import Instant, read_instant, say_value
from breachkit.domain.journal import Entry
from breachkit.domain.periods import show
from breachkit.domain.values import value
from breachkit.errors import BadValue
from breachkit.workflow.subjects import Subject

LATE: Final = timedelta(hours=24)
"""An entry written down longer after the event is called late."""
_NOT_FACTS: Final = ("filed.", "decided.", "organisation.", "incident.")


@value
class Correction:
    """One fact that was said otherwise before."""

    key: str
    before: str
    after: str
    at: datetime
    """UTC, when it was written down."""
    by: str
    reason: str
    entry: int


@value
class Late:
    """An entry written down long after what it tells of."""

    entry: int
    what: str
    happened: datetime
    """UTC; the end of the day where only a day is known, so that nothing is called late that may not be."""
    recorded: datetime
    by: str

    @property
    def after(self) -> timedelta:
        """How long after."""
        return self.recorded - self.happened


def estimates(subject: Subject) -> list[tuple[str, str, str]]:
    """Key, value and source of each fact that is an estimate."""
    found = sorted(subject.book.facts.items())
    return [(key, say_value(fact.value), fact.source or "") for key, fact in found if fact.certainty == "estimated"]


def unsourced(subject: Subject) -> list[str]:
    """Keys of recorded facts that name no source."""
    return [key for key, fact in sorted(subject.book.facts.items()) if fact.source is None and _counts(key)]


def undated(subject: Subject) -> list[str]:
    """Keys of recorded facts of which nobody said when they came to be: neither a time themselves nor with one."""
    facts = sorted(subject.book.facts.items())
    return [key for key, fact in facts if fact.happened_at is None and not isinstance(fact.value, Instant) and _counts(key)]


def day_only(subject: Subject) -> list[str]:
    """Keys of times of which only the day is known."""
    facts = sorted(subject.book.facts.items())
    return [key for key, fact in facts if isinstance(fact.value, Instant) and fact.value.day is not None]


def answered_unknown(subject: Subject) -> list[str]:
    """Keys to which somebody answered that it is not known."""
    return [key for key, fact in sorted(subject.book.facts.items()) if not fact.known]


def corrections(entries: Iterable[Entry]) -> Iterator[Correction]:
    """Every fact that was recorded with another value or certainty than before, oldest first."""
    known: dict[str, str] = {}
    for entry in entries:
        if entry.kind in ("fact.recorded", "fact.corrected"):
            key, said = str(entry.body["key"]), _raw(entry.body)
            if key in known and known[key] != said:
                reason = str(entry.body.get("reason") or "")
                yield Correction(key, known[key], said, entry.recorded_at, entry.actor, reason, entry.seq)
            known[key] = said


def late_entries(entries: Iterable[Entry], zone: str) -> Iterator[Late]:
    """Entries written down more than LATE after what they tell of.

    A day alone counts from its end, on the clock of its own zone, else of `zone`.
    """
    for entry in entries:
        for what, said in _moments(entry):
            try:
                happened = read_instant(said).latest(zone)
            except BadValue:
                continue
            if entry.recorded_at - happened > LATE:
                yield Late(entry.seq, what, happened, entry.recorded_at, entry.actor)
                break


def say_span(span: timedelta) -> str:
    """`3 d 04 h`."""
    hours = int(span.total_seconds()) // 3600
    return f"{hours // 24} d {hours % 24:02} h"


def gaps_json(subject: Subject, zone: str) -> dict[str, Any]:
    """All of them for programs."""
    return {
        "estimates": [{"key": key, "value": said, "source": source or None} for key, said, source in estimates(subject)],
        "unsourced": unsourced(subject),
        "undated": undated(subject),
        "day_only": day_only(subject),
        "answered_unknown": answered_unknown(subject),
        "corrections": [
            {
                "key": one.key,
                "before": one.before,
                "after": one.after,
                "at": one.at.isoformat(),
                "by": one.by,
                "reason": one.reason or None,
                "entry": one.entry,
            }
            for one in corrections(subject.entries)
        ],
        "late": [
            {
                "entry": one.entry,
                "what": one.what,
                "happened": one.happened.isoformat(),
                "recorded": one.recorded.isoformat(),
                "by": one.by,
                "seconds": int(one.after.total_seconds()),
            }
            for one in late_entries(subject.entries, zone)
        ],
    }


def said_late(one: Late, zone: str) -> tuple[str, ...]:
    """A late entry as a row."""
    return str(one.entry), one.what, show(one.happened, zone), show(one.recorded, zone), say_span(one.after), one.by


def _counts(key: str) -> bool:
    return not key.startswith(_NOT_FACTS)


def _moments(entry: Entry) -> Iterator[tuple[str, str]]:
    """What an entry tells of and when that was, as written."""
    body = entry.body
    if entry.kind in ("fact.recorded", "fact.corrected"):
        key, said, happened = str(body["key"]), body["value"], body.get("happened_at")
        if isinstance(happened, str):
            yield key, happened
        if key.endswith("_at") and isinstance(said, str):
            yield key, said
    elif entry.kind == "filing.recorded" and isinstance(body.get("at"), str):
        yield f"filing of {body.get('duty')}", str(body["at"])


def _raw(body: Mapping[str, Any]) -> str:
    raw = body["value"]
    said = ", ".join(map(str, raw)) or "none" if isinstance(raw, list) else "not known" if raw is None else str(raw)
    return f"{said} (estimated)" if body.get("certainty") == "estimated" else said
