"""`breachkit fact`: record, list, correct and import what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common, tracks
from breachkit.errors import BadValue, UsageError

fact_app = common.app(
    "Record, list, correct and import facts.",
    example='breachkit fact set INC-1 people.in.US-FL=400..900 --source "CRM export"',
)

WHICH = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")]
PAIRS = Annotated[list[str], typer.Argument(metavar="KEY=VALUE...", help="Facts such as people.in.ES=2600.")]
SOURCE = Annotated[str | None, typer.Option("--source", help="Who or what says so.", show_default=False)]
ESTIMATED = Annotated[bool, typer.Option("--estimated", help="It is an estimate, not confirmed.")]
HAPPENED = Annotated[str | None, typer.Option("--happened", metavar="INSTANT", help="When it happened.", show_default=False)]
SEEN = Annotated[
    int | None,
    typer.Option(
        "--seen", metavar="ENTRY", help="The last entry you saw; refused if there are newer ones.", show_default=False
    ),
]


@fact_app.command("set", epilog='Example: breachkit fact set INC-1 people.in.US-FL=400..900 --source "CRM export"')
def set_(
    incident: WHICH,
    pairs: PAIRS,
    source: SOURCE = None,
    estimated: ESTIMATED = False,
    happened: HAPPENED = None,
    track: tracks.TRACK = None,
    seen: SEEN = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Record facts. A key that was known with another value is corrected; the old value stays in the timeline."""
    _record(incident, pairs, source, estimated, happened, None, track, seen, as_json, database, actor)


@fact_app.command("correct", epilog='Example: breachkit fact correct INC-1 aware_at=2026-11-20T21:00+01:00 --reason "mail log"')
def correct(
    incident: WHICH,
    pairs: PAIRS,
    reason: Annotated[str, typer.Option("--reason", help="Why the old value was wrong.")],
    source: SOURCE = None,
    estimated: ESTIMATED = False,
    happened: HAPPENED = None,
    track: tracks.TRACK = None,
    seen: SEEN = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Correct facts, with the reason."""
    _record(incident, pairs, source, estimated, happened, reason, track, seen, as_json, database, actor)


@fact_app.command("import", epilog="Example: breachkit fact import INC-1 incident.yaml")
def import_(
    incident: WHICH,
    file: Annotated[
        Path, typer.Argument(help="A facts file, or a CSV of controllers with columns id, name, contact, people...")
    ],
    source: SOURCE = None,
    track: tracks.TRACK = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Record every fact of a file, or none when one of them is wrong."""
    from breachkit.content.factsfile import load_facts_file
    from breachkit.workflow.recording import record_facts, with_same_mark

    if file.suffix == ".csv":
        from breachkit.content.controllers import read_controllers

        facts = read_controllers(file)
    else:
        facts = load_facts_file(file).written(source=source or file.name)
    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        facts = with_same_mark(journal, incident, facts, space)
        done = record_facts(space, journal, incident, facts, source=source or file.name, track=tracks.read(track))
    _report(incident, done, as_json)


@fact_app.command("list", epilog="Example: breachkit fact list INC-1 --json")
def list_(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    known: Annotated[bool, typer.Option("--keys", help="List every key that can be recorded, with its question.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    as_of: common.AS_OF = None,
) -> None:
    """What is known, with who said so and how sure. --keys lists what can be recorded at all."""
    from breachkit.cli import output
    from breachkit.workflow import contract

    if known:
        from breachkit.content.vocabulary import load_vocabulary

        specs = load_vocabulary().facts.values()
        if as_json:
            rows = [{"key": s.key, "type": s.type, "asks": s.asks, "why": s.why, "choices": list(s.choices)} for s in specs]
            common.print_json({"keys": rows})
            return
        for spec in specs:
            common.say(f"{spec.key:<42} {spec.type:<8} {spec.asks}")
        return
    space = common.workspace(database, as_of=as_of)
    with common.subject(incident, facts, space) as found:
        if as_json:
            common.print_json({"facts": [contract.fact(fact) for fact in found.book.facts.values()]})
            return
        for fact in found.book.facts.values():
            output.fact(fact)


def _record(
    incident: str,
    pairs: list[str],
    source: str | None,
    estimated: bool,
    happened: str | None,
    reason: str | None,
    track: str | None,
    seen: int | None,
    as_json: bool,
    database: str | None,
    actor: str | None,
) -> None:
    from breachkit.workflow.recording import record_facts

    facts = common.read_pairs(pairs)
    if not facts:
        raise UsageError("nothing to record: write KEY=VALUE")
    if any(raw == "" for raw in facts.values()):
        raise BadValue("a fact is not unset; record KEY=unknown, or correct it to what is known")
    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        done = record_facts(
            space,
            journal,
            incident,
            facts,
            source=source,
            certainty="estimated" if estimated else None,
            happened_at=happened,
            reason=reason,
            track=tracks.read(track),
            seen=seen,
        )
    _report(incident, done, as_json)


def _report(incident: str, done: object, as_json: bool) -> None:
    from breachkit.workflow import contract
    from breachkit.workflow.recording import Recorded

    assert isinstance(done, Recorded)
    if as_json:
        common.print_json({"entries": [contract.entry(entry) for entry in done.entries], "unchanged": list(done.unchanged)})
        return
    for entry in done.entries:
        verb = "corrected" if entry.kind == "fact.corrected" else "recorded"
        on = "" if entry.track == "factual" else f" ({entry.track.replace('_', ' ')} track)"
        common.say(f"{incident} entry {entry.seq}: {verb} {entry.body['key']} = {entry.body['value']}{on}")
    for key in done.unchanged:
        common.say(f"{key} was known so already; nothing was written")
