"""`breachkit send`: the outbox. Letters are put in, looked at, released by typing their number, and settled afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common, send_settle
from breachkit.errors import UsageError

if TYPE_CHECKING:
    from breachkit.domain.envelope import Outcome
    from breachkit.workflow.outbox.front import Report
    from breachkit.workflow.outbox.releasing import Check

send_app = common.app(
    "The outbox: put approved notices in, send them, settle what is open.", example="breachkit send run INC-1"
)

ONE = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")]
FOLDER = Annotated[
    Path | None,
    typer.Option("--folder", metavar="FOLDER", help="Write the messages there instead of mailing them.", show_default=False),
]
MAIL = Annotated[
    Path | None,
    typer.Option("--mail", metavar="FILE", help="The mail settings (or BREACHKIT_MAIL).", show_default=False),
]


@send_app.command("queue", epilog="Example: breachkit send queue INC-1 --letters letters")
def queue(
    words: Annotated[
        list[str], typer.Argument(metavar="INCIDENT [DUTY]...", help="The incident, then duties; all in the batch if left out.")
    ],
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
        typer.Option("--opt-outs", metavar="FILE", help="Addresses that opted out of mail, to be counted.", show_default=False),
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
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Put approved notices into envelopes, one for each person. Nothing is sent by it.

    Nobody gets two envelopes of one notice, however often it is queued.
    """
    from breachkit.intake.opt_outs import read_opt_outs
    from breachkit.workflow.outbox import contract
    from breachkit.workflow.outbox.queueing import Order, queue_batch

    if (letters is None) == (to is None):
        raise UsageError("say --letters FOLDER (a batch) or --to ADDRESS (one notice), one of them")
    incident, *duties = words
    space = common.workspace(database, actor)
    out = read_opt_outs(opt_outs) if opt_outs is not None else None
    for line in out.unread if out is not None else ():
        common.talk(f"{opt_outs} line {line.line}: {line.why}")
    order = Order(out, opt_out_ground, again)
    with common.answered(incident, None, space) as answer, space.vault() as vault:
        _warn(vault.warnings)
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
    if finding.recipient.channel:
        common.talk(f"note: {finding.recipient.name} takes reports by {finding.recipient.channel}")
    return queue_one(answer, vault, space, finding, to, name, sender_for(answer, finding), order)


@send_app.command("status", epilog="Example: breachkit send status INC-1")
def status(
    incident: common.INCIDENT = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
) -> None:
    """How each dispatch stands: how many were sent, are in doubt, or owe a second channel."""
    from breachkit.workflow.outbox import contract

    space = common.workspace(database)
    if not space.has_vault:
        found: dict[str, Any] = {"format": contract.FORMAT, "dispatches": [], "in_doubt": 0, "second_channel_owed": 0}
    else:
        with space.vault(read_only=True) as vault:
            found = contract.status_json(vault, incident)
    if as_json:
        common.print_json(found)
        return
    for row in found["dispatches"]:
        _say_dispatch(row)
    if not found["dispatches"]:
        common.say("the outbox is empty; `breachkit send queue` puts letters in")


def _say_dispatch(row: dict[str, Any]) -> None:
    counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in row["counts"].items())
    common.say(f"{row['dispatch']:<6} {row['incident']:<8} {row['duty']}: {row['state']}", style="1")
    common.say(f"       {counts}")
    if row["counts"].get("in_doubt"):
        words = "in doubt: may have arrived. A server's log (send log) or a person (send settle) says"
        common.say(f"       {row['counts']['in_doubt']:,} {words}", style="1;31")
    if row["second_channel_owed"]:
        words = "not reached by mail: tell them another way, then `send replace --by post`"
        common.say(f"       {row['second_channel_owed']:,} {words}", style="1;33")
    if row["everybody_has_it"]:
        common.say(f"       everybody has it; receipts {row['receipts']}", style="32")
        common.say(f"       the clock stops with: breachkit file {row['incident']} {row['duty']} --reference "
                   f"\"{row['dispatch']} receipts {row['receipts'][:16]}\"")  # fmt: skip


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
    with space.vault(read_only=True) as vault:
        found = vault.envelopes(vault.dispatches(incident), send_settle.read_status(status))
        rows = [contract.envelope_json(one, people=people) for one in found]
    if as_json:
        common.print_json({"format": contract.FORMAT, "envelopes": rows})
        return
    for row in rows:
        who = f"  {row['name'] or ''} <{row['email'] or 'erased'}>" if people else ""
        words = f": {row['reply']}" if row["reply"] else ""
        common.say(f"{row['envelope'][:12]}  {row['status'].replace('_', ' '):<9} {row['duty']}{who}{words}")
    common.talk(f"{len(rows):,} envelopes")


@send_app.command("run", epilog="Example: breachkit send run INC-1 --for-real")
def run(
    incident: ONE,
    dispatch: Annotated[
        list[str] | None,
        typer.Option("--dispatch", metavar="ID", help="Only this one, such as D-2; all if left out.", show_default=False),
    ] = None,
    for_real: Annotated[bool, typer.Option("--for-real/--dry-run", help="Send; left out, it only says what would be.")] = False,
    count: Annotated[
        int | None,
        typer.Option("--count", metavar="N", help="The number of messages, where nobody can type it.", show_default=False),
    ] = None,
    folder: FOLDER = None,
    mail: MAIL = None,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until what was deferred has been tried again.")] = False,
    file: Annotated[bool, typer.Option("--file", help="Record the duty as filed once everybody has it.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Say what would be sent; with --for-real ask for the number of messages, and send them.

    Stopped at any moment, the same command goes on: nothing is lost, and nothing is sent twice without a person's word.
    """
    from breachkit.workflow.outbox import contract, front

    space = common.workspace(database, actor)
    with common.open_journal(space, read_only=not for_real) as journal, space.vault() as vault:
        _warn(vault.warnings)
        seen = front.checks(space, journal, vault, incident, dispatch or [], folder)
        if not for_real:
            if as_json:
                common.print_json({"format": contract.FORMAT, "dry_run": True, "would": [contract.check_json(c) for c in seen]})
            else:
                _say_checks(seen, incident)
            return
        if not as_json:
            _say_checks(seen, None)
        typed = _typed(seen, count)
        total = sum(one.waiting for one in seen)
        with _shown(total) as progress:
            report = front.run(
                space, journal, vault, incident, seen, typed,
                folder=folder, settings=mail, wait=wait, file=file, progress=progress, tell=common.talk,
            )  # fmt: skip
        rows = [contract.dispatch_json(vault, one) for one in report.dispatches]
    _ended(report, rows, as_json=as_json)


def _say_checks(seen: list[Check], incident: str | None) -> None:
    for one in seen:
        by = ", ".join(one.approved_by) or "nobody"
        common.say(f"{one.dispatch.id:<6} {one.waiting:,} of {one.dispatch.finding}, approved by {by}", style="1")
        for why in one.against:
            common.say(f"       NOT YET: {why}", style="1;31")
        for remark in one.remarks:
            common.say(f"       {remark}")
    if incident is not None:
        common.say(f"{sum(one.waiting for one in seen):,} messages would leave. Nothing was sent; --for-real sends.")


def _typed(seen: list[Check], count: int | None) -> int | None:
    """The number somebody typed, now or as an option."""
    if count is not None or not seen or any(one.against for one in seen):
        return count
    if not sys.stdin.isatty():
        return None
    said = input(f"Type the number of messages that leave now ({sum(one.waiting for one in seen):,} are queued): ")
    digits = said.replace(",", "").replace(" ", "")
    return int(digits) if digits.isdecimal() else None


def _ended(report: Report, rows: list[dict[str, Any]], *, as_json: bool) -> None:
    from breachkit.workflow.outbox import contract
    from breachkit.workflow.outbox.front import NotAllSent

    ended = report.ended
    if as_json:
        common.print_json(
            {
                "format": contract.FORMAT, "dry_run": False, "taken_by_servers": ended.handed, "dispatches": rows,
                "stopped": [{"server": stop.server.name, "why": stop.why} for stop in ended.stopped],
                "interrupted": ended.interrupted, "next_due": ended.next_due or None, "filed": report.filed,
                "settled": {"by_reply": report.settled.by_reply, "in_doubt": report.settled.in_doubt},
            }
        )  # fmt: skip
    else:
        for row in rows:
            _say_dispatch(row)
        for duty in report.filed:
            common.say(f"{duty} is recorded as filed", style="32")
    left = contract.totals(rows)
    if report.settled.in_doubt:
        common.talk(f"{report.settled.in_doubt:,} envelopes of a run that was stopped are in doubt")
    if ended.stopped or left.get("queued") or left.get("in_doubt") or left.get("refused"):
        why = [str(stop) for stop in ended.stopped]
        why += ["it was interrupted"] if ended.interrupted else []
        why += [f"{left['queued']:,} are still queued, the next due {ended.next_due}"] if left.get("queued") else []
        why += [f"{left['in_doubt']:,} are in doubt"] if left.get("in_doubt") else []
        why += [f"{left['refused']:,} were refused"] if left.get("refused") else []
        raise NotAllSent("; ".join(why))


@contextmanager
def _shown(total: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar on a terminal, and elsewhere a line for each tenth."""
    done = 0
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("sending", total=total)
            yield lambda outcome: bar.update(task, advance=outcome.result != "untried")
        return

    def show(_: Outcome) -> None:
        nonlocal done
        done += 1
        if total >= 10 and done % (total // 10) == 0:
            common.talk(f"sending: {done:,} of {total:,}")

    yield show


def _warn(warnings: list[str]) -> None:
    for warning in warnings:
        common.talk(f"warning: {warning}")


send_settle.add(send_app)
