"""Mail by Postfix's own test server: every byte arrives, and a server that goes away and comes back costs nobody a letter."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter

import pytest
from aiosmtplib import SMTP

from breachkit.delivery.smtp import Lane, SmtpTransport
from breachkit.domain.envelope import Outgoing
from tests.delivery.mail_runs import FakeTime, letter, plain, transport
from tests.delivery.scripted_server import scripted
from tests.delivery.sink import needs_sink, running_sink

BODIES = [
    b"plain\r\n",
    b"",
    b".\r\n",
    b"..\r\n.\r\n...three\r\n",
    b".first\r\nmiddle.\r\n.last\r\n",
    b"a" * 998 + b"\r\n." + b"b" * 997 + b"\r\n",
    "Grüße – für Zoë, 東京\r\n".encode(),
    bytes(range(128, 256)) + b"\r\n",
    b"blank lines\r\n\r\n\r\n\r\n",
    b"QUIT\r\nRSET\r\nDATA\r\n",
    b"x" * 70 + b"\r\n" + (b"." + b"y" * 71 + b"\r\n") * 20_000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_what_arrives_has_the_hash_of_what_was_kept(body: bytes) -> None:
    outgoing = letter(body=body)
    async with scripted(EHLO="250-x\r\n250 8BITMIME") as server, transport(plain(server.port)) as mail:
        await mail.lanes[0].ready()
        assert (await mail.lanes[0].send(outgoing)).result == "sent"
    assert [hashlib.sha256(one).hexdigest() for one in server.messages] == [hashlib.sha256(outgoing.message).hexdigest()]


async def test_a_message_that_begins_with_a_dot_arrives_whole() -> None:
    bare = Outgoing("0" * 32, "a@example.com", "b@letters.test", b".hidden: x\r\n\r\n.\r\n")
    async with scripted() as server, transport(plain(server.port)) as mail:
        await mail.lanes[0].ready()
        assert (await mail.lanes[0].send(bare)).result == "sent"
    assert server.messages == [bare.message]


async def send_all(mail: SmtpTransport, letters: list[Outgoing]) -> Counter[str]:
    """Every letter by whichever lane is free, and again while it was not tried or deferred."""
    waiting, results = list(reversed(letters)), Counter[str]()

    async def work(lane: Lane) -> None:
        while waiting:
            await lane.ready()
            if not waiting:
                return
            one = waiting.pop()
            outcome = await lane.send(one)
            if outcome.result in ("untried", "deferred"):
                waiting.append(one)
            results[outcome.result] += 1

    await asyncio.gather(*(work(lane) for lane in mail.lanes))
    return results


@needs_sink
async def test_four_lanes_carry_every_letter_once() -> None:
    letters = [letter(number) for number in range(1, 101)]
    with running_sink(keep=True) as sink:
        async with transport(plain(sink.port, connections=4)) as mail:
            assert await send_all(mail, letters) == {"sent": 100}
        kept = sink.messages()
    # Between two messages the sink keeps a blank line.
    assert sorted(one.strip() for one in kept) == sorted(one.message.replace(b"\r\n", b"\n").strip() for one in letters)


@needs_sink
async def test_a_server_that_is_killed_and_comes_back_gets_the_rest() -> None:
    fake = FakeTime()
    with running_sink() as sink:
        async with transport(plain(sink.port, connections=2), time=fake) as mail:
            assert await send_all(mail, [letter(number) for number in range(50)]) == {"sent": 50}
            sink.restart()
            results = await send_all(mail, [letter(number) for number in range(50)])
            assert results["sent"] == 50
            assert results["in_doubt"] == 0
            sink.stop()
            waits = len(fake.slept)

            async def come_back(seconds: float) -> None:
                fake.slept.append(seconds)
                fake.now += seconds
                if len(fake.slept) == waits + 6:
                    sink.start()

            for state in mail.states:
                state._sleep = come_back
            assert (await send_all(mail, [letter(number) for number in range(50)]))["sent"] == 50


@needs_sink
@pytest.mark.parametrize(
    ("options", "result", "code"),
    [
        (("-q", "MAIL"), "untried", None),
        (("-q", "RCPT"), "untried", None),
        (("-q", "DATA"), "untried", None),
        (("-q", "."), "in_doubt", None),
        (("-Q", "RCPT"), "deferred", 421),
        (("-Q", "."), "deferred", 421),
        (("-r", "RCPT"), "deferred", 450),
        (("-r", "."), "deferred", 450),
        (("-f", "RCPT"), "refused", 500),
        (("-f", "DATA"), "refused", 500),
        (("-f", "."), "refused", 500),
        (("-8",), "sent", 250),
    ],
)
async def test_a_sink_that_fails_is_understood(options: tuple[str, ...], result: str, code: int | None) -> None:
    with running_sink(*options) as sink:
        async with transport(plain(sink.port)) as mail:
            await mail.lanes[0].ready()
            outcome = await mail.lanes[0].send(letter())
    assert (outcome.result, outcome.code) == (result, code)


@needs_sink
async def test_a_lane_is_no_slower_than_the_library_it_stands_on() -> None:
    letters = [letter(number, body=b"Some words of a letter, as long as a line is.\r\n" * 80) for number in range(200)]

    async def by_lane(port: int) -> float:
        async with transport(plain(port)) as mail:
            await mail.lanes[0].ready()
            began = time.perf_counter()
            assert await send_all(mail, letters) == {"sent": 200}
            return time.perf_counter() - began

    async def by_library(port: int) -> float:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="desk.example.com") as smtp:
            began = time.perf_counter()
            for one in letters:
                await smtp.sendmail(one.sender, [one.recipient], one.message)
            return time.perf_counter() - began

    with running_sink() as sink:
        times = [(await by_lane(sink.port), await by_library(sink.port)) for _ in range(3)]
    # It takes about half as long; the limit leaves room for a busy machine.
    assert min(lane for lane, _ in times) < 1.05 * min(library for _, library in times), times
