"""The values a fact can have, how each is written, and one recorded fact with its source and certainty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

from breachkit.domain.journal import Json
from breachkit.domain.periods import (
    Period,
    end_of_day,
    read_period,
    say_period,
    show,
    show_day,
    start_of_day,
    zone_named,
)
from breachkit.domain.values import value
from breachkit.domain.vocabulary import FactSpec, Vocabulary
from breachkit.errors import BadValue, UnknownName, nearest

Certainty = Literal["confirmed", "estimated"]
CERTAINTIES: tuple[Certainty, ...] = ("confirmed", "estimated")

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A year outside is a slip of the pen, and deadlines counted from it could leave the calendar."""

TWO_WAYS = "2026-11-20T22:15:00+01:00 or 2026-11-20T22:15:00+01:00[Europe/Brussels]"


@value
class Instant:
    """A moment, or a day of which the moment is not known; a day counts from its first moment."""

    at: datetime
    """UTC. For a day: its first moment in `zone`, or in UTC where no zone was given."""
    zone: str | None = None
    """The IANA zone it was written with; None when only an offset was."""
    day: date | None = None
    """The day, where only a day is known."""
    written: str = ""
    """As the person wrote it."""

    def moment(self, zone: str) -> datetime:
        """The moment in UTC that a clock counts from. A day without a zone of its own begins in the law's `zone`."""
        if self.day is not None and self.zone is None:
            return start_of_day(self.day, zone)
        return self.at

    def latest(self, zone: str) -> datetime:
        """The last moment it can mean: for a day its end, otherwise the moment itself."""
        return self.at if self.day is None else end_of_day(self.day, self.zone or zone)

    def __str__(self) -> str:
        if self.day is not None:
            return show_day(self.day)
        return show(self.at, self.zone) if self.zone else self.written


@value
class Count:
    """How many: an interval, since early counts are ranges."""

    low: int
    high: int | None
    """Inclusive; None when nobody knows an upper bound."""
    written: str = ""

    def __str__(self) -> str:
        return self.written or str(self.low)

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


UNKNOWN_COUNT = Count(0, None, "unknown")

Records: TypeAlias = tuple[Mapping[str, Any], ...]
Value: TypeAlias = Instant | Count | bool | str | tuple[str, ...] | Period | Records


@value
class Fact:
    """One fact as recorded: what, who said so, how sure, when it happened and when it was written down."""

    key: str
    value: Value
    raw: Json
    """The value as it was written, for the journal and for facts files."""
    source: str | None = None
    certainty: Certainty = "confirmed"
    happened_at: Instant | None = None
    recorded_at: datetime | None = None
    """UTC; None for a fact from a file, which was never recorded."""
    by: str | None = None
    unknown_is_answer: bool = False
    """As its specification says: then `unknown` is a value like any other."""

    @property
    def known(self) -> bool:
        """False for an answer that says it is not known."""
        if self.unknown_is_answer:
            return True
        return self.value not in ("unknown", UNKNOWN_COUNT) and not (
            isinstance(self.value, Count) and self.value.written == "unknown"
        )


_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<offset>[Zz]|[+-]\d{2}:\d{2})?)?"
    r"(?:\[(?P<zone>[A-Za-z][A-Za-z0-9_+/-]*)\])?"
)


def read_instant(text: str) -> Instant:
    """Read RFC 3339 with an offset, a zone in brackets or both; or a day alone. BadValue says how to write it."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise BadValue(f"'{text}' is not a time; write {TWO_WAYS}, or a day alone: 2026-11-20")
    if not FIRST_YEAR <= int(match["day"][:4]) <= LAST_YEAR:
        raise BadValue(f"'{text}' is not a time: its year lies outside {FIRST_YEAR} to {LAST_YEAR}")
    zone = match["zone"]
    there = zone_named(zone) if zone else None
    try:
        if match["time"] is None:
            day = date.fromisoformat(match["day"])
            return Instant(start_of_day(day, zone or "UTC"), zone, day, text.strip())
        local = datetime.fromisoformat(f"{match['day']}T{match['time']}")
        offset = (match["offset"] or "Z").upper()
        moment = datetime.fromisoformat(f"{local.isoformat()}{'+00:00' if offset == 'Z' else offset}")
    except ValueError as problem:
        raise BadValue(f"'{text}' is not a time: {problem}") from None
    if match["offset"] is None:
        if there is None:
            raise BadValue(f"'{text}' has no offset or zone, so nobody can say when that was; write {TWO_WAYS}")
        return Instant(_from_wall_clock(local, zone, text), zone, None, text.strip())
    if there is not None and moment.utcoffset() != moment.astimezone(there).utcoffset():
        right = local.replace(tzinfo=there).isoformat()[-6:]
        raise BadValue(
            f"'{text}': the offset {match['offset']} does not agree with {zone}, which is at {right} then; "
            "correct one of them, or leave one out"
        )
    return Instant(moment.astimezone(UTC), zone, None, text.strip())


def _from_wall_clock(local: datetime, zone: str, text: str) -> datetime:
    there = zone_named(zone)
    early, late = local.replace(tzinfo=there, fold=0), local.replace(tzinfo=there, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(there).replace(tzinfo=None) != local:
        raise BadValue(f"'{text}' does not exist: the clocks in {zone} skip that hour; write it with its offset")
    raise BadValue(f"'{text}' happens twice: the clocks in {zone} go back then; write it with its offset")


_COUNT_FORMS = "600, ~600 (plus or minus a fifth), 400..900, 500+, ..40 or unknown"


def read_count(text: str) -> Count:
    """`600`, `~600`, `400..900`, `500+`, `..40`, `unknown`. BadValue for anything else."""
    written = text.strip()
    if written == "unknown":
        return UNKNOWN_COUNT
    match = re.fullmatch(r"(?P<about>~)?(?P<low>\d{1,15})?(?P<range>\.\.)?(?P<high>\d{1,15})?(?P<plus>\+)?", written)
    low = int(match["low"]) if match and match["low"] else None
    high = int(match["high"]) if match and match["high"] else None
    if match is None or (low is None and high is None):
        raise BadValue(f"'{text}' is not a count; write {_COUNT_FORMS}")
    if match["about"] and low is not None and not match["range"] and not match["plus"]:
        return Count(low - low // 5, low + low // 5, written)
    if match["about"] or (match["plus"] and match["range"]):
        raise BadValue(f"'{text}' is not a count; write {_COUNT_FORMS}")
    if match["plus"]:
        return Count(low or 0, None, written)
    if match["range"]:
        if high is None:
            return Count(low or 0, None, written)
        if low is not None and low > high:
            raise BadValue(f"'{text}' runs backwards; write {high}..{low}")
        return Count(low or 0, high, written)
    assert low is not None
    return Count(low, low, written)


def read_value(spec: FactSpec, raw: Json, words: Vocabulary) -> Value:
    """Read what a person wrote as the type of its key. BadValue says what is wrong and how to write it.

    `unknown` can be written for every key but recorded acts: somebody looked, and it is not known.
    """
    if raw == "unknown" and spec.type not in ("count", "records"):
        return raw
    if spec.type in ("set", "records"):
        return _read_set(spec, raw, words) if spec.type == "set" else _read_records(spec, raw)
    if isinstance(raw, bool) and spec.type == "yes_no":
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str) or not raw.strip():
        raise BadValue(f"{spec.key} takes {_expects(spec)}, not {_say_raw(raw)}")
    text = raw.strip()
    match spec.type:
        case "instant":
            return read_instant(text)
        case "count":
            return read_count(text)
        case "yes_no":
            if text.lower() in ("yes", "true"):
                return True
            if text.lower() in ("no", "false"):
                return False
            raise BadValue(f"{spec.key} takes yes, no or unknown, not '{text}'")
        case "choice":
            return _choose(spec, text)
        case "duration":
            return read_period(text)
        case "place":
            return words.place(text)
        case "email":
            if not re.fullmatch(r"[^@\s<>,;:\"\x00-\x1f\x7f-\x9f]+@[^@\s<>,;:\"\x00-\x1f\x7f-\x9f]+", text):
                raise BadValue(f"{spec.key} takes one e-mail address, not '{text}'")
            return text
        case _:
            return text


def _choose(spec: FactSpec, text: str) -> str:
    if text in spec.choices:
        return text
    if {"true": "yes", "false": "no"}.get(text.lower(), "") in spec.choices:
        return {"true": "yes", "false": "no"}[text.lower()]
    close = nearest(text, spec.choices)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    raise BadValue(f"{spec.key} takes one of {', '.join(spec.choices)}, not '{text}'{hint}")


def _read_set(spec: FactSpec, raw: Json, words: Vocabulary) -> tuple[str, ...]:
    items = [raw] if isinstance(raw, str) else raw
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise BadValue(f"{spec.key} takes a list such as [a, b], not {_say_raw(raw)}")
    members = [_member(spec, str(item).strip(), words) for item in items]
    return tuple(dict.fromkeys(members))


def _member(spec: FactSpec, item: str, words: Vocabulary) -> str:
    match spec.of:
        case "data_category":
            return words.category(item)
        case "place":
            return words.place(item)
        case "sector":
            if item not in words.sectors:
                raise UnknownName("sector", item, words.sectors)
            return item
        case _:
            return _choose(spec, item) if spec.choices else item


def _read_records(spec: FactSpec, raw: Json) -> Records:
    items = [raw] if isinstance(raw, dict) else raw
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadValue(f"{spec.key} takes a list of entries such as [{{at: ..., reference: ...}}], not {_say_raw(raw)}")
    records = []
    for item in items:
        assert isinstance(item, dict)
        record: dict[str, Any] = dict(item)
        for name in ("at", "happened_at"):
            if (written := record.get(name)) is not None:
                if not isinstance(written, str):
                    raise BadValue(f"{name} of {spec.key} takes a time ({TWO_WAYS}), not {_say_raw(written)}")
                record[name] = read_instant(written)
        records.append(record)
    return tuple(records)


def _expects(spec: FactSpec) -> str:
    return {
        "instant": f"a time ({TWO_WAYS})",
        "count": f"a count ({_COUNT_FORMS})",
        "yes_no": "yes or no",
        "choice": f"one of {', '.join(spec.choices)}",
        "duration": "a period (PT72H, P30D or words)",
        "place": "a place (ISO 3166: ES, US-FL)",
    }.get(spec.type, "text")


def _say_raw(raw: Json) -> str:
    if raw is None or raw == "":
        return "nothing"
    if isinstance(raw, list):
        return "a list"
    return "a mapping" if isinstance(raw, dict) else f"'{raw}'"


def say_value(value: Value, spec: FactSpec | None = None) -> str:
    """A value in words, as a reason or a screen shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        if value and isinstance(value[0], Mapping):
            return f"{len(value)} recorded"
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, str):
        return spec.choices.get(value, value) if spec else value
    if isinstance(value, (Instant, Count)):
        if isinstance(value, Count) and value.written.startswith("~"):
            return f"{value.written} (taken as {value.low} to {value.high})"
        return str(value)
    return say_period(value)
