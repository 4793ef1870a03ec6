"""What every session on an exercise stands on: its database, its scenario, and what happened so far.

Time is moved in driving.py, injects are handled in directing.py, and drill.py is the whole as people use it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from breachkit.content.organisations import read_profile
from breachkit.content.playbooks import load_playbook
from breachkit.content.scenarios import read_scenario_text
from breachkit.domain.exercise.doings import Doings
from breachkit.domain.exercise.scenario import Inject, Scenario
from breachkit.domain.journal import EXERCISE, Draft, Entry, Json
from breachkit.domain.organisation import Organisation
from breachkit.errors import JournalConflict, Refused, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow.exercise import events
from breachkit.workflow.exercise.clock import ClockState, SharedClock, clock_path, latest_recorded
from breachkit.workflow.exercise.following import Follower
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class Sent:
    """An inject that reached the team."""

    inject: Inject
    at: datetime
    """Virtual, UTC."""


class Session:
    """One process's hold on an exercise. Safe to use from several threads."""

    def __init__(
        self, journal: Journal, *, actor: str, facilitator: bool, real: Callable[[], datetime], laws: tuple[Path, ...] = ()
    ) -> None:
        self.journal = journal
        self.path = journal.file
        self.facilitator = facilitator
        self.real = real
        started = journal.entries(EXERCISE, upto_seq=1)
        if not started:
            raise UsageError(f"{self.path} is not an exercise; `breachkit exercise run` starts one")
        self.started = events.started(started[0])
        self.scenario: Scenario = read_scenario_text(self.started.text, self.started.file, checked=False)
        self._lock = threading.RLock()
        self._shared = SharedClock(clock_path(self.path), real)
        self._reached = latest_recorded(journal)
        self._follower = Follower([load_playbook(name) for name in self.scenario.playbooks])
        self.workspace = Workspace(database=str(self.path), actor=actor, clock=self.now, laws=laws)

    # -- time, as everybody reads it ----------------------------------------------------------------------------------

    def clock(self) -> ClockState:
        """The clock as it stands; a lost clock file is made up from the latest thing recorded.

        Whatever the file says, time is never before what was recorded or shown here, nor after the scenario's end.
        """
        state = self._shared.read() or ClockState(latest_recorded(self.journal), self.started.speed)
        virtual = min(max(state.virtual, self._reached), self.scenario.end)
        self._reached = max(self._reached, virtual)
        return state if virtual == state.virtual else replace(state, virtual=virtual)

    def now(self) -> datetime:
        """Virtual time, UTC. Never before what is recorded already."""
        return self.clock().virtual

    # -- looking ------------------------------------------------------------------------------------------------------

    @property
    def facilitated(self) -> bool:
        """Whether a facilitator's session drives; otherwise the player's does."""
        return self.started.facilitated

    @cached_property
    def organisation(self) -> Organisation:
        """Whose incident is played."""
        return read_profile(dict(self.started.profile), f"{self.scenario.organisation} as the exercise was started with it")

    @property
    def incident(self) -> str | None:
        """The id of the incident played; None before it was opened."""
        found = self._fresh().incident
        return found.id if found is not None else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The incident's journal."""
        return tuple(self._fresh().entries)

    @property
    def events(self) -> tuple[Entry, ...]:
        """The exercise's own journal."""
        return tuple(self._fresh().events)

    @property
    def sha256(self) -> str:
        """The hash of the scenario's text: two runs of the same text can be compared."""
        return hashlib.sha256(self.started.text.encode()).hexdigest()

    def doings(self) -> Doings:
        """What happened so far."""
        return self._fresh().doings

    def injects(self) -> tuple[Inject, ...]:
        """The scenario's and those added by hand."""
        return (*self.scenario.injects, *events.added(self.events))

    def inbox(self) -> tuple[Sent, ...]:
        """What was sent, oldest first."""
        known = {one.id: one for one in self.injects()}
        fired = sorted(self.doings().fired.items(), key=lambda pair: pair[1])
        return tuple(Sent(known[id], at) for id, at in fired if id in known)

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, virtual, UTC; None: it goes on."""
        return next((one.recorded_at for one in self.events if one.kind == "exercise.ended"), None)

    def _fresh(self) -> Follower:
        with self._lock:
            self._follower.update(self.journal)
            return self._follower

    def _refuse_ended(self) -> None:
        if self.ended_at is not None:
            raise Refused("this exercise is over; `breachkit exercise debrief` tells how it went")

    # -- recording ----------------------------------------------------------------------------------------------------

    def record(self, kind: str, body: Mapping[str, Json]) -> Entry:
        """Add an event at this virtual time; another session's event at the same moment is no conflict."""
        while True:
            seq = self.journal.head(EXERCISE)[0]
            try:
                return self.journal.append(
                    EXERCISE, [Draft(kind, body)], expected=seq, actor=self.workspace.who, recorded_at=self.now()
                )[0]
            except JournalConflict:
                continue

    def speak_as(self, actor: str) -> None:
        """Record under another name from here on: one script plays everybody at the table."""
        self.workspace = replace(self.workspace, actor=actor)
