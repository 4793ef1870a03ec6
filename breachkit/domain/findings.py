"""What an assessment answers: one finding per duty and recipient, the conflicts between them, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from breachkit.domain.law import Citation, Confidence, InForce, RecipientKind
from breachkit.domain.logic import Because
from breachkit.domain.values import value

Status = Literal["owed", "not_owed", "undetermined", "exempt", "done", "not_in_force"]
OPEN: frozenset[Status] = frozenset({"owed", "undetermined"})
"""Statuses whose clock is treated as running."""


@value
class FoundRecipient:
    """To whom, as far as the facts say."""

    kind: RecipientKind
    id: str | None
    """None until the facts name one, and for kinds without ids such as individuals."""
    name: str
    channel: str | None = None
    """How to reach it; None when not known."""
    languages: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    """Ids it may turn out to be, while `id` is None."""
    waits_for: tuple[str, ...] = ()
    """Facts that would name it."""
    place: str | None = None
    zone: str | None = None
    channel_confidence: Confidence | None = None
    customer: bool = True
    """False for a partner that is neither a customer nor the public, such as an insurer: an embargo does not reach it."""
    last_checked: date | None = None


@value
class NotBefore:
    """The moment before which an embargo forbids this notice."""

    at: datetime | None
    """UTC; None when it cannot be worked out yet."""
    duty: str
    """The duty whose filing ends the wait."""
    because: str
    holds: bool | None
    """None: whether the embargo applies is not known yet."""
    projected: bool
    cite: tuple[Citation, ...]
    steps: tuple[str, ...] = ()


@value
class Held:
    """A request of law enforcement to wait, as far as it reaches this notice."""

    until: datetime | None
    """UTC; None while the end of the request is not known."""
    agency: str | None
    counts: bool
    """Whether the law at hand lets this request move the notice; the text says why not."""
    text: str


@value
class FoundSubstitute:
    """Whether notice by other means may take the place of letters."""

    open: bool | None
    """None: not known yet."""
    because: tuple[Because, ...]
    means: tuple[str, ...]
    text: str


@value
class FoundDue:
    """When, and how that was worked out."""

    target: datetime | None
    """UTC; None where the law sets no number or the start is not known."""
    outer: datetime | None
    last_day: date | None
    zone: str
    """The zone it is shown in, and whose days were counted."""
    kind: str
    """hours, days, business_days, months, or undue_delay where the law sets no number."""
    amount: int | None
    starts: str
    """The start word, or the duty whose filing starts it."""
    start_at: datetime | None
    start_fact: str | None
    qualifier: str
    provisional: bool
    """Its own start is not known and the earliest related one stands in, or which limit counts is not known."""
    projected: bool
    """It waits for another filing and is counted from that one's limit."""
    waits_for: tuple[str, ...]
    not_before: NotBefore | None
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    held: Held | None = None


@value
class Decision:
    """A recorded decision on one duty. It never hides the duty."""

    choice: str
    ground: str
    at: datetime | None
    by: str | None
    reopened: bool
    """A fact it rested on has changed since."""
    changed: tuple[str, ...] = ()
    """The keys of those facts."""


@value
class OtherText:
    """A text of the same duty that does not apply on the law date: enacted later, proposed, ended, or of unknown force."""

    version: str
    status: InForce
    starts_on: date | None
    ends_on: date | None
    summary: str
    cite: tuple[Citation, ...]


@value
class Finding:
    """One duty towards one recipient, judged on the facts known now."""

    id: str
    duty: str
    regime: str
    title: str
    recipient: FoundRecipient
    status: Status
    presumed: bool
    replaced_by: str | None
    due: FoundDue
    because: tuple[Because, ...]
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    """Of these, the ones to ask first: what brings the law into play, before what triggers it, before what dates it."""
    content: tuple[str, ...]
    forbidden: tuple[str, ...]
    cite: tuple[Citation, ...]
    confidence: Confidence
    reviewed: date
    pack: str
    version: str
    pack_version: str = ""
    """Of the pack it came from; empty where that has none, such as a profile."""
    pack_sha256: str = ""
    decision: Decision | None = None
    filed: tuple[Mapping[str, Any], ...] = ()
    controller: str | None = None
    other_texts: tuple[OtherText, ...] = ()
    notes: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    """What of this row nobody read in a source."""
    substitute: FoundSubstitute | None = None
    place_open: bool = False
    """Open only because nobody said yet where all affected people live, and nothing points to the place of this law."""
    trade_open: bool = False
    """Open because nobody said yet in which regulated sectors the organisation works."""

    @property
    def open(self) -> bool:
        """Whether it is owed or may be."""
        return self.status in OPEN

    @property
    def aside(self) -> bool:
        """One of all the world's laws, until somebody says where people live and what the organisation does."""
        return self.place_open or self.trade_open

    @property
    def running(self) -> bool:
        """Whether its clock is shown as running."""
        return self.open and not self.aside


@value
class Conflict:
    """Two rules that cannot both be kept, for counsel to settle."""

    duties: tuple[str, ...]
    text: str
    cite: tuple[Citation, ...]


@value
class OpenQuestion:
    """A fact that is not known and what hangs on it."""

    key: str
    asks: str
    why: str
    unlocks: tuple[str, ...]
    earliest_due: datetime | None
    """UTC, of the duties whose clock runs, or of the others where none does; None when none of them has a number."""
    answered_unknown: bool = False
    """Somebody already answered that it is not known; it is asked last."""


@value
class Uncovered:
    """A place where affected people live and for which no law is loaded."""

    place: str
    name: str
    people: str


@value
class Assessment:
    """The whole answer."""

    now: datetime
    law_date: date | None
    """None: each duty was judged under the text of the day its clock started."""
    pack_version: str
    pack_sha256: str
    uncovered: tuple[Uncovered, ...]
    findings: tuple[Finding, ...]
    """Most urgent first; what is settled comes last."""
    conflicts: tuple[Conflict, ...]
    questions: tuple[OpenQuestion, ...]

    @property
    def elsewhere(self) -> tuple[Finding, ...]:
        """What may be owed under laws of places or trades nobody spoke of yet: an answer or two settle it all."""
        return tuple(finding for finding in self.findings if finding.aside)

    def find(self, id: str) -> Finding | None:
        """The finding of that id; None when there is none."""
        return next((finding for finding in self.findings if finding.id == id), None)
