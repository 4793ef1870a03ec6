"""What changed between two texts, word by word. Put together again, the pieces give either text exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from breachkit.domain.values import value

PieceKind = Literal["same", "gone", "new"]

_WORD = re.compile(r"\S+\s*|\s+")
_LINE = re.compile(r"[^\n]*\n+|[^\n]+")
_SPACE_AROUND = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
MOST_WORDS = 4000
"""Of a changed stretch longer than this, the whole is shown as gone and new: comparing takes time with the square of it."""


@value
class Piece:
    """A stretch of words with the white space behind them."""

    kind: PieceKind
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in reading order; what is gone stands before what is new in its place. Empty for two empty texts."""
    return tuple(_joined(_by_lines(before, after)))


def changed(pieces: Iterable[Piece]) -> bool:
    """Whether anything is gone or new."""
    return any(piece.kind != "same" for piece in pieces)


def shown(pieces: Iterable[Piece]) -> Iterator[tuple[PieceKind, str]]:
    """The pieces as they are shown: white space around what is gone or new is `same`, and stands once where words changed."""
    held = list(pieces)
    for number, piece in enumerate(held):
        if piece.kind == "same":
            yield "same", piece.text
            continue
        replaced = piece.kind == "gone" and number + 1 < len(held) and held[number + 1].kind == "new"
        match = _SPACE_AROUND.fullmatch(piece.text)
        assert match is not None
        before, words, after = match.groups()
        if words:
            yield "same", before
            yield piece.kind, words
        if not replaced and (words or piece.kind == "new"):
            yield "same", after


def in_brackets(pieces: Iterable[Piece]) -> str:
    """`sent to [-4100-]{+5000+} people`, with spaces and line ends outside the brackets."""
    marks = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(f"{marks[kind][0]}{text}{marks[kind][1]}" for kind, text in shown(pieces))


def _by_lines(before: str, after: str) -> Iterator[Piece]:
    """Lines first, so that a moved paragraph is not matched word by word against another."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    for kind, old_part, new_part in _compared(old, new):
        if kind == "same":
            yield Piece("same", "".join(old_part))
            continue
        words = _WORD.findall("".join(old_part)), _WORD.findall("".join(new_part))
        if max(map(len, words)) > MOST_WORDS:
            yield from _replaced(*words)
        else:
            for same, old_words, new_words in _compared(*words):
                if same == "same":
                    yield Piece("same", "".join(old_words))
                else:
                    yield from _replaced(old_words, new_words)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield ("same" if tag == "equal" else "other"), old[i:j], new[k:m]


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if old:
        yield Piece("gone", "".join(old))
    if new:
        yield Piece("new", "".join(new))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one; within a run of changes, all that is gone before all that is new."""
    run: dict[PieceKind, str] = {}
    for piece in [*pieces, None]:
        ends = piece is None or (piece.kind == "same") != ("same" in run)
        if ends and run:
            yield from (Piece(kind, run[kind]) for kind in ("same", "gone", "new") if run.get(kind))
            run = {}
        if piece is not None:
            run[piece.kind] = run.get(piece.kind, "") + piece.text
