"""`breachkit journal`: what was recorded, and whether it is still as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import JournalDamaged

journal_app = common.app("The append-only journal: show, verify, export.", example="breachkit journal verify")

WHICH = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1; EXERCISE for an exercise's events.")]
MAYBE = Annotated[str | None, typer.Argument(metavar="[INCIDENT]", help="One incident; all if left out.", show_default=False)]


@journal_app.command("show", epilog="Example: breachkit journal show INC-1 --as-of 2026-11-21T09:00Z")
def show(incident: WHICH, as_json: common.JSON = False, database: common.DATABASE = None, as_of: common.AS_OF = None) -> None:
    """Every entry of an incident, oldest first."""
    from breachkit.workflow import contract, timeline

    space = common.workspace(database, as_of=as_of)
    with common.open_journal(space, read_only=True) as journal:
        entries = timeline.chain(journal, incident, space)
    if as_json:
        common.print_json({"entries": [contract.entry(entry) for entry in entries]})
        return
    for line in timeline.lines(entries):
        common.say(f"{line.seq:>4}  {line.at:%Y-%m-%d %H:%M:%S} UTC  {line.actor:<12} {line.text}  #{line.hash[:10]}")


@journal_app.command("verify", epilog="Example: breachkit journal verify INC-1")
def verify(incident: MAYBE = None, as_json: common.JSON = False, database: common.DATABASE = None) -> None:
    """Walk the hash chains; name the first entry that does not hold. Prints the heads, so that they can be noted elsewhere."""
    space = common.workspace(database)
    with common.open_journal(space, read_only=True) as journal:
        broken = journal.verify(incident)
        heads = {id: head for id, head in journal.heads().items() if incident in (None, id)}
        damaged = journal.damaged
    if as_json:
        common.print_json(
            {
                "ok": broken is None and damaged is None,
                "broken": None if broken is None else {"incident": broken.incident, "entry": broken.seq, "why": broken.why},
                "damaged": damaged,
                "heads": {id: {"entry": seq, "hash": digest} for id, (seq, digest) in heads.items()},
            }
        )
    else:
        for id, (seq, digest) in heads.items():
            common.say(f"{id:<8} {seq} entries, head {digest}")
        if broken is None and damaged is None:
            common.say("every chain holds")
    if broken is not None:
        raise JournalDamaged(f"{broken.incident} entry {broken.seq}: {broken.why}")
    if damaged is not None:
        raise JournalDamaged(damaged)


@journal_app.command("export", epilog="Example: breachkit journal export INC-1 --out INC-1.jsonl")
def export(
    incident: WHICH,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    database: common.DATABASE = None,
    as_of: common.AS_OF = None,
) -> None:
    """Every entry as one JSON line, with its hash and the exact text that was hashed, so that anybody can check the chain."""
    from breachkit.workflow.files import write_new
    from breachkit.workflow.timeline import chain, json_lines

    space = common.workspace(database, as_of=as_of)
    with common.open_journal(space, read_only=True) as journal:
        text = json_lines(chain(journal, incident, space))
    if out is None:
        common.put(text)
    else:
        write_new(out, text, force=force)
        common.talk(f"{out} written")
