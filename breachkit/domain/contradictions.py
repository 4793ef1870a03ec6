"""Where a notice's own words stand against the facts: numbers, days and times nobody recorded, another's name; and gaps.

Read in the notice's language; `said_values` finds the values, `notice_tongues` has the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Final

from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count, Instant
from breachkit.domain.findings import Finding
from breachkit.domain.notice_sources import place_of
from breachkit.domain.notice_text import plain
from breachkit.domain.notice_words import local_day
from breachkit.domain.notices import Notice
from breachkit.domain.periods import zone_named
from breachkit.domain.said_values import (
    GAP,
    SaidDay,
    counts_said,
    days_said,
    line_of,
    shares_said,
    times_said,
)
from breachkit.domain.values import value

_PLACEHOLDER: Final = re.compile(
    r"\[\s*(?:insert|name|date|number|company|enter|fill|your|address|phone|e-?mail|tbc|tbd|xx|insertar|insertez?|einf[\u00fcu]gen|"
    r"inserire|invoegen|inserir|wstaw|nombre|nom|datum|fecha|data|naam|nome|nazwa|imi[e\u0119])\b[^\]\n]{0,40}\]?|\bTODO\b|\bTBD\b|"
    r"\bTBC\b|\bX{4,}\b|lorem ipsum|\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|<[A-Z _]{3,}>|_{5,}|\.{6,}|\?{3,}",
    re.I,
)
_BLANK_LINE: Final = re.compile(r"(?<!\\)_{5,}|(?:\\_){5,}")
_SIGNS: Final = re.compile(r"[\[{<_?X]|\.{6}|TODO|TB[CD]|lorem", re.I)


@value
class Gap:
    """Something that looks like a gap left to fill."""

    text: str
    line: int
    """The line of the notice's Markdown; the first is 1."""


def placeholders(notice: Notice) -> Iterator[Gap]:
    """Each gap once, with the line it first stands in."""
    seen: set[str] = set()
    raw = notice.source.split("\n")
    for number, (line, read) in enumerate(zip(raw, plain(f"\u2060\n{notice.source}").split("\n")[1:], strict=False), 1):
        if not _SIGNS.search(line) or re.fullmatch(r"\s*(?:[-_*=]\s?){3,}\s*", line):
            continue  # nothing that could be a gap, or a rule drawn across the page
        found = [match[0] for match in _PLACEHOLDER.finditer(read)]
        if _BLANK_LINE.search(line) and not any("___" in one for one in found):
            found.append("_____")
        for text in found:
            if text not in seen:
                seen.add(text)
                yield Gap(text, number)


def contradictions(notice: Notice, finding: Finding, mine: FactBook, book: FactBook) -> Iterator[str]:
    """One sentence for each. `mine` is the book of the notice's own client, `book` that of all."""
    text, language = plain(notice.source), notice.language
    for gap in placeholders(notice):
        yield f"'{gap.text}' looks like a gap that was left to fill"
    counts, records = _counts_known(mine, place_of(finding, mine))
    told: set[tuple[int, str]] = set()
    for said in counts_said(text, language):
        known = counts if said.of == "people" else records | counts
        for number in said.numbers:
            if number not in known and (number, said.of) not in told:
                told.add((number, said.of))
                yield f"it speaks of {number} {said.of}, which no recorded count says"
    days = _days_known(mine, finding, language) | {notice.written_on}
    for day in {said.written: said for said in days_said(text, language)}.values():
        if not days & {*day.days}:
            yield f"it names {day.written}, a day that no recorded fact says"
    yield from _times_against(text, language, finding, mine)
    yield from _shares_against(text, mine)
    for id in book.controllers if finding.controller else ():
        name = book.text(f"controllers.{id}.name")
        if id != finding.controller and name and re.search(rf"\b{re.escape(name)}\b", text):
            yield f"it names {name}, another client"


def _counts_known(book: FactBook, place: str | None) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of people, and of records, that the facts give: written, ends of ranges, and what sums leave.

    `place` is the recipient's: a country's count is the sum of its parts' where only those are recorded.
    """
    counts = [fact.value for key, fact in book.facts.items() if key.startswith("people.") and isinstance(fact.value, Count)]
    recipients = book.count("breach.recipients")
    counts += [book.total, *([recipients] if recipients else [])]
    around = {one.partition("-")[0] for one in book.listed} | ({place} if place else set())
    counts += [book.residents(one) for one in (*book.listed, *sorted(around.difference(book.listed)))]
    records = book.count("records.total")
    return _numbers(counts), _numbers([records] if records else [])


def _numbers(counts: list[Count]) -> frozenset[int]:
    numbers = {int(number) for count in counts for number in re.findall(r"\d+", count.written)}
    return frozenset(numbers.union(*({count.low, count.high or count.low} for count in counts)))


def _days_known(book: FactBook, finding: Finding, language: str) -> frozenset[date]:
    """Days of recorded times on any clock they may be shown on, of filings, deadlines, free texts and what is cited."""
    days: set[date] = set()
    zones = {finding.due.zone or "UTC", "UTC"}
    for instant in _instants(book):
        days |= {instant.day} if instant.day else {local_day(instant.at, zone) for zone in {*zones, instant.zone or "UTC"}}
    for text in [*_texts(book), *(cite.text for cite in finding.cite)]:
        days |= {day for said in days_said(text, language) for day in said.days}
    for moment in _moments_of(finding):
        days |= {local_day(moment, zone) for zone in zones}
    return frozenset(days)


def _moments_of(finding: Finding) -> list[datetime]:
    decided = finding.decision.at if finding.decision else None
    return [at for at in (finding.due.target, finding.due.outer, finding.due.start_at, decided) if at]


def _instants(book: FactBook) -> Iterator[Instant]:
    for fact in book.facts.values():
        values: list[object] = [fact.value]
        if isinstance(fact.value, tuple):
            values += [record.get("at") for record in fact.value if isinstance(record, Mapping)]
        yield from (one for one in values if isinstance(one, Instant))


def _texts(book: FactBook) -> Iterator[str]:
    """Texts among the facts that hold a figure."""
    for fact in book.facts.values():
        texts: list[object] = [fact.value]
        if isinstance(fact.value, tuple):
            texts = [part for one in fact.value for part in (one.values() if isinstance(one, Mapping) else (one,))]
        yield from (text for text in texts if isinstance(text, str) and any(map(str.isdigit, text)))


def _times_against(text: str, language: str, finding: Finding, book: FactBook) -> Iterator[str]:
    """Times of day that stand beside a day; opening hours and the like stand alone and are left in peace."""
    lines: dict[int, list[SaidDay]] = {}
    for said in days_said(text, language):
        lines.setdefault(line_of(text, said.at), []).append(said)
    known: frozenset[time] | None = None
    told: set[str] = set()
    for clock in times_said(text):
        near = [day for day in lines.get(line_of(text, clock.at), ()) if _beside(day, clock.at, len(clock.written))]
        if not near or clock.written in told:
            continue
        known = _times_known(finding, book) if known is None else known
        if clock.time not in known:
            told.add(clock.written)
            yield f"it names {clock.written} on {near[0].written}, a time that no recorded fact says"


def _beside(day: SaidDay, at: int, length: int) -> bool:
    return 0 <= at - (day.at + len(day.written)) <= 14 or 0 <= day.at - (at + length) <= 14


def _times_known(finding: Finding, book: FactBook) -> frozenset[time]:
    zones = {finding.due.zone or "UTC", "UTC"}
    known = {said.time for text in _texts(book) for said in times_said(text)}
    for instant in _instants(book):
        if instant.day is None:
            known |= {_wall(instant.at, zone) for zone in {*zones, instant.zone or "UTC"}}
            known |= {said.time for said in times_said(instant.written.replace("T", " ").partition("+")[0].rstrip("Zz"))}
    known |= {_wall(moment, zone) for moment in _moments_of(finding) for zone in zones}
    return frozenset(known)


def _wall(at: datetime, zone: str) -> time:
    local = at.astimezone(zone_named(zone))
    return time(local.hour, local.minute)


def _shares_against(text: str, book: FactBook) -> Iterator[str]:
    """Percentages that no free text gives and that no count makes of the total, to within one point.

    0 and 100 are turns of phrase.
    """
    known = {said.percent for words in _texts(book) for said in shares_said(words)}
    parts = [fact.value for key, fact in book.facts.items() if key.startswith("people.") and isinstance(fact.value, Count)]
    whole = book.count("people.total") or book.total
    for said in {said.percent: said for said in shares_said(text)}.values():
        least, most = whole.low * (said.percent - 1) / 100, (whole.high or 0) * (said.percent + 1) / 100
        made = any(part != whole and part.low <= most and (part.high is None or part.high >= least) for part in parts)
        if said.percent not in known and not made and said.percent not in (0, 100):
            yield f"it gives {re.sub(GAP, ' ', said.written)}, a share that no recorded fact says"
