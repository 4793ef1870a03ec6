"""A notice as Markdown: its own source, with the banners before it and the footer after it."""

from __future__ import annotations

from breachkit.documents.page import banners, footer
from breachkit.domain.notice_text import tidy
from breachkit.domain.notices import Notice


def to_markdown(notice: Notice) -> str:
    """Markdown without markers, with one blank line between blocks."""
    head = [f"**{line}**" for line in banners(notice)]
    return tidy("\n\n".join([*head, notice.source.strip("\n"), "---", footer(notice)]))
