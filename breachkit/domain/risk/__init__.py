"""The risk assessment: the ENISA 2013 score SE = DPC x EI + CB, and a suggested level for GDPR Art. 33 and 34.

Pure and three-valued. A number is given only when it is known; until then it lies between a lowest and a highest, with the
facts that would settle it. The score does not decide the level (EDPB Guidelines 9/2022, section IV.B), and neither decides a
duty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from breachkit.domain.factbook import FactBook
from breachkit.domain.law import Citation
from breachkit.domain.logic import Because
from breachkit.domain.risk.circumstances import circumstances
from breachkit.domain.risk.data import data_context
from breachkit.domain.risk.hands import FEW_PEOPLE, more_than
from breachkit.domain.risk.identification import identification
from breachkit.domain.risk.level import Excuse, controller_reason, excuses, suggested
from breachkit.domain.risk.signs import all_unreadable, because, word
from breachkit.domain.risk.values import (
    BURDEN,
    EDPB_EXAMPLES,
    EDPB_FACTORS,
    LEVELS,
    RECITALS,
    Band,
    Factor,
    Level,
    Reach,
    Span,
    band_of,
    unique,
)
from breachkit.domain.values import value

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "dpc": ("1", "2", "3", "4"),
    "ei": ("0.25", "0.5", "0.75", "1"),
    "confidentiality": ("0", "0.25", "0.5"),
    "integrity": ("0", "0.25", "0.5"),
    "availability": ("0", "0.25", "0.5"),
    "intent": ("0", "0.5"),
}
"""The values the method knows for each factor, in the order the arithmetic is shown."""


@value
class Flag:
    """What the method says beside the score, without changing it."""

    id: str
    text: str
    holds: bool | None
    because: tuple[Because, ...]
    needs: tuple[str, ...]


@value
class RiskAssessment:
    """The score, the suggestion and what they wait for."""

    factors: tuple[Factor, ...]
    """dpc, ei, confidentiality, integrity, availability, intent."""
    reach: Reach
    """The level suggested, as an interval."""
    flags: tuple[Flag, ...]
    excuses: tuple[Excuse, ...]
    notes: tuple[str, ...]
    cite: tuple[Citation, ...] = (EDPB_FACTORS, EDPB_EXAMPLES, RECITALS, BURDEN)

    def factor(self, name: str) -> Factor:
        """One factor by name."""
        return next(one for one in self.factors if one.name == name)

    @property
    def dpc(self) -> Span:
        """Data processing context, 1 to 4."""
        return self.factor("dpc").span

    @property
    def ei(self) -> Span:
        """Ease of identification, 0.25 to 1."""
        return self.factor("ei").span

    @property
    def cb(self) -> Span:
        """Circumstances of the breach, 0 to 2."""
        parts = [one.span for one in self.factors if one.name not in ("dpc", "ei")]
        return Span(sum((one.low for one in parts), Decimal(0)), sum((one.high for one in parts), Decimal(0)))

    @property
    def se(self) -> Span:
        """Severity, 0.25 to 6."""
        dpc, ei, cb = self.dpc, self.ei, self.cb
        return Span(dpc.low * ei.low + cb.low, dpc.high * ei.high + cb.high)

    @property
    def band(self) -> Band | None:
        """The method's level; None while the score may still lie in several."""
        low, high = band_of(self.se.low), band_of(self.se.high)
        return low if low == high else None

    @property
    def suggests(self) -> Level | None:
        """The level for Art. 33 and 34; None while it hangs on facts that are not known."""
        return LEVELS[self.reach.low] if self.reach.low == self.reach.high else None

    @property
    def between(self) -> tuple[Level, Level]:
        """The lowest and the highest level the facts allow."""
        return LEVELS[self.reach.low], LEVELS[self.reach.high]

    @property
    def score_needs(self) -> tuple[str, ...]:
        """Facts that would settle the score, those first that move it most."""
        dpc, ei = self.dpc, self.ei
        weights = {"dpc": ei.high, "ei": dpc.high}
        widths = [((one.span.high - one.span.low) * weights.get(one.name, Decimal(1)), one) for one in self.factors]
        return unique(key for _, one in sorted(widths, key=lambda pair: -pair[0]) for key in one.needs)

    @property
    def needs(self) -> tuple[str, ...]:
        """What to find out: first what would change the suggestion, then what would settle the score."""
        return unique((*self.reach.needs, *self.score_needs))


def assess_risk(book: FactBook) -> RiskAssessment:
    """Score the breach and suggest a level, from the facts alone."""
    computed = (data_context(book), identification(book), *circumstances(book))
    factors = tuple(_overruled(book, one) for one in computed)
    reach = suggested(book)
    if (reason := controller_reason(book)) is not None:
        reach = reach.with_reasons((reason,))
    found = RiskAssessment(factors, reach, _flags(book), excuses(book), ())
    return replace(found, notes=tuple(_notes(found)))


def _overruled(book: FactBook, factor: Factor) -> Factor:
    """The factor as a person overruled it; a value without a reason, or one the method does not know, is refused and said."""
    key = f"risk.enisa.{factor.name}"
    value, reason = word(book, key), book.text(f"{key}.reason")
    if value is None:
        return factor
    if value not in ALLOWED[factor.name]:
        text = f"{key} is {value}, but the method knows {', '.join(ALLOWED[factor.name])} for it; it does not count"
        return replace(factor, refused=text)
    if reason is None or not reason.strip():
        text = f"{key} is {value} without {key}.reason; it does not count until somebody says why"
        return replace(factor, refused=text, needs=unique((*factor.needs, f"{key}.reason")))
    said = because(book, key, f"overruled: {reason}")
    return replace(
        factor,
        span=Span.at(Decimal(value)),
        because=(said, *factor.because),
        needs=(),
        replaces=factor.span,
        row="set by a person",
    )


def _flags(book: FactBook) -> tuple[Flag, ...]:
    total = book.total
    many = more_than(total, FEW_PEOPLE)
    value = str(total) if (total.low, total.high) != (0, None) else None
    text, unreadable = f"more than {FEW_PEOPLE} people are affected", all_unreadable(book)
    people = Because(text, "people.total", value, many)
    return (
        Flag("more_than_100_people", text, many, (people,), ("people.total",) if many is None else ()),
        Flag(
            "data_unintelligible",
            "the data is unreadable for whoever has it",
            unreadable.holds,
            unreadable.because,
            tuple(sorted(unreadable.needs)),
        ),
    )


def _notes(found: RiskAssessment) -> list[str]:
    """Where score and suggestion part ways, since a reader will ask."""
    notes = [one.refused for one in found.factors if one.refused]
    se, suggests = found.se, found.suggests
    if suggests == "unlikely" and se.low >= 2:
        notes.append(
            "The score is not low although a risk is suggested to be unlikely: the method does not take off for data nobody "
            "can read or use. Say in risk.reason why it is so."
        )
    if suggests in ("risk", "high") and se.high < 2:
        notes.append("A low score does not make a risk unlikely: the test of Art. 33 is stricter than the method's bands.")
    if suggests == "risk" and se.low >= 3:
        notes.append("The score is high though the suggestion stops at a risk: look again whether people should be told.")
    return notes
