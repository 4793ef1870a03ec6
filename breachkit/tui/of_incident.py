"""What the screens about one incident share: its answer, kept fresh, and what to do when somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from breachkit.errors import BreachkitError, JournalConflict
from breachkit.storage.journal import Journal
from breachkit.tui.working import Working, WorkingModal
from breachkit.workflow.recording import Recorded
from breachkit.workflow.subjects import Answer, answer, subject_of_incident
from breachkit.workflow.workspace import Workspace

R = TypeVar("R")


class OfIncident(Working[R]):
    """A screen that shows an answer and looks again when the journal changes."""

    def __init__(self, workspace: Workspace, incident: str, held: Answer | None = None) -> None:
        super().__init__(workspace)
        self.incident = incident
        self.held = held
        """The answer on the screen; None until the first one arrives."""
        self.own = 0
        """The last entry written from here, so that only other people's are announced."""

    @property
    def seen(self) -> int:
        """The last entry the person has on the screen: what a write must come after."""
        return self.held.subject.entries[-1].seq if self.held is not None and self.held.subject.entries else 0

    def on_screen_resume(self) -> None:
        """Look again whenever this screen comes to the front."""
        self.load()

    def journal_changed(self) -> None:
        """Somebody wrote: look again."""
        self.load()

    def load(self) -> None:
        """Work the answer out again, in a thread."""
        self.read(self._answer, self.take)

    def _answer(self, journal: Journal) -> Answer:
        return answer(subject_of_incident(journal, self.incident, self.workspace), self.workspace)

    async def take(self, found: Answer) -> None:
        """Show a new answer, and say who else wrote."""
        news = [entry for entry in found.subject.entries if entry.seq > max(self.seen, self.own)] if self.held else []
        if news:
            who = ", ".join(dict.fromkeys(entry.actor for entry in news))
            self.say(f"{who} recorded {len(news)} entr{'y' if len(news) == 1 else 'ies'} meanwhile; the screen shows them now.")
        self.held = found
        outcome = self.show_answer(found)
        if outcome is not None:
            await outcome

    def show_answer(self, found: Answer) -> Awaitable[None] | None:
        """Put it on the screen."""

    def wrote(self, done: Recorded) -> None:
        """Remember what was written from here."""
        if done.entries:
            self.own = max(self.own, done.entries[-1].seq)

    def conflict(self, problem: BreachkitError) -> None:
        """Say why nothing was recorded; after a conflict, look again and keep what was typed."""
        if isinstance(problem, JournalConflict):
            self.say(f"NOT RECORDED: {problem} What you typed is still here.", "warning")
            self.load()
        else:
            self.refused(problem)


class ModalOfIncident(OfIncident[R], WorkingModal[R]):
    """A small screen about one incident, over another one."""
