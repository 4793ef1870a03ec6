"""How days, times, numbers and lists are written in a notice, and how those it holds are found again.

Sentences are the templates' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from breachkit.domain.facts import Count
from breachkit.domain.marks import EXERCISE
from breachkit.domain.notice_names import Untranslated
from breachkit.domain.periods import Period, say_period, zone_named


class Wording:
    """How one language writes numbers, days, places and lists. Sentences are the templates' own.

    This one writes English without help; `content.wordings` has those of the other languages.
    """

    language: str = "en"
    """BCP 47."""
    months: tuple[str, ...] = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip
    """Their names as they stand in a date."""
    month_first: bool = False

    def phrase(self, english: str) -> str:
        """One of PHRASES in this language; `Untranslated` where it has none."""
        return english

    def said(self, phrase: str, **values: str) -> str:
        """A phrase with its values; `Untranslated` when it or one of them is."""
        words = self.phrase(phrase)
        lacking = next((one for one in (words, *values.values()) if isinstance(one, Untranslated)), None)
        return words.format(**values) if lacking is None else lacking

    def label(self, context: str, english: str) -> str:
        """A label of the vocabulary in this language; `Untranslated` where it has none."""
        del context
        return english

    def place(self, code: str, english: str) -> str:
        """A country's or region's name."""
        del code
        return english

    def recipient(self, id: str | None, name: str) -> str:
        """Whom it goes to; `id` is None where the name only says what it is."""
        del id
        return name

    def citation(self, text: str, place: str) -> str:
        """A rule as this language cites it; `place` is the first part of the law's id, such as `eu`."""
        del place
        return text

    def duration(self, period: Period) -> str:
        """`6 hours`."""
        return say_period(period)

    def number(self, number: int) -> str:
        """`4100`."""
        return str(number)

    def day_of(self, day: date) -> str:
        """`20 November 2026`."""
        month = self.months[day.month - 1]
        return f"{month} {day.day}, {day.year}" if self.month_first else f"{day.day} {month} {day.year}"

    def moment(self, at: datetime, zone: str) -> str:
        """`20 November 2026 at 22:15 CET (Europe/Brussels)`."""
        local = at.astimezone(zone_named(zone))
        name = local.strftime("%Z")
        short = name if name.isalpha() else f"UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:]}"
        where = short if zone == "UTC" else f"{short} ({zone})"
        return self.said("{day} at {time} {zone}", day=self.day_of(local.date()), time=f"{local:%H:%M}", zone=where)

    def days(self, first: str, last: str) -> str:
        """`from 16 November 2026 to 20 November 2026`; one day alone is itself."""
        return first if first == last else self.said("from {first} to {last}", first=first, last=last)

    def count(self, count: Count) -> str:
        """`between 400 and 900`, `about 4100`."""
        low, high = self.number(count.low), self.number(count.high or 0)
        if count.written.startswith("~"):
            said = count.written.removeprefix("~")
            return self.said("about {number}", number=self.number(int(said)) if said.isdigit() else said)
        if count.high is None:
            return self.said("at least {low}", low=low)
        if count.low == count.high:
            return low
        if count.low == 0:
            return self.said("at most {high}", high=high)
        return self.said("between {low} and {high}", low=low, high=high)

    def place_count(self, place: str, count: Count) -> str:
        """`Spain: 2600`."""
        return self.said("{place}: {count}", place=place, count=self.count(count))

    @property
    def not_yet(self) -> str:
        """What stands in for a fact that is not known."""
        return self.phrase("not known yet; it will follow")

    def join(self, items: Iterable[str]) -> str:
        """`a, b and c`."""
        all_items = list(items)
        if len(all_items) < 2:
            return "".join(all_items)
        return f"{', '.join(all_items[:-1])} {self.phrase('and')} {all_items[-1]}"


MARKS: Final = ("DRAFT - not approved, not to be sent", "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY", EXERCISE)
"""The banners of a document that is not to be taken for what it is not. Only the shipped catalogues hold their translations."""

PAGE_WORDS: Final = (
    *MARKS,
    "Document reference: {references}", "facts", "template", "law pack",
)  # fmt: skip
"""What every document says around the notice's own text."""

PHRASES: Final = (
    *PAGE_WORDS,
    "{day} at {time} {zone}", "about {number}", "between {low} and {high}", "at least {low}", "at most {high}",
    "from {first} to {last}", "{number} business days", "{place}: {count}", "and", "not known yet; it will follow", "NEW",
)  # fmt: skip
"""What every language has its own words for."""


class AmericanWording(Wording):
    """English as it is written in the United States."""

    language = "en-US"
    month_first = True


ENGLISH: Final = Wording()
AMERICAN: Final = AmericanWording()


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
    months = "|".join(map(re.escape, wording.months))
    numbers = {month.lower(): number for number, month in enumerate(wording.months, 1)}
    worded = re.compile(
        rf"\b(?:(\d{{1,2}})(?:\.|er|\u00ba)? (?:de )?({months})(?: de)?|({months}) (\d{{1,2}}),?) (\d{{4}})\b", re.IGNORECASE
    )
    found = [(m[0], int(m[5]), numbers[(m[2] or m[3]).lower()], int(m[1] or m[4])) for m in worded.finditer(text)]
    found += [(m[0], int(m[1]), int(m[2]), int(m[3])) for m in _ISO_DAY.finditer(text)]
    for written, year, month, day in found:
        try:
            yield written, date(year, month, day)
        except ValueError:
            continue
