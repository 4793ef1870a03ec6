"""`breachkit notice worksheet`: what to write into each field of an authority's portal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breachkit.cli import common
from breachkit.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from breachkit.workflow.workspace import Workspace

EXAMPLE = "breachkit notice worksheet uk.gdpr.33 INC-1"


def add(app: typer.Typer) -> None:
    """Declare the command on the app it is given."""
    app.command("worksheet", epilog=f"Example: {EXAMPLE}")(worksheet)


def worksheet(
    duty: Annotated[
        str | None, typer.Argument(metavar="DUTY", help="The duty whose portal is to be filled in.", show_default=False)
    ] = None,
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    format: Annotated[str, typer.Option("--format", metavar="text|md|html|json|csv", help="The sheet's format.")] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    only_unknown: Annotated[
        bool, typer.Option("--only-unknown", help="Only fields that are not known yet, too long or for a person.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the portals that have a worksheet of their own.")] = False,
    law_date: common.LAW_DATE = None,
    what_if: common.WHAT_IF = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """Every field of a portal in the portal's own order, with the answer to copy and what is still unknown."""
    from breachkit.workflow import worksheets

    space = common.workspace(database, now=now, as_of=as_of)
    if list_:
        _list(as_json=as_json, space=space)
        return
    if duty is None:
        raise UsageError(f"name a duty such as uk.gdpr.33, or --list; example: {EXAMPLE}")
    format = "json" if as_json else format
    if format not in worksheets.FORMATS:
        raise UnknownName("format", format, worksheets.FORMATS, hint=f"(formats: {', '.join(worksheets.FORMATS)})")
    with common.answered(incident, facts, space, law_date=law_date, what_if=what_if) as answer:
        finding = answer.finding(duty)
        filled = worksheets.fill_worksheet(answer, finding, space)
        hints = worksheets.hints_for(finding, space)
    for hint in hints:
        common.talk(f"note: {hint}")
    if out is not None:
        from breachkit.workflow.files import write_new

        write_new(out, worksheets.written(filled, format, only_open=only_unknown), force=force)
        common.talk(f"{out} written")
    elif format == "json":
        common.print_json(worksheets.as_json(filled, only_open=only_unknown))
    else:
        common.put(worksheets.written(filled, format, only_open=only_unknown))


def _list(*, as_json: bool, space: Workspace) -> None:
    from breachkit.workflow import worksheets

    sheets = worksheets.available(space)
    if as_json:
        common.print_json({"worksheets": [worksheets.entry_json(sheet) for sheet in sheets]})
        return
    for sheet in sheets:
        fields = sum(len(part.fields) for part in sheet.parts)
        common.say(f"{sheet.id:<18} {fields:>3} fields  {sheet.confidence:<10} {sheet.title}")
        common.say(f"{'':<18} for {', '.join(sheet.duties)}{' at ' + ', '.join(sheet.recipients) if sheet.recipients else ''}")
    common.talk("note: every other duty has a generic sheet of what the law asks for; name the duty to see it")
