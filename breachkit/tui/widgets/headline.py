"""The top of every incident's screens: title, the mark of an invented incident, and what is not covered or in conflict."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from breachkit.domain.findings import Assessment
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, one_line
from breachkit.workflow.subjects import Answer, Subject

INVENTED = "*** INVENTED INCIDENT - nothing of this happened; for exercise only ***"

EXERCISE = "*** EXERCISE - EXERCISE - EXERCISE: nothing of this happened ***"


class Headline(Vertical):
    """Title and banner."""

    def __init__(self, where: str = "") -> None:
        super().__init__()
        self.where = where

    def compose(self) -> ComposeResult:
        """Two lines; the second only for an invented incident."""
        yield Static(id="headline-title")
        yield Static(INVENTED, id="invented", markup=False)

    def show(self, subject: Subject) -> None:
        """Name the incident."""
        where = f"  >  {self.where}" if self.where else ""
        closed = "  CLOSED" if subject.incident is not None and subject.incident.closed_at is not None else ""
        room = (self.app.size.width or 80) - 2
        head = one_line(f"{subject.name}  ", FAINT)
        tail = one_line(where, STRONG) + one_line(closed, WARN)
        head += one_line(subject.title, STRONG, room - head.cell_len - tail.cell_len) + tail
        if head.cell_len + len(subject.organisation_name) + 4 < room:
            head += one_line(f"  -  {subject.organisation_name}", FAINT)
        self.query_one("#headline-title", Static).update(head)
        banner = self.screen.has_class("-exercise")  # which says more, on two lines of its own
        self.query_one("#invented", Static).update(INVENTED if subject.exercise is None else EXERCISE)
        self.query_one("#invented").display = subject.invented and not banner


class Warnings(Static):
    """Places without law first, then conflicts; one line each, nothing at all when there is neither."""

    def show(self, answer: Answer) -> None:
        """Say them."""
        found = answer.assessment
        said = []
        width = (self.app.size.width or 80) - 2
        if found.uncovered:
            places = ", ".join(f"{place.people} in {place.name}" for place in found.uncovered)
            said.append(one_line(f"NO LAW LOADED for {places}: ask counsel there (w)", WARN, width))
        if found.conflicts:
            number = len(found.conflicts)
            plural = "CONFLICT" if number == 1 else f"{number} CONFLICTS"
            said.append(one_line(f"{plural} for counsel (w): {found.conflicts[0].text}", BAD, width))
        self.display = bool(said)
        text = one_line("")
        for number, one in enumerate(said):
            text = text + ("\n" if number else "") + one
        self.update(text)


def warnings_in_full(found: Assessment) -> list[str]:
    """Every uncovered place and every conflict, with its sources."""
    said = [
        f"NO LAW LOADED: {place.people} people in {place.name} ({place.place}). "
        "breachkit knows no law of that place; ask counsel there whether somebody must be told, and by when."
        for place in found.uncovered
    ]
    for conflict in found.conflicts:
        sources = "; ".join(f"{cite.text} {cite.url or ''}".strip() for cite in conflict.cite)
        said.append(f"CONFLICT between {' and '.join(conflict.duties)}: {conflict.text} Sources: {sources}")
    return said
