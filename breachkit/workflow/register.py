"""The register of breaches that GDPR Art. 33(5) asks for: facts, effects, remedial action and why was or was not notified."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from breachkit.content.looks import load_look
from breachkit.documents.report_html import report_html
from breachkit.documents.report_pdf import report_pdf
from breachkit.domain import marks
from breachkit.domain.incident_report import ReportDocument
from breachkit.domain.notice_text import clean
from breachkit.domain.periods import show
from breachkit.domain.spreadsheet import guarded
from breachkit.errors import UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow import contract
from breachkit.workflow.register_columns import COLUMNS, INVENTED
from breachkit.workflow.report_markdown import md, table
from breachkit.workflow.subjects import Subject, known_incidents, subject_of_incident
from breachkit.workflow.subjects import answer as judge
from breachkit.workflow.tracks import on_record
from breachkit.workflow.workspace import Workspace

FORMATS: Final = ("csv", "md", "html", "pdf", "json")


@dataclass(frozen=True)
class Row:
    """One incident of the register."""

    incident: str
    invented: bool
    cells: Mapping[str, str]
    """Column to text, in the order of the columns; empty where nothing is known."""
    exercise: str | None = None
    """The exercise it belongs to, by name; None outside of one."""

    @property
    def mark(self) -> str:
        """The line that says that nothing of it happened; empty for a real incident."""
        return marks.line(self.invented, self.exercise, INVENTED)


@dataclass(frozen=True)
class Register:
    """The register as of a moment."""

    now: datetime
    rows: tuple[Row, ...]
    left_out_ids: tuple[str, ...]
    """Invented incidents that were not asked for."""
    pack_sha256: str

    @property
    def left_out(self) -> int:
        """How many incidents were not asked for."""
        return len(self.left_out_ids)


def all_subjects(journal: Journal, workspace: Workspace) -> Iterator[Subject]:
    """Every incident of the journal, oldest first; with `as_of`, those that were open by then."""
    for id in known_incidents(journal):
        if workspace.as_of is None or journal.entries(id, as_of=workspace.as_of):
            yield subject_of_incident(journal, id, workspace)


def register(
    subjects: Iterable[Subject], workspace: Workspace, *, invented: bool = False, privileged: bool = False
) -> Register:
    """The register of these incidents. Invented ones stay out unless asked for, and so does what is for counsel alone."""
    now, rows, left_out, pack = workspace.now, [], [], ""
    for whole in subjects:
        if whole.invented and not invented:
            left_out.append(whole.name)
            continue
        found = judge(on_record(whole, privileged=privileged).subject, workspace)
        pack = found.assessment.pack_sha256
        cells = {name: _one_line(make(found)) for name, make in COLUMNS.items()}
        mark = marks.line(whole.invented, whole.exercise, INVENTED)
        rows.append(Row(whole.name, whole.invented, {**cells, "invented": mark}, whole.exercise))
    return Register(now, tuple(rows), tuple(left_out), pack)


def render_register(found: Register, format: str, workspace: Workspace) -> str | bytes:
    """The register as csv, md, html or pdf. UnknownName for another format."""
    match format:
        case "csv":
            return as_csv(found)
        case "md":
            return as_document(found).markdown()
        case "html":
            return report_html(as_document(found))
        case "pdf":
            return report_pdf(as_document(found), load_look(workspace.own_folder))
        case _:
            raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")


def as_csv(found: Register) -> str:
    """UTF-8 with a header, lines ended as RFC 4180 says. No cell is ever read as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in row.cells.values()] for row in found.rows)
    return out.getvalue()


def as_json(found: Register) -> dict[str, Any]:
    """`breachkit/register@1`."""
    return {
        "format": "breachkit/register@1",
        "now": contract.moment(found.now),
        "law_pack": {"sha256": found.pack_sha256},
        "notice": contract.NOT_ADVICE,
        "columns": list(COLUMNS),
        "incidents": [
            {"incident": row.incident, **marks.in_json(row.invented, row.exercise), **row.cells} for row in found.rows
        ],
        "left_out": list(found.left_out_ids),
    }


def as_document(found: Register) -> ReportDocument:
    """A table for each incident, with a line for each column that is not empty."""
    count = len(found.rows)
    head = f"{count} {'incident' if count == 1 else 'incidents'}, as of {show(found.now, 'UTC')}."
    body: list[str] = []
    for row in found.rows:
        body += [f"## {md(row.incident)}: {md(row.cells['title'])}", ""]
        body += [f"**{row.mark}**", ""] if row.invented else []
        body += table(("What", "On record"), ((_label(name), cell) for name, cell in row.cells.items() if cell))
    return ReportDocument(
        title="Register of personal data breaches",
        heading="Register of personal data breaches",
        banners=_banners(found),
        before=f"{head} Kept under GDPR Art. 33(5), also for breaches that were not notified.\n\n*{contract.NOT_ADVICE}*\n",
        chart=None,
        after="\n".join(body) if body else "No incident is on record.",
        footer=f"Register as of {show(found.now, 'UTC')}"
        + (f", law pack {found.pack_sha256[:12]}" if found.pack_sha256 else ""),
        written_on=found.now.date(),
        exercise=exercise_of(found),
    )


def exercise_of(found: Register) -> str | None:
    """The exercises' names when the register holds nothing else; None when it holds anything else, or nothing."""
    names = [row.exercise for row in found.rows]
    held = [name for name in dict.fromkeys(names) if name is not None]
    return ", ".join(held) if names and None not in names else None


def _banners(found: Register) -> tuple[str, ...]:
    if exercise_of(found) is not None:
        return (marks.EXERCISE,)
    exercises = ("HOLDS EXERCISES, each marked: nothing of those happened",)
    invented = (f"HOLDS {INVENTED.split(' - ')[0]} INCIDENTS, each marked",)
    return (
        *(exercises if any(row.exercise is not None for row in found.rows) else ()),
        *(invented if any(row.invented and row.exercise is None for row in found.rows) else ()),
    )


_LABELS: Final = {"facts_sha256": "Hash of the facts", "data": "Kinds of data", "aware": "Aware of the breach"}


def _label(column: str) -> str:
    return _LABELS.get(column, column.replace("_", " ").capitalize())


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
