"""Whether a notice says what its duty asks, nothing a law forbids here, nothing against or beyond the facts, and nobody's data.

What each question is judged by stands in a module of its own: `layout`, `contradictions`, `leaks`, `overclaims`, `consistency`,
`reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from breachkit.domain.consistency import Inconsistent
from breachkit.domain.contradictions import Gap, contradictions, placeholders
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Track
from breachkit.domain.layout import PRESCRIBED, SHOWN, LayoutFault, layout_faults
from breachkit.domain.leaks import Leak, leaks
from breachkit.domain.notice_elements import LEAVES_OUT, banned_by, kinds_of
from breachkit.domain.notice_text import is_blank, plain
from breachkit.domain.notices import Notice
from breachkit.domain.overclaims import Overclaim, overclaims
from breachkit.domain.reading import LIMIT, Reading, reading
from breachkit.domain.said_values import counts_said
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Vocabulary

TO_PEOPLE: Final = frozenset({"individuals", "public", "media"})
"""Kinds of recipients whose notices have to be easy to read."""


@value
class OffRecord:
    """A fact that a notice tells and that lies off the factual track: it may be for counsel alone, or told in confidence."""

    fact: str
    entry: int
    """The number of the newest entry that says it."""
    track: Track


@value
class NoticeCheck:
    """Whether a notice says what its duty asks and the facts support."""

    duty: str
    present: tuple[str, ...]
    missing: tuple[str, ...]
    """Content elements it lacks, those of `empty` and the rules of form of `layout` among them."""
    open: tuple[str, ...]
    """Elements owed only as far as they are known, of which it says that they will follow. They count as present."""
    empty: tuple[str, ...]
    """Elements marked in it, but with no words."""
    html_only: tuple[str, ...]
    """Rules of form among `present` that only documents with type keep: Markdown and plain text set no type size."""
    forbidden_present: tuple[str, ...]
    contradictions: tuple[str, ...]
    """Sentences; each gap of `placeholders` is among them."""
    reading: Reading
    layout: tuple[LayoutFault, ...] = ()
    """Rules of form that are not kept, and how."""
    placeholders: tuple[Gap, ...] = ()
    personal_data: tuple[Leak, ...] = ()
    """What looks like affected people's data in a form for an authority, a credit bureau, the media or the public."""
    overclaims: tuple[Overclaim, ...] = ()
    """Statements that go further than the facts."""
    inconsistent: tuple[Inconsistent, ...] = ()
    """What this notice tells otherwise than another one it was checked beside."""
    off_record: tuple[OffRecord, ...] = ()
    """What it tells from entries off the factual track, as far as somebody looked: that needs the journal."""

    @property
    def complete(self) -> bool:
        """Nothing is missing, forbidden or contradictory, no rule of form is broken, no one's data and no overclaim in it."""
        return not any(found for what, found in self.faults().items() if what not in ("inconsistent", "reading", "tracks"))

    def faults(self) -> dict[str, bool]:
        """By each word of FAULTS, whether there is one."""
        return {
            "missing": bool(self.missing),
            "forbidden": bool(self.forbidden_present),
            "contradictions": bool(self.contradictions),
            "layout": bool(self.layout),
            "personal-data": bool(self.personal_data),
            "overclaims": bool(self.overclaims),
            "inconsistent": bool(self.inconsistent),
            "reading": self.reading.too_hard,
            "tracks": bool(self.off_record),
        }

    def reasons(self) -> list[str]:
        """Why it is not complete, in sentences; what differs between notices comes last, and is no reason by itself."""
        said = [f"it lacks {', '.join(self.missing)}"] if self.missing else []
        said += [f"it holds {', '.join(self.forbidden_present)}, which is forbidden here"] if self.forbidden_present else []
        said += [f"{one.rule}: {one.text}" for one in self.layout]
        said += self.contradictions
        said += [f"line {one.line} holds what looks like somebody's {one.kind}: {one.shown}" for one in self.personal_data]
        said += [f"line {one.line} says '{one.text}', which needs {one.needs}" for one in self.overclaims]
        return [*said, *(one.text for one in self.inconsistent)]


FAULTS: Final = (
    "missing", "forbidden", "contradictions", "layout", "personal-data", "overclaims", "inconsistent", "reading",
    "tracks",
)  # fmt: skip
"""What a check can find wrong, by the words the command line takes."""

_OF_TYPE: Final = frozenset({"font_min_pt"})
"""Rules of form about how letters are set."""


def check(
    notice: Notice,
    finding: Finding,
    words: Vocabulary,
    book: FactBook,
    *,
    read: Reading | None = None,
    type_sizes: Iterable[float] = (),
) -> NoticeCheck:
    """Compare a notice with what its duty asks and with the facts.

    `read`: how hard it is to read, where somebody measured better than `reading.reading` does. `type_sizes`: the type its
    documents set, in points; none where no document was made.
    """
    mine = book.for_controller(finding.controller) if finding.controller and book.whose is None else book
    read = read or _own_reading(notice, finding)
    left_in = tuple(_left_in(notice, banned_by(("omit_nature_and_count",), words), mine))
    faults = tuple(layout_faults(notice, finding, read=read, type_sizes=type_sizes, left_in=left_in))
    broken = {fault.rule for fault in faults}
    present: list[str] = []
    missing: list[str] = []
    waiting: list[str] = []
    for id in dict.fromkeys(finding.content):
        state = "missing" if id in broken else _state(id, notice, finding, words)
        if state == "open" and id in words.elements and words.elements[id].where_possible:
            waiting.append(id)
        (present if state == "said" or id in waiting else missing).append(id)
    return NoticeCheck(
        duty=finding.id,
        present=tuple(present),
        missing=tuple(missing),
        open=tuple(waiting),
        empty=tuple(id for id, text in notice.elements.items() if is_blank(text)),
        html_only=tuple(id for id in present if id in _OF_TYPE),
        forbidden_present=tuple(_forbidden(notice, finding, words, mine)),
        contradictions=tuple(contradictions(notice, finding, mine, book)),
        reading=read,
        layout=faults,
        placeholders=tuple(placeholders(notice)),
        personal_data=tuple(leaks(notice, finding, book)),
        overclaims=tuple(overclaims(notice, mine)),
    )


def _own_reading(notice: Notice, finding: Finding) -> Reading:
    read = reading(notice.source)
    judged = finding.recipient.kind in TO_PEOPLE and notice.language.split("-")[0] == "en"
    return replace(read, limit=LIMIT) if judged else read


def _state(element: str, notice: Notice, finding: Finding, words: Vocabulary) -> str:
    if element in LEAVES_OUT:
        return "missing" if _holds_banned(element, notice, words) else "said"
    if element in words.elements and words.elements[element].form:
        shown = element in SHOWN and finding.duty in PRESCRIBED
        return "said" if shown or element in notice.forms else "missing"
    marked = [id for id in kinds_of(element, words) if id in notice.elements and not is_blank(notice.elements[id])]
    if any(id not in notice.open for id in marked):
        return "said"
    return "open" if marked else "missing"


def _forbidden(notice: Notice, finding: Finding, words: Vocabulary, book: FactBook) -> Iterator[str]:
    for id in dict.fromkeys(finding.forbidden):
        if _holds_banned(id, notice, words) or any(_left_in(notice, banned_by([id], words), book)):
            yield id


def _holds_banned(id: str, notice: Notice, words: Vocabulary) -> bool:
    reach = banned_by([id], words)
    return any(one in notice.elements and not is_blank(notice.elements[one]) for one in reach)


def _left_in(notice: Notice, banned: frozenset[str], book: FactBook) -> Iterator[str]:
    """Words nobody marked that say what is banned: numbers of people, the recorded cause, the summary's sentences."""
    text = plain(notice.source)
    if "count_people" in banned:
        yield from (said.written for said in counts_said(text, notice.language) if said.of == "people")
    cause = book.text("breach.cause")
    if "cause" in banned and (match := _CAUSES[cause].search(text) if cause in _CAUSES else None):
        yield match[0]
    if "description" in banned or "nature" in banned:
        for key in ("incident.summary", "breach.root_cause", "incident.title"):
            for sentence in re.split(r"(?<=[.!?])\s+|\n", book.text(key) or ""):
                if len(sentence.split()) > 3 and sentence.strip() in " ".join(text.split()):
                    yield sentence.strip()


_CAUSES: Final = {
    cause: re.compile(rf"\b(?:{pattern})\w*", re.I)
    for cause, pattern in {
        "misconfiguration": r"misconfigur|wrong setting|mal configurad|Fehlkonfiguration",
        "phishing": r"phish|spear-?phish|hameçonnage",
        "ransomware": r"ransom",
        "malware": r"malware|malicious software|spyware|Schadsoftware|programa malicioso",
        "hacking": r"hack|cyber-?attack|ciberataque|exploit|pirate\w* inform",
        "stolen_credentials": r"stolen (?:log-?in|password|credential)|credential stuffing|contraseñas robadas",
        "insider": r"former employee|rogue employee|insider|empleado desleal",
        "lost_device": r"lost (?:laptop|device|phone|drive|stick|document|file)|misplaced|portátil perdido",
        "stolen_device": r"stolen (?:laptop|device|phone|drive|document)|theft of|robo de",
        "misdirected": r"wrong (?:recipient|address|person)|misdirected|mis-?sent|destinatario equivocado",
        "software_fault": r"software (?:error|fault|bug)|coding error|error de software",
        "physical": r"break-?in|burgl|robo en",
        "disposal": r"dumpster|thrown away|improper(?:ly)? dispos",
        "human_error": r"human (?:error|mistake)|error humano",
    }.items()
}
"""Words that give a recorded cause away, in English and Spanish - letters in the United States - and some more."""
