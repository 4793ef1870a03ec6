"""How each language writes days, numbers, places and lists: by Babel and the language's catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachkit.content.catalogues import LANGUAGES, Message, catalogue, missing
from breachkit.content.citations import cited_in
from breachkit.domain.notice_names import Untranslated
from breachkit.domain.notice_words import MARKS, Wording
from breachkit.domain.periods import BusinessDays, Days, Hours, Months, Period
from breachkit.errors import UsageError

if TYPE_CHECKING:
    from babel import Locale

LABELS: Final = ("data category", "people", "element", "harm", "likelihood", "provider use")
"""The contexts under which labels of the vocabulary are translated."""

_AMERICAN: Final = {
    "Driving licence number": "Driver's license number",
    "Licence-plate-reader data": "License-plate-reader data",
    "Written security programme": "Written security program",
    "Kind of organisation reporting": "Kind of organization reporting",
    "Location of the organisation": "Location of the organization",
    "Other organisations in the breach": "Other organizations in the breach",
}
"""Labels that are written otherwise in the United States."""

_REGIONS: Final = {"en": "en_GB", "pt": "pt_PT"}


def wording_for(language: str = "en", *, american: bool = False, own: Path | None = None) -> Wording:
    """How that language writes. UsageError for a language notices are not written in."""
    if language != "en" and not _is_known(language):
        raise UsageError(f"'{language}' is not a language; notices are written in {', '.join(LANGUAGES)}")
    return _BabelWording(language, american, {**catalogue(language, own), **_fixed(language)})


def _fixed(language: str) -> Mapping[Message, str]:
    """The words of the three marks as they are shipped, else in English: no catalogue of one's own rewords them."""
    shipped = catalogue(language)
    return {("wording", words): shipped.get(("wording", words), words) for words in MARKS}


def _is_known(language: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-") is not None
    except (UnknownLocaleError, ValueError):
        return False


class _BabelWording(Wording):
    """Days, numbers and names of places by Babel; phrases and labels by the catalogue."""

    def __init__(self, language: str, american: bool, words: Mapping[Message, str]) -> None:
        self.language = language
        self.month_first = american and language == "en"
        self._american = american
        self._words = words

    @cached_property
    def _locale(self) -> Locale:
        from babel import Locale

        if self._american and self.language in ("en", "es"):
            return Locale.parse(f"{self.language}_US")
        return Locale.parse(_REGIONS.get(self.language, self.language).replace("-", "_"))

    @cached_property
    def months(self) -> tuple[str, ...]:  # type: ignore[override]  # read once, when first asked for
        named = self._locale.months["format"]["wide"]
        return tuple(str(named[number]) for number in range(1, 13))

    def phrase(self, english: str) -> str:
        return self.label("wording", english)

    def label(self, context: str, english: str) -> str:
        if self.language == "en" or not english:
            return _AMERICAN.get(english, english) if self._american else english
        found = self._words.get((context, english))
        return found if found is not None else Untranslated(str(missing(self.language, [(context, english)])))

    def place(self, code: str, english: str) -> str:
        if self.language == "en":
            return english
        named = self._words.get(("place", english)) or self._locale.territories.get(code)
        # A region's own name stands in every language; a country's is Babel's.
        return str(named) if named else english

    def recipient(self, id: str | None, name: str) -> str:
        """The name of an authority is its own; one that only says what it is stands in the notice's language."""
        return name if id is not None else self.label("recipient", name)

    def citation(self, text: str, place: str) -> str:
        return cited_in(self.language, text) if place == "eu" else text

    def duration(self, period: Period) -> str:
        if self.language == "en":
            return super().duration(period)
        from babel.units import format_unit

        if isinstance(period, BusinessDays):
            return self.said("{number} business days", number=self.number(period.number))
        unit = {Hours: "duration-hour", Days: "duration-day", Months: "duration-month"}[type(period)]
        # Where Babel has no long pattern for a unit, the short one is the whole word.
        said = (format_unit(period.number, unit, length=length, locale=self._locale) for length in ("long", "short"))
        return next(text for text in said if "duration-" not in text)

    def number(self, number: int) -> str:
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self._locale)

    def day_of(self, day: date) -> str:
        if self.language == "en":
            return super().day_of(day)
        from babel.dates import format_date

        said = format_date(day, "long", locale=self._locale)
        return f"1er{said[1:]}" if self.language == "fr" and day.day == 1 else said

    def join(self, items: Iterable[str]) -> str:
        all_items = list(items)
        if self.language == "en" or len(all_items) < 2:
            return super().join(all_items)
        from babel.lists import format_list

        return format_list(all_items, locale=self._locale)
