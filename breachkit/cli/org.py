"""`breachkit org`: profiles of organisations."""

from __future__ import annotations

from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import ExitCode

org_app = common.app("Organisation profiles: list, show, check.", example="breachkit org check innexum")

WHICH = Annotated[str, typer.Argument(metavar="ID|PATH", help="A shipped profile's id, or a path to your own.")]


@org_app.command("list", epilog="Example: breachkit org list --json")
def list_(as_json: common.JSON = False) -> None:
    """The shipped profiles."""
    from breachkit.content.organisations import load_organisation, profile_ids

    found = [load_organisation(id) for id in profile_ids()]
    if as_json:
        common.print_json({"organisations": [{"id": one.id, "name": one.name} for one in found]})
        return
    for one in found:
        common.say(f"{one.id:<14} {one.name:<24} {one.affiliation or ''}")


@org_app.command("show", epilog="Example: breachkit org show innexum")
def show(which: WHICH, as_json: common.JSON = False) -> None:
    """What a profile says, its promises as duties, and its gaps."""
    from breachkit.content.organisations import load_organisation
    from breachkit.domain.facts import say_value
    from breachkit.domain.periods import say_period
    from breachkit.workflow import contract

    one = load_organisation(which)
    if as_json:
        common.print_json(contract.organisation(one))
        return
    common.say(f"{one.name} ({one.id})", style="1")
    if one.affiliation:
        common.say(one.affiliation)
    why = one.profile.get("why") or {}
    for key, fact in one.facts.items():
        short = key.removeprefix("organisation.")
        common.say(f"  {short:<22} {say_value(fact.value)}")
        if short in why:
            common.say(f"  {'':<22} why: {why[short]}")
    for row in one.profile.get("holds") or []:
        role = f" as {row['role']}" if row.get("role") else " (role not stated)"
        common.say(f"  holds{role}: {row.get('name')}: {', '.join(row.get('categories') or [])}")
    for row in one.profile.get("providers") or []:
        common.say(f"  provider: {row.get('name')} ({row.get('does', '')})")
    for row in one.profile.get("retention") or []:
        common.say(f"  keeps {row.get('what')} for {row.get('keep')}")
    for commitment in one.commitments:
        within = f"within {say_period(commitment.within)}" if commitment.within else commitment.qualifier or "no time named"
        common.say(
            f"  {commitment.source} {commitment.id}: tell {commitment.to} {within} from {commitment.starts}"
            f" [{commitment.citation.text}]"
        )
    _gaps(one)


@org_app.command("check", epilog="Example: breachkit org check our-profile.yaml --fail-on gaps")
def check(
    which: WHICH,
    fail_on: Annotated[
        str | None, typer.Option("--fail-on", metavar="gaps", help="Exit 1 when the profile has gaps.", show_default=False)
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Whether a profile can be read, and what it leaves open that will hurt in an incident."""
    from breachkit.content.organisations import load_organisation
    from breachkit.workflow.profiles import unknown_fields

    one = load_organisation(which)
    unknown = unknown_fields(one)
    if as_json:
        gaps = [{"what": gap.what, "section": gap.section} for gap in one.gaps]
        common.print_json({"id": one.id, "ok": True, "gaps": gaps, "unknown": [{"field": f, "hurts": t} for f, t in unknown]})
    else:
        common.say(f"{one.name}: readable; {len(one.gaps)} gaps, {len(unknown)} fields not known")
        _gaps(one)
        for field, hurts in unknown:
            common.say(f"  not known: {field} - {hurts}")
    if fail_on == "gaps" and (one.gaps or unknown):
        raise typer.Exit(ExitCode.FINDING)


def _gaps(one: object) -> None:
    from breachkit.domain.organisation import Organisation

    assert isinstance(one, Organisation)
    for gap in one.gaps:
        where = f" [{gap.section}]" if gap.section else ""
        common.say(f"  gap: {gap.what}{where}")
