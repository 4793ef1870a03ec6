"""`breachkit journal track`: move an entry to another track. The entry stays as it was written; a later one moves it."""

from __future__ import annotations

from typing import Annotated

import typer

from breachkit.cli import common


def add(journal_app: typer.Typer) -> None:
    """Put the command into `breachkit journal`."""
    journal_app.command("track", epilog='Example: breachkit journal track INC-1 7 privileged --reason "written for counsel"')(
        track
    )


def track(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")],
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help="The entry's number in `breachkit journal show`.")],
    to: Annotated[str, typer.Argument(metavar="factual|privileged|third-party", help="The track it moves to.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands on the new track, and a waiver is read by others.")],
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Move an entry to another track, which decides what papers hold. Nothing is deleted, and no duty changes.

    Privileged: for counsel; out of reports, the register and evidence unless asked for. Third party: told in confidence or
    about somebody else; out of what a regulator gets. Of an entry left out, a paper tells no more than that it is, and on
    which track. Papers that went out before do not change.
    """
    from breachkit.workflow import contract, tracks

    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        done = tracks.move_entry(space, journal, incident, entry, tracks.read_track(to), reason=reason)
    if as_json:
        common.print_json({"entries": [contract.entry(done.entry)], "beside": list(done.beside)})
        return
    before, after = (tracks.TRACK_WORDS[one] for one in (done.before, tracks.read_track(to)))
    common.say(f"{incident} entry {done.entry.seq}: entry {entry} moved from the {before} to the {after} track")
    if done.beside:
        numbers = ", ".join(map(str, done.beside))
        one, many = "entry {} on the same fact stays on its own track", "entries {} on the same fact stay on their own tracks"
        common.talk((many if len(done.beside) > 1 else one).format(numbers))
