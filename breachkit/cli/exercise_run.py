"""`breachkit exercise run` and `join`: a drill in the terminal UI, or a whole exercise played from a script."""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from breachkit.domain.exercise.decisions import Decisions
    from breachkit.workflow.exercise.drill import Drill
    from breachkit.workflow.exercise.scoring import Result

FIRST = "mail-merge"
"""The drill for somebody who never ran one."""

_SCRIPT = typer.Option(
    "--script",
    metavar="FILE|TEAM",
    help="Play it from a decisions file, or as one of the shipped teams: perfect, slow, careless.",
    show_default=False,
)
_WHERE = typer.Option(
    "--database",
    metavar="PATH",
    help="A new file for the exercise; left out, one in the folder of exercises, and for a script none is kept.",
    show_default=False,
)


def add(app: typer.Typer) -> None:
    """Declare the commands on that app."""
    app.command("run", epilog="Example: breachkit exercise run open-folder --script decisions.yaml --json")(run)
    app.command("join", epilog="Example: breachkit exercise join open-folder --actor 'Privacy officer'")(join)


def run(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="One of `breachkit exercise list`, or a scenario's file.")
    ] = FIRST,
    script: Annotated[str | None, _SCRIPT] = None,
    facilitated: Annotated[
        bool, typer.Option("--facilitated", help="This is the facilitator's screen; players join from other terminals.")
    ] = False,
    speed: Annotated[
        float | None,
        typer.Option("--speed", metavar="N", help="Virtual seconds in a real one; left out, the busy hours fit its minutes."),
    ] = None,
    database: Annotated[str | None, _WHERE] = None,
    actor: common.ACTOR = None,
    fail_under: Annotated[
        float | None,
        typer.Option("--fail-under", metavar="PERCENT", help="End with 1 when a script scores less.", show_default=False),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            help="`unexpected`: end with 1 when other lines lose points than the script says.",
            show_default=False,
        ),
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Run a tabletop exercise on a virtual clock: alone, with a facilitator, or from a script in seconds.

    It has a database of its own and no way to send anything. Left with q, it stands still until `breachkit exercise join`.
    """
    _check_numbers(speed, fail_under)
    if script is not None:
        if speed is not None:
            raise UsageError("a script waits for nobody; leave --speed out")
        _scripted(name, script, database, fail_under, _unexpected(fail_on), facilitated=facilitated, as_json=as_json)
        return
    if as_json or fail_under is not None or fail_on is not None:
        raise UsageError("--json, --fail-under and --fail-on are for exercises that run from a --script")
    common.need_terminal()
    from breachkit.content.scenarios import read_scenario_text
    from breachkit.workflow.exercise.drill import Drill, scenario_source
    from breachkit.workflow.exercise.folder import located, new_path
    from breachkit.workflow.workspace import today

    space = common.workspace(actor=actor)
    text, file = scenario_source(name)
    id = read_scenario_text(text, file, checked=False).id
    path = located(database) if database is not None else new_path(id, today().isoformat())
    drill = Drill.start(text, file, path, facilitated=facilitated, actor=space.who, speed=speed, laws=space.law_folders)
    _open(drill)


def join(
    drill: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE]", help="Its file, or a scenario's name; left out, the latest unfinished one."),
    ] = None,
    facilitator: Annotated[bool, typer.Option("--facilitator", help="Sit down as the facilitator.")] = False,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="The role you play.")] = "",
    database: Annotated[
        str | None, typer.Option("--database", metavar="PATH", help="The exercise's file.", show_default=False)
    ] = None,
    actor: common.ACTOR = None,
) -> None:
    """Sit down at an exercise from another terminal, or go on with one that was left or broken off."""
    common.need_terminal()
    from breachkit.workflow.exercise.drill import Drill
    from breachkit.workflow.exercise.folder import find, located

    space = common.workspace(actor=actor)
    path = located(database, there=True) if database is not None else find(drill, unfinished=drill is None)
    session = Drill.open(path, actor=role or space.who, facilitator=facilitator, laws=space.law_folders)
    if facilitator and not session.facilitated:
        session.close()
        raise UsageError("this exercise runs without a facilitator; leave --facilitator out")
    if role and role not in {one.id for one in session.scenario.roles}:
        session.close()
        from breachkit.errors import UnknownName

        raise UnknownName("role", role, [one.id for one in session.scenario.roles])
    if session.ended_at is None:
        session.joined(role)
    _open(session)


def _open(drill: Drill) -> None:
    with closing(drill):
        common.launch(None, drill.workspace)


def _check_numbers(speed: float | None, fail_under: float | None) -> None:
    if speed is not None and not 0 < speed <= 10_000:
        raise UsageError("--speed takes a number above 0 and at most 10000: virtual seconds in a real one")
    if fail_under is not None and not 0 <= fail_under <= 100:
        raise UsageError("--fail-under takes a percentage, 0 to 100; no score is higher")


def _unexpected(fail_on: str | None) -> bool:
    if fail_on not in (None, "unexpected"):
        raise UsageError(f"--fail-on takes 'unexpected', not '{fail_on}'")
    return fail_on is not None


def _scripted(
    name: str,
    script: str,
    database: str | None,
    fail_under: float | None,
    unexpected: bool,
    *,
    facilitated: bool,
    as_json: bool,
) -> None:
    from breachkit.content.scenarios import read_scenario_text
    from breachkit.workflow.exercise import contract
    from breachkit.workflow.exercise.drill import scenario_source
    from breachkit.workflow.exercise.folder import located
    from breachkit.workflow.exercise.play import play
    from breachkit.workflow.exercise.scoring import scored

    if facilitated:
        raise UsageError("a script plays alone; leave --facilitated out")
    text, file = scenario_source(name)
    decisions = _decisions(script, read_scenario_text(text, file, checked=False).id)
    progress = common.talk if sys.stderr.isatty() else None
    with tempfile.TemporaryDirectory(prefix="breachkit-exercise-") as folder:
        path = located(database) if database is not None else Path(folder) / "exercise.db"
        with closing(play(text, file, decisions, path, laws=common.workspace().law_folders, progress=progress)) as drill:
            result = scored(drill)
    expected = decisions.loses
    if as_json:
        common.print_json(contract.exercise(result, expected))
    else:
        _print(result, expected)
    percent = contract.percent(result.score)
    differs = contract.differences([line.id for line in result.score.lines if line.lost], expected or ())
    if (fail_under is not None and percent < fail_under) or (unexpected and any(differs.values())):
        raise typer.Exit(ExitCode.FINDING)


def _decisions(script: str, scenario: str) -> Decisions:
    from breachkit.content.decisions import load_decisions, script_path

    path = Path(script)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return load_decisions(path)
    return load_decisions(script_path(scenario, script))


def _print(result: Result, expected: tuple[str, ...] | None) -> None:
    from breachkit.workflow.exercise import contract

    score = result.score
    common.say(f"{result.scenario.title} - {result.team}", style="1")
    common.say(f"{score.points:g} of {score.of:g} points ({contract.percent(score):g} %)", style="1")
    for part in score.parts:
        common.say(f"\n{part.title}: {part.points:g} of {part.of:g}", style="1")
        for line in part.lines:
            if line.lost:
                common.say(f"  {line.points:g} of {line.of:g}  {line.id}: {line.title}")
                common.say(f"      {line.why}")
    if not score.lost:
        common.say("\nNothing was lost.")
    if expected is not None:
        _print_expected(contract.differences([line.id for line in score.lost], expected))


def _print_expected(differs: dict[str, Any]) -> None:
    for id in differs["unexpected"]:
        common.say(f"unexpected: {id} lost points, and the script does not say so")
    for id in differs["not_lost"]:
        common.say(f"unexpected: {id} lost nothing, and the script says it would")
