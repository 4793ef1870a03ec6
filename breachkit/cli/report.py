"""`breachkit report`: the incident report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import UsageError

report_app, _command = common.single(example="breachkit report INC-1 --out report.md")


@_command
def report(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    format: Annotated[str, typer.Option("--format", metavar="md", help="The document's format; Markdown for now.")] = "md",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """What is known, who was told and must still be told, and how it went."""
    from breachkit.workflow.files import write_new
    from breachkit.workflow.report import report as make

    if format != "md":
        raise UsageError(f"reports are made as md; '{format}' is not made yet")
    space = common.workspace(database, now=now, as_of=as_of)
    with common.answered(incident, facts, space) as answer:
        text = make(answer)
        if as_json:
            common.print_json({"incident": answer.subject.name, "format": format, "text": text})
        elif out is None:
            common.put(text)
        else:
            write_new(out, text, force=force)
            common.talk(f"{out} written")
