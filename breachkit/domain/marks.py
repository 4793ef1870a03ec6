"""The marks of what never happened: an invented incident, and an exercise, which is an invented incident with a name.

Owns their words in English and what they put before names and into JSON. Where they stand on a page is documents' matter,
their words in other languages that of the catalogues.
"""

from __future__ import annotations

import re
from typing import Any, Final

EXERCISE: Final = "EXERCISE - EXERCISE - EXERCISE: nothing of this happened"
"""The first and last line of every document of an exercise. What stands before its first ` - ` goes across each page."""

_OTHER = re.compile(r"[^A-Za-z0-9 .-]+")


def word(invented: bool, exercise: str | None) -> str:
    """`EXERCISE` or `INVENTED`; empty for a real incident. `exercise` is the exercise's name, None outside of one."""
    return "EXERCISE" if exercise is not None else "INVENTED" if invented else ""


def before_name(invented: bool, exercise: str | None) -> str:
    """What the name of a file begins with: `EXERCISE-`, `INVENTED-` or nothing."""
    return f"{found}-" if (found := word(invented, exercise)) else ""


def line(invented: bool, exercise: str | None, invented_words: str) -> str:
    """The line that says it: EXERCISE, `invented_words`, or nothing for a real incident."""
    return EXERCISE if exercise is not None else invented_words if invented else ""


def in_json(invented: bool, exercise: str | None) -> dict[str, Any]:
    """`invented`, and beside it `exercise` with its name; that key is there for an exercise alone."""
    return {"invented": invented, **({"exercise": exercise} if exercise is not None else {})}


def printed_name(exercise: str) -> str:
    """The exercise's name as it may stand on any page: Latin letters, digits, spaces, dots and hyphens, 60 of them at most."""
    return _OTHER.sub("-", exercise)[:60].strip(" .-")


def word_of(banner: str) -> str:
    """The word across each page: what a banner begins with, before its first dash."""
    return re.split(" [-\u2013\u2014] ", banner)[0]
