"""Every incident of the journal in one line: what it is called, whether it runs, and its nearest deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from breachkit.domain.findings import Finding
from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.workflow.subjects import answer, subject_of_incident
from breachkit.workflow.words import nearest_deadline
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One incident."""

    id: str
    title: str
    invented: bool
    closed: bool
    nearest: Finding | None
    """The open duty with the earliest target; None when none has one, and for a closed incident."""
    uncovered: int
    """How many places have no law loaded."""
    now: datetime
    trouble: str = ""
    """Why this incident cannot be shown, when it cannot: one that is damaged must not hide the others."""

    @property
    def status(self) -> str:
        """In one word."""
        return "closed" if self.closed else "open"


def board(journal: Journal, workspace: Workspace) -> tuple[BoardLine, ...]:
    """Open incidents by their nearest deadline, then those without one, then closed ones."""
    lines = [_line(journal, id, workspace) for id in journal.incidents()]
    far = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(lines, key=lambda one: (one.closed, (one.nearest.due.target if one.nearest else None) or far)))


def _line(journal: Journal, id: str, workspace: Workspace) -> BoardLine:
    try:
        found = answer(subject_of_incident(journal, id, workspace), workspace)
    except BreachkitError as problem:
        return BoardLine(id, id, False, False, None, 0, workspace.now, str(problem))
    subject = found.subject
    closed = subject.incident is not None and subject.incident.closed_at is not None
    nearest = None if closed else nearest_deadline(found.assessment)
    uncovered = len(found.assessment.uncovered)
    return BoardLine(id, subject.title, subject.invented, closed, nearest, uncovered, workspace.now)
