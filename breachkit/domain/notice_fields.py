"""Where a person's own data stands in a letter that goes to many: marks that are cut out again when letters are merged.

A letter is filled once for all people it fits, with a mark in the place of each person's name or address. Marks are
private-use characters, which `clean` takes out of every fact, so that no fact can forge one.
"""

from __future__ import annotations

import re
from typing import Final

FIELDS: Final = ("name", "address", "id")
"""What is a person's own in a letter: the name, the postal lines, and the id by which the sender finds the person again."""

NEW: Final = "\ue002"
"""Ends a line of a block that is new since the last filing; one private-use character, which `clean` takes out of facts."""

_START, _END = "\ue000", "\ue001"
_MARKED = re.compile(f"{_START}([a-z_]+){_END}")


def field_mark(field: str) -> str:
    """The mark that stands for a field. ValueError when there is no such field."""
    if field not in FIELDS:
        raise ValueError(f"'{field}' is not a field of a letter; fields: {', '.join(FIELDS)}")
    return f"{_START}{field}{_END}"


def split_fields(text: str) -> list[tuple[str, str | None]]:
    """The text cut at its marks: each piece of plain text with the field that follows it, None after the last.

    `"Dear \\ue000name\\ue001,"` gives `[("Dear ", "name"), (",", None)]`.
    """
    pieces = _MARKED.split(text)
    literals, fields = pieces[::2], [*pieces[1::2], None]
    return list(zip(literals, fields, strict=True))


def fields_in(text: str) -> frozenset[str]:
    """The fields that are marked in a text."""
    return frozenset(_MARKED.findall(text))


def without_marks(text: str) -> str:
    """The text as its readers see it before letters are merged: `[name]` in the place of a mark."""
    return _MARKED.sub(r"[\1]", text)
