"""What keeps mail out of Python from the speed of Postfix's generator: an experiment, with which nothing is ever sent for real.

A client on a bare asyncio protocol that knows no errors, no TLS and no time-outs, with each command waited for and with MAIL,
RCPT and DATA in one packet (PIPELINING, RFC 2920). What it gains over the real lanes is the most that could be gained.
"""

from __future__ import annotations

import asyncio
from typing import Any

from breachkit.domain.envelope import Outcome, Outgoing

MAIL_FROM = b"privacy@example.com"


class _Client(asyncio.Protocol):
    """Says the next thing when the last was answered. `together`: MAIL, RCPT and DATA in one packet."""

    def __init__(self, waiting: Any, together: bool) -> None:
        self._waiting, self._together = waiting, together
        self._step, self._missing, self._held = 0, 1, b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n")) >= 0:
            last, self._held = self._held[3:4] != b"-", self._held[end + 2 :]
            self._missing -= last
            if not self._missing:
                self._next()

    def _next(self) -> None:
        self._step, self._missing = self._step + 1, 1
        write = self._transport.write
        if self._step == 1:
            write(b"EHLO a.test\r\n")
        elif self._step == 2:
            one = next(self._waiting, None)
            if one is None:
                self._transport.close()
                self.done.set_result(None)
                return
            self._to, self._letter = one
            words = b"MAIL FROM:<%s>\r\n" % MAIL_FROM
            if self._together:
                write(words + b"RCPT TO:<%s>\r\nDATA\r\n" % self._to.encode())
                self._step, self._missing = 4, 3
            else:
                write(words)
        elif self._step == 3:
            write(b"RCPT TO:<%s>\r\n" % self._to.encode())
        elif self._step == 4:
            write(b"DATA\r\n")
        else:
            write(self._letter.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            self._step = 1


async def raw(port: int, letters: list[tuple[str, bytes]], *, together: bool, connections: int = 4) -> None:
    """All letters over so many connections."""
    waiting = iter(letters)
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: _Client(waiting, together), "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(client.done for _, client in made))


class BareLane:
    """A lane on the same bare protocol, for the outbox: what a run could reach if mail cost next to nothing."""

    def __init__(self, port: int) -> None:
        self.server = None
        self._port = port
        self._talk: _Answers | None = None

    async def ready(self) -> None:
        """Connected and greeted."""
        if self._talk is None:
            loop = asyncio.get_running_loop()
            _, self._talk = await loop.create_connection(_Answers, "127.0.0.1", self._port)
            await self._talk.answers(1)
            await self._talk.answers(1, b"EHLO a.test\r\n")

    async def send(self, outgoing: Outgoing, /) -> Outcome:
        """Everything is taken."""
        assert self._talk is not None
        words = b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n" % (outgoing.sender.encode(), outgoing.recipient.encode())
        await self._talk.answers(3, words)
        await self._talk.answers(1, outgoing.message.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        return Outcome(outgoing.envelope, "sent", 250, "2.0.0 Ok", "sink")


class _Answers(asyncio.Protocol):
    """Says something, and waits for so many replies."""

    def __init__(self) -> None:
        self._missing, self._held = 0, b""
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n")) >= 0:
            last, self._held = self._held[3:4] != b"-", self._held[end + 2 :]
            self._missing -= last
        self._look()

    async def answers(self, number: int, said: bytes = b"") -> None:
        """Wait for them."""
        if said:
            self._transport.write(said)
        self._missing += number
        self._waiter = asyncio.get_running_loop().create_future()
        self._look()
        await self._waiter

    def _look(self) -> None:
        if self._missing <= 0 and self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
