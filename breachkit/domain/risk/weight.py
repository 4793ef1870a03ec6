"""How much harm the data can do in the wrong hands: its nature, what it gives away, and whom it is about.

The factors are those of EDPB Guidelines 9/2022, section IV.B: nature, sensitivity and volume of the data, and special
characteristics of the people. Corrections count once they are recorded; what would weigh more and is open is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because
from breachkit.domain.risk.data import fraud_ready
from breachkit.domain.risk.signs import (
    because,
    hidden_people,
    is_sensitive,
    nobody_can_read,
    opens_something,
    patients,
    reveals_sensitive,
    safely_hashed,
    vulnerable_people,
    word,
)
from breachkit.domain.values import value


class Weight(IntEnum):
    """How much harm the data can do."""

    NOTHING = 0
    """Nobody can read it."""
    MINOR = 1
    """Who somebody is and how to reach them."""
    MODERATE = 2
    """Something real about a person's life, or a piece of an identity."""
    SERIOUS = 3
    """Special categories, official numbers, money, secrets, what people said to each other."""
    GRAVE = 4
    """The same in full, or about people who need protection."""


WORDS = {
    Weight.NOTHING: "unreadable",
    Weight.MINOR: "light",
    Weight.MODERATE: "of some weight",
    Weight.SERIOUS: "serious",
    Weight.GRAVE: "grave",
}

MINOR_KINDS = frozenset({
    "full_name", "age", "gender", "nationality", "user_id", "signature", "electronic_signature", "email", "phone",
    "postal_address", "country", "social_profile", "username", "employer", "employer_id", "student_id", "ip", "device",
    "sim_identifier", "online_identifier", "vehicle", "death",
})  # fmt: skip
SERIOUS_KINDS = frozenset({
    "immigration", "payment_card", "payment_card_with_code", "financial_account_password", "financial_account_with_code",
    "other_financial_access_info", "electronic_identifier_with_code", "financial_status", "tax_information", "irs_ip_pin",
    "precise_geolocation", "call_recording", "voicemail", "call_transcript", "message_content", "security_answer",
    "sip_credentials",
})  # fmt: skip
OFFICIAL = "government_id"
"""With every kind of it: numbers by which states and banks take somebody for that person."""
IDENTITY = frozenset({"dob", "place_of_birth", "mothers_maiden_name", "birth_marriage_certificate", "photo"})
"""Pieces of an identity: they weigh the same however little they tell."""


@value
class Weighed:
    """A weight between two, with reasons and what would narrow it."""

    low: Weight
    high: Weight
    because: tuple[Because, ...] = ()
    needs: tuple[str, ...] = ()

    def plus(self, low: Weight, high: Weight, because: tuple[Because, ...], needs: tuple[str, ...] = ()) -> Weighed:
        """Corrected for one more thing."""
        return Weighed(low, high, (*self.because, *because), (*self.needs, *needs))


def weight(book: FactBook) -> Weighed:
    """The heaviest kind of data, corrected for what it tells, what it gives away and whom it is about."""
    if not book.categories:
        key = "data.categories" if book.categories is None else "data.categories_complete"
        found = Weighed(Weight.MINOR, Weight.MINOR).plus(
            Weight.MINOR, Weight.GRAVE, (Because("it is known what kinds of data were affected", key, None, None),), (key,)
        )
        return found if book.categories is None or not book.categories_closed else replace(found, high=Weight.MINOR, needs=())
    found = _heaviest(book, book.categories)
    for correct in (_given_away, _unlisted, _in_full, _who_they_are):
        found = correct(book, found)
    return found


def _heaviest(book: FactBook, categories: tuple[str, ...]) -> Weighed:
    weighed = {one: _of_kind(book, one) for one in categories}
    low = max(one.low for one in weighed.values())
    high = max(one.high for one in weighed.values())
    top = [book.words.categories[one].label for one, found in weighed.items() if found.high == high]
    open_ones = [found for found in weighed.values() if found.high > low]
    text = f"the heaviest data is {WORDS[high]}: {', '.join(top)}"
    reasons = (Because(text, "data.categories", ", ".join(categories), True), *(r for one in open_ones for r in one.because))
    return Weighed(low, high, reasons, tuple(key for one in open_ones for key in one.needs))


def _of_kind(book: FactBook, category: str) -> Weighed:
    if nobody_can_read(book, category).holds:
        return Weighed(Weight.NOTHING, Weight.NOTHING)
    if category == "password_hash":
        return _hashed(book, category)
    found = _readable(book, category)
    return Weighed(found, found)


def _hashed(book: FactBook, category: str) -> Weighed:
    """A strong hash with its salt safe opens nothing; a weak one is a password."""
    safe = safely_hashed(book, category)
    if safe.holds is None:
        return Weighed(Weight.NOTHING, Weight.SERIOUS, safe.because, tuple(sorted(safe.needs)))
    only = Weight.NOTHING if safe.holds else Weight.SERIOUS
    return Weighed(only, only, safe.because)


def _readable(book: FactBook, category: str) -> Weight:
    detail = word(book, "data.detail")
    if word(book, "data.validity") == "invalid":
        return Weight.MINOR
    if opens_something(book, category):
        return Weight.MINOR if book.strings("data.credentials_open") == () else Weight.SERIOUS
    if OFFICIAL in book.words.above(category) or fraud_ready(book, category):
        return Weight.SERIOUS
    if category in IDENTITY:
        return Weight.MODERATE
    if category in MINOR_KINDS or detail == "none":
        return Weight.MINOR
    serious = is_sensitive(book, category) or category in SERIOUS_KINDS
    if detail == "general":
        return Weight.MODERATE if serious else Weight.MINOR
    return Weight.SERIOUS if serious else Weight.MODERATE


def _in_full(book: FactBook, found: Weighed) -> Weighed:
    """A full picture weighs one step more. Serious data of which nobody said how much it tells may be the full picture."""
    detail = word(book, "data.detail")
    if detail == "full" and found.high > Weight.NOTHING:
        return _heavier(found, (because(book, "data.detail", "it gives a full picture, or enough to commit fraud"),))
    if detail is None and found.high >= Weight.SERIOUS:
        reason = Because("it gives a full picture, or enough to commit fraud", "data.detail", None, None)
        return found.plus(found.low, Weight.GRAVE, (reason,), ("data.detail",))
    return found


def _unlisted(book: FactBook, found: Weighed) -> Weighed:
    """An open list may still hold the heaviest kind."""
    if book.categories_closed:
        return found
    reason = Because("other, heavier data may be affected too", "data.categories_complete", None, None)
    asked = replace(found, needs=("data.categories_complete", *found.needs))
    return asked.plus(found.low, Weight.GRAVE, (reason,))


def _given_away(book: FactBook, found: Weighed) -> Weighed:
    """What the data gives away weighs as much as if it said so."""
    if found.high == Weight.NOTHING or found.low >= Weight.SERIOUS:
        return found
    reveals = reveals_sensitive(book)
    if reveals.holds:
        little = word(book, "data.detail") == "none" and not patients(book).holds
        least = Weight.MODERATE if little else Weight.SERIOUS
        low = found.low if found.low == Weight.NOTHING else max(found.low, least)
        return found.plus(low, max(found.high, least), reveals.because)
    if reveals.holds is None:
        return found.plus(found.low, max(found.high, Weight.SERIOUS), reveals.because, tuple(sorted(reveals.needs)))
    return found


def _who_they_are(book: FactBook, found: Weighed) -> Weighed:
    """Children and others who need protection are hit harder."""
    if found.high == Weight.NOTHING:
        return found
    hidden, vulnerable = hidden_people(book), vulnerable_people(book)
    if hidden.holds:
        low = found.low if found.low == Weight.NOTHING else Weight.GRAVE
        return Weighed(low, Weight.GRAVE, (*found.because, *hidden.because), found.needs if low < Weight.GRAVE else ())
    if vulnerable.holds:
        return _heavier(found, vulnerable.because)
    if hidden.holds is None and found.high < Weight.GRAVE:
        return found.plus(found.low, Weight.GRAVE, vulnerable.because, ("people.kinds",))
    return found


def _heavier(found: Weighed, reasons: tuple[Because, ...]) -> Weighed:
    low, high = (one if one == Weight.NOTHING else Weight(min(Weight.GRAVE, one + 1)) for one in (found.low, found.high))
    return found.plus(low, high, reasons)
