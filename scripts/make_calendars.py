"""Writes breachkit/laws/calendars.json: public holidays per place, taken from the `holidays` library.

Run it after an upgrade of that library and read the difference: `python scripts/make_calendars.py`.
Public holidays only; half days, bank days and days off for one confession or one trade are working days here.
The same library gives the same bytes.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import holidays

YEARS = range(2013, 2037)
TARGET = Path(__file__).resolve().parent.parent / "breachkit" / "laws" / "calendars.json"

COUNTRIES = "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK US"
LAENDER = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"

PLACES: dict[str, tuple[str, str | None]] = {
    **{country: (country, None) for country in COUNTRIES.split()},
    **{f"DE-{land}": ("DE", land) for land in LAENDER.split()},
    # Asked without a nation, the library gives only the days all four share; England and Wales have one list.
    "GB": ("GB", "ENG"),
    **{f"GB-{nation}": ("GB", nation) for nation in ("ENG", "NIR", "SCT")},
    **{f"US-{state}": ("US", state) for state in ("CA", "FL")},
}
"""Our place, and the library's country and part. A country's own row holds what applies in all of it."""


def holidays_of(place: str, years: range = YEARS) -> list[str]:
    """The public holidays of `place` as ISO dates, in order, weekends included."""
    country, part = PLACES[place]
    found = holidays.country_holidays(country, subdiv=part, years=years, categories=("public",))
    return sorted(day.isoformat() for day in found if day.year in years)


def rendered() -> str:
    """The whole file: one line per place, so that a changed holiday shows as one changed line."""
    head = {
        "format": "breachkit/calendars@1",
        "source": f"holidays {version('holidays')}",
        "years": [YEARS.start, YEARS.stop - 1],
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    rows = [f"{json.dumps(place)}: {json.dumps(holidays_of(place), separators=(',', ':'))}" for place in sorted(PLACES)]
    return "{\n" + "\n".join(lines) + '\n"places": {\n' + ",\n".join(rows) + "\n}}\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8", newline="\n")
