"""Writes a DOCX file as the same bytes every time, and one part of it anew without touching the others.

What does not change between letters is deflated once; a letter costs the deflating of its own text.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import Final

BODY: Final = "word/document.xml"
_FIRST = ("[Content_Types].xml", "_rels/.rels")
_DAY = (1980 - 1980) << 9 | 1 << 5 | 1  # the first day a zip archive can name
_UTF8 = 0x800
_DEFLATED = 8
# Version 2.0; flags, method, time, day, checksum, sizes and name are those of the two kinds of header a zip archive has.
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


class Archive:
    """A DOCX file all of whose parts but the body are packed already."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """`parts` by name; the body's is left out."""
        packed: list[bytes] = []
        index: list[bytes] = []
        offset = 0
        for name in sorted(parts, key=lambda name: (name not in _FIRST, name)):
            entry, line = _entry(name, parts[name], offset, level=9)
            packed.append(entry)
            index.append(line)
            offset += len(entry)
        self._packed, self._index, self._offset, self._count = b"".join(packed), b"".join(index), offset, len(index)

    def with_body(self, body: bytes, *, level: int = 6) -> bytes:
        """The file with this body. `level` is zlib's, from 1 (fast) to 9 (small)."""
        entry, line = _entry(BODY, body, self._offset, level=level)
        index = self._index + line
        count = self._count + 1
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(index), self._offset + len(entry), 0)
        return b"".join((self._packed, entry, index, end))


def _entry(name: str, data: bytes, offset: int, *, level: int) -> tuple[bytes, bytes]:
    """A part with its header, and its line in the index at the end."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    raw = name.encode()
    sizes = (zlib.crc32(data), len(packed), len(data), len(raw), 0)
    local = _LOCAL.pack(b"PK\3\4", 20, _UTF8, _DEFLATED, 0, _DAY, *sizes)
    central = _CENTRAL.pack(b"PK\1\2", 20, 20, _UTF8, _DEFLATED, 0, _DAY, *sizes, 0, 0, 0, 0, offset)
    return b"".join((local, raw, packed)), central + raw


def parts_of(data: bytes, *, without: Iterable[str] = ()) -> dict[str, bytes]:
    """The parts of an archive that this house made, by name."""
    import io
    import zipfile

    left_out = frozenset(without)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name not in left_out}
