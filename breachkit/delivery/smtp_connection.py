"""One connection to a mail server: reached, made safe, logged in; then commands and replies. aiosmtplib speaks the protocol.

What a reply means for a message is decided in `smtp_lane.py`. TLS is verified, and without it nothing is said. The commands of
a message go through aiosmtplib's `execute_command`: its `mail`, `rcpt` and `data` parse each address several times over and
search each message twice, which takes longer than sending it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from typing import Final

import aiosmtplib

from breachkit.delivery.passwords import Password
from breachkit.delivery.smtp_watch import Watch
from breachkit.domain.envelope import redacted
from breachkit.domain.mail_servers import Server
from breachkit.errors import Refused

_LOGINS: Final = ("plain", "login", "cram-md5")
_QUIT_WITHIN: Final = 5.0
"""Seconds a server may take to say goodbye."""


class Lost(Exception):
    """The server is not there just now, or went away; later it may be."""


class Hopeless(Exception):
    """The server will not be of use in this run, however often it is asked."""


def tls_context(server: Server) -> ssl.SSLContext | None:
    """What a certificate is held against; None where no TLS is spoken. Refused for a bad `ca_file`."""
    if server.tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError as problem:  # ssl.SSLError is one
        reason = problem.strerror or "it holds no certificate (PEM)"
        raise Refused(f"mail server '{server.name}': {server.ca_file} cannot be used as ca_file: {reason}") from problem


async def connect(server: Server, password: Password | None, context: ssl.SSLContext | None, hello: str) -> Connection:
    """A connection that is ready for a message. Lost when the server is not there just now, Hopeless when it is of no use."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "tls",
        start_tls=False,
        tls_context=context,
        local_hostname=hello,
        timeout=server.timeouts.connect,
    )
    trouble: Lost | Hopeless | None = None
    done = False
    try:
        await smtp.connect()
        await _make_safe(smtp, server)
        await _log_in(smtp, server, password)
        done = True
    except (Lost, Hopeless) as problem:
        trouble = problem
    except (aiosmtplib.SMTPException, OSError, ValueError) as problem:
        trouble = _trouble(problem, server)
    finally:
        if not done:
            _abort(smtp)
    if trouble is not None:
        # Raised out here, so that no frame of the login hangs on to it.
        raise trouble
    return Connection(smtp, server)


async def _make_safe(smtp: aiosmtplib.SMTP, server: Server) -> None:
    await smtp.ehlo()
    if server.tls == "starttls":
        if not smtp.supports_extension("starttls"):
            raise Hopeless(
                "it does not offer STARTTLS, and nothing is sent without TLS. Check host and port: port 465 wants tls: tls"
            )
        await smtp.starttls()
        await smtp.ehlo()
    if server.tls != "none" and smtp.get_transport_info("sslcontext") is None:
        raise Hopeless("the connection has no TLS, and nothing is sent without it")


async def _log_in(smtp: aiosmtplib.SMTP, server: Server, password: Password | None) -> None:
    if server.user is None:
        return
    if password is None:
        raise Hopeless(f"there is no password for {server.user}")
    offered = [one for one in _LOGINS if one in smtp.server_auth_methods]
    if not offered:
        raise Hopeless(
            "it offers no login that could be used (AUTH PLAIN, LOGIN or CRAM-MD5); take out 'user' if it wants none"
        )
    # One try with one method: a wrong password said three times locks an account.
    smtp.AUTH_METHODS = (offered[0],)
    problem: Exception
    try:
        await smtp.login(server.user, password.reveal(), timeout=server.timeouts.command)
    except aiosmtplib.SMTPResponseException as refusal:
        said = _said(refusal.code, password.hidden_in(refusal.message, server.user))
        if 400 <= refusal.code < 500:
            problem = Lost(f"the login is not possible just now: {said}")
        else:
            problem = Hopeless(f"the login as {server.user} was refused: {said}. Check user and password (docs/mail.md)")
    except (aiosmtplib.SMTPException, OSError):
        problem = Lost("the connection was lost during the login")
    except ValueError:
        problem = Hopeless("user or password hold characters that no login can carry")
    else:
        return
    # Out here the frames that know the password are gone from what is raised.
    raise problem


def _trouble(problem: Exception, server: Server) -> Lost | Hopeless:
    """What an error means for the server, in words that say what to do."""
    cause: BaseException | None = problem
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Hopeless(
            f"its certificate is not trusted for {server.host}: {cause.verify_message.rstrip('.')}. Check the host's name; "
            "a server with a certificate of your own authority needs ca_file"
        )
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        reason = (cause.reason or "no reason given").replace("_", " ").lower()
        return Hopeless(f"TLS could not be agreed on ({reason}): tls: starttls goes with port 587, tls: tls with port 465")
    if isinstance(problem, aiosmtplib.SMTPResponseException):
        if problem.code < 0:
            return Hopeless("it does not answer like a mail server; check host, port and tls")
        said = _said(problem.code, problem.message)
        return Hopeless(f"it lets nobody in: {said}") if problem.code >= 500 else Lost(f"it is not ready: {said}")
    if isinstance(problem, (TimeoutError, aiosmtplib.SMTPTimeoutError)):
        hint = "; port 465 wants tls: tls" if server.tls == "starttls" and server.port == 465 else ""
        return Lost(f"it did not answer within {server.timeouts.connect:g} seconds{hint}")
    if isinstance(problem, OSError):
        return Lost(f"it cannot be reached: {_reason(problem)}")
    return Hopeless(f"it cannot be used: {redacted(str(problem))}")


def _reason(problem: OSError) -> str:
    inner = problem.__cause__ if isinstance(problem.__cause__, OSError) else problem
    if isinstance(inner, socket.gaierror):
        return f"no address is known for its name ({inner.strerror})"
    return os.strerror(inner.errno).lower() if inner.errno else "nobody answers there, or the connection was closed"


def _said(code: int, message: str) -> str:
    return f"{code} {redacted(message)}"


def _abort(smtp: aiosmtplib.SMTP, transport: asyncio.BaseTransport | None = None) -> None:
    """Hang up at once; `close` alone waits for what cannot be written any more, and with TLS for the other side's goodbye."""
    transport = transport or smtp.transport
    smtp.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


class Connection:
    """An open connection. One message at a time; after `Lost` it is of no more use."""

    def __init__(self, smtp: aiosmtplib.SMTP, server: Server) -> None:
        self._smtp, self._server = smtp, server
        self._watch = Watch(self.abort)
        self.messages = 0
        """Transactions begun on it."""
        size = smtp.esmtp_extensions.get("size", "")
        self.largest = int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0
        """Bytes of the largest message the server takes; 0 when it does not say."""
        self.says_size = "size" in smtp.esmtp_extensions
        self.eight_bit = "8bitmime" in smtp.esmtp_extensions
        self.utf8 = "smtputf8" in smtp.esmtp_extensions

    @property
    def alive(self) -> bool:
        """Whether it stands, as far as one can know without asking."""
        return self._smtp.is_connected

    async def say(self, within: float, *words: bytes) -> aiosmtplib.SMTPResponse:
        """A command, and the reply to it. Lost when none comes within so many seconds."""
        self._watch.within(within)
        try:
            reply = await self._smtp.execute_command(*words, timeout=None)
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise self._lost(problem) from problem
        if reply.code < 200:
            raise Lost("the server answered with what is no reply to a command")
        return reply

    def hand_over(self, content: bytes) -> None:
        """Write a message, its dots doubled and the final one there, once DATA was agreed on. Lost when no byte was written."""
        protocol = self._smtp.protocol
        self._watch.within(self._server.timeouts.content)
        try:
            if protocol is None:
                raise Lost("the connection was lost")
            protocol.write(content)
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise self._lost(problem) from problem

    async def verdict(self) -> aiosmtplib.SMTPResponse:
        """The reply to a message that was handed over. Lost when none comes, and then nobody knows."""
        protocol = self._smtp.protocol
        try:
            if protocol is None:
                raise Lost("the connection was lost")
            reply = await protocol.read_response(timeout=None)
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise self._lost(problem) from problem
        if not 200 <= reply.code < 300 and not 400 <= reply.code < 600:
            raise Lost(f"the server answered the message with {reply.code}, which says neither yes nor no")
        return reply

    def rest(self) -> None:
        """No reply is waited for."""
        self._watch.rest()

    def abort(self) -> None:
        """Hang up at once."""
        self._watch.stop()
        _abort(self._smtp)

    async def close(self) -> None:
        """Say goodbye, and hang up."""
        self._watch.stop()
        transport = self._smtp.transport
        try:
            await self._smtp.quit(timeout=_QUIT_WITHIN)
        except (aiosmtplib.SMTPException, OSError):
            pass  # it hung up first
        finally:
            _abort(self._smtp, transport)

    def described(self) -> str:
        """What the server offers, on one line."""
        smtp = self._smtp
        cipher = smtp.get_transport_info("cipher") if self._server.tls != "none" else None
        parts = [cipher[1] if cipher else "no TLS", f"logged in as {self._server.user}" if self._server.user else "no login"]
        if self.largest:
            parts.append(f"messages up to {self.largest:,} bytes")
        if not self.eight_bit:
            parts.append("7-bit messages only")
        if not self.utf8:
            parts.append("ASCII addresses only")
        return ", ".join(parts)

    def _lost(self, problem: Exception) -> Lost:
        if self._watch.expired:
            return Lost("the server did not answer in time")
        if isinstance(problem, aiosmtplib.SMTPResponseException):
            return Lost("the server's reply could not be read")
        return Lost("the connection was lost")
