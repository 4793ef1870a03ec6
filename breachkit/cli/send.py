"""`breachkit send`: the outbox. Letters are put in, looked at, released by typing their number, and settled afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from breachkit.cli import common, outbox_desk, send_run, send_settle
from breachkit.errors import Refused, UsageError

send_app = common.app(
    "The outbox: put approved notices in, send them, settle what is open.", example="breachkit send run INC-1"
)

ONE = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")]


@send_app.command("queue", epilog="Example: breachkit send queue INC-1 --letters letters")
def queue(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INCIDENT [DUTY]...", help="The incident, then duties; all in the batch if left out.", show_default=False
        ),
    ] = None,
    letters: Annotated[
        Path | None,
        typer.Option("--letters", metavar="FOLDER", help="A finished batch of --format eml.", show_default=False),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESS", help="One notice for this one address.", show_default=False)
    ] = None,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Whose address it is.", show_default=False)] = "",
    opt_outs: Annotated[
        Path | None,
        typer.Option(
            "--opt-outs",
            metavar="FILE",
            help="Addresses that opted out of mail; they are counted, and written to all the same.",
            show_default=False,
        ),
    ] = None,
    opt_out_ground: Annotated[
        str,
        typer.Option(
            "--opt-out-ground", metavar="TEXT", help="Why a notice no law demands goes to them too.", show_default=False
        ),
    ] = "",
    again: Annotated[
        str,
        typer.Option("--again", metavar="REASON", help="Begin a notice anew that was queued before.", show_default=False),
    ] = "",
    facts: common.FACTS = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Put approved notices into envelopes, one for each person. Nothing is sent by it.

    Nobody gets two envelopes of one notice, however often it is queued.
    """
    from breachkit.intake.opt_outs import read_opt_outs
    from breachkit.workflow.approval import NO_JOURNAL
    from breachkit.workflow.outbox import contract
    from breachkit.workflow.outbox.queueing import Order, queue_batch

    if facts is not None:
        raise Refused(NO_JOURNAL)
    if not words:
        raise UsageError("name an incident: breachkit send queue INC-1 --letters FOLDER")
    incident, *duties = words
    space = common.workspace(database, actor)
    if (letters is None) == (to is None):
        _say_other_ways(incident, duties, space)
        raise UsageError("say --letters FOLDER (a batch) or --to ADDRESS (one notice), one of them")
    if to is not None and opt_outs is not None:
        raise UsageError("--opt-outs is for a batch; look yourself whether the one you name opted out")
    out = read_opt_outs(opt_outs) if opt_outs is not None else None
    for line in out.unread if out is not None else ():
        common.talk(f"{opt_outs} line {line.line}: {line.why}")
    order = Order(out, opt_out_ground, again)
    with common.answered(incident, None, space) as answer, space.vault() as vault:
        outbox_desk.warn(vault)
        if letters is not None:
            done = queue_batch(answer, vault, space, letters, duties, order)
        else:
            done = [_queue_one(answer, vault, space, duties, to or "", name, order)]
        rows = [{**contract.dispatch_json(vault, one.dispatch), "added": one.added, "there": one.there} for one in done]
    if as_json:
        common.print_json({"format": contract.FORMAT, "dispatches": rows})
        return
    for one in done:
        common.say(f"{one.dispatch.id}: {one.added:,} of {one.dispatch.finding} queued", style="1")
        if one.there:
            common.say(f"  {one.there:,} have an envelope of it already; nothing was put in for them")
        if one.opted_out:
            common.say(f"  {one.opted_out:,} opted out of mail; it goes to them: {one.dispatch.body['opt_out_ground']}")
    common.say(f"Nothing was sent. Look at it: breachkit send run {incident}")


def _queue_one(answer: Any, vault: Any, space: Any, duties: list[str], to: str, name: str, order: Any) -> Any:
    from breachkit.workflow.batch import sender_for
    from breachkit.workflow.outbox.queueing import queue_one

    if len(duties) != 1:
        raise UsageError("name the one duty whose notice goes to that address: breachkit send queue INC-1 eu.gdpr.33 --to ...")
    finding = answer.finding(duties[0])
    _say_channel(finding, answer.subject.name)
    return queue_one(answer, vault, space, finding, to, name, sender_for(answer, finding), order)


def _say_other_ways(incident: str, duties: list[str], space: Any) -> None:
    """Whom the notices meant are for takes them in a way of its own: say it before asking for an address."""
    if duties:
        with common.answered(incident, None, space) as answer:
            for duty in duties:
                _say_channel(answer.finding(duty), incident)


def _say_channel(finding: Any, incident: str) -> None:
    """How a recipient takes reports, as its law file says. A mailbox is never made up."""
    if finding.recipient.channel:
        common.talk(f"note: {finding.recipient.name} takes reports so: {finding.recipient.channel}")
        common.talk(f"      what to write there: breachkit notice worksheet {finding.id} {incident}")
        common.talk("      no mailbox of it is known here; --to takes one that you know it reads")


@send_app.command("status", epilog="Example: breachkit send status INC-1")
def status(
    incident: common.INCIDENT = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
) -> None:
    """How each dispatch stands: how many were sent, are in doubt, or owe a second channel."""
    from breachkit.workflow.outbox import contract

    space = common.workspace(database)
    with outbox_desk.looking(space, incident) as (journal, vault):
        lost = outbox_desk.gone(journal, vault, incident)
        found = contract.status_json(vault, incident, lost)
    if as_json:
        common.print_json(found)
        return
    outbox_desk.say_gone(lost)
    for row in found["dispatches"]:
        outbox_desk.say_dispatch(row)
    if not found["dispatches"] and not lost:
        common.say(f"the outbox is empty; put letters in: breachkit send queue {incident or 'INC-1'} --letters FOLDER")


@send_app.command("list", epilog="Example: breachkit send list INC-1 --status in-doubt --people")
def list_(
    incident: ONE,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help="Only these, such as in-doubt.", show_default=False)
    ] = None,
    people: Annotated[bool, typer.Option("--people", help="Say who each is for, while that is kept.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
) -> None:
    """Every envelope, and the last thing that happened to it. Nobody's address is shown unless --people is said."""
    from breachkit.workflow.outbox import contract

    space = common.workspace(database)
    wanted = send_settle.read_status(status)
    with outbox_desk.looking(space, incident) as (_, vault):
        found = vault.envelopes(vault.dispatches(incident), wanted) if vault is not None else ()
        rows = [contract.envelope_json(one, people=people) for one in found]
    if as_json:
        common.print_json({"format": contract.FORMAT, "envelopes": rows})
        return
    for row in rows:
        who = (f"  {row['name']} <{row['email']}>" if row["email"] is not None else "  (erased)") if people else ""
        words = f": {row['reply']}" if row["reply"] else ""
        common.say(f"{row['envelope'][:12]}  {row['status'].replace('_', ' '):<9} {row['duty']}{who}{words}")
    common.talk("1 envelope" if len(rows) == 1 else f"{len(rows):,} envelopes")


send_run.add(send_app)
send_settle.add(send_app)
