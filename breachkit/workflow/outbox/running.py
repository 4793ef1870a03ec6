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
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from breachkit.delivery.smtp import ServerStopped
from breachkit.domain.envelope import Outcome, Outgoing, Result
from breachkit.domain.without_addresses import without_addresses
from breachkit.errors import Refused
from breachkit.storage.replies import ReplyLog
from breachkit.storage.vault import Dispatch
from breachkit.storage.vault_sending import Done, SendingDesk, Taken
from breachkit.workflow.sending import Lane

AHEAD: Final = 16
"""Messages on record as sending for each lane: enough that none waits for the disk, few enough to look at after a crash."""
_PAUSE: Final = 0.005
"""Seconds in which replies gather for one commit."""
RETRIES: Final[tuple[timedelta, ...]] = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 240, 240, 480, 480, 480, 480))
"""How long a deferred message rests after each attempt; after the last it counts as refused (two days in all)."""
_SIGN_OF_LIFE: Final = 10.0
"""Seconds after which the clerk looks even if nobody called."""
_LAST_TRIES: Final = 10
"""How often a lost database is tried again once a person wants to end."""

T = TypeVar("T")


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
    patience: int = 600
    """How often a database that is lost or busy is tried again."""
    rest: float = 1.0
    """Seconds between such tries."""

    def __post_init__(self) -> None:
        self.ended = Ended()
        self._ready: deque[Taken] = deque()
        self._busy: set[int] = set()
        self._done: list[Done] = []
        self._called = asyncio.Event()
        """The clerk has something to do."""
        self._more = asyncio.Event()
        """The lanes may have something to do."""
        self._over = False
        self._idle = 0
        self._gone = 0
        self._waiting: set[asyncio.Task[Any]] = set()
        """Lanes that wait for their server."""
        self._lease = timedelta(seconds=self.desk.lease / 2) if self.desk.shared else None
        self._sure = self.clock()
        """Until then nobody takes this sender for dead; says nothing where nobody ever does."""

    def stop(self) -> None:
        """Finish what is on its way, put back the rest, and end."""
        self.ended.interrupted = True
        self._close()

    async def run(self) -> Ended:
        """Send until nothing is left that may be sent now. Refused when vault or reply log cannot be written any more."""
        with ThreadPoolExecutor(1, "vault") as pool:
            workers = [asyncio.create_task(self._work(lane)) for lane in self.lanes]
            try:
                await self._clerk(pool)
            finally:
                self._close()
                await asyncio.gather(*workers, return_exceptions=True)
        for worker in workers:
            if not worker.cancelled() and (problem := worker.exception()) is not None:
                raise problem
        return self.ended

    # -- lanes -----------------------------------------------------------------------------------------------------------

    async def _work(self, lane: Lane) -> None:
        try:
            while await self._is_ready(lane) and (taken := await self._next()) is not None:
                await self._carry(lane, taken)
        except ServerStopped as stop:
            if all(stop.server is not other.server for other in self.ended.stopped):
                self.ended.stopped.append(stop)
                self.tell(f"stopped: {stop}")
        except BaseException:
            self._close()  # nobody goes on when one met what nobody foresaw
            raise
        finally:
            self._gone += 1
            self._called.set()

    async def _is_ready(self, lane: Lane) -> bool:
        """Wait until the lane can carry one; False once the run is over, which nobody waits for a server to see."""
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            if not self._over:
                await lane.ready()
        except asyncio.CancelledError:
            if not self._over:
                raise
        finally:
            self._waiting.discard(task)
        return not self._over

    async def _next(self) -> Taken | None:
        while not self._over and (not self._ready or self._stale()):
            self._idle += 1
            self._called.set()
            self._more.clear()
            await self._more.wait()
            self._idle -= 1
        return None if self._over else self._ready.popleft()

    async def _carry(self, lane: Lane, taken: Taken) -> None:
        """Noted before and after; whatever happens in between, nothing that may have left is queued again."""
        self._busy.add(taken.n)
        result: Result = "untried"
        why = "not handed over"
        try:
            self.replies.begun(taken.n, taken.attempts)
            result, why = "in_doubt", "the sender stopped while it was handed over"
            outcome = await lane.send(Outgoing(taken.envelope, self.sender_address, taken.recipient, taken.message))
        except BaseException as problem:
            if isinstance(problem, Refused):  # a house's own refusal comes before anything leaves
                result, why = "untried", str(problem)
            self._finish(taken, Outcome(taken.envelope, result, None, why, ""))
            raise
        self._finish(taken, outcome)
        self.progress(outcome)

    def _finish(self, taken: Taken, outcome: Outcome) -> None:
        now = self.clock()
        if outcome.result != "sent":  # only who turns a message down speaks of its reader
            names = [taken.name, *taken.name.split()]
            outcome = replace(outcome, reply=without_addresses(outcome.reply, [taken.recipient], names))
        if outcome.result == "deferred":
            done = self._deferred(taken, outcome, now)
        else:
            done = Done(taken.n, outcome, _text(now), attempt=taken.attempts)
        self._busy.discard(taken.n)
        self._done.append(done)
        self.ended.handed += outcome.result == "sent"
        self._called.set()
        self.replies.replied(taken.n, taken.attempts, done.outcome, done.at)

    def _deferred(self, taken: Taken, outcome: Outcome, now: datetime) -> Done:
        if taken.attempts > len(self.retries):
            words = f"given up after {taken.attempts} attempts: {outcome.reply}"
            outcome = Outcome(outcome.envelope, "refused", outcome.code, words, outcome.server)
            return Done(taken.n, outcome, _text(now), attempt=taken.attempts)
        later = now + self.retries[taken.attempts - 1]
        return Done(taken.n, outcome, _text(now), _text(later), taken.attempts)

    # -- the clerk -------------------------------------------------------------------------------------------------------

    async def _clerk(self, pool: ThreadPoolExecutor) -> None:
        ahead = AHEAD * len(self.lanes)
        while True:
            self._called.clear()  # whatever happens from here on is looked at the next time
            working = not self._over and self._gone < len(self.lanes)
            if not working or self._stale():
                self._put_back()
            wanted = ahead - len(self._ready) if working else 0
            taken = await self._exchange(pool, wanted)
            self._ready.extend(taken)
            if self._ready:
                self._more.set()
            if not working and self._everybody_home():
                break
            empty = wanted > 0 and not taken
            if empty and self._nothing_going():
                if not await self._rested(pool):
                    self._close()
                continue
            if empty or not working or len(self._ready) >= ahead // 2:
                await self._sleep_until_called()
            if not self._idle:
                await asyncio.sleep(self.pause)
        self.ended.next_due = await _in(pool, self.desk.next_due, self.dispatches)
        self.ended.elsewhere = await _in(pool, self.desk.others)

    def _nothing_going(self) -> bool:
        return not (self._busy or self._done or self._ready)

    def _everybody_home(self) -> bool:
        return self._gone == len(self.lanes) and self._nothing_going()

    def _stale(self) -> bool:
        """Whether others may soon take this sender for dead: then it sends nothing more of what it has, and asks anew."""
        return self._lease is not None and self.clock() > self._sure

    def _put_back(self) -> None:
        """What no lane got is queued again: this process knows that nothing of it left."""
        at = _text(self.clock())
        while self._ready:
            taken = self._ready.popleft()
            words = "not tried in this run"
            self._done.append(Done(taken.n, Outcome(taken.envelope, "untried", None, words, ""), at, attempt=taken.attempts))

    async def _rested(self, pool: ThreadPoolExecutor) -> bool:
        """With `wait`, rest until something queued may be tried; False when nothing is to be waited for."""
        if not self.wait or self._over:
            return False
        due = await _in(pool, self.desk.next_due, self.dispatches)
        if due is None:
            return False
        rest = (datetime.fromisoformat(due) - self.clock()).total_seconds() if due else 0.0
        self._called.clear()
        await self._sleep_until_called(max(0.05, min(rest, _SIGN_OF_LIFE)))
        return True

    async def _exchange(self, pool: ThreadPoolExecutor, wanted: int) -> list[Taken]:
        """Hand over what was done, take more. A database that is lost or busy is tried again, and nothing is forgotten."""
        done, self._done = self._done, []
        if not done and not wanted and not self.desk.shared:
            return []
        tries = 0
        while True:
            now = self.clock()
            try:
                if tries:
                    mine = {*(one.n for one in self._ready), *self._busy, *(one.n for one in self._done)}
                    await _in(pool, self.desk.regain, done, mine, _text(now))
                    done = []
                taken = await _in(pool, self.desk.exchange, done, self.dispatches, wanted, _text(now))
            except Refused as problem:
                if not tries:
                    self.tell(f"{problem}; trying again")
                tries += 1
                if tries > (self.patience if not self.ended.interrupted else _LAST_TRIES):
                    raise
                await asyncio.sleep(self.rest)
            else:
                if self._lease is not None:
                    self._sure = now + self._lease
                return taken

    async def _sleep_until_called(self, seconds: float = _SIGN_OF_LIFE) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._called.wait(), seconds)

    def _close(self) -> None:
        self._over = True
        self._more.set()
        self._called.set()
        for task in self._waiting:
            task.cancel()


async def _in(pool: ThreadPoolExecutor, call: Callable[..., T], *words: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, call, *words)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
