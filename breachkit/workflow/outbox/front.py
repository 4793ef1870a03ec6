"""One run of the outbox as a person orders it: looked at, counted, released, sent, recorded. Commands and screens call this."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from breachkit.content.mail_settings import MailSettings
from breachkit.domain.envelope import Outcome
from breachkit.domain.transports import TransportKind
from breachkit.errors import BreachkitError, ExitCode, UnknownName
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Dispatch, Vault
from breachkit.workflow.outbox.belonging import stays_here
from breachkit.workflow.outbox.releasing import Check, check, release
from breachkit.workflow.outbox.running import Ended
from breachkit.workflow.outbox.sending import Settled, at_the_desk, record, send
from breachkit.workflow.recording import file_duty
from breachkit.workflow.sending import mail_settings, transport_for
from breachkit.workflow.subjects import answer, subject_of_incident
from breachkit.workflow.workspace import Workspace


class NotAllSent(BreachkitError):
    """A run ended before everything that was released had left, or something needs a person's word."""

    exit_code = ExitCode.DELIVERY


@dataclass
class Report:
    """What a run did."""

    settled: Settled
    ended: Ended
    dispatches: list[Dispatch] = field(default_factory=list)
    filed: list[str] = field(default_factory=list)
    """Duties that were recorded as filed, since everybody has the notice."""


def checks(
    space: Workspace, journal: Journal, vault: Vault, incident: str, dispatches: Sequence[str], folder: Path | None
) -> list[Check]:
    """What would leave, and what stands in its way. `folder` None: by mail. `dispatches` empty: every one of the incident."""
    subject = subject_of_incident(journal, incident, space)
    mine = [one for one in vault.dispatches(incident) if not dispatches or one.id in dispatches]
    if missing := [one for one in dispatches if one not in {held.id for held in mine}]:
        known = [one.id for one in vault.dispatches(incident)]
        raise UnknownName("dispatch", missing[0], known, hint=f"(`breachkit send status {incident}` lists them)")
    kind: TransportKind = "smtp" if folder is None else "folder"
    return check(answer(subject, space), journal, vault, space, mine, kind)


def run(
    space: Workspace, journal: Journal, vault: Vault, incident: str, seen: Sequence[Check], typed: int | None,
    *, folder: Path | None, settings: Path | None = None, wait: bool = False, file: bool = False,
    progress: Callable[[Outcome], None] = lambda _outcome: None, tell: Callable[[str], None] = lambda _text: None,
    on_start: Callable[[Callable[[], None]], None] = lambda _stop: None,
) -> Report:  # fmt: skip
    """Release what was seen and send it. Refused for what `releasing.release` and `sending.transport_for` refuse.

    It may be called in any thread in which no event loop runs. `on_start` is given the function that ends the run after what is
    on its way; that one may be called from any thread, at any time, and does nothing once the run is over.
    """
    subject = subject_of_incident(journal, incident, space)
    mail = None if folder is not None else mail_settings(space, settings)
    kind: TransportKind = "smtp" if folder is None else "folder"
    transport = transport_for(subject, kind, folder or Path(), mail, tell)
    with at_the_desk(space, vault) as (desk, log, settled):
        again = check(answer(subject, space), journal, vault, space, [one.dispatch for one in seen], kind)
        released = release(space, journal, vault, again, kind, typed, folder)
        sender = _mail_from(mail, released)
        try:
            ended = asyncio.run(
                send(
                    space, desk, log, released, transport, mail_from=sender, progress=progress, tell=tell, wait=wait,
                    stop=partial(_stoppable, on_start),
                )
            )  # fmt: skip
        finally:
            servers = [server.name for server in mail.servers] if mail is not None else ["folder"]
            record(space, journal, vault, released, servers)
    report = Report(settled, ended, released)
    if file:
        report.filed = _file(space, journal, vault, incident, released)
    return report


def moved_here(vault: Vault) -> None:
    """A person says that the vault was moved here, and that nothing is sent from any other copy of it."""
    with vault.writing():
        stays_here(vault)


def recover(space: Workspace, journal: Journal, vault: Vault, incident: str) -> Settled:
    """Settle what a crash left, and send nothing."""
    with at_the_desk(space, vault) as (_, _, settled):
        pass
    record(space, journal, vault, [one for one in vault.dispatches(incident) if one.state == "released"], [])
    return settled


def _mail_from(mail: MailSettings | None, released: Sequence[Dispatch]) -> str:
    """Where bounces go back to: the settings' sender, or for a folder the address the letters are from."""
    return mail.sender.email if mail is not None else str(released[0].body["from"])


def _file(space: Workspace, journal: Journal, vault: Vault, incident: str, released: Sequence[Dispatch]) -> list[str]:
    """Record the filing of each duty whose every recipient has it by mail; the servers' replies are the proof."""
    from breachkit.workflow.outbox.contract import dispatch_json

    filed = []
    for one in released:
        row = dispatch_json(vault, one)
        if row["channel"] == "smtp" and row["complete"] and not row["without_letter"]:
            total = row["envelopes"]
            said = (
                f"{one.id}: {total:,} message{'' if total == 1 else 's'} taken by the mail server, receipts {row['receipts']}"
            )
            file_duty(space, journal, incident, one.finding, reference=said)
            filed.append(one.finding)
    return filed


def _stoppable(on_start: Callable[[Callable[[], None]], None], stop: Callable[[], None]) -> None:
    """Let Control-C, and whoever is told by `on_start`, end the run."""
    _on_interrupt(stop)
    loop = asyncio.get_running_loop()

    def from_anywhere() -> None:
        with suppress(RuntimeError):  # the run is over and its loop closed
            loop.call_soon_threadsafe(stop)

    on_start(from_anywhere)


def _on_interrupt(stop: Callable[[], None]) -> None:
    """Control-C ends the run after what is on its way; a second one ends it at once, as a crash would."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        stop()
        with suppress(ValueError, RuntimeError):
            loop.remove_signal_handler(signal.SIGINT)

    with suppress(NotImplementedError, RuntimeError, ValueError):  # not in a thread, not on Windows
        loop.add_signal_handler(signal.SIGINT, first)
