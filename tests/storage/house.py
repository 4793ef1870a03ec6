"""Drafts, times and incidents that the storage tests share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal

NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)


def minute(number: int) -> datetime:
    return NIGHT + timedelta(minutes=number)


def fact(key: str = "people.total", value: str = "~4100", **more: str) -> Draft:
    return Draft("fact.recorded", {"key": key, "value": value, **more})


def opened(title: str = "Exported conversations readable without a password") -> Draft:
    return Draft("incident.opened", {"title": title})


def fill(journal: Journal, *sizes: int) -> None:
    """One incident per size, each with that many entries, a minute apart."""
    for size in sizes:
        incident, _ = journal.new_incident([opened()], actor="ana", recorded_at=NIGHT)
        drafts = [fact(value=str(number), note="x" * (number % 7 * 200)) for number in range(2, size + 1)]
        journal.append(incident, drafts, expected=1, actor="ana", recorded_at=minute(1))
