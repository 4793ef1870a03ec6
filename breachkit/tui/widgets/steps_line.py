"""One line on the incident's screen: how many steps of the playbooks are open, and which comes next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.text import Text
from textual.widgets import Static

from breachkit.domain.playbook import StepStanding
from breachkit.errors import BreachkitError
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, one_line
from breachkit.workflow.playbooks import left_words, steps_of
from breachkit.workflow.subjects import Subject

_KEY = "   s: all"


class StepsLine(Static):
    """`Steps: 5 open - next: Cut the affected machines off the network (technical, 1 h 20 min left)   s: all`."""

    def show(self, subject: Subject, now: datetime, own: Path | None) -> None:
        """Say it. A playbook of one's own that cannot be read is said here, and the rest of the screen goes on."""
        width = (self.app.size.width or 80) - 2
        try:
            self.update(steps_words(steps_of(subject, own=own), now, width))
        except BreachkitError as problem:
            self.update(one_line(f"Steps: cannot be read: {problem}", WARN, width))


def steps_words(found: tuple[StepStanding, ...], now: datetime, width: int) -> Text:
    """The line; the next step's title is what gives way where it is narrow."""
    by_state = {state: [one for one in found if one.state == state] for state in ("open", "not_known", "waiting", "done")}
    number, maybe, waiting, done = (len(rows) for rows in by_state.values())
    if not number:
        said = f"Steps: none open, {maybe} maybe, {waiting} waiting, {done} done"
        return one_line(said, FAINT, width - len(_KEY)) + one_line(_KEY, FAINT)
    nearest = by_state["open"][0]
    left = left_words(nearest, now)
    late = left.endswith("late")
    head = f"Steps: {number} open{f', {maybe} maybe' if maybe and width >= 108 else ''} - next: "
    left = left if late or width >= 108 else left.removesuffix(" left")
    tail = f" ({', '.join(part for part in (nearest.step.role.replace('_', ' '), left) if part)})"
    title = one_line(nearest.step.title, STRONG, max(width - len(head) - len(tail) - len(_KEY), 12))
    return one_line(head) + title + one_line(tail, BAD if late else "") + one_line(_KEY, FAINT)
