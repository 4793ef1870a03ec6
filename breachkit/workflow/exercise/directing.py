"""What a facilitator does to the injects of an exercise: send now, hold, release, leave out, add one by hand."""

from __future__ import annotations

from dataclasses import replace

from breachkit.domain.exercise.scenario import Inject
from breachkit.errors import Refused, UnknownName
from breachkit.workflow.exercise import events
from breachkit.workflow.exercise.driving import Driving


class Directing(Driving):
    """A session that may direct the world."""

    def send(self, id: str) -> None:
        """Send an inject now, whatever it waits for. Refused when it was sent or left out already."""
        self._refuse_settled(id)
        self.record("exercise.sent", {"inject": id, "by_hand": True})

    def hold(self, id: str) -> None:
        """Keep an inject back until it is released."""
        self._refuse_settled(id)
        self.record("exercise.held", {"inject": id})

    def release(self, id: str) -> tuple[Inject, ...]:
        """Let a held inject go; it is sent at once where it is due."""
        self._refuse_settled(id)
        self.record("exercise.released", {"inject": id})
        return self.send_due(id)

    def skip(self, id: str) -> None:
        """Leave an inject out for good."""
        self._refuse_settled(id)
        self.record("exercise.skipped", {"inject": id})

    def add(self, inject: Inject) -> Inject:
        """Add one by hand, to be sent at its time, or at once where that has passed; it gets an id of its own."""
        self._refuse_ended()
        taken = {one.id for one in self.injects()}
        number = next(n for n in range(1, 10_000) if f"added-{n}" not in taken)
        made = replace(inject, id=f"added-{number}", added=True)
        self.record("exercise.added", events.added_body(made))
        self.send_due(made.id)
        return made

    def _refuse_settled(self, id: str) -> None:
        self._refuse_ended()
        known = {one.id for one in self.injects()}
        if id not in known:
            raise UnknownName("inject", id, known)
        doings = self.doings()
        if id in doings.fired or id in doings.skipped:
            raise Refused(f"the inject '{id}' was {'sent' if id in doings.fired else 'left out'} already")
