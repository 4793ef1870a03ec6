"""The pages of an encrypted file read one by one, each by its own checksum: for what SQLCipher itself refuses as a whole.

SQLCipher stops at the first page that fails; what is left of a damaged file is on the others. Format 4: 4096 bytes a page,
AES-256-CBC, HMAC-SHA512 over page and number. Nothing here writes to a disk.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from breachkit.storage.cipher import Raw
from breachkit.storage.files import MAGIC, wal_of

PAGE: Final = 4096
_IV, _MAC, _SALT = 16, 64, 16
_LOG_HEADER, _FRAME_HEADER = 32, 24


def any_page_fits(path: Path, raw: Raw, most: int = 64) -> bool:
    """Whether one of the first pages was written under this key."""
    mac = _mac_key(raw)
    return any(_fits(page, number, mac) for number, page in _pages(path) if number <= most)


def in_memory(path: Path, raw: Raw, *, with_log: bool) -> sqlite3.Connection:
    """What can be read of the file as a plain database in memory; pages that fail their checksum are blank."""
    pages = dict(_pages(path))
    if with_log:
        pages |= _logged(wal_of(path))
    mac = _mac_key(raw)
    plain = bytearray(PAGE * max(pages, default=0))
    for number, page in pages.items():
        if _fits(page, number, mac):
            plain[(number - 1) * PAGE : number * PAGE] = _opened(page, number, raw)
    if plain.startswith(MAGIC):
        plain[18:20] = b"\1\1"  # no log: a database in memory has none
        plain.extend(bytes(max(0, PAGE * int.from_bytes(plain[28:32], "big") - len(plain))))
    memory = sqlite3.connect(":memory:", isolation_level=None)
    if plain:
        memory.deserialize(bytes(plain))
    return memory


def _pages(path: Path) -> Iterator[tuple[int, bytes]]:
    """Whole pages by number, from 1."""
    with path.open("rb") as file:
        number = 0
        while len(page := file.read(PAGE)) == PAGE:
            number += 1
            yield number, page


def _logged(log: Path) -> dict[int, bytes]:
    """The newest committed page of each number in the log."""
    raw = log.read_bytes() if log.exists() else b""
    salts = raw[16:24]
    waiting: dict[int, bytes] = {}
    found: dict[int, bytes] = {}
    size = _FRAME_HEADER + PAGE
    for at in range(_LOG_HEADER, len(raw) - size + 1, size):
        number, committed = struct.unpack(">II", raw[at : at + 8])
        if raw[at + 8 : at + 16] != salts:
            break  # left over from before the log was begun anew
        waiting[number] = raw[at + _FRAME_HEADER : at + size]
        if committed:
            found |= waiting
            waiting = {}
    return found


def _mac_key(raw: Raw) -> bytes:
    salt = bytes(one ^ 0x3A for one in raw.salt)
    return hashlib.pbkdf2_hmac("sha512", raw.key, salt, 2, 32)


def _fits(page: bytes, number: int, key: bytes) -> bool:
    begin = _SALT if number == 1 else 0
    said = hmac.digest(key, page[begin : PAGE - _MAC] + struct.pack("<I", number), "sha512")
    return hmac.compare_digest(said, page[PAGE - _MAC :])


def _opened(page: bytes, number: int, raw: Raw) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    begin, end = (_SALT if number == 1 else 0), PAGE - _IV - _MAC
    opener = Cipher(AES(raw.key), CBC(page[end : end + _IV])).decryptor()
    content = opener.update(page[begin:end]) + opener.finalize()
    return (MAGIC if number == 1 else b"") + content + bytes(_IV + _MAC)
