"""Notices that must wait: a law's ban on telling some people too early, laid over every other law, promise and contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from breachkit.domain.acts import first_filing
from breachkit.domain.clocks import Calendars, last_moment
from breachkit.domain.conditions import evaluate
from breachkit.domain.counting import deadline, full_business_days_after
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Conflict, Finding, NotBefore
from breachkit.domain.law import Embargo, LawPack, Regime
from breachkit.domain.logic import Verdict, all_of
from breachkit.domain.periods import BusinessDays, Calendar, end_of_day, show, zone_named
from breachkit.domain.values import value


@value
class _Wait:
    """One embargo on these facts."""

    embargo: Embargo
    verdict: Verdict
    not_before: NotBefore
    soonest: datetime
    """The earliest end of the wait if the first notice went out now; the end itself once it was sent."""


def hold_back(
    findings: list[Finding],
    book: FactBook,
    pack: LawPack,
    calendars: Calendars,
    now: datetime,
    law_date: date | None,
) -> tuple[list[Finding], tuple[Conflict, ...]]:
    """The findings with their `not_before`, and every pair of rules that cannot both be kept."""
    conflicts: list[Conflict] = []
    for regime in pack.regimes:
        for embargo in regime.embargoes:
            wait = _wait(embargo, regime, findings, book, calendars, now, law_date)
            if wait is None:
                continue
            held = [_held(finding, wait, calendars(embargo.calendar), now) for finding in findings]
            conflicts += [conflict for _, conflict in held if conflict is not None]
            findings = [finding for finding, _ in held]
    return findings, tuple(conflicts)


def _wait(
    embargo: Embargo,
    regime: Regime,
    findings: Iterable[Finding],
    book: FactBook,
    calendars: Calendars,
    now: datetime,
    law_date: date | None,
) -> _Wait | None:
    first = next((finding for finding in findings if finding.duty == embargo.after), None)
    start = first.due.start_at if first is not None else None
    day = law_date or (start or now).astimezone(zone_named(embargo.zone)).date()
    in_force = embargo.status == "in_force" and (embargo.starts_on is None or embargo.starts_on <= day)
    if first is None or not in_force or (embargo.ends_on is not None and day > embargo.ends_on):
        return None
    parts = [evaluate(embargo.scope, book, regime.conditions), evaluate(embargo.when, book, regime.conditions)]
    # Lifting an embargo is an act of the agency: until it is recorded, the embargo stands.
    if embargo.lifted is not None and evaluate(embargo.lifted, book, regime.conditions).holds:
        return None
    verdict = all_of(parts)
    if verdict.holds is False:
        return None
    calendar = calendars(embargo.calendar)
    filed = first_filing(first.filed)
    origin = filed or last_moment(first.due)
    at, steps = _after(origin, embargo, calendar) if origin is not None else (None, ())
    soonest = at if filed is not None and at is not None else _after(now, embargo, calendar)[0]
    not_before = NotBefore(
        at=at,
        duty=first.id,
        because=embargo.text if verdict.holds else f"{embargo.text} (whether it applies here is not known yet)",
        holds=verdict.holds,
        projected=filed is None,
        cite=embargo.cite,
        steps=steps,
    )
    return _Wait(embargo, verdict, not_before, soonest)


def _after(origin: datetime, embargo: Embargo, calendar: Calendar | None) -> tuple[datetime, tuple[str, ...]]:
    if isinstance(embargo.period, BusinessDays):
        return full_business_days_after(origin, embargo.period.number, zone=embargo.zone, calendar=calendar)
    counted = deadline(origin, embargo.period, zone=embargo.zone, calendar=calendar)
    return counted.target, counted.steps


def _held(finding: Finding, wait: _Wait, calendar: Calendar | None, now: datetime) -> tuple[Finding, Conflict | None]:
    if finding.recipient.kind not in wait.embargo.holds or not finding.recipient.customer or not finding.running:
        return finding, None
    due = finding.due
    notes = list(due.notes)
    conflict = None
    too_late = due.target is not None and wait.soonest > due.target
    if wait.verdict.holds and too_late and due.target is not None:
        conflict = Conflict(
            (finding.id, wait.not_before.duty),
            f"{finding.id} is due by {show(due.target, due.zone)}, but {wait.embargo.id} forbids it before "
            f"{show(wait.soonest, wait.embargo.zone)}"
            + ("" if not wait.not_before.projected else f" even if {wait.not_before.duty} is filed now")
            + ". Both cannot be kept: a question for counsel.",
            (*finding.cite, *wait.embargo.cite),
        )
    elif due.target is not None and wait.not_before.projected:
        by = _file_by(due.target, wait, calendar, now)
        if by is not None:
            notes.append(
                f"Held back by {wait.embargo.id}: to keep both, {wait.not_before.duty} must be filed by "
                f"{show(by, wait.embargo.zone)}."
            )
    if wait.verdict.holds is None:
        notes.append(f"It may have to wait: {wait.embargo.text}; needs {', '.join(sorted(wait.verdict.needs))}.")
    needs = tuple(sorted({*finding.needs, *wait.verdict.needs}))
    asks = finding.asks or tuple(sorted(wait.verdict.needs))
    held = replace(finding, needs=needs, asks=asks, due=replace(due, not_before=wait.not_before, notes=tuple(notes)))
    return held, conflict


def _file_by(target: datetime, wait: _Wait, calendar: Calendar | None, now: datetime) -> datetime | None:
    """The end of the last day on which filing the first notice still ends the wait before `target`; None when past."""
    zone = wait.embargo.zone
    day = target.astimezone(zone_named(zone)).date()
    while end_of_day(day, zone) > now.astimezone(UTC):
        last_moment = end_of_day(day, zone) - timedelta(seconds=1)
        if _after(last_moment, wait.embargo, calendar)[0] <= target:
            return end_of_day(day, zone)
        day -= timedelta(days=1)
    return None
