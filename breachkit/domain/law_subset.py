"""The laws that decide some duties and no others, for asking about these few again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from breachkit.domain.law import Due, DutyVersion, LawPack, Regime


def deciding(pack: LawPack, duties: Collection[str]) -> LawPack:
    """The part of a pack by which these duties are judged as by the whole: their own laws, those that these hang on, and
    every law that holds others back.

    The whole pack where one of the duties is owed whenever any law owes a notice of its kind. Questions, uncovered places and
    conflicts with other laws are not those of the whole.
    """
    wanted = [duty for regime in pack.regimes for duty in regime.duties if duty.id in duties]
    if any(version.follows is not None for duty in wanted for version in duty.versions):
        return pack
    home = {duty.id: regime.id for regime in pack.regimes for duty in regime.duties}
    by_id = {regime.id: regime for regime in pack.regimes}
    kept = {home[duty.id] for duty in wanted} | {regime.id for regime in pack.regimes if regime.embargoes}
    waiting = list(kept)
    while waiting:
        for name in _hangs_on(by_id[waiting.pop()]):
            other = home.get(name)
            if other is not None and other not in kept:
                kept.add(other)
                waiting.append(other)
    return replace(pack, regimes=tuple(regime for regime in pack.regimes if regime.id in kept))


def _hangs_on(regime: Regime) -> Iterator[str]:
    """The duties that a law's own duties and embargoes name."""
    for duty in regime.duties:
        for version in duty.versions:
            yield from _named(version)
    yield from (embargo.after for embargo in regime.embargoes)


def _named(version: DutyVersion) -> Iterator[str]:
    yield from (one.by for one in version.replaced)
    yield from version.waits_for
    yield version.where_owed
    for due in (version.due, *(one.due for one in version.due_if)):
        yield from _clocked_by(due)


def _clocked_by(due: Due) -> Iterator[str]:
    yield from (name for name in (due.after, due.before, due.not_after) if name is not None)
    for other in due.earliest_of:
        yield from _clocked_by(other)
