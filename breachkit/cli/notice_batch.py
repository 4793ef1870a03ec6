"""`breachkit notice batch`: letters for everybody in a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import UsageError

_EXAMPLE = "breachkit notice batch us.ca.individuals eu.gdpr.34 INC-1 --people people.csv --out letters --format eml"
Progress = Callable[[str, int, int], None]


def add(app: typer.Typer) -> None:
    """Declare the command on that app."""
    app.command("batch", epilog=f"Example: {_EXAMPLE}")(batch)


def batch(
    duties: Annotated[
        list[str],
        typer.Argument(
            metavar="DUTY... [INCIDENT]",
            help="Duties towards people, or `all` that run, and an incident unless --facts is given.",
        ),
    ],
    people: Annotated[Path, typer.Option("--people", metavar="FILE", help="The table of affected people, CSV or Parquet.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="A folder of its own; an unfinished batch there goes on.")
    ],
    facts: common.FACTS = None,
    format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="eml, pdf, pdf-print, html, text, jsonl or docx.")
    ] = "eml",
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes that write letters.", show_default=False)
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="FIELD=HEADER", help="Which column holds a field.", show_default=False),
    ] = None,
    default_place: Annotated[
        str | None,
        typer.Option(
            "--default-place", metavar="PLACE", help="Where people live whose row names no place.", show_default=False
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="LANGUAGE",
            help="The language for people whose row names none; left out, the one your sentences are written in.",
            show_default=False,
        ),
    ] = None,
    fallback: Annotated[
        str | None,
        typer.Option(
            "--fallback-language",
            metavar="LANGUAGE",
            help="The language for people in whose own there is no letter; left out, they are refused.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="Read only the first N rows, to try it.", show_default=False),
    ] = None,
    record: Annotated[bool, typer.Option("--record", help="Record the counts by place as facts of the incident.")] = False,
    law_date: common.LAW_DATE = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Write one letter to each person of a table, by residence and language, with a manifest of who got which.

    Rows that cannot be served are listed with the reason, and nobody is written to twice. Stopped, it goes on where it was when
    the same command is given again. Nothing is sent.
    """
    from dataclasses import replace

    from breachkit.workflow.batch import Order, began_at, run_batch

    names, incident = _split(duties, facts)
    if record and incident is None:
        raise UsageError("--record needs an incident; with --facts there is none, `counts.yaml` holds the counts")
    space = common.workspace(database, actor)
    order = Order(people, out, format, workers, _columns(column or []), default_place, language, fallback, limit)
    # Gone on with as of when it was begun: its letters keep their date.
    seen = replace(space, reading_now=began) if (began := began_at(out)) is not None else space
    with common.answered(incident, facts, seen, law_date=law_date) as answer, _shown() as progress:
        summary = run_batch(answer, names, seen, order, progress)
    if record and incident is not None:
        _record(space, incident, summary, people.name)
    if as_json:
        common.print_json({**summary, "folder": str(out)})
    else:
        _say(summary, out)


def _split(names: list[str], facts: Path | None) -> tuple[list[str], str | None]:
    """Duties, or `all`, and the incident among the words."""
    incidents = [name for name in names if "." not in name and name != "all"]
    duties = [name for name in names if name not in incidents]
    if facts is None and len(incidents) != 1:
        raise UsageError("name one incident (INC-1) after the duties, or a facts file (--facts incident.yaml)")
    if facts is not None and incidents:
        raise UsageError(f"with --facts there is no incident to name: '{incidents[0]}'")
    if not duties:
        raise UsageError("name a duty towards people such as eu.gdpr.34, or `all`; breachkit duties lists them")
    return duties, incidents[0] if incidents else None


def _columns(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        field, sign, header = pair.partition("=")
        if not sign or not field.strip() or not header:
            raise UsageError(f"'{pair}' is not FIELD=HEADER; write --column email=Mail")
        if field.strip() in found:
            raise UsageError(f"--column {field.strip()} is said twice; keep one")
        found[field.strip()] = header
    return found


def _record(space: Any, incident: str, summary: Mapping[str, Any], name: str) -> None:
    from breachkit.workflow.batch_results import record_counts

    with common.open_journal(space) as journal:
        done = record_counts(space, journal, incident, summary, name)
    common.talk(f"{len(done.entries)} counts recorded in {incident}, {len(done.unchanged)} unchanged")


@contextmanager
def _shown() -> Iterator[Progress]:
    """A bar on a terminal, and elsewhere a line for each tenth."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<8}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def show(phase: str, done: int, of: int) -> None:
            if phase not in tasks:
                tasks[phase] = bar.add_task(phase)
            bar.update(tasks[phase], completed=done, total=of)

        yield show


def _lines() -> Progress:
    said: dict[str, int] = {}

    def show(phase: str, done: int, of: int) -> None:
        tenth = 10 * done // of if of else 10
        if tenth > said.get(phase, -1):
            said[phase] = tenth
            common.talk(f"{phase}: {tenth * 10}%")

    return show


def _say(summary: Mapping[str, Any], out: Path) -> None:
    from breachkit.workflow.batch import refusal_words

    letters, refused = summary["letters"], sum(summary["refused"].values())
    common.say(f"{letters:,} letter{'' if letters == 1 else 's'} from {summary['rows']:,} rows in {out}", style="1")
    for title, key in (("by duty", "by_duty"), ("by place", "by_place"), ("by language", "by_language")):
        said = ", ".join(f"{name} {number:,}" for name, number in summary[key].items())
        common.say(f"  {title:<12} {said or 'none'}")
    common.say(f"  {'duplicates':<12} {summary['duplicates']:,} (duplicates.csv says of whom)")
    common.say(f"  {'refused':<12} {refused:,}{' (refused.csv says which rows)' if refused else ''}")
    for code, number in summary["refused"].items():
        common.say(f"    {number:>9,} {code}: {refusal_words(code)}")
    for duty, number in summary["also_owed"].items():
        common.say(f"  {number:,} of them are owed {duty} too: make a batch of its own for it", style="33")
    if summary["language_assumed"]:
        common.say(f"  {summary['language_assumed']:,} rows name no language; theirs is the one of --lang")
    if summary["language_fallback"]:
        common.say(
            f"  {summary['language_fallback']:,} letters are in the fallback language, since there is none in the reader's own"
        )
    for duty, lacks in summary["lacks"].items():
        common.say(f"  {duty} still lacks {', '.join(lacks)}", style="33")
    if summary["draft"]:
        which = (
            "Every letter is"
            if set(summary["drafts"]) >= set(summary["by_duty"])
            else f"Letters of {', '.join(summary['drafts'])} are"
        )
        common.say(f"{which} marked DRAFT: not approved yet (breachkit notice approve).", style="1;31")
    common.say("Nothing was sent.")
    if summary["invented"]:
        what = "EXERCISE, nothing of this happened" if "exercise" in summary else "INVENTED incident"
        common.say(f"{what}: every mail address ends in .invalid.", style="1;31")
