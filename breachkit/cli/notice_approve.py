"""`breachkit notice approve`: who approved which words of a notice, and whether that still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import Refused, UsageError

if TYPE_CHECKING:
    from breachkit.domain.approvals import Approval, Standing

WORDS = Annotated[
    list[str], typer.Argument(metavar="[DUTY] INCIDENT", help="The duty, then the incident; with --list the incident.")
]


def add(app: typer.Typer) -> None:
    """Declare the command."""
    app.command("approve", epilog='Example: breachkit notice approve eu.gdpr.33 INC-1 --by "Ana Example" --note "read aloud"')(
        approve
    )


def approve(
    words: WORDS,
    language: Annotated[
        str | None,
        typer.Option("--lang", metavar="LANGUAGE", help="The incident's if left out.", show_default=False),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who approves; who records, if left out.", show_default=False)
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What to remember of it.", show_default=False)] = "",
    incomplete: Annotated[
        str,
        typer.Option("--incomplete", metavar="REASON", help="Approve although the check found faults.", show_default=False),
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="Show what was approved and whether it still stands.")] = False,
    facts: common.FACTS = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
    as_of: common.AS_OF = None,
) -> None:
    """Approve a notice as it is made now: it is a DRAFT no more, until a fact it stands on changes.

    Who approved is recorded as said, not proven.
    """
    from breachkit.workflow.approval import NO_JOURNAL

    if facts is not None:
        raise Refused(NO_JOURNAL)
    space = common.workspace(database, actor, as_of=as_of)
    if listed:
        _list(words, space, as_json=as_json)
    else:
        _approve(words, space, language, by, note, incomplete, as_json=as_json)


def _approve(
    words: list[str], space: Any, language: str | None, by: str | None, note: str, incomplete: str, *, as_json: bool
) -> None:
    from breachkit.workflow import approval, contract, drafts

    if len(words) != 2:
        raise UsageError("name a duty and an incident: breachkit notice approve eu.gdpr.33 INC-1")
    duty, incident = words if "." in words[0] else words[::-1]
    with common.open_journal(space) as journal:
        done = approval.approve(
            space, journal, incident, duty, drafts.make, language=language, by=by, note=note, incomplete=incomplete
        )
    held, made = done.approval, done.made
    if as_json:
        reading = {"grade": round(made.check.reading.grade, 1), "words": made.check.reading.words}
        common.print_json(
            {**_row(held, held), "title": made.notice.title, "reading": reading, "entries": [contract.entry(done.entry)]}
        )
        return
    common.say(f"{incident} entry {done.entry.seq}: {held.duty} ({held.language}) approved by {held.by}", style="1")
    common.say(f"  title       {made.notice.title}")
    common.say(f"  words       {made.check.reading.words}, school grade {made.check.reading.grade:.0f}")
    for label, digest in (
        ("snapshot", held.snapshot), ("facts", held.facts), ("template", held.template), ("law pack", held.law_pack),
    ):  # fmt: skip
        common.say(f"  {label:<11} {digest}")
    if held.incomplete:
        common.say(f"  NOT COMPLETE: {'; '.join(made.check.reasons())}; approved because: {held.incomplete}")
    if made.notice.exercise is not None:
        common.talk("this is an exercise: its notices say so on every page, approved or not")
    elif made.notice.invented:
        common.talk("the incident is invented: its notices keep that banner, approved or not")
    common.talk("a changed fact withdraws this approval; `breachkit notice approve --list` shows whether it stands")


def _list(words: list[str], space: Any, *, as_json: bool) -> None:
    from breachkit.domain.approvals import say_standing
    from breachkit.workflow.approval import all_standings
    from breachkit.workflow.notices import draft_notice

    if len(words) != 1:
        raise UsageError("name one incident: breachkit notice approve --list INC-1")
    with common.answered(words[0], None, space) as answer:
        found = list(all_standings(answer, space, draft_notice))
    if as_json:
        common.print_json({"incident": words[0], "approvals": [_row(approval, standing) for approval, standing in found]})
        return
    for approval, standing in found:
        common.say(f"{'stands' if standing == approval else 'WITHDRAWN':<10} {approval.duty} ({approval.language})", style="1")
        common.say(f"           {say_standing(standing)}")
    if not found:
        common.say(f"nothing of {words[0]} was approved yet")


def _row(approval: Approval, standing: Standing) -> dict[str, Any]:
    from breachkit.domain.approvals import Withdrawn, say_standing
    from breachkit.workflow.contract import moment

    changes = standing.changes if isinstance(standing, Withdrawn) else ()
    return {
        "duty": approval.duty,
        "language": approval.language,
        "stands": standing == approval,
        "says": say_standing(standing),
        "by": approval.by,
        "at": moment(approval.at),
        "note": approval.note or None,
        "incomplete": approval.incomplete or None,
        "entry": approval.seq,
        "hashes": {
            "snapshot": approval.snapshot,
            "facts": approval.facts,
            "template": approval.template,
            "law_pack": approval.law_pack,
        },
        "changed": [
            {"what": one.what, "before": one.before, "after": one.after, "at": moment(one.at), "by": one.by} for one in changes
        ],
    }
