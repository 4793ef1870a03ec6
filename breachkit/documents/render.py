"""The one way in: a notice and a format's name, a document's text out. The same notice gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from breachkit.documents.html import to_html
from breachkit.documents.markdown import to_markdown
from breachkit.documents.text import to_text
from breachkit.domain.notices import FORMATS, Notice
from breachkit.errors import UnknownName, UsageError

LATER = ("docx", "pdf")
"""Formats that are planned and not made yet."""

_MAKERS: Mapping[str, Callable[[Notice], str]] = {"md": to_markdown, "text": to_text, "html": to_html}


def render(notice: Notice, format: str) -> str:
    """The notice as `md`, `text` or `html`. UsageError names the formats there are."""
    if format in LATER:
        raise UsageError(f"{format} documents are not made yet; formats: {', '.join(FORMATS)}")
    if format not in _MAKERS:
        raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")
    return _MAKERS[format](notice)
