"""A notice as PDF: tagged for readers that speak it (PDF/UA-1), fonts embedded, the same bytes for the same notice.

One notice, or a letter to many, laid out from the same tree as every other format by `letter.typ`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from breachkit.documents.page import printable
from breachkit.documents.pdf_data import breakable, page_data, texts_of
from breachkit.documents.typesetting import ARCHIVED, TAGGED, CannotShow, Setter, families, forget, package_folders
from breachkit.domain.looks import SHIPPED, Look
from breachkit.domain.notice_fields import FIELDS
from breachkit.domain.notices import Notice

SOURCE: Final = Path(__file__).with_name("letter.typ")
MOST: Final = 500
"""Letters one file may hold."""
ADVISED: Final = 150
"""Letters of one file in a mass run. A letter of two pages takes 0.8 MiB while its file is set; 300 MiB must do."""


@dataclass(frozen=True, slots=True)
class PrintFile:
    """Many letters in one PDF, each beginning on a page of its own."""

    data: bytes = field(repr=False)
    pages: tuple[tuple[int, int], ...]
    """For each letter, in order: its first page, counted from 1, and how many it has."""


def to_pdf(notice: Notice, look: Look | None = None) -> bytes:
    """The notice as one PDF. A field of a letter to many is its mark's name in brackets.

    CannotShow (a BadValue) lists the characters that are in no font at hand.
    """
    return PdfForm(notice, look).letter({name: f"[{name}]" for name in FIELDS})


class PdfForm:
    """A letter to many, parsed once; a person's data goes into it as data."""

    def __init__(self, notice: Notice, look: Look | None = None) -> None:
        look = look or SHIPPED
        folders = self._folders = (*look.font_folders, *package_folders())
        self._data = page_data(notice, look, families(folders, look.font, notice.language))
        # PDF/A wants a date, and a date of today would make other bytes tomorrow.
        self._setter = Setter(SOURCE, folders, ARCHIVED if notice.written_on else TAGGED)

    def letter(self, values: Mapping[str, str | tuple[str, ...]]) -> bytes:
        """One person's letter. KeyError names a field the letter has and the values lack; CannotShow as in `to_pdf`."""
        return self._pdf([values])

    def letters(self, people: Sequence[Mapping[str, str | tuple[str, ...]]]) -> bytes:
        """One PDF of all letters."""
        return self.print_file(people).data

    def print_file(self, people: Sequence[Mapping[str, str | tuple[str, ...]]]) -> PrintFile:
        """One PDF of all letters, and on which pages each stands.

        ValueError for none or more than MOST. CannotShow says whose data has characters that are in no font.
        """
        if not 0 < len(people) <= MOST:
            raise ValueError(f"a print file holds 1 to {MOST} letters, not {len(people)}")
        data = self._pdf(people)
        spans = self._setter.found("<pages>")
        if len(people) > 20:
            forget(self._folders)
        return PrintFile(data, tuple((first, last - first + 1) for first, last in spans))

    def _pdf(self, people: Sequence[Mapping[str, str | tuple[str, ...]]]) -> bytes:
        said = [{name: _said(values[name]) for name in FIELDS if name in values} for values in people]
        text = json.dumps({**self._data, "people": said}, ensure_ascii=False, separators=(",", ":"))
        try:
            return self._setter.pdf({"data": text}, texts_of([self._data, said]))
        except CannotShow as problem:
            bad = frozenset(problem.characters)
            whose = [number for number, one in enumerate(said) if any(bad & set(text) for text in texts_of(one))]
            raise CannotShow(problem.characters, whose) from None


def _said(value: str | tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return breakable(printable(value).replace("\n", " "))
    return [breakable(printable(line).replace("\n", " ")) for line in value]
