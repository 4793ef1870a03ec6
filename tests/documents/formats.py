"""What the tests of formats share: letters to lay out, a made-up organisation's look, and the words of a finished document."""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from breachkit.documents.page import banners, footer
from breachkit.domain.looks import Logo, Look
from breachkit.domain.notice_fields import field_mark
from breachkit.domain.notices import Notice

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="40" height="40" rx="8" fill="#1f3a5f"/>'
    b'<path d="M10 20 l8 8 l14 -16" stroke="white" stroke-width="5" fill="none"/></svg>'
)
LOOK = Look(
    organisation=("Example Co", "1 Sample Street", "Exampletown, EX 00000", "privacy@example-co.invalid"),
    logo=Logo("svg", SVG, "A tick in a square", 120, 40),
    colour="#1f3a5f",
)
LETTER = f"""{field_mark("name")}\\
{field_mark("address")}

# Notice of Data Breach

Dear {field_mark("name")},

## What happened

A folder could be read by anyone. **Nothing was changed.**

- Name
- Telephone number

Your number is {field_mark("id")}.
"""


def letter(**changes: Any) -> Notice:
    """A letter to many, with all three fields."""
    return replace(Notice("us.ca.individuals", "Notice of Data Breach", "en", LETTER, {}, draft=False), **changes)


def person(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Somebody who does not exist."""
    address = (f"{number} Elm Street", "Apartment 4", "Exampletown, EX 00000")
    return {"name": f"Zoë O'Neil & <{number}>", "address": address, "id": f"C{number:08d}", **changes}


def png(width: int = 4, height: int = 2) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\0" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# -- the words of a document ---------------------------------------------------------------------------------------------


def words_of(notice: Notice, format: str, document: str | bytes) -> list[str]:
    """The words of a notice's own text in that format, in their order, without signs, banners, footer and page numbers."""
    text = _TEXT_OF[format](document)
    return [word for word in _plain(text, notice).split() if re.search(r"\w", word)]


def _plain(text: str, notice: Notice) -> str:
    text = " ".join(text.replace("\u200b", "").replace("\u00ad", "").split())
    for line in (*banners(notice), footer(notice)):
        text = text.replace(" ".join(line.split()), " ")
    return re.sub(r"[\[\]|=\\-]", " ", re.sub(r"[*_`]", "", text))


def _of_text(document: str | bytes) -> str:
    # Numbers of list items are no words where a format draws them itself.
    return re.sub(r"(?m)^ *\d+\. ", "", str(document))


def _of_markdown(document: str | bytes) -> str:
    text = re.sub(r"(?m)^ *(?:#{1,6} |\d+\. |[-+] |> ?)|^\|[ :|-]+\|$|^---$", "", str(document))
    return re.sub(r"\\([!-/:-@\[-`{-~])|\\$", r"\1", text.replace("**", ""), flags=re.MULTILINE)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self.inside = tag
        elif tag in ("p", "li", "h1", "h2", "h3", "td", "th", "br", "tr"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


def _of_html(document: str | bytes) -> str:
    parser = _Words()
    parser.feed(str(document))
    return "".join(parser.words)


def _of_docx(document: str | bytes) -> str:
    from docx import Document
    from docx.table import Table

    assert isinstance(document, bytes)
    texts = []
    for block in Document(io.BytesIO(document)).iter_inner_content():
        if isinstance(block, Table):
            texts += [cell.text for row in block.rows for cell in row.cells]
        else:
            texts.append(block.text)
    return "\n".join(texts)


def _of_pdf(document: str | bytes) -> str:
    from pypdf import PdfReader

    assert isinstance(document, bytes)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]
    # Each page ends with its number of how many, beside the reference.
    pages = [re.sub(r"(?m)^(?:INVENTED INCIDENT|DRAFT)$", "", page) for page in pages]  # what stands across it
    text = "\n".join(re.sub(rf"\s{number} ?/ ?{len(pages)}\s*(?=$|\n)", "\n", page) for number, page in enumerate(pages, 1))
    return re.sub(r"(?m)^\s*(?:\d{1,3}\.|[\u2022\u2023\u2013‣])\s", " ", text)


_TEXT_OF = {"md": _of_markdown, "text": _of_text, "html": _of_html, "docx": _of_docx, "pdf": _of_pdf}
