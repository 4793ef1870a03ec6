"""What tests of reminders share: an incident that runs, and ways that keep what they were told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from breachkit.content.organisations import load_organisation
from breachkit.domain.reminders import KIND, Schedule
from breachkit.storage.journal import Journal
from breachkit.workflow.recording import open_incident
from breachkit.workflow.reminder_ways import Kind, Way, WayFailed
from breachkit.workflow.reminder_words import Message
from breachkit.workflow.reminding import Round, remind
from breachkit.workflow.workspace import Workspace

REPORT = "eu.gdpr.33@es-aepd"
FACTS: dict[str, Any] = {
    "role": "controller",
    "aware_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]",
    "risk.level": "risk",
    "breach.kinds": ["confidentiality"],
    "data.categories": ["full_name", "phone"],
    "people.total": "600",
    "people.in.ES": "600",
    "people.elsewhere": "0",
}
"""People in Spain alone: the report is due on 23 November 2026 at 21:15 UTC."""


def opened(workspace: Workspace, journal: Journal, **facts: Any) -> str:
    """An incident of Example Co."""
    known = {**FACTS, **{key.replace("__", "."): raw for key, raw in facts.items()}}
    company = load_organisation("example-co")
    return open_incident(workspace, journal, title="Stolen laptop", organisation=company, facts=known).incident


class Kept:
    """A way that keeps its messages, and fails while `trouble` is set."""

    def __init__(self, kind: Kind = "mail", id: str = "") -> None:
        self.messages: list[Message] = []
        self.trouble = ""
        self.meanwhile: Callable[[], object] | None = None
        """What somebody else does while it is being said."""
        self.way = Way(kind, id or kind, self._say)

    def _say(self, message: Message) -> str:
        if self.trouble:
            raise WayFailed(self.trouble)
        self.messages.append(message)
        if self.meanwhile is not None:
            self.meanwhile()
        return f"250 ok number {len(self.messages)}"


def run(
    space: Workspace, *ways: Kept, schedule: Schedule | None = None, incident: str | None = None, dry: bool = False
) -> Round:
    """One run whose terminal nobody looks at."""
    return remind(space, schedule or Schedule(), [one.way for one in ways], incident, lambda _: None, dry=dry)


def proofs(journal: Journal, incident: str = "INC-1", by: str | None = None) -> list[dict[str, Any]]:
    """The bodies of what proves reminders, oldest first."""
    bodies = [dict(entry.body) for entry in journal.entries(incident) if entry.kind == KIND]
    return [body for body in bodies if by in (None, body["by"])]
