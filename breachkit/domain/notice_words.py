"""How days, times, numbers and lists are written in a notice, and how those it holds are found again.

Sentences are the templates' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from breachkit.domain.facts import Count
from breachkit.domain.periods import zone_named
from breachkit.domain.values import value


@value
class Wording:
    """How one language writes numbers, days and lists. Sentences are the templates' own."""

    months: tuple[str, ...]
    day: str
    time: str
    about: str
    between: str
    at_least: str
    at_most: str
    from_to: str
    place_count: str
    conjunction: str
    not_yet: str

    def day_of(self, day: date) -> str:
        """`20 November 2026`."""
        return self.day.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def moment(self, at: datetime, zone: str) -> str:
        """`20 November 2026 at 22:15 CET (Europe/Brussels)`."""
        local = at.astimezone(zone_named(zone))
        name = local.strftime("%Z")
        short = name if name.isalpha() else f"UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:]}"
        where = short if zone == "UTC" else f"{short} ({zone})"
        return self.time.format(day=self.day_of(local.date()), time=f"{local:%H:%M}", zone=where)

    def count(self, count: Count) -> str:
        """`between 400 and 900`, `about 4100`."""
        if count.written.startswith("~"):
            return self.about.format(number=count.written.removeprefix("~"))
        if count.high is None:
            return self.at_least.format(low=count.low)
        if count.low == count.high:
            return str(count.low)
        form = self.at_most if count.low == 0 else self.between
        return form.format(low=count.low, high=count.high)

    def join(self, items: Iterable[str]) -> str:
        """`a, b and c`."""
        all_items = list(items)
        if len(all_items) < 2:
            return "".join(all_items)
        return f"{', '.join(all_items[:-1])} {self.conjunction} {all_items[-1]}"


ENGLISH: Final = Wording(
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    day="{day} {month} {year}",
    time="{day} at {time} {zone}",
    about="about {number}",
    between="between {low} and {high}",
    at_least="at least {low}",
    at_most="at most {high}",
    from_to="from {first} to {last}",
    place_count="{place}: {count}",
    conjunction="and",
    not_yet="not known yet; it will follow",
)  # fmt: skip

AMERICAN: Final = replace(ENGLISH, day="{month} {day}, {year}")
"""English as it is written in the United States."""


def local_day(moment: datetime, zone: str) -> date:
    """The day a moment falls on in that zone."""
    return moment.astimezone(zone_named(zone)).date()


_PEOPLE = (
    "people|persons|individuals|residents|customers|subscribers|users|patients|employees|consumers|members|students|callers"
)
_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+|\d+"
_COUNTED = re.compile(
    rf"(?<![\w.-])({_NUMBER})(?: +(?:and|to|or) +({_NUMBER}))?(?: +[a-z-]+){{0,2}} +(?:{_PEOPLE})\b"
    rf"|\b(?:{_PEOPLE})(?: +\w+){{0,3}} +(?:affected|concerned)(?: in all)?: *"
    rf"(?:[a-z]+ +)*({_NUMBER})(?: +(?:and|to) +({_NUMBER}))?",
    re.I,
)
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def counts_of_people(text: str) -> Iterator[int]:
    """Every number the text gives for people of some kind: `900 customers`, `People affected: about 4100`."""
    for written, _ in days_in(text):
        text = text.replace(written, "")
    for match in _COUNTED.finditer(text):
        yield from (int(re.sub(r"\D", "", number)) for number in match.groups() if number)


def days_in(text: str, wording: Wording = ENGLISH) -> Iterator[tuple[str, date]]:
    """Every day the text names, as written and as a date: `20 November 2026`, `November 20, 2026`, `2026-11-20`."""
    months = "|".join(wording.months)
    numbers = {month.lower(): number for number, month in enumerate(wording.months, 1)}
    worded = re.compile(rf"\b(?:(\d{{1,2}}) ({months})|({months}) (\d{{1,2}}),?) (\d{{4}})\b", re.I)
    found = [(m[0], int(m[5]), numbers[(m[2] or m[3]).lower()], int(m[1] or m[4])) for m in worded.finditer(text)]
    found += [(m[0], int(m[1]), int(m[2]), int(m[3])) for m in _ISO_DAY.finditer(text)]
    for written, year, month, day in found:
        try:
            yield written, date(year, month, day)
        except ValueError:
            continue
