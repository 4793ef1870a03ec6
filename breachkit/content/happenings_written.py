"""Writes what injects wait for as a scenario file does: the way back from happenings.py, on one line."""

from __future__ import annotations

import json
import re
from typing import Any

from breachkit.domain import conditions_written
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
            return _shortened(conditions_written.written(condition))
        case Every(()):
            return None
        case Every(parts):
            return {"all": [written(part) for part in parts]}
        case Some(parts):
            return {"any": [written(part) for part in parts]}
        case Never(part):
            return {"not": written(part)}


def _shortened(data: Any) -> Any:
    """A law file's condition with every value as that file's text, and without what goes without saying."""
    if isinstance(data, dict) and isinstance(values := data.get("in"), list):
        usual = data["text"] == f"{data['fact']} is {' or '.join(values)}"
        told = {} if usual else {"text": data["text"]}
        return {"fact": data["fact"], "is": values if len(values) > 1 else values[0], **told}
    if isinstance(data, dict):
        return {key: _shortened(value) for key, value in data.items() if value not in (None, [])}
    if isinstance(data, list):
        return [_shortened(item) for item in data]
    return ("yes" if data else "no") if isinstance(data, bool) else str(data)
