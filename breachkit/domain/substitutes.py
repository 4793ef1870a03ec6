"""Whether notice by other means may take the place of a letter to each person: too dear, too many, or no addresses."""

from __future__ import annotations

from breachkit.domain.conditions import Amount, Condition, FactIs, Op, People, evaluate
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import FoundSubstitute
from breachkit.domain.law import Substitute, SubstituteLimits
from breachkit.domain.logic import all_of, any_of


def substitute_notice(substitute: Substitute, place: str, book: FactBook) -> FoundSubstitute:
    """Whether it is open on these facts, and why. It changes the way people are told, never the duty."""
    opened = any_of(evaluate(condition, book) for condition in _grounds(substitute, substitute.limits, place))
    if substitute.small is not None:
        size = substitute.small.employees
        grounds = any_of(evaluate(condition, book) for condition in _grounds(substitute, substitute.small, place))
        if size is not None:
            small = Amount("organisation.size.employees", "<=", size, f"the organisation has at most {size} employees")
            grounds = all_of([evaluate(small, book), grounds])
        opened = any_of([opened, grounds])
    return FoundSubstitute(opened.holds, opened.because, substitute.means, substitute.text)


def _grounds(substitute: Substitute, limits: SubstituteLimits, place: str) -> list[Condition]:
    op: Op = ">" if substitute.strict else ">="
    over = "more than" if substitute.strict else "at least"
    grounds: list[Condition] = []
    if limits.cost_usd is not None:
        text = f"letters would cost {over} {limits.cost_usd} US dollars"
        grounds.append(Amount("notice.cost_usd", op, limits.cost_usd, text))
    if limits.people is not None:
        grounds.append(People("residents", op, limits.people, place))
    if substitute.insufficient_contact:
        text = "there are addresses for too few of the people"
        grounds.append(FactIs("people.contactable", ("no", "partly"), text))
    return grounds
