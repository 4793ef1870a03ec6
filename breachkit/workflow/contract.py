"""The public JSON shapes. Contracts are extended, never renamed: other programs read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from breachkit.domain import marks
from breachkit.domain.facts import Fact, Instant
from breachkit.domain.findings import Conflict, Finding, FoundDue, FoundRecipient, FoundSubstitute, Held, OpenQuestion
from breachkit.domain.journal import Entry
from breachkit.domain.law import Citation, Regime
from breachkit.domain.logic import Because
from breachkit.domain.organisation import Organisation
from breachkit.domain.periods import zone_named
from breachkit.workflow.subjects import Answer, Subject

NOT_ADVICE = (
    "Information, not legal advice. Rows marked secondary or unverified, disputed extensions and conflicts need counsel "
    "before anyone relies on them."
)


def moment(value: datetime | None, zone: str = "UTC") -> str | None:
    """RFC 3339 with the offset of that zone."""
    return None if value is None else value.astimezone(zone_named(zone)).isoformat()


def nothing_of_it(subject: Subject) -> dict[str, Any]:
    """`invented`, and for an exercise alone `exercise` with its name."""
    return marks.in_json(subject.invented, subject.exercise)


def duties(answer: Answer) -> dict[str, Any]:
    """`duties --json`."""
    found = answer.assessment
    return {
        "format": "breachkit/duties@1",
        "now": moment(found.now),
        "law_date": found.law_date.isoformat() if found.law_date else None,
        "law_pack": {"version": found.pack_version, "sha256": found.pack_sha256},
        "notice": NOT_ADVICE,
        "incident": {"id": answer.subject.name, "title": answer.subject.title, **nothing_of_it(answer.subject)},
        "uncovered": [{"place": place.place, "name": place.name, "people": place.people} for place in found.uncovered],
        "duties": [duty(finding) for finding in found.findings],
        "conflicts": [_conflict(conflict) for conflict in found.conflicts],
        "open_questions": [question(one) for one in found.questions],
    }


def duty(finding: Finding) -> dict[str, Any]:
    """One finding."""
    decision = finding.decision
    return {
        "id": finding.id,
        "duty": finding.duty,
        "regime": finding.regime,
        "title": finding.title,
        "recipient": _recipient(finding.recipient),
        "status": finding.status,
        "presumed": finding.presumed,
        "replaced_by": finding.replaced_by,
        "due": _due(finding.due),
        "because": [_because(reason) for reason in finding.because],
        "needs": list(finding.needs),
        "content": list(finding.content),
        "forbidden": list(finding.forbidden),
        "cite": _cite(finding.cite),
        "confidence": finding.confidence,
        "reviewed": finding.reviewed.isoformat(),
        "pack": finding.pack,
        "pack_version": finding.pack_version,
        "pack_sha256": finding.pack_sha256,
        "version": finding.version,
        "decision": None
        if decision is None
        else {
            "choice": decision.choice,
            "ground": decision.ground,
            "at": moment(decision.at),
            "by": decision.by,
            "reopened": decision.reopened,
            "changed": list(decision.changed),
        },
        "filed": [_plain(record) for record in finding.filed],
        "controller": finding.controller,
        "other_texts": [
            {
                "version": text.version,
                "status": text.status,
                "from": text.starts_on.isoformat() if text.starts_on else None,
                "until": text.ends_on.isoformat() if text.ends_on else None,
                "summary": text.summary,
                "cite": _cite(text.cite),
            }
            for text in finding.other_texts
        ],
        "notes": list(finding.notes),
        "unverified": list(finding.unverified),
        "place_open": finding.place_open,
        "trade_open": finding.trade_open,
        "asks": list(finding.asks),
        "substitute": _substitute(finding.substitute),
    }


def question(one: OpenQuestion) -> dict[str, Any]:
    """One open question."""
    return {
        "key": one.key,
        "asks": one.asks,
        "why": one.why,
        "unlocks": list(one.unlocks),
        "earliest_due": moment(one.earliest_due),
        "answered_unknown": one.answered_unknown,
    }


def fact(one: Fact) -> dict[str, Any]:
    """One fact as known now."""
    return {
        "key": one.key,
        "value": one.raw,
        "source": one.source,
        "certainty": one.certainty,
        "happened_at": one.happened_at.written if one.happened_at else None,
        "recorded_at": moment(one.recorded_at),
        "by": one.by,
    }


def entry(one: Entry) -> dict[str, Any]:
    """One journal entry as stored."""
    return {
        "incident": one.incident,
        "seq": one.seq,
        "kind": one.kind,
        "body": _plain(one.body),
        "track": one.track,
        "actor": one.actor,
        "recorded_at": moment(one.recorded_at),
        "previous": one.previous,
        "hash": one.hash,
    }


def regimes(known: Iterable[Regime]) -> dict[str, Any]:
    """`law list --json`."""
    return {
        "regimes": [
            {
                "id": regime.id,
                "title": regime.title,
                "place": regime.place,
                "kind": regime.kind,
                "covers": list(regime.covers),
                "in_force": any(version.status == "in_force" for duty in regime.duties for version in duty.versions),
                "confidence": weakest(version.confidence for duty in regime.duties for version in duty.versions),
                "pack": regime.pack,
                "duties": [{"id": duty.id, "title": duty.title} for duty in regime.duties],
            }
            for regime in known
        ]
    }


def organisation(one: Organisation) -> dict[str, Any]:
    """`org show --json`."""
    return {
        "id": one.id,
        "name": one.name,
        "affiliation": one.affiliation,
        "profile": _plain(one.profile),
        "gaps": [{"what": gap.what, "section": gap.section} for gap in one.gaps],
    }


def weakest(confidences: Iterable[str]) -> str:
    """The least certain of them."""
    order = ("verified", "secondary", "unverified")
    return max(confidences, key=order.index, default="unverified")


def _substitute(found: FoundSubstitute | None) -> dict[str, Any] | None:
    if found is None:
        return None
    because = [_because(reason) for reason in found.because]
    return {"open": found.open, "because": because, "means": list(found.means), "text": found.text}


def _held(held: Held | None) -> dict[str, Any] | None:
    if held is None:
        return None
    return {"until": moment(held.until), "agency": held.agency, "counts": held.counts, "text": held.text}


def _recipient(found: FoundRecipient) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "id": found.id,
        "name": found.name,
        "channel": found.channel,
        "channel_confidence": found.channel_confidence,
        "last_checked": found.last_checked.isoformat() if found.last_checked else None,
        "languages": list(found.languages),
        "candidates": list(found.candidates),
        "waits_for": list(found.waits_for),
    }


def _due(due: FoundDue) -> dict[str, Any]:
    held = due.not_before
    return {
        "target": moment(due.target, due.zone),
        "outer": moment(due.outer, due.zone),
        "last_day": due.last_day.isoformat() if due.last_day else None,
        "zone": due.zone,
        "kind": due.kind,
        "amount": due.amount,
        "starts": due.starts,
        "start_at": moment(due.start_at, due.zone),
        "start_fact": due.start_fact,
        "qualifier": due.qualifier,
        "provisional": due.provisional,
        "projected": due.projected,
        "waits_for": list(due.waits_for),
        "not_before": None
        if held is None
        else {
            "at": moment(held.at, due.zone),
            "duty": held.duty,
            "because": held.because,
            "holds": held.holds,
            "projected": held.projected,
            "cite": _cite(held.cite),
            "steps": list(held.steps),
        },
        "steps": list(due.steps),
        "notes": list(due.notes),
        "held": _held(due.held),
    }


def _because(reason: Because) -> dict[str, Any]:
    return {"text": reason.text, "fact": reason.fact, "value": reason.value, "holds": reason.holds}


def _cite(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    return [{"text": citation.text, "url": citation.url} for citation in citations]


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {"duties": list(conflict.duties), "text": conflict.text, "cite": _cite(conflict.cite)}


def _plain(value: Any) -> Any:
    if isinstance(value, Instant):
        return value.written
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
