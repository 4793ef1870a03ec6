"""`breachkit duties`: who must be told, by when and why."""

from __future__ import annotations

from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import ExitCode, UsageError

duties_app, _command = common.single(example="breachkit duties INC-1 --what-if risk.level=high")

FAIL_ON = ("overdue", "owed", "undetermined", "conflict", "uncovered")


@_command
def duties(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    law_date: common.LAW_DATE = None,
    law_pack: common.LAW_PACK = None,
    what_if: common.WHAT_IF = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is not owed, with the reason.")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="Show the arithmetic of every deadline.")] = False,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="WHAT", help=f"Exit 1 when there is one: {', '.join(FAIL_ON)}.", show_default=False),
    ] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """Who must be told, by when and why."""
    wrong = [what for what in fail_on or [] if what not in FAIL_ON]
    if wrong:
        raise UsageError(f"--fail-on takes {', '.join(FAIL_ON)}, not '{wrong[0]}'")
    space = common.workspace(database, now=now, as_of=as_of)
    with common.answered(incident, facts, space, law_date=law_date, what_if=what_if, law_pack=law_pack) as answer:
        if as_json:
            from breachkit.workflow import contract

            common.print_json(contract.duties(answer))
        else:
            from breachkit.cli import output

            output.headline(answer)
            output.big_clock(answer)
            output.duties(answer, everything=everything, steps=steps)
        found = answer.assessment
        hits = {
            "overdue": any(f.running and f.due.target is not None and f.due.target < found.now for f in found.findings),
            "owed": any(f.status == "owed" for f in found.findings),
            "undetermined": any(f.status == "undetermined" for f in found.findings),
            "conflict": bool(found.conflicts),
            "uncovered": bool(found.uncovered),
        }
        if any(hits[what] for what in fail_on or []):
            raise typer.Exit(ExitCode.FINDING)
