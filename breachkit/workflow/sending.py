"""Which transport a notice of an incident gets. The only place that makes one, so that no other way out can be opened.

What decides is the incident's own marks, never a setting or the environment; settings say only where mail goes once it may go.
Making messages is the work of `documents`, the order in which they go that of the outbox.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, overload

from breachkit.delivery.folder import FolderTransport
from breachkit.domain.envelope import Outcome, Outgoing, message_id
from breachkit.domain.transports import KINDS, TransportKind, permit
from breachkit.errors import BreachkitError, Refused, UnknownName
from breachkit.workflow.subjects import Subject
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from typing import Literal

    from breachkit.content.mail_settings import MailSettings
    from breachkit.delivery.smtp import SmtpTransport

Transport: TypeAlias = "FolderTransport | SmtpTransport"

NAME = "mail.yaml"


def _quiet(_: str) -> None:
    pass


@overload
def transport_for(subject: Subject, wanted: Literal["folder"], folder: Path) -> FolderTransport: ...
@overload
def transport_for(
    subject: Subject, wanted: str, folder: Path, settings: MailSettings | None = ..., tell: Callable[[str], None] = ...
) -> FolderTransport | SmtpTransport: ...
def transport_for(
    subject: Subject,
    wanted: str,
    folder: Path,
    settings: MailSettings | None = None,
    tell: Callable[[str], None] = _quiet,
) -> FolderTransport | SmtpTransport:
    """The transport for the subject's messages: files below `folder`, or mail by `settings`. Nothing is sent yet.

    UnknownName for a kind there is not. Refused for mail: of an exercise or an invented incident because of what it is
    (design decision 16), of any other while no mail server is set.
    """
    kind = _kind(wanted)
    permit(kind, invented=subject.invented, exercise=subject.exercise)
    if kind == "folder":
        return FolderTransport(folder)
    if settings is None:
        raise Refused(
            f"no mail server is set; write {NAME} (docs/mail.md says how), or send {subject.name}'s notices to a folder"
        )
    from breachkit.delivery.passwords import passwords_for
    from breachkit.delivery.smtp import SmtpTransport

    return SmtpTransport(settings.servers, passwords_for(settings.servers), hello=settings.hello, tell=tell)


class Lane(Protocol):
    """One way out: see `delivery.smtp_lane.Lane`."""

    async def ready(self) -> None:
        """Return when a message may go."""

    async def send(self, outgoing: Outgoing, /) -> Outcome:
        """Carry one, and say what became of it."""


class FolderLane:
    """A lane into a folder: each message one file, and the file's name is the receipt."""

    def __init__(self, transport: FolderTransport) -> None:
        self._transport = transport

    async def ready(self) -> None:
        """Always."""

    async def send(self, outgoing: Outgoing, /) -> Outcome:
        """Write it; the same message again changes nothing."""
        receipt = self._transport.send(outgoing.envelope, outgoing.message)
        return Outcome(outgoing.envelope, "sent", None, receipt, "folder")


@asynccontextmanager
async def open_lanes(transport: Transport) -> AsyncIterator[Sequence[Lane]]:
    """The transport's lanes, closed afterwards; a folder has one."""
    if isinstance(transport, FolderTransport):
        yield [FolderLane(transport)]
        return
    async with transport:
        yield transport.lanes


def mail_settings(space: Workspace, path: Path | None = None) -> MailSettings | None:
    """The mail settings: the file that is named, BREACHKIT_MAIL, or `mail.yaml` in one's own folder; None for none. BadFile."""
    said = path or (Path(named) if (named := os.environ.get("BREACHKIT_MAIL")) else None)
    if said is None:
        if space.own_folder is None or not (space.own_folder / NAME).exists():
            return None
        said = space.own_folder / NAME
    from breachkit.content.mail_settings import load_mail_settings

    return load_mail_settings(said)


def reminder_mailer(space: Workspace, addresses: Sequence[str]) -> Callable[[str, str], str] | None:
    """Mails reminders to an organisation's own staff, each a message of their own; None while no mail server is set.

    The function takes a subject and a text and returns the last server's reply. Refused when any of them was not taken. What
    never happened does not come this far: the caller asks `permit` first.
    """
    settings = mail_settings(space)
    if settings is None:
        return None

    def mail(subject: str, text: str) -> str:
        import asyncio

        return asyncio.run(_mail_staff(settings, addresses, subject, text, space))

    return mail


async def _mail_staff(settings: MailSettings, addresses: Sequence[str], subject: str, text: str, space: Workspace) -> str:
    from email.message import EmailMessage
    from email.policy import SMTP

    from breachkit.delivery.passwords import passwords_for
    from breachkit.delivery.smtp import SmtpTransport

    reply = ""
    async with SmtpTransport(settings.servers, passwords_for(settings.servers), hello=settings.hello) as transport:
        lane = transport.lanes[0]
        for address in addresses:
            id = secrets.token_hex(16)
            message = EmailMessage(policy=SMTP)
            message["From"] = settings.sender.email
            message["To"] = address
            message["Subject"] = subject
            message["Date"] = space.now
            message["Message-ID"] = message_id(id, settings.sender.email.rpartition("@")[2])
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(text)
            await lane.ready()
            outcome = await lane.send(Outgoing(id, settings.sender.email, address, message.as_bytes()))
            if outcome.result != "sent":
                raise Refused(f"{outcome.server}: {outcome.reply}")
            reply = f"{outcome.code} {outcome.reply}"
    return reply


def look_at_servers(settings: MailSettings) -> Iterator[tuple[bool, str]]:
    """What each server says when it is reached and logged in to: whether it can be used, and one line. No message is sent."""
    import asyncio

    from breachkit.delivery.passwords import password_for
    from breachkit.delivery.smtp import look

    for server in settings.servers:
        try:
            password = password_for(server, only=len(settings.servers) == 1)
            yield True, asyncio.run(look(server, password, hello=settings.hello))
        except BreachkitError as problem:
            yield False, str(problem)


def _kind(wanted: str) -> TransportKind:
    for kind in KINDS:
        if wanted == kind:
            return kind
    raise UnknownName("transport", wanted, KINDS, hint=f"(transports: {', '.join(KINDS)})")
