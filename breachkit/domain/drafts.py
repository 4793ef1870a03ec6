"""What there is to judge: each duty in its text of the day, towards each of its recipients, as if it were the only duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

from breachkit.domain.clocks import Calendars, started
from breachkit.domain.conditions import evaluate
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import OtherText
from breachkit.domain.law import Directory, Duty, DutyVersion, LawPack, Regime
from breachkit.domain.logic import Verdict, all_of
from breachkit.domain.periods import say_period, zone_named
from breachkit.domain.recipients import Case, cases
from breachkit.domain.values import value


@value
class Setting:
    """What an assessment is made with, beside the facts."""

    pack: LawPack
    directory: Directory
    calendars: Calendars
    now: datetime
    """UTC: the moment the answer is for."""
    law_date: date | None = None
    """None: each duty is judged under the text of the day its clock started."""


@dataclass(frozen=True)
class Draft:
    """A duty towards one recipient, on its way to a finding."""

    regime: Regime
    duty: Duty
    version: DutyVersion
    case: Case
    reach: Verdict
    """Scope and recipient: whether the law reaches this organisation and these people at all."""
    verdict: Verdict
    """Scope, trigger and recipient together; other duties are not weighed in yet."""
    in_force: bool
    replaced_by: str | None = None

    @cached_property
    def id(self) -> str:
        """The finding's id."""
        return f"{self.duty.id}@{self.case.suffix}" if self.case.suffix else self.duty.id

    @property
    def zone(self) -> str:
        """The zone whose days count: the recipient's where it sits in the law's own place, else the regime's."""
        return (self.case.recipient.zone if self.at_home else None) or self.regime.zone

    @cached_property
    def at_home(self) -> bool:
        """Whether the recipient sits in the law's own place: a bureau elsewhere brings neither its zone nor its holidays."""
        place = self.case.recipient.place
        return place is not None and (not self.regime.place or self.case.book.words.within(place, self.regime.place))


def drafts(book: FactBook, setting: Setting) -> Iterator[Draft]:
    """Every duty of every law, towards every recipient that the facts name or leave open."""
    for regime in setting.pack.regimes:
        for duty in regime.duties:
            version, in_force = _text_of_the_day(duty, regime, book, setting)
            for case in cases(version.recipient, book, setting.directory):
                named = regime.conditions
                reach = all_of([evaluate(version.scope, case.book, named), case.holds])
                # A law that does not reach is not asked what would trigger it.
                verdict = reach if reach.holds is False else all_of([reach, evaluate(version.when, case.book, named)])
                yield Draft(regime, duty, version, case, reach, verdict, in_force)


ByDuty: TypeAlias = Mapping[str, Sequence[Draft]]
"""Drafts by the duty they are of."""


def by_duty(drafts: Iterable[Draft]) -> ByDuty:
    """The drafts of each duty, in order."""
    found: dict[str, list[Draft]] = {}
    for draft in drafts:
        found.setdefault(draft.duty.id, []).append(draft)
    return found


def other_texts(draft: Draft) -> tuple[OtherText, ...]:
    """The duty's texts that were not taken: superseded, proposed, of another day."""
    return tuple(
        OtherText(
            version.version,
            version.status,
            version.starts_on,
            version.ends_on,
            f"{say_period(version.due.period)} from {version.due.starts or version.due.after}"
            if version.due.period is not None
            else version.due.qualifier,
            version.cite,
        )
        for version in draft.duty.versions
        if version is not draft.version
    )


def _text_of_the_day(duty: Duty, regime: Regime, book: FactBook, setting: Setting) -> tuple[DutyVersion, bool]:
    """The text in force on the law date, or the nearest one and False when none is."""
    texts = [version for version in duty.versions if version.status == "in_force"]
    dated = [(setting.law_date or _start_day(version, regime, book, setting), version) for version in texts]
    fitting = [(day, version) for day, version in dated if _applies_on(version, day)]
    # Two texts that start from different events can each point at the other's time; the earliest event then decides.
    fitting = fitting or [(day, version) for day, _ in dated for version in texts if _applies_on(version, day)]
    if fitting:
        return min(fitting, key=lambda one: one[0])[1], True
    return duty.versions[-1], False


def _start_day(version: DutyVersion, regime: Regime, book: FactBook, setting: Setting) -> date:
    """The day of the duty's own start; for a clock that a filing starts, that of the duty filed; else the day of `now`."""
    before = _regime_of(version.due.after, setting) if version.due.after else None
    if before is not None:
        text, _ = _text_of_the_day(*before, book, setting)
        return _start_day(text, before[1], book, setting)
    start = started(version.due.year_of or version.due.starts or "unstated", book, regime.zone)
    at = start.at if start is not None else setting.now
    return at.astimezone(zone_named(regime.zone)).date()


def _regime_of(duty: str, setting: Setting) -> tuple[Duty, Regime] | None:
    return next(((one, regime) for regime in setting.pack.regimes for one in regime.duties if one.id == duty), None)


def _applies_on(version: DutyVersion, day: date) -> bool:
    return (version.starts_on is None or version.starts_on <= day) and (version.ends_on is None or day <= version.ends_on)
