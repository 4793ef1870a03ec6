"""The full check of notices: each by itself, with the library's grade and its documents' type, and all against one another.

Drafting a notice checks it already, on its Markdown alone and by the quick formula; what takes longer is added here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from breachkit.documents.render import render
from breachkit.domain.consistency import Inconsistent, inconsistencies
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.notice_check import TO_PEOPLE, NoticeCheck, check
from breachkit.domain.notices import Notice
from breachkit.domain.reading import Reading

if TYPE_CHECKING:
    from breachkit.workflow.notices import Drafted

D = TypeVar("D", bound="Drafted")


def fully_checked(made: Sequence[D], book: FactBook) -> list[D]:
    """The same notices, each with its full check. They are taken to be of one incident, whose facts `book` holds."""
    differing = inconsistencies([(one.finding, one.notice) for one in made], book)
    return [replace(one, check=full_check(one.notice, one.finding, book, differing)) for one in made]


def full_check(notice: Notice, finding: Finding, book: FactBook, differing: Sequence[Inconsistent] = ()) -> NoticeCheck:
    """One notice's check; of `differing`, what it takes part in is kept."""
    found = check(notice, finding, book.words, book, read=_reading(notice, finding), type_sizes=type_sizes(notice, finding))
    mine = tuple(one for one in differing if finding.id in {id for id, _ in one.said})
    return replace(found, inconsistent=mine)


def _reading(notice: Notice, finding: Finding) -> Reading | None:
    """The library's grade for what people read; for the rest the quick formula does, since nothing hangs on it."""
    if finding.recipient.kind not in TO_PEOPLE and "plain_language" not in finding.content:
        return None
    from breachkit.documents.plain_language import grade

    return grade(notice.source, notice.language)


def type_sizes(notice: Notice, finding: Finding) -> frozenset[float]:
    """The sizes of type its HTML document sets, in points, where the duty asks for a smallest one; else none."""
    if "font_min_pt" not in finding.content:
        return frozenset()
    page = render(notice, "html")
    assert isinstance(page, str)
    return frozenset(float(size) for size in re.findall(r"font-size:\s*([\d.]+)pt", page))


def as_json(found: NoticeCheck) -> dict[str, Any]:
    """A check as programs read it."""
    read = found.reading
    reading: dict[str, Any] = {"grade": round(read.grade, 1), "words": read.words, "method": read.method}
    reading |= {"score": read.score} if read.score is not None else {}
    reading |= {"limit": read.limit} if read.limit is not None else {}
    return {
        "duty": found.duty,
        "present": list(found.present),
        "missing": list(found.missing),
        "open": list(found.open),
        "empty": list(found.empty),
        "forbidden_present": list(found.forbidden_present),
        "contradictions": list(found.contradictions),
        "html_only": list(found.html_only),
        "layout": [{"rule": one.rule, "text": one.text} for one in found.layout],
        "placeholders": [{"text": one.text, "line": one.line} for one in found.placeholders],
        "personal_data": [{"kind": one.kind, "line": one.line, "shown": one.shown} for one in found.personal_data],
        "overclaims": [
            {"claim": one.claim, "text": one.text, "line": one.line, "needs": one.needs} for one in found.overclaims
        ],
        "inconsistent": [differing_json(one) for one in found.inconsistent],
        "off_record": [{"fact": one.fact, "entry": one.entry, "track": one.track} for one in found.off_record],
        "reading": reading,
        "complete": found.complete,
    }


def differing_json(one: Inconsistent) -> dict[str, Any]:
    """One thing that notices tell differently."""
    return {"element": one.element, "said": [{"duty": id, "says": shown} for id, shown in one.said], "text": one.text}


def as_lines(found: NoticeCheck, asks: dict[str, str]) -> list[str]:
    """A check as a person reads it, below its heading. `asks`: what each content element asks for."""
    broken = {fault.rule for fault in found.layout}
    gaps = {f"'{gap.text}' looks like a gap that was left to fill" for gap in found.placeholders}
    lines = [f"  {'has':<10} {id}{' - says it will follow' if id in found.open else ''}" for id in found.present]
    for id in found.missing:
        empty = " - marked but empty" if id in found.empty else ""
        if id not in broken:
            lines.append(f"  {'MISSING':<10} {id}{empty}{f': {asks[id]}' if id in asks else ''}")
    lines += [f"  {'LAYOUT':<10} {one.rule}: {one.text}" for one in found.layout]
    lines += [f"  {'FORBIDDEN':<10} {id}" for id in found.forbidden_present]
    lines += [
        f"  {'GAP':<10} line {one.line}: '{one.text}' looks like a gap that was left to fill" for one in found.placeholders
    ]
    lines += [f"  CONTRADICTS {text}" for text in found.contradictions if text not in gaps]
    lines += [f"  {'DATA':<10} line {one.line}: {one.kind} {one.shown}; whose is it?" for one in found.personal_data]
    lines += [f"  {'OVERCLAIM':<10} line {one.line}: '{one.text}' needs {one.needs}" for one in found.overclaims]
    lines += [f"  {'DIFFERS':<10} {one.text}" for one in found.inconsistent]
    lines += [
        f"  {'TRACK':<10} tells {one.fact}, entry {one.entry} of the {one.track.replace('_', '-')} track; may it be told here?"
        for one in found.off_record
    ]
    read = found.reading
    over = f", over the limit of {read.limit:g}" if read.too_hard else ""
    lines.append(f"  reads at school grade {read.grade:.0f}{over}, {read.words} words ({read.method})")
    return lines
