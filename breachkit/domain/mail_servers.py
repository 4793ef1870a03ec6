"""A mail server as the settings name it: where it is, how it is reached, how fast it may be used.

Reading the settings is the work of `content/mail_settings.py`, talking to the server that of `delivery`. A password is never
part of a server.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Final, Literal, get_args

from breachkit.domain.values import value
from breachkit.errors import BadValue

Tls = Literal["starttls", "tls", "none"]
"""`starttls`: plain until both sides agree on TLS, before anything is said. `tls`: TLS from the first byte. `none`: no TLS."""

TLS_KINDS: Final[tuple[Tls, ...]] = get_args(Tls)
PORTS: Final[Mapping[Tls, int]] = {"starttls": 587, "tls": 465, "none": 25}
"""The port of each where the settings name none."""

MOST_CONNECTIONS: Final = 64
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_RATE: Final = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\s*/\s*(s|min|h)")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600}


@value
class Timeouts:
    """How long a server may take, in seconds; from `command` on as patient as RFC 5321 section 4.5.3.2 asks."""

    connect: float = 60.0
    """To be reached, to greet, to agree on TLS and to answer EHLO, each."""
    command: float = 300.0
    """To answer AUTH, MAIL, RCPT, RSET or NOOP."""
    data: float = 120.0
    """To answer DATA, before the message itself."""
    content: float = 600.0
    """To take the whole message and answer its final dot."""


@value
class Server:
    """One way out for mail."""

    name: str
    """What the settings, the journal and messages call it: small letters, digits and hyphens."""
    host: str
    port: int
    tls: Tls = "starttls"
    user: str | None = None
    """Whom to log in as; None for a server that asks nobody."""
    rate: float | None = None
    """Messages a second over all its connections; None for as many as it takes."""
    connections: int = 4
    ca_file: str | None = None
    """A file of certificates (PEM) to trust, in the place of the system's; None for the system's."""
    per_connection: int | None = None
    """Messages after which a connection is closed and opened anew; None for never."""
    give_up: float = 300.0
    """Seconds without success after which the server is given up for this run."""
    timeouts: Timeouts = Timeouts()

    @property
    def place(self) -> str:
        """Host and port, as messages say them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine itself, by its name or address alone."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_server_name(text: str) -> bool:
    """Whether a server may be called that."""
    return _NAME.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Whether it is a host's name or address and nothing else: no port, no user, no `smtp://`."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _HOST.fullmatch(text) is not None and ".." not in text
    return True


def unsafe(server: Server) -> str | None:
    """Why mail may not go to that server as it is set; None when it may."""
    if server.tls == "none" and not is_loopback(server.host):
        return (
            f"tls: none sends every letter readable to whoever listens on the way, and is taken only for this machine itself "
            f"(localhost, 127.0.0.1, ::1); {server.host} needs starttls or tls"
        )
    return None


def per_second(text: str) -> float:
    """A rate such as `10/s`, `600/min` or `5000/h`, in messages a second. BadValue for anything else and for none at all."""
    found = _RATE.fullmatch(text.strip())
    rate = float(found[1]) / _SECONDS[found[2]] if found else 0.0
    if not rate:
        raise BadValue(f"'{text}' is no rate; write 10/s, 600/min or 5000/h")
    return rate
