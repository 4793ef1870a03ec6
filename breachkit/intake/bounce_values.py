"""What reading reports of delivery gives: a bounce, or why a message is none. Values only; who is told of it is for others.

None of them holds a person's address: an envelope stands for the person, and what servers said was cleaned.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from breachkit.domain.values import value

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
"""What the reporting server did (RFC 3464, 2.3.3). Only `failed` says that the message will not arrive."""

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


@value
class Bounce:
    """What a delivery status notification says of one recipient of one message."""

    message_id: str | None
    """The Message-ID the report names, as written, when it has the form of ours; None otherwise."""
    envelope: str | None
    """32 hex digits; None when the report names none, or more than one. Whether there is such an envelope the vault knows."""
    action: Action
    status: str
    """RFC 3463: `5.1.1`; "" when the report has none."""
    diagnostic: str
    """The server's words on one line, at most 500 characters, every address taken out; "" when there are none."""
    at: datetime | None
    """UTC: the last attempt, else the date of the report; None when neither can be read with its zone."""
    remote: str
    """The server that spoke, else the one that reports; a host's name, "" when the report names none."""
    source: str
    """File and number of the message: `bounces.mbox message 17`."""
    suspicious: str = ""
    """Why it may be forged, in words; "" when nothing is odd."""


@value
class Unread:
    """A message, or a file, from which nothing was taken."""

    source: str
    """As in `Bounce.source`."""
    why: str
    """In words; nothing of the message is repeated."""
