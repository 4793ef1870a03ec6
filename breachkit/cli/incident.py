"""`breachkit incident`: open, list, show and close."""

from __future__ import annotations

from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import UsageError

incident_app = common.app(
    "Open, list, show and close incidents.",
    example='breachkit incident open "Exports readable" --aware 2026-11-20T22:15+01:00 --organisation example-co',
)


@incident_app.command("open", epilog='Example: breachkit incident open "Stolen laptop" --aware 2026-11-20T22:15+01:00')
def open_(
    title: Annotated[
        str | None, typer.Argument(metavar="[TITLE]", help="What happened, in a line.", show_default=False)
    ] = None,
    aware: Annotated[
        str | None, typer.Option("--aware", metavar="INSTANT", help="When you became aware.", show_default=False)
    ] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", "--org", metavar="ID|PATH", help="Whose incident it is.", show_default=False)
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="KEY=VALUE", help="Something known already; may be repeated.", show_default=False),
    ] = None,
    file: common.FACTS = None,
    source: Annotated[str | None, typer.Option("--source", help="Who says so.", show_default=False)] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Open an incident: the clock starts with what you know now. A whole facts file may be given instead."""
    from breachkit.content.factsfile import load_facts_file
    from breachkit.content.organisations import load_organisation
    from breachkit.workflow.recording import open_incident

    given = {**({"aware_at": aware} if aware else {}), **common.read_pairs(facts or [])}
    owner = load_organisation(organisation) if organisation else None
    if file is not None:
        held = load_facts_file(file)
        owner = owner or held.organisation
        acts = [key for key in held.facts if key.startswith(("filed.", "decided."))]
        if acts:
            raise UsageError(f"{acts[0]}: filings and decisions are recorded with `breachkit file` and `breachkit decide`")
        title = title or (str(held.facts["incident.title"].value) if "incident.title" in held.facts else None)
        given = {**held.written(), **given}
    title = title or given.get("incident.title")
    if not title:
        raise UsageError('an incident needs a title: breachkit incident open "what happened"')
    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        done = open_incident(space, journal, title=title, organisation=owner, facts=given, source=source)
    if as_json:
        common.print_json({"incident": done.incident, "entries": len(done.entries)})
    else:
        common.say(done.incident)
        common.talk(f"{done.incident} is open. Next: breachkit ask {done.incident}; breachkit duties {done.incident}")


@incident_app.command("list", epilog="Example: breachkit incident list --json")
def list_(as_json: common.JSON = False, database: common.DATABASE = None, now: common.NOW = None) -> None:
    """Every incident with its nearest deadline."""
    from breachkit.domain import marks
    from breachkit.workflow import contract, words
    from breachkit.workflow.subjects import answer, subject_of_incident

    space = common.workspace(database, now=now)
    rows = []
    with common.open_journal(space) as journal:
        for id in journal.incidents():
            found = answer(subject_of_incident(journal, id, space), space)
            rows.append((found, words.nearest_deadline(found.assessment)))
    if as_json:
        common.print_json(
            {
                "incidents": [
                    {
                        "id": found.subject.name,
                        "title": found.subject.title,
                        **contract.nothing_of_it(found.subject),
                        "closed": bool(found.subject.incident and found.subject.incident.closed_at),
                        "nearest": None if near is None else {"duty": near.id, "target": contract.moment(near.due.target)},
                    }
                    for found, near in rows
                ]
            }
        )
        return
    if not rows:
        common.talk('No incident yet. breachkit incident open "what happened" opens one; breachkit demo shows how it looks.')
    for found, near in rows:
        left = words.left(near.due.target, found.assessment.now) if near and near.due.target else "no deadline running"
        word = marks.word(found.subject.invented, found.subject.exercise)
        mark = f"  [{word}]" if word else ""
        common.say(f"{found.subject.name:<8} {left:<24} {near.id if near else '':<34} {found.subject.title}{mark}")


@incident_app.command("show", epilog="Example: breachkit incident show INC-1")
def show(
    incident: Annotated[str, typer.Argument(help="An incident such as INC-1.")],
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """The countdown, the open questions and the facts of one incident."""
    from breachkit.cli import output
    from breachkit.workflow import contract

    space = common.workspace(database, now=now, as_of=as_of)
    with common.answered(incident, None, space) as answer:
        facts = answer.subject.incident.facts if answer.subject.incident else {}
        if as_json:
            whole = contract.duties(answer)
            common.print_json({**whole, "facts": [contract.fact(fact) for fact in facts.values()]})
            return
        output.headline(answer)
        output.big_clock(answer)
        output.questions(answer, most=5)
        common.say()
        for fact in facts.values():
            output.fact(fact)


@incident_app.command("close", epilog='Example: breachkit incident close INC-1 --reason "all duties filed"')
def close(
    incident: Annotated[str, typer.Argument(help="An incident such as INC-1.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is over.")],
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Close an incident once every duty is filed or decided."""
    from breachkit.workflow.recording import close_incident

    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        close_incident(space, journal, incident, reason=reason)
    common.talk(f"{incident} is closed; its journal stays.")
