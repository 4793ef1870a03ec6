"""A run of the outbox, from the lock to the journal: what a crash left is settled first, then released dispatches are sent.

Everything that was sent stays known: the vault has each envelope's receipt, the journal the counts and the hash of them all.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from breachkit.domain.envelope import Outcome, Status
from breachkit.domain.journal import Draft, canonical
from breachkit.errors import Refused
from breachkit.storage.journal import Journal
from breachkit.storage.replies import ReplyLog, hold, left_behind
from breachkit.storage.vault import Dispatch, Vault
from breachkit.storage.vault_sending import LEASE, Done, SendingDesk
from breachkit.workflow.outbox.releasing import append
from breachkit.workflow.outbox.running import Ended, Run
from breachkit.workflow.sending import Transport, open_lanes
from breachkit.workflow.workspace import Workspace

Progress = Callable[[Outcome], None]


@dataclass(frozen=True)
class Settled:
    """What was put right before anything was sent."""

    by_reply: int
    """Envelopes that a kept reply settled, or that are known not to have left."""
    in_doubt: int
    """Envelopes newly in doubt."""


def replies_folder(vault: Vault) -> Path:
    """Where this machine's senders note replies: beside a file, else in the user's own state folder."""
    if vault.database.path is not None:
        return vault.database.path.with_name(vault.database.path.name + ".replies")
    from platformdirs import user_state_path

    place = hashlib.sha256(vault.database.place.encode()).hexdigest()[:16]
    return user_state_path("breachkit") / "replies" / place


@contextmanager
def at_the_desk(space: Workspace, vault: Vault, *, lease: int = LEASE) -> Iterator[tuple[SendingDesk, ReplyLog, Settled]]:
    """Sit down as a sender: alone on a file, beside others on PostgreSQL. Refused while another sends from the same file."""
    folder = replies_folder(vault)
    at = _at(space)
    with hold(folder, alone=vault.database.dialect == "sqlite") as mine:
        if not mine:
            raise Refused(f"another command is sending from {vault.database.place}; wait for it, or look with `send status`")
        desk = SendingDesk(vault, f"{_host()}-{os.getpid()}-{secrets.token_hex(4)}", lease=lease)
        settled = settle_left(space, desk, folder, at)
        log = ReplyLog(folder, desk.sender)
        done = False
        try:
            desk.begin(at)
            yield desk, log, settled
            done = True
        finally:
            log.close(settled=done)
            if done:
                desk.end()


def settle_left(space: Workspace, desk: SendingDesk, folder: Path, at: str) -> Settled:
    """Settle what dead senders left: by their kept replies, by what they never handed over; the rest is in doubt."""
    by_reply = in_doubt = 0
    for left in left_behind(folder):
        held = desk.held(left.sender)
        done = [Done(n, outcome, when, attempt=attempt) for n, (attempt, outcome, when) in left.replies.items() if n in held]
        if left.complete:
            words = "its sender stopped before it was handed over"
            done += [
                Done(n, Outcome(id, "untried", None, words, ""), at, attempt=attempt)
                for n, (id, attempt) in held.items()
                if left.begun.get(n) != attempt
            ]
        by_reply += desk.resolve(left.sender, done, actor=space.who)
        in_doubt += desk.doubt(left.sender, at, actor=space.who)
        left.over = True
    in_doubt += desk.crashed(at, actor=space.who)
    return Settled(by_reply, in_doubt)


async def send(
    space: Workspace, desk: SendingDesk, log: ReplyLog, dispatches: Sequence[Dispatch], transport: Transport,
    *, mail_from: str, progress: Progress, tell: Callable[[str], None], wait: bool = False,
    stop: Callable[[Callable[[], None]], None] = lambda _stop: None,
) -> Ended:  # fmt: skip
    """Send what is released. `stop` is given the function that ends the run after what is on its way."""
    async with open_lanes(transport) as lanes:
        run = Run(desk, log, dispatches, lanes, mail_from, _clock(space), progress, tell, wait)
        stop(run.stop)
        return await run.run()


def record(space: Workspace, journal: Journal, vault: Vault, dispatches: Sequence[Dispatch], servers: Sequence[str]) -> None:
    """Keep in the journal how each dispatch stands, with the hash of its receipts; nothing when it says so already."""
    for one in dispatches:
        body = delivery_of(vault, one)
        before = [e.body for e in journal.entries(one.incident) if e.kind == "delivery.recorded"]
        last = next((b for b in reversed(before) if b.get("dispatch") == one.id), None)
        if last is None or last["receipts"] != body["receipts"]:
            append(space, journal, one.incident, Draft("delivery.recorded", {**body, "servers": sorted(servers)}))


def delivery_of(vault: Vault, one: Dispatch) -> dict[str, Any]:
    """How a dispatch stands: counts, and the SHA-256 over its receipts as canonical JSON lines."""
    digest = hashlib.sha256()
    for receipt in vault.receipts(one.incident, one.id):
        digest.update(canonical(receipt) + b"\n")
    counts: dict[Status, int] = {status: number for status, number in vault.counts([one]).items() if number}
    return {"dispatch": one.id, "duty": one.finding, "counts": counts, "receipts": digest.hexdigest()}


def _clock(space: Workspace) -> Callable[[], datetime]:
    return lambda: space.clock().astimezone(UTC)


def _at(space: Workspace) -> str:
    return space.writing_time().isoformat(timespec="milliseconds")


def _host() -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in socket.gethostname())[:40] or "host"
