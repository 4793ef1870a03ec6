"""What must hold of laws as a whole: texts in turn, conditions and duties that exist, nothing that goes in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from breachkit.domain.conditions import ALWAYS, All, AnyOf, Condition, Not, Use
from breachkit.domain.law import Duty, DutyVersion, Regime
from breachkit.errors import Fault, UnknownName


def overlaps(id: str, versions: Sequence[DutyVersion]) -> Iterator[str]:
    """Two texts of a duty in force on one day, in words."""
    dated = sorted((v.starts_on, v.ends_on or date.max, v.version) for v in versions if v.status == "in_force" and v.starts_on)
    for (_, end, first), (start, _, second) in pairwise(dated):
        if start <= end:
            yield f"versions '{first}' and '{second}' of '{id}' overlap on {start}; end the older one the day before"


def condition_faults(regime: Regime, file: str) -> Iterator[Fault]:
    """Conditions that are used and not there, and those that use themselves."""
    for condition, where in _conditions_in(regime):
        for name in _uses(condition):
            if name not in regime.conditions:
                yield Fault(file, None, f"{where}: {UnknownName('condition', name, regime.conditions)}")
    told: frozenset[str] = frozenset()
    for name in regime.conditions:
        reached = _reaches(name, regime.conditions, frozenset())
        if name in reached - told:
            told |= reached
            yield Fault(file, None, f"condition '{name}' uses itself")


def _conditions_in(regime: Regime) -> Iterator[tuple[Condition, str]]:
    """Every condition that may use another, and where it stands."""
    for name, condition in regime.conditions.items():
        yield condition, f"condition '{name}'"
    for duty in regime.duties:
        for version in duty.versions:
            named = [*(e.when for e in version.exempt), *(r.when for r in version.replaced)]
            named += [c.when for c in version.content_if] + [d.when for d in version.due_if]
            for condition in (version.scope, version.when, *named):
                yield condition, duty.id
    for embargo in regime.embargoes:
        for condition in (embargo.scope, embargo.when, embargo.lifted or ALWAYS):
            yield condition, embargo.id


def _uses(condition: Condition) -> frozenset[str]:
    match condition:
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(_uses(part) for part in parts))
        case Not(part):
            return _uses(part)
        case Use(name):
            return frozenset([name])
        case _:
            return frozenset()


def _reaches(name: str, named: Mapping[str, Condition], seen: frozenset[str]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for used in _uses(named.get(name, ALWAYS)) - seen:
        found |= {used} | _reaches(used, named, seen | {used})
    return found


def faults_across(regimes: Sequence[Regime], beside: Sequence[Regime] = ()) -> Iterator[Fault]:
    """Faults that only show between files: ids said twice, duties named that nobody has, clocks that wait for themselves."""
    owners = {duty.id: regime.id for regime in beside for duty in regime.duties}
    duties = {duty.id: duty for regime in beside for duty in regime.duties}
    ids: set[str] = set()
    for regime in regimes:
        if regime.id in ids:
            yield Fault(regime.id, None, f"regime '{regime.id}' is in two files; ids are unique")
        ids.add(regime.id)
        for duty in regime.duties:
            if duty.id in owners:
                yield Fault(regime.id, None, f"duty '{duty.id}' is also in '{owners[duty.id]}'; ids are unique")
            owners[duty.id], duties[duty.id] = regime.id, duty
    for regime in regimes:
        for embargo in regime.embargoes:
            if embargo.after not in duties:
                yield Fault(regime.id, None, f"embargo '{embargo.id}' names {UnknownName('duty', embargo.after, duties)}")
    told: frozenset[str] = frozenset()
    for duty in (duty for regime in regimes for duty in regime.duties):
        for version in duty.versions:
            named = {*version.waits_for, *(r.by for r in version.replaced), *clock_neighbours(version)}
            named |= {version.where_owed} if version.where_owed else set()
            for name in sorted(named):
                if name not in duties:
                    yield Fault(owners[duty.id], None, f"'{duty.id}' names {UnknownName('duty', name, duties)}")
        chain = _chain(duty.id, duties, clock_neighbours, frozenset())
        if duty.id in chain - told:
            told |= chain
            yield Fault(owners[duty.id], None, f"the clock of '{duty.id}' waits for itself")
        if duty.id in _chain(duty.id, duties, lambda v: frozenset([v.where_owed] if v.where_owed else []), frozenset()):
            yield Fault(owners[duty.id], None, f"'{duty.id}' is owed where it is owed itself (where_owed)")


def clock_neighbours(version: DutyVersion) -> frozenset[str]:
    """The duties whose filing or limit this text's clock looks at."""
    dues = [version.due, *version.due.earliest_of]
    for other in version.due_if:
        dues += [other.due, *other.due.earliest_of]
    return frozenset(name for due in dues for name in (due.after, due.before, due.not_after) if name)


def _chain(
    id: str, duties: Mapping[str, Duty], neighbours: Callable[[DutyVersion], frozenset[str]], seen: frozenset[str]
) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for version in duties[id].versions if id in duties else ():
        for other in neighbours(version) - seen:
            found |= {other} | _chain(other, duties, neighbours, seen | {other})
    return found
