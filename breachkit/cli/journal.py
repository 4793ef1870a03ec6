"""`breachkit journal`: what was recorded, and whether it is still as it was written. Handing it on is `journal_evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common, journal_evidence, journal_track
from breachkit.errors import JournalDamaged, UsageError

journal_app = common.app("The append-only journal: show, verify, export as evidence.", example="breachkit journal verify")

WHICH = journal_evidence.WHICH
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


@journal_app.command("verify", epilog="Example: breachkit journal verify --against heads.json")
def verify(
    incident: MAYBE = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="FILE", help="Heads noted earlier: what --json printed, or an archive's.", show_default=False
        ),
    ] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
) -> None:
    """Walk the hash chains; name the first entry that does not hold. Prints the heads, so that they can be noted elsewhere.

    A chain cannot show by itself that its end was cut off or that all of it was written anew: note the heads where others
    keep them (`--json > heads.json`), and verify `--against` that.
    """
    from breachkit.workflow import noted_heads

    space = common.workspace(database)
    noted = noted_heads.read_heads(against) if against is not None else {}
    with common.open_journal(space, read_only=True) as journal:
        broken = journal.verify(incident)
        heads = {id: head for id, head in journal.heads().items() if incident in (None, id)}
        damaged = journal.damaged
        wanted = {id: head for id, head in noted.items() if incident in (None, id)}
        gone = list(noted_heads.lost(journal, wanted))
    if against is not None and not wanted:
        raise UsageError(f"{against} names no head of {incident}")
    if as_json:
        held = [{"incident": one.incident, "entry": one.entry, "why": one.why} for one in gone]
        common.print_json(
            {
                "ok": broken is None and damaged is None and not gone,
                **({"lost": held} if against is not None else {}),
                "broken": None if broken is None else {"incident": broken.incident, "entry": broken.seq, "why": broken.why},
                "damaged": damaged,
                "heads": {id: {"entry": seq, "hash": digest} for id, (seq, digest) in heads.items()},
            }
        )
    else:
        for id, (seq, digest) in heads.items():
            common.say(f"{id:<8} {seq} entries, head {digest}")
        if broken is None and damaged is None and not gone:
            common.say("every chain holds")
        if against is not None and not gone:
            common.say(f"and still has the {len(wanted)} head{'s' if len(wanted) != 1 else ''} noted in {against}")
    if broken is not None:
        raise JournalDamaged(f"{broken.incident} entry {broken.seq}: {broken.why}")
    if damaged is not None:
        raise JournalDamaged(damaged)
    if gone:
        raise JournalDamaged("; ".join(f"{one.incident}: {one.why}" for one in gone))


journal_evidence.add(journal_app)
journal_track.add(journal_app)
