"""The incident report and the register as PDF/UA-1 and PDF/A-2a, with a drawn time line that says in words what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from breachkit.documents.drawing import describe, draw
from breachkit.documents.exercise_drawing import exercise_pictures
from breachkit.documents.tree import Node, parse, plain_text
from breachkit.documents.typesetting import ARCHIVED, Setter, families, package_folders
from breachkit.documents.watermark import points
from breachkit.domain.exercise.chart import ExerciseChart
from breachkit.domain.incident_report import ReportDocument
from breachkit.domain.looks import SHIPPED, Look
from breachkit.domain.timechart import Chart

_SOURCE = Path(__file__).with_name("report.typ")
_MONO = "DejaVu Sans Mono"
_LONG_WORD = re.compile(r"\S{28}(?=\S)")
_LONG = 2000
"""A row with fewer letters stays on one page."""
_WIDTH = 700
"""Of the drawing in its own units, so that its words are as large as those of the tables."""
_TALLEST = 880
"""Of a picture in its own units, so that it fits on a page with its heading."""
_FIRST, _FURTHER = 11, 18
"""How many clocks fit under what happened, and how many into each further picture on the same axis."""


def report_pdf(document: ReportDocument, look: Look | None = None) -> bytes:
    """The PDF; the same report gives the same bytes. CannotShow (a BadValue) lists characters that are in no font at hand.

    Of an organisation's look it takes the paper and the fonts.
    """
    look = look or SHIPPED
    folders = (*look.font_folders, *package_folders())
    fonts = families(folders, look.font, document.language)
    day = document.written_on
    data = {
        "title": document.title,
        "lang": document.language,
        "date": [day.year, day.month, day.day],
        "paper": look.paper or "a4",
        "fonts": fonts,
        "mono": [_MONO, *fonts],
        "banners": list(document.banners),
        "footer": document.foot,
        "watermark": {"word": document.watermark, "size": points(document.watermark)} if document.watermark else None,
        "blocks": [
            {"kind": "heading", "level": 1, "said": [document.title]},
            *_blocks(parse(document.before)),
            *_pictures(document.chart, fonts, clear=bool(document.watermark)),
            *_blocks(parse(document.after)),
        ],
    }
    return Setter(_SOURCE, folders, ARCHIVED).pdf({"data": json.dumps(data)}, [document.title, document.markdown()])


def _pictures(chart: Chart | ExerciseChart | None, families: Sequence[str], *, clear: bool) -> Iterator[dict[str, Any]]:
    if chart is None:
        return
    font = ", ".join(f"'{family}'" for family in families)
    if isinstance(chart, ExerciseChart):
        for svg, alt in exercise_pictures(chart, font=font, width=_WIDTH, tallest=_TALLEST):
            yield {"kind": "picture", "svg": svg, "alt": alt}
        return
    bars = chart.drawn
    for first in (0, *range(_FIRST, len(bars), _FURTHER)):
        held = bars[first : first + (_FURTHER if first else _FIRST)]
        svg = draw(chart, font=font, width=_WIDTH, bars=held, events=first == 0, clear=clear)
        more = f" Clocks {first + 1} to {first + len(held)}." if len(held) < len(bars) else ""
        yield {"kind": "picture", "svg": svg, "alt": describe(chart) + more}


def _blocks(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        match node.kind:
            case "heading":
                yield {"kind": "heading", "level": node.level, "said": _inline(node.children)}
            case "bullet_list" | "ordered_list":
                items = [[piece for child in item.children for piece in _inline(child.children)] for item in node.children]
                yield {"kind": node.kind, "items": items}
            case "table":
                head, *body = [[_inline(cell.children) for cell in row.children] for row in node.children]
                whole = [sum(len(plain_text(cell.children)) for cell in row.children) < _LONG for row in node.children[1:]]
                yield {"kind": "table", "widths": _widths(node), "head": head, "rows": body, "whole": whole}
            case _:
                yield {"kind": "paragraph", "said": _inline(node.children)}


def _inline(nodes: Iterable[Node]) -> list[Any]:
    parts: list[Any] = []
    for node in nodes:
        if node.kind == "text":
            parts.append(_soft(node.text))
        elif node.kind == "space":
            parts.append(" ")
        elif node.kind == "code":
            parts.append(["code", node.text])
        else:
            parts.append([node.kind, _inline(node.children)])
    return parts


def _soft(text: str) -> str:
    """Text in which very long words may break, unseen. Ids are left alone: people copy them."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


def _widths(table: Node) -> list[int]:
    """Shares of the width: no column is narrower than its longest word, none takes all for its longest text."""
    columns = zip(*([plain_text(cell.children) for cell in row.children] for row in table.children), strict=True)
    return [max(_word(texts), min(max(map(len, texts)), 40)) for texts in columns]


def _word(texts: Iterable[str]) -> int:
    """The room of the longest word up to 16 letters; longer ones may break."""
    return min(5 + 18 * max((len(word) for text in texts for word in text.split()), default=0) // 10, 26)
