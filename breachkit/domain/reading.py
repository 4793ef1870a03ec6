"""How hard a text is to read."""

from __future__ import annotations

import re

from breachkit.domain.notice_text import plain
from breachkit.domain.values import value


@value
class Reading:
    """How hard a text is to read."""

    grade: float
    """Flesch-Kincaid: the United States school year that reads it with ease. Made for English; elsewhere only a hint."""
    words: int


def reading(markdown: str) -> Reading:
    """The Flesch-Kincaid grade and the number of words.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59. A sentence ends at . ! ? : or where a list item or
    heading ends; a syllable is a run of vowels, less a silent final e.
    """
    sentences = 0
    words: list[str] = []
    for block in re.split(r"\n(?=\s*(?:[-+*#|>]|\d+[.)]))|\n\s*\n", markdown):
        text = plain(block)
        for sentence in re.split(r"(?<=[.!?:;])\s+", text):
            found = re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", sentence)
            if found:
                sentences += 1
                words += found
    if not words:
        return Reading(0.0, 0)
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return Reading(round(max(grade, 0.0), 1), len(words))


def _syllables(word: str) -> int:
    lower = word.lower()
    runs = len(re.findall(r"[aeiouy\u00e0-\u00ff]+", lower))
    silent = lower.endswith("e") and not lower.endswith(("le", "ee")) and runs > 1
    return max(1, runs - silent)
