"""One timer for a connection's time-outs, instead of one for every reply: making those took a fifth of the time of sending."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Final

_NEVER: Final = math.inf


class Watch:
    """Calls `expire` when what was to come within so many seconds did not."""

    def __init__(self, expire: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._expire = expire
        self._until = _NEVER
        self._due = _NEVER
        self._timer: asyncio.TimerHandle | None = None
        self.expired = False

    def within(self, seconds: float) -> None:
        """From now on something is to come within so many seconds; takes the place of what was to come before."""
        self._until = until = self._loop.time() + seconds
        if until < self._due:
            self._set(until)

    def rest(self) -> None:
        """Nothing is waited for."""
        self._until = _NEVER

    def stop(self) -> None:
        """For good."""
        self._until = self._due = _NEVER
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due = due
        self._timer = self._loop.call_at(due, self._look)

    def _look(self) -> None:
        """The timer went off. Mostly what it was set for came long ago, and it is set anew for what is waited for now."""
        self._timer, self._due = None, _NEVER
        if self._until == _NEVER:
            return
        if self._loop.time() < self._until:
            self._set(self._until)
            return
        self.expired = True
        self._expire()
