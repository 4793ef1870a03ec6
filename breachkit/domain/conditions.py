"""The language law files, promises and playbooks ask in, and its three-valued answer on a book of facts."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from breachkit.domain.affected_data import holds_data
from breachkit.domain.factbook import FactBook, affects_somebody
from breachkit.domain.facts import Count, say_value
from breachkit.domain.logic import Because, Verdict, all_of, any_of, negate
from breachkit.domain.values import value
from breachkit.errors import UnknownName

Op = Literal[">", ">=", "<", "<="]
OPS: Mapping[Op, Callable[[int, int], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_WORDS = {">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most"}

Counted = Literal["residents", "covered_persons", "total"]


@value
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@value
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@value
class Not:
    """The part does not hold."""

    part: Condition


@value
class Use:
    """A condition the law file names once and uses in several places."""

    name: str


@value
class Always:
    """A condition without a test: `holds` is the answer, `text` why. None: words that no fact answers."""

    holds: bool | None
    text: str


@value
class FactIs:
    """A yes/no or choice fact has one of these values."""

    key: str
    values: tuple[str, ...]
    text: str


@value
class Includes:
    """A list fact holds this member. Lists other than data categories are taken as complete once stated."""

    key: str
    member: str
    text: str


@value
class Known:
    """Something was recorded under this key, such as the time a finding was put in writing. Never false: it may still come."""

    key: str
    text: str


@value
class Role:
    """The organisation acts in one of these roles in this breach."""

    roles: tuple[str, ...]


@value
class Sector:
    """The organisation belongs to this sector."""

    sector: str


@value
class Established:
    """The organisation has an establishment in this place or group."""

    place: str


@value
class Targets:
    """People of this place or group are affected, and the organisation offers its services to them (GDPR Art. 3(2)(a))."""

    place: str


@value
class People:
    """So many people are affected. `>` and `>=` are kept apart, and what is counted is said."""

    counts: Counted
    op: Op
    number: int
    place: str | None = None
    """None only with `total`."""


@value
class Data:
    """Personal information as a statute lists it: a name with one of some elements, or an element that counts alone."""

    with_name: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    unprotected: bool = True
    """Count only what was not encrypted, or was encrypted and its key taken."""
    names: tuple[str, ...] = ("full_name",)
    """What links an element to a person; some laws take more than a name."""


@value
class Amount:
    """A recorded number - money, records, employees - is on one side of a limit."""

    key: str
    op: Op
    number: int
    text: str


Condition: TypeAlias = (
    All
    | AnyOf
    | Not
    | Use
    | Always
    | FactIs
    | Includes
    | Known
    | Role
    | Sector
    | Established
    | Targets
    | People
    | Data
    | Amount
)
ALWAYS = All(())


def evaluate(condition: Condition, book: FactBook, named: Mapping[str, Condition] | None = None) -> Verdict:
    """Whether the condition holds of these facts, with reasons; `named` are the conditions that `use` may name."""
    if named:
        return _evaluate(condition, book, named)
    # Laws share their parts: the same question, asked as the same object, is answered once for these facts. The object is
    # kept beside its answer, so that no other can take its identity.
    if (known := book.judged.get(id(condition))) is not None:
        return known[1]
    verdict = _evaluate(condition, book, {})
    book.judged[id(condition)] = (condition, verdict)
    return verdict


def _evaluate(condition: Condition, book: FactBook, names: Mapping[str, Condition]) -> Verdict:
    match condition:
        case All(parts):
            return all_of(evaluate(part, book, names) for part in parts)
        case AnyOf(parts):
            return any_of(evaluate(part, book, names) for part in parts)
        case Not(part):
            return negate(evaluate(part, book, names))
        case Use(name):
            if name not in names:
                raise UnknownName("condition", name, names)
            return evaluate(names[name], book, names)
        case Always(holds, text):
            return Verdict.of(holds, text)
        case FactIs():
            return _fact_is(condition, book)
        case Includes(key, member, text):
            members = book.strings(key)
            if members is None:
                return Verdict.of(None, text, fact=key)
            held = member in members
            return Verdict.of(held, text, fact=key, value=", ".join(members) or "none")
        case Known(key, text):
            return Verdict.of(True if book.get(key) else None, text, fact=key, value=book.shown(key))
        case Role(roles):
            return any_of(book.in_role(role) for role in roles)
        case Sector(sector):
            return book.in_sector(sector)
        case Established(place):
            return book.established_in(place)
        case Targets(place):
            return _targets(place, book)
        case People():
            return _people(condition, book)
        case Data():
            return _data(condition, book)
        case Amount():
            return _amount(condition, book)
        case _:
            assert_never(condition)


def facts_of(condition: Condition) -> frozenset[str]:
    """The fact keys a condition names itself, for checking a law file."""
    match condition:
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(facts_of(part) for part in parts))
        case Not(part):
            return facts_of(part)
        case FactIs(key=key) | Includes(key=key) | Known(key=key) | Amount(key=key):
            return frozenset([key])
        case _:
            return frozenset()


def _fact_is(condition: FactIs, book: FactBook) -> Verdict:
    fact = book.get(condition.key)
    if fact is None:
        return Verdict.of(None, condition.text, fact=condition.key, value="not known" if book.asked(condition.key) else None)
    value = ("yes" if fact.value else "no") if isinstance(fact.value, bool) else str(fact.value)
    held = value in condition.values
    return Verdict.of(held, condition.text, fact=condition.key, value=say_value(fact.value))


def _targets(place: str, book: FactBook) -> Verdict:
    listed = book.listed_in(place)
    verdicts = [all_of([affects_somebody(book, p), book.addresses(p)]) for p in listed]
    unlisted = affects_somebody(book, place)
    if any(verdict.holds for verdict in verdicts):
        return any_of(verdicts)
    if unlisted.holds is False:
        return unlisted
    if not listed or book.residents(place).high != sum((book.listed[p].high or 0) for p in listed):
        verdicts.append(all_of([unlisted, book.addresses(place)]))
    return any_of(verdicts)


def _amount(condition: Amount, book: FactBook) -> Verdict:
    count = book.count(condition.key)
    held = None if count is None else _compared(count, condition.op, condition.number)
    return Verdict.of(held, condition.text, fact=condition.key, value=book.shown(condition.key))


def _compared(count: Count, op: Op, number: int) -> bool | None:
    """Whether every number in the interval is on that side; None when some are and some are not."""
    compare = OPS[op]
    at_low = compare(count.low, number)
    at_high = op in (">", ">=") if count.high is None else compare(count.high, number)
    return at_low if at_low == at_high else None


def _people(condition: People, book: FactBook) -> Verdict:
    number, place = condition.number, condition.place if condition.counts != "total" else None
    count = book.total if place is None else book.residents(place)
    where = "in all" if place is None else f"in {book.words.place_name(place)}"
    fact = book.asks_for("people.total" if place is None else f"people.in.{place}")
    what = {"residents": "residents", "covered_persons": "persons", "total": "people"}[condition.counts]
    text = f"{_WORDS[condition.op]} {number} {what} {where} affected"
    held = _compared(count, condition.op, number)
    value = str(count) if (count.low, count.high) != (0, None) else None
    if held is not None:
        return Verdict.of(held, text, fact=fact, value=value)
    needs = frozenset([fact]) if place is None else book.resident_needs(place)
    return Verdict.of(None, text, fact=fact, value=value, needs=needs)


def _data(condition: Data, book: FactBook) -> Verdict:
    # Every duty of a law asks the same long question.
    if (known := book.answered.get(condition)) is None:
        known = book.answered[condition] = _data_afresh(condition, book)
    return known


def _data_afresh(condition: Data, book: FactBook) -> Verdict:
    alone = [holds_data(book, id, unprotected=condition.unprotected) for id in condition.alone]
    answers = list(alone)
    if condition.with_name:
        name = any_of(holds_data(book, id, unprotected=False) for id in condition.names)
        elements = any_of(holds_data(book, id, unprotected=condition.unprotected) for id in condition.with_name)
        answers.append(all_of([name, elements]))
    return _shortened(any_of(answers), book)


def _is_unlisted(reason: Because) -> bool:
    return reason.fact == "data.categories_complete" and reason.holds is None


def _shortened(verdict: Verdict, book: FactBook) -> Verdict:
    """One reason for all the elements that may be among data nobody listed yet, instead of a line for each."""
    unlisted = [reason for reason in verdict.because if _is_unlisted(reason)]
    if len(unlisted) < 3:
        return verdict
    names = [reason.text.removesuffix(" was affected") for reason in unlisted]
    one = Because(
        f"data not listed yet may hold one of {len(names)} kinds this law names ({', '.join(names[:4])} ...)",
        "data.categories_complete",
        book.shown("data.categories_complete"),
        None,
    )
    return replace(verdict, because=(*(reason for reason in verdict.because if not _is_unlisted(reason)), one))
