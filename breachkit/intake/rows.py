"""From the cells of one record to a person, or to the reason why not: the first check that fails."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final, TypeVar

from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import UnknownName
from breachkit.intake.addresses import Addresses, is_nothing, postcode_of, with_number
from breachkit.intake.cells import MAX_CELL, CellRefused, clean, clean_email, clean_lines, looks_like_a_formula, shown
from breachkit.intake.columns import FIELDS
from breachkit.intake.contacts import Emails, Phones
from breachkit.intake.languages import read_language
from breachkit.intake.people import CATEGORY_UNKNOWN, EMPTY, FORMULA, RAGGED, UNREACHABLE, Person, Refusal
from breachkit.intake.residence import MAX_REMEMBERED, Residence

T = TypeVar("T")
_REMEMBERED: Final = 1_024
_SUSPECT = re.compile(r"\x20\x20|\x20\||\|\x20|\|[=+\-@\uff1d\uff0b\uff0d\uff20]")
_CALLED: Final[Mapping[str, str]] = {
    "first_name": "first name",
    "middle_name": "middle name",
    "last_name": "last name",
    "house_number": "house number",
    "postcode": "post code",
}
_PLAIN_FIELDS: Final = tuple(field for field in FIELDS if field not in ("phone", "mobile"))


class Rows:
    """Reads records of one table. `fields` maps a field to its cell; `width` is how many cells a record has."""

    def __init__(
        self,
        fields: Mapping[str, int],
        width: int,
        words: Vocabulary,
        residence: Residence,
        addresses: Addresses,
        default_language: str = "",
    ) -> None:
        self._width = width
        self._words, self._residence, self._addresses = words, residence, addresses
        self._default_language = default_language
        self._emails, self._phones = Emails(), Phones()
        # A field without a column is read from an empty cell that is put behind the record's own.
        self._get: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*(fields.get(field, width) for field in FIELDS))
        used = sorted({fields[field] for field in _PLAIN_FIELDS if field in fields})
        self._plain: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*used, width)
        self._name_is_last = "name" in fields and "first_name" in fields and "last_name" not in fields
        self._name_is_first = "name" in fields and "last_name" in fields and "first_name" not in fields
        self._has_parts = bool({"city", "postcode"} & fields.keys())
        self._languages: dict[str, str] = {}
        self._categories: dict[str, tuple[str, ...]] = {}

    def read(self, row: int, cells: list[str]) -> Person | Refusal:
        """The record's person or refusal."""
        if len(cells) != self._width:
            if not any(map(str.strip, cells)):
                return Refusal(row, f"row-{row}", EMPTY, "nothing in it")
            return Refusal(row, f"row-{row}", RAGGED, f"{len(cells)} cells, the header has {self._width}")
        cells.append("")
        notes: list[str] = []
        values = self._get(cells)
        joined = f"|{'|'.join(self._plain(cells))}"
        try:
            # Printable, without double spaces and formulas, and short: nothing to clean. This is what nearly all records are.
            if (
                not joined.isprintable()
                or len(joined) > MAX_CELL
                or _SUSPECT.search(joined) is not None
                or not (joined.isascii() or unicodedata.is_normalized("NFC", joined))
            ):
                return self._person(row, self._cleaned(values, notes), notes)
            return self._person(row, values, notes)
        except CellRefused as refused:
            if not any(map(str.strip, cells)):
                return Refusal(row, f"row-{row}", EMPTY, "nothing in it")
            return Refusal(row, self._id(row, values[0]), refused.code, refused.detail)

    def _cleaned(self, values: tuple[str, ...], notes: list[str]) -> tuple[str, ...]:
        cleaned = []
        for field, text in zip(FIELDS, values, strict=True):
            if field in ("address", "address2", "address3"):
                cleaned.append("\n".join(clean_lines(text, "address", notes)))
            elif field == "email":
                cleaned.append(clean_email(text, notes))
            elif field not in _PLAIN_FIELDS:
                cleaned.append(text)  # A telephone number that is none is dropped, whatever is in it.
            else:
                cleaned.append(clean(text, _CALLED.get(field, field), notes))
        return tuple(cleaned)

    def _id(self, row: int, text: str) -> str:
        """The id for a refusal: what can be shown of it, or the number of the row."""
        try:
            return clean(text, "id", []) or f"row-{row}"
        except CellRefused:
            return f"row-{row}"

    def _person(self, row: int, values: tuple[str, ...], notes: list[str]) -> Person:
        id, name, first, middle, last, email, phone, mobile, address, address2, address3, number, *rest = values
        postcode, city, state, country, place, language, categories = rest
        code = self._residence.of(place, country, state)
        if email:
            email = self._email(email, notes)
        lines: tuple[str, ...] = ()
        if address or address2:
            lines = self._address((address, address2, address3), number, postcode, city, state, country, code, notes)
        if not email and not lines:
            told = f": {', '.join(notes)}" if notes else ""
            raise CellRefused(UNREACHABLE, f"no e-mail address and no postal address that can be used{told}")
        if first or middle or last:
            name = self._whole_name(name, first, middle, last)
        if phone or mobile:
            phone = self._phone(phone, code, notes) or self._phone(mobile, code, notes)
        return Person(
            row,
            id or f"row-{row}",
            name,
            email,
            phone,
            lines,
            code,
            self._language(language) if not is_nothing(language) else self._default_language,
            self._kinds(categories) if categories else (),
            tuple(notes),
        )

    def _whole_name(self, name: str, first: str, middle: str, last: str) -> str:
        """One name of its parts. Beside a first name alone, the column `name` is the last one, and the other way round."""
        if name:
            words = set(name.casefold().replace(",", " ").split())
            if self._name_is_last and first and not set(first.casefold().split()) <= words:
                last = name
            elif self._name_is_first and last and not set(last.casefold().split()) <= words:
                first = name
            else:
                return name
        return " ".join(part for part in (first, middle, last) if part)

    def _email(self, text: str, notes: list[str]) -> str:
        if (found := self._emails.read(text)) is not None:
            return found
        if not is_nothing(text):
            if looks_like_a_formula(text):
                raise CellRefused(FORMULA, f"email begins like a formula: {shown(text)}")
            notes.append("email dropped: not an address")
        return ""

    def _phone(self, text: str, place: str, notes: list[str]) -> str:
        if not text or is_nothing(text := text.strip()):
            return ""
        if (found := self._phones.read(text, place) if len(text) <= 40 and text.isprintable() else None) is not None:
            return found
        if text[0] != "+" and looks_like_a_formula(text):
            raise CellRefused(FORMULA, f"phone begins like a formula: {shown(text)}")
        notes.append("phone dropped: not a number")
        return ""

    def _address(
        self,
        cells: tuple[str, str, str],
        number: str,
        postcode: str,
        city: str,
        state: str,
        country: str,
        place: str,
        notes: list[str],
    ) -> tuple[str, ...]:
        if self._has_parts:
            city, postcode = "" if is_nothing(city) else city, "" if is_nothing(postcode) else postcode
            if not city and not postcode:
                if not is_nothing(cells[0]):
                    notes.append("address dropped: neither city nor post code")
                return ()
            postcode = postcode_of(postcode, place, notes)
        street = [line for cell in cells for line in cell.split("\n") if not is_nothing(line)]
        if not street:
            return ()
        if not any(sign.isalnum() for sign in street[0]):
            notes.append("address dropped: no street")
            return ()
        if number:
            street[0] = with_number(street[0], number, place)
        return self._addresses.lines(tuple(street), city, state, postcode, country, place)

    def _language(self, text: str) -> str:
        return _remembered(self._languages, text, read_language)

    def _kinds(self, text: str) -> tuple[str, ...]:
        return _remembered(self._categories, text, self._read_kinds)

    def _read_kinds(self, text: str) -> tuple[str, ...]:
        """Ids of the categories, in the cell's order, each once; between them `;`, `,`, `|` or spaces."""
        found: dict[str, None] = {}
        for word in re.split(r"[;,|\s]+", text.strip()):
            if word:
                try:
                    found[self._words.category(word.lower().replace("-", "_"))] = None
                except UnknownName as problem:
                    near = f" (like {', '.join(problem.nearest)})" if problem.nearest else ""
                    raise CellRefused(CATEGORY_UNKNOWN, f"{shown(word)}{near}") from None
        return tuple(found)


def _remembered(known: dict[str, T], text: str, read: Callable[[str], T]) -> T:
    if (found := known.get(text)) is None:
        found = read(text)
        if len(known) < _REMEMBERED and len(text) < MAX_REMEMBERED:
            known[text] = found
    return found
