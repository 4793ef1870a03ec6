"""Cuts a text table into its records, one at a time, and never loses one: each line of the file belongs to exactly one record.

A record is one line, or several where a quoted cell goes on. It is given as its cells, or as a `Broken` record. A quotation
mark that is never closed would swallow the people below it, so a record of several lines counts only when its quotes close and
its cells are as many as the header's; otherwise its first line is refused alone and reading goes on with the second.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from breachkit.intake.files import PIECE, Stream
from breachkit.intake.people import CONTROL, ENCODING, QUOTES, TOO_LONG

MAX_RECORD: Final = 1 << 20
"""The longest record that is held in memory, in bytes."""
_CSV_CELL: Final = 131_072
"""The longest cell the csv module takes by itself, in characters."""
_UNREADABLE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Broken:
    """A record whose cells cannot be told."""

    code: str
    detail: str


class Records:
    """The records of a text table from a place on. `width` is the number of cells of the header, None while it is not known.

    `piece` and `longest` are bytes: how many are read at once, and how many a record may have.
    """

    def __init__(
        self,
        stream: Stream,
        delimiter: str,
        width: int | None,
        start: int = 0,
        *,
        piece: int = PIECE,
        longest: int = MAX_RECORD,
    ) -> None:
        self._stream, self._delimiter, self._width, self._start = stream, delimiter, width, start
        self._piece, self._longest = piece, longest
        self.next_place = start
        """Where the record begins that comes after the one given last; kept only while `exact` is set."""
        self.exact = False
        # One reader for all lines: it is handed a line, and an IndexError says that it asked for a second.
        self._line: list[str] = []
        self._strict = csv.reader(iter(self._line.pop, None), delimiter=delimiter, strict=True)

    def read(self, skip: int = 0) -> Iterator[list[str] | Broken]:
        """Each record from the `skip`-th on; those before are only counted."""
        stream, delimiter = self._stream, self._delimiter
        base, held = self._start, b""
        stream.seek(base)
        ended = False
        while not ended:
            piece = stream.read(self._piece)
            ended = not piece
            held += piece
            end = len(held) if ended else held.rfind(b"\n") + 1
            if end == 0:
                if len(held) > self._longest:
                    broken, base = self._measure(base)
                    held = b""
                    stream.seek(base)
                    self.next_place = base
                    if skip:
                        skip -= 1
                    else:
                        yield broken
                continue
            text, clear = _decode(held[:end], stream.encoding)
            if skip and '"' not in text and (inside := text.count("\n") + (not text.endswith("\n"))) <= skip:
                skip -= inside
                base, held = base + end, held[end:]
                continue
            lines = text.split("\n")
            if not lines[-1]:
                lines.pop()
            at, count = 0, len(lines)
            while at < count:
                line = lines[at]
                used = 1
                if '"' not in line:
                    if line[-1:] == "\r":
                        line = line[:-1]
                    record: list[str] | Broken = line.split(delimiter)
                else:
                    record, used = self._quoted(lines, at, ended)
                    if used == 0:
                        break
                if not clear and (unreadable := _first_unreadable(lines[at : at + used])):
                    record = Broken(ENCODING, unreadable)
                at += used
                if skip:
                    skip -= 1
                    continue
                if self.exact:
                    self.next_place = base + _place(held, at, end)
                yield record
            kept = end if at == count else _place(held, at, end)
            base, held = base + kept, held[kept:]
            if at < count and len(held) > self._longest:
                broken, base = self._measure(base)
                held, ended = b"", False
                stream.seek(base)
                self.next_place = base
                if skip:
                    skip -= 1
                else:
                    yield broken

    def _quoted(self, lines: list[str], at: int, ended: bool) -> tuple[list[str] | Broken, int]:
        """The record that begins in a line with quotation marks, and how many lines it takes; 0: more must be read first."""
        line = lines[at].removesuffix("\r")
        if len(line) <= _CSV_CELL:
            self._line[:] = (line,)
            try:
                return next(self._strict), 1
            except (csv.Error, IndexError):
                pass
        elif (cells := _strictly(line, self._delimiter)) is not None:
            return cells, 1
        try:
            rows = _csv([line + "\n", "x"], self._delimiter, strict=False)
        except csv.Error:
            return Broken(CONTROL, "a carriage return stands inside the line"), 1
        if len(rows) == 2:
            return rows[0], 1
        scan = QuoteScan(self._delimiter)
        size = 0
        for last in range(at, len(lines)):
            size += len(lines[last]) + 1
            if scan.feed(lines[last] + "\n") is not None:
                if self._width in (None, scan.cells):
                    record = _strictly("\n".join(one.removesuffix("\r") for one in lines[at : last + 1]), self._delimiter)
                    if record is not None:
                        return record, last + 1 - at
                break
            if scan.broken:
                break
        else:
            if not ended:
                return [], 0
        return Broken(QUOTES, "a cell opens with a quotation mark that is not closed"), 1

    def _measure(self, start: int) -> tuple[Broken, int]:
        """A record too long to hold: what is wrong with it and where the next one begins."""
        scan, place, first_end = QuoteScan(self._delimiter), start, -1
        self._stream.seek(start)
        while piece := self._stream.read(self._piece):
            if first_end < 0 and (found := piece.find(b"\n")) >= 0:
                first_end = place + found + 1
            if not scan.broken and (end := scan.feed(piece.decode("latin-1"))) is not None:
                if not scan.quoted or self._width in (None, scan.cells):
                    return Broken(TOO_LONG, f"the record has {place + end - start:,} bytes"), place + end
                scan.broken = True
            if scan.broken and first_end >= 0:
                break
            place += len(piece)
        else:
            if not scan.broken and first_end >= 0 and scan.feed("\n") == 1 and self._width in (None, scan.cells):
                return Broken(TOO_LONG, f"the record has {place - start:,} bytes"), place
        if first_end < 0:
            # The last line of the file, without a line end.
            return Broken(TOO_LONG, f"the record has {place - start:,} bytes"), place
        return Broken(QUOTES, "a cell opens with a quotation mark that is not closed"), first_end


class QuoteScan:
    """Follows one record through pieces of text as RFC 4180 has it, without holding it."""

    def __init__(self, delimiter: str) -> None:
        self.cells = 1
        self.quoted = False
        """Whether a quoted cell was met."""
        self.broken = False
        """A closing quotation mark was followed by something that ends no cell; no use to go on."""
        self._delimiter = delimiter
        self._inside = re.compile('(?:[^"]++|"")*+')
        self._outside = re.compile(f'\\n|{re.escape(delimiter)}(?:"|\\Z)')
        self._state: Callable[[str, int], int] = self._at_start
        self._ended = False

    def feed(self, piece: str) -> int | None:
        """Where in the piece the next record begins; None when this one goes on, or is broken."""
        at = 0
        while at < len(piece) and not self.broken:
            at = self._state(piece, at)
            if self._ended:
                return at
        return None

    def _at_start(self, piece: str, at: int) -> int:
        if piece[at] == '"':
            self.quoted = True
            self._state = self._within
            return at + 1
        self._state = self._plain
        return at

    def _plain(self, piece: str, at: int) -> int:
        found = self._outside.search(piece, at)
        if found is None:
            self.cells += piece.count(self._delimiter, at)
            return len(piece)
        self.cells += piece.count(self._delimiter, at, found.end())
        if found[0] == "\n":
            self._ended = True
        elif found[0] == self._delimiter:
            self._state = self._at_start
        else:
            self.quoted = True
            self._state = self._within
        return found.end()

    def _within(self, piece: str, at: int) -> int:
        inside = self._inside.match(piece, at)
        at = at if inside is None else inside.end()
        if at < len(piece):
            self._state = self._after_quote
            return at + 1
        return at

    def _after_quote(self, piece: str, at: int) -> int:
        sign = piece[at]
        if sign == '"':
            self._state = self._within
        elif sign == self._delimiter:
            self.cells += 1
            self._state = self._at_start
        elif sign == "\n":
            self._ended = True
        elif sign != "\r":
            self.broken = True
        return at + 1


def _decode(data: bytes, encoding: str) -> tuple[str, bool]:
    """The text, and whether all of it could be read; bytes that could not are lone surrogates."""
    try:
        return data.decode(encoding), True
    except UnicodeDecodeError:
        return data.decode(encoding, "surrogateescape"), False


def _first_unreadable(lines: list[str]) -> str:
    for line in lines:
        if (found := _UNREADABLE.search(line)) is not None:
            value = ord(found[0])
            return f"the byte 0x{value - 0xDC00:02X} is no text here" if 0xDC80 <= value < 0xDCFF else "a code is no text here"
    return ""


def _place(held: bytes, lines: int, end: int) -> int:
    """Where the n-th line begins, in bytes."""
    place = 0
    for _ in range(lines):
        place = held.find(b"\n", place) + 1
        if place == 0:
            return end
    return place


def _strictly(text: str, delimiter: str) -> list[str] | None:
    try:
        return _csv([text], delimiter, strict=True)[0]
    except csv.Error:
        return None


def _csv(lines: list[str], delimiter: str, *, strict: bool) -> list[list[str]]:
    if len(lines[0]) <= _CSV_CELL:
        return list(csv.reader(lines, delimiter=delimiter, strict=strict))
    before = csv.field_size_limit(2 * MAX_RECORD)
    try:
        return list(csv.reader(lines, delimiter=delimiter, strict=strict))
    finally:
        csv.field_size_limit(before)
