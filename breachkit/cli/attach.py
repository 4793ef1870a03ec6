"""`breachkit attach`: files kept with an incident - a log, a screenshot, an answer from an authority."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common, outbox_desk
from breachkit.errors import UsageError

attach_app, _command = common.single(example='breachkit attach INC-1 receipt.pdf --label "AEPD receipt"')


@_command
def attach(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The file to keep; a list if left out.")] = None,
    label: Annotated[
        str, typer.Option("--label", metavar="TEXT", help="What it is, without anybody's name; it cannot be erased.")
    ] = "",
    track: Annotated[str, typer.Option("--track", metavar="TRACK", help="factual, privileged or third-party.")] = "factual",
    get: Annotated[
        str | None, typer.Option("--get", metavar="SHA256", help="Write one out again, with --out.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where --get writes it.", show_default=False)
    ] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Keep a file with an incident: its hash and label in the journal for good, its bytes and name where they can be erased."""
    from breachkit.workflow.outbox import attaching

    space = common.workspace(database, actor)
    if get is not None or file is None:
        if file is not None:
            raise UsageError("give a file to keep, or --get to write one out again; one of them")
        with outbox_desk.looking(space, incident) as (journal, vault):
            if get is not None:
                if out is None:
                    raise UsageError("say where to: --out FILE")
                common.talk(f"{attaching.write_out(vault, incident, get, out):,} bytes written to {out}")
                return
            rows = attaching.listed(journal, vault, incident)
        if as_json:
            common.print_json({"attachments": rows})
            return
        for row in rows:
            common.say(f"{row['sha256'][:12]}  {row['size']:>12,}  {row['name'] or '(erased)'}: {row['label'] or ''}")
        if not rows:
            common.talk(f'nothing is attached to {incident}; keep a file: breachkit attach {incident} FILE --label "..."')
        return
    if not label.strip():
        raise UsageError('say what it is, without anybody\'s name: --label "AEPD receipt"')
    with outbox_desk.at_work(space, incident) as (journal, vault):
        done, new = attaching.attach(space, journal, vault, incident, file, label.strip(), track)
    if as_json:
        common.print_json({"sha256": done.sha256, "size": done.size, "new": new})
        return
    common.say(f"{done.size:,} bytes kept, sha256 {done.sha256}" if new else f"kept already, sha256 {done.sha256}")
