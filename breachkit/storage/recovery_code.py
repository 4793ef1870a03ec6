"""A recovery code: 160 random bits as groups of letters that are easy to read aloud and to type."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from breachkit.errors import BadValue

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: they are taken for 1, 1, 0 and V."""
_MEANT: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_BYTES, _CHECK, _GROUP = 20, 4, 4


def new_code() -> bytes:
    """The bits of a new code."""
    return secrets.token_bytes(_BYTES)


def spelled(bits: bytes) -> str:
    """Nine groups of four, the last of them a checksum."""
    text = _letters(int.from_bytes(bits, "big"), 8 * _BYTES // 5) + _sum(bits)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read_code(text: str) -> bytes:
    """The bits of a code as somebody typed it. BadValue says what is wrong with it, and never repeats it."""
    letters = "".join(text.upper().split()).replace("-", "").translate(_MEANT)
    wanted = 8 * _BYTES // 5 + _CHECK
    if len(letters) != wanted:
        raise BadValue(f"a recovery code has {wanted} letters and digits in groups of {_GROUP}; this has {len(letters)}")
    if any(letter not in _LETTERS for letter in letters):
        raise BadValue("a recovery code is made of digits and letters only")
    number = 0
    for letter in letters[:-_CHECK]:
        number = number * 32 + _LETTERS.index(letter)
    bits = number.to_bytes(_BYTES, "big")
    if _sum(bits) != letters[-_CHECK:]:
        raise BadValue("the recovery code is mistyped: its last group does not fit the others; compare it group by group")
    return bits


def _sum(bits: bytes) -> str:
    digest = hashlib.sha256(b"breachkit recovery code " + bits).digest()
    return _letters(int.from_bytes(digest[:3], "big") >> 4, _CHECK)


def _letters(number: int, count: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(count)))
