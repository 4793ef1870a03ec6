"""The risk assessment of an incident or a facts file, and its public JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from breachkit.domain.factbook import FactBook
from breachkit.domain.law import Citation
from breachkit.domain.logic import Because
from breachkit.domain.risk import RiskAssessment, assess_risk
from breachkit.domain.risk.level import Excuse
from breachkit.domain.risk.values import Factor, Span, band_of
from breachkit.workflow.contract import NOT_ADVICE, nothing_of_it
from breachkit.workflow.subjects import Subject, read_fact

DECIDES = (
    "This decides nothing: the score and the suggestion change no duty. Only a recorded risk.level does, with risk.reason "
    "beside it."
)
LABELS: Mapping[str, str] = {
    "dpc": "DPC  kind of data",
    "ei": "EI   ease of identification",
    "confidentiality": "CB   confidentiality",
    "integrity": "CB   integrity",
    "availability": "CB   availability",
    "intent": "CB   malicious intent",
}
LEVEL_WORDS: Mapping[str, str] = {
    "unlikely": "a risk to people is unlikely",
    "risk": "a risk to people",
    "high": "a high risk to people",
}


def risk_of(subject: Subject, what_if: Mapping[str, object] | None = None) -> tuple[Subject, RiskAssessment]:
    """Assess the subject's facts, with `what_if` facts laid over them for this one answer."""
    if what_if:
        supposed = {key: replace(read_fact(key, raw), source="what if") for key, raw in what_if.items()}
        subject = replace(subject, book=FactBook({**subject.book.facts, **supposed}, subject.book.words))
    return subject, assess_risk(subject.book)


def risk(subject: Subject, found: RiskAssessment) -> dict[str, Any]:
    """`risk --json`."""
    book, (lowest, highest) = subject.book, found.between
    return {
        "format": "breachkit/risk@1",
        "method": "enisa-2013",
        "notice": NOT_ADVICE,
        "incident": {"id": subject.name, "title": subject.title, **nothing_of_it(subject)},
        "dpc": _whole(found.dpc.exact),
        "ei": _number(found.ei.exact),
        "cb": _number(found.cb.exact),
        "se": _number(found.se.exact),
        "band": found.band,
        "range": {
            "dpc": [_whole(found.dpc.low), _whole(found.dpc.high)],
            **{name: _ends(span) for name, span in (("ei", found.ei), ("cb", found.cb), ("se", found.se))},
            "band": [band_of(found.se.low), band_of(found.se.high)],
        },
        "factors": [_factor(one) for one in found.factors],
        "flags": [one.id for one in found.flags if one.holds],
        "flag_details": [
            {"id": one.id, "text": one.text, "holds": one.holds, "because": _because(one.because), "needs": list(one.needs)}
            for one in found.flags
        ],
        "suggests": found.suggests,
        "between": [lowest, highest],
        "because": _because(found.reach.because),
        "needs": list(found.needs),
        "needs_for": {"suggestion": list(found.reach.needs), "score": list(found.score_needs)},
        "exceptions": [_excuse(one) for one in found.excuses],
        "notes": list(found.notes),
        "recorded": {"level": book.text("risk.level"), "reason": book.text("risk.reason")},
        "decides": DECIDES,
        "cite": _cite(found.cite),
    }


def _factor(one: Factor) -> dict[str, Any]:
    return {
        "name": one.name,
        "value": _number(one.span.exact),
        "range": _ends(one.span),
        "row": one.row,
        "cite": _cite([one.cite]),
        "because": _because(one.because),
        "needs": list(one.needs),
        "overridden": one.replaces is not None,
        "replaces": None if one.replaces is None else _ends(one.replaces),
        "refused": one.refused,
    }


def _excuse(one: Excuse) -> dict[str, Any]:
    return {
        "id": f"34(3)({one.id})",
        "title": one.title,
        "holds": one.verdict.holds,
        "effect": one.effect,
        "because": _because(one.verdict.because),
        "needs": sorted(one.verdict.needs),
        "cite": _cite([one.cite]),
    }


def _number(value: Decimal | None) -> float | None:
    """Every value is a multiple of a quarter, which a float holds exactly."""
    return None if value is None else float(value)


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _ends(span: Span) -> list[float]:
    return [float(span.low), float(span.high)]


def _because(reasons: Iterable[Because]) -> list[dict[str, Any]]:
    return [{"text": one.text, "fact": one.fact, "value": one.value, "holds": one.holds} for one in reasons]


def _cite(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    return [{"text": one.text, "url": one.url} for one in citations]
