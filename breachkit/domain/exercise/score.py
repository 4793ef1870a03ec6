"""The shape of a score: lines that each say what was looked for, what was found and why it earned what it earned."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from breachkit.domain.values import value

PartId = Literal[
    "declare", "duties", "deadlines", "needless", "notices", "decisions", "facts", "playbook", "answers", "actions"
]
PARTS: dict[PartId, str] = {
    "declare": "Declaring the incident",
    "duties": "Seeing who must be told",
    "deadlines": "Meeting the deadlines",
    "needless": "Telling nobody without need",
    "notices": "Notices that are whole and true",
    "decisions": "Decisions with their grounds",
    "facts": "Asking for facts in time",
    "playbook": "Steps of the playbooks",
    "answers": "Answers to questions",
    "actions": "What else a good team does",
}
"""In the order in which a debrief tells them."""
Outcome = Literal["met", "late", "early", "wrong", "missed"]
"""late and early: done, outside its window. wrong: done otherwise than the truth asks. missed: not done."""


@value
class Line:
    """One thing the score looked for."""

    id: str
    """Stable within a scenario: `action:declare`, `duty:eu.gdpr.33@es-aepd`, `fact:people.in.ES`, `step:general.evidence`."""
    part: PartId
    title: str
    """What was looked for, in words."""
    points: float
    of: float
    outcome: Outcome
    why: str
    """What was found and why it earned that, with the times and values it rests on."""
    because: str = ""
    """Why it matters: an action's reason, a duty's citation."""
    at: datetime | None = None
    """When the team did it, virtual time, UTC; None: it did not."""
    wanted_by: datetime | None = None
    """UTC; None: no time was set."""
    role: str = ""
    objective: str = ""
    train: str = ""
    """What to practise, where the line lost points."""

    @property
    def lost(self) -> float:
        """Points not earned."""
        return self.of - self.points


@value
class Part:
    """The lines of one kind."""

    id: PartId
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """In words."""
        return PARTS[self.id]

    @property
    def points(self) -> float:
        """Earned."""
        return sum(line.points for line in self.lines)

    @property
    def of(self) -> float:
        """To be earned."""
        return sum(line.of for line in self.lines)


@value
class Score:
    """All parts that had something to look for. There is no number without its parts."""

    parts: tuple[Part, ...]

    @property
    def points(self) -> float:
        """Earned in all."""
        return sum(part.points for part in self.parts)

    @property
    def of(self) -> float:
        """To be earned in all."""
        return sum(part.of for part in self.parts)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, part by part."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def lost(self) -> tuple[Line, ...]:
        """The lines that lost points, the costliest first."""
        return tuple(sorted((line for line in self.lines if line.lost), key=lambda line: -line.lost))
