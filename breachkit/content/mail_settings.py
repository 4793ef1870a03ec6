"""Reads `mail.yaml`: who the letters are from and which servers they go out by. A password in it is a fault.

Where a password comes from is the matter of `delivery/passwords.py`; which file is read, that of workflow.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from breachkit.content.yamlfile import Reader, read_yaml
from breachkit.domain.mail_servers import (
    MOST_CONNECTIONS,
    PORTS,
    TLS_KINDS,
    Server,
    Timeouts,
    is_host,
    is_server_name,
    per_second,
    unsafe,
)
from breachkit.domain.values import value
from breachkit.errors import BadFile, BadValue, Fault

FORMAT: Final = "breachkit/mail@1"
FILE: Final = "mail.yaml"
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])")
_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{1,3})?")
_SECRETS: Final = re.compile(r"pass|secret|token|credential|api_?key", re.IGNORECASE)


@value
class Sender:
    """Who the letters are from."""

    name: str
    """As a person reads it; empty for the address alone."""
    email: str


@value
class MailSettings:
    """What `mail.yaml` says."""

    sender: Sender
    servers: tuple[Server, ...]
    """At least one, each with a name of its own, in the file's order."""
    hello: str | None = None
    """What this machine calls itself to a server (EHLO); None for its own name."""


def load_mail_settings(path: Path) -> MailSettings:
    """The settings in that file. BadFile lists every fault with its line; a password is one, and is not repeated."""
    faults: list[Fault] = []
    top = Reader(read_yaml(path), path.name, faults, "the mail settings")
    _refuse_secrets(top)
    if top.text("format", needed=True) not in ("", FORMAT):
        top.fault("format", f"format must be '{FORMAT}'")
    sender = _sender(top)
    hello = top.text("hello") or None
    if hello is not None and not is_host(hello):
        top.fault("hello", "'hello' is the name this machine gives itself, such as desk.example.com")
    servers: list[Server] = []
    for entry in top.mappings("servers"):
        server = _server(entry, path.parent)
        if any(server.name == other.name for other in servers):
            entry.fault("name", f"'{server.name}' is the name of another server above; give each its own")
        servers.append(server)
    if not servers and not faults:
        top.fault("servers", "'servers' must list at least one server, such as - {name: main, host: smtp.example.com}")
    top.finish()
    if faults:
        raise BadFile(faults)
    return MailSettings(sender, tuple(servers), hello)


def _sender(top: Reader) -> Sender:
    inner = top.inner("sender")
    if inner is None:
        top.fault("sender", "'sender' is missing: write sender: {name: Example Co, email: privacy@example.com}")
        return Sender("", "")
    name, email = inner.text("name"), inner.text("email", needed=True)
    if not name.isprintable() or len(name) > 120:
        inner.fault("name", "the sender's name takes at most 120 printable characters")
    if email and not _ADDRESS.fullmatch(email):
        inner.fault("email", f"the sender's email takes one plain address such as privacy@example.com, not '{email}'")
    inner.finish()
    return Sender(name, email)


def _server(entry: Reader, folder: Path) -> Server:
    _refuse_secrets(entry)
    name, host = entry.text("name", needed=True), entry.text("host", needed=True)
    if name and not is_server_name(name):
        entry.fault("name", f"'{name}' cannot name a server; write small letters, digits and hyphens, such as main")
    if host and not is_host(host):
        # What stands there may hold a password (user:password@host), so it is not repeated.
        entry.fault(
            "host", "'host' takes a name or an address alone, such as smtp.example.com; port and user are keys of their own"
        )
    tls = entry.choice("tls", TLS_KINDS, default="starttls")
    user = entry.text("user") or None
    if user is not None and (":" in user or not user.isprintable()):
        entry.fault("user", "'user' takes the name to log in with and nothing more")
    rate = None
    if text := entry.text("rate"):
        try:
            rate = per_second(text)
        except BadValue as problem:
            entry.fault("rate", str(problem))
    server = Server(
        name=name,
        host=host,
        port=_whole(entry, "port", PORTS[tls], 65535),
        tls=tls,
        user=user,
        rate=rate,
        connections=_whole(entry, "connections", 4, MOST_CONNECTIONS),
        ca_file=_ca_file(entry, folder),
        per_connection=_whole(entry, "per_connection", 0, 1_000_000) or None,
        give_up=_seconds(entry, "give_up", 300.0),
        timeouts=_timeouts(entry),
    )
    if host and is_host(host) and (why := unsafe(server)):
        entry.fault("tls", why)
    entry.finish()
    return server


def _refuse_secrets(reader: Reader) -> None:
    for key in list(reader.data):
        if not _SECRETS.search(key):
            continue
        name = reader.data.get("name")
        variable = "BREACHKIT_SMTP_PASSWORD"
        if isinstance(name, str) and is_server_name(name):
            variable += f"_{name.upper().replace('-', '_')}"
        reader.fault(
            key,
            f"'{key}': no password is kept in this file. Take it out, change that password if others could read the file, and "
            f"set {variable} in the environment or put it into the keyring (docs/mail.md)",
        )
        reader.taken.add(key)


def _ca_file(entry: Reader, folder: Path) -> str | None:
    text = entry.text("ca_file")
    if not text:
        return None
    path = folder / Path(text).expanduser()
    if not path.is_file():
        entry.fault("ca_file", f"{path} is not there; name a file of certificates (PEM), or leave ca_file out")
    return str(path)


def _timeouts(entry: Reader) -> Timeouts:
    inner = entry.inner("timeouts")
    usual = Timeouts()
    if inner is None:
        return usual
    found = Timeouts(
        connect=_seconds(inner, "connect", usual.connect),
        command=_seconds(inner, "command", usual.command),
        data=_seconds(inner, "data", usual.data),
        content=_seconds(inner, "content", usual.content),
    )
    inner.finish()
    return found


def _seconds(reader: Reader, key: str, usual: float) -> float:
    text = reader.text(key)
    if not text:
        return usual
    if not _NUMBER.fullmatch(text) or not 1 <= float(text) <= 86_400:
        reader.fault(key, f"'{key}' takes seconds, from 1 to 86400, such as {usual:g}")
        return usual
    return float(text)


def _whole(reader: Reader, key: str, usual: int, most: int) -> int:
    text = reader.text(key)
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        reader.fault(key, f"'{key}' takes a whole number from 1 to {most}, not '{text}'")
        return usual
    return int(text)
