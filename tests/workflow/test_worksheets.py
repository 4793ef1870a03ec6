"""Worksheets by the front door: every duty has one, empty and full incidents fill every sheet, and two are read whole.

`BREACHKIT_UPDATE_GOLDEN=1 pytest tests/workflow/test_worksheets.py` writes the golden sheets anew; read the difference.
"""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.laws import load_laws
from breachkit.content.organisations import sample_path
from breachkit.content.worksheets import load_worksheets
from breachkit.documents.worksheet import COLUMNS
from breachkit.domain.spreadsheet import guarded
from breachkit.domain.worksheet_answers import FilledSheet
from breachkit.domain.worksheets import Worksheet
from breachkit.errors import UnknownName
from breachkit.workflow import subjects, worksheets
from breachkit.workflow.subjects import Answer, Subject
from breachkit.workflow.workspace import Workspace
from tests.worksheet_facts import book, full

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("BREACHKIT_UPDATE_GOLDEN") == "1"
SHEETS = load_worksheets()
AT_NOON = Workspace(reading_now=datetime(2026, 11, 21, 12, tzinfo=UTC))
DUTIES = [duty.id for regime in load_laws() for duty in regime.duties]

CLINIC: dict[str, Any] = {
    "incident.title": "Mailbox of the billing desk read by a stranger",
    "incident.summary": "Somebody used a stolen password to read the billing desk's mailbox for two days.",
    "incident.invented": "yes",
    "organisation.name": "Example Clinic",
    "organisation.address": "1 Example Street, Springfield, IL 62701",
    "organisation.sectors": ["hipaa_covered_entity"],
    "role": "controller",
    "began_at": "2026-10-01T03:00:00-05:00[America/Chicago]",
    "ended_at": "2026-10-03T09:00:00-05:00[America/Chicago]",
    "discovered_at": "2026-10-03T08:30:00-05:00[America/Chicago]",
    "breach.cause": "stolen_credentials",
    "breach.kinds": ["confidentiality"],
    "breach.systems": "The billing mailbox.",
    "data.categories": ["full_name", "dob", "medical_info", "health_insurance"],
    "data.categories_complete": "yes",
    "people.total": "480..620",
    "people.in.US-IL": "480..620",
    "people.elsewhere": "0",
    "test.hipaa_phi": "yes",
    "measures.before": "Passwords alone opened the mailbox.",
    "measures.taken": "The password was changed and open sessions were ended.",
    "contact.name": "Privacy officer",
    "contact.email": "privacy@example-co.invalid",
    "contact.phone": "+1 217 555 0100",
}


def answer_on(raws: dict[str, Any]) -> Answer:
    """Every duty judged on these facts."""
    return subjects.answer(Subject("made up", book(raws), None), AT_NOON)


def filled(answer: Answer, sheet: Worksheet) -> FilledSheet:
    """That sheet on these facts, for the first duty and authority it is made for."""
    fitting = [one for one in answer.assessment.findings if any(fnmatchcase(one.duty, duty) for duty in sheet.duties)]
    finding = fitting[0]
    if sheet.recipients:
        finding = replace(finding, recipient=replace(finding.recipient, id=sheet.recipients[0]))
    made = worksheets.fill_worksheet(answer, finding, AT_NOON)
    assert made.sheet.id == sheet.id
    return made


@pytest.fixture(scope="module")
def empty_answer() -> Answer:
    return answer_on({"incident.title": "x"})


@pytest.fixture(scope="module")
def full_answer() -> Answer:
    return answer_on(full())


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.id for sheet in SHEETS])
def test_on_an_empty_incident_nothing_is_known_and_nothing_is_made_up(sheet: Worksheet, empty_answer: Answer) -> None:
    made = filled(empty_answer, sheet)
    offered = {option.label for part in sheet.parts for field in part.fields for option in field.options}
    for one in made.answers:
        if one.status in ("known", "estimated"):
            assert one.field.id == "report_type"  # the duty's own stage says it, no fact is needed
            assert one.answer in offered
        elif one.status == "unknown":
            assert one.record, one.field.id
            assert one.answer == "" or one.answer in offered
        else:
            assert one.status in ("person", "not_applicable")
            assert one.answer == ""


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.id for sheet in SHEETS])
def test_on_a_full_incident_no_field_waits_for_a_fact_somebody_could_have_recorded(
    sheet: Worksheet, full_answer: Answer
) -> None:
    made = filled(full_answer, sheet)
    waiting = {key for one in made.answers if one.status == "unknown" for key in one.record}
    # Facts with many entries, and places of their own, are not among the made-up ones.
    assert {key for key in waiting if not key.startswith(("filed.", "harm.", "people.in."))} <= {"data.categories_complete"}


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.id for sheet in SHEETS])
@pytest.mark.parametrize("format", worksheets.FORMATS)
def test_every_format_holds_every_answer_whole(sheet: Worksheet, format: str, full_answer: Answer) -> None:
    made = filled(full_answer, sheet)
    text = worksheets.written(made, format)
    for one in made.answers:
        for line in one.answer.split("\n"):
            plain = line.replace("&", "&amp;").replace("'", "&#x27;") if format == "html" else line
            assert (json.dumps(plain, ensure_ascii=False)[1:-1] if format == "json" else plain.replace('"', '""')) in text
        assert format == "json" or format == "csv" or f"Part {one.part} of {len(sheet.parts)} - field {one.n} of" in text


def test_no_duty_is_without_a_worksheet(empty_answer: Answer) -> None:
    seen: dict[str, FilledSheet] = {}
    for finding in empty_answer.assessment.findings:
        seen[finding.duty] = made = worksheets.fill_worksheet(empty_answer, finding, AT_NOON)
        assert made.answers
        assert made.sheet.generic is not any(finding.duty in sheet.duties for sheet in SHEETS if not sheet.recipients) or (
            made.sheet.recipients
        )
    assert set(DUTIES) <= seen.keys()


def test_the_same_facts_give_the_same_bytes(full_answer: Answer) -> None:
    sheet = SHEETS[0]
    for format in worksheets.FORMATS:
        assert len({worksheets.written(filled(full_answer, sheet), format) for _ in range(2)}) == 1


@pytest.mark.parametrize(("duty", "file"), [("uk.gdpr.33", "worksheet-uk.ico.txt"), ("us.hipaa.hhs", "worksheet-us.hhs.txt")])
def test_two_sheets_are_read_whole(duty: str, file: str) -> None:
    if duty == "uk.gdpr.33":
        answer = subjects.answer(subjects.subject_of_file(sample_path("example-co")), AT_NOON)
    else:
        answer = answer_on(CLINIC)
    text = worksheets.written(worksheets.fill_worksheet(answer, answer.finding(duty), AT_NOON), "text")
    path = GOLDEN / file
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_only_what_is_open_can_be_shown() -> None:
    answer = answer_on(CLINIC)
    made = worksheets.fill_worksheet(answer, answer.finding("us.hipaa.hhs"), AT_NOON)
    rows = worksheets.as_json(made, only_open=True)["fields"]
    assert {row["status"] for row in rows} == {"unknown", "person"}
    assert len(rows) < len(worksheets.as_json(made)["fields"])
    assert worksheets.as_json(made)["unknown"] == made.unknown > 0


def test_a_correction_changes_the_answer() -> None:
    for people, option in (("480", "Fewer than 500 individuals"), ("900", "500 or more individuals"), ("480..620", "")):
        answer = answer_on({**CLINIC, "people.total": people, "people.in.US-IL": people})
        made = worksheets.fill_worksheet(answer, answer.finding("us.hipaa.hhs"), AT_NOON)
        assert next(one.answer for one in made.answers if one.field.id == "size") == option


def test_a_follow_up_is_called_one_and_carries_the_first_reference() -> None:
    first = {"at": "2026-11-20T22:15:00Z", "reference": "IC-1234", "kind": "first", "lacked": ["consequences"]}
    answer = answer_on({"role": "controller", "people.in.GB": "900", "filed.uk.gdpr.33": [first]})
    made = worksheets.fill_worksheet(answer, answer.finding("uk.gdpr.33.update"), AT_NOON)
    found = {one.field.id: one.answer for one in made.answers}
    assert (found["report_type"], found["reference"]) == ("Follow-up", "IC-1234")


def test_a_cell_that_a_spreadsheet_would_run_is_text() -> None:
    summary = '=HYPERLINK("http://elsewhere.invalid";"look")'
    answer = answer_on({**CLINIC, "incident.summary": summary, "measures.taken": "@SUM(A1)"})
    text = worksheets.written(worksheets.fill_worksheet(answer, answer.finding("us.hipaa.hhs"), AT_NOON), "csv")
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert tuple(head) == COLUMNS
    cells = [cell for row in rows for cell in row]
    assert f"'{summary}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert [guarded(cell) for cell in ("+1", "a=b", "", "-", "\tx")] == ["'+1", "a=b", "", "'-", "'\tx"]


def test_signs_in_a_fact_stay_signs_in_every_format() -> None:
    trick = "# <script>alert(1)</script> [a](http://x.invalid)\n```\n</pre>"
    answer = answer_on({**CLINIC, "measures.taken": trick})
    made = worksheets.fill_worksheet(answer, answer.finding("us.hipaa.hhs"), AT_NOON)
    page = worksheets.written(made, "html")
    assert "<script>" not in page
    assert "x.invalid</a>" not in page
    assert "&lt;script&gt;" in page


def test_an_invented_incident_is_marked_in_every_format() -> None:
    answer = answer_on(CLINIC)
    made = worksheets.fill_worksheet(answer, answer.finding("us.hipaa.hhs"), AT_NOON)
    for format in ("text", "md", "html"):
        assert "INVENTED INCIDENT" in worksheets.written(made, format)
    rows = list(csv.DictReader(io.StringIO(worksheets.written(made, "csv"))))
    assert all(row["invented"].startswith("INVENTED INCIDENT") for row in rows)
    assert json.loads(worksheets.written(made, "json"))["invented"] is True


def test_an_unknown_format_names_those_there_are(empty_answer: Answer) -> None:
    with pytest.raises(UnknownName, match="formats: text, md, html, json, csv"):
        worksheets.written(filled(empty_answer, SHEETS[0]), "docx")


def test_where_the_authority_is_open_those_with_a_form_of_their_own_are_named() -> None:
    answer = subjects.answer(subjects.subject_of_file(sample_path("innexum")), AT_NOON)
    said = worksheets.hints_for(answer.finding("eu.gdpr.33"), AT_NOON)
    assert len(said) == 1
    assert "de-nw-ldi" in said[0]
    assert "organisation.main_establishment" in said[0]


def test_a_letter_to_people_is_not_a_portal() -> None:
    answer = answer_on(CLINIC)
    said = worksheets.hints_for(answer.finding("us.hipaa.individuals"), AT_NOON)
    assert said == [
        "us.hipaa.individuals goes to the individuals whose health information was affected, not to a portal; "
        "see `breachkit notice render us.hipaa.individuals`"
    ]


def test_a_clients_worksheet_holds_only_that_clients_people() -> None:
    answer = subjects.answer(subjects.subject_of_file(sample_path("intnet-iq")), AT_NOON)
    made = worksheets.fill_worksheet(answer, answer.finding("us.fl.owner@agency-a"), AT_NOON)
    whole = worksheets.written(made, "text")
    assert "Sample Agency Florida" in whole
    assert "Sample Agency California" not in whole
