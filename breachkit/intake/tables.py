"""A table of affected people: opened, understood, and read record by record in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadFile, Fault
from breachkit.intake.addresses import Addresses
from breachkit.intake.columns import Columns, recognised, understand
from breachkit.intake.files import Stream, survey
from breachkit.intake.languages import default_language as read_default_language
from breachkit.intake.parquet import ParquetRecords
from breachkit.intake.people import Person, Refusal
from breachkit.intake.records import Broken, Records
from breachkit.intake.residence import Residence
from breachkit.intake.rows import Rows

_DELIMITERS: Final = (",", ";", "\t", "|")


class PeopleTable:
    """One table, CSV or Parquet. A context manager; `read` may be called again.

    `columns` maps fields to headers where the headers do not say it themselves; `default_place` and `default_language` stand in
    for empty cells; `encoding` names the codec instead of finding it; `home` is the country the letters are sent from, left off
    the addresses of people who live there.

    UsageError when the file cannot be opened or an argument is wrong, BadFile when it is no table or its columns do not do.
    """

    def __init__(
        self,
        path: Path,
        words: Vocabulary,
        *,
        columns: Mapping[str, str] | None = None,
        default_place: str | None = None,
        default_language: str | None = None,
        encoding: str | None = None,
        home: str | None = None,
    ) -> None:
        self.path = path
        self._words, self._named = words, dict(columns or {})
        self._residence = Residence(words, default_place)
        self._default_language = read_default_language(default_language)
        self._addresses = Addresses(words, home)
        self._files: list[BinaryIO] = []
        self._progress: Callable[[], int] = int
        self._about = survey(path, encoding)
        self._columns, self._delimiter, self._start = self._understand()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; a `read` that was left half-way cannot go on."""
        while self._files:
            self._files.pop().close()

    @property
    def columns(self) -> Mapping[str, str]:
        """Header to field, as understood."""
        return self._columns.understood

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that are not used."""
        return self._columns.ignored

    @property
    def sha256(self) -> str:
        """Of the file's bytes."""
        return self._about.sha256

    @property
    def encoding(self) -> str:
        """The encoding as found or named; "" for Parquet. `cp1252` is found, not proven: look at a name with accents."""
        return self._about.encoding

    @property
    def total_bytes(self) -> int:
        """The size of the file."""
        return self._about.size

    @property
    def position(self) -> int:
        """How far the latest `read` is, in bytes of `total_bytes`."""
        return min(self._progress(), self.total_bytes)

    def read(self, start: int = 0) -> Iterator[Person | Refusal]:
        """Each record after the first `start`, in the table's order: exactly one person or refusal for each.

        BadFile when the file changed since it was opened, or a Parquet file is damaged further on.
        """
        if start < 0:
            raise ValueError("start is a number of records, 0 or more")
        return self._parquet(start) if self._about.parquet else self._text(start)

    def _text(self, start: int) -> Iterator[Person | Refusal]:
        width = len(self._columns.headers)
        rows = self._rows(self._columns.fields, width)
        with self._opened() as file:
            stream = Stream(file, self._about)
            self._progress = lambda: stream.position
            records = Records(stream, self._delimiter, width, self._start)
            for row, record in enumerate(records.read(start), start + 1):
                if isinstance(record, Broken):
                    yield Refusal(row, f"row-{row}", record.code, record.detail)
                else:
                    yield rows.read(row, record)
        self._progress = lambda: self.total_bytes

    def _parquet(self, start: int) -> Iterator[Person | Refusal]:
        wanted = sorted(set(self._columns.fields.values()))
        rows = self._rows({field: wanted.index(index) for field, index in self._columns.fields.items()}, len(wanted))
        with self._opened() as file:
            records = ParquetRecords(file, str(self.path))
            row = start
            self._progress = lambda: self.total_bytes * row // max(records.count, 1)
            for cells in records.read(wanted, start):
                row += 1
                yield rows.read(row, cells)

    def _rows(self, fields: Mapping[str, int], width: int) -> Rows:
        return Rows(fields, width, self._words, self._residence, self._addresses, self._default_language)

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with self._about.opened() as file:
            self._files.append(file)
            try:
                yield file
            finally:
                if file in self._files:
                    self._files.remove(file)

    def _understand(self) -> tuple[Columns, str, int]:
        """What the columns are, the separator, and the byte after the header. "" and 0 for Parquet."""
        name, has_default = str(self.path), self._residence.default is not None
        with self._opened() as file:
            if self._about.parquet:
                records = ParquetRecords(file, name)
                columns = understand(name, records.headers, self._named, default_place=has_default)
                records.check(list(columns.fields.values()))
                return columns, "", 0
            headers, delimiter, start = self._header(Stream(file, self._about))
        return understand(name, headers, self._named, default_place=has_default), delimiter, start

    def _header(self, stream: Stream) -> tuple[list[str], str, int]:
        """The header's cells, with the separator under which most of them are known. A first line `sep=;` settles it."""
        tabs_first = self.path.suffix.lower() in (".tsv", ".tab")
        tries = sorted(_DELIMITERS, key=lambda one: one != "\t") if tabs_first else _DELIMITERS
        best: tuple[tuple[int, int], list[str], str, int] | None = None
        for delimiter in tries:
            cells, place = self._first(stream, delimiter, 0)
            if delimiter == tries[0] and (told := _told(cells)) is not None:
                cells, place = self._first(stream, told, place)
                return cells, told, place
            score = (recognised(cells, self._named), len(cells))
            if best is None or score > best[0]:
                best = score, cells, delimiter, place
        assert best is not None
        return best[1:]

    def _first(self, stream: Stream, delimiter: str, start: int) -> tuple[list[str], int]:
        """The first record that is not empty, and the byte after it."""
        records = Records(stream, delimiter, None, start)
        records.exact = True
        for record in records.read():
            if isinstance(record, Broken):
                raise BadFile([Fault(str(self.path), 1, f"the header cannot be read: {record.detail}")])
            if any(map(str.strip, record)):
                return record, records.next_place
        raise BadFile([Fault(str(self.path), None, "there is nothing in it; the first line must name the columns")])


def _told(cells: list[str]) -> str | None:
    line = ",".join(cells).strip()
    return line[4] if len(line) == 5 and line.startswith("sep=") and line[4] in _DELIMITERS else None
