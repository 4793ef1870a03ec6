"""The run itself, with lanes that do as they are told: whatever breaks, nothing is lost and nothing is handed over twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from breachkit.delivery.smtp import ServerStopped
from breachkit.domain.envelope import Outcome, Outgoing, Result
from breachkit.errors import DatabaseLost, Refused
from breachkit.storage.replies import ReplyLog
from breachkit.storage.vault import Kept, Vault
from breachkit.storage.vault_sending import SendingDesk
from breachkit.workflow.outbox.running import AHEAD, Ended, Run
from breachkit.workflow.outbox.sending import Settled, at_the_desk
from breachkit.workflow.workspace import Workspace, system_time
from tests.delivery.mail_runs import plain
from tests.outbox.filling import MAIL_FROM, filled

MAIN, SPARE = plain(25, name="main"), plain(26, name="spare")


class FakeLane:
    """Takes every message, unless `answers` says otherwise for a reader's number and attempt."""

    def __init__(
        self,
        answers: Callable[[int, int], Result | Exception] = lambda _number, _attempt: "sent",
        *,
        server: Any = MAIN,
        ready: Callable[[], Awaitable[None]] | None = None,
        slow: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        self.server, self.answers, self._ready, self._slow = server, answers, ready, slow
        self.carried: list[int] = []

    async def ready(self) -> None:
        if self._ready is not None:
            await self._ready()

    async def send(self, outgoing: Outgoing, /) -> Outcome:
        number = int(outgoing.recipient.removeprefix("reader").partition("@")[0])
        self.carried.append(number)
        await asyncio.sleep(0)
        if self._slow is not None:
            await self._slow(number)
        answer = self.answers(number, self.carried.count(number))
        if isinstance(answer, Exception):
            raise answer
        return Outcome(outgoing.envelope, answer, None, "said", self.server.name)


class Desk:
    """A full vault, and runs over it."""

    def __init__(self, folder: Path) -> None:
        self.space = Workspace(database=str(folder / "breachkit.db"), actor="ana")
        self.told: list[str] = []
        self.settled: Settled | None = None
        self.made: Run | None = None

    def fill(self, count: int, first: int = 0) -> None:
        with self.space.vault() as vault:
            filled(vault, count, first=first)

    def run(
        self,
        *lanes: FakeLane,
        desk: Callable[[SendingDesk], SendingDesk] = lambda desk: desk,
        log: Callable[[ReplyLog], ReplyLog] = lambda log: log,
        clock: Callable[[], datetime] = system_time,
        **more: Any,
    ) -> Ended:
        with self.space.vault() as vault, at_the_desk(self.space, vault) as (own, noted, self.settled):
            return asyncio.run(self._go(desk(own), log(noted), vault, lanes, clock, more))

    async def _go(
        self, desk: SendingDesk, log: ReplyLog, vault: Vault, lanes: Sequence[FakeLane], clock: Any, more: dict[str, Any]
    ) -> Ended:
        self.made = Run(desk, log, vault.dispatches(), lanes, MAIL_FROM, clock, tell=self.told.append, rest=0.01, **more)
        return await asyncio.wait_for(self.made.run(), 20)

    def kept(self) -> list[Kept]:
        with self.space.vault(read_only=True) as vault:
            return list(vault.envelopes(vault.dispatches()))

    def statuses(self) -> list[str]:
        return [one.status for one in self.kept()]

    def moves(self, number: int) -> list[str]:
        with self.space.vault(read_only=True) as vault:
            return [event["to"] for event in list(vault.receipts("INC-1"))[number]["events"]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    assert not list(tmp_path.glob("*.replies/*.replies")), "a log was left, and nobody settled it"


def once(*lanes: FakeLane) -> bool:
    carried = [number for lane in lanes for number in lane.carried]
    return len(carried) == len(set(carried))


def test_all_are_sent_by_all_lanes_each_once(desk: Desk) -> None:
    desk.fill(100)
    lanes = [FakeLane() for _ in range(4)]
    ended = desk.run(*lanes)
    assert (ended.handed, ended.next_due, ended.stopped, ended.interrupted) == (100, None, [], False)
    assert once(*lanes)
    assert all(lane.carried for lane in lanes)
    assert desk.statuses() == ["sent"] * 100
    assert desk.moves(7) == ["queued", "sent"]


class Talkative(FakeLane):
    """Refuses, and says whom it does not know."""

    async def send(self, outgoing: Outgoing, /) -> Outcome:
        number = outgoing.recipient.removeprefix("reader").partition("@")[0]
        said = f"5.1.1 {outgoing.recipient}: Reader {number} left us"
        return Outcome(outgoing.envelope, "refused", 550, said, self.server.name)


def test_no_refusal_keeps_the_name_of_whom_it_speaks_of(desk: Desk) -> None:
    desk.fill(1)
    desk.run(Talkative())
    [kept] = desk.kept()
    assert (kept.status, kept.code) == ("refused", 550)
    assert "left us" in kept.reply
    assert not [word for word in ("reader", "letters.test") if word in kept.reply.lower()]


def test_when_every_server_is_stopped_the_rest_is_put_back(desk: Desk) -> None:
    desk.fill(50)

    def stops_after(lane: FakeLane, number: int) -> Callable[[], Awaitable[None]]:
        async def ready() -> None:
            if len(lane.carried) >= number:
                raise ServerStopped(lane.server, "the login was refused")

        return ready

    lanes = [FakeLane(), FakeLane(), FakeLane(server=SPARE)]
    for lane, number in zip(lanes, (3, 2, 5), strict=True):
        lane._ready = stops_after(lane, number)
    ended = desk.run(*lanes)
    assert ended.handed == 10
    assert sorted(stop.server.name for stop in ended.stopped) == ["main", "spare"], "each server is named once"
    assert len(desk.told) == 2
    assert sorted(desk.statuses()) == ["queued"] * 40 + ["sent"] * 10
    assert {one.attempts for one in desk.kept() if one.status == "queued"} == {0}
    assert ended.next_due == ""


def test_one_server_goes_on_where_another_is_stopped(desk: Desk) -> None:
    desk.fill(50)

    async def never() -> None:
        raise ServerStopped(MAIN, "it cannot be reached")

    good = FakeLane(server=SPARE)
    ended = desk.run(FakeLane(ready=never), good)
    assert (ended.handed, len(good.carried)) == (50, 50)


def test_an_interrupt_finishes_what_is_on_its_way_and_puts_back_the_rest(desk: Desk) -> None:
    desk.fill(200)

    async def interrupted(number: int) -> None:
        if number == 20:
            assert desk.made is not None
            desk.made.stop()
            await asyncio.sleep(0.02)

    lanes = [FakeLane(slow=interrupted), FakeLane(slow=interrupted)]
    ended = desk.run(*lanes)
    assert ended.interrupted
    carried = sorted(number for lane in lanes for number in lane.carried)
    assert 20 in carried
    assert len(carried) < 60
    assert [number for number, status in enumerate(desk.statuses()) if status == "sent"] == carried
    assert set(desk.statuses()) == {"sent", "queued"}


def test_an_interrupt_does_not_wait_for_a_server_that_is_waited_for(desk: Desk) -> None:
    desk.fill(10)

    async def a_minute() -> None:
        await asyncio.sleep(60)

    async def interrupted(number: int) -> None:
        assert desk.made is not None
        desk.made.stop()

    ended = desk.run(FakeLane(ready=a_minute), FakeLane(slow=interrupted))
    assert (ended.interrupted, ended.handed) == (True, 1)


def test_a_deferred_message_rests_and_the_run_ends(desk: Desk) -> None:
    desk.fill(3)
    began = system_time()
    ended = desk.run(FakeLane(lambda number, _: "deferred" if number == 1 else "sent"))
    assert desk.statuses() == ["sent", "queued", "sent"]
    rest = datetime.fromisoformat(desk.kept()[1].not_before) - began
    assert timedelta(minutes=5) <= rest < timedelta(minutes=6)
    assert ended.next_due == desk.kept()[1].not_before
    assert desk.kept()[1].reply == "to be tried again: said"


def test_with_wait_a_deferred_message_is_sent_when_its_time_comes(desk: Desk) -> None:
    desk.fill(3)
    lane = FakeLane(lambda number, attempt: "deferred" if number == 1 and attempt < 3 else "sent")
    ended = desk.run(lane, wait=True, retries=[timedelta(milliseconds=60)] * 3)
    assert (ended.handed, ended.next_due) == (3, None)
    assert lane.carried.count(1) == 3
    assert desk.moves(1) == ["queued", "queued", "queued", "sent"]


def test_when_the_retries_run_out_it_counts_as_refused(desk: Desk) -> None:
    desk.fill(1)
    desk.run(FakeLane(lambda *_: "deferred"), wait=True, retries=[timedelta(milliseconds=10)] * 2)
    assert desk.statuses() == ["refused"]
    assert desk.kept()[0].reply == "given up after 3 attempts: said"


def test_what_reached_no_server_goes_out_by_another_lane_and_is_no_attempt(desk: Desk) -> None:
    desk.fill(20)
    flaky = FakeLane(lambda number, attempt: "untried" if attempt == 1 else "sent")
    ended = desk.run(flaky, FakeLane())
    assert ended.handed == 20
    assert {one.attempts for one in desk.kept()} == {1}


def test_nobody_starves_beside_a_message_that_takes_for_ever(desk: Desk) -> None:
    desk.fill(60)
    desk.fill(40, first=60)
    last = asyncio.Event()

    async def slow(number: int) -> None:
        if number == 0:
            await last.wait()
        elif len(quick.carried) + len(hung.carried) == 100:
            last.set()

    hung, quick = FakeLane(slow=slow), FakeLane(slow=slow)
    ended = desk.run(hung, quick)
    assert ended.handed == 100
    assert once(hung, quick)


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("outage", [1, 3])
def test_a_database_that_is_lost_loses_nothing_and_doubles_nothing(desk: Desk, committed: bool, outage: int) -> None:
    desk.fill(60)

    class Broken(SendingDesk):
        calls = lost = 0

        def exchange(self, *words: Any) -> Any:
            self.calls += 1
            taken = super().exchange(*words) if committed or self.calls % 4 else []
            if self.calls % 4 == 0:
                self.lost = outage
                raise DatabaseLost("the connection to the server broke")
            return taken

        def regain(self, *words: Any) -> None:
            self.lost -= 1
            if self.lost > 0:
                raise DatabaseLost("the server cannot be reached")
            super().regain(*words)

    async def a_moment(_number: int) -> None:
        await asyncio.sleep(0.001)

    lanes = [FakeLane(slow=a_moment) for _ in range(3)]
    ended = desk.run(*lanes, desk=lambda own: Broken(own.vault, own.sender))
    assert ended.handed == 60
    assert once(*lanes)
    assert desk.statuses() == ["sent"] * 60
    assert {one.attempts for one in desk.kept()} == {1}
    assert any("trying again" in text for text in desk.told)
    assert {desk.moves(number).count("sent") for number in range(60)} == {1}


def test_when_the_database_stays_away_the_next_sender_settles_it_by_the_replies_that_were_noted(desk: Desk) -> None:
    desk.fill(100)

    class Gone(SendingDesk):
        calls = 0

        def exchange(self, *words: Any) -> Any:
            self.calls += 1
            if self.calls > 2:
                raise DatabaseLost("the connection to the server broke")
            return super().exchange(*words)

        def regain(self, *_words: Any) -> None:
            raise DatabaseLost("the server cannot be reached")

    first, second = FakeLane(), FakeLane()
    with pytest.raises(DatabaseLost):
        desk.run(first, desk=lambda own: Gone(own.vault, own.sender), patience=5)
    assert "sending" in desk.statuses()
    ended = desk.run(second)
    assert desk.settled is not None
    assert desk.settled.in_doubt == 0
    assert desk.settled.by_reply > 0
    assert len(first.carried) + ended.handed == 100
    assert once(first, second)
    assert desk.statuses() == ["sent"] * 100


def test_a_lane_that_fails_as_nobody_foresaw_leaves_its_message_in_doubt_and_ends_the_run(desk: Desk) -> None:
    desk.fill(100)
    lanes = [FakeLane(lambda number, _: ValueError("a mistake") if number == 9 else "sent"), FakeLane()]
    lanes[1].answers = lanes[0].answers
    with pytest.raises(ValueError, match="a mistake"):
        desk.run(*lanes)
    assert desk.statuses()[9] == "in_doubt"
    assert set(desk.statuses()) == {"sent", "queued", "in_doubt"}
    assert desk.statuses().count("in_doubt") == 1
    desk.run(FakeLane())
    assert desk.statuses().count("sent") == 99


def test_a_refusal_of_the_house_comes_before_anything_leaves(desk: Desk) -> None:
    desk.fill(30)
    with pytest.raises(Refused, match="could not be written"):
        desk.run(FakeLane(lambda number, _: Refused("the file could not be written") if number == 9 else "sent"))
    assert desk.statuses() == ["sent"] * 9 + ["queued"] * 21
    assert desk.run(FakeLane()).handed == 21


def test_nothing_leaves_that_the_reply_log_did_not_take(desk: Desk) -> None:
    desk.fill(30)
    lane = FakeLane()

    def full(log: ReplyLog) -> ReplyLog:
        begun, left = log.begun, iter(range(12))

        def until_full(n: int, attempt: int) -> None:
            if next(left, None) is None:
                log._sound = False
            begun(n, attempt)

        log.begun = until_full  # type: ignore[method-assign]
        return log

    with pytest.raises(Refused, match="nothing is sent that is not noted there"):
        desk.run(lane, log=full)
    assert lane.carried == list(range(12))
    assert desk.statuses() == ["sent"] * 12 + ["queued"] * 18
    assert desk.run(FakeLane()).handed == 18


def test_a_sender_that_stood_still_past_its_lease_asks_anew_before_it_goes_on(desk: Desk) -> None:
    """As a machine does that slept: another sender may have been told to take what this one had and had not begun."""
    desk.fill(AHEAD * 3)
    asleep = timedelta()

    class Shared(SendingDesk):
        shared = True

    async def falls_asleep(number: int) -> None:
        nonlocal asleep
        if number == 3:
            asleep = timedelta(hours=1)
            with desk.space.vault() as vault:  # meanwhile it was taken for dead, and a person settled one by hand
                one = vault.dispatches()
                other = SendingDesk(vault, "other", lease=-5)
                other.doubt(desk.made.desk.sender if desk.made else "", "2026-11-22T13:00:00.000+00:00", actor="ana")
                fifth = list(vault.envelopes(one))[5]
                assert fifth.status == "in_doubt"
                vault.move([fifth.id], "replaced", "person", at="2026-11-22T13:00:00.000+00:00", actor="ana", reply="by letter")

    lane = FakeLane(slow=falls_asleep)
    desk.run(lane, desk=lambda own: Shared(own.vault, own.sender), clock=lambda: system_time() + asleep)
    assert 5 not in lane.carried
    assert once(lane)
    assert desk.statuses() == ["replaced" if number == 5 else "sent" for number in range(AHEAD * 3)]
