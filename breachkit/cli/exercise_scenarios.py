"""`breachkit exercise list`, `show`, `check`, `export` and `import`: scenarios before anybody plays them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import BadFile, Fault

NAME = Annotated[str, typer.Argument(metavar="NAME", help="A scenario's id, or a path to a .yaml file of your own.")]
FORCE = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]


def add(app: typer.Typer) -> None:
    """Declare the commands."""
    app.command("list", epilog="Example: breachkit exercise list --json")(list_)
    app.command("show", epilog="Example: breachkit exercise show mail-merge --facilitator")(show)
    app.command("check", epilog="Example: breachkit exercise check our-exercise.yaml")(check)
    app.command("export", epilog="Example: breachkit exercise export mail-merge --out events.csv")(export)
    app.command("import", epilog="Example: breachkit exercise import mail-merge events.csv --out ours.yaml")(import_)


def list_(as_json: common.JSON = False) -> None:
    """The scenarios in use: the shipped ones, and those in BREACHKIT_HOME/tabletop."""
    from breachkit.content.scenarios import load_scenario, scenario_files

    own = common.workspace().own_folder
    found = []
    for id, path in scenario_files(own).items():
        try:
            found.append(load_scenario(id, own, checked=False))
        except BadFile:
            common.talk(f"left out, since it is faulty: {path} (breachkit exercise check {id} says why)")
    if as_json:
        rows = [
            {"id": one.id, "title": one.title, "organisation": one.organisation, "minutes": one.minutes,
             "difficulty": one.difficulty, "summary": one.summary}
            for one in found
        ]  # fmt: skip
        common.print_json({"scenarios": rows})
        return
    for one in found:
        common.say(f"{one.id:<24} {one.difficulty:<8} {one.minutes:>3} min  {one.organisation:<12} {one.title}")


def show(
    name: NAME,
    facilitator: Annotated[
        bool, typer.Option("--facilitator", help="Give the story away: notes, events, truth and expected actions.")
    ] = False,
) -> None:
    """A scenario as its players read it: briefing, roles, objectives, what it needs."""
    from breachkit.cli import exercise_words
    from breachkit.content.scenarios import load_scenario

    space = common.workspace()
    one = load_scenario(name, space.own_folder, space.law_folders)
    exercise_words.for_players(one)
    if facilitator:
        exercise_words.for_facilitators(one)


def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME|FILE]...", help="Scenarios or scripts; those in use if none.", show_default=False),
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Whether scenarios and their scripts are sound: names, windows, conditions, and that every inject can be sent."""
    from breachkit.workflow.scenario_check import check as check_all

    found = check_all(names or (), common.workspace())
    if as_json:
        common.print_json(
            {"ok": not found.faults, "scenarios": [one.id for one in found.scenarios], "injects": found.injects,
             "scripts": found.scripts, "faults": [_fault(one) for one in found.faults]}
        )  # fmt: skip
    if found.faults:
        raise BadFile(found.faults)
    if not as_json:
        parts = (("scenario", len(found.scenarios)), ("inject", found.injects), ("script", found.scripts))
        common.say("ok: " + ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in parts))


def _fault(one: Fault) -> dict[str, Any]:
    return {"file": one.file, "line": one.line, "text": one.text}


def export(
    name: NAME,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: FORCE = False,
) -> None:
    """The events list as a table (CSV) for a spreadsheet, one row for each inject."""
    from breachkit.content.events_list import BOM, as_csv
    from breachkit.content.scenarios import load_scenario
    from breachkit.workflow.files import write_new

    space = common.workspace()
    one = load_scenario(name, space.own_folder, space.law_folders)
    if out is None:
        common.put_table(as_csv(one))
        return
    write_new(out, BOM + as_csv(one), force=force)
    common.talk(f"{out} written: {len(one.injects)} injects")


def import_(
    name: NAME,
    events: Annotated[Path, typer.Argument(metavar="EVENTS.CSV", help="The table, as `export` writes it.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The new scenario file.")],
    force: FORCE = False,
) -> None:
    """A scenario with its injects taken from a table; all else, comments too, stays as it is."""
    from breachkit.content.events_list import read_table, with_events
    from breachkit.content.scenarios import find_scenario, read_scenario_text
    from breachkit.workflow.files import write_new

    space = common.workspace()
    path = find_scenario(name, space.own_folder)
    table = read_table(events)
    text = with_events(read_table(path), table, str(path), str(events), laws=space.law_folders)
    write_new(out, text, force=force)
    found = read_scenario_text(text, str(path), checked=False)
    common.talk(f"{out} written: {len(found.injects)} injects; breachkit exercise check {out}")
