"""`breachkit purge`: people's data erased, their proof kept."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from breachkit.cli import common, outbox_desk
from breachkit.errors import Refused, UsageError

purge_app, _command = common.single(example='breachkit purge INC-1 --people --reason "retention period ended"')


@_command
def purge(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")],
    people: Annotated[bool, typer.Option("--people", help="Addresses, letters and attachments: what can be erased.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, as the journal keeps it.")] = "",
    unsettled: Annotated[
        bool, typer.Option("--unsettled", help="Also while letters wait or are in doubt: nobody can settle them afterwards.")
    ] = False,
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="INCIDENT", help="The incident's id, where nobody can type it.", show_default=False),
    ] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Erase who an incident's letters were for, the letters and attachments. Envelopes, receipts and the journal stay whole.

    It cannot be undone, and it does not reach copies elsewhere: backups, batch folders, mail servers.
    """
    from breachkit.workflow.outbox.forgetting import kept_of, purge_people

    if not people:
        raise UsageError("say what is erased: --people (addresses, letters, attachments). The journal itself is never erased")
    if not reason.strip():
        raise UsageError('say why: --reason "retention period ended"')
    space = common.workspace(database, actor)
    with outbox_desk.at_work(space, incident) as (journal, vault):
        if confirm is None and sys.stdin.isatty():
            letters, files = kept_of(vault, incident)
            what = f"{letters:,} recipients with their letters and {files:,} attachments"
            confirm = outbox_desk.ask(f"{incident}: {what} are erased for good. Type {incident} to go on: ")
        if confirm != incident:
            raise Refused(f"nothing was erased: type {incident} to confirm, or give --confirm {incident}")
        done = purge_people(space, journal, vault, incident, reason.strip(), unsettled=unsettled)
    if as_json:
        common.print_json({**done.erased, "left": list(done.left), "elsewhere": list(done.elsewhere)})
        return
    said = (f"{number:,} {what.removesuffix('s') if number == 1 else what}" for what, number in done.erased.items())
    what = f"erased: names and addresses of {', '.join(said)}" if any(done.erased.values()) else ""
    common.say(what or f"nothing of {incident} was left to erase")
    common.talk("envelopes, receipts and the journal stay")
    for words in done.left:
        common.talk(f"warning: {words}")
    for place in done.elsewhere:
        common.talk(f"not reached, erase it yourself: {place}")
