"""Files as a batch writes them: whole or not at all, for the owner alone; and the manifest's lines for each letter."""

from __future__ import annotations

import csv
import io
import os
from json.encoder import encode_basestring
from pathlib import Path
from typing import Final

from breachkit.domain.spreadsheet import guarded
from breachkit.storage.batches import Kept

MANIFEST: Final = ("row", "id", "duty", "place", "language", "format", "file", "page", "pages", "offset", "bytes", "sha256")
"""The manifest's columns. `page` and `pages` are of a print file, `offset` is of a file of lines."""


class Lines:
    """The manifest's lines of one chunk."""

    def __init__(self, finding: str, place: str, language: str, format: str) -> None:
        self.csv = io.StringIO()
        self.json: list[str] = []
        self.count = 0
        self._rows = csv.writer(self.csv, lineterminator="\n")
        self._known = (finding, place, language, format)
        self._said = ", ".join(
            f'"{name}": {encode_basestring(text)}'
            for name, text in zip(("duty", "place", "language", "format"), self._known, strict=True)
        )

    def add(
        self,
        person: Kept,
        file: str,
        *,
        size: int | str,
        sha256: str,
        page: int | str = "",
        pages: int | str = "",
        offset: int | str = "",
    ) -> None:
        """One letter."""
        self.count += 1
        self._rows.writerow((person.row, guarded(person.id), *self._known, file, page, pages, offset, size, sha256))
        where = "".join(
            f', "{name}": {number}'
            for name, number in (("page", page), ("pages", pages), ("offset", offset), ("bytes", size))
            if number != ""
        )
        said = f'{{"row": {person.row}, "id": {encode_basestring(person.id)}, {self._said}, "file": {encode_basestring(file)}'
        self.json.append(f'{said}{where}, "sha256": "{sha256}"}}\n')


class part_file:
    """A file that is there whole and for the owner alone, or not at all; with `sync`, on disk when it is there."""

    def __init__(self, path: Path, *, sync: bool = True) -> None:
        self._path, self._sync = path, sync
        self._beside = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> io.BufferedWriter:
        self._beside.unlink(missing_ok=True)
        self._file = open(_create(self._beside), "wb")
        return self._file

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._file.flush()
            if self._sync:
                os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            os.replace(self._beside, self._path)
        else:
            self._beside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """A new file for the owner alone."""
    descriptor = _create(path)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _create(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o600)
