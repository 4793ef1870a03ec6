"""Tries laws on their cases, and says which are missing: each side of every threshold, and of every date a text changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from breachkit.content.calendars import calendar_for
from breachkit.content.law_cases import Case
from breachkit.content.law_checks import clock_neighbours
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.domain.conditions import All, Always, Amount, AnyOf, Condition, Not, Op, People, Use
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count, Fact, read_instant, read_value
from breachkit.domain.findings import Assessment, Finding
from breachkit.domain.law import Duty, DutyVersion, LawPack, Regime
from breachkit.domain.periods import zone_named
from breachkit.errors import BreachkitError, Fault

MARKS = {True: "yes", False: "no", None: "open"}
OPENED = {True: "open", False: "closed", None: "unknown"}


@dataclass(frozen=True)
class Judged:
    """A case with the answer it got."""

    case: Case
    book: FactBook
    answer: Assessment


def laws_of(cases: Iterable[Case], whole: LawPack) -> LawPack:
    """The laws these cases speak of, and those they refer to: a case does not wait for the rest of the world."""
    owner = {duty.id: regime for regime in whole.regimes for duty in regime.duties}
    wanted = {id.split("@")[0] for case in cases for id in case.expect}
    found: set[str] = set()
    while wanted:
        regime = owner.get(wanted.pop())
        if regime is not None and regime.id not in found:
            found.add(regime.id)
            for version in (version for duty in regime.duties for version in duty.versions):
                wanted |= clock_neighbours(version) | set(version.waits_for) | {r.by for r in version.replaced}
                wanted |= {version.where_owed} - {""}
    return replace(whole, regimes=tuple(regime for regime in whole.regimes if regime.id in found))


def judge(case: Case, pack: LawPack) -> Judged:
    """The answer to a case. BreachkitError when its facts cannot be read."""
    words = load_vocabulary()
    facts = {key: Fact(key, read_value(words.spec(key), value, words), value) for key, value in case.facts.items()}
    book = FactBook(facts, words)
    return Judged(case, book, assess(book, Setting(pack, load_directory(), calendar_for, case.now, case.law_date)))


def contradictions(judged: Judged) -> Iterator[Fault]:
    """Where the answer is not what the case expects."""
    case, answer = judged.case, judged.answer
    for id, expected in case.expect.items():
        finding = answer.find(id)
        if finding is None:
            near = ", ".join(found.id for found in answer.findings if found.duty == id.split("@")[0]) or "none of that duty"
            yield case.fault(id, f"there is no finding {id}; there is {near}")
            continue
        for key, value in expected.items():
            try:
                wrong = _differs(finding, key, value)
            except (BreachkitError, AttributeError, TypeError) as problem:
                wrong = f"cannot be compared with '{value}': {problem}"
            if wrong is not None:
                yield case.fault(id, f"{id} {key}: {wrong}. Correct the case or the law, whichever its source contradicts")
    if len(answer.conflicts) != len(case.conflicts):
        yield case.fault(None, f"expected {len(case.conflicts)} conflicts, found {[one.text for one in answer.conflicts]}")
    for conflict, words in zip(answer.conflicts, case.conflicts, strict=False):
        if words not in conflict.text or not conflict.cite:
            yield case.fault(None, f"the conflict does not say '{words}': {conflict.text}")


def _differs(finding: Finding, key: str, expected: Any) -> str | None:
    """How one line of an expectation is not met; None when it is. A list must be held; other values must be the same."""
    match key:
        case "target" | "outer" | "not_before":
            found = _moment_of(finding, key)
            return None if found == _moment(expected) else f"expected {expected}, found {found}"
        case "because" | "notes":
            text = _reasons(finding) if key == "because" else _notes(finding)
            missing = [words for words in _listed(expected) if words not in text]
            return f"'{missing[0]}' is not said in: {text}" if missing else None
        case "needs" | "content" | "forbidden":
            held: Sequence[str] = getattr(finding, key)
            lacking = [item for item in _listed(expected) if item not in held]
            return f"lacks {', '.join(lacking)}; holds {', '.join(held) or 'nothing'}" if lacking else None
        case "content_without":
            extra = [item for item in _listed(expected) if item in finding.content]
            return f"must not hold {', '.join(extra)}" if extra else None
        case "candidates" | "other_texts":
            names = list(finding.recipient.candidates) if key == "candidates" else [o.version for o in finding.other_texts]
            return None if names == expected else f"expected {expected}, found {names}"
    plain = _plain(finding)
    if key not in plain:
        return f"a case cannot expect '{key}'; it can expect {', '.join(sorted([*plain, *_OTHERS]))}"
    return None if plain[key] == expected else f"expected {expected}, found {plain[key]}; {_reasons(finding)}"


_OTHERS = (
    "target", "outer", "not_before", "because", "notes", "needs", "content", "forbidden", "content_without", "candidates",
    "other_texts",
)  # fmt: skip


def _plain(finding: Finding) -> Mapping[str, str | None]:
    due, yes_no = finding.due, {True: "yes", False: "no"}
    held = due.held is not None and due.held.counts and due.held.until is not None
    return {
        "status": finding.status,
        "version": finding.version,
        "confidence": finding.confidence,
        "replaced_by": finding.replaced_by,
        "presumed": yes_no[finding.presumed],
        "last_day": str(due.last_day).lower(),
        "provisional": yes_no[due.provisional],
        "projected": yes_no[due.projected],
        "held": yes_no[held],
        "substitute": OPENED[finding.substitute.open] if finding.substitute is not None else "none",
    }


def _moment_of(finding: Finding, key: str) -> datetime | None:
    if key == "not_before":
        return finding.due.not_before.at if finding.due.not_before else None
    return finding.due.target if key == "target" else finding.due.outer


def _reasons(finding: Finding) -> str:
    return " | ".join(f"{MARKS[reason.holds]}: {reason.text}" for reason in finding.because)


def _notes(finding: Finding) -> str:
    return " | ".join((*finding.notes, *finding.due.notes, *finding.due.steps, finding.due.qualifier))


def _moment(written: str) -> datetime | None:
    return None if written == "none" else read_instant(written).at


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


# -- are they enough? ---------------------------------------------------------


def missing_cases(regimes: Iterable[Regime], judged: Iterable[Judged], folder: str = "") -> Iterator[Fault]:
    """What no case shows yet, duty by duty; `folder` is where the cases lie, so that the file to add one to can be named."""
    by_duty: dict[str, list[tuple[Judged, Finding, Mapping[str, Any]]]] = defaultdict(list)
    files: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged:
        for id, expected in one.case.expect.items():
            if (finding := one.answer.find(id)) is not None and "status" in expected:
                by_duty[finding.duty].append((one, finding, expected))
                files[finding.regime][one.case.file] += 1
    for regime in regimes:
        most = files[regime.id].most_common(1)
        usual = f"{folder}/{regime.id.replace('.', '-')}.yaml" if folder else "its file of cases"
        file = most[0][0] if most else usual
        for duty in regime.duties:
            for text in _gaps(duty, regime, by_duty.get(duty.id, [])):
                yield Fault(regime.id, None, f"{duty.id}: no case {text}; add one to {file}")


def _gaps(duty: Duty, regime: Regime, shown: list[tuple[Judged, Finding, Mapping[str, Any]]]) -> Iterator[str]:
    seen = {str(expected["status"]) for _, _, expected in shown}
    texts = [version for version in duty.versions if version.status == "in_force"]
    if not texts:
        if "not_in_force" not in seen:
            yield "shows that it is not in force"
        return
    if "owed" not in seen and any(_can_hold(version, regime) for version in texts):
        yield "where it is owed"
    if "not_owed" not in seen:
        yield "where it is not owed"
    for version in texts:
        yield from _dates_without_case(version, regime, shown)
        for excuse in version.exempt:
            if excuse.id != "good_faith" and not seen & {"exempt", "undetermined"}:
                yield f"on its exemption '{excuse.id}'"
    limits = {limit for version in texts for limit in _limits(version, regime)}
    for limit in sorted(limits, key=str):
        yield from _sides_without_case(limit, shown)


def _dates_without_case(
    version: DutyVersion, regime: Regime, shown: list[tuple[Judged, Finding, Mapping[str, Any]]]
) -> Iterator[str]:
    days = {_law_day(one, finding, regime) for one, finding, _ in shown}
    if version.starts_on is not None:
        for day, words in ((version.starts_on, "on"), (version.starts_on - timedelta(days=1), "on the day before")):
            if day not in days:
                yield f"{words} the first day of version '{version.version}' ({day})"
    if version.ends_on is not None:
        for day, words in ((version.ends_on, "on"), (version.ends_on + timedelta(days=1), "on the day after")):
            if day not in days:
                yield f"{words} the last day of version '{version.version}' ({day})"


def _law_day(one: Judged, finding: Finding, regime: Regime) -> date:
    if one.case.law_date is not None:
        return one.case.law_date
    return (finding.due.start_at or one.case.now).astimezone(zone_named(regime.zone)).date()


def _sides_without_case(limit: People | Amount, shown: list[tuple[Judged, Finding, Mapping[str, Any]]]) -> Iterator[str]:
    counts = [_count(limit, one.book) for one, _, _ in shown]
    known = {count.low for count in counts if count is not None and count.low == count.high}
    below, above = _edges(limit.op, limit.number)
    where = f" in {limit.place}" if isinstance(limit, People) and limit.place else ""
    what = limit.counts if isinstance(limit, People) else limit.key
    for number, side in ((below, "just below"), (above, "just above")):
        ordinary = limit.number == 0 and side == "just above" and any(found > 0 for found in known)
        if number >= 0 and number not in known and not ordinary:
            yield f"{side} its limit of {limit.op} {limit.number} {what}{where} (at exactly {number})"


def _edges(op: Op, number: int) -> tuple[int, int]:
    """The last number on the one side and the first on the other."""
    return (number, number + 1) if op in (">", "<=") else (number - 1, number)


def _count(limit: People | Amount, book: FactBook) -> Count | None:
    if isinstance(limit, Amount):
        return book.count(limit.key)
    return book.total if limit.counts == "total" or limit.place is None else book.residents(limit.place)


def _limits(version: DutyVersion, regime: Regime) -> Iterator[People | Amount]:
    conditions = [version.scope, version.when, *(e.when for e in version.exempt), *(d.when for d in version.due_if)]
    conditions += [content.when for content in version.content_if]
    for condition in conditions:
        yield from _limits_in(condition, regime.conditions)


def _limits_in(condition: Condition, named: Mapping[str, Condition]) -> Iterator[People | Amount]:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _limits_in(part, named)
        case Not(part):
            yield from _limits_in(part, named)
        case Use(name):
            yield from _limits_in(named[name], named)
        case People() | Amount():
            yield condition


def _can_hold(version: DutyVersion, regime: Regime) -> bool:
    """Whether the law has this duty at all: not where a row only says that it has none, or that nobody knows."""
    return not any(_is_settled(condition, regime.conditions) for condition in (version.scope, version.when))


def _is_settled(condition: Condition, named: Mapping[str, Condition]) -> bool:
    match condition:
        case All(parts):
            return any(_is_settled(part, named) for part in parts)
        case AnyOf(parts):
            return bool(parts) and all(_is_settled(part, named) for part in parts)
        case Use(name):
            return _is_settled(named[name], named)
        case Always(holds, _):
            return holds is not True
        case _:
            return False
