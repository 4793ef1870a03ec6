"""How easily someone can tell whose data it is: the ease of identification (EI) of the ENISA method, 0.25 to 1."""

from __future__ import annotations

from decimal import Decimal

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because
from breachkit.domain.risk.signs import because, word
from breachkit.domain.risk.values import QUARTER, Factor, Span, method

CITE = method("annex 2 (ease of identification)")
ONE, MOST = Decimal(1), Decimal("0.75")
LEVELS = {
    "negligible": (QUARTER, "negligible: extremely hard to match to a person, though still possible"),
    "limited": (Decimal("0.5"), "limited: needs other sources or effort"),
    "significant": (MOST, "significant: moderate effort or commonly available means"),
    "maximum": (ONE, "maximum: directly from the data, without research"),
}
LINKING = ("postal_address", "government_id", "id_document_scan")
"""With a name, each of these leaves no doubt who it is."""


def identification(book: FactBook) -> Factor:
    """EI: as a person judged it, or else what the best identifiers among the data allow."""
    judged = word(book, "data.identifiability")
    if judged is not None:
        value, row = LEVELS[judged]
        reason = because(book, "data.identifiability", "it is known how easily people are identified")
        return Factor("ei", Span.at(value), row, CITE, (reason,))
    if word(book, "data.pseudonymised") == "yes":
        reason = because(book, "data.pseudonymised", "names were replaced by codes, and the list that links them is safe")
        return Factor("ei", Span.at(QUARTER), "codes without a link to a name", CITE, (reason,))
    low, row = _by_identifiers(book)
    needs = ("data.identifiability",)
    reason = Because(f"the identifiers affected give {row}", "data.categories", None, True if book.categories else None)
    return Factor("ei", Span(low, ONE), row, CITE, (reason,), needs).settled()


def _by_identifiers(book: FactBook) -> tuple[Decimal, str]:
    listed = book.categories or ()
    kinds = frozenset().union(*(book.words.above(one) for one in listed)) if listed else frozenset()
    named = "full_name" in kinds
    if named and (linked := [one for one in LINKING if one in kinds]):
        return ONE, f"a name with what links it to one person ({book.words.categories[linked[0]].label})"
    if named and {"dob", "email"} <= kinds:
        return ONE, "a name with date of birth and e-mail address"
    if named and kinds & {"dob", "email", "phone", "photo", "employer"}:
        return MOST, "a name with something that sets it apart, 0.75 or more"
    if named:
        return QUARTER, "a name, which many or few people may bear"
    return QUARTER, "no name: it depends on what the other data links to"


def identifiers_in(book: FactBook) -> Span:
    """What the identifiers alone allow, whatever a person judged: the frame that a judgement should lie in."""
    return Span(_by_identifiers(book)[0], ONE)
