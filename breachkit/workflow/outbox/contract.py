"""The outbox as JSON and in words, the same for commands and screens. No address is in it unless it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from breachkit.domain.envelope import Status, owes_second_channel
from breachkit.storage.vault import Dispatch, Kept, Vault
from breachkit.workflow.outbox.releasing import Check
from breachkit.workflow.outbox.remembered import Gone
from breachkit.workflow.outbox.sending import delivery_of

FORMAT: Final = "breachkit/outbox@1"


def status_json(vault: Vault | None, incident: str | None, lost: Sequence[Gone] = ()) -> dict[str, Any]:
    """Every dispatch with its counts, and what somebody must look at. `vault` None: there is none yet, or it is `lost`."""
    rows = [dispatch_json(vault, one) for one in vault.dispatches(incident)] if vault is not None else []
    return {
        "format": FORMAT,
        "dispatches": rows,
        "gone": [
            {
                "dispatch": one.dispatch,
                "incident": one.incident,
                "duty": one.duty,
                "envelopes": one.envelopes,
                "sent": one.sent,
                "released_at": one.released_at.isoformat(timespec="milliseconds"),
            }
            for one in lost
        ],
        "in_doubt": sum(row["counts"].get("in_doubt", 0) for row in rows),
        "second_channel_owed": sum(row["second_channel_owed"] for row in rows),
    }


def dispatch_json(vault: Vault, one: Dispatch) -> dict[str, Any]:
    """One dispatch; `receipts` is the SHA-256 that the journal keeps too."""
    stands = delivery_of(vault, one)
    counts = stands["counts"]
    total = sum(counts.values())
    return {
        "dispatch": one.id,
        "incident": one.incident,
        "duty": one.finding,
        "state": one.state,
        "channel": one.body.get("channel"),
        "envelopes": total,
        "counts": counts,
        "complete": is_complete(counts),
        "second_channel_owed": sum(number for status, number in counts.items() if owes_second_channel(status)),
        "opted_out": one.body.get("opted_out", 0),
        "without_letter": one.body.get("without_letter", 0),
        "ground": one.body.get("ground"),
        "queued_at": one.body.get("queued_at"),
        "released_at": one.body.get("released_at"),
        "purged_at": one.body.get("purged_at"),
        "folder": one.body.get("out"),
        "receipts": stands["receipts"],
    }


def is_complete(counts: Mapping[Status, int]) -> bool:
    """Whether a server took every message that was not withdrawn, or another channel took its place. It says nothing of people
    who have no envelope, nor that anybody read it.
    """
    reached = counts.get("sent", 0) + counts.get("replaced", 0)
    return reached > 0 and reached == sum(counts.values()) - counts.get("withdrawn", 0)


def check_json(one: Check) -> dict[str, Any]:
    """One dispatch before it leaves."""
    return {
        "dispatch": one.dispatch.id,
        "duty": one.dispatch.finding,
        "queued": one.waiting,
        "approved_by": list(one.approved_by),
        "against": list(one.against),
        "remarks": list(one.remarks),
    }


def envelope_json(one: Kept, *, people: bool) -> dict[str, Any]:
    """One envelope; with `people`, who it is for, which is None once it was erased."""
    said = {
        "envelope": one.id,
        "dispatch": one.dispatch,
        "duty": one.finding,
        "status": one.status,
        "channel": one.channel,
        "attempts": one.attempts,
        "at": one.at,
        "not_before": one.not_before or None,
        "code": one.code,
        "reply": one.reply,
        "server": one.server,
    }
    who = {"person": one.person, "name": one.name, "email": one.email, "place": one.place}
    return {**said, **who} if people else said


def totals(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Counts over several dispatches."""
    found: dict[str, int] = {}
    for row in rows:
        for status, number in row["counts"].items():
            found[status] = found.get(status, 0) + number
    return found
