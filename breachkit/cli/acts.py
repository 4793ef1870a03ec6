"""`breachkit decide` and `breachkit file`: what was decided and what was filed, with ground and proof."""

from __future__ import annotations

from typing import Annotated

import typer

from breachkit.cli import common, tracks

decide_app, _decide = common.single(
    example='breachkit decide INC-1 eu.gdpr.34 refrain --ground "data was encrypted and the key is safe"'
)
file_app, _file = common.single(example="breachkit file INC-1 eu.gdpr.33@es-aepd --reference 2026-118823")

WHICH = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")]
DUTY = Annotated[str, typer.Argument(metavar="DUTY", help="A duty as `breachkit duties` names it.")]


@_decide
def decide(
    incident: WHICH,
    duty: DUTY,
    choice: Annotated[str, typer.Argument(metavar="notify|refrain", help="What was decided.")],
    ground: Annotated[str, typer.Option("--ground", help="Why, in words a regulator may read.")],
    track: tracks.TRACK = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Record a decision on a duty. It never hides the duty, and reopens when a fact it rested on changes."""
    from breachkit.workflow import contract, recording

    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        done = recording.decide(space, journal, incident, duty, choice, ground, track=tracks.read(track) or "factual")
    if as_json:
        common.print_json({"entries": [contract.entry(entry) for entry in done.entries]})
    else:
        common.say(f"{incident} entry {done.entries[-1].seq}: decided to {choice} on {done.entries[-1].body['duty']}")


@_file
def file(
    incident: WHICH,
    duty: DUTY,
    reference: Annotated[str, typer.Option("--reference", help="The proof: the authority's number, a receipt, a reply.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="INSTANT", help="When it was filed; now if left out.", show_default=False)
    ] = None,
    kind: Annotated[str, typer.Option("--kind", metavar="first|update|withdrawal", help="What kind of filing.")] = "first",
    lacked: Annotated[
        list[str] | None,
        typer.Option(
            "--lacked",
            metavar="ELEMENT",
            help="What it left out; `none` for nothing. Worked out if not said.",
            show_default=False,
        ),
    ] = None,
    track: tracks.TRACK = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Record that a notice was filed. The clock stops only on proof."""
    from breachkit.workflow import contract, recording

    space = common.workspace(database, actor)
    left_out = None if lacked is None else tuple(item for item in lacked if item != "none")
    with common.open_journal(space) as journal:
        done = recording.file_duty(
            space,
            journal,
            incident,
            duty,
            reference=reference,
            at=at,
            kind=kind,
            lacked=left_out,
            track=tracks.read(track) or "factual",
        )
    body = done.entries[-1].body
    if as_json:
        common.print_json({"entries": [contract.entry(entry) for entry in done.entries]})
        return
    common.say(f"{incident} entry {done.entries[-1].seq}: {body['duty']} filed at {body['at']}, reference {body['reference']}")
    if body["lacked"]:
        assert isinstance(body["lacked"], list)
        common.talk(f"left out and still owed: {', '.join(map(str, body['lacked']))}")
