"""`breachkit restore`: a back-up tried out, or put where no journal is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import JournalDamaged, UsageError

if TYPE_CHECKING:
    from breachkit.workflow.backups import Drill

restore_app, command = common.single(example="breachkit restore breachkit-2026-11-22.tar --verify")


@command
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A back-up that `breachkit backup` wrote.")],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="PATH", help="Where the journal shall lie; nothing may be there.", show_default=False),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Only try it out: unpack, open and check every part.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
) -> None:
    """Put a back-up in place, or try out whether it could be."""
    from breachkit.workflow import backups

    if (to is None) != verify:
        raise UsageError("say either --verify, to try it out, or --to PATH, to put it in place")
    if to is not None:
        made = backups.restore(file, to, progress=common.talk)
        common.talk(f"{to}: restored as it stood at {made['made_at']}: {counted(made)}")
        common.talk(
            "what was recorded, queued or sent after that is not in it: before a notice is queued again, look for it in the"
        )
        common.talk("mail server's log, since nobody here can tell who has it")
        return
    found = backups.drill(common.workspace(database), file)
    if as_json:
        common.print_json(found.as_json())
    else:
        _say(found)
    if not found.sound:
        raise JournalDamaged(f"{file} cannot be relied on: {'; '.join([*found.faults, *_gone(found)])}")


def _say(found: Drill) -> None:
    made = found.manifest
    common.say(f"made {made['made_at']}, {_age(found)} ago; {'encrypted' if made['encrypted'] else 'not encrypted'}")
    common.say(counted(made))
    if found.live is None:
        common.say("there is no live database to compare it with")
    elif not found.gone:
        newer = "1 newer entry" if found.newer == 1 else f"{found.newer or 'no'} newer entries"
        common.say(f"every entry in it is still in {found.live}, which has {newer}")
    if found.sound:
        common.say("it opens, every chain holds, and the vault has what the journal says was sent")


def counted(made: Mapping[str, Any]) -> str:
    """What a back-up holds, in numbers."""
    kinds = (len(made["heads"]), "incident", "incidents"), (made["entries"], "entry", "entries")
    found = (*kinds, (made["envelopes"] or 0, "envelope", "envelopes"))
    return ", ".join(f"{number:,} {one if number == 1 else many}" for number, one, many in found)


def _age(found: Drill) -> str:
    hours = int(found.age.total_seconds() // 3600)
    if hours >= 48:
        return f"{hours // 24} days"
    return "less than an hour" if hours < 1 else "1 hour" if hours == 1 else f"{hours} hours"


def _gone(found: Drill) -> list[str]:
    return [f"{incident}: the live database does not hold what the back-up holds" for incident in found.gone]
