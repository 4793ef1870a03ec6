"""What a worksheet is: the fields of an authority's portal in the portal's own order, each with the facts that answer it.

The answers are worked out in worksheet_answers.py; reading worksheet files is content's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, Literal, get_args

from breachkit.domain.conditions import ALWAYS, Condition, evaluate
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.law import Confidence
from breachkit.domain.logic import FALSE, TRUE, Verdict, all_of
from breachkit.domain.notice_names import Said
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Element, Vocabulary

Kind = Literal[
    "text", "long_text", "choice", "multi_choice", "yes_no", "number", "date", "time", "email", "phone", "file", "tick"
]
"""`date` is a day alone, `time` a day with its time of day, `tick` a box that somebody ticks by hand."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
YesNo = Literal["yes", "no", "unknown"]
Status = Literal["known", "estimated", "unknown", "person", "not_applicable"]


@value
class Ask:
    """A test on the facts, and on what a notice would say under a name such as `stage` or `late`."""

    condition: Condition = ALWAYS
    says: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names of `notice_names` and the values of which each must have one; a name that is not there has none."""

    def judged(self, book: FactBook, values: dict[str, Said]) -> Verdict:
        """True, false, or not known yet with the facts it waits for."""
        said = (TRUE if values.get(name) in wanted else FALSE for name, wanted in self.says)
        return all_of([evaluate(self.condition, book), *said])


ANYWAY: Final = Ask()


@value
class Piece:
    """One source of an answer: a fact, or a name of `notice_names`. Exactly one of the two is set."""

    fact: str | None = None
    """A fact key; `people.in.<place>` is the count in the place the duty is about."""
    name: str | None = None
    record: tuple[str, ...] = ()
    """For a name: the fact keys (or their patterns) somebody records to fill it."""
    lead: str = ""
    """Words before it, as in `Cause: ...`."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The fact keys behind it."""
        return (self.fact,) if self.fact is not None else self.record


@value
class Option:
    """One answer a field offers."""

    label: str
    ask: Ask | None = None
    """When it is the right one; None: no fact tells."""
    otherwise: bool = False
    """Taken when the facts are known and fit no other option."""
    unknown: bool = False
    """Taken while the facts are not known, as in `Not yet known`."""


@value
class Field:
    """One field of a form."""

    id: str
    label: str
    kind: Kind
    pieces: tuple[Piece, ...] = ()
    first: bool = False
    """Only the first known piece is the answer; otherwise all known ones are."""
    options: tuple[Option, ...] = ()
    yes_if: Ask | None = None
    """For yes_no: when the answer is yes."""
    only_if: Ask = ANYWAY
    """The field is left out where this does not hold."""
    limit: int | None = None
    """Characters; None where no source names a limit."""
    required: YesNo = "unknown"
    person: bool = False
    """A person must decide, attach or sign; facts are only a suggestion."""
    personal: bool = False
    """A free text in which personal data of affected people could end up."""
    form_id: str | None = None
    """The form's own name or number of the field, where a source gives it."""
    note: str = ""
    confidence: Confidence = "unverified"
    source: str = ""


@value
class Part:
    """A part or page of a form."""

    title: str
    fields: tuple[Field, ...]


@value
class Source:
    """Where something of a worksheet was read."""

    text: str
    url: str | None = None


@value
class Worksheet:
    """A portal's form."""

    id: str
    title: str
    duties: tuple[str, ...]
    """Ids or patterns of duties, such as `us.hipaa.hhs*`."""
    recipients: tuple[str, ...]
    """Authority ids; empty: whoever the duty's recipient is."""
    parts: tuple[Part, ...]
    saves: YesNo = "unknown"
    """Whether a half-filled form can be saved."""
    confidence: Confidence = "unverified"
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    checked: str | None = None
    """The day its sources were read; None for a generic sheet."""
    generic: bool = False
    """Made of the law's content elements, not of a portal's form."""
    sha256: str = ""

    def fits(self, duty: str, recipient: str | None) -> tuple[int, int] | None:
        """How well it fits, the higher the better; None when it does not."""
        if self.recipients and recipient not in self.recipients:
            return None
        fitting = [pattern for pattern in self.duties if fnmatchcase(duty, pattern)]
        if not fitting:
            return None
        return (int(bool(self.recipients)), max(len(pattern) + 100 * (pattern == duty) for pattern in fitting))


def best(sheets: Iterable[Worksheet], duty: str, recipient: str | None) -> Worksheet | None:
    """The sheet for that duty and recipient: one for the very authority before one for the duty, the closest pattern first."""
    fitting = [(fit, sheet) for sheet in sheets if (fit := sheet.fits(duty, recipient)) is not None]
    return min(fitting, key=lambda one: (-one[0][0], -one[0][1], one[1].id))[1] if fitting else None


# -- sheets made of what a law asks ------------------------------------------------------------------------------------

_NAMED: Final = {
    "people.in.<place>": "people_by_place",
    "harm.<harm>": "harms",
    "filed.<duty>": "first_reference",
    "decided.<duty>": "decision_ground",
    "controllers.<controller>.name": "controller",
    "controllers.<controller>.data.categories": "categories",
    "controllers.<controller>.people.total": "people_total",
    "organisation.providers": "other_providers",
}
"""Facts of many entries, and the name under which notices say them."""

LEADS: Final = {
    "breach.kinds": "What happened to the data",
    "breach.cause": "Cause",
    "breach.medium": "Medium",
    "breach.systems": "Systems",
    "breach.downtime": "Out of reach for",
    "breach.impact": "Effect on the service",
    "breach.recipients": "How many received it",
    "breach.recipient": "Who has the data",
    "data.categories": "Data",
    "data.encrypted": "Encrypted",
    "data.backup": "Backup",
    "data.restored_after": "Restored after",
    "people.total": "People affected",
    "people.kinds": "Who they are",
    "people.notified": "People told so far",
    "records.total": "Records",
    "risk.level": "Risk",
    "began_at": "Began",
    "ended_at": "Ended",
    "detected_at": "Detected",
    "discovered_at": "Discovered",
    "aware_at": "Known with reasonable certainty",
    "contained_at": "Contained",
    "notice.planned_at": "When people are told",
    "notice.means": "How people are told",
    "hold.requested": "Delay asked for by law enforcement",
    "hold.until": "Until",
    "loss.estimate_usd": "Loss in US dollars",
    "loss.estimate_cny": "Loss in Chinese yuan",
    "risk.removed_by_measures": "High risk removed by measures",
    "notice.disproportionate_effort": "Writing to each person out of proportion",
    "organisation.serves": "Places served",
    "contact.phone": "Telephone",
    "contact.website": "Website",
    "ransom_paid_at": "Ransom paid",
    "fix_available_at": "Fix available",
}
"""What stands before a fact that is no sentence of its own."""

_KIND_OF: Final[dict[str, Kind]] = {"instant": "time", "count": "number", "yes_no": "yes_no", "email": "email"}
_HERE: Final = ("count_residents",)
"""Elements whose `people.in.<place>` is the count in one place; elsewhere it is the list of places."""


def generic_sheet(finding: Finding, words: Vocabulary) -> Worksheet:
    """The content a law asks for, in its order: for duties whose portal nobody described yet."""
    asked = [words.elements[id] for id in finding.content if id in words.elements]
    forms = tuple(f"Form: {one.asks}" for one in asked if one.form)
    fields = [_field_of(one, words, finding.confidence) for one in asked if not one.form]
    usual = [_field_of(words.elements[id], words, "unverified") for id in _AT_LEAST]
    notes = (
        "This is not the portal's form. It lists what the law asks for, in the order of the law's file.",
        "Where the authority has a form of its own, the form counts: look for what it asks beyond this.",
        *(("No content is listed for this duty; these are the facts that nearly every report gives.",) if not fields else ()),
        *forms,
    )
    return Worksheet(
        id=f"generic.{finding.duty}",
        title=f"{finding.title} - what the law asks for",
        duties=(finding.duty,),
        recipients=(),
        parts=(Part("What the law asks for", tuple(fields or usual)),),
        confidence=finding.confidence,
        sources=tuple(Source(cite.text, cite.url) for cite in finding.cite),
        notes=notes,
        generic=True,
    )


_AT_LEAST: Final = (
    "provider", "incident_summary", "date_of_breach", "date_discovered", "data_types", "count_people", "measures", "contact",
)  # fmt: skip


def _field_of(element: Element, words: Vocabulary, confidence: Confidence) -> Field:
    facts = element.facts
    kind: Kind = "long_text"
    if len(facts) == 1 and facts[0] not in _NAMED:
        kind = _KIND_OF.get(type_of(facts[0], words), "long_text")
    pieces = pieces_of(facts, words, here=element.id in _HERE, alone=len(facts) == 1)
    if element.id in _HERE:
        kind = "number"
    return Field(
        id=element.id,
        label=element.label,
        kind=kind,
        pieces=pieces,
        required="unknown" if element.where_possible else "yes",
        person=not pieces,
        personal=kind == "long_text" and (not pieces or holds_free_text(pieces, words)),
        note=element.asks,
        confidence=confidence,
    )


def holds_free_text(pieces: Sequence[Piece], words: Vocabulary) -> bool:
    """Whether an answer of these pieces holds what somebody wrote freely, where personal data could stand."""
    return any(type_of(key, words) == "text" for piece in pieces for key in piece.keys)


def type_of(key: str, words: Vocabulary) -> str:
    """The type of a fact, by its key or by the pattern of its keys."""
    return (words.facts.get(key) or words.spec(key)).type


def pieces_of(facts: Sequence[str], words: Vocabulary, *, here: bool = False, alone: bool = False) -> tuple[Piece, ...]:
    """The pieces an element's facts make, each that is no sentence with words before it."""
    found = []
    for key in facts:
        sentence = alone or type_of(key, words) in ("text", "email")
        lead = "" if sentence else LEADS.get(key, "")
        if key in _NAMED and not (here and key == "people.in.<place>"):
            found.append(Piece(name=_NAMED[key], record=(key,), lead="" if alone else LEADS.get(key, "")))
        else:
            found.append(Piece(fact=key, lead=lead))
    return tuple(found)
