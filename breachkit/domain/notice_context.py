"""All that a template is given for one notice: plain text, what its duty asks, and the hash of the facts it stands on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.notice_elements import LEAVES_OUT, banned_by
from breachkit.domain.notice_fields import field_mark
from breachkit.domain.notice_gathering import Gathering
from breachkit.domain.notice_names import Said, Untranslated
from breachkit.domain.notice_sources import first_filing_of
from breachkit.domain.notice_text import clean
from breachkit.domain.notice_words import AMERICAN, ENGLISH, Wording
from breachkit.domain.periods import zone_named

FORMS: Mapping[str, str] = {
    "final": "a last report, when nothing more is expected",
    "withdrawal": "a report taken back, because it turned out that there was no breach",
    "substitute": "a notice in the place of letters, for people who cannot be reached one by one",
    "register": "the entry in the organisation's own register of breaches",
}
"""Notices that can be made for a duty beside its own; their name stands after the duty's: `eu.gdpr.33.withdrawal`."""


@dataclass(frozen=True)
class NoticeContext:
    """All that a template is given for one notice."""

    duty: str
    values: Mapping[str, Said]
    """Plain text, or lists of it, under names of NAMES. What is not known is not in it."""
    owed: frozenset[str]
    """Content elements the duty asks for on these facts."""
    banned: frozenset[str]
    """Content elements that must not be in it."""
    draft: bool
    invented: bool
    """Also true of an exercise."""
    facts_sha256: str
    pack_sha256: str
    written_on: date
    wording: Wording = ENGLISH
    says: Mapping[str, str] = field(default_factory=dict)
    """People's own words for content elements."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The elements it asks for, each with its name in the notice's language."""
    exercise: str | None = None
    """The exercise it is part of, by name; None outside of one."""


def notice_context(
    book: FactBook,
    finding: Finding,
    *,
    organisation_name: str,
    now: datetime,
    draft: bool,
    first_filing: Mapping[str, Any] | None = None,
    attachments: Iterable[str] = (),
    pack_sha256: str = "",
    wording: Wording | None = None,
    form: str = "",
    fields: Iterable[str] = (),
    categories: tuple[str, ...] | None = None,
    exercise: str | None = None,
) -> NoticeContext:
    """What is known, as a template needs it. A processor's notice is given its one client's share of the facts, no other's.

    `first_filing` is the filing an update follows; left out, it is looked up among the facts. `wording` left out is English,
    and for duties of the United States English as it is written there. `form` is one of FORMS for a notice that is made for a
    duty beside its own. `fields` are the reader's own data that a letter to many is merged with, `categories` the kinds of data
    of the people it is for; None: those of the incident. `exercise` is the exercise's name; None outside of one.
    """
    wording = wording or (AMERICAN if finding.regime.split(".")[0] == "us" else ENGLISH)
    mine = book.for_controller(finding.controller) if finding.controller and book.whose is None else book
    duty = f"{finding.duty}.{form}" if form else finding.duty
    gather = Gathering(mine, finding, wording, now, duty=duty)
    gather.categories = categories
    filing = first_filing if first_filing is not None else first_filing_of(finding.id, finding.duty, book)
    values: dict[str, Said | None] = {
        "organisation": organisation_name,
        **gather.addressing(),
        **gather.happening(),
        **gather.times(),
        **gather.data(),
        **gather.people(),
        **gather.response(),
        **gather.filing(filing),
        **gather.decision(),
        "attached": tuple(attachments),
        "not_yet": wording.not_yet,
    }
    known = {name: _cleaned(value) for name, value in values.items() if value is not None}
    known |= {f"person_{one}": field_mark(one) for one in fields}
    elements = book.words.elements
    return NoticeContext(
        duty=duty,
        values={name: value for name, value in known.items() if value and any(value)},
        owed=frozenset(finding.content),
        banned=banned_by((*finding.forbidden, *(id for id in finding.content if id in LEAVES_OUT)), book.words),
        draft=draft,
        invented=gather.invented or exercise is not None,
        facts_sha256=facts_hash(mine),
        pack_sha256=pack_sha256,
        written_on=now.astimezone(zone_named(gather.zone)).date(),
        wording=wording,
        says={id: _plain(text) for id, text in gather.says()},
        labels={id: wording.label("element", elements[id].label) for id in finding.content if id in elements},
        exercise=exercise,
    )


def _cleaned(value: Said) -> Said:
    return _plain(value) if isinstance(value, str) else tuple(_plain(item) for item in value)


def _plain(text: str) -> str:
    return text if isinstance(text, Untranslated) else clean(text).strip()


def facts_hash(book: FactBook) -> str:
    """The SHA-256 of all facts as recorded."""
    raws = {key: [fact.raw, fact.certainty] for key, fact in book.facts.items()}
    return hashlib.sha256(json.dumps(raws, sort_keys=True, ensure_ascii=True, default=str).encode()).hexdigest()
