"""`breachkit exercise debrief` and `improve`: what a team takes home, and what becomes of the plan."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import UsageError

YEARS = range(1900, 2200)
"""Those in which days can be counted from."""
DRILL = Annotated[
    str | None,
    typer.Argument(
        metavar="[EXERCISE]", help="Its file, or a scenario's name for the latest of it; left out, the latest of all."
    ),
]
_STATUS = typer.Option("--status", metavar="open|done", help="Whether it is done.", show_default=False)


def add(app: typer.Typer) -> None:
    """Declare the commands."""
    app.command("debrief", epilog="Example: breachkit exercise debrief mail-merge --format pdf --out debrief.pdf")(debrief)
    app.command(
        "improve", epilog='Example: breachkit exercise improve mail-merge action:declare --owner "Ana Example" --due 2026-12-20'
    )(improve)


def debrief(
    drill: DRILL = None,
    format: Annotated[
        str | None, typer.Option("--format", metavar="md|html|pdf|json", help="md if left out.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE|FOLDER", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against", metavar="EXERCISE", help="Compare with that run; more than one may be named.", show_default=False
        ),
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Compare with no earlier run.")] = False,
    day: Annotated[
        str | None,
        typer.Option(
            "--day", metavar="DAY", help="Count the plan's proposed days from it; today if left out.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    as_json: common.JSON = False,
    actor: common.ACTOR = None,
) -> None:
    """How an exercise went: the score line by line, what went well, what to train, a plan, and earlier runs beside it.

    One that is not over is told as it stands.
    """
    if alone and against:
        raise UsageError("--alone compares with no run, and --against names one; leave one of them out")
    if as_json and format not in (None, "json"):
        raise UsageError(f"--json is --format json; leave --format {format} out")
    from breachkit.domain import marks
    from breachkit.workflow.exercise import debrief as debriefs
    from breachkit.workflow.exercise.folder import find
    from breachkit.workflow.files import write_new
    from breachkit.workflow.workspace import today

    chosen = "json" if as_json else format or "md"
    debriefs.check_format(chosen)
    space = common.workspace(actor=actor)
    named = [] if alone else [find(one) for one in against] if against else None
    counted = common.read_day(day) or today()
    if counted.year not in YEARS:
        raise UsageError(f"--day {day}: its year lies outside 1900 to 2199")
    path = find(drill)
    _warn(path)
    found = debriefs.debrief(path, today=counted, against=named, workspace=space)
    made = debriefs.written(found, chosen, space)
    if out is None:
        common.put(made) if isinstance(made, str) else common.put_bytes(made)
        return
    name = f"{marks.before_name(invented=True, exercise=found.run.scenario.id)}debrief-{found.run.scenario.id}.{chosen}"
    path = out / name if out.is_dir() else out
    write_new(path, made, force=force)
    common.talk(f"{path} written")


def _warn(path: Path) -> None:
    """Say on stderr what is wrong with the record that the debrief is about to rest on."""
    with common.open_journal(common.workspace(str(path)), read_only=True) as journal:
        if (broken := journal.verify()) is not None:
            common.talk(f"warning: {broken.incident} entry {broken.seq}: {broken.why}; this debrief rests on it all the same")


def improve(
    drill: Annotated[str, typer.Argument(metavar="EXERCISE", help="Its file, or a scenario's name for the latest of it.")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="An item of the plan, by the name in brackets: action:declare.")],
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Who sees to it.", show_default=False)] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="By when.", show_default=False)] = None,
    action: Annotated[
        str | None, typer.Option("--action", metavar="TEXT", help="What is done instead of the proposal.", show_default=False)
    ] = None,
    status: Annotated[str | None, _STATUS] = None,
    as_json: common.JSON = False,
    actor: common.ACTOR = None,
) -> None:
    """Say who sees to an item of the improvement plan, by when, how, or that it is done. What is said later stands."""
    from breachkit.workflow import contract
    from breachkit.workflow.exercise import debrief as debriefs
    from breachkit.workflow.exercise.debrief_json import item as as_item
    from breachkit.workflow.exercise.drill import Drill
    from breachkit.workflow.exercise.folder import find

    space = common.workspace(actor=actor)
    with closing(Drill.open(find(drill), actor=space.who, laws=space.law_folders)) as session:
        entry, one = debriefs.improve(session, item, owner=owner, due=common.read_day(due), action=action, status=status)
    if as_json:
        common.print_json({"item": as_item(one), "entries": [contract.entry(entry)]})
        return
    common.say(f"{one.id}: {one.area}", style="1")
    for label, words in (
        ("action", one.action), ("owner", one.owner), ("completion", f"{one.due}{' (proposed)' if one.proposed else ''}"),
        ("status", one.status),
    ):  # fmt: skip
        common.say(f"  {label:<11} {words}")
