"""Changes every law a little, one thing at a time, and asks whether a case in tests/laws notices.

A number one higher or lower, `>` for `>=`, days for business days, another event for the start of a clock, a date one day off,
an exemption or a hold that is gone: each such law is tried on the cases of its duties, and one of them has to fail. What no
case notices is a survivor. It is printed, and is a fault unless tests/laws/mutations/survivors.yaml says why both texts ask
for the same.

    python scripts/mutate_laws.py                 all laws; exit code 1 when there are survivors without a reason
    python scripts/mutate_laws.py us.fl eu.gdpr   these laws
    python scripts/mutate_laws.py --json          the same as data
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import Any, get_args

from breachkit.content.calendars import calendar_for
from breachkit.content.law_cases import Case, read_cases
from breachkit.content.law_checks import clock_neighbours
from breachkit.content.laws import load_pack
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import Reader, read_yaml
from breachkit.domain.conditions import All, Amount, AnyOf, Condition, Not, Op, People
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.law import (
    Due,
    Duty,
    DutyVersion,
    Embargo,
    HoldForm,
    LawPack,
    Regime,
    SometimesContent,
    Substitute,
    SubstituteLimits,
)
from breachkit.domain.periods import BusinessDays, Counting, Days, Hours, Months, Period, say_period, zone_named
from breachkit.errors import BadFile, Fault
from breachkit.workflow.law_cases import Judged, contradictions

CASES = Path(__file__).resolve().parent.parent / "tests" / "laws"
SURVIVORS = CASES / "mutations" / "survivors.yaml"
ONE_DAY = timedelta(days=1)
NO_HOLIDAYS = "ZZ"
"""A place without a calendar: only weekends are closed there."""


@dataclass(frozen=True)
class Change:
    """A law in which one thing was changed."""

    regime: Regime
    """As changed."""
    duty: str
    """The duty that was changed; empty when it is the regime itself."""
    version: str
    what: str
    """What was changed, and to what: the name that survivors.yaml knows it by."""


@dataclass(frozen=True)
class Survivor:
    """A change that no case notices."""

    regime: str
    duty: str
    version: str
    change: str


# -- what is changed -----------------------------------------------------------


def changes(regime: Regime) -> Iterator[Change]:
    """Every small change to a law."""
    for duty in regime.duties:
        for place, version in enumerate(duty.versions):
            for what, changed in _texts(version, regime):
                yield _with(regime, duty, {place: changed}, version, what)
            for what, moved in _dates(duty, place):
                yield _with(regime, duty, moved, version, what)
    yield Change(replace(regime, zone=_three_hours_off(regime.zone)), "", "", f"zone {regime.zone}: three hours off")
    for place, embargo in enumerate(regime.embargoes):
        for what, other in _embargoes(embargo):
            held = (*regime.embargoes[:place], *other, *regime.embargoes[place + 1 :])
            yield Change(replace(regime, embargoes=held), embargo.id, embargo.version, what)


def _with(regime: Regime, duty: Duty, texts: Mapping[int, DutyVersion], version: DutyVersion, what: str) -> Change:
    versions = tuple(texts.get(place, one) for place, one in enumerate(duty.versions))
    changed = replace(duty, versions=versions)
    duties = tuple(changed if one is duty else one for one in regime.duties)
    return Change(replace(regime, duties=duties), duty.id, version.version, what)


def _texts(version: DutyVersion, regime: Regime) -> Iterator[tuple[str, DutyVersion]]:
    """A duty's text, changed in one place. Of one that is not in force only its time limit shows, beside that it is not."""
    for path, due, put in _dues(version):
        for words, changed in _other_dues(due, regime):
            yield f"{path}{words}", put(changed)
    if version.status != "in_force":
        yield f"{version.status}: in_force", replace(version, status="in_force")
        return
    yield "in_force: unknown", replace(version, status="unknown")
    for limit in _limits(version):
        for words, other in _other_limits(limit, regime.place):
            yield f"{_say(limit)}: {words}", _swap(version, limit, other)
    if version.where_owed:
        yield f"where_owed {version.where_owed}: dropped", replace(version, where_owed="")
    for name in ("exempt", "replaced", "content_if", "forbidden", "due_if"):
        listed = getattr(version, name)
        for place, one in enumerate(listed):
            without = replace(version, **{name: listed[:place] + listed[place + 1 :]})
            yield f"{name} {_name(one)}: dropped", without
    for place, sometimes in enumerate(version.content_if):
        for words, changed_content in _other_content(sometimes):
            listed = (*version.content_if[:place], changed_content, *version.content_if[place + 1 :])
            yield f"content_if {_name(sometimes)}{words}", replace(version, content_if=listed)
    yield from _holds(version)
    if version.substitute is not None:
        yield "substitute: dropped", replace(version, substitute=None)
        for words, substitute in _other_substitutes(version.substitute):
            yield f"substitute {words}", replace(version, substitute=substitute)
    yield f"presumed: {'no' if version.presumed else 'yes'}", replace(version, presumed=not version.presumed)
    if version.opens_when:
        yield "opens_when lacked: dropped", replace(version, opens_when="")


def _other_content(one: SometimesContent) -> Iterator[tuple[str, SometimesContent]]:
    for months in (one.months + 1, one.months - 1) if one.months is not None else ():
        yield f" months {one.months}: {months}", replace(one, months=months)
    yield ": always", replace(one, when=All(()))


def _name(one: Any) -> str:
    if isinstance(one, str):
        return one
    named = getattr(one, "id", None) or getattr(one, "by", None)
    return str(named or (", ".join(one.elements) if hasattr(one, "elements") else one.text))


def _dates(duty: Duty, place: int) -> Iterator[tuple[str, Mapping[int, DutyVersion]]]:
    """The first and the last day, a day earlier and later. Two texts that follow one another change over a day off."""
    version = duty.versions[place]
    if version.status != "in_force":
        return
    others = {n: one for n, one in enumerate(duty.versions) if one.status == "in_force" and n != place}
    if (start := version.starts_on) is not None:
        before = {n: replace(one, ends_on=start - 2 * ONE_DAY) for n, one in others.items() if one.ends_on == start - ONE_DAY}
        yield f"from {start}: a day earlier", {place: replace(version, starts_on=start - ONE_DAY), **before}
        yield f"from {start}: a day later", {place: replace(version, starts_on=start + ONE_DAY)}
    if (end := version.ends_on) is not None:
        after = {n: replace(one, starts_on=end + 2 * ONE_DAY) for n, one in others.items() if one.starts_on == end + ONE_DAY}
        yield f"until {end}: a day later", {place: replace(version, ends_on=end + ONE_DAY), **after}
        yield f"until {end}: a day earlier", {place: replace(version, ends_on=end - ONE_DAY)}


# -- thresholds


_TURNED: Mapping[Op, Op] = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}


def _other_limits(limit: People | Amount, home: str) -> Iterator[tuple[str, Condition]]:
    for number in (limit.number + 1, limit.number - 1):
        if number >= 0:
            yield str(number), replace(limit, number=number)
    yield _TURNED[limit.op], replace(limit, op=_TURNED[limit.op])
    if isinstance(limit, People):
        if limit.counts == "total":
            yield "residents", replace(limit, counts="residents", place=limit.place or home)
        else:
            yield "total", replace(limit, counts="total", place=None)


def _say(limit: People | Amount) -> str:
    what = f"{limit.counts}{f' in {limit.place}' if limit.place else ''}" if isinstance(limit, People) else limit.key
    return f"{what} {limit.op} {limit.number}"


def _limits(version: DutyVersion) -> tuple[People | Amount, ...]:
    """The thresholds of a text, each once: what a file names once and uses twice is one."""
    named = [*(e.when for e in version.exempt), *(c.when for c in version.content_if)]
    named += [*(d.when for d in version.due_if), *(r.when for r in version.replaced)]
    found = (limit for condition in (version.scope, version.when, *named) for limit in _limits_in(condition))
    return tuple(dict.fromkeys(found))


def _limits_in(condition: Condition) -> Iterator[People | Amount]:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _limits_in(part)
        case Not(part):
            yield from _limits_in(part)
        case People() | Amount():
            yield condition
        case _:
            return


def _swap(version: DutyVersion, old: Condition, new: Condition) -> DutyVersion:
    """The text with one condition in place of another, wherever it stands."""

    def when(listed: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(one, when=_swapped(one.when, old, new)) for one in listed)

    return replace(
        version,
        scope=_swapped(version.scope, old, new),
        when=_swapped(version.when, old, new),
        exempt=when(version.exempt),
        content_if=when(version.content_if),
        due_if=when(version.due_if),
        replaced=when(version.replaced),
    )


def _swapped(condition: Condition, old: Condition, new: Condition) -> Condition:
    """The condition with another in place of `old`; itself, the same object, where it does not hold it."""
    if condition == old:
        return new
    match condition:
        case All(parts) | AnyOf(parts):
            swapped = tuple(_swapped(part, old, new) for part in parts)
            same = all(one is other for one, other in zip(swapped, parts, strict=True))
            return condition if same else type(condition)(swapped)
        case Not(part):
            other = _swapped(part, old, new)
            return condition if other is part else Not(other)
        case _:
            return condition


# -- clocks

Put = Callable[[Due], DutyVersion]


def _dues(version: DutyVersion) -> Iterator[tuple[str, Due, Put]]:
    """Every time limit of a text, where it stands, and how another takes its place."""
    yield from _dues_in("due", version.due, lambda due: replace(version, due=due))
    for place, other in enumerate(version.due_if):

        def put_if(due: Due, place: int = place) -> DutyVersion:
            listed = version.due_if
            return replace(version, due_if=(*listed[:place], replace(listed[place], due=due), *listed[place + 1 :]))

        yield from _dues_in(f"due_if {other.text}", other.due, put_if)


def _dues_in(path: str, due: Due, put: Put) -> Iterator[tuple[str, Due, Put]]:
    yield f"{path} ", due, put
    for place, other in enumerate(due.earliest_of):

        def put_one(one: Due, place: int = place) -> DutyVersion:
            return put(replace(due, earliest_of=(*due.earliest_of[:place], one, *due.earliest_of[place + 1 :])))

        yield f"{path} earliest_of {place + 1} ", other, put_one


def _other_dues(due: Due, regime: Regime) -> Iterator[tuple[str, Due]]:
    if due.period is not None:
        for period in _other_periods(due.period):
            yield f"{say_period(due.period)}: {say_period(period)}", replace(due, period=period)
        if isinstance(due.period, BusinessDays) or due.counting != "plain":
            places = (due.calendar, regime.calendar, regime.place)
            if any(place is not None and calendar_for(place) for place in places):
                yield "calendar: no holidays", replace(due, calendar=NO_HOLIDAYS)
        if isinstance(due.period, Days):
            yield f"first_day_counts: {not due.first_day_counts}", replace(due, first_day_counts=not due.first_day_counts)
    if due.starts is not None and due.starts != "year_end":
        yield from ((f"from {due.starts}: {word}", replace(due, starts=word)) for word in _other_starts(due.starts))
    if due.year_of is not None:
        yield from ((f"year_of {due.year_of}: {word}", replace(due, year_of=word)) for word in _other_starts(due.year_of))
        yield f"year_of {due.year_of}: dropped", replace(due, starts=due.year_of, year_of=None)
    if due.by is not None:
        day = date(2026, *due.by)
        for other in (day - ONE_DAY, day + ONE_DAY):
            yield f"by {day:%m-%d}: {other:%m-%d}", replace(due, by=(other.month, other.day))
    if due.after is not None:
        yield f"after {due.after}: dropped", replace(due, after=None, starts=due.starts or "awareness")
    if due.before is not None:
        yield f"before {due.before}: dropped", replace(due, before=None)
    if due.not_after is not None:
        yield f"with {due.not_after}: dropped", replace(due, not_after=None)
    if due.counting != "plain":
        rules: tuple[Counting, ...] = get_args(Counting)
        yield from ((f"counting {due.counting}: {rule}", replace(due, counting=rule)) for rule in rules if rule != due.counting)
    for month, day_of in due.closed_days:
        kept = tuple(one for one in due.closed_days if one != (month, day_of))
        yield f"closed_days {month:02}-{day_of:02}: dropped", replace(due, closed_days=kept)
    for place in range(len(due.earliest_of)):
        kept_dues = due.earliest_of[:place] + due.earliest_of[place + 1 :]
        yield f"earliest_of {place + 1}: dropped", replace(due, earliest_of=kept_dues)


def _other_periods(period: Period) -> tuple[Period, ...]:
    """One more and one less, the same number of something else, and about the same length in another unit."""
    number = period.number
    found: list[Period] = [type(period)(number + 1), type(period)(number - 1)]
    found += [kind(number) for kind in (Hours, Days, BusinessDays, Months) if kind is not type(period)]
    match period:
        case Hours() if number % 24 == 0:
            found.append(Days(number // 24))
        case Days():
            found.append(Hours(24 * number))
            found += [Months(number // 30)] if number % 30 == 0 else []
        case Months():
            found += [Days(30 * number), Days(31 * number)]
        case _:
            pass
    return tuple(dict.fromkeys(one for one in found if one != period))


@cache
def _other_starts(word: str) -> tuple[str, ...]:
    """One start word for each other fact that a clock can run from."""
    starts = load_vocabulary().starts
    own = starts[word].fact if word in starts else word
    found: dict[str, str] = {}
    for start in starts.values():
        if start.fact is not None and start.fact != own:
            found.setdefault(start.fact, start.word)
    return tuple(found.values())


def _three_hours_off(zone: str) -> str:
    """A zone whose clocks show three hours more in November 2026; at the edge of the world, three less."""
    offset = datetime(2026, 11, 21, tzinfo=zone_named(zone)).utcoffset() or timedelta()
    own = int(offset.total_seconds() // 3600)
    east = own + 3 if own + 3 <= 14 else own - 3
    return "Etc/UTC" if east == 0 else f"Etc/GMT{'-' if east > 0 else '+'}{abs(east)}"


# -- holds, other ways of telling people, embargoes


def _holds(version: DutyVersion) -> Iterator[tuple[str, DutyVersion]]:
    hold = version.hold
    if hold is None:
        return
    yield "hold: dropped", replace(version, hold=None)
    forms: tuple[HoldForm, ...] = get_args(HoldForm)
    for form in forms:
        if form != hold.form:
            yield f"hold form {hold.form}: {form}", replace(version, hold=replace(hold, form=form))
    if hold.resume is None:
        if version.due.period is not None:
            yield "hold resume: 1 day", replace(version, hold=replace(hold, resume=Days(1)))
        return
    yield f"hold resume {say_period(hold.resume)}: dropped", replace(version, hold=replace(hold, resume=None))
    for resume in _other_periods(hold.resume):
        words = f"hold resume {say_period(hold.resume)}: {say_period(resume)}"
        yield words, replace(version, hold=replace(hold, resume=resume))


def _other_substitutes(one: Substitute) -> Iterator[tuple[str, Substitute]]:
    for words, limits in _other_substitute_limits(one.limits):
        yield words, replace(one, limits=limits)
    if one.limits.cost_usd is not None or one.limits.people is not None:
        yield f"op {'>' if one.strict else '>='}: turned", replace(one, strict=not one.strict)
    other = not one.insufficient_contact
    yield f"insufficient_contact: {other}", replace(one, insufficient_contact=other)
    if one.small is not None:
        yield "small: dropped", replace(one, small=None)
        for words, limits in _other_substitute_limits(one.small):
            yield f"small {words}", replace(one, small=limits)


def _other_substitute_limits(limits: SubstituteLimits) -> Iterator[tuple[str, SubstituteLimits]]:
    for name in ("cost_usd", "people", "employees"):
        number = getattr(limits, name)
        if number is not None:
            yield f"{name} {number}: dropped", replace(limits, **{name: None})
            for other in (number + 1, number - 1):
                yield f"{name} {number}: {other}", replace(limits, **{name: other})


def _embargoes(embargo: Embargo) -> Iterator[tuple[str, tuple[Embargo, ...]]]:
    yield "embargo: dropped", ()
    for period in _other_periods(embargo.period)[:2]:
        yield f"{say_period(embargo.period)}: {say_period(period)}", (replace(embargo, period=period),)
    for kind in embargo.holds:
        kept = tuple(one for one in embargo.holds if one != kind)
        yield f"holds {kind}: dropped", (replace(embargo, holds=kept),)
    if embargo.lifted is not None:
        yield "lifted: dropped", (replace(embargo, lifted=None),)
    yield "calendar: no holidays", (replace(embargo, calendar=NO_HOLIDAYS),)
    yield "zone: three hours off", (replace(embargo, zone=_three_hours_off(embargo.zone)),)
    if (start := embargo.starts_on) is not None:
        yield f"from {start}: a day earlier", (replace(embargo, starts_on=start - ONE_DAY),)
        yield f"from {start}: a day later", (replace(embargo, starts_on=start + ONE_DAY),)


# -- what notices it -----------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """What a case expects of one duty, with its facts read."""

    case: Case
    book: FactBook

    def fails(self, pack: LawPack) -> bool:
        """Whether these laws answer otherwise than the case expects."""
        setting = Setting(pack, load_directory(), calendar_for, self.case.now, self.case.law_date)
        answer = assess(self.book, setting)
        return any(True for _ in contradictions(Judged(self.case, self.book, answer)))


@dataclass
class Bench:
    """The laws and their cases, with what is shared between one trial and the next."""

    pack: LawPack
    cases: Sequence[Case]
    _trials: dict[str, list[Trial]] = field(default_factory=dict)

    @cached_property
    def _owner(self) -> Mapping[str, Regime]:
        return {duty.id: regime for regime in self.pack.regimes for duty in regime.duties}

    @cached_property
    def _expecting(self) -> Mapping[str, Sequence[int]]:
        """The cases that expect something of each duty, by number."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, case in enumerate(self.cases):
            for duty in dict.fromkeys(id.split("@")[0] for id in case.expect):
                found[duty].append(place)
        return found

    @cached_property
    def _near(self) -> Mapping[str, frozenset[str]]:
        """The duties that each duty looks at, and those that they look at."""
        direct = {
            duty.id: frozenset(name for version in duty.versions for name in _names(version)) & self._owner.keys()
            for regime in self.pack.regimes
            for duty in regime.duties
        }
        found: dict[str, frozenset[str]] = {}
        for id in direct:
            reached, left = {id}, [id]
            while left:
                new = direct[left.pop()] - reached
                reached |= new
                left += new
            found[id] = frozenset(reached)
        return found

    def survivors(self, regime: Regime) -> Iterator[tuple[Change, bool]]:
        """Every change to the law, with whether no case notices it."""
        for change in changes(regime):
            yield change, not self.notices(change)

    def notices(self, change: Change) -> bool:
        """Whether a case fails under the changed law: one of the duty's own, else one of a duty that looks at it."""
        if any(embargo.id == change.duty for embargo in self._regime(change).embargoes):
            return self._embargo_noticed(change)
        if not change.duty:
            return any(self._noticed_by(duty.id, change) for duty in change.regime.duties)
        if self._noticed_by(change.duty, change):
            return True
        return any(self._noticed_by(id, change) for id, near in self._near.items() if change.duty in near and id != change.duty)

    def _regime(self, change: Change) -> Regime:
        return next(one for one in self.pack.regimes if one.id == change.regime.id)

    def _noticed_by(self, duty: str, change: Change) -> bool:
        trials = self._of(duty)
        pack = self._small(self._near[duty], change.regime)
        for place, trial in enumerate(trials):
            if trial.fails(pack):
                trials.insert(0, trials.pop(place))  # what noticed one change often notices the next
                return True
        return False

    def _of(self, duty: str) -> list[Trial]:
        """What cases expect of a duty, judged with no more laws than it looks at."""
        if duty not in self._trials:
            pack = self._small(self._near[duty])
            trials = [self._trial(place, duty) for place in self._expecting.get(duty, ())]
            self._trials[duty] = [trial for trial in trials if not trial.fails(pack)]
        return self._trials[duty]

    def _trial(self, place: int, duty: str) -> Trial:
        case = self.cases[place]
        # No embargo is among the laws of a small pack, so what it brings is not expected there either.
        own = {
            id: {key: value for key, value in expected.items() if key != "not_before"}
            for id, expected in case.expect.items()
            if id.split("@")[0] == duty
        }
        return Trial(replace(case, expect=own, conflicts=()), self._book(place))

    def _book(self, place: int) -> FactBook:
        if (known := self._books.get(place)) is None:
            words, written = load_vocabulary(), self.cases[place].facts
            facts = {key: Fact(key, read_value(words.spec(key), value, words), value) for key, value in written.items()}
            known = self._books[place] = FactBook(facts, words)
        return known

    @cached_property
    def _books(self) -> dict[int, FactBook]:
        return {}

    def _small(self, duties: frozenset[str], changed: Regime | None = None) -> LawPack:
        """A pack of these duties alone, without embargoes, in which one law is changed."""
        regimes = []
        for id in dict.fromkeys(self._owner[duty].id for duty in sorted(duties)):
            regime = changed if changed is not None and changed.id == id else self._by_id[id]
            regimes.append(replace(regime, duties=tuple(one for one in regime.duties if one.id in duties), embargoes=()))
        return replace(self.pack, regimes=tuple(regimes))

    @cached_property
    def _by_id(self) -> Mapping[str, Regime]:
        return {regime.id: regime for regime in self.pack.regimes}

    def _embargo_noticed(self, change: Change) -> bool:
        """Whether a case that was right fails: one that expects a time to wait for, or a conflict."""
        regimes = tuple(change.regime if one.id == change.regime.id else one for one in self.pack.regimes)
        changed = replace(self.pack, regimes=regimes)
        return any(trial.fails(changed) and not trial.fails(self.pack) for trial in self._waiting)

    @cached_property
    def _waiting(self) -> Sequence[Trial]:
        """The cases that speak of an embargo."""
        found = (
            place
            for place, case in enumerate(self.cases)
            if case.conflicts or any("not_before" in expected for expected in case.expect.values())
        )
        return [Trial(self.cases[place], self._book(place)) for place in found]


def _names(version: DutyVersion) -> Iterator[str]:
    """The duties that a text looks at."""
    yield from clock_neighbours(version)
    yield from version.waits_for
    yield from (one.by for one in version.replaced)
    if version.where_owed:
        yield version.where_owed


@cache
def bench() -> Bench:
    """The shipped laws and their cases."""
    files = {path.name: path for path in CASES.glob("*.yaml") if path != SURVIVORS}
    return Bench(load_pack(), read_cases(files))


# -- what may survive ----------------------------------------------------------


@dataclass(frozen=True)
class Allowed:
    """Survivors that are the same law in other words, and why. `*` stands for anything."""

    duty: str
    version: str
    change: str
    reason: str

    def covers(self, one: Survivor) -> bool:
        """Whether it speaks of that survivor."""
        named = fnmatchcase(one.duty or one.regime, self.duty) and fnmatchcase(one.version, self.version)
        return named and fnmatchcase(one.change, self.change)


def allowed(path: Path = SURVIVORS) -> tuple[Allowed, ...]:
    """What survivors.yaml allows. BadFile when it is not written as it should be."""
    faults: list[Fault] = []
    top = Reader(read_yaml(path, name=path.name), path.name, faults)
    found = []
    for one in top.mappings("survivors"):
        one.what = "a survivor"
        texts = {key: one.text(key, needed=True) for key in ("duty", "change", "reason")}
        found.append(Allowed(texts["duty"], one.text("version") or "*", texts["change"], texts["reason"]))
        one.finish()
    top.finish()
    if faults:
        raise BadFile(faults)
    return tuple(found)


# -- the command ---------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Try the laws named, or all; 1 when a survivor has no reason or a reason has no survivor."""
    options = argparse.ArgumentParser(description="Change every law a little, and ask whether a case notices.")
    options.add_argument("regime", nargs="*", help="ids of laws, such as us.fl; all when none is named")
    options.add_argument("--json", action="store_true", help="write the answer as JSON")
    options.add_argument("--verbose", action="store_true", help="show the survivors that are allowed too")
    given = options.parse_args(arguments)
    known = {regime.id: regime for regime in bench().pack.regimes}
    if unknown := [id for id in given.regime if id not in known]:
        options.error(f"no law has the id {', '.join(unknown)}")
    tried, found = 0, []
    for id in given.regime or known:
        for change, survived in bench().survivors(known[id]):
            tried += 1
            found += [Survivor(id, change.duty, change.version, change.what)] if survived else []
    reasons = allowed()
    silent = [one for one in found if not any(reason.covers(one) for reason in reasons)]
    idle = [] if given.regime else [reason for reason in reasons if not any(reason.covers(one) for one in found)]
    if given.json:
        answer = {
            "changes": tried,
            "noticed": tried - len(found),
            "allowed": len(found) - len(silent),
            "survivors": [asdict(one) for one in silent],
            "reasons_without_survivor": [asdict(one) for one in idle],
        }
        sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    else:
        for one in found if given.verbose else silent:
            sys.stdout.write(f"{one.duty or one.regime:40}  {one.version:12}  {one.change}\n")
        for reason in idle:
            sys.stdout.write(f"no longer survives, take it out of {SURVIVORS.name}: {reason.duty} {reason.change}\n")
        sys.stdout.write(
            f"{tried} changes, {tried - len(found)} noticed, {len(found) - len(silent)} survive with a reason, "
            f"{len(silent)} survive without\n"
        )
    return 1 if silent or idle else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
