"""`breachkit send`: what is said of envelopes later, by a person, a bounce or a server's log; and the servers themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from breachkit.cli import common, outbox_desk
from breachkit.domain.envelope import STATUSES, Status
from breachkit.errors import ExitCode, UnknownName, UsageError

ONE = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")]
WHICH = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ENVELOPE]...", help="Envelopes by the beginning of their ids.", show_default=False),
]
ALL = Annotated[
    str | None, typer.Option("--all", metavar="STATUS", help="All of one status instead, such as refused.", show_default=False)
]

DISPATCH = Annotated[
    str | None, typer.Option("--dispatch", metavar="ID", help="Of this dispatch alone, such as D-2.", show_default=False)
]


def add(app: typer.Typer) -> None:
    """Declare the commands."""
    app.command("retry", epilog='Example: breachkit send retry INC-1 --all refused --reason "the server was set up wrongly"')(
        retry
    )
    app.command("settle", epilog='Example: breachkit send settle INC-1 3f9a --as sent --reason "in the server\'s log"')(settle)
    app.command("replace", epilog='Example: breachkit send replace INC-1 --all bounced --by post --proof "posting list 17"')(
        replace
    )
    app.command("withdraw", epilog='Example: breachkit send withdraw INC-1 --dispatch D-1 --reason "D-2 takes its place"')(
        withdraw
    )
    app.command("bounces", epilog="Example: breachkit send bounces /var/mail/notices")(bounces)
    app.command("log", epilog="Example: breachkit send log /var/log/mail.log")(log)
    app.command("recover", epilog="Example: breachkit send recover INC-1")(recover)
    app.command("servers", epilog="Example: breachkit send servers")(servers)


def read_status(said: str | None) -> Status | None:
    """A status as people write it. UnknownName for none there is."""
    if said is None:
        return None
    for one in STATUSES:
        if said.replace("-", "_").replace(" ", "_") == one:
            return one
    raise UnknownName("status", said, [one.replace("_", "-") for one in STATUSES])


def retry(
    incident: ONE,
    envelopes: WHICH = None,
    all_: ALL = None,
    dispatch: DISPATCH = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it may arrive now.")] = "",
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Queue again what was refused or bounced. What was sent, or is in doubt, is refused."""
    from breachkit.workflow.outbox import settling

    space = common.workspace(database, actor)
    with outbox_desk.at_work(space, incident) as (journal, vault):
        found = settling.named(vault, incident, envelopes or [], read_status(all_), dispatch)
        done = settling.retry(space, journal, vault, incident, found, reason)
    common.say(f"{done:,} queued again; breachkit send run {incident} --for-real sends them")


def settle(
    incident: ONE,
    envelopes: WHICH = None,
    all_: Annotated[bool, typer.Option("--all", help="All that are in doubt.")] = False,
    dispatch: DISPATCH = None,
    word: Annotated[
        str, typer.Option("--as", metavar="sent|not-sent|again", help="A server took it; none took it; or send it once more.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="How that is known.")] = "",
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """A person's word on what is in doubt: a server took it, none did, or it is to be sent once more."""
    from breachkit.workflow.outbox import settling

    if not word:
        raise UsageError(
            "say what is known of it: --as sent (a server took it), --as not-sent, or --as again (to be sent once more)"
        )
    space = common.workspace(database, actor)
    with outbox_desk.at_work(space, incident) as (journal, vault):
        found = settling.named(vault, incident, envelopes or [], "in_doubt" if all_ else None, dispatch)
        done = settling.settle(space, journal, vault, incident, found, word, reason)
    common.say(f"{done:,} settled as {word}")
    if word == "again":
        common.talk(f"queued again; to send: breachkit send run {incident} --for-real")
    if word == "not-sent":
        common.talk(f"a second channel is owed; when they were told: breachkit send replace {incident} --by post")


def replace(
    incident: ONE,
    envelopes: WHICH = None,
    all_: ALL = None,
    dispatch: DISPATCH = None,
    by: Annotated[str, typer.Option("--by", metavar="CHANNEL", help="The other channel: post, phone, ...")] = "",
    proof: Annotated[str, typer.Option("--proof", metavar="TEXT", help="Its proof: a posting list, a tracking number.")] = "",
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Another channel took the place of mail."""
    from breachkit.workflow.outbox import settling

    space = common.workspace(database, actor)
    with outbox_desk.at_work(space, incident) as (journal, vault):
        found = settling.named(vault, incident, envelopes or [], read_status(all_), dispatch)
        done = settling.replace(space, journal, vault, incident, found, by, proof)
    common.say(f"{done:,} replaced by {by}")


def withdraw(
    incident: ONE,
    envelopes: WHICH = None,
    dispatch: DISPATCH = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is not sent.")] = "",
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Take out for good what is queued and was never sent; it counts neither as told nor as owed."""
    from breachkit.workflow.outbox import settling

    if not envelopes and dispatch is None:
        raise UsageError("say which: --dispatch D-1, or envelopes (breachkit send list shows them)")
    space = common.workspace(database, actor)
    with outbox_desk.at_work(space, incident) as (journal, vault):
        found = settling.named(vault, incident, envelopes or [], None if envelopes else "queued", dispatch)
        done = settling.withdraw(space, journal, vault, incident, found, reason)
    common.say(f"{done:,} withdrawn, never sent")


MAILBOX = Annotated[Path, typer.Argument(metavar="PATH", help="A message, a folder of them, an mbox or a Maildir.")]
LOG = Annotated[Path, typer.Argument(metavar="FILE", help="A mail server's log, plain or .gz.")]


def bounces(path: MAILBOX, as_json: common.JSON = False, database: common.DATABASE = None, actor: common.ACTOR = None) -> None:
    """Read reports of non-delivery. Whom mail did not reach owes a second channel; the mailbox stays as it is."""
    from breachkit.workflow.outbox import settling

    space = common.workspace(database, actor)
    with outbox_desk.at_work(space) as (journal, vault):
        _say_told(settling.read_bounces(space, journal, vault, path), "bounced", as_json=as_json)


def log(path: LOG, as_json: common.JSON = False, database: common.DATABASE = None, actor: common.ACTOR = None) -> None:
    """Settle what is in doubt by the mail server's own log."""
    from breachkit.workflow.outbox import settling

    space = common.workspace(database, actor)
    with outbox_desk.at_work(space) as (journal, vault):
        _say_told(settling.read_log(space, journal, vault, path), "settled", as_json=as_json)


def recover(incident: ONE, as_json: common.JSON = False, database: common.DATABASE = None, actor: common.ACTOR = None) -> None:
    """After a crash: settle by kept replies what can be, list the rest as in doubt. Nothing is sent."""
    from breachkit.workflow.outbox import front

    space = common.workspace(database, actor)
    with outbox_desk.at_work(space, incident) as (journal, vault):
        settled = front.recover(space, journal, vault, incident)
    if as_json:
        common.print_json({"by_reply": settled.by_reply, "in_doubt": settled.in_doubt})
        return
    common.say(f"{settled.by_reply:,} settled by replies that were kept, {settled.in_doubt:,} newly in doubt")
    common.talk(f"how it stands now: breachkit send status {incident}")


def servers(
    mail: Annotated[
        Path | None,
        typer.Option("--mail", metavar="FILE", help="The mail settings (or BREACHKIT_MAIL).", show_default=False),
    ] = None,
) -> None:
    """Try each mail server: reach it, agree on TLS, log in, leave. No message is sent."""
    from breachkit.workflow.sending import look_at_servers, mail_settings

    space = common.workspace()
    settings = mail_settings(space, mail)
    if settings is None:
        raise UsageError("no mail server is set; docs/mail.md says how to write mail.yaml")
    trouble = False
    for well, words in look_at_servers(settings):
        common.say(words, style="32" if well else "1;31")
        trouble |= not well
    if trouble:
        raise typer.Exit(ExitCode.DELIVERY)


def _say_told(told: Any, word: str, *, as_json: bool) -> None:
    if as_json:
        common.print_json(
            {
                word: told.moved, "noted": told.noted, "known_before": told.known, "of_no_envelope": told.unknown,
                "suspicious": told.suspicious, "unread": told.unread,
            }
        )  # fmt: skip
        return
    common.say(
        f"{len(told.moved):,} {word}, {told.noted:,} noted, {told.known:,} known before, {told.unknown:,} of no envelope"
    )
    for line in told.unread:
        common.talk(line)
    if told.moved and word == "bounced":
        common.talk(
            "a second channel is owed for each; when they were told: breachkit send replace INCIDENT --all bounced --by post"
        )
    for id in told.suspicious:
        common.talk(f"{id[:12]}: the report may be forged; nothing was moved by it")
