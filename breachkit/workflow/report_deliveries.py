"""What was released for sending and what became of it, as the journal tells it: counts, and never a person's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from breachkit.domain.journal import Entry
from breachkit.workflow.contract import moment

RELEASED: Final = "dispatch.released"
RECORDED: Final = "delivery.recorded"
STATUS_WORDS: Final[Mapping[str, str]] = {
    "queued": "waiting to be sent",
    "sending": "being sent",
    "sent": "handed over",
    "refused": "refused",
    "in_doubt": "in doubt",
    "bounced": "came back",
    "replaced": "replaced by another way",
    "withdrawn": "withdrawn before they were sent",
}
"""`sent` proves that a mail server took it, or that it lies in a folder: not that somebody read it."""
RESULTS: Final = (
    "Handed over means that a mail server took the message, or that it lies in a folder: not that it was read. Refused: a "
    "server turned it down, or a person recorded that it was not sent. In doubt: whether a server took it is not known. "
    "Replaced by another way: a person recorded so."
)
"""What a count proves, said where counts stand."""
CHANNEL_WORDS: Final[Mapping[str, str]] = {"mail": "e-mail", "folder": "files in a folder"}


def deliveries(entries: Iterable[Entry]) -> tuple[dict[str, Any], ...]:
    """Every dispatch that was released, oldest first, with the newest counts recorded for it.

    Keys: `dispatch duty channel envelopes counts released_at approved_by snapshot manifest receipts servers entry`. `counts`
    is empty and `receipts` None while no result is recorded. A result whose release is not among the entries is left out.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        body = entry.body
        id = str(body.get("dispatch"))
        if entry.kind == RELEASED:
            found[id] = {
                "dispatch": id,
                "duty": str(body.get("duty") or ""),
                "channel": str(body.get("channel") or ""),
                "envelopes": body.get("envelopes"),
                "counts": {},
                "released_at": moment(entry.recorded_at),
                "approved_by": list(by) if isinstance(by := body.get("approved_by"), list) else [],
                "snapshot": body.get("snapshot"),
                "manifest": body.get("manifest"),
                "receipts": None,
                "servers": [],
                "entry": entry.seq,
            }
        elif entry.kind == RECORDED and id in found:
            counts, servers = body.get("counts"), body.get("servers")
            found[id]["counts"] = dict(counts) if isinstance(counts, dict) else {}
            found[id]["receipts"] = body.get("receipts")
            found[id]["servers"] = list(servers) if isinstance(servers, list) else []
    return tuple(found.values())


def counts_words(delivery: Mapping[str, Any]) -> str:
    """`540 handed over, 12 refused`; says so where no result is recorded."""
    counts = delivery.get("counts") or {}
    said = [f"{counts[status]:,} {words}" for status, words in STATUS_WORDS.items() if counts.get(status)]
    said += [f"{n:,} {status.replace('_', ' ')}" for status, n in counts.items() if n and status not in STATUS_WORDS]
    if said:
        return ", ".join(said)
    queued = delivery.get("envelopes")
    return f"{queued:,} released, no result recorded yet" if isinstance(queued, int) else "no result recorded yet"


def channel_words(delivery: Mapping[str, Any]) -> str:
    """By which way it went."""
    return CHANNEL_WORDS.get(str(delivery.get("channel")), str(delivery.get("channel") or "not recorded"))


def unreached(found: Iterable[Mapping[str, Any]]) -> int:
    """How many messages were refused or came back, and went no other way."""
    return sum(int((one.get("counts") or {}).get(status, 0)) for one in found for status in ("refused", "bounced"))
