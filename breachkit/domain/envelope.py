"""One recipient's delivery of one notice, and the moves it may make. Who makes them and where they are kept is for others.

An envelope names nobody: its id is random, and who it is for lies beside it in a store that can be erased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, get_args

from breachkit.domain.values import value
from breachkit.domain.without_addresses import without_addresses
from breachkit.errors import Refused

Status = Literal["queued", "sending", "sent", "refused", "in_doubt", "bounced", "replaced", "withdrawn"]
"""`sending` is on record before a byte of the message leaves; `in_doubt` is what a crash in between leaves behind.
`withdrawn` was never sent and nothing took its place, such as a letter whose facts changed while it waited."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

By = Literal["sender", "reply", "bounce", "person", "restore"]
"""Who moves it: the program that sends, a server's reply that was kept, a report of non-delivery, a person's word; or that the
store was restored from a back-up, which does not know what was sent after it was made."""

_MOVES: Final[Mapping[By, Mapping[Status, frozenset[Status]]]] = {
    "sender": {
        "queued": frozenset({"sending", "refused"}),
        "sending": frozenset({"sent", "refused", "queued", "in_doubt"}),
    },
    "reply": {
        "sending": frozenset({"sent", "refused", "queued"}),
        "in_doubt": frozenset({"sent", "refused", "queued"}),
    },
    "bounce": {"sent": frozenset({"bounced"}), "in_doubt": frozenset({"bounced"})},
    "restore": {"queued": frozenset({"in_doubt"}), "sending": frozenset({"in_doubt"})},
    "person": {
        "queued": frozenset({"replaced", "withdrawn"}),
        "in_doubt": frozenset({"sent", "refused", "queued", "replaced"}),
        "refused": frozenset({"queued", "replaced"}),
        "bounced": frozenset({"queued", "replaced"}),
        "sent": frozenset({"bounced"}),
    },
}
"""What was sent is never queued again; what is in doubt only by a person, or by a reply that says it was not taken."""

Result = Literal["sent", "refused", "deferred", "untried", "in_doubt"]
"""What became of one attempt; see `Outcome.result`."""

_ID: Final = re.compile(r"[0-9a-f]{32}")


@value
class Outgoing:
    """A message on its way: who for is known here and nowhere in the journal."""

    envelope: str
    sender: str
    """The address bounces go back to (MAIL FROM)."""
    recipient: str
    """One address: one private message for each person."""
    message: bytes
    """The whole message, lines ended by CRLF, as it will be on the wire."""


@value
class Outcome:
    """What became of one attempt to send."""

    envelope: str
    result: Result
    """`sent`: the server took it (2xx after the final dot). `refused`: 5xx to its recipient or content. `deferred`: 4xx.
    `untried`: nothing of it reached a server that could have taken it. `in_doubt`: the connection broke after DATA began
    and before a reply."""
    code: int | None
    """The server's three digits; None when none came."""
    reply: str
    """The server's words on one line, without the recipient's address; ours where it said nothing."""
    server: str
    """The name of the server in the settings."""


def message_id(envelope: str, domain: str) -> str:
    """The Message-ID that follows from an envelope, so that a server's log can prove what became of it."""
    return f"<{envelope}@{domain}>"


def envelope_of(message_id: str) -> str | None:
    """The envelope a Message-ID follows from; None when it is none of ours."""
    local = message_id.strip().removeprefix("<").partition("@")[0]
    return local if _ID.fullmatch(local) else None


def is_envelope(text: str) -> bool:
    """Whether it has the form of an envelope's id."""
    return _ID.fullmatch(text) is not None


def check_move(envelope: str, now: Status, to: Status, by: By) -> None:
    """Let it move, or say why not. Refused for a move that is not allowed, above all one that would send twice."""
    if to in _MOVES[by].get(now, ()):
        return
    if to == "queued" and now == "sent":
        raise Refused(f"{envelope}: it was sent, and nothing is sent twice; make a new notice if there is more to say")
    if to == "queued" and now == "in_doubt":
        raise Refused(f"{envelope}: whether it arrived is in doubt; only a person can say that it is to be sent again")
    raise Refused(f"{envelope}: it is {said(now)} and cannot become {said(to)}")


def may_become(to: Status, by: By) -> tuple[Status, ...]:
    """The statuses from which that move is allowed."""
    return tuple(now for now in STATUSES if to in _MOVES[by].get(now, ()))


def said(status: Status) -> str:
    """The status as people say it."""
    return status.replace("_", " ")


def owes_second_channel(status: Status) -> bool:
    """Whether mail did not reach the person and nothing else has taken its place."""
    return status in ("refused", "bounced")


def redacted(reply: str, address: str = "") -> str:
    """A server's words on one line, without any address and the recipient's name in it, so that they can be kept for good."""
    return without_addresses(reply, [address] if address else [])
