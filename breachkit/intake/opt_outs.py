"""A list of people who asked for no more mail: a CSV with a column for e-mail addresses, or one address on each line.

Reads and compares addresses. What follows for somebody on the list is for others: a law may require the letter all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from breachkit.domain.values import value
from breachkit.errors import BadFile, Fault
from breachkit.intake.cells import CellRefused, clean_email, shown
from breachkit.intake.columns import recognised, understand
from breachkit.intake.contacts import Emails
from breachkit.intake.files import Stream, survey
from breachkit.intake.people import RAGGED
from breachkit.intake.records import Broken, Records

_DELIMITERS: Final = (",", ";", "\t", "|")
_COMMENT: Final = "#"
_SHOWN_HEADERS: Final = 30
_EMAILS: Final = Emails()


@value
class UnreadLine:
    """A line from which no address could be read; nothing of it is repeated."""

    line: int
    """1-based, counted in the file."""
    why: str


@value
class OptOuts:
    """Who is on the list."""

    addresses: frozenset[str]
    """As `compared` gives them."""
    unread: tuple[UnreadLine, ...]
    """Lines that may each be somebody who is not in `addresses`; empty lines and comments are not among them."""
    sha256: str
    """Of the file's bytes."""

    def holds(self, address: str) -> bool:
        """Whether this address is on the list. False for what is no address."""
        return (found := compared(address)) is not None and found in self.addresses


def compared(address: str) -> str | None:
    """The form in which two addresses are compared; None when it is no address.

    The domain is lower-case and in ASCII. The part before the @ is in lower case too: RFC 5321 lets a server tell `Ana` from
    `ana`, but servers that give the two to different people are hardly met, and people write their own address both ways.
    """
    try:
        found = _EMAILS.read(clean_email(address, []))
    except CellRefused:
        return None
    return None if found is None else found.lower()


def read_opt_outs(path: Path, encoding: str | None = None) -> OptOuts:
    """Read the list; `encoding` names the codec instead of finding it.

    UsageError when the file cannot be opened, BadFile when it is no list of addresses and no table with a column for them.
    """
    about = survey(path, encoding)
    if about.parquet:
        raise BadFile([Fault(str(path), None, "this is Parquet; save the list as CSV")])
    addresses: set[str] = set()
    unread: list[UnreadLine] = []
    with about.opened() as file:
        stream = Stream(file, about)
        header = _header(path, stream)
        lines = _of_list(stream) if header is None else _of_table(stream, header)
        for line, found in lines:
            if isinstance(found, Broken):
                unread.append(UnreadLine(line, found.detail))
            elif (address := compared(found)) is not None:
                addresses.add(address)
            elif found.strip():
                unread.append(UnreadLine(line, "it holds no e-mail address, or more than that"))
    return OptOuts(frozenset(addresses), tuple(unread), about.sha256)


@value
class _Header:
    line: int
    delimiter: str
    width: int
    column: int


def _header(path: Path, stream: Stream) -> _Header | None:
    """Where the addresses stand in a table; None for a plain list, which begins with an address."""
    first = next(((line, text) for line, text in _of_list(stream) if isinstance(text, Broken) or text.strip()), None)
    if first is None:
        raise BadFile([Fault(str(path), None, "there is nothing in it")])
    line, text = first
    if isinstance(text, Broken):
        raise BadFile([Fault(str(path), line, text.detail)])
    if "@" in text:
        return None
    delimiter = max(_DELIMITERS, key=lambda one: (recognised(text.split(one)), text.count(one)))
    headers = [header.strip().strip('"') for header in text.split(delimiter)]
    try:
        column = understand(str(path), headers, {}, default_place=True).fields.get("email")
    except BadFile:
        column = None
    if column is None:
        listed = ", ".join(f"'{shown(header)}'" for header in headers[:_SHOWN_HEADERS])
        what = f"no column, or more than one, is known as e-mail addresses ({listed})"
        raise BadFile([Fault(str(path), line, f"{what}; call one 'email', or write one address on each line")])
    return _Header(line, delimiter, len(headers), column)


def _of_list(stream: Stream) -> Iterator[tuple[int, str | Broken]]:
    """Each line that is no comment. A quotation mark left open joins lines for the reader; they are taken apart again."""
    for line, record in _numbered(stream, "\0", 1):
        if isinstance(record, Broken):
            yield line, record
            continue
        for further, text in enumerate("\0".join(record).split("\n")):
            if not text.lstrip().startswith(_COMMENT):
                yield line + further, text


def _of_table(stream: Stream, header: _Header) -> Iterator[tuple[int, str | Broken]]:
    for line, record in _numbered(stream, header.delimiter, header.width):
        if line <= header.line:
            continue
        if isinstance(record, Broken):
            yield line, record
        elif len(record) == header.width:
            yield line, record[header.column]
        elif any(map(str.strip, record)):
            yield line, Broken(RAGGED, f"{len(record)} cells, the header has {header.width}")


def _numbered(stream: Stream, delimiter: str, width: int) -> Iterator[tuple[int, list[str] | Broken]]:
    """Each record with the number of its first line."""
    line = 1
    for record in Records(stream, delimiter, width).read():
        yield line, record
        line += 1 if isinstance(record, Broken) else 1 + sum(cell.count("\n") for cell in record)
