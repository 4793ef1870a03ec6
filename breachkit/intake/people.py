"""What reading a table of affected people gives: a person, or the reason why a record cannot be served. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

EMPTY, RAGGED, QUOTES, ENCODING, TOO_LONG = "empty", "ragged", "quotes", "encoding", "too_long"
CONTROL, FORMULA, UNREACHABLE, DUPLICATE_ID = "control", "formula", "unreachable", "duplicate_id"
PLACE_UNKNOWN, PLACE_CONFLICT, STATE_UNKNOWN = "place_unknown", "place_conflict", "state_unknown"
LANGUAGE_UNKNOWN, CATEGORY_UNKNOWN = "language_unknown", "category_unknown"

REFUSALS: Final[Mapping[str, str]] = {
    EMPTY: "The record is empty.",
    RAGGED: "The record has more or fewer cells than the header.",
    QUOTES: "A quotation mark opens a cell that does not end; this line alone is refused and reading goes on with the next.",
    ENCODING: "The record holds bytes that are no text in the encoding of the file.",
    TOO_LONG: "A cell is longer than 10,000 characters, or the record longer than a mebibyte.",
    CONTROL: "A cell holds a control character, a line break or a private-use character where none may stand.",
    FORMULA: "A cell begins like a spreadsheet formula.",
    PLACE_UNKNOWN: "The place of residence is missing or not a place breachkit knows.",
    PLACE_CONFLICT: "The columns name different places of residence.",
    STATE_UNKNOWN: "The country's parts have laws of their own, and the state or province is missing or unknown.",
    UNREACHABLE: "There is neither a usable e-mail address nor a usable postal address.",
    LANGUAGE_UNKNOWN: "The language is not one breachkit can recognise.",
    CATEGORY_UNKNOWN: "A kind of data is not in the vocabulary.",
    DUPLICATE_ID: "Another record before it has the same id.",
}
"""Every reason for which a record is refused. Whoever holds the ids gives `duplicate_id`; reading gives the rest."""


@dataclass(frozen=True, slots=True)
class Person:
    """One affected person, as far as the table tells."""

    row: int
    """1-based number of the record; the header is not counted."""
    id: str
    """As given, without outer spaces; `row-17` when the table has no id column or the cell is empty."""
    name: str
    """As given, in Unicode NFC and without direction marks; "" when not given."""
    email: str
    """As email-validator normalises it, an international domain as Punycode; "" when not given or not usable."""
    phone: str
    """E.164; "" when not given or not a number."""
    address: tuple[str, ...]
    """The lines below the name, in the order customary in the country; () when not given or not enough for a letter."""
    place: str
    """Residence: a place code of the vocabulary. Never empty in what `PeopleTable.read` gives."""
    language: str
    """A lower-case primary language tag such as `es`; "" when not given."""
    categories: tuple[str, ...]
    """Ids of data categories of the vocabulary; () when not given."""
    notes: tuple[str, ...] = ()
    """What was mended or dropped, in words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that cannot be served."""

    row: int
    """1-based number of the record; the header is not counted."""
    id: str
    """The record's id where it could be read, else `row-17`."""
    code: str
    """One of REFUSALS."""
    detail: str
    """Which cell and what was wrong; cell text is cut to 40 characters and holds no control characters."""
