"""Messages to send, servers to send them by, and a time that passes only when somebody sleeps."""

from __future__ import annotations

from collections.abc import Callable

from breachkit.delivery.smtp import SmtpTransport
from breachkit.domain.envelope import Outgoing
from breachkit.domain.mail_servers import Server, Timeouts

SENDER = "privacy@example.com"
SOON = Timeouts(connect=5, command=5, data=5, content=5)
IMPATIENT = Timeouts(connect=0.2, command=0.2, data=0.2, content=0.2)


class FakeTime:
    """`sleep` returns at once, and is what moves `monotonic` on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def letter(number: int = 1, *, to: str = "", body: bytes = b"Dear reader,\r\n\r\nwords.\r\n") -> Outgoing:
    """A private message to one person."""
    envelope = f"{number:032x}"
    to = to or f"reader{number}@letters.test"
    head = (
        f"From: Example Co <{SENDER}>\r\nTo: {to}\r\nSubject: Notice\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
        f"Message-ID: <{envelope}@example.com>\r\n\r\n"
    )
    return Outgoing(envelope, SENDER, to, head.encode() + body)


def plain(port: int, **settings: object) -> Server:
    """A server on this machine, without TLS and with one connection unless told otherwise."""
    usual: dict[str, object] = {
        "name": "main",
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "connections": 1,
        "timeouts": SOON,
    }
    return Server(**(usual | settings))  # type: ignore[arg-type]  # what a test writes there is the field's own type


def transport(*servers: Server, time: FakeTime | None = None, tell: Callable[[str], None] = print) -> SmtpTransport:
    """A transport to servers that want no login."""
    time = time or FakeTime()
    return SmtpTransport(servers, {}, hello="desk.example.com", tell=tell, sleep=time.sleep, monotonic=time.monotonic)
