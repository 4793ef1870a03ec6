"""The values a text gives, found again in eight languages: days, times of day, percentages, numbers of people and records.

Reads plain text, as `notice_text.plain` makes it, and knows no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from functools import cache
from typing import Final, Literal

from breachkit.domain.notice_tongues import TONGUES, Tongue, tongue_of
from breachkit.domain.values import value

GAP: Final = "[ \\t\u00a0\u202f]"
NUMBER: Final = r"(?:\d{1,3}(?:[,.\u00a0\u202f '\u2019]\d{3}){1,4}(?![\d%])|\d{1,15}(?!\d))"
_MILLION: Final = r"(?:million(?:s|en|i)?|millones|mill[oó]n|milion(?:i|e|y|[oó]w)|milh[aã]o|milh[oõ]es|miljoen|mln|Mio\.?)"
_UNITS: Final = (
    r"(?:(?:hour|day|week|month|year|minute|second|euro|dollar|record|file|document|message|account|page|line|call|letter)s?|"
    r"horas?|d[ií]as?|semanas?|mes(?:es)?|años?|minutos?|heures?|jours?|semaines?|mois|ans?|ann[eé]es?|minutes?|"
    r"Stunden?|Tagen?|Tage?|Wochen?|Monaten?|Monate?|Jahren?|Jahre?|Minuten?|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|minut[oi]|"
    r"uur|uren|dag(?:en)?|weken|week|maand(?:en)?|jaar|jaren|minuten|dias?|anos?|godzin[ay]?|dni|tygodni[ea]?|miesi[eę]c[ya]?|"
    r"lat|roku|minut[ay]?|e-?mails?|archivos?|fichiers?|Dateien|Nachrichten|Datens[aä]tzen?)"
)
_RECORDS: Final = (
    r"(?:records|registros|enregistrements|Datens[aä]tzen?|registrazioni|gegevensrecords|datarecords|registos|rekord[oó]w|"
    r"wpis[oó]w)"
)
_HOW_MANY: Final = (
    r"number|how many|n[uú]mero|nombre|anzahl|zahl|numero|aantal|liczba|cu[aá]nt[oa]s|combien|quant[eai]s?|hoeveel|ile"
)


@value
class SaidDay:
    """A day, with its words and where they start."""

    days: tuple[date, ...]
    """More than one where the order of day and month is open, as in `03/04/2026`."""
    written: str
    at: int


@value
class SaidTime:
    """A time of day."""

    time: time
    written: str
    at: int


@value
class SaidShare:
    """A share in percent."""

    percent: float
    written: str
    at: int


@value
class SaidCount:
    """A number of people or records, or the two ends of a range."""

    numbers: tuple[int, ...]
    written: str
    at: int
    manner: Literal["plain", "about", "sure", "field"]
    """`about`: left open by a word or a range; `sure`: closed by one, as in `exactly 600`; `field`: an entry of a form,
    as in `People affected: 600`."""
    of: Literal["people", "records"] = "people"


def days_said(text: str, language: str = "en") -> Iterator[SaidDay]:
    """Every day with its year: `20 November 2026`, `20 de noviembre de 2026`, `20. November 2026`, `2026-11-20`, `20.11.2026`.

    English is read in every language: facts are often written in it.
    """
    starts: set[int] = set()
    for tongue in dict.fromkeys([tongue_of(language), TONGUES["en"]]):
        for match in _worded(tongue).finditer(text):
            if match.start() in starts:
                continue
            starts.add(match.start())
            month = _month(match["month"] or match["first"], tongue)
            if day := _day(int(match["year"]), month, int(match["day"] or match["second"])):
                yield SaidDay((day,), match[0], match.start())
    for match in _ISO.finditer(text):
        if day := _day(int(match[1]), int(match[2]), int(match[3])):
            yield SaidDay((day,), match[0], match.start())
    for match in _FIGURES.finditer(text):
        one, sign, two, year = int(match[1]), match[2], int(match[3]), int(match[4])
        orders = [(two, one)] if sign == "." else [(two, one), (one, two)]
        readings = [day for month, number in orders if (day := _day(year, month, number))]
        if readings:
            yield SaidDay(tuple(dict.fromkeys(readings)), match[0], match.start())


_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?!\d)")
_FIGURES = re.compile(r"(?<![\w./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?![\w-])")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _worded(tongue: Tongue) -> re.Pattern[str]:
    months = "|".join(tongue.months)
    return re.compile(
        rf"(?<![\w-])(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er|\u00ba|\u00b0)?{GAP}+(?:of{GAP}+|de{GAP}+)?(?P<month>{months})"
        rf"|(?P<first>{months}){GAP}+(?P<second>\d{{1,2}})(?:st|nd|rd|th)?)(?:,|{GAP}+de)?{GAP}+(?P<year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    )


def _month(written: str, tongue: Tongue) -> int:
    return next(number for number, month in enumerate(tongue.months, 1) if re.fullmatch(month, written, re.IGNORECASE))


_CLOCK = re.compile(
    rf"(?<![\w:.,/+-])(?P<hour>[01]?\d|2[0-3])(?:(?P<sign>[:.])|{GAP}?h{GAP}?)(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\w:]|[.,]\d)"
    rf"(?P<half>{GAP}?[ap]\.?m\b\.?)?(?P<uhr>{GAP}?(?:Uhr|uur|h)\b)?",
    re.IGNORECASE,
)


def times_said(text: str) -> Iterator[SaidTime]:
    """Every time of day with its minutes: `22:15`, `10:15 pm`, `22 h 15`, `22.15 Uhr`."""
    for match in _CLOCK.finditer(text):
        if match["sign"] == "." and not match["uhr"]:
            continue
        hour = int(match["hour"])
        if match["half"]:
            hour = hour % 12 + (12 if "p" in match["half"].lower() else 0)
        yield SaidTime(time(hour, int(match["minute"])), match[0].strip(), match.start())


_SHARE = re.compile(
    rf"(?<![\w.,])(\d{{1,3}}(?:[.,]\d+)?){GAP}?"
    r"(?:%|per ?cent\b|por ciento\b|pour cent\b|Prozent\b|per cento\b|procent\b|por cento\b)",
    re.IGNORECASE,
)


def shares_said(text: str) -> Iterator[SaidShare]:
    """Every share in percent: `12.5 %`, `12 percent`."""
    for match in _SHARE.finditer(text):
        yield SaidShare(float(match[1].replace(",", ".")), match[0], match.start())


def counts_said(text: str, language: str = "en") -> Iterator[SaidCount]:
    """Every number of people or records: `900 customers`, `between 400 and 900 residents`, `People affected: about 4100`."""
    for day in days_said(text, language):
        text = text[: day.at] + "\u2026" * len(day.written) + text[day.at + len(day.written) :]
    tongues = dict.fromkeys([tongue_of(language), TONGUES["en"]])
    seen: set[int] = set()
    for tongue in tongues:
        for pattern, read in ((_running(tongue), _from_prose), (_field(tongue), _from_field), (_in_words(tongue), _from_words)):
            for match in pattern.finditer(text):
                if match.start("low") not in seen:
                    seen.add(match.start("low"))
                    yield read(match, tongue)


@cache
def _running(tongue: Tongue) -> re.Pattern[str]:
    between = rf"(?:{GAP}+(?!{_UNITS}\b)[^\W\d]+(?:-[^\W\d]+)*){{0,2}}"
    return re.compile(
        rf"(?<![\w.:/,+-])(?P<low>{NUMBER})(?:{GAP}*(?:(?:{tongue.joins})\b|-|\u2013){GAP}*(?P<high>{NUMBER}))?"
        rf"(?:(?:[,.](?P<part>\d{{1,2}}))?(?P<million>{GAP}+{_MILLION}))?"
        rf"{between}{GAP}+(?:(?P<records>{_RECORDS})|{tongue.people})\b",
        re.IGNORECASE,
    )


@cache
def _field(tongue: Tongue) -> re.Pattern[str]:
    people = rf"\b(?:{tongue.people})\b"
    asks = rf"\b(?:{tongue.affected}|{_HOW_MANY})\b"
    return re.compile(
        rf"^(?=[^:\n]{{0,80}}{people})(?=[^:\n]{{0,80}}{asks})[^:\n]{{1,80}}?{GAP}?:{GAP}*"
        rf"(?P<before>(?:[^\W\d]+\.?{GAP}+){{0,3}})(?P<low>{NUMBER})(?!\d|-)(?:{GAP}+(?:{tongue.joins}){GAP}+(?P<high>{NUMBER}))?",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _in_words(tongue: Tongue) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?P<low>{'|'.join(f'(?:{number})' for number in tongue.numbers)})(?:{GAP}+[^\W\d]+)?{GAP}+(?:{tongue.people})\b"
        rf"(?:{GAP}+[^\W\d]+){{0,4}}?{GAP}+(?:{tongue.affected})\b",
        re.IGNORECASE,
    )


def _from_prose(match: re.Match[str], tongue: Tongue) -> SaidCount:
    numbers = tuple(_figure(number) for number in (match["low"], match["high"]) if number)
    if match["million"]:
        numbers = tuple(number * 1_000_000 for number in numbers)
        if match["part"]:
            numbers = (*numbers[:-1], numbers[-1] + int(match["part"].ljust(2, "0")) * 10_000)
    before = match.string[max(0, match.start() - 30) : match.start()]
    manner: Literal["plain", "about", "sure"] = "plain"
    if match["high"] or match["million"] or re.search(rf"(?<!\w)(?:{tongue.about}){GAP}+(?:[^\W\d]+{GAP}+)?$", before, re.I):
        manner = "about"
    elif re.search(rf"(?<!\w)(?<!not )(?:{tongue.sure}){GAP}+$", before, re.I):
        manner = "sure"
    written = match.string[match.start() : match.end()]
    return SaidCount(numbers, written, match.start(), manner, "records" if match["records"] else "people")


def _from_field(match: re.Match[str], tongue: Tongue) -> SaidCount:
    numbers = tuple(_figure(number) for number in (match["low"], match["high"]) if number)
    before = match["before"]
    manner: Literal["field", "about", "sure"] = "field"
    if match["high"] or re.search(rf"(?<!\w)(?:{tongue.about})\b", before, re.I):
        manner = "about"
    elif re.search(rf"(?<!\w)(?:{tongue.sure})\b", before, re.I):
        manner = "sure"
    return SaidCount(numbers, match[0], match.start("low"), manner)


def _from_words(match: re.Match[str], tongue: Tongue) -> SaidCount:
    number = next(n for n, word in enumerate(tongue.numbers, 1) if re.fullmatch(word, match["low"], re.I))
    before = match.string[max(0, match.start() - 30) : match.start()]
    sure = re.search(rf"(?<!\w)(?<!not )(?:{tongue.sure}){GAP}+$", before, re.I)
    about = re.search(rf"(?<!\w)(?:{tongue.about}){GAP}+$", before, re.I)
    return SaidCount((number,), match[0], match.start(), "sure" if sure else "about" if about else "plain")


def _figure(written: str) -> int:
    return int(re.sub(r"\D", "", written))


def line_of(text: str, at: int) -> int:
    """The number of the line, the first being 1."""
    return text.count("\n", 0, at) + 1
