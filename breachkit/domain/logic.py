"""Three-valued truth that carries its reasons: true, false, or not known yet and what it waits for (Kleene's strong logic)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from breachkit.domain.values import value


@value
class Because:
    """One reason, in words, with the fact it rests on."""

    text: str
    """A statement that can be true or false, always in the positive: `holds` says which."""
    fact: str | None = None
    """The fact's key; None when the reason rests on the law alone."""
    value: str | None = None
    """The fact as known now, in words; None when it is not known."""
    holds: bool | None = None
    """None: not known yet."""


@value
class Verdict:
    """Whether something holds, why, and which facts would settle it."""

    holds: bool | None
    """None: not known yet."""
    because: tuple[Because, ...] = ()
    needs: frozenset[str] = frozenset()
    """Fact keys that could settle it; empty unless `holds` is None."""

    @classmethod
    def of(
        cls,
        holds: bool | None,
        text: str,
        *,
        fact: str | None = None,
        value: str | None = None,
        needs: Iterable[str] = (),
    ) -> Verdict:
        """A verdict with a single reason. A fact that is not known is what it needs unless `needs` says otherwise."""
        wanted = frozenset(needs) or (frozenset([fact]) if fact else frozenset())
        return cls(holds, (Because(text, fact, value, holds),), wanted if holds is None else frozenset())


TRUE = Verdict(True)
FALSE = Verdict(False)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """True when all hold, false when one does not; a false answer keeps only the reasons that make it false."""
    return _combine(tuple(verdicts), decisive=False)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """True when one holds, false when none does; a true answer keeps only the reasons that make it true."""
    return _combine(tuple(verdicts), decisive=True)


def negate(verdict: Verdict) -> Verdict:
    """The opposite; reasons keep saying what holds of the facts, so they stay as they are."""
    return Verdict(None if verdict.holds is None else not verdict.holds, verdict.because, verdict.needs)


def _combine(verdicts: tuple[Verdict, ...], *, decisive: bool) -> Verdict:
    if len(verdicts) == 1:
        return verdicts[0]
    deciding = [verdict for verdict in verdicts if verdict.holds is decisive]
    if deciding:
        return Verdict(decisive, _reasons(deciding))
    open_ones = [verdict for verdict in verdicts if verdict.holds is None]
    if open_ones:
        return Verdict(None, _reasons(verdicts), frozenset().union(*(verdict.needs for verdict in open_ones)))
    return Verdict(not decisive, _reasons(verdicts))


def _reasons(verdicts: Sequence[Verdict]) -> tuple[Because, ...]:
    if len(verdicts) == 1:
        return verdicts[0].because
    return tuple(dict.fromkeys(reason for verdict in verdicts for reason in verdict.because))
