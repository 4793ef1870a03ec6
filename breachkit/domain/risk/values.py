"""The values a risk assessment is made of: a score in quarters as an interval, one part of it, a level as an interval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeVar

from breachkit.domain.law import Citation
from breachkit.domain.logic import Because

_T = TypeVar("_T")

Level = Literal["unlikely", "risk", "high"]
LEVELS: tuple[Level, ...] = ("unlikely", "risk", "high")
UNLIKELY, RISK, HIGH = range(3)
"""Places in LEVELS: what is compared is how grave a level is."""

Band = Literal["low", "medium", "high", "very_high"]

ENISA = "ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, v1.0 (2013)"
QUARTER, HALF, ZERO = Decimal("0.25"), Decimal("0.5"), Decimal(0)


def method(part: str) -> Citation:
    """A place in the ENISA method."""
    return Citation(f"{ENISA}, {part}")


EDPB_FACTORS = Citation("EDPB Guidelines 9/2022 v2.0, section IV.B")
EDPB_EXAMPLES = Citation("EDPB Guidelines 01/2021 v2.0")
RECITALS = Citation("GDPR recitals 75, 76 and 85")
BURDEN = Citation("GDPR Art. 33(1) with Art. 5(2) and recital 85")


@dataclass(frozen=True, slots=True)
class Span:
    """A number that lies between two others. Decimals are exact here: every value of the method is a multiple of 0.25."""

    low: Decimal
    high: Decimal
    """Inclusive."""

    @classmethod
    def at(cls, number: Decimal | int) -> Span:
        """A number that is known."""
        return cls(Decimal(number), Decimal(number))

    @property
    def exact(self) -> Decimal | None:
        """The number, or None while it is not known."""
        return self.low if self.low == self.high else None

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Factor:
    """One part of the score: its value, why, and the row of the method's table it comes from."""

    name: str
    """As in `risk.enisa.<factor>`: dpc, ei, confidentiality, integrity, availability, intent."""
    span: Span
    row: str
    """The row of the method's table, in words."""
    cite: Citation
    because: tuple[Because, ...] = ()
    needs: tuple[str, ...] = ()
    """Facts that would settle it; empty once the value is known."""
    replaces: Span | None = None
    """What the facts gave, where a person gave another value with a reason."""
    refused: str | None = None
    """Why a value that a person gave does not count."""

    def settled(self) -> Factor:
        """Without needs where the value is known: what is settled waits for nothing."""
        return self if self.span.exact is None else replace(self, needs=())


@dataclass(frozen=True, slots=True)
class Reach:
    """How grave it is, between two levels, with the reasons and the facts that would narrow it."""

    low: int
    high: int
    """Inclusive."""
    because: tuple[Because, ...] = ()
    needs: tuple[str, ...] = ()

    @classmethod
    def of(cls, level: int, *because: Because) -> Reach:
        """A level that is known."""
        return cls(level, level, because)

    def with_reasons(self, because: Iterable[Because], needs: Iterable[str] = ()) -> Reach:
        """The same, with reasons before its own and needs after them."""
        return Reach(self.low, self.high, unique((*because, *self.because)), unique((*self.needs, *needs)))


def unique(items: Iterable[_T]) -> tuple[_T, ...]:
    """Each once, in the order they first come."""
    return tuple(dict.fromkeys(items))


def either(reaches: Iterable[Reach]) -> Reach:
    """One of these is true and it is not known which."""
    kept = tuple(reaches)
    return _gather(min(one.low for one in kept), max(one.high for one in kept), kept)


def worst(reaches: Iterable[Reach]) -> Reach:
    """All of these are true: the gravest counts. What cannot reach above it neither argues nor asks."""
    kept = tuple(reaches)
    low = max((one.low for one in kept), default=UNLIKELY)
    high = max((one.high for one in kept), default=UNLIKELY)
    return _gather(low, high, [one for one in kept if one.high > low or one.low == low])


def _gather(low: int, high: int, kept: Iterable[Reach]) -> Reach:
    chosen = tuple(kept)
    because = unique(reason for one in chosen for reason in one.because)
    if low == high:
        return Reach(low, high, because)
    return Reach(low, high, because, unique(key for one in chosen if one.high > low for key in one.needs))


def band_of(score: Decimal) -> Band:
    """The method's level of severity: below 2, below 3, below 4, from 4."""
    if score < 2:
        return "low"
    if score < 3:
        return "medium"
    return "high" if score < 4 else "very_high"
