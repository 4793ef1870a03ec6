"""Postal lines from the cells of a record, in the order customary in the country. Says only what the table says."""

from __future__ import annotations

from typing import Final

from breachkit.domain.vocabulary import Vocabulary, country_of

_NUMBER_FIRST: Final = frozenset(
    {"US", "CA", "GB", "IE", "AU", "NZ", "FR", "LU", "IN", "SG", "ZA", "PH", "HK", "MY", "TH", "MC", "IL", "GG", "JE", "IM"}
)
"""Where the house number stands before the street."""
_CITY_THEN_CODE: Final = frozenset(
    {
        "AU",
        "BN",
        "BD",
        "HK",
        "ID",
        "IN",
        "JO",
        "KH",
        "LK",
        "MM",
        "MV",
        "NZ",
        "NP",
        "PK",
        "SA",
        "SG",
        "TH",
        "TW",
        "VN",
        "BH",
        "JP",
        "KR",
    }
)
"""`City STATE 1234` on one line, beside the United States and Canada."""
_CODE_BELOW: Final = frozenset({"GB", "IE", "GG", "JE", "IM", "GI", "ZA", "RU", "UA", "KE", "FK", "BY", "KZ", "HU", "EC", "IR"})
"""The post code has a line of its own under the city. Everywhere else it stands before the city: `28001 Madrid`."""
_STATE_BESIDE: Final = frozenset({"IT", "BR", "MX", "VE", "ES", "CN", "MY", "NG", "PH", "AR", "CO", "CL"})
"""Where the state or province belongs on the city's line or below it although the post code comes first."""
_FIVE_DIGITS: Final = frozenset({"US", "DE", "ES", "FR", "IT"})
_NOTHING: Final = frozenset(
    {"-", "--", "n/a", "none", "null", "nil", "nan", "unknown", "?", "tbd", ".", "x", "xx", "xxx", "#n/a"}
)


def is_nothing(text: str) -> bool:
    """Whether a cell of an address, an e-mail address or a telephone number only says that there is none."""
    return not text or text.lower() in _NOTHING


def postcode_of(text: str, place: str, notes: list[str]) -> str:
    """The post code; leading zeros that a spreadsheet dropped come back where every code has five digits."""
    if text.isdecimal() and text.isascii() and country_of(place) in _FIVE_DIGITS and 3 <= len(text) < 5:
        notes.append("post code: leading zeros put back")
        return text.zfill(5)
    return text


def with_number(street: str, number: str, place: str) -> str:
    """Street and house number on one line."""
    if not number or is_nothing(number):
        return street
    return f"{number} {street}" if country_of(place) in _NUMBER_FIRST else f"{street} {number}"


class Addresses:
    """Makes postal lines. `home` is the sender's country, whose name is left off; None writes the country on every letter."""

    def __init__(self, words: Vocabulary, home: str | None = None) -> None:
        self._names = {code: words.place_name(country_of(code)) for code in words.places}
        self._parts = {code: words.place_name(code).casefold() for code in words.places if "-" in code}
        self._home = home and country_of(home)

    def lines(self, street: tuple[str, ...], city: str, state: str, postcode: str, country: str, place: str) -> tuple[str, ...]:
        """The lines below the name, the country last as the table names it; () when there is no street.

        `street` holds what stands above the city: street and number, flat, building, or a whole address in one cell.
        """
        if not street:
            return ()
        lines = (*street, *self._locality(city, state, postcode, country_of(place), place))
        if country_of(place) == self._home:
            return lines
        # A country the table spells out is printed so; a code, or a part such as Puerto Rico, as the country's English name.
        spelt = len(country) > 3 and country.casefold() != self._parts.get(place) and country.upper() != place
        named = country if spelt else self._names[place]
        return lines if lines[-1].casefold() in (named.casefold(), country.casefold()) else (*lines, named)

    def _locality(self, city: str, state: str, postcode: str, country: str, place: str) -> tuple[str, ...]:
        if not city and not postcode:
            return ()
        lines: tuple[str, ...]
        if country in ("US", "CA"):
            region = place.split("-", 1)[1] if "-" in place else state
            tail = " ".join(part for part in (region, postcode) if part)
            return ((", " if country == "US" else " ").join(part for part in (city, tail) if part),)
        if country in _CITY_THEN_CODE:
            lines = (" ".join(part for part in (city, state, postcode) if part),)
        elif country in _CODE_BELOW:
            lines = (city, postcode)
        elif country == "IT" and len(state) == 2:
            lines = (" ".join(part for part in (postcode, city, state.upper()) if part),)
        elif country == "BR":
            lines = (" - ".join(part for part in (city, state) if part), postcode)
        else:
            beside = state if country in _STATE_BESIDE and state.casefold() != city.casefold() else ""
            lines = (" ".join(part for part in (postcode, city) if part), beside)
        return tuple(line for line in lines if line)
