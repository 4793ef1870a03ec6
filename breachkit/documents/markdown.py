"""A notice as Markdown: its own source, with the banners before it and the footer after it."""

from __future__ import annotations

import re

from breachkit.documents.page import banners, footer, last_line, new_label
from breachkit.domain.notice_fields import NEW
from breachkit.domain.notice_text import tidy
from breachkit.domain.notices import Notice


def to_markdown(notice: Notice) -> str:
    """Markdown without markers, with one blank line between blocks."""
    head = [f"**{line}**" for line in banners(notice)]
    source = _labelled(notice.source.strip("\n"), f"[{new_label(notice)}] ")
    last = [f"**{line}**" for line in last_line(notice)]
    return tidy("\n\n".join([*head, source, "---", footer(notice), *last]))


_SIGN = re.compile(r"[ >]*(?:(?:[-+*]|\d+[.)]|#{1,6}) +|\| *)?")


def _labelled(source: str, label: str) -> str:
    """The source with the label at the head of each block that a mark ends."""
    lines = source.split("\n")
    for at, line in enumerate(lines):
        if NEW not in line:
            continue
        lines[at] = line.replace(NEW, "")
        head = at
        while head and lines[head - 1].strip() and not _begins_block(lines[head]) and not lines[head - 1].startswith("#"):
            head -= 1
        text = lines[head]
        sign = _SIGN.match(text)
        cut = sign.end() if sign else 0
        if not text[cut:].startswith(label):
            lines[head] = text[:cut] + label + text[cut:]
    return "\n".join(lines)


def _begins_block(line: str) -> bool:
    return bool(re.match(r"[ >]*(?:[-+*] |\d+[.)] |#{1,6} |\|)", line))
