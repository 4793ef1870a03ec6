"""Reads a mail server's log, as Postfix writes it, for what became of our envelopes: proof for those that are in doubt.

The log is believed as it stands. Lines of cleanup give a message's queue id, lines of the delivery agents what became of it.
"""

from __future__ import annotations

import gzip
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

from breachkit.domain.envelope import envelope_of
from breachkit.domain.values import value
from breachkit.domain.without_addresses import one_line, without_addresses
from breachkit.errors import UsageError
from breachkit.intake.bounce_values import Unread
from breachkit.intake.mailboxes import shown_name

LogStatus = Literal["sent", "bounced", "deferred", "expired"]
"""As the log says it. `expired` is the queue manager giving up and returning the message; the others are a delivery agent's."""

_LONGEST_LINE: Final = 1 << 16
_LINE: Final = re.compile(
    r"(?P<at>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.,]*(?:Z|[+-]\d\d:?\d\d))"
    r" \S+ postfix[\w.-]*(?:/[\w.-]+)*/(?P<agent>cleanup|smtp|lmtp|local|virtual|pipe|error|qmgr)\[\d+\]: "
    r"(?P<queue>[0-9A-Za-z]{5,20}): (?P<rest>.*)"
)
_MESSAGE_ID: Final = re.compile(r"message-id=(<[0-9a-f]{32}@[A-Za-z0-9.-]{1,253}>)")
_DELIVERY: Final = re.compile(
    r"to=<(?P<to>[^<>]*)>, (?:orig_to=<(?P<orig_to>[^<>]*)>, )?relay=(?P<relay>[^ ,]+), "
    r"(?:(?!dsn=)[a-z_]+=[^ ,]+, )*dsn=(?P<dsn>[245]\.\d{1,3}\.\d{1,3}), "
    r"status=(?P<status>sent|bounced|deferred) \((?P<reply>.*)"
)
_EXPIRED: Final = re.compile(r"from=<[^<>]*>, status=(?:force-)?expired, returned to sender")


@value
class Logged:
    """One attempt at one envelope, as the log has it. Later ones of the same envelope come later."""

    envelope: str
    status: LogStatus
    dsn: str
    """RFC 3463: `2.0.0`; "" for `expired`, which has none."""
    reply: str
    """The next server's words, or the agent's, on one line, every address taken out."""
    relay: str
    """Who took the message or refused it: `mx.example.com[192.0.2.1]:25`; "" when nobody was reached, and for `expired`.

    A relay of the same machine, such as a content filter, is a step on the way and no delivery.
    """
    at: str
    """As written. Times of the old form (`Nov 20 22:15:01`) have neither year nor zone."""
    source: str
    """File and line: `mail.log line 17`."""


def read_server_log(*paths: Path) -> Iterator[Logged | Unread]:
    """What the logs say of our envelopes; plain text or gzip. Name rotated logs oldest first: queue ids reach across them.

    Lines that are not about our messages are passed over. A log that is cut or damaged gives an `Unread` where reading ended.
    UsageError when one cannot be opened.
    """
    queued: dict[str, str] = {}
    for path in paths:
        for number, line in _lines(path):
            source = f"{shown_name(path.name)} line {number}"
            if isinstance(line, str):
                yield Unread(source, line)
            elif (logged := _read(line, queued, source)) is not None:
                yield logged


def _read(line: bytes, queued: dict[str, str], source: str) -> Logged | None:
    # What nearly all lines are: about something else.
    if b"message-id=<" not in line and b"status=" not in line and not line.rstrip().endswith(b"removed"):
        return None
    found = _LINE.match(line.decode("utf-8", "replace"))
    if found is None:
        return None
    queue, rest = found["queue"], found["rest"].rstrip()
    if found["agent"] == "cleanup":
        _remember(queued, queue, rest)
        return None
    envelope = queued.get(queue)
    if envelope is None:
        return None
    if found["agent"] == "qmgr":
        if rest == "removed":
            del queued[queue]
        if _EXPIRED.fullmatch(rest):
            return Logged(envelope, "expired", "", "returned to sender", "", found["at"], source)
        return None
    return _delivery(envelope, rest, found["at"], source)


def _remember(queued: dict[str, str], queue: str, rest: str) -> None:
    if (found := _MESSAGE_ID.fullmatch(rest)) is not None and (envelope := envelope_of(found[1])) is not None:
        queued[queue] = envelope
    elif rest.startswith("message-id="):
        # Queue ids are used again, and this one is now somebody else's.
        queued.pop(queue, None)


def _delivery(envelope: str, rest: str, at: str, source: str) -> Logged | None:
    if (found := _DELIVERY.fullmatch(rest)) is None:
        return None
    relay = "" if found["relay"] == "none" else one_line(found["relay"])
    reply = without_addresses(found["reply"].removesuffix(")"), [one for one in (found["to"], found["orig_to"]) if one])
    return Logged(envelope, cast("LogStatus", found["status"]), found["dsn"], reply, relay, at, source)


def _lines(path: Path) -> Iterator[tuple[int, bytes | str]]:
    """Each line with its number, or why there are no more. Of a line too long for Postfix only the beginning is given."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path} is not a file; name a mail server's log, plain or .gz")
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            yield from _numbered(cast("BinaryIO", gzip.GzipFile(fileobj=plain)) if packed else plain)
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror or problem}") from None


def _numbered(file: BinaryIO) -> Iterator[tuple[int, bytes | str]]:
    number, fresh = 0, True
    while True:
        try:
            line = file.readline(_LONGEST_LINE)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield number + 1, "the compressed log is cut or damaged here; what stands before it was read"
            return
        if not line:
            return
        number += fresh
        if fresh:
            yield number, line
        fresh = line.endswith(b"\n")
