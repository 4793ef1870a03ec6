"""`breachkit send run`: says what would leave and what stands in the way; for real, it asks for the number and sends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common, outbox_desk
from breachkit.errors import Refused

if TYPE_CHECKING:
    from breachkit.domain.envelope import Outcome
    from breachkit.workflow.outbox.front import Report
    from breachkit.workflow.outbox.releasing import Check
    from breachkit.workflow.outbox.sending import Settled
    from breachkit.workflow.workspace import Workspace

ONE = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")]
FOLDER = Annotated[
    Path | None,
    typer.Option("--folder", metavar="FOLDER", help="Write the messages there instead of mailing them.", show_default=False),
]
MAIL = Annotated[
    Path | None,
    typer.Option("--mail", metavar="FILE", help="The mail settings (or BREACHKIT_MAIL).", show_default=False),
]


def add(app: typer.Typer) -> None:
    """Declare the command."""
    app.command("run", epilog="Example: breachkit send run INC-1 --for-real")(run)


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
    file: Annotated[
        bool, typer.Option("--file", help="Record the duty as filed once every envelope is sent or replaced.")
    ] = False,
    moved: Annotated[
        bool, typer.Option("--moved", help="The database was moved here; nothing is sent from any other copy of it.")
    ] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Say what would be sent; with --for-real ask for the number of messages, and send them.

    Stopped at any moment, the same command goes on: nothing is lost, and nothing is sent twice without a person's word.
    """
    from breachkit.workflow.outbox import contract, front

    space = common.workspace(database, actor)
    if not for_real:
        _dry_run(space, incident, dispatch or [], folder, mail, as_json=as_json)
        return
    with outbox_desk.at_work(space, incident) as (journal, vault):
        settled = front.recover(space, journal, vault, incident)  # first, so that the number asked for is what is left
        _say_settled(settled)
        if moved:
            front.moved_here(vault)
        seen = front.checks(space, journal, vault, incident, dispatch or [], folder)
        if not as_json:
            _say_checks(seen)
        typed = _typed(seen, count)
        total = sum(one.waiting for one in seen)
        with _shown(total) as progress:
            report = front.run(
                space, journal, vault, incident, seen, typed,
                folder=folder, settings=mail, wait=wait, file=file, progress=progress, tell=common.talk,
            )  # fmt: skip
        rows = [contract.dispatch_json(vault, one) for one in report.dispatches]
    _ended(report, settled, rows, incident, as_json=as_json)


def _dry_run(
    space: Workspace, incident: str, dispatches: list[str], folder: Path | None, mail: Path | None, *, as_json: bool
) -> None:
    """What would leave, and all that stands in the way; nothing is written, not even an empty vault."""
    from breachkit.workflow.outbox import contract, front
    from breachkit.workflow.sending import mail_settings

    with outbox_desk.looking(space, incident) as (journal, vault):
        seen = front.checks(space, journal, vault, incident, dispatches, folder) if vault is not None else []
        lost = outbox_desk.gone(journal, vault, incident)
    unset = bool(seen) and folder is None and mail_settings(space, mail) is None
    if as_json:
        would = [contract.check_json(one) for one in seen]
        common.print_json({"format": contract.FORMAT, "dry_run": True, "would": would, "mail_is_set": not unset})
        return
    outbox_desk.say_gone(lost)
    _say_checks(seen)
    if unset:
        common.say("       NOT YET: no mail server is set (docs/mail.md says how); --folder writes files instead", style="1;31")
    total = sum(one.waiting for one in seen)
    if not seen:
        common.say(f"Nothing is queued. Put letters in: breachkit send queue {incident} --letters FOLDER")
    elif unset or any(one.against for one in seen):
        common.say(f"Nothing was sent. Put right what stands in the way, then look again: breachkit send run {incident}")
    else:
        what = "1 message" if total == 1 else f"{total:,} messages"
        common.say(f"{what} would leave. Nothing was sent; to send: breachkit send run {incident} --for-real")


def _say_settled(settled: Settled) -> None:
    if settled.by_reply or settled.in_doubt:
        common.talk(
            f"a run before was stopped: {settled.by_reply:,} of its envelopes are settled, {settled.in_doubt:,} are in doubt"
        )


def _say_checks(seen: Sequence[Check]) -> None:
    from breachkit.workflow.outbox.releasing import LOOK

    for one in seen:
        by = f"approved by {', '.join(one.approved_by)}" if one.approved_by else "no approval that stands"
        common.say(f"{one.dispatch.id:<6} {one.waiting:,} of {one.dispatch.finding}, {by}", style="1")
        for why in one.against:
            common.say(f"       NOT YET: {why}", style="1;31")
        for remark in one.remarks:
            common.say(f"       {remark}", style="1;33" if remark.startswith(LOOK) else "")


def _typed(seen: list[Check], count: int | None) -> int | None:
    """The number somebody typed, now or as an option."""
    if count is not None or not seen or any(one.against for one in seen):
        return count
    if not sys.stdin.isatty():
        return None
    total = sum(one.waiting for one in seen)
    said = outbox_desk.ask(f"Type the number of messages that leave now ({total:,} {'is' if total == 1 else 'are'} queued): ")
    digits = said.replace(",", "").replace(" ", "")
    if not digits.isdecimal():
        raise Refused(f"that is no number; {total:,} would leave, and nothing was sent")
    return int(digits)


def _ended(report: Report, before: Settled, rows: list[dict[str, Any]], incident: str, *, as_json: bool) -> None:
    from breachkit.workflow.outbox import contract
    from breachkit.workflow.outbox.front import NotAllSent

    ended = report.ended
    if as_json:
        common.print_json(
            {
                "format": contract.FORMAT, "dry_run": False, "taken_by_servers": ended.handed, "dispatches": rows,
                "stopped": [{"server": stop.server.name, "why": stop.why} for stop in ended.stopped],
                "interrupted": ended.interrupted, "next_due": ended.next_due or None, "filed": report.filed,
                "settled": {
                    "by_reply": before.by_reply + report.settled.by_reply,
                    "in_doubt": before.in_doubt + report.settled.in_doubt,
                },
            }
        )  # fmt: skip
    else:
        for row in rows:
            outbox_desk.say_dispatch(row)
        for duty in report.filed:
            common.say(f"{duty} is recorded as filed", style="32")
    left = contract.totals(rows)
    _say_settled(report.settled)
    if ended.stopped or left.get("queued") or left.get("in_doubt") or left.get("refused"):
        why = [str(stop) for stop in ended.stopped]
        why += ["it was interrupted"] if ended.interrupted else []
        due = f", the next due {ended.next_due}" if ended.next_due else ""
        again = f"`breachkit send run {incident} --for-real` goes on"
        why += [f"{left['queued']:,} still queued{due}: {again}"] if left.get("queued") else []
        why += [f"{left['in_doubt']:,} in doubt: see `breachkit send settle`"] if left.get("in_doubt") else []
        why += (
            [f"{left['refused']:,} refused: see `breachkit send list {incident} --status refused`"]
            if left.get("refused")
            else []
        )
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
