"""The sending itself: lanes carry messages, a clerk keeps the vault one step ahead of them.

What a lane carries is on record as `sending` before it gets it; what became of it is on record soon after the reply, and in the
reply log at once. Commits are grouped, so that the disk is not waited for once for each message. No decision about who may be
told is made here.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from breachkit.delivery.smtp import ServerStopped
from breachkit.domain.envelope import Outcome, Outgoing
from breachkit.errors import DatabaseLost
from breachkit.storage.replies import ReplyLog
from breachkit.storage.vault import Dispatch
from breachkit.storage.vault_sending import Done, SendingDesk, Taken
from breachkit.workflow.sending import Lane

AHEAD: Final = 8
"""Messages on record as sending for each lane: enough that none waits for the disk, few enough to look at after a crash."""
_PAUSE: Final = 0.003
"""Seconds in which replies gather for one commit."""
RETRIES: Final[tuple[timedelta, ...]] = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 240, 240, 480, 480, 480, 480))
"""How long a deferred message rests after each attempt; after the last it counts as refused (two days in all)."""
_SIGN_OF_LIFE: Final = 10.0


@dataclass
class Ended:
    """How a run ended."""

    handed: int = 0
    """Messages a server took."""
    stopped: list[ServerStopped] = field(default_factory=list)
    interrupted: bool = False
    next_due: str | None = None
    """When the first of what is still queued may be tried (RFC 3339, UTC); None when nothing is queued."""
    elsewhere: int = 0
    """Envelopes that other senders were sending at the end."""


@dataclass
class Run:
    """One sender's run over some dispatches."""

    desk: SendingDesk
    replies: ReplyLog
    dispatches: Sequence[Dispatch]
    lanes: Sequence[Lane]
    sender_address: str
    clock: Callable[[], datetime]
    progress: Callable[[Outcome], None] = lambda _outcome: None
    tell: Callable[[str], None] = lambda _text: None
    wait: bool = False
    """Stay until nothing is queued, also what has to rest first."""
    retries: Sequence[timedelta] = RETRIES
    pause: float = _PAUSE
    patience: float = 600.0
    """Seconds to go on trying to reach a database that was lost."""

    def __post_init__(self) -> None:
        self.ended = Ended()
        self._ready: deque[Taken] = deque()
        self._done: list[Done] = []
        self._busy: dict[int, Taken] = {}
        self._called = asyncio.Event()
        self._more = asyncio.Event()
        self._over = False
        self._idle = 0
        self._gone = 0

    def stop(self) -> None:
        """Finish what is on its way, put back the rest, and end."""
        self.ended.interrupted = True
        self._close()

    async def run(self) -> Ended:
        """Send until nothing is left that may be sent now."""
        with ThreadPoolExecutor(1, "vault") as pool:
            clerk = asyncio.create_task(self._clerk(pool))
            workers = [asyncio.create_task(self._work(lane)) for lane in self.lanes]
            try:
                await clerk
            finally:
                self._close()
                if not clerk.done():
                    clerk.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
        for worker in workers:
            if not worker.cancelled() and (problem := worker.exception()) is not None:
                raise problem
        return self.ended

    # -- lanes -----------------------------------------------------------------------------------------------------------

    async def _work(self, lane: Lane) -> None:
        try:
            while not self._over:
                await lane.ready()
                taken = await self._next()
                if taken is None:
                    return
                await self._carry(lane, taken)
        except ServerStopped as stop:
            if all(stop.server is not other.server for other in self.ended.stopped):
                self.ended.stopped.append(stop)
                self.tell(f"stopped: {stop}")
        finally:
            self._gone += 1
            self._called.set()

    async def _next(self) -> Taken | None:
        while not self._ready:
            if self._over:
                return None
            self._idle += 1
            self._called.set()
            self._more.clear()
            await self._more.wait()
            self._idle -= 1
        return self._ready.popleft()

    async def _carry(self, lane: Lane, taken: Taken) -> None:
        self._busy[taken.n] = taken
        self.replies.begun(taken.n)
        outcome = await lane.send(Outgoing(taken.envelope, self.sender_address, taken.recipient, taken.message))
        now = self.clock()
        at = now.isoformat(timespec="milliseconds")
        done = Done(taken.n, outcome, at)
        if outcome.result == "deferred":
            done = self._deferred(taken, outcome, now)
        self.replies.replied(taken.n, done.outcome, at)
        del self._busy[taken.n]
        self._done.append(done)
        self.ended.handed += outcome.result == "sent"
        self.progress(outcome)
        self._called.set()

    def _deferred(self, taken: Taken, outcome: Outcome, now: datetime) -> Done:
        at = now.isoformat(timespec="milliseconds")
        if taken.attempts > len(self.retries):
            words = f"given up after {taken.attempts} attempts: {outcome.reply}"
            return Done(taken.n, Outcome(outcome.envelope, "refused", outcome.code, words, outcome.server), at)
        later = now + self.retries[taken.attempts - 1]
        return Done(taken.n, outcome, at, later.isoformat(timespec="milliseconds"))

    # -- the clerk -------------------------------------------------------------------------------------------------------

    async def _clerk(self, pool: ThreadPoolExecutor) -> None:
        ahead = AHEAD * len(self.lanes)
        while True:
            empty = False
            if not self._over and self._gone < len(self.lanes):
                wanted = ahead - len(self._ready)
                taken = await self._exchange(pool, wanted)
                empty = not taken and wanted > 0
                self._ready.extend(taken)
                self._more.set()
            else:
                self._put_back()
                await self._exchange(pool, 0)
            if self._everybody_home():
                break
            if empty and self._nothing_going() and not await self._rested(pool):
                self._close()
                continue
            if len(self._ready) >= ahead // 2 or empty or self._over:
                self._called.clear()
                if not (self._done and self._over):
                    await self._sleep_until_called()
            if not self._idle:
                await asyncio.sleep(self.pause)
        self.ended.next_due = await self._in(pool, self.desk.next_due, self.dispatches)
        self.ended.elsewhere = await self._in(pool, self.desk.others)

    def _nothing_going(self) -> bool:
        return not (self._busy or self._done or self._ready)

    def _everybody_home(self) -> bool:
        return self._gone == len(self.lanes) and self._nothing_going()

    def _put_back(self) -> None:
        """What no lane got is queued again: this process knows that nothing of it left."""
        at = self.clock().isoformat(timespec="milliseconds")
        while self._ready:
            taken = self._ready.popleft()
            self._done.append(Done(taken.n, Outcome(taken.envelope, "untried", None, "not tried in this run", ""), at))

    async def _rested(self, pool: ThreadPoolExecutor) -> bool:
        """With `wait`, rest until something queued may be tried; False when nothing is to be waited for."""
        if not self.wait or self._over:
            return False
        due = await self._in(pool, self.desk.next_due, self.dispatches)
        if due is None:
            return False
        rest = (datetime.fromisoformat(due) - self.clock()).total_seconds() if due else 0.0
        self._called.clear()
        await self._sleep_until_called(max(0.05, min(rest, _SIGN_OF_LIFE)))
        await self._in(pool, self.desk.alive)
        return True

    async def _exchange(self, pool: ThreadPoolExecutor, wanted: int) -> list[Taken]:
        """Hand over what was done, take more. A lost database is tried again, and what was done is kept meanwhile."""
        done, self._done = self._done, []
        lost = 0.0
        while True:
            at = self.clock().isoformat(timespec="milliseconds")
            try:
                if lost:
                    await self._in(pool, self._again, done)
                    done = []
                taken: list[Taken] = await self._in(pool, self.desk.exchange, done, self.dispatches, wanted, at)
                return taken
            except DatabaseLost as problem:
                if not lost:
                    self.tell(f"{problem}; trying again")
                lost += 1.0
                if lost > self.patience:
                    raise
                await asyncio.sleep(1.0)

    def _again(self, done: Sequence[Done]) -> None:
        """After a commit of which nobody knows: note what it did not, and put back what it took for us."""
        mine = {one.n for one in (*self._ready, *self._busy.values())}
        self.desk.regain(done, mine, self.clock().isoformat(timespec="milliseconds"))

    async def _sleep_until_called(self, seconds: float = _SIGN_OF_LIFE) -> None:
        try:
            await asyncio.wait_for(self._called.wait(), seconds)
        except TimeoutError:
            return

    async def _in(self, pool: ThreadPoolExecutor, call: Callable[..., Any], *words: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, call, *words)

    def _close(self) -> None:
        self._over = True
        self._more.set()
        self._called.set()
