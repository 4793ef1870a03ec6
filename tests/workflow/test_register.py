"""The register of breaches: one row for each incident, no row for what never happened, and no cell that computes."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pypdf import PdfReader

from breachkit.content.organisations import sample_path
from breachkit.domain.journal import Draft
from breachkit.errors import UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow import recording
from breachkit.workflow.demo import open_sample
from breachkit.workflow.register import Register, all_subjects, as_csv, as_json, register, render_register
from breachkit.workflow.register_columns import COLUMNS
from breachkit.workflow.subjects import subject_of_file
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from .approving import REPORT, opened, record


@pytest.fixture
def incident(workspace: Workspace, journal: Journal, clock: Clock) -> str:
    """A real incident, filed and decided, and beside it an invented one."""
    incident = opened(workspace, journal, delay__reasons="The office was closed.")
    open_sample(workspace, journal, "example-co")
    clock.forward(hours=1)
    recording.file_duty(workspace, journal, incident, REPORT, reference="2026-118823")
    recording.decide(workspace, journal, incident, "eu.gdpr.34", "refrain", '=HYPERLINK("http://example.com")')
    return incident


def kept(workspace: Workspace, journal: Journal, **flags: bool) -> Register:
    return register(all_subjects(journal, workspace), workspace, **flags)


def rows(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_says_facts_effects_measures_and_why_it_was_notified_or_not(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    [row] = rows(as_csv(kept(workspace, journal)))
    assert list(row) == list(COLUMNS)
    assert row["incident"] == incident
    assert row["invented"] == ""
    assert row["nature"] == "Someone saw or could see what they should not"
    assert row["aware"] == "Fri 20 Nov 2026 22:15 CET"
    assert row["began"] == "Mon 16 Nov 2026"
    assert row["people"] == "600"
    assert row["places"] == "Spain: 600"
    assert row["effects"] == "Fraud and unwanted calls."
    assert row["measures_taken"] == "The account was closed."
    assert row["risk_reasoning"] == "Names and numbers can be used for convincing fraud."
    assert row["told_authorities"].endswith("(eu.gdpr.33@es-aepd): first, Sat 21 Nov 2026 14:00 CET, reference 2026-118823")
    assert row["told_people"] == ""
    assert "(eu.gdpr.34): =HYPERLINK" in row["decided_not_to_notify"]
    assert row["reasons_for_delay"] == "The office was closed."
    assert len(row["facts_sha256"]) == 64


def test_what_never_happened_is_left_out_and_named_or_marked(workspace: Workspace, journal: Journal, incident: str) -> None:
    found = kept(workspace, journal)
    assert ([row.incident for row in found.rows], found.left_out_ids) == ([incident], ("INC-2",))
    marked = kept(workspace, journal, invented=True)
    assert [row.invented for row in marked.rows] == [False, True]
    assert rows(as_csv(marked))[1]["invented"].startswith("INVENTED")
    for format in ("md", "html"):
        text = str(render_register(marked, format, workspace))
        assert "HOLDS INVENTED INCIDENTS" in text
        assert "INVENTED - nothing of this happened" in text
        assert "INVENTED" not in str(render_register(found, format, workspace))


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\t=1+1", "\r=1", "＝1+1"])
def test_no_cell_is_read_as_a_formula(workspace: Workspace, journal: Journal, incident: str, begins: str) -> None:
    record(workspace, journal, incident, {"consequences": f"{begins}|x", "incident.title": f"{begins}"})
    [row] = rows(as_csv(kept(workspace, journal)))
    for cell in (row["effects"], row["title"]):
        assert cell.startswith("'")
        assert begins.strip() in cell
    assert not [cell for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]


def test_what_is_privileged_stays_out_unless_asked_for(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    journal.append(
        incident,
        [Draft("fact.corrected", {"key": "risk.reason", "value": "counsel disagrees"}, "privileged")],
        expected=journal.head(incident)[0],
        actor="ana",
        recorded_at=clock.moment,
    )
    assert "counsel disagrees" not in as_csv(kept(workspace, journal))
    assert "counsel disagrees" in as_csv(kept(workspace, journal, privileged=True))


def test_documents_hold_every_cell_that_is_not_empty(workspace: Workspace, journal: Journal, incident: str) -> None:
    found = kept(workspace, journal)
    made = render_register(found, "pdf", workspace)
    assert isinstance(made, bytes)
    pages = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    text = str(render_register(found, "md", workspace)).replace("\\", "")
    for cell in filter(None, found.rows[0].cells.values()):
        assert f"| {cell} |" in text
        assert cell.split(" ")[0] in pages
    assert "Art. 33(5)" in pages
    assert made == render_register(found, "pdf", workspace)


def test_an_empty_journal_has_an_empty_register(workspace: Workspace, journal: Journal) -> None:
    found = kept(workspace, journal)
    assert as_csv(found).count("\r\n") == 1
    assert "No incident is on record." in str(render_register(found, "md", workspace))
    assert as_json(found)["incidents"] == []


def test_a_facts_file_has_a_register_of_its_own(workspace: Workspace) -> None:
    found = register([subject_of_file(sample_path("example-co"))], workspace, invented=True)
    assert found.rows[0].cells["people"] == "~4100"
    assert as_json(found)["incidents"][0]["people"] == "~4100"
    with pytest.raises(UnknownName, match="csv, md, html, pdf, json"):
        render_register(found, "xlsx", workspace)


def test_looking_back_shows_the_register_of_that_day(workspace: Workspace, journal: Journal, incident: str) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from tests.conftest import START

    assert kept(replace(workspace, as_of=START - timedelta(days=1)), journal).rows == ()
    [row] = kept(replace(workspace, as_of=START), journal).rows
    assert row.cells["told_authorities"] == ""
