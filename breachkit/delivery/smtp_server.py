"""How one mail server stands in this run: whether it is stopped, waited for, or due its next message. Never talks to it itself.

All connections of a server share its state. Time comes in as two functions, so that a test waits for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from breachkit.domain.mail_servers import Server
from breachkit.errors import BreachkitError, ExitCode

MOST_REFUSED: Final = 10
"""Recipients refused in a row, none ever taken, after which the server is taken to turn everything down."""
MOST_REFUSED_LATER: Final = 100
"""The same for a server that took some before."""
MOST_UNANSWERED: Final = 3
"""Messages in a row that were handed over and not answered, beyond one for each connection, which one broken line explains."""
FIRST_WAIT: Final = 1.0
"""Seconds waited after the first failure; doubled after each further one."""
LONGEST_WAIT: Final = 60.0
_SLACK: Final = 0.05
"""Seconds of its rate that a server may catch up on, as a program never wakes to the millisecond."""


class ServerStopped(BreachkitError):
    """A mail server is not used any more in this run; `why` says what is to be put right."""

    exit_code = ExitCode.DELIVERY

    def __init__(self, server: Server, why: str) -> None:
        self.server, self.why = server, why
        super().__init__(f"mail server '{server.name}' ({server.place}): {why}")


class Backoff:
    """How long to wait after failures in a row: 1, 2, 4 seconds and on, up to a minute."""

    def __init__(self) -> None:
        self.failures = 0
        self.until = 0.0

    def failed(self, now: float) -> float:
        """One more failure; the seconds to wait."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(self.failures, 16)))
        self.failures += 1
        self.until = now + wait
        return wait

    def reset(self) -> None:
        """It goes well again."""
        self.failures, self.until = 0, 0.0


class ServerState:
    """What the lanes of one server know together."""

    def __init__(
        self,
        server: Server,
        *,
        sleep: Callable[[float], Awaitable[object]],
        monotonic: Callable[[], float],
        tell: Callable[[str], None],
    ) -> None:
        self.server = server
        self.why: str | None = None
        """Why it is stopped for this run; None while it is not."""
        self._sleep, self._monotonic, self._tell = sleep, monotonic, tell
        self._all = Backoff()
        """For what concerns every connection: the sender turned down for now."""
        self._down_since: float | None = None
        self._next = monotonic() - 1.0
        self._ever_taken = False
        self._refused_in_a_row = 0
        self._unanswered_in_a_row = 0

    @property
    def calm(self) -> bool:
        """Whether a message may go at once: not stopped, no waiting, no rate."""
        return self.why is None and not self._all.until and self.server.rate is None

    def check(self) -> None:
        """ServerStopped when it is stopped."""
        if self.why is not None:
            raise ServerStopped(self.server, self.why)

    def stop(self, why: str) -> None:
        """Not to be used any more in this run. The first reason stays."""
        if self.why is None:
            self.why = why
            self._tell(f"{self.server.name}: stopped for this run: {why}")

    async def wait_out(self, own: Backoff) -> None:
        """Wait until neither this connection nor the server as a whole is to be left alone."""
        while self.why is None:
            until = max(own.until, self._all.until)
            wait = until - self._monotonic()
            if wait <= 0:
                self._all.until = own.until = 0.0
                return
            await self._sleep(wait)

    async def turn(self) -> None:
        """Wait for the turn of one more message, as the server's rate gives it."""
        if self.server.rate is None:
            return
        now = self._monotonic()
        mine = max(self._next, now - _SLACK)
        self._next = mine + 1.0 / self.server.rate
        if mine > now:
            await self._sleep(mine - now)
            if self._down_since is not None:
                self._down_since += mine - now  # waiting for one's turn is no failure

    def failed(self, why: str, own: Backoff | None = None) -> None:
        """It could not be used just now. `own`: the back-off of the one connection concerned, None for all of them.

        Stops the server when nothing went well for `give_up` seconds.
        """
        now = self._monotonic()
        if self.why is not None or (own is None and now < self._all.until):
            return  # said already, by another connection at the same time
        if self._down_since is None:
            self._down_since = now
        left = self._down_since + self.server.give_up - now
        if left <= 0:
            self.stop(f"given up after {self.server.give_up:g} seconds: {why}")
            return
        backoff = self._all if own is None else own
        wait = backoff.failed(now)
        if wait > left:
            wait, backoff.until = left, now + left
        self._tell(f"{self.server.name}: {why}; trying again in {wait:.2g} s")

    def went_well(self, own: Backoff) -> None:
        """It took a sender, so it is there and lets us in."""
        if own.failures:
            own.reset()
        if self._down_since is not None:
            self._down_since = None
            self._all.reset()

    def answered(self) -> None:
        """It said what becomes of a message that it was handed."""
        self._unanswered_in_a_row = 0

    def unanswered(self) -> None:
        """It was handed a message and said nothing of it: each of these is one more for a person to look into."""
        self._unanswered_in_a_row += 1
        if self._unanswered_in_a_row >= self.server.connections + MOST_UNANSWERED:
            self.stop(
                f"it was handed {self._unanswered_in_a_row} messages in a row and answered none, and nobody knows whether they "
                "arrived; look into its log first"
            )

    def taken(self) -> None:
        """It took a message."""
        self._ever_taken = True
        self._refused_in_a_row = 0

    def refused(self, said: str) -> None:
        """It turned a recipient or a message down for good. `said`: its last words, without anybody's address."""
        self._refused_in_a_row += 1
        most = MOST_REFUSED_LATER if self._ever_taken else MOST_REFUSED
        if self._refused_in_a_row >= most:
            self.stop(f"it turns everything down, {self._refused_in_a_row} recipients in a row; its last words: {said}")
