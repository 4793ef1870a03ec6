"""The bytes of a table: its kind, encoding and hash, and a stream that can go back. Never holds a whole file."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from breachkit.errors import BadFile, Fault, UsageError

PIECE = 1 << 18
"""How many bytes are read at once."""
_OTHERS = {
    b"PK\x03\x04": "a spreadsheet or an archive; save the sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save the sheet as CSV (UTF-8)",
    b"\x1f\x8b": "compressed; unpack it first",
    b"SQLi": "a database; export the table as CSV",
    b"%PDF": "a PDF; a table is needed, as CSV or Parquet",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the file tells."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    parquet: bool
    encoding: str
    """A codec's name; "" for Parquet."""
    mark: int
    """Bytes of the byte-order mark, 0 when there is none."""
    identity: tuple[int, int, int, int]

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file, open for reading. BadFile when it is not the one that was surveyed, then or when reading ends."""
        with self.path.open("rb") as file:
            self._unchanged(file)
            yield file
            self._unchanged(file)

    def _unchanged(self, file: BinaryIO) -> None:
        if _identity(os.fstat(file.fileno())) != self.identity:
            text = "the file changed while it was read; copy it to a place where nothing writes to it, and start again"
            raise BadFile([Fault(str(self.path), None, text)])


def survey(path: Path, encoding: str | None = None) -> Survey:
    """Read the file once. UsageError when it cannot be opened or the encoding is unknown, BadFile when it is no table."""
    wanted = None if encoding is None else _codec(encoding)
    try:
        # Asked before it is opened: a named pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path} is not a file; name a table saved as .csv, .tsv or .parquet")
        with path.open("rb") as file:
            return _survey(path, file, os.fstat(file.fileno()), wanted)
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror or problem}") from None


def _survey(path: Path, file: BinaryIO, about: os.stat_result, wanted: str | None) -> Survey:
    first = file.read(PIECE)
    for magic, text in _OTHERS.items():
        if first.startswith(magic):
            raise BadFile([Fault(str(path), None, f"this is {text}")])
    parquet = first.startswith(b"PAR1")
    found, mark = next(((name, len(mark)) for mark, name in _MARKS if first.startswith(mark)), (_wide(first), 0))
    judge = None if parquet or wanted or found else _Judge()
    digest, piece = hashlib.sha256(), first
    while piece:
        digest.update(piece)
        if judge is not None:
            judge.take(piece)
        piece = file.read(PIECE)
    if wanted and wanted.startswith("utf-16") and found.startswith("utf-16"):
        wanted = found
    name = "" if parquet else wanted or found or (judge.verdict() if judge else "utf-8")
    if mark and wanted and wanted.replace("-le", "").replace("-be", "") not in ("utf-8", "utf-16"):
        mark = 0  # The first bytes are text in the encoding that was named.
    return Survey(path, about.st_size, digest.hexdigest(), parquet, name, mark, _identity(about))


def _identity(about: os.stat_result) -> tuple[int, int, int, int]:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


def _codec(encoding: str) -> str:
    try:
        known = codecs.lookup(encoding)
        "".encode(known.name)
    except (LookupError, ValueError):
        raise UsageError(
            f"'{encoding}' is not an encoding; write utf-8, cp1252, cp1250, utf-16 or another name Python knows"
        ) from None
    if known.name in ("utf-8-sig", "ascii"):
        return "utf-8"
    return "utf-16-le" if known.name == "utf-16" else known.name


def _wide(first: bytes) -> str:
    """UTF-16 without a mark shows in its zero bytes: a header is mostly ASCII."""
    start = first[:512]
    if len(start) < 4 or b"\x00" not in start:
        return ""
    if start[1::2].count(0) > len(start) // 3 and start[::2].count(0) == 0:
        return "utf-16-le"
    if start[::2].count(0) > len(start) // 3 and start[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


class _Judge:
    """UTF-8 or cp1252? It is cp1252 only as a whole: with bytes that are no UTF-8, and not one line of UTF-8 beyond ASCII."""

    def __init__(self) -> None:
        self._rest = b""
        self._good = self._bad = False

    def take(self, piece: bytes) -> None:
        if self._good:
            return
        piece = self._rest + piece.replace(b"\r", b"\n")
        end = piece.rfind(b"\n") + 1 or len(piece)
        piece, self._rest = piece[:end], piece[end:]
        if piece.isascii():
            return
        for line in piece.split(b"\n"):
            if not line.isascii():
                if _is_utf8(line):
                    self._good = True
                    return
                self._bad = True

    def verdict(self) -> str:
        self.take(b"\n")
        return "cp1252" if self._bad and not self._good else "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class Stream:
    """A table's text as UTF-8 or cp1252 bytes, whatever its encoding. Lines end with `\\n`; places count these bytes."""

    _at: int
    _ready: bytes
    _ended: bool

    def __init__(self, file: BinaryIO, about: Survey) -> None:
        self._file, self._about = file, about
        direct = about.encoding in ("utf-8", "cp1252")
        self.encoding = about.encoding if direct else "utf-8"
        self._decoder = None if direct else codecs.getincrementaldecoder(about.encoding)(errors=_UNREADABLE)
        self._old_ends = False
        self._restart()
        first = self.read()
        # Very old systems end lines with a carriage return alone.
        self._old_ends = b"\r" in first and b"\n" not in first
        self._restart()

    @property
    def position(self) -> int:
        """Bytes of the file itself that were read."""
        return self._file.tell()

    def read(self, size: int = PIECE) -> bytes:
        """At most so many bytes; none at the end."""
        if self._decoder is None:
            piece = self._file.read(size)
        else:
            while not self._ready and not self._ended:
                raw = self._file.read(PIECE)
                self._ended = not raw
                # What is no text becomes a lone surrogate, which is no UTF-8 either: its record is refused later on.
                self._ready = self._decoder.decode(raw, final=self._ended).encode("utf-8", "surrogatepass")
            piece, self._ready = self._ready[:size], self._ready[size:]
        self._at += len(piece)
        return piece.replace(b"\r", b"\n") if self._old_ends else piece

    def seek(self, place: int) -> None:
        """Go to a place."""
        if self._decoder is None:
            self._file.seek(self._about.mark + place)
            self._at = place
            return
        if place < self._at:
            self._restart()
        while self._at < place and self.read(min(PIECE, place - self._at)):
            pass

    def _restart(self) -> None:
        self._file.seek(self._about.mark)
        self._at, self._ready, self._ended = 0, b"", False
        if self._decoder is not None:
            self._decoder.reset()


def _unreadable(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return "\udcff", problem.end


_UNREADABLE = "breachkit-unreadable"
codecs.register_error(_UNREADABLE, _unreadable)
