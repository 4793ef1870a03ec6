"""From what a record says of country and state to the place code whose law protects the person. Never guesses.

Names are known in English, the eight notice languages and the country's own, with two- and three-letter codes. A state says
nothing without its country: CA is California, and Cagliari.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from breachkit.domain.vocabulary import Vocabulary, country_of
from breachkit.errors import UnknownName, UsageError
from breachkit.intake.cells import CellRefused, shown
from breachkit.intake.languages import plain
from breachkit.intake.people import PLACE_CONFLICT, PLACE_UNKNOWN, STATE_UNKNOWN
from breachkit.intake.place_names import country_names

NEED_PART: Final = frozenset({"US", "CA"})
"""Countries whose parts have notification laws of their own: without the state nobody knows which letter is right."""
_REMEMBERED: Final = 4_096
MAX_REMEMBERED: Final = 200
"""The longest text that is remembered with its meaning, in characters: memory does not grow with what people write."""
_DOTTED: Final[Mapping[str, str]] = {
    "U.S.": "US",
    "U.S": "US",
    "U.S.A.": "US",
    "U.S.A": "US",
    "U.K.": "GB",
    "U.K": "GB",
    "P.R.": "PR",
}
_DOTS: Final = str.maketrans("", "", ". ")
_MORE_PARTS: Final[Mapping[str, str]] = {
    "CA-BC": "Colombie-Britannique", "CA-NB": "Nouveau-Brunswick", "CA-NL": "Terre-Neuve-et-Labrador|Newfoundland",
    "CA-NS": "Nouvelle-Écosse", "CA-NT": "Territoires du Nord-Ouest", "CA-PE": "Île-du-Prince-Édouard|PEI",
    "CA-QC": "Québec|PQ", "CA-YT": "Yukon Territory", "DE-BY": "Bayern", "DE-HE": "Hessen", "DE-MV": "Mecklenburg-Vorpommern",
    "DE-NI": "Niedersachsen", "DE-NW": "Nordrhein-Westfalen|NRW", "DE-RP": "Rheinland-Pfalz", "DE-SN": "Sachsen",
    "DE-ST": "Sachsen-Anhalt", "DE-TH": "Thüringen", "ES-AN": "Andalucía", "ES-CT": "Cataluña|Catalunya",
    "ES-PV": "País Vasco|Euskadi", "GB-ENG": "Inglaterra|Angleterre", "GB-SCT": "Alba|Écosse|Escocia",
    "GB-WLS": "Cymru|Gales", "GB-NIR": "N Ireland", "US-DC": "Washington DC|Dist of Columbia|Washington District of Columbia",
    "US-VI": "Virgin Islands|US Virgin Islands|United States Virgin Islands", "US-MP": "Northern Marianas|CNMI",
    "US-GU": "Territory of Guam", "US-PR": "Commonwealth of Puerto Rico",
}  # fmt: skip


class Residence:
    """Finds the place of each record. `default` is for records that say nothing of it: a country, or a part of one."""

    def __init__(self, words: Vocabulary, default: str | None) -> None:
        self._words = words
        self._codes, self._names = _country_cells(words)
        self._parts = _part_cells(words)
        self._known: dict[tuple[str, str, str], str] = {}
        self.default = None if default is None else self._default(default)

    def of(self, place: str, country: str, state: str) -> str:
        """The place code. CellRefused with `place_unknown`, `place_conflict` or `state_unknown`."""
        key = (place, country, state)
        if (known := self._known.get(key)) is None:
            known = self._find(place.strip(), country.strip(), state.strip())
            if len(self._known) < _REMEMBERED and len(place) + len(country) + len(state) < MAX_REMEMBERED:
                self._known[key] = known
        return known

    def _find(self, place: str, country: str, state: str) -> str:
        code = self._place(place) if place else ""
        in_country = self._country(country) if country else ""
        if code and in_country and not (self._words.within(code, in_country) or self._words.within(in_country, code)):
            raise CellRefused(PLACE_CONFLICT, f"place {shown(place)}, country {shown(country)}")
        # Of two that agree, the narrower one.
        if in_country and (not code or self._words.within(in_country, code)):
            code = in_country
        if not code:
            return self._by_state_alone(state)
        return self._with_state(code, state)

    def _with_state(self, code: str, state: str) -> str:
        country = country_of(code)
        part = self._part(country, state)
        if "-" in code:
            if part not in (None, code):
                raise CellRefused(PLACE_CONFLICT, f"{code}, state {shown(state)}")
            return code
        if part is not None:
            return part
        if country in NEED_PART:
            what = "state or province is empty" if not state else f"state: {shown(state)}"
            raise CellRefused(STATE_UNKNOWN, f"{self._words.place_name(country)}, {what}")
        return code

    def _by_state_alone(self, state: str) -> str:
        if self.default is not None:
            if not state:
                return self._with_state(self.default, "")
            country = country_of(self.default)
            return self._part(country, state) or self._with_state(country, state)
        # A full code such as US-CA says its country itself.
        if state.upper() in self._words.places and "-" in state:
            return self._words.place(state.upper())
        more = f", and the state {shown(state)} says nothing without it" if state else ""
        raise CellRefused(PLACE_UNKNOWN, f"the country is empty{more}")

    def _part(self, country: str, state: str) -> str | None:
        # A code may have dots and spaces (N. Y.) and nothing else: N/D is not North Dakota.
        short = state.translate(_DOTS).upper()
        return self._parts.get((country, short)) or self._parts.get((country, plain(state)))

    def _place(self, text: str) -> str:
        """A cell of the place column: a code first; a name only where it has one meaning (Georgia has two)."""
        code = text.upper()
        if code in self._words.places:
            return self._words.place(code)
        name = plain(text)
        found = {part for (_, key), part in self._parts.items() if key == name}
        if name in self._names:
            found.add(self._names[name])
        if len(found) != 1:
            several = f" may be {' or '.join(sorted(found))}" if found else ""
            raise CellRefused(PLACE_UNKNOWN, f"place: {shown(text)}{several}")
        return found.pop()

    def _country(self, text: str) -> str:
        # Codes as they stand, and only a few with dots: N/A and N.A. are not Namibia.
        code = self._codes.get(text.upper()) or self._names.get(plain(text))
        if code is None:
            raise CellRefused(PLACE_UNKNOWN, f"country: {shown(text)}")
        return code

    def _default(self, text: str) -> str:
        try:
            code = self._words.place(text.strip())
        except UnknownName:
            try:
                code = self._place(text.strip())
            except CellRefused:
                raise UnknownName("place", text, self._words.places) from None
        if code in self._words.groups:
            raise UsageError(f"--default-place {text}: nobody lives in {text} as such; name the country, such as DE")
        return code


def _country_cells(words: Vocabulary) -> tuple[dict[str, str], dict[str, str]]:
    """Codes, and names without case and accents, that may stand in a country column. Scotland and its like are in it too."""
    codes = {code: words.place(code) for code in words.places}
    names = {plain(place.name): part for part, place in words.places.items() if part.startswith("GB-")}
    wrongs = words.not_codes.items()
    codes |= {wrong: right for wrong, right in wrongs if wrong in ("UK", "EL") or (len(wrong) == 3 and right in words.places)}
    for code, three, more in country_names():
        if code in words.places:
            codes[three] = right = words.place(code)
            names.update((plain(name), right) for name in (words.places[code].name, *more))
    dotted = {cell: codes[code] for cell, code in _DOTTED.items() if code in codes}
    return codes | dotted, names


def _part_cells(words: Vocabulary) -> dict[tuple[str, str], str]:
    """(country, what may stand in a state column) to the part's code: codes in capitals, names as `plain` makes them."""
    cells = {}
    for code, place in words.places.items():
        if "-" in code:
            country, short = code.split("-", 1)
            names = [place.name, *_MORE_PARTS.get(code, "").split("|")]
            cells.update(dict.fromkeys([(country, short), (country, code)], code))
            cells.update({(country, name if name.isupper() else plain(name)): code for name in names if name})
    return cells
