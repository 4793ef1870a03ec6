"""The parts of a report for one reader: a heading with lines or a table, the same in a document and in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from breachkit.domain.facts import Count, Instant
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show, show_day
from breachkit.domain.values import value
from breachkit.workflow.report_markdown import md, table


@value
class Part:
    """One part. Its words are plain text: nothing in them is a sign."""

    id: str
    """A stable name, for programs."""
    title: str
    lines: tuple[str, ...] = ()
    """Shown as a list, above the table."""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    after: tuple[str, ...] = ()
    """Paragraphs below."""
    empty: str = ""
    """Said where there is neither line nor row. Without it, such a part is left out of a document."""


def markdown(parts: Iterable[Part]) -> Iterator[str]:
    """The parts as lines of Markdown."""
    for part in parts:
        if not (part.lines or part.rows or part.empty or part.after):
            continue
        yield f"## {md(part.title)}"
        yield ""
        if part.lines:
            yield from (f"- {md(line)}" for line in part.lines)
            yield ""
        yield from table(part.head, part.rows)
        if not part.lines and not part.rows and part.empty:
            yield md(part.empty)
            yield ""
        for paragraph in part.after:
            yield md(paragraph)
            yield ""


def as_json(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The parts for programs; one that holds nothing is there, and empty."""
    return [
        {
            "id": part.id,
            "title": part.title,
            "lines": list(part.lines),
            "head": list(part.head),
            "rows": [list(row) for row in part.rows],
            "after": list(part.after),
        }
        for part in parts
    ]


def how_many(count: Count) -> str:
    """A count as people say it: `400 to 900`, `500 or more`, `about 4,100`."""
    if count.high is None:
        return f"{count.low:,} or more" if count.low else "not known yet"
    if count.written.startswith("~") and count.written[1:].isdigit():
        return f"about {int(count.written[1:]):,}"
    return f"{count.low:,}" if count.exact else f"{count.low:,} to {count.high:,}"


def named(finding: Finding) -> str:
    """What a duty is called, with whom it is owed to where its title does not say that already."""
    to = finding.recipient.name
    return finding.title if to.casefold() in finding.title.casefold() else f"{finding.title} - {to}"


def in_utc(moment: datetime) -> str:
    """`Fri 20 Nov 2026 21:15 UTC`."""
    return show(moment, "UTC")


def instant_in_utc(instant: Instant) -> str:
    """The moment in UTC; of a day it says that no more is known."""
    return f"{show_day(instant.day)}, day only" if instant.day is not None else in_utc(instant.at)
