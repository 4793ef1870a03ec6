"""Small tables of made-up people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from breachkit.content.vocabulary import load_vocabulary
from breachkit.intake import PeopleTable, Person, Refusal

WORDS = load_vocabulary()
HEADER = "id,name,email,address,city,postcode,state,country"


def written(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    """The table as a file."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def opened(folder: Path, content: str | bytes, name: str = "people.csv", **options: Any) -> PeopleTable:
    return PeopleTable(written(folder, content, name), WORDS, **options)


def read(folder: Path, content: str | bytes, name: str = "people.csv", **options: Any) -> list[Person | Refusal]:
    """Everything the table gives."""
    with opened(folder, content, name, **options) as table:
        return list(table.read())


def person(folder: Path, content: str | bytes, **options: Any) -> Person:
    """The one person of a table."""
    (found,) = read(folder, content, **options)
    assert isinstance(found, Person), found
    return found


def refusal(folder: Path, content: str | bytes, **options: Any) -> Refusal:
    """The one refusal of a table."""
    (found,) = read(folder, content, **options)
    assert isinstance(found, Refusal), found
    return found


def codes(found: Iterable[Person | Refusal]) -> list[str]:
    """The code of each refusal, and `ok` for each person."""
    return [one.code if isinstance(one, Refusal) else "ok" for one in found]
