"""The mail transport: the lanes to every server, and a look at one server without sending.

Nothing here decides whether a message may go, in which order, or whether it goes again: that is the outbox's.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Final

from breachkit.delivery.passwords import Password
from breachkit.delivery.smtp_connection import Connection, Hopeless, Lost, connect, tls_context
from breachkit.delivery.smtp_lane import Lane
from breachkit.delivery.smtp_server import ServerState, ServerStopped
from breachkit.domain.mail_servers import Server, unsafe
from breachkit.domain.transports import TransportKind
from breachkit.errors import Refused

__all__ = ["Lane", "ServerStopped", "SmtpTransport", "look"]


def _say_nothing(_: str) -> None:
    pass


class SmtpTransport:
    """Mail by one or several servers, each with lanes of its own. An async context; lanes connect when they are first used."""

    kind: Final[TransportKind] = "smtp"

    def __init__(
        self,
        servers: Sequence[Server],
        passwords: Mapping[str, Password],
        *,
        hello: str | None = None,
        tell: Callable[[str], None] = _say_nothing,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`passwords` by server's name. `hello`: what this machine calls itself, None for its own name. `tell` hears of waiting
        and stopping, one line each. `sleep` and `monotonic` are in seconds.

        Refused for a server without TLS that is not this machine itself, and for a file of certificates that cannot be read.
        """
        self._hello = hello
        self.states = tuple(ServerState(server, sleep=sleep, monotonic=monotonic, tell=tell) for server in servers)
        self.lanes: Sequence[Lane] = tuple(
            Lane(state, dial)
            for state in self.states
            for dial in [self._dialler(state.server, passwords.get(state.server.name))]
            for _ in range(state.server.connections)
        )

    async def __aenter__(self) -> SmtpTransport:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(lane.close() for lane in self.lanes))

    def _dialler(self, server: Server, password: Password | None) -> Callable[[], Awaitable[Connection]]:
        context = _context(server)

        async def dial() -> Connection:
            hello = self._hello or await _own_name()
            self._hello = hello
            return await connect(server, password, context, hello)

        return dial


async def look(server: Server, password: Password | None, *, hello: str | None = None) -> str:
    """What the server has to offer, on one line: connects, agrees on TLS, logs in, asks for nothing (NOOP) and leaves.

    ServerStopped when it cannot be used, with what is to be put right. Refused as for `SmtpTransport`.
    """
    context = _context(server)
    why: str | None = None
    try:
        connection = await connect(server, password, context, hello or await _own_name())
        try:
            reply = await connection.say(server.timeouts.command, b"NOOP")
            if reply.code < 300:
                return f"{server.name}: {server.place}, {connection.described()}"
            why = f"it answered NOOP with {reply.code}"
        finally:
            await connection.close()
    except (Lost, Hopeless) as problem:
        why = str(problem)
    raise ServerStopped(server, why)


async def _own_name() -> str:
    return await asyncio.to_thread(socket.getfqdn)


def _context(server: Server) -> ssl.SSLContext | None:
    if why := unsafe(server):
        raise Refused(f"mail server '{server.name}': {why}")
    return tls_context(server)
