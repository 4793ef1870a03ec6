"""How hard a text is to read, by a formula that needs no word list; a better measure may stand in for it."""

from __future__ import annotations

import re
from typing import Final

from breachkit.domain.notice_text import plain
from breachkit.domain.values import value

LIMIT: Final = 9.0
"""The highest school grade for a letter to people.

Ours: no breach law names a number; they say "plain language" or "clear and plain". Nine years of school is what most adults
have, and one more than is often advised for letters to patients, since names of data and companies cannot be made shorter.
"""

FEWEST_WORDS: Final = 30
"""Below it no formula says anything."""


@value
class Reading:
    """How hard a text is to read."""

    grade: float
    """The school year, as counted in the United States, that reads it with ease."""
    words: int
    method: str = "Flesch-Kincaid, syllables by vowels"
    """The formula, and what worked it out."""
    score: float | None = None
    """What the formula itself gives, where that is not a grade."""
    limit: float | None = None
    """The highest grade for a letter of its kind; None where there is none."""

    @property
    def too_hard(self) -> bool:
        """Whether its grade is over its limit. A short text is never too hard."""
        return self.limit is not None and self.words >= FEWEST_WORDS and self.grade > self.limit


def sentences_of(markdown: str) -> list[list[str]]:
    """The words of each sentence. A sentence ends at . ! ? : ; or where a list item or heading ends."""
    found: list[list[str]] = []
    for block in re.split(r"\n(?=\s*(?:[-+*#|>]|\d+[.)]))|\n\s*\n", markdown):
        for sentence in re.split(r"(?<=[.!?:;])\s+", plain(block)):
            found.append(re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", sentence))  # noqa: PERF401 - two loops read better
    return [words for words in found if words]


def reading(markdown: str) -> Reading:
    """The Flesch-Kincaid grade and the number of words.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59. A syllable is a run of vowels, less a silent final e.
    Made for English; elsewhere only a hint.
    """
    sentences = sentences_of(markdown)
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(0.0, 0)
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return Reading(round(max(grade, 0.0), 1), len(words))


def _syllables(word: str) -> int:
    lower = word.lower()
    runs = len(re.findall(r"[aeiouy\u00e0-\u00ff]+", lower))
    silent = lower.endswith("e") and not lower.endswith(("le", "ee")) and runs > 1
    return max(1, runs - silent)
