"""A law as JSON. A contract: keys are added, never renamed. Conditions are written as in law files."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from breachkit.domain.conditions import Condition
from breachkit.domain.conditions_written import written
from breachkit.domain.law import Directory, Due, DutyVersion, Embargo, Hold, Recipient, Regime, Substitute
from breachkit.domain.periods import say_period
from breachkit.domain.vocabulary import Vocabulary
from breachkit.workflow.law_words import day, say


def as_json(regime: Regime, which: str, words: Vocabulary, directory: Directory) -> dict[str, Any]:
    """`law show --json`: the law with every text of every duty."""
    return {
        "id": regime.id,
        "title": regime.title,
        "place": regime.place,
        "source": asdict(regime.source),
        "reviewed": regime.reviewed.isoformat(),
        "pack": regime.pack,
        "kind": regime.kind,
        "covers": list(regime.covers),
        "zone": regime.zone,
        "calendar": regime.calendar,
        "notes": list(regime.notes),
        "duties": [
            {
                "id": duty.id,
                "title": duty.title,
                "versions": [_version(version, words, directory) for version in duty.versions],
            }
            for duty in regime.duties
            if which in (regime.id, duty.id)
        ],
        "embargoes": [_embargo(one, words) for one in regime.embargoes if which in (regime.id, one.id)],
    }


def _version(version: DutyVersion, words: Vocabulary, directory: Directory) -> dict[str, Any]:
    return {
        "version": version.version,
        "in_force": version.status,
        "from": day(version.starts_on),
        "until": day(version.ends_on),
        "recipient": _recipient(version.recipient, directory),
        "within": say_period(version.due.period) if version.due.period else None,
        "from_start": version.due.starts,
        "after": version.due.after,
        "qualifier": version.due.qualifier,
        "content": list(version.content),
        "forbidden": list(version.forbidden),
        "cite": [asdict(cite) for cite in version.cite],
        "confidence": version.confidence,
        "due": _due(version.due),
        "due_if": [{**_test(one.when, words), "text": one.text, "due": _due(one.due)} for one in version.due_if],
        "scope": _test(version.scope, words),
        "when": _test(version.when, words),
        "presumed": version.presumed,
        "exempt": [
            {"id": one.id, "text": one.text, "when": _test(one.when, words), "cite": [asdict(cite) for cite in one.cite]}
            for one in version.exempt
        ],
        "replaced_by": [{"duty": one.by, "when": _test(one.when, words), "text": one.text} for one in version.replaced],
        "waits_for": list(version.waits_for),
        "opens_when": version.opens_when,
        "where_owed": version.where_owed or None,
        "late_content": list(version.late_content),
        "content_if": [
            {"elements": list(one.elements), "when": _test(one.when, words), "text": one.text, "months": one.months}
            for one in version.content_if
        ],
        "hold": _hold(version.hold),
        "substitute": _substitute(version.substitute),
        "extension": version.extension,
        "unverified": list(version.unverified),
        "notes": list(version.notes),
        "history": version.history,
    }


def _recipient(recipient: Recipient, directory: Directory) -> dict[str, Any]:
    found = [directory.authorities[id] for id in recipient.authorities]
    return {
        "kind": recipient.kind,
        "name": recipient.name,
        "resolve": recipient.resolve,
        "group": recipient.group,
        "authorities": [
            {
                "id": one.id,
                "name": one.name,
                "channel": one.channel,
                "languages": list(one.languages),
                "last_checked": day(one.last_checked),
                "confidence": one.confidence,
            }
            for one in found
        ],
    }


def _due(due: Due) -> dict[str, Any]:
    return {
        "within": say_period(due.period) if due.period is not None else None,
        "from": due.starts,
        "year_of": due.year_of,
        "by": _month_day(due.by) if due.by is not None else None,
        "after": due.after,
        "qualifier": due.qualifier,
        "counting": due.counting,
        "calendar": due.calendar,
        "first_day_counts": due.first_day_counts,
        "closed_days": [_month_day(one) for one in due.closed_days],
        "before": due.before,
        "with": due.not_after,
        "earliest_of": [_due(other) for other in due.earliest_of],
        "steps": list(due.steps),
    }


def _month_day(one: tuple[int, int]) -> str:
    return f"{one[0]:02}-{one[1]:02}"


def _hold(hold: Hold | None) -> dict[str, Any] | None:
    if hold is None:
        return None
    resume = say_period(hold.resume) if hold.resume is not None else None
    return {"form": hold.form, "resume": resume, "mandatory": hold.mandatory, "text": hold.text}


def _substitute(one: Substitute | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        **asdict(one.limits),
        "op": ">" if one.strict else ">=",
        "insufficient_contact": one.insufficient_contact,
        "small": asdict(one.small) if one.small is not None else None,
        "means": list(one.means),
        "text": one.text,
    }


def _embargo(one: Embargo, words: Vocabulary) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "in_force": one.status,
        "from": day(one.starts_on),
        "until": day(one.ends_on),
        "holds": list(one.holds),
        "scope": _test(one.scope, words),
        "when": _test(one.when, words),
        "after": one.after,
        "for": say_period(one.period),
        "calendar": one.calendar,
        "lifted": _test(one.lifted, words) if one.lifted is not None else None,
        "text": one.text,
        "cite": [asdict(cite) for cite in one.cite],
        "confidence": one.confidence,
    }


def _test(condition: Condition, words: Vocabulary) -> dict[str, Any]:
    return {"says": say(condition, words), "test": written(condition)}
