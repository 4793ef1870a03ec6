"""Whether a notice says what its duty asks, nothing that a law forbids here, and nothing against the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachkit.domain.contradictions import contradictions
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.notice_elements import LEAVES_OUT, banned_by, kinds_of
from breachkit.domain.notice_text import is_blank, plain
from breachkit.domain.notice_words import counts_of_people
from breachkit.domain.notices import Notice
from breachkit.domain.reading import Reading, reading
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Vocabulary


@value
class NoticeCheck:
    """Whether a notice says what its duty asks and the facts support."""

    duty: str
    present: tuple[str, ...]
    missing: tuple[str, ...]
    """Content elements it lacks, those of `empty` among them."""
    open: tuple[str, ...]
    """Elements owed only as far as they are known, of which it says that they will follow. They count as present."""
    empty: tuple[str, ...]
    """Elements marked in it, but with no words."""
    html_only: tuple[str, ...]
    """Rules of form among `present` that the HTML document alone keeps: Markdown and plain text set no type size."""
    forbidden_present: tuple[str, ...]
    contradictions: tuple[str, ...]
    reading: Reading

    @property
    def complete(self) -> bool:
        """Nothing is missing, forbidden or contradictory."""
        return not (self.missing or self.forbidden_present or self.contradictions)


_OF_TYPE: Final = frozenset({"font_min_pt"})
"""Rules of form about how letters are set."""


def check(notice: Notice, finding: Finding, words: Vocabulary, book: FactBook) -> NoticeCheck:
    """Compare a notice with what its duty asks and with the facts."""
    present: list[str] = []
    missing: list[str] = []
    waiting: list[str] = []
    for id in dict.fromkeys(finding.content):
        state = _state(id, notice, words)
        if state == "open" and id in words.elements and words.elements[id].where_possible:
            waiting.append(id)
        (present if state == "said" or id in waiting else missing).append(id)
    empty = tuple(id for id, text in notice.elements.items() if is_blank(text))
    mine = book.for_controller(finding.controller) if finding.controller and book.whose is None else book
    return NoticeCheck(
        duty=finding.id,
        present=tuple(present),
        missing=tuple(missing),
        open=tuple(waiting),
        empty=empty,
        html_only=tuple(id for id in present if id in _OF_TYPE),
        forbidden_present=tuple(_forbidden(notice, finding, words)),
        contradictions=tuple(contradictions(notice, finding, mine, book)),
        reading=reading(notice.source),
    )


def _state(element: str, notice: Notice, words: Vocabulary) -> str:
    if element in LEAVES_OUT:
        return "missing" if _holds_banned(element, notice, words) else "said"
    if element in words.elements and words.elements[element].form:
        return "said" if element in notice.forms else "missing"
    marked = [id for id in kinds_of(element, words) if id in notice.elements and not is_blank(notice.elements[id])]
    if any(id not in notice.open for id in marked):
        return "said"
    return "open" if marked else "missing"


def _forbidden(notice: Notice, finding: Finding, words: Vocabulary) -> Iterator[str]:
    for id in dict.fromkeys(finding.forbidden):
        if _holds_banned(id, notice, words):
            yield id


def _holds_banned(id: str, notice: Notice, words: Vocabulary) -> bool:
    reach = banned_by([id], words)
    if any(one in notice.elements and not is_blank(notice.elements[one]) for one in reach):
        return True
    return "count_people" in reach and any(counts_of_people(plain(notice.source)))
