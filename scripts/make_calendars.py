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

YEARS = range(2013, 2036)
TARGET = Path(__file__).resolve().parent.parent / "breachkit" / "laws" / "calendars.json"

EUROPE = "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
WORLD = (
    "AD AE AL AM AR AU BA BB BH BM BR CA CL CN CO CR DO DZ EC EG GE GG GH GI HK ID IL IM IN JE JM JO JP KE KR KW KY KZ MA MC "
    "MD ME MK MU MX MY NG NZ OM PA PE PH QA RS RU RW SA SG TH TR TW UA UG US UY VN ZA ZM ZW"
)
"""Every country of which a law is loaded; of Sri Lanka the library knows too few years."""
STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA "
    "PR RI SC SD TN TX UT VA VI VT WA WI WV WY"
)
LAENDER = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"

PLACES: dict[str, tuple[str, str | None]] = {
    **{country: (country, None) for country in f"{EUROPE} {WORLD}".split()},
    **{f"DE-{land}": ("DE", land) for land in LAENDER.split()},
    # Asked without a nation, the library gives only the days all four share; England and Wales have one list.
    "GB": ("GB", "ENG"),
    **{f"GB-{nation}": ("GB", nation) for nation in ("ENG", "NIR", "SCT")},
    **{f"US-{state}": ("US", state) for state in STATES.split()},
}
"""Our place, and the library's country and part. A country's own row holds what applies in all of it."""


def holidays_of(place: str, years: range = YEARS) -> list[str]:
    """The public holidays of `place` as ISO dates, in order, weekends included."""
    country, part = PLACES[place]
    found = holidays.country_holidays(country, subdiv=part, years=years, categories=("public",))
    return sorted(day.isoformat() for day in found if day.year in years)


def weekend_of(place: str) -> list[int]:
    """The days of the week that are closed there, Monday being 0."""
    country, part = PLACES[place]
    return sorted(holidays.country_holidays(country, subdiv=part, years=YEARS.stop - 1).weekend)


def rendered() -> str:
    """The whole file: one line per place, so that a changed holiday shows as one changed line."""
    head = {
        "format": "breachkit/calendars@2",
        "source": f"holidays {version('holidays')}",
        "years": [YEARS.start, YEARS.stop - 1],
        "weekends": {place: days for place in sorted(PLACES) if (days := weekend_of(place)) != [5, 6]},
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    rows = [f"{json.dumps(place)}: {json.dumps(' '.join(holidays_of(place)))}" for place in sorted(PLACES)]
    return "{\n" + "\n".join(lines) + '\n"places": {\n' + ",\n".join(rows) + "\n}}\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8", newline="\n")
