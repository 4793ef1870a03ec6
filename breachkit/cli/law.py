"""`breachkit law`: the law library, as a person would explain it."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from breachkit.cli import common
from breachkit.errors import BadFile, ExitCode, UnknownName, UsageError

if TYPE_CHECKING:
    from breachkit.domain.law import LawPack, Regime
    from breachkit.storage.journal import Journal
    from breachkit.workflow.law_check import Progress
    from breachkit.workflow.law_diff import Difference
    from breachkit.workflow.law_lines import Line
    from breachkit.workflow.workspace import Workspace

law_app = common.app("The law library: list, show, check, compare.", example="breachkit law show us.fl")

WIDTH = 100
LABEL = 13
"""The column of what a line is about."""


@law_app.command("list", epilog="Example: breachkit law list --place US")
def list_(
    place: Annotated[
        str | None,
        typer.Option("--place", metavar="PLACE", help="Of this place, its parts, and what it lies in.", show_default=False),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KIND", help="general, sector, incident, no_general_duty or unknown.", show_default=False
        ),
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Every regime and its duties, by place."""
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.domain.law import RegimeKind
    from breachkit.workflow import contract, lawbook

    chosen = next((one for one in get_args(RegimeKind) if one == kind), None)
    if kind is not None and chosen is None:
        raise UnknownName("kind of law", kind, get_args(RegimeKind), hint=f"(there are {', '.join(get_args(RegimeKind))})")
    found = lawbook.listed(_laws_in_use().regimes, load_vocabulary(), place, chosen)
    if as_json:
        common.print_json(contract.regimes(found))
    else:
        _print_list(found)


def _print_list(found: list[Regime]) -> None:
    from breachkit.content.laws import SHIPPED
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.workflow import contract, lawbook

    words, place = load_vocabulary(), ""
    for regime in found:
        if regime.place != place:
            place = regime.place
            common.say(f"{words.place_name(place)} ({place})", style="1")
        confidence = contract.weakest(version.confidence for duty in regime.duties for version in duty.versions)
        pack = "" if regime.pack == SHIPPED else f" [pack {regime.pack}]"
        common.say(f"  {regime.id:<20} {regime.kind.replace('_', ' '):<16} {confidence:<11} {regime.title}{pack}")
        for duty in regime.duties:
            common.say(f"      {duty.id:<34} {duty.title}")
    common.say()
    common.say(lawbook.summary(found))


def _laws_in_use() -> LawPack:
    """breachkit's own laws and a user's packs over them."""
    from breachkit.content.laws import laws_in_use

    return laws_in_use(common.workspace().law_folders).pack


@law_app.command("show", epilog="Example: breachkit law show eu.gdpr.33")
def show(
    which: Annotated[str, typer.Argument(metavar="REGIME|DUTY", help="Such as us.fl or eu.gdpr.33.")],
    as_json: common.JSON = False,
) -> None:
    """A law in plain words: who, when, to whom, with what, where it stands, how sure we are, and its older texts."""
    from breachkit.content.vocabulary import load_directory, load_vocabulary
    from breachkit.workflow import lawbook

    regime, id = lawbook.find(_laws_in_use(), which)
    if as_json:
        from breachkit.workflow import law_json

        common.print_json(law_json.as_json(regime, id, load_vocabulary(), load_directory()))
        return
    today = common.workspace().now.date()
    for line in lawbook.explain(regime, id, load_vocabulary(), load_directory(), today):
        _print_line(line)


def _print_line(line: Line) -> None:
    if line.heading:
        _wrapped(line.text, "", 4, style="1")
    elif line.text:
        begins = f"  {line.label:<{LABEL}}" + "  " * line.depth
        _wrapped(line.text, begins, len(begins) + (2 if line.text.startswith("- ") else 0))
    else:
        common.say()


def _wrapped(text: str, begins: str, hang: int, style: str = "") -> None:
    width = max(40, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))
    lines = textwrap.wrap(
        text, width, initial_indent=begins, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False
    )
    for line in lines:
        common.say(line, style=style)


@law_app.command("check", epilog="Example: breachkit law check our-laws/")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE|FOLDER]...", help="Law files; the shipped ones if none.")
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases", metavar="FOLDER", help="Where the cases lie, when not in `cases` beside the laws.", show_default=False
        ),
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Whether law files are sound: shape, dates, ids, content elements, authorities, conditions, and their cases."""
    from breachkit.workflow import lawbook
    from breachkit.workflow.law_check import check as check_laws

    with _progress() as progress:
        found = check_laws(tuple(paths or ()), cases, progress)
    for remark in found.remarks:
        common.talk(remark)
    if as_json:
        faults = [{"file": fault.file, "line": fault.line, "text": fault.text} for fault in found.faults]
        regimes = [regime.id for regime in found.regimes]
        common.print_json(
            {"ok": not faults, "regimes": regimes, "duties": found.duties, "cases": found.cases, "faults": faults}
        )
    if found.faults:
        raise BadFile(found.faults)
    if not as_json:
        tried = f"; {found.cases} cases agree with them and leave no side untried" if found.cases else ""
        common.say(f"sound: {lawbook.counted(found.regimes)}{tried}")


@contextmanager
def _progress() -> Iterator[Progress]:
    """Says on a terminal how far a long check is."""
    shown = sys.stderr.isatty()

    def told(done: int, all: int) -> None:
        if shown and done % 50 == 0:
            sys.stderr.write(f"\rtrying case {done} of {all} ")
            sys.stderr.flush()

    yield told
    if shown:
        sys.stderr.write("\r\x1b[K")


FAIL_ON = ("change",)


@law_app.command("diff", epilog="Example: breachkit law diff shipped our-laws/")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="`shipped`, a folder of laws, or a kept pack's hash.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same; what is new, gone or changed against OLD is shown.")],
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="WHAT", help="Exit 1 when there is one: change.", show_default=False),
    ] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
) -> None:
    """How two sets of laws differ, and what that changes for the open incidents."""
    from breachkit.workflow import law_diff

    if wrong := [what for what in fail_on or [] if what not in FAIL_ON]:
        raise UsageError(f"--fail-on takes {', '.join(FAIL_ON)}, not '{wrong[0]}'")
    space = common.workspace(database, now=now)
    with _journal(space) as journal:
        found = law_diff.difference(law_diff.side(old, journal), law_diff.side(new, journal))
        if journal is None:
            common.talk(f"no database is at {space.where}: no incident was looked at")
        else:
            found = law_diff.with_incidents(found, journal, space)
    if as_json:
        common.print_json(law_diff.as_json(found))
    else:
        _print_difference(found, looked=journal is not None)
    if fail_on and found.any:
        raise typer.Exit(ExitCode.FINDING)


@contextmanager
def _journal(space: Workspace) -> Iterator[Journal | None]:
    """The journal to read; None when there is no database yet, since laws can be compared without one."""
    path = Path(space.where.removeprefix("sqlite:///"))
    with common.open_journal(space, read_only=True) if path.exists() else nullcontext() as journal:
        yield journal


def _print_difference(found: Difference, *, looked: bool) -> None:
    for name, one in (("old", found.old), ("new", found.new)):
        hash = f", {one.pack.sha256[:12]}" if one.pack.sha256 else ""
        common.say(f"{name}: {one.name} ({one.read_as}{hash})")
    for title, changes in (("Regimes", found.regimes), ("Duties", found.duties)):
        if changes:
            common.say()
            common.say(f"{title} that are not the same: {len(changes)}", style="1")
        for change in changes:
            _wrapped(f"{change.how.upper():<8} {change.id}: {change.title}", "  ", 11)
            for text in change.what:
                _wrapped(text, "           ", 13)
    if not found.regimes and not found.duties:
        common.say("No law differs.")
    if looked:
        _print_incidents(found)


def _print_incidents(found: Difference) -> None:
    common.say()
    common.say(f"Open incidents for which something changes: {len(found.incidents)} of {found.looked_at}", style="1")
    for one in found.incidents:
        invented = " (invented)" if one.invented else ""
        _wrapped(f"{one.id}: {one.title}{invented}{f' - {one.trouble}' if one.trouble else ''}", "  ", 4)
        for moved in one.duties:
            _wrapped(f"{moved.id}: {moved.title}", "    ", 6)
            for text in moved.what:
                _wrapped(text, "        ", 10)
