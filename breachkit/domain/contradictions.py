"""Where a notice's own words stand against the facts: gaps left to fill, numbers and days nobody recorded, another's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count, Instant
from breachkit.domain.findings import Finding
from breachkit.domain.notice_text import plain
from breachkit.domain.notice_words import counts_of_people, days_in, local_day
from breachkit.domain.notices import Notice

_PLACEHOLDER = re.compile(
    r"\[\s*(?:insert|name|date|number|company|enter|fill|your|tbc|tbd|xx)[^\]\n]{0,40}\]?|\bTODO\b|\bTBD\b|\bX{4,}\b|"
    r"lorem ipsum|\{\{.*?\}\}|\{%.*?%\}|<[A-Z _]{3,}>",
    re.I,
)


def contradictions(notice: Notice, finding: Finding, mine: FactBook, book: FactBook) -> Iterator[str]:
    """One sentence for each. `mine` is the book of the notice's own client, `book` that of all."""
    text = plain(notice.source)
    for match in dict.fromkeys(match[0] for match in _PLACEHOLDER.finditer(text)):
        yield f"'{match}' looks like a gap that was left to fill"
    counts = _counts_known(mine)
    for number in dict.fromkeys(counts_of_people(text)):
        if number not in counts:
            yield f"it speaks of {number} people, which no recorded count says"
    days = _days_known(mine, finding) | {notice.written_on}
    for written, day in dict.fromkeys(days_in(text)):
        if day not in days:
            yield f"it names {written}, a day that no recorded fact says"
    for id in book.controllers if finding.controller else ():
        name = book.text(f"controllers.{id}.name")
        if id != finding.controller and name and re.search(rf"\b{re.escape(name)}\b", text):
            yield f"it names {name}, another client"


def _counts_known(book: FactBook) -> frozenset[int]:
    counts = [fact.value for key, fact in book.facts.items() if key.startswith("people.") and isinstance(fact.value, Count)]
    recipients = book.count("breach.recipients")
    counts += [book.total, *([recipients] if recipients else [])]
    counts += [book.residents(place) for place in book.listed]
    numbers = {int(number) for count in counts for number in re.findall(r"\d+", count.written)}
    return frozenset(numbers.union(*({count.low, count.high or count.low} for count in counts)))


def _days_known(book: FactBook, finding: Finding) -> frozenset[date]:
    """Days of recorded times on any clock they may be shown on, of filings, deadlines, free texts and what is cited."""
    days: set[date] = set()
    zones = {finding.due.zone or "UTC", "UTC"}
    for fact in book.facts.values():
        values = [fact.value, *(record.get("at") for record in fact.value if isinstance(record, Mapping))] if isinstance(
            fact.value, tuple
        ) else [fact.value]  # fmt: skip
        for value in values:
            if isinstance(value, Instant):
                days |= {value.day} if value.day else {local_day(value.at, zone) for zone in {*zones, value.zone or "UTC"}}
            elif isinstance(value, str):
                days |= {day for _, day in days_in(value)}
    days |= {day for cite in finding.cite for _, day in days_in(cite.text)}
    for moment in (finding.due.target, finding.due.outer, finding.due.start_at):
        days |= {local_day(moment, zone) for zone in zones} if moment else set()
    return frozenset(days)
