"""What people did about a duty, as recorded: filings, their proof and what they left out; decisions and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from breachkit.domain.drafts import Draft
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Instant
from breachkit.domain.findings import Decision
from breachkit.domain.logic import Verdict


def filings(id: str, duty: str, book: FactBook) -> tuple[Mapping[str, Any], ...]:
    """What was filed for a finding: under its own id, and under its duty's id where no recipient was named."""
    records: list[Mapping[str, Any]] = []
    for key in dict.fromkeys((f"filed.{id}", f"filed.{duty}")):
        fact = book.get(key)
        if fact is not None and isinstance(fact.value, tuple):
            records += [record for record in fact.value if isinstance(record, Mapping)]
    return tuple(records)


def first_filing(records: tuple[Mapping[str, Any], ...]) -> datetime | None:
    """When the first proven filing was made, UTC; None when there was none. Amendments and withdrawals do not count."""
    times = [
        record["at"].at
        for record in records
        if isinstance(record.get("at"), Instant) and record.get("kind", "first") == "first" and proven(record)
    ]
    return min(times, default=None)


def proven(record: Mapping[str, Any]) -> bool:
    """Whether a filing names its proof: the authority's number, a receipt, a server's reply. A clock stops only on that."""
    return bool(str(record.get("reference") or "").strip())


def still_lacking(draft: Draft, book: FactBook) -> Verdict:
    """Whether the filing this one follows left something out that no later one brought."""
    base = draft.version.waits_for[0]
    suffix = f"@{draft.case.suffix}" if draft.case.suffix else ""
    made = [*filings(base + suffix, base, book), *filings(draft.id, draft.duty.id, book)]
    if first_filing(tuple(made)) is None:
        return Verdict.of(False, f"a first report was filed for {base}")
    told = [record["lacked"] for record in made if "lacked" in record]
    if not told:
        return Verdict.of(None, f"the filing for {base} left something out", fact=f"filed.{base}{suffix}")
    lacked = told[-1] if isinstance(told[-1], list) else [told[-1]]
    if not lacked:
        return Verdict.of(False, f"the filings for {base} are complete", value="nothing lacking")
    return Verdict.of(True, f"the filing for {base} left out {', '.join(map(str, lacked))}", value=str(len(lacked)))


def decision(id: str, duty: str, book: FactBook) -> Decision | None:
    """What was decided last for a finding; it is to be looked at again once a fact it rested on changed."""
    for key in dict.fromkeys((f"decided.{id}", f"decided.{duty}")):
        fact = book.get(key)
        if fact is None or not isinstance(fact.value, tuple) or not fact.value:
            continue
        record = fact.value[-1]
        if not isinstance(record, Mapping):
            continue
        rested = record.get("rests_on") or {}
        changed = tuple(key for key, raw in rested.items() if _raw(key, book) != raw)
        at = record.get("at")
        return Decision(
            str(record.get("choice", "")),
            str(record.get("ground", "")),
            at.at if isinstance(at, Instant) else None,
            record.get("by"),
            bool(changed),
            changed,
        )
    return None


def _raw(key: str, book: FactBook) -> Any:
    fact = book.facts.get(key)
    return None if fact is None else fact.raw
