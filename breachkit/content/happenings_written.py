"""Writes what injects wait for as a scenario file does: the way back from happenings.py, on one line."""

from __future__ import annotations

import json
import re
from typing import Any

from breachkit.domain.conditions import (
    All,
    Always,
    Amount,
    AnyOf,
    Condition,
    Data,
    Established,
    FactIs,
    Includes,
    Known,
    Not,
    People,
    Role,
    Sector,
    Targets,
    Use,
)
from breachkit.domain.exercise.happenings import Every, Happened, Never, Says, Some, When
from breachkit.domain.offsets import write_offset

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._@/()+<>=-]*[A-Za-z0-9._@/()+=])?")
"""What needs no quotes in YAML wherever it stands; words that YAML takes for nothing are quoted all the same."""


def flow(data: Any) -> str:
    """Plain data as YAML on one line: `{all: [{fired: ransom-note}, {declared: yes}]}`."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(flow(item) for item in data) + "]"
    return quoted(str(data))


def quoted(text: str) -> str:
    """Text as a YAML value on one line, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text != "null" and "  " not in text:
        return text
    # JSON is YAML, but for some characters that YAML takes for line ends or refuses as they stand.
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", written)


def written(when: When) -> Any:
    """A condition as the data a file holds; None for one that waits for nothing."""
    match when:
        case Happened(what, name, choice, age):
            data: dict[str, Any] = {what: name or "yes"}
            if choice is not None:
                data["is" if what == "answered" else "choice"] = choice
            return data | ({"for": write_offset(age)} if age else {})
        case Says(condition):
            return _law(condition)
        case Every(()):
            return None
        case Every(parts):
            return {"all": [written(part) for part in parts]}
        case Some(parts):
            return {"any": [written(part) for part in parts]}
        case Never(part):
            return {"not": written(part)}


def _law(condition: Condition) -> Any:
    """A condition of the law files' language. Words that only say what the condition says anyway are left out."""
    match condition:
        case All(parts):
            return {"all": [_law(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_law(part) for part in parts]}
        case Not(part):
            return {"not": _law(part)}
        case Use(name):
            return {"use": name}
        case Always(holds, text):
            return {"never" if holds is False else "unasked": text}
        case FactIs(key, values, text):
            data = {"fact": key, "is": list(values) if len(values) > 1 else values[0]}
            return _with_text(data, text, f"{key} is {' or '.join(values)}")
        case Includes(key, member, text):
            return _with_text({"includes": key, "member": member}, text, f"{key} includes {member}")
        case Known(key, text):
            return _with_text({"known": key}, text, f"{key} is recorded")
        case Role(roles):
            return {"role": list(roles)}
        case Sector(sector):
            return {"sector": sector}
        case Established(place):
            return {"established": place}
        case Targets(place):
            return {"targets": place}
        case People(counts, op, number, place):
            where = {"in": place} if place is not None else {}
            return {"people": {**where, "counts": counts, "op": op, "number": str(number)}}
        case Data():
            return {"data": _data(condition)}
        case Amount(key, op, number, text):
            return _with_text({"amount": {"fact": key, "op": op, "number": str(number)}}, text, f"{key} {op} {number}")


def _data(condition: Data) -> dict[str, Any]:
    lists = {"with_name": condition.with_name, "alone": condition.alone, "names": condition.names}
    found: dict[str, Any] = {key: list(names) for key, names in lists.items() if names}
    return found if condition.unprotected else found | {"unprotected": "no"}


def _with_text(data: dict[str, Any], text: str, usual: str) -> dict[str, Any]:
    return data if text == usual else {**data, "text": text}
