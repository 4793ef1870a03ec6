"""The one way in: a notice and a format's name, a document out. The same notice and look give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, overload

from breachkit.documents.html import to_html
from breachkit.documents.markdown import to_markdown
from breachkit.documents.text import to_text
from breachkit.domain.looks import Look
from breachkit.domain.notices import FORMATS, Notice
from breachkit.errors import UnknownName

_WRITTEN: Mapping[str, Callable[[Notice], str]] = {"md": to_markdown, "text": to_text, "html": to_html}


@overload
def render(notice: Notice, format: Literal["md", "text", "html"], look: Look | None = None) -> str: ...
@overload
def render(notice: Notice, format: Literal["docx", "pdf"], look: Look | None = None) -> bytes: ...
@overload
def render(notice: Notice, format: str, look: Look | None = None) -> str | bytes: ...


def render(notice: Notice, format: str, look: Look | None = None) -> str | bytes:
    """The notice as `md`, `text` or `html`, which are text, or as `docx` or `pdf`, bytes in the organisation's look.

    UnknownName names the formats there are. CannotShow (a BadValue) when a PDF has characters that are in no font at hand.
    """
    if format == "docx":
        from breachkit.documents.docx import to_docx

        return to_docx(notice, look)
    if format == "pdf":
        from breachkit.documents.pdf import to_pdf

        return to_pdf(notice, look)
    if format not in _WRITTEN:
        raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")
    return _WRITTEN[format](notice)
