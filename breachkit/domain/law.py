"""The shape of a law: regimes, their duties in versions, recipients, due times and embargoes. Content reads them from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from breachkit.domain.conditions import ALWAYS, Condition
from breachkit.domain.periods import Counting, Period
from breachkit.domain.values import value

Confidence = Literal["verified", "secondary", "unverified"]
"""verified: the primary text was read. secondary: read in a secondary source. unverified: neither."""

RecipientKind = Literal["authority", "individuals", "controller", "owner", "cra", "media", "public", "contract", "other"]
RECIPIENT_KINDS: tuple[RecipientKind, ...] = (
    "authority", "individuals", "controller", "owner", "cra", "media", "public", "contract", "other",
)  # fmt: skip

InForce = Literal["in_force", "enacted", "proposed", "unknown"]

RegimeKind = Literal["general", "sector", "incident", "no_general_duty", "unknown"]
"""general: a general law on breaches of personal data. sector: for some trades only. incident: a duty on cyber incidents
without a test on personal data. no_general_duty: the answer is that the place has none. unknown: whether it has one is not
known."""


@value
class Citation:
    """Where a rule stands."""

    text: str
    url: str | None = None


@value
class Authority:
    """Someone official that receives reports."""

    id: str
    name: str
    place: str
    zone: str
    channel: str | None = None
    """How to reach it, in words; None when no channel is known - none is ever invented."""
    languages: tuple[str, ...] = ()
    last_checked: date | None = None
    confidence: Confidence = "unverified"
    name_en: str | None = None
    notes: tuple[str, ...] = ()


@value
class Directory:
    """Who is competent where. A place without an entry is not known yet, never guessed."""

    authorities: Mapping[str, Authority] = field(default_factory=dict)
    competent: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """function (data_protection, telecom_611) -> place -> authority ids."""

    def for_place(self, function: str, place: str) -> tuple[Authority, ...]:
        """The authorities of that function for that place; a part falls back to its country. Empty when not known."""
        table = self.competent.get(function, {})
        ids = table.get(place) or table.get(place.split("-", 1)[0]) or ()
        return tuple(self.authorities[id] for id in ids)

    def parts_of(self, function: str, country: str) -> tuple[Authority, ...]:
        """The authorities of a country's parts, where the country divides the task among them (Germany)."""
        table = self.competent.get(function, {})
        ids = [id for place, found in table.items() if place.startswith(country + "-") for id in found]
        return tuple(self.authorities[id] for id in dict.fromkeys(ids))


Resolve = Literal["fixed", "lead_or_each", "home", "controllers", "none"]
"""How the facts name the recipient.

fixed: always these. lead_or_each: the authority of the main establishment, or without one in the group every authority where
affected people live (EDPB Guidelines 9/2022 para 73). home: the authorities of the place of establishment. controllers: one
finding for each controller. none: the kind alone says it (individuals, the public).
"""


@value
class Recipient:
    """To whom a duty is owed."""

    kind: RecipientKind
    resolve: Resolve = "none"
    name: str = ""
    authorities: tuple[str, ...] = ()
    """For `fixed`: authority ids."""
    group: str | None = None
    """For `lead_or_each` and `home`: the place or group within which authorities are sought."""
    function: str = "data_protection"
    customer: bool = True
    """False for a contract partner that is no customer, such as an insurer."""


@value
class Due:
    """When a duty must be done."""

    period: Period | None
    """None: the law sets no number ("without undue delay")."""
    starts: str | None = None
    """A start word of the vocabulary; None when the clock starts with the filing of `after`."""
    year_of: str | None = None
    """With the start `year_end`: the start word whose calendar year it is the end of."""
    by: tuple[int, int] | None = None
    """Month and day: the next such day after the start, in place of a period."""
    after: str | None = None
    """The duty whose first filing starts this clock. Until it is filed the clock is projected from its limit."""
    qualifier: str = ""
    """The law's own softer words beside the number, restated."""
    counting: Counting = "plain"
    calendar: str | None = None
    """The place whose holidays count; None: that of the recipient, else of the regime."""
    first_day_counts: bool = False
    """The day of the event is day 1, where the law counts it; otherwise the next day is."""
    closed_days: tuple[tuple[int, int], ...] = ()
    """Months and days of every year that are no working days beside the holidays."""
    before: str | None = None
    """The duty that this one must be done before: the other's target, or its filing, is a ceiling here."""
    not_after: str | None = None
    """The duty that this one must not be done later than; the same ceiling."""
    earliest_of: tuple[Due, ...] = ()
    """Other limits beside this one; the earliest is the target."""
    steps: tuple[str, ...] = ()
    """Words of the law file about how the period is counted."""


@value
class Exemption:
    """A reason why a duty that would be owed is not, and what it costs."""

    id: str
    text: str
    when: Condition
    cite: tuple[Citation, ...] = ()


@value
class SometimesContent:
    """Content elements that are owed only where a condition holds, such as an offer of credit monitoring."""

    elements: tuple[str, ...]
    when: Condition
    text: str
    """When, in words: shown while it is not known."""
    months: int | None = None
    """How long what is offered must run, where the law says so."""


@value
class DueIf:
    """Another time limit for the same duty, under a condition."""

    when: Condition
    text: str
    due: Due


HoldForm = Literal["any", "written", "recorded"]


@value
class Hold:
    """Law enforcement may ask to wait with this notice."""

    form: HoldForm
    """written: only a written request counts. recorded: an oral one counts if it was written down. any: no form is set."""
    resume: Period | None = None
    """How long there is after the hold ends; None: at once."""
    mandatory: bool = False
    """The law itself forbids the notice while the request stands."""
    text: str = ""


@value
class SubstituteLimits:
    """Limits above which letters may give way to notice in another way. None: the law has no such limit."""

    cost_usd: int | None = None
    people: int | None = None
    employees: int | None = None
    """For a small organisation's own limits: how many employees it may have."""


@value
class Substitute:
    """When notice by other means may take the place of a letter to each person."""

    limits: SubstituteLimits
    strict: bool = True
    """True: a limit must be exceeded. False: reaching it is enough."""
    insufficient_contact: bool = True
    """Missing contact data opens it too."""
    small: SubstituteLimits | None = None
    means: tuple[str, ...] = ()
    text: str = ""


@value
class Replaced:
    """Another duty that takes the place of this one, when it is owed and `when` holds."""

    by: str
    when: Condition = ALWAYS
    text: str = ""


@value
class DutyVersion:
    """One text of a duty, as it stood from one date to another."""

    version: str
    """A short name of the text, such as `2007`."""
    status: InForce
    starts_on: date | None
    """The first day it applies; None when not known."""
    ends_on: date | None
    """The last day it applies, inclusive; None while it does."""
    recipient: Recipient
    scope: Condition
    """Whether the law reaches this organisation and these people at all."""
    when: Condition
    """Whether this breach triggers the duty."""
    due: Due
    cite: tuple[Citation, ...]
    confidence: Confidence
    presumed: bool = False
    """The law puts the burden on the notifier: owed unless shown otherwise."""
    exempt: tuple[Exemption, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    waits_for: tuple[str, ...] = ()
    """Duties of which a first filing must exist before this one can be owed."""
    opens_when: Literal["lacked", ""] = ""
    """`lacked`: owed only for what the filing it waits for had to leave out."""
    follows: RecipientKind | None = None
    """Owed when any statute owes a notice to recipients of this kind ("where required by law")."""
    content: tuple[str, ...] = ()
    late_content: tuple[str, ...] = ()
    """Elements that are owed only when it is filed after its target."""
    content_if: tuple[SometimesContent, ...] = ()
    forbidden: tuple[str, ...] = ()
    due_if: tuple[DueIf, ...] = ()
    """Other limits than `due`, each under a condition; the first that holds counts."""
    where_owed: str = ""
    """Owed only where this other duty is."""
    hold: Hold | None = None
    substitute: Substitute | None = None
    notes: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    """What of this row nobody read in a source."""
    extension: str = ""
    history: str = ""


@value
class Duty:
    """Something a law asks to be done, in all its texts."""

    id: str
    title: str
    versions: tuple[DutyVersion, ...]


@value
class Embargo:
    """A time before which some recipients must not be told, whatever other law, promise or contract asks for it."""

    id: str
    version: str
    status: InForce
    starts_on: date | None
    ends_on: date | None
    holds: tuple[RecipientKind, ...]
    """The kinds of recipients that must wait."""
    scope: Condition
    when: Condition
    after: str
    """The duty whose filing the wait is counted from."""
    period: Period
    calendar: str
    zone: str
    lifted: Condition | None
    """When it does not hold after all; None when nothing lifts it."""
    text: str
    cite: tuple[Citation, ...]
    confidence: Confidence


@value
class Regime:
    """One law file."""

    id: str
    title: str
    place: str
    """The place whose law it is: a country, a part of one, or a group."""
    covers: tuple[str, ...]
    """Places whose people have a general breach law once this file is loaded; empty for a sector rule."""
    zone: str
    """IANA zone in which its days are counted when the recipient has none of its own."""
    calendar: str | None
    source: Citation
    reviewed: date
    duties: tuple[Duty, ...]
    embargoes: tuple[Embargo, ...] = ()
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    kind: RegimeKind = "general"
    pack: str = "breachkit"
    """Which pack it came from: breachkit's own, an organisation's, or a user's."""
    notes: tuple[str, ...] = ()


@value
class PackSource:
    """Where regimes come from: breachkit's own laws, a user's pack, an organisation's profile."""

    id: str
    version: str
    sha256: str


@value
class LawPack:
    """All regimes in use at once, with the hash that lets an answer be replayed."""

    regimes: tuple[Regime, ...]
    version: str
    sha256: str
    sources: Mapping[str, PackSource] = field(default_factory=dict)
    """By the id that regimes and findings name as their pack."""

    def duty(self, id: str) -> Duty | None:
        """The duty of that id; None when no regime has it."""
        return next((duty for regime in self.regimes for duty in regime.duties if duty.id == id), None)
