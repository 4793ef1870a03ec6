"""One lane to a mail server: a connection kept open, and for each message how far it came.

A lane carries one message at a time. What it says of a message is never more than it knows: before the content is handed over
nothing can have arrived, after it only a reply tells.
"""

from __future__ import annotations

import string
from collections.abc import Awaitable, Callable
from typing import Final

from aiosmtplib import SMTPResponse

from breachkit.delivery.smtp_connection import Connection, Hopeless, Lost
from breachkit.delivery.smtp_server import Backoff, ServerState
from breachkit.domain.envelope import Outcome, Outgoing, Result, redacted
from breachkit.domain.mail_servers import Server

_BAD: Final = frozenset('<>" ')
"""What no address on a command's line may hold; control characters beside it."""
_NO_LOGIN: Final = frozenset({530, 534, 535, 538})
"""Replies that ask for a login, or for a better one: they are about us, whichever command they answer."""
_TOO_LARGE: Final = 552
_CLOSING: Final = 421
_CONTINUE: Final = 354
_LONGEST_PLAIN: Final = 200
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + " .:-_")
"""What a reply may hold that cannot be, nor hide, an address."""
_APART: Final = str.maketrans(dict.fromkeys("._+-=%", " "))


class Lane:
    """`ready()`, then `send()`; from one task at a time."""

    def __init__(self, state: ServerState, dial: Callable[[], Awaitable[Connection]]) -> None:
        self.server: Server = state.server
        self._state, self._dial = state, dial
        self._connection: Connection | None = None
        self._backoff = Backoff()
        self._clean = False
        """Whether the connection awaits a new message; not so while one is under way, or when one was cut off."""
        self._most = state.server.per_connection
        self._sender: tuple[str, bytes] = ("", b"")

    async def ready(self) -> None:
        """Connected, logged in, and this message's turn has come: `send` may be called at once. Waits out a back-off.

        ServerStopped when the server is not used any more in this run.
        """
        if self._state.calm and self._usable():
            return
        while True:
            self._state.check()
            await self._state.wait_out(self._backoff)
            self._state.check()
            if not self._usable() and not await self._connect():
                continue
            await self._state.turn()
            if self._usable() and self._state.why is None:
                return

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Hand over one message. Never raises for trouble with mail; what became of it is in the answer."""
        connection = self._connection
        if connection is None or not self._clean:
            return self._outcome(outgoing, "untried", None, "there was no connection")
        if flaw := _flaw(outgoing, connection):
            return self._outcome(outgoing, "refused", None, flaw)
        self._clean = False
        handed_over = False
        connection.messages += 1
        try:
            reply = await connection.say(self.server.timeouts.command, *self._mail_from(outgoing, connection))
            if reply.code >= 300:
                return await self._sender_turned_down(outgoing, connection, reply)
            self._state.went_well(self._backoff)
            reply = await connection.say(self.server.timeouts.command, b"RCPT", b"TO:<%s>" % outgoing.recipient.encode())
            if reply.code >= 300:
                return await self._turned_down(outgoing, connection, reply)
            reply = await connection.say(self.server.timeouts.data, b"DATA")
            if reply.code != _CONTINUE:
                return await self._turned_down(outgoing, connection, reply)
            connection.hand_over(_on_the_wire(outgoing.message))
            handed_over = True
            reply = await connection.verdict()
            self._state.answered()
            if reply.code >= 300:
                return await self._turned_down(outgoing, connection, reply)
        except Lost as problem:
            if handed_over:
                self._state.unanswered()
            self._drop(str(problem))
            return self._outcome(outgoing, "in_doubt" if handed_over else "untried", None, str(problem))
        connection.rest()
        self._clean = True
        self._state.taken()
        return self._outcome(outgoing, "sent", reply.code, reply.message)

    async def close(self) -> None:
        """Say goodbye to the server, or hang up when a message is under way."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._clean:
            await connection.close()
        else:
            connection.abort()

    def _usable(self) -> bool:
        connection = self._connection
        return (
            connection is not None
            and self._clean
            and connection.alive
            and (self._most is None or connection.messages < self._most)
        )

    async def _connect(self) -> bool:
        """A new connection in the place of the old; False when there is none yet and the reason is noted."""
        await self.close()
        try:
            self._connection = await self._dial()
        except Lost as problem:
            self._state.failed(str(problem), self._backoff)
            return False
        except Hopeless as problem:
            self._state.stop(str(problem))
            return False
        self._clean = True
        return True

    def _mail_from(self, outgoing: Outgoing, connection: Connection) -> list[bytes]:
        if outgoing.sender != self._sender[0]:
            self._sender = (outgoing.sender, b"FROM:<%s>" % outgoing.sender.encode())
        words = [b"MAIL", self._sender[1]]
        if connection.says_size:
            words.append(b"SIZE=%d" % len(outgoing.message))
        if connection.eight_bit and not outgoing.message.isascii():
            words.append(b"BODY=8BITMIME")
        if connection.utf8 and not (outgoing.recipient.isascii() and outgoing.sender.isascii()):
            words.append(b"SMTPUTF8")
        return words

    async def _sender_turned_down(self, outgoing: Outgoing, connection: Connection, reply: SMTPResponse) -> Outcome:
        """MAIL FROM was not taken. That is about us and concerns every message, unless this one is too large."""
        if reply.code == _TOO_LARGE:
            return await self._turned_down(outgoing, connection, reply)
        outcome = self._outcome(outgoing, "untried", reply.code, reply.message)
        if reply.code == _CLOSING:
            self._drop(f"{reply.code} {outcome.reply}")
            return outcome
        if reply.code >= 500:
            self._state.stop(f"it does not take mail from the sender: {reply.code} {redacted(reply.message)}")
        else:
            self._state.failed(f"it takes no mail from the sender just now: {reply.code} {redacted(reply.message)}")
        await self._reset(connection)
        return outcome

    async def _turned_down(self, outgoing: Outgoing, connection: Connection, reply: SMTPResponse) -> Outcome:
        """The recipient or the message was not taken."""
        result: Result = "refused" if reply.code >= 500 else "deferred"
        if reply.code in _NO_LOGIN:
            result = "untried"
        outcome = self._outcome(outgoing, result, reply.code, reply.message)
        if reply.code < 400 or reply.code == _CLOSING:
            # A reply that fits no question leaves the two sides out of step; one of 421 is the last.
            self._drop(f"{reply.code} {outcome.reply}")
            return outcome
        if reply.code in _NO_LOGIN:
            self._state.stop(f"it wants another login: {reply.code} {outcome.reply}")
        elif result == "refused":
            self._state.refused(f"{reply.code} {outcome.reply}")
        await self._reset(connection)
        return outcome

    async def _reset(self, connection: Connection) -> None:
        """Put the server back to where a new message may begin; a server that will not is hung up on."""
        try:
            reply = await connection.say(self.server.timeouts.command, b"RSET")
        except Lost:
            self._hang_up()
            return
        connection.rest()
        if reply.code >= 300:
            self._hang_up()
        else:
            self._clean = True

    def _drop(self, why: str) -> None:
        self._hang_up()
        self._state.failed(why, self._backoff)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.abort()
            self._connection = None
        self._clean = False

    def _outcome(self, outgoing: Outgoing, result: Result, code: int | None, reply: str) -> Outcome:
        return Outcome(outgoing.envelope, result, code, _without(outgoing.recipient, reply), self.server.name)


def _flaw(outgoing: Outgoing, connection: Connection) -> str | None:
    """Why that server cannot take the message, whatever it were to say; None when it may."""
    message, recipient = outgoing.message, outgoing.recipient
    for address in (outgoing.sender, recipient):
        if "@" not in address or not address.isprintable() or not _BAD.isdisjoint(address):
            return "not sent: the address of sender or recipient is not one that mail can carry"
        if not address.isascii() and not connection.utf8:
            return "not sent: an address has letters beyond ASCII, and the server does not take those (no SMTPUTF8)"
    if connection.largest and len(message) > connection.largest:
        return f"not sent: the message has {len(message)} bytes, and the server takes at most {connection.largest}"
    if not connection.eight_bit and not message.isascii():
        return "not sent: the message has bytes beyond ASCII, and the server takes none (no 8BITMIME)"
    ends = message.count(b"\r\n")
    if ends != message.count(b"\n") or ends != message.count(b"\r") or not message.endswith(b"\r\n"):
        return "not sent: a line of the message does not end in CR LF, so it would not arrive as it is kept"
    return None


def _on_the_wire(message: bytes) -> bytes:
    """RFC 5321 section 4.5.2: a dot before each line that begins with one, and a dot alone at the end."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return b"".join((b"." if message.startswith(b".") else b"", stuffed, b".\r\n"))


def _without(recipient: str, reply: str) -> str:
    """`redacted`, which is spared the replies that hold nothing to take out: it takes as long as sending a message."""
    if len(reply) <= _LONGEST_PLAIN and _PLAIN.issuperset(reply) and recipient.isascii():
        said, parts = reply.lower(), recipient.lower().rpartition("@")[0].translate(_APART).split()
        if "  " not in said and not all(part in said for part in parts):
            return reply
    return redacted(reply, recipient)
