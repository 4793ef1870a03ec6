"""A notice as DOCX: real styles, so that people and readers can work with it; the same bytes for the same notice.

A letter to many is built once and cut at its fields: a person's letter is that person's data between the pieces, packed
beside parts that were packed already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from breachkit.documents.docx_parts import build
from breachkit.documents.docx_zip import BODY, Archive, parts_of
from breachkit.documents.page import printable
from breachkit.domain.looks import SHIPPED, Look
from breachkit.domain.notice_fields import split_fields
from breachkit.domain.notices import Notice

_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def to_docx(notice: Notice, look: Look | None = None) -> bytes:
    """The notice as a DOCX file; the marks of fields stay in it."""
    archive, body = _made(notice, look or SHIPPED)
    return archive.with_body(body)


class DocxForm:
    """A letter to many; `letter` makes one."""

    def __init__(self, notice: Notice, look: Look | None = None) -> None:
        self._archive, body = _made(notice, look or SHIPPED)
        self._pieces = [(literal.encode(), field) for literal, field in split_fields(body.decode())]

    @property
    def fields(self) -> frozenset[str]:
        """The fields it is merged with."""
        return frozenset(field for _, field in self._pieces if field is not None)

    def letter(self, values: Mapping[str, str | tuple[str, ...]]) -> bytes:
        """One person's letter. KeyError names a field that the letter has and the values lack."""
        made = []
        for literal, field in self._pieces:
            made.append(literal)
            if field is not None:
                made.append(_escaped(values[field]))
        return self._archive.with_body(b"".join(made), level=1)


def _escaped(value: str | tuple[str, ...]) -> bytes:
    lines = (value,) if isinstance(value, str) else value
    return _BREAK.join(escape(printable(line).replace("\n", " "), quote=False) for line in lines).encode()


def _made(notice: Notice, look: Look) -> tuple[Archive, bytes]:
    data = build(notice, look)
    parts = parts_of(data)
    body = parts.pop(BODY)
    # The writer below names every part's type; python-docx's own name for the body may differ in nothing else.
    return Archive(parts), re.sub(rb">\s+<(?=w:(?:p|tbl|sectPr)\b)", b"><", body)
