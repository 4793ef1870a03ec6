"""`breachkit backup`: journal and vault in one file, while others go on working."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.cli.restore import counted

backup_app, command = common.single(example="breachkit backup --out /media/stick/breachkit-2026-11-22.tar")


@command
def backup(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A new file for the back-up.")],
    as_json: common.JSON = False,
    database: common.DATABASE = None,
) -> None:
    """Copy journal and vault as they stand at one moment, and note every head. Encrypted stays encrypted."""
    from breachkit.workflow import backups

    made = backups.make(common.workspace(database), out, progress=common.talk)
    if not made["encrypted"]:
        common.talk("this back-up is not encrypted: keep it where nobody else can read it")
    if as_json:
        common.print_json(made)
        return
    common.talk(f"{out}: {counted(made)}")
    common.talk(f"try it out now: breachkit restore {out} --verify")
