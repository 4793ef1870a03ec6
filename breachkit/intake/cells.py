"""One cell of a table: cleaned, or refused with the reason. Nothing here knows what a column means."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from breachkit.intake.people import CONTROL, FORMULA, TOO_LONG

MAX_CELL: Final = 10_000
"""The longest cell that is read, in characters."""
SHOWN: Final = 40
"""How much of a cell a message repeats, in characters."""

# Direction marks, and characters that show nowhere. Joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji need them.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
# What may not stand in a cell: controls, line and paragraph separators, lone surrogates, private use, non-characters.
_BARRED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_FORMULA = re.compile(r"[=\uff1d]\s*\S|[+\-\uff0b\uff0d]\s*[^\s+\-]|[@\uff20][^\s(]*[(!|+*/&]")
_KNOTTED = re.compile(r"\s{2,}|[^\S ]")


class CellRefused(Exception):
    """A cell that cannot be used; never leaves the room."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(detail)


def shown(text: str) -> str:
    """A cell's text as a message may repeat it: printable, on one line, at most 40 characters."""
    safe = "".join(sign if sign.isprintable() else "?" for sign in text[: SHOWN + 1])
    return safe if len(safe) <= SHOWN else safe[: SHOWN - 3] + "..."


def clean_email(text: str, notes: list[str]) -> str:
    """An e-mail address without outer spaces and invisible characters; whoever reads it judges the rest.

    CellRefused for a line break or another control character, which could forge a mail header.
    """
    if len(text) > MAX_CELL:
        raise CellRefused(TOO_LONG, f"email has {len(text):,} characters")
    seen = text.translate(_INVISIBLE)
    if seen != text:
        _note(notes, "email: invisible characters removed")
    seen = seen.strip(" \xa0")
    if (barred := _BARRED.search(seen)) is not None:
        raise CellRefused(CONTROL, f"email holds the character U+{ord(barred[0]):04X}")
    return seen


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run it: `=`, `+` or `-` before anything but a plain number, `@` before a call or a sum.

    `-`, `--`, `-5` and `@anna` are text. Spaces, tabs and line breaks before the sign do not hide it.
    """
    bare = text.lstrip()
    if not bare or bare[0] not in "=+-@\uff1d\uff0b\uff0d\uff20":
        return False
    return _FORMULA.match(bare) is not None and _PLAIN_NUMBER.fullmatch(bare) is None


def clean(text: str, what: str, notes: list[str]) -> str:
    """The cell on one line: NFC, without invisible direction marks, single spaces. CellRefused with `what` it was.

    A line break or tab inside is refused, as it could forge a mail header; a formula is refused.
    """
    if not text:
        return ""
    if len(text) > MAX_CELL:
        raise CellRefused(TOO_LONG, f"{what} has {len(text):,} characters")
    if looks_like_a_formula(text):
        raise CellRefused(FORMULA, f"{what} begins like a formula: {shown(text.strip())}")
    text = _tidy(text, what, notes)
    # Once more: an invisible character may have stood before the sign.
    if looks_like_a_formula(text):
        raise CellRefused(FORMULA, f"{what} begins like a formula: {shown(text)}")
    return text


def clean_lines(text: str, what: str, notes: list[str]) -> tuple[str, ...]:
    """The cell's lines, each cleaned, without empty ones: a postal address may have several lines in one cell."""
    if not text:
        return ()
    if len(text) > MAX_CELL:
        raise CellRefused(TOO_LONG, f"{what} has {len(text):,} characters")
    lines = (clean(line.replace("\t", " "), what, notes) for line in _BREAKS.split(text))
    return tuple(line for line in lines if line)


def _tidy(text: str, what: str, notes: list[str]) -> str:
    if (barred := _BARRED.search(text)) is not None:
        raise CellRefused(CONTROL, f"{what} holds the character U+{ord(barred[0]):04X}: {shown(text.strip())}")
    seen = text.translate(_INVISIBLE)
    if seen != text:
        _note(notes, f"{what}: invisible characters removed")
    text = unicodedata.normalize("NFC", seen).strip()
    if _KNOTTED.search(text) is not None:
        _note(notes, f"{what}: whitespace")
        text = " ".join(text.split())
    return text


def _note(notes: list[str], note: str) -> None:
    if note not in notes:
        notes.append(note)
