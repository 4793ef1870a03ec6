"""Moving an exercise's time, and sending what becomes due on the way. One session does; the others read."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from breachkit.domain.exercise import schedule
from breachkit.domain.exercise.scenario import Inject
from breachkit.errors import Refused, UsageError
from breachkit.workflow.exercise import events
from breachkit.workflow.exercise.clock import ClockState
from breachkit.workflow.exercise.session import Session

LONGEST_STEP = timedelta(seconds=10)
"""Real time that one tick may make up for: a machine that slept must not race the exercise to its end."""
FASTEST = 10_000.0


class Driving(Session):
    """A session that may move the clock."""

    _last_tick: datetime | None = None

    @cached_property
    def _me(self) -> str:
        return secrets.token_hex(4)

    @property
    def may_drive(self) -> bool:
        """Whether this session is the one that should move the clock."""
        return self.facilitator or not self.facilitated

    @property
    def drives(self) -> bool:
        """Whether it does."""
        state = self._shared.read()
        return state is not None and state.driver == self._me

    def drive(self) -> None:
        """Take the clock over. Refused while another session moves it, and for a player where there is a facilitator."""
        state = self.clock()
        if not self.may_drive:
            raise Refused("this exercise has a facilitator, who moves its clock")
        if state.driver not in ("", self._me) and state.driver_alive:
            raise Refused("another session moves this exercise's clock; join as a player, or end that session first")
        if state.driver != self._me:
            self._last_tick = self.real()
            self._shared.write(replace(state, driver=self._me))

    def go_on(self) -> None:
        """Let the clock run."""
        self._refuse_ended()
        self.drive()
        self._last_tick = self.real()
        self._clock_event(replace(self.clock(), running=True), "runs")

    def pause(self) -> None:
        """Let it stand."""
        self.drive()
        self.tick()
        self._clock_event(replace(self.clock(), running=False), "stands")

    def set_speed(self, speed: float) -> None:
        """Virtual seconds in one real second; UsageError unless it is above nought and at most 10000."""
        if not 0 < speed <= FASTEST:
            raise UsageError("the speed is a number above 0 and at most 10000: virtual seconds in a real one")
        self.drive()
        self.tick()
        self._clock_event(replace(self.clock(), speed=speed), "speed")

    def jump(self, to: datetime) -> tuple[Inject, ...]:
        """Go to a later virtual time (UTC), sending on the way what becomes due. UsageError for an earlier one."""
        with self._lock:
            self._refuse_ended()
            self.drive()
            before = self.now()
            if to < before:
                raise UsageError("virtual time never runs backwards; name a later moment")
            sent = self._advance(min(to, self.scenario.end))
            if self.now() != before:
                self.record("exercise.clock", {"what": "jumped", "from": before.isoformat()})
            return sent

    def next_moment(self) -> datetime | None:
        """When something may next happen by time alone, virtual, UTC; None: nothing will."""
        return schedule.next_moment(self.scenario, self.injects(), self.doings(), self.now())

    def jump_to_next(self) -> tuple[Inject, ...]:
        """Go on to the next moment at which something is sent, or to the end when nothing is."""
        self._refuse_ended()
        self.drive()
        sent = self.send_due()
        while not sent and self.ended_at is None:
            sent = self.jump(self.next_moment() or self.scenario.end)
        return sent

    def tick(self) -> tuple[Inject, ...]:
        """Move the clock by the real time since the last tick and send what is due; call it every second.

        Returns what was sent: nothing, and nothing moves, unless this session drives and the exercise goes on.
        """
        with self._lock:
            real, state = self.real(), self.clock()
            last, self._last_tick = self._last_tick, real
            if state.driver != self._me or self.ended_at is not None:
                return ()
            if not state.running:
                self._set(state.virtual)  # still here: nobody else needs to take over
                return ()
            elapsed = min(max(real - (last or real), timedelta()), LONGEST_STEP)
            return self._advance(min(state.virtual + elapsed * state.speed, self.scenario.end))

    def _advance(self, to: datetime) -> tuple[Inject, ...]:
        """Bring virtual time to `to`, stopping wherever something is to be sent; it is sent at its own moment."""
        sent = list(self.send_due())
        while (at := self.next_moment()) is not None and at <= to:
            self._set(at)
            sent += self.send_due()
        self._set(to)
        sent += self.send_due()
        if to >= self.scenario.end:
            self.finish("the scenario's time is over")
        return tuple(sent)

    def send_due(self, only: str | None = None) -> tuple[Inject, ...]:
        """Send what is due at this virtual time, also what an act of the team has just set off; `only`: this one alone."""
        sent: list[Inject] = []
        with self._lock:
            while self.ended_at is None:
                held = events.held(self.events)
                found = schedule.due(self.scenario, self.injects(), self.doings(), self.now(), held)
                found = tuple(one for one in found if only in (None, one.id))
                if not found:
                    break
                for inject in found:
                    self.record("exercise.sent", {"inject": inject.id})
                sent += found
        return tuple(sent)

    def finish(self, reason: str) -> None:
        """The exercise is over; nothing happens when it was already."""
        if self.ended_at is None:
            self.record("exercise.ended", {"reason": reason, "entries": len(self.entries)})
            self._shared.write(replace(self.clock(), running=False, driver=""))

    def let_go(self) -> None:
        """Leave the clock standing for whoever drives next."""
        if self.drives:
            self._shared.write(replace(self.clock(), running=False, driver=""))

    def _set(self, virtual: datetime) -> None:
        self._shared.write(replace(self.clock(), virtual=virtual))

    def _clock_event(self, state: ClockState, what: str) -> None:
        self._shared.write(state)
        self.record("exercise.clock", {"what": what, "speed": f"{state.speed:g}", "running": state.running})
