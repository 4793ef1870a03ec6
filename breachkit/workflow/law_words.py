"""The parts of a law in words: conditions as a sentence or a tree, time limits, recipients, holds, notice by other means.

How a whole law reads is in lawbook.py, how two of them differ in law_changes.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

from breachkit.domain.conditions import (
    All,
    Always,
    Amount,
    AnyOf,
    Condition,
    Data,
    Established,
    FactIs,
    Includes,
    Known,
    Not,
    Op,
    People,
    Role,
    Sector,
    Targets,
    Use,
)
from breachkit.domain.law import (
    Citation,
    Directory,
    Due,
    DutyVersion,
    Hold,
    Recipient,
    RegimeKind,
    Substitute,
    SubstituteLimits,
)
from breachkit.domain.periods import Counting, say_period
from breachkit.domain.vocabulary import Vocabulary

ONE_LINE = 76
"""A condition of more letters than these is shown as a tree."""

KINDS: dict[RegimeKind, str] = {
    "general": "general breach law",
    "sector": "rule for some trades",
    "incident": "duty on cyber incidents",
    "no_general_duty": "no general duty",
    "unknown": "not known whether there is a duty",
}
_LIMIT: dict[Op, str] = {">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most"}
_COUNTING: dict[Counting, str] = {
    "plain": "",
    "reg_1182_71": "the outer limit is that of Regulation 1182/71",
    "next_working_day": "a last day that is closed moves to the next working day (outer limit)",
    "noon_next_working_day": "a limit on a closed day moves to noon of the next working day (outer limit)",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


# -- conditions ---------------------------------------------------------------


def say(condition: Condition, words: Vocabulary) -> str:
    """A condition in one line."""
    match condition:
        case All(parts):
            return " and ".join(_grouped(part, words) for part in parts) or "always"
        case AnyOf(parts):
            return " or ".join(_grouped(part, words) for part in parts) or "never"
        case Not(part):
            return f"not ({say(part, words)})"
        case Use(name):
            return name.replace("_", " ")
        case Always(False, text):
            return f"never: {text}"
        case Always(None, text):
            return f"no fact answers it: {text}"
        case Always(_, text) | FactIs(text=text) | Includes(text=text) | Known(text=text) | Amount(text=text):
            return text
        case Role(roles):
            return f"the organisation acts as {' or '.join(role.replace('_', ' ') for role in roles)}"
        case Sector(sector):
            return f"the organisation is: {words.sectors[sector]}"
        case Established(place):
            return f"the organisation is established in {words.place_name(place)}"
        case Targets(place):
            return f"people in {words.place_name(place)}, whom it addresses, are affected"
        case People():
            return _people(condition, words)
        case Data():
            return " or ".join(_data(condition, words)) + _readable(condition)
        case _:
            assert_never(condition)


def tree(condition: Condition, words: Vocabulary) -> Iterator[tuple[int, str]]:
    """A condition in lines, each with its depth; one line when it is short."""
    line = say(condition, words)
    heading, parts = _branches(condition)
    if isinstance(condition, Data) and len(found := _data(condition, words)) > 1 and len(line) > ONE_LINE:
        yield 0, f"either of these{_readable(condition)}:"
        yield from ((1, f"- {one}") for one in found)
    elif len(line) <= ONE_LINE or not parts:
        yield 0, line
    else:
        yield 0, heading
        for part in parts:
            for depth, text in tree(part, words):
                yield (1, f"- {text}") if depth == 0 else (depth + 2, text)


def _branches(condition: Condition) -> tuple[str, tuple[Condition, ...]]:
    match condition:
        case All():
            return "all of these:", tuple(_flat(condition))
        case AnyOf():
            return "any one of these:", tuple(_flat(condition))
        case Not(AnyOf() as inner):
            return "none of these:", tuple(_flat(inner))
        case Not(All() as inner):
            return "not all of these:", tuple(_flat(inner))
        case _:
            return "", ()


def _flat(group: All | AnyOf) -> Iterator[Condition]:
    """The parts, those of a group of the same kind inside it among them."""
    for part in group.parts:
        if isinstance(part, (All, AnyOf)) and type(part) is type(group):
            yield from _flat(part)
        else:
            yield part


def _grouped(part: Condition, words: Vocabulary) -> str:
    text = say(part, words)
    return f"({text})" if isinstance(part, (All, AnyOf)) and len(part.parts) > 1 else text


def _people(condition: People, words: Vocabulary) -> str:
    place = words.place_name(condition.place) if condition.place else ""
    where = f" who live in {place}" if place else ""
    if (condition.op, condition.number) == (">", 0):
        return f"people{where} are affected"
    if condition.counts == "residents":
        return f"{limit_words(condition)} residents of {place} are affected"
    what = f"persons in {place}" if place and condition.counts == "covered_persons" else "people in all"
    return f"{limit_words(condition)} {what} are affected"


def limit_words(condition: People | Amount) -> str:
    """`at least 500`."""
    return f"{_LIMIT[condition.op]} {condition.number:,}"


def _data(condition: Data, words: Vocabulary) -> list[str]:
    link = "a name" if condition.names == ("full_name",) else f"one of ({labels(condition.names, words)})"
    named = [f"{link} together with: {labels(condition.with_name, words)}"] if condition.with_name else []
    alone = "without a name: " if condition.with_name else "any of: "
    return named + ([alone + labels(condition.alone, words)] if condition.alone else [])


def _readable(condition: Data) -> str:
    return " - unencrypted, or with the key taken" if condition.unprotected else ""


def labels(ids: Iterable[str], words: Vocabulary) -> str:
    """Data categories by their labels."""
    return ", ".join(words.categories[id].label for id in ids)


def elements(ids: Iterable[str], words: Vocabulary) -> str:
    """Content elements by their labels."""
    return ", ".join(words.elements[id].label for id in ids)


# -- when ---------------------------------------------------------------------


def due_words(due: Due, words: Vocabulary) -> str:
    """`within 60 days, counted from when the breach was determined; in the law's words: without unreasonable delay`."""
    own = [f"in the law's words: {due.qualifier}"] if due.qualifier and _numbered(due) else []
    return "; ".join((_limit(due, words), *own, *due_details(due, words)))


def due_details(due: Due, words: Vocabulary) -> list[str]:
    """What stands beside the limit itself: ceilings, other limits, and how days are counted."""
    said = [f"or {_limit(other, words)}, whichever comes first" for other in due.earliest_of]
    if due.before:
        said.append(f"before {due.before} goes out")
    if due.not_after:
        said.append(f"no later than {due.not_after}")
    if due.first_day_counts:
        said.append("the day itself is day 1")
    if due.closed_days:
        said.append(f"closed every year: {', '.join(day_of_year(day) for day in due.closed_days)}")
    if due.calendar:
        said.append(f"holidays of {words.place_name(due.calendar)}")
    return said + ([_COUNTING[due.counting]] if _COUNTING[due.counting] else [])


def _numbered(due: Due) -> bool:
    return due.period is not None or due.by is not None


def _limit(due: Due, words: Vocabulary) -> str:
    if due.by is not None:
        return f"by the next {day_of_year(due.by)} after {start_words(due, words)}"
    amount = f"within {say_period(due.period)}" if due.period is not None else due.qualifier or "no limit is set"
    return f"{amount}, counted from {start_words(due, words)}"


def start_words(due: Due, words: Vocabulary) -> str:
    """What the clock counts from."""
    if due.starts is None:
        return f"the filing of {due.after}"
    start = words.starts[due.starts].text
    return f"the end of the year of {words.starts[due.year_of].text}" if due.year_of else start


def day_of_year(day: tuple[int, int]) -> str:
    """`1 February`."""
    return f"{day[1]} {_MONTHS[day[0] - 1]}"


def force_words(version: DutyVersion) -> str:
    """From when until when a text applies, and whether it is owed at all."""
    since = f"from {version.starts_on}" if version.starts_on else "from a day that is not known"
    until = f" until {version.ends_on}" if version.ends_on else ""
    state = {
        "in_force": "in force ",
        "enacted": "ENACTED, not started, never owed: ",
        "proposed": "ONLY PROPOSED, never owed: ",
        "unknown": "NOT KNOWN WHETHER IN FORCE, never owed: ",
    }
    return state[version.status] + since + until


# -- to whom, and how ---------------------------------------------------------


def recipient_words(recipient: Recipient, directory: Directory) -> str:
    """To whom."""
    if recipient.resolve == "fixed":
        return "; ".join(directory.authorities[id].name for id in recipient.authorities)
    how = {
        "lead_or_each": " - that of the main establishment; without one in the group, every one where affected people live",
        "home": " - that of the place of establishment",
        "controllers": " - each one",
    }
    return (recipient.name or recipient.kind) + how.get(recipient.resolve, "")


def hold_words(hold: Hold) -> str:
    """What a request of law enforcement to wait does."""
    form = {"written": "in writing only", "recorded": "an oral one if it was written down", "any": "in any form"}[hold.form]
    must = "the law forbids the notice while the request stands" if hold.mandatory else "the notice may wait"
    after = f"within {say_period(hold.resume)} of its end" if hold.resume is not None else "at once when it ends"
    return f"law enforcement may ask to wait ({form}): {must}, and goes out {after}" + (f"; {hold.text}" if hold.text else "")


def substitute_words(substitute: Substitute) -> Iterator[str]:
    """When notice by other means may take the place of letters."""
    grounds = list(_substitute_limits(substitute.limits, strict=substitute.strict))
    if substitute.insufficient_contact:
        grounds.append("there are no addresses")
    yield f"instead of letters where {' or '.join(grounds)}" if grounds else "other means than letters are allowed"
    if substitute.small is not None:
        size = f"up to {substitute.small.employees:,} employees" if substitute.small.employees else "its size"
        limits = " or ".join(_substitute_limits(substitute.small, strict=substitute.strict))
        yield f"for a small organisation ({size}): where {limits}"
    if substitute.means:
        yield f"then by {', '.join(means.replace('_', ' ') for means in substitute.means)}"
    if substitute.text:
        yield substitute.text


def _substitute_limits(limits: SubstituteLimits, *, strict: bool) -> Iterator[str]:
    more = "more than" if strict else "at least"
    if limits.cost_usd is not None:
        yield f"they would cost {more} ${limits.cost_usd:,}"
    if limits.people is not None:
        yield f"{more} {limits.people:,} people are affected"


def cites(citations: Iterable[Citation]) -> str:
    """Sources, with their links."""
    return "; ".join(f"{cite.text}{f' <{cite.url}>' if cite.url else ''}" for cite in citations)


def day(value: date | None) -> str | None:
    """A day for JSON."""
    return value.isoformat() if value else None
