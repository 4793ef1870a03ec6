"""How content elements stand to each other: which satisfy one, and how far a ban on one reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from breachkit.domain.vocabulary import Vocabulary

LEAVES_OUT: Final[Mapping[str, tuple[str, ...]]] = {"omit_nature_and_count": ("description", "count_people")}
"""A rule of form that stands for a ban on these elements."""


def kinds_of(element: str, words: Vocabulary) -> frozenset[str]:
    """The element itself and all that are kinds of it: each satisfies it."""
    return _under(element, words, parts=False)


def banned_by(forbidden: Iterable[str], words: Vocabulary) -> frozenset[str]:
    """All elements that a ban reaches: those named, their kinds and their parts."""
    named = [id for rule in forbidden for id in LEAVES_OUT.get(rule, (rule,))]
    return frozenset().union(*(_under(id, words, parts=True) for id in named))


def _under(element: str, words: Vocabulary, *, parts: bool) -> frozenset[str]:
    found = {element}
    while True:
        more = {
            one.id
            for one in words.elements.values()
            if found & {*one.broader, *(one.part_of if parts else ())} and one.id not in found
        }
        if not more:
            return frozenset(found)
        found |= more
