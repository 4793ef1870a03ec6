"""What a team did and was told, gathered from its incident's journal and the exercise's. Nothing of it is judged here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact
from breachkit.domain.values import value


@value
class OnDuty:
    """Something done about one duty."""

    duty: str
    """The finding's id, with its recipient where it has one."""
    at: datetime
    """When it was recorded: the exercise's virtual time, UTC."""
    seq: int
    """The journal's entry."""
    choice: str = ""
    """Of a decision notify or refrain; of a filing first, update or withdrawal."""
    ground: str = ""
    """Of a decision its ground; of a filing its reference."""
    by: str = ""

    def about(self, name: str) -> bool:
        """Whether it is about that finding, or that duty towards any recipient."""
        return name in (self.duty, self.duty.partition("@")[0])


@value
class Stated:
    """One value a team recorded for a fact."""

    fact: Fact
    at: datetime
    """Virtual time, UTC."""
    seq: int


@value
class Doings:
    """Everything so far. Times are the exercise's virtual time, UTC."""

    declared_at: datetime | None = None
    """When the incident was opened; None: not yet."""
    book: FactBook | None = None
    """The team's facts with its organisation's profile; None before the incident was opened."""
    stated: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    """By fact key, oldest first."""
    filed: tuple[OnDuty, ...] = ()
    decided: tuple[OnDuty, ...] = ()
    approved: tuple[OnDuty, ...] = ()
    steps: Mapping[str, datetime] = field(default_factory=dict)
    """When each playbook step (`ransomware.isolate`) was first done, by a tick or by the facts."""
    fired: Mapping[str, datetime] = field(default_factory=dict)
    """When each inject was sent."""
    skipped: Mapping[str, datetime] = field(default_factory=dict)
    """Injects a facilitator left out."""
    asked: Mapping[str, datetime] = field(default_factory=dict)
    """When each fact was first asked for."""
    answered: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    """The first choice for each question: when, and which option."""
    notes: tuple[tuple[datetime, str], ...] = ()
    refused: tuple[tuple[datetime, str, str], ...] = ()
    """What the tool refused: when, what was tried, why. Kept by scripted runs."""
    other_incidents: tuple[str, ...] = ()
    """Further incidents opened beside the first one."""

    def recorded_at(self, key: str) -> datetime | None:
        """When a fact was first recorded; None: never."""
        stated = self.stated.get(key)
        return stated[0].at if stated else None
