"""One finished document cut at its field marks, so that a person's letter is its pieces with that person's data between them.

A letter to many is rendered once for all it fits. What goes between the pieces is escaped for the format it goes into; a
person's data can never become markup, a header or another field. Mail has a module of its own, `merge_mail`; PDF and DOCX
come from their own forms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from json.encoder import encode_basestring
from typing import Final, TypeAlias

from breachkit.documents.render import render
from breachkit.domain.notice_fields import split_fields
from breachkit.domain.notices import Notice

Said: TypeAlias = str | tuple[str, ...]
"""A field's value: text of one line, or the lines of a postal address."""

Escaper: TypeAlias = Callable[[Said], bytes]

SPLICED: Final = ("md", "text", "html", "jsonl")
"""The formats this module merges."""


class NotBare(ValueError):
    """A document lost or changed a field's mark on the way, so that nothing can be spliced in its place."""


class Spliced:
    """A document with holes. Made once for a variant; `join` is all that happens for a person."""

    __slots__ = ("_escapers", "_order", "_pieces")

    def __init__(self, pieces: Sequence[bytes], slots: Sequence[tuple[str, Escaper]]) -> None:
        """`pieces` are the bytes around the slots, one more than there are; a slot is a field and how it is escaped there."""
        if len(pieces) != len(slots) + 1:
            raise ValueError(f"{len(slots)} fields need {len(slots) + 1} pieces around them, not {len(pieces)}")
        self._escapers = list(dict.fromkeys(slots))
        self._order = [self._escapers.index(slot) for slot in slots] if len(self._escapers) < len(slots) else None
        self._pieces = [piece for pair in zip(pieces, [b""] * len(slots), strict=False) for piece in pair] + [pieces[-1]]

    @property
    def fields(self) -> frozenset[str]:
        """The fields it is merged with."""
        return frozenset(field for field, _ in self._escapers)

    def join(self, values: Mapping[str, Said]) -> bytes:
        """The document of the person whose data these are. KeyError names a field that is missing."""
        said = [escaper(values[field]) for field, escaper in self._escapers]
        parts = self._pieces.copy()
        parts[1::2] = said if self._order is None else [said[number] for number in self._order]
        return b"".join(parts)


def as_text(value: Said, between: str = "\n") -> bytes:
    """Plain text: as it stands."""
    return (value if isinstance(value, str) else between.join(value)).encode()


def as_html(value: Said) -> bytes:
    """HTML text."""
    return (escape(value) if isinstance(value, str) else "<br>\n".join(map(escape, value))).encode()


def as_json(value: Said) -> bytes:
    """The inside of a JSON string."""
    return encode_basestring(value if isinstance(value, str) else "\n".join(value))[1:-1].encode()


def as_record(value: Said) -> bytes:
    """The beginning of a JSON object. `value` holds in turn a person's row, id, name, e-mail address and postal lines."""
    assert isinstance(value, tuple)
    quote = encode_basestring
    row, id, name, email = value[:4]
    postal = ", ".join([quote(line) for line in value[4:]])
    said = f'{{"row": {row}, "id": {quote(id)}, "name": {quote(name)}, "email": {quote(email)}, "address": [{postal}]'
    return said.encode()


_MARKDOWN_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")


def as_markdown(value: Said) -> bytes:
    """Markdown that prints the value literally, wherever it stands in a line."""
    lines = (value,) if isinstance(value, str) else value
    return "\\\n".join(_MARKDOWN_SIGNS.sub(r"\\\g<0>", " ".join(line.split())) for line in lines).encode()


_ESCAPERS: Final[Mapping[str, Escaper]] = {"md": as_markdown, "html": as_html}


def compile_letter(notice: Notice, format: str) -> Spliced:
    """The notice in `md`, `text` or `html`, ready to be merged. NotBare when the format does not keep a mark as it is."""
    document = render(notice, format)
    if not isinstance(document, str):
        raise ValueError(f"{format} is not text; its own form merges it")
    check_marks(notice, document, format)
    pieces = split_fields(document)
    slots = [(field, _escaper(format, before)) for before, field in pieces if field is not None]
    return Spliced([before.encode() for before, _ in pieces], slots)


def compile_record(notice: Notice, about: Mapping[str, object]) -> Spliced:
    """One line of JSON for a person: row, id, name, mail and postal address, then `about`, then the letter as text.

    Its field beside those of the notice is `record`, with what `as_record` takes.
    """
    import json

    document = render(notice, "text")
    assert isinstance(document, str)
    check_marks(notice, document, "text")
    known = json.dumps(dict(about), ensure_ascii=False)[1:-1]
    text = split_fields(document)
    inner = [encode_basestring(before)[1:-1] for before, _ in text]
    pieces = ["", f', {known}, "text": "{inner[0]}', *inner[1:]]
    pieces[-1] += '"}\n'
    slots: list[tuple[str, Escaper]] = [("record", as_record), *((field, as_json) for _, field in text if field is not None)]
    return Spliced([piece.encode() for piece in pieces], slots)


def check_marks(notice: Notice, document: str, format: str) -> None:
    """NotBare unless every mark of the notice is in the document, as often as in the notice or more often (in a title)."""
    said = Counter(field for _, field in split_fields(notice.source) if field)
    kept = Counter(field for _, field in split_fields(document) if field)
    lost = sorted(field for field, count in said.items() if kept[field] < count)
    if lost:
        raise NotBare(f"{notice.duty}: {format} does not keep the field {', '.join(lost)} as it stands in the template")


def _escaper(format: str, before: str) -> Escaper:
    if format in _ESCAPERS:
        return _ESCAPERS[format]
    indent = re.search(r"(?:\A|\n)( +)\Z", before)
    return _indented(indent[1]) if indent else as_text


def _indented(indent: str) -> Escaper:
    def indented(value: Said) -> bytes:
        return as_text(value, f"\n{indent}")

    return indented
