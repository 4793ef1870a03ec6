"""The exercise's own journal entries: how they are written and read back, and how conditions on them are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from breachkit.domain.conditions import Condition, facts_of
from breachkit.domain.exercise.happenings import Every, Happened, Never, Says, Some, When
from breachkit.domain.exercise.scenario import CHANNELS, Channel, Inject
from breachkit.domain.journal import Draft, Entry, Json
from breachkit.domain.offsets import read_offset, say_offset, write_offset
from breachkit.errors import JournalDamaged, Refused

FOLDER: Final = "folder"
"""The one transport of an exercise."""


@dataclass(frozen=True)
class Started:
    """What an exercise was started with; nothing of it changes afterwards."""

    scenario: str
    text: str
    """The scenario's file, whole, so that the exercise can be replayed whatever becomes of the file."""
    file: str
    profile: Mapping[str, Any]
    """The organisation's, as it stood."""
    facilitated: bool
    speed: float
    team: str
    real_at: datetime
    """Real time, UTC; of a scripted run its virtual start, since nobody waited for it."""
    scripted: bool = False

    def draft(self) -> Draft:
        """As the first entry of the exercise's journal."""
        body: dict[str, Json] = {
            "scenario": self.scenario,
            "text": self.text,
            "file": self.file,
            "profile": dict(self.profile),
            "facilitated": self.facilitated,
            "speed": f"{self.speed:g}",
            "team": self.team,
            "real": self.real_at.isoformat(),
            "transport": FOLDER,
            "scripted": self.scripted,
        }
        return Draft("exercise.started", body)


def started(entry: Entry) -> Started:
    """The first entry, read back. Refused when it names any transport but the folder, JournalDamaged when it cannot be read."""
    body = entry.body
    if body.get("transport") != FOLDER:
        raise Refused(
            f"this exercise's record names the transport '{body.get('transport')}'; an exercise holds none but the folder, "
            "so the record was not written by breachkit and is not opened"
        )
    try:
        return _started(body)
    except (KeyError, TypeError, ValueError) as problem:
        raise JournalDamaged(
            "the first entry of this exercise was not written by breachkit and is not opened; run `breachkit journal verify`"
        ) from problem


def _started(body: Mapping[str, Any]) -> Started:
    return Started(
        str(body["scenario"]),
        str(body["text"]),
        str(body["file"]),
        body["profile"] if isinstance(body["profile"], dict) else {},
        body["facilitated"] is True,
        float(str(body["speed"])),
        str(body["team"]),
        datetime.fromisoformat(str(body["real"])).astimezone(UTC),
        body.get("scripted") is True,
    )


def held(events: Iterable[Entry]) -> frozenset[str]:
    """The injects that are kept back."""
    found: set[str] = set()
    for one in events:
        if one.kind == "exercise.held":
            found.add(str(one.body["inject"]))
        elif one.kind == "exercise.released":
            found.discard(str(one.body["inject"]))
    return frozenset(found)


def added_body(inject: Inject) -> dict[str, Json]:
    """An inject made up during the exercise, for the journal."""
    return {
        "inject": inject.id,
        "channel": inject.channel,
        "sender": inject.sender,
        "text": inject.text,
        "to": inject.to,
        "at": write_offset(inject.at),
        "pressure": write_offset(inject.pressure) if inject.pressure is not None else None,
    }


def added(events: Iterable[Entry]) -> tuple[Inject, ...]:
    """The injects made up during the exercise."""
    return tuple(_added(one) for one in events if one.kind == "exercise.added")


def _added(entry: Entry) -> Inject:
    body = entry.body
    channel: Channel = next((one for one in CHANNELS if one == body.get("channel")), "system")
    pressure = body.get("pressure")
    return Inject(
        str(body["inject"]),
        channel,
        str(body["sender"]),
        str(body["text"]),
        read_offset(str(body["at"])),
        str(body.get("to") or ""),
        pressure=read_offset(pressure) if isinstance(pressure, str) else None,
        added=True,
    )


_SAID = {
    "declared": "the incident is opened",
    "fired": "'{}' was sent",
    "recorded": "{} is recorded",
    "asked": "{} was asked for",
    "filed": "{} is filed",
    "decided": "{} is decided",
    "approved": "{} is approved",
    "answered": "'{}' is answered",
    "step": "step {} is done",
}


def say_when(when: When) -> str:
    """A condition in words; empty where it waits for nothing."""
    match when:
        case Happened(what, name, choice, age):
            words = _SAID[what].format(name) + (f" with {choice}" if choice else "")
            return f"{words}, {say_offset(age)} ago" if age else words
        case Says(condition):
            return f"recorded: {_say_condition(condition)}"
        case Every(parts):
            return " and ".join(filter(None, map(say_when, parts)))
        case Some(parts):
            return "(" + " or ".join(filter(None, map(say_when, parts))) + ")"
        case Never(part):
            return f"not yet: {say_when(part)}"


def _say_condition(condition: Condition) -> str:
    text = getattr(condition, "text", "")
    return text or ", ".join(sorted(facts_of(condition))) or "a condition of the facts"
