"""Worksheets for portals: which there are, and one filled in from an incident's facts."""

from __future__ import annotations

import json
from typing import Any, Final

from breachkit.content.worksheets import load_worksheets
from breachkit.documents.render import render
from breachkit.documents.worksheet import as_csv, as_markdown, as_text, shown
from breachkit.domain import marks
from breachkit.domain.findings import Finding
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice
from breachkit.domain.worksheet_answers import Answered, Answers, FilledSheet
from breachkit.domain.worksheets import Worksheet, best, generic_sheet
from breachkit.errors import UnknownName
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

FORMATS: Final = ("text", "md", "html", "json", "csv")


def available(workspace: Workspace) -> tuple[Worksheet, ...]:
    """Every worksheet made for a portal, by id."""
    return load_worksheets(workspace.own_folder)


def sheet_for(finding: Finding, workspace: Workspace, answer: Answer) -> Worksheet:
    """The sheet of the finding's portal; where nobody described one, a generic sheet of what the law asks for."""
    found = best(available(workspace), finding.duty, finding.recipient.id)
    return found or generic_sheet(finding, answer.subject.book.words)


def fill_worksheet(answer: Answer, finding: Finding, workspace: Workspace) -> FilledSheet:
    """The worksheet of a finding, answered from the facts known now."""
    subject, assessment = answer.subject, answer.assessment
    context = notice_context(
        subject.book,
        finding,
        organisation_name=subject.organisation_name,
        now=assessment.now,
        draft=True,
        pack_sha256=assessment.pack_sha256,
        exercise=subject.exercise,
    )
    sheet = sheet_for(finding, workspace, answer)
    answers = Answers(subject.book, finding, assessment.now, dict(context.values))
    return FilledSheet(
        sheet=sheet,
        duty=finding.id,
        duty_title=finding.title,
        recipient=finding.recipient.name,
        invented=subject.invented,
        answers=answers.sheet(sheet),
        facts_sha256=context.facts_sha256,
        pack_sha256=assessment.pack_sha256,
        exercise=subject.exercise,
    )


def hints_for(finding: Finding, workspace: Workspace) -> list[str]:
    """What a person should hear beside the sheet: that nothing goes to a portal, or that other forms may come into play."""
    sheets = available(workspace)
    said = []
    if finding.recipient.kind != "authority":
        to = finding.recipient.name
        said.append(f"{finding.id} goes to {to}, not to a portal; see `breachkit notice render {finding.id}`")
    if finding.recipient.id is None and finding.recipient.candidates:
        own = [id for id in finding.recipient.candidates if (found := best(sheets, finding.duty, id)) and found.recipients]
        if own:
            waits = ", ".join(finding.recipient.waits_for) or "the facts that name the authority"
            said.append(f"which authority it goes to is open ({waits}); forms of their own: {', '.join(own)}")
    return said


def written(filled: FilledSheet, format: str, *, only_open: bool = False) -> str:
    """The sheet in that format. UnknownName names the formats there are."""
    match format:
        case "json":
            return json.dumps(as_json(filled, only_open=only_open), indent=1, ensure_ascii=False) + "\n"
        case "text":
            return as_text(filled, only_open=only_open)
        case "csv":
            return as_csv(filled, only_open=only_open)
        case "md" | "html":
            return render(_as_notice(filled, only_open), format)
        case _:
            raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")


def _as_notice(filled: FilledSheet, only_open: bool) -> Notice:
    return Notice(
        duty=filled.duty,
        title=filled.sheet.title,
        language="en",
        source=as_markdown(filled, only_open=only_open),
        elements={},
        draft=False,
        invented=filled.invented,
        facts_sha256=filled.facts_sha256,
        template_sha256=filled.sheet.sha256,
        pack_sha256=filled.pack_sha256,
        exercise=filled.exercise,
    )


def as_json(filled: FilledSheet, *, only_open: bool = False) -> dict[str, Any]:
    """The sheet for programs. Keys are added, never renamed."""
    sheet = filled.sheet
    return {
        "worksheet": sheet.id,
        "title": sheet.title,
        "duty": filled.duty,
        "recipient": filled.recipient,
        "generic": sheet.generic,
        "saves": sheet.saves,
        **marks.in_json(filled.invented, filled.exercise),
        "notes": list(sheet.notes),
        "confidence": sheet.confidence,
        "checked": sheet.checked,
        "source": [{"text": source.text, "url": source.url} for source in sheet.sources],
        "fields": [_field_json(one) for one in shown(filled, only_open=only_open)],
        "unknown": filled.unknown,
        "hashes": {"facts": filled.facts_sha256, "worksheet": sheet.sha256, "law_pack": filled.pack_sha256},
    }


def _field_json(one: Answered) -> dict[str, Any]:
    field = one.field
    return {
        "part": one.part,
        "part_title": one.part_title,
        "n": one.n,
        "of": one.of,
        "id": field.id,
        "form_id": field.form_id,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "answer": one.answer,
        "status": one.status,
        "facts": list(one.facts),
        "record": list(one.record),
        "limit": field.limit,
        "length": one.length,
        "too_long": one.too_long,
        "options": [option.label for option in field.options],
        "note": " ".join([*one.notes, *([field.note] if field.note else [])]),
        "personal_data": field.personal,
        "confidence": field.confidence,
        "source": field.source or None,
    }


def entry_json(sheet: Worksheet) -> dict[str, Any]:
    """One line of the list of worksheets, for programs."""
    return {
        "worksheet": sheet.id,
        "title": sheet.title,
        "duties": list(sheet.duties),
        "recipients": list(sheet.recipients),
        "parts": len(sheet.parts),
        "fields": sum(len(part.fields) for part in sheet.parts),
        "saves": sheet.saves,
        "confidence": sheet.confidence,
        "checked": sheet.checked,
    }
