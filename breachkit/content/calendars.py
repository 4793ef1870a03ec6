"""The shipped public holidays, read once and handed out per place.

Which calendar a law counts on is the law's matter, and counting is done in `domain/counting.py`. The file is written by
`scripts/make_calendars.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from breachkit.domain.periods import Calendar
from breachkit.errors import BadFile, Fault

FORMAT = "breachkit/calendars@2"
SHIPPED = Path(__file__).resolve().parent.parent / "laws" / "calendars.json"


class Days(Collection[date]):
    """Days of a place as they stand in the file. A day is looked up in the text; few of them are ever asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.isoformat() in self._text

    def __iter__(self) -> Iterator[date]:
        return map(date.fromisoformat, self._text.split())

    def __len__(self) -> int:
        return len(self._text.split())


class Calendars(Mapping[str, Calendar]):
    """The calendars of one file, by place. A place's days become dates the first time somebody asks for it."""

    def __init__(
        self, *, source: str, first_year: int, last_year: int, places: Mapping[str, str], weekends: Mapping[str, list[int]]
    ) -> None:
        self.source = source
        """The library and version the days were taken from."""
        self.first_year = first_year
        self.last_year = last_year
        """Inclusive."""
        self._days = places
        self._weekends = weekends
        self._built: dict[str, Calendar] = {}

    def __getitem__(self, place: str) -> Calendar:
        if (built := self._built.get(place)) is None:
            holidays = Days(self._days[place])
            weekend = frozenset(self._weekends.get(place, (5, 6)))
            built = self._built[place] = Calendar(place, holidays, self.first_year, self.last_year, weekend=weekend)
        return built

    def __contains__(self, place: object) -> bool:
        return place in self._days

    def __iter__(self) -> Iterator[str]:
        return iter(self._days)

    def __len__(self) -> int:
        return len(self._days)


@cache
def load_calendars(path: Path = SHIPPED) -> Calendars:
    """The calendars in that file, parsed once."""
    written = json.loads(path.read_text(encoding="utf-8"))
    if written["format"] != FORMAT:
        text = f"format is '{written['format']}'; this version reads '{FORMAT}'. Install breachkit again."
        raise BadFile([Fault(path.name, None, text)])
    first_year, last_year = written["years"]
    return Calendars(
        source=written["source"],
        first_year=first_year,
        last_year=last_year,
        places=written["places"],
        weekends=written["weekends"],
    )


def calendar_for(place: str) -> Calendar | None:
    """The calendar of a place, or of the country a part belongs to, or None where we have neither.

    `Calendar.place` says which of the two it is: for `US-TX` it is the federal `US`.
    """
    calendars = load_calendars()
    for candidate in (place, place.partition("-")[0]):
        if candidate in calendars:
            return calendars[candidate]
    return None
