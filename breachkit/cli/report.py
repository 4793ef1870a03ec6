"""`breachkit report`: the incident report, and the register of breaches."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common
from breachkit.domain import marks
from breachkit.errors import UsageError

if TYPE_CHECKING:
    from breachkit.workflow.report_view import View
    from breachkit.workflow.workspace import Workspace

report_app, _command = common.single(example="breachkit report INC-1 --format pdf --out report.pdf")


@_command
def report(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    register: Annotated[
        bool, typer.Option("--register", help="The register of breaches (GDPR Art. 33(5)); of all incidents if none is named.")
    ] = False,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="md|html|pdf|json|csv", help="md if left out; csv is for the register.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE|FOLDER", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    invented: Annotated[bool, typer.Option("--invented", help="Keep invented incidents in the register, marked.")] = False,
    reader: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="auditor|regulator|executive",
            help="Whom it is written for; left out: the team's own report, with all of it.",
            show_default=False,
        ),
    ] = None,
    privileged: Annotated[
        bool, typer.Option("--privileged", help="Keep what was recorded on the privileged track; never for a regulator.")
    ] = False,
    without_third_party: Annotated[
        bool,
        typer.Option("--without-third-party", help="Leave out the third-party track too, as a regulator's report always does."),
    ] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """What is known, who was told and must still be told, and how it went, with a drawn time line.

    --for writes it for one reader: an executive (two pages), a regulator (facts and acts, nothing privileged), an auditor
    (everything, with its proof).
    """
    space = common.workspace(database, now=now, as_of=as_of)
    if register:
        if reader is not None or without_third_party:
            raise UsageError("the register is one paper for every reader; leave out --for and --without-third-party")
        name, made, data = _register(incident, facts, format or "md", space, invented=invented, privileged=privileged)
    else:
        third_party = not without_third_party
        name, made, data = _report(
            incident, facts, format or "md", space, reader=reader, privileged=privileged, third_party=third_party
        )
    if as_json and data is None:
        text = made if isinstance(made, str) else base64.b64encode(made).decode()
        body = "text" if isinstance(made, str) else "base64"
        common.print_json({"incident": incident or str(facts), "format": format or "md", body: text})
    elif as_json or (data is not None and out is None):
        common.print_json(data)
    else:
        _put(made, name, out, force=force)


def _report(
    incident: str | None,
    facts: Path | None,
    format: str,
    space: Workspace,
    *,
    reader: str | None,
    privileged: bool,
    third_party: bool,
) -> tuple[str, str | bytes, dict[str, Any] | None]:
    from breachkit.workflow import report as reports
    from breachkit.workflow import report_json, report_view, tracks

    if reader is not None:
        return _report_for(reader, incident, facts, format, space, privileged=privileged, third_party=third_party)
    keep = tracks.ALL - {"privileged"} - (set() if third_party else {"third_party"})
    with common.subject(incident, facts, space) as subject:
        seen = report_view.view(subject, space, privileged=privileged, keep=keep)
        _warn(seen)
        name = _name("report", incident, format, subject.invented, subject.exercise)
        if format == "json":
            data = report_json.json_on(seen)
            return name, report_json.text(data), data
        document = reports.report_on(seen.answer, seen.standings, withheld=seen.kept.withheld)
        return name, reports.render_report(document, format, space), None


def _report_for(
    said: str,
    incident: str | None,
    facts: Path | None,
    format: str,
    space: Workspace,
    *,
    privileged: bool,
    third_party: bool,
) -> tuple[str, str | bytes, dict[str, Any] | None]:
    """The report for one reader."""
    from breachkit.workflow import report as reports
    from breachkit.workflow import report_json, report_readers

    reader = report_readers.read_reader(said)
    with common.subject(incident, facts, space) as subject:
        seen = report_readers.seen_by(reader, subject, space, privileged=privileged, third_party=third_party)
        name = report_readers.file_name(reader, incident, format, subject)
        _warn(seen)
        if format == "json":
            data = report_readers.json_for(reader, seen)
            return name, report_json.text(data), data
        return name, reports.render_report(report_readers.document_for(reader, seen), format, space), None


def _warn(seen: View) -> None:
    from breachkit.workflow.report_view import warnings

    for warning in warnings(seen):
        common.talk(f"warning: {warning}")


def _register(
    incident: str | None, facts: Path | None, format: str, space: Workspace, *, invented: bool, privileged: bool
) -> tuple[str, str | bytes, dict[str, Any] | None]:
    from breachkit.workflow import register as registers
    from breachkit.workflow import report_json

    if facts is not None or incident is not None:
        with common.subject(incident, facts, space) as subject:
            found = registers.register([subject], space, invented=invented, privileged=privileged)
    else:
        with common.open_journal(space, read_only=True) as journal:
            found = registers.register(registers.all_subjects(journal, space), space, invented=invented, privileged=privileged)
    if found.left_out:
        common.talk(f"{found.left_out} invented left out: {', '.join(found.left_out_ids)}; --invented keeps them, marked")
    marked = any(row.invented for row in found.rows)
    exercise = next((row.exercise for row in found.rows if row.exercise is not None), None)
    name = _name("register", incident, format, marked, exercise)
    if format == "json":
        data = registers.as_json(found)
        return name, report_json.text(data), data
    return name, registers.render_register(found, format, space), None


def _name(what: str, incident: str | None, format: str, invented: bool, exercise: str | None) -> str:
    return f"{marks.before_name(invented, exercise)}{what}{f'-{incident}' if incident else ''}.{format}"


def _put(made: str | bytes, name: str, out: Path | None, *, force: bool) -> None:
    from breachkit.workflow.files import write_new

    if out is not None:
        path = out / name if out.is_dir() else out
        write_new(path, made, force=force)
        common.talk(f"{path} written")
    elif isinstance(made, str):
        common.put(made)
    elif sys.stdout.isatty():
        raise UsageError("a PDF is not for a terminal; name a file: --out report.pdf")
    else:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
