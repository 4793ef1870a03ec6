"""`breachkit law`: the law library, as a person would explain it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common

law_app = common.app("The law library: list, show, check.", example="breachkit law show us.fl")


@law_app.command("list", epilog="Example: breachkit law list --json")
def list_(as_json: common.JSON = False) -> None:
    """Every regime and its duties."""
    from breachkit.content.laws import load_laws
    from breachkit.workflow import contract

    known = load_laws()
    if as_json:
        common.print_json(contract.regimes(known))
        return
    for regime in known:
        confidence = contract.weakest(version.confidence for duty in regime.duties for version in duty.versions)
        common.say(f"{regime.id:<18} {regime.place:<7} {confidence:<11} {regime.title}")
        for duty in regime.duties:
            common.say(f"    {duty.id:<32} {duty.title}")


@law_app.command("show", epilog="Example: breachkit law show eu.gdpr.33")
def show(
    which: Annotated[str, typer.Argument(metavar="REGIME|DUTY", help="Such as us.fl or eu.gdpr.33.")],
    as_json: common.JSON = False,
) -> None:
    """A law in plain words: who, when, to whom, with what, where it stands, how sure we are, and its older texts."""
    from breachkit.content.laws import load_laws
    from breachkit.content.vocabulary import load_directory, load_vocabulary
    from breachkit.errors import UnknownName
    from breachkit.workflow import lawbook

    known = load_laws()
    regimes = [regime for regime in known if which == regime.id or any(duty.id == which for duty in regime.duties)]
    if not regimes:
        raise UnknownName("law", which, [regime.id for regime in known] + [duty.id for r in known for duty in r.duties])
    if as_json:
        common.print_json(lawbook.as_json(regimes[0], which))
        return
    for line in lawbook.explain(regimes[0], which, load_vocabulary(), load_directory()):
        common.say(line)


@law_app.command("check", epilog="Example: breachkit law check our-laws/")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE|FOLDER]...", help="Law files; the shipped ones if none.")
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Whether law files can be read: shape, dates, ids, content elements, authorities, conditions."""
    from breachkit.workflow import lawbook

    found = lawbook.check(tuple(paths or ()))
    duties = sum(len(regime.duties) for regime in found)
    if as_json:
        common.print_json({"ok": True, "regimes": [regime.id for regime in found], "duties": duties})
    else:
        common.say(f"{len(found)} regimes with {duties} duties are sound")
