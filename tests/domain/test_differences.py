"""What changed between two texts: the pieces give both texts again, and show no more than what changed."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain import differences
from breachkit.domain.differences import Piece, difference, in_brackets

TEXTS = st.lists(st.sampled_from(["one", "two", "three,", "4100", "[-x-]", " ", "  ", "\n", "\n\n", "é"]), max_size=25).map(
    " ".join
)


@given(TEXTS, TEXTS)
def test_the_pieces_give_either_text_again(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert all(piece.text for piece in pieces)
    assert all(first.kind != second.kind for first, second in itertools.pairwise(pieces))
    assert differences.changed(pieces) == (before != after)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert difference(text, text) == ((Piece("same", text),) if text else ())


def test_changed_words_stand_in_brackets_and_spaces_outside() -> None:
    pieces = difference("It is sent to 4100 people.\n\nGone.\n", "It is sent to about 5000 people.\n\nNew and\nlonger.\n")
    assert in_brackets(pieces) == "It is sent to [-4100-]{+about 5000+} people.\n\n[-Gone.-]{+New and\nlonger.+}\n"


def test_two_very_long_texts_without_a_common_line_are_shown_whole() -> None:
    long = [" ".join(f"{letter}{number}" for number in range(differences.MOST_WORDS + 1)) for letter in "ab"]
    assert [piece.kind for piece in difference(*long)] == ["gone", "new"]
