"""The incident report says the same in every format, draws what it says, and is the same file for the same journal."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from pypdf import PdfReader

from breachkit.content.organisations import sample_path
from breachkit.documents.drawing import describe, draw
from breachkit.domain.journal import Draft
from breachkit.errors import UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow import recording
from breachkit.workflow.report import make_report, render_report
from breachkit.workflow.report_chart import chart
from breachkit.workflow.report_json import report_json
from breachkit.workflow.subjects import Subject, answer, subject_of_file, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from .approving import REPORT, approve, opened, record

HOSTILE = '<script>alert(1)</script> | #read("/etc/passwd") *bold* [link](http://example.com) \N{RIGHT-TO-LEFT OVERRIDE}x'
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def worked(workspace: Workspace, journal: Journal, clock: Clock) -> Subject:
    """An incident with an approval that stands, one that does not, a filing, a decision and a hostile fact."""
    incident = opened(workspace, journal)
    approve(workspace, journal, incident, by="Ana Example")
    clock.forward(hours=2)
    recording.file_duty(workspace, journal, incident, REPORT, reference="2026-118823")
    recording.decide(workspace, journal, incident, "eu.gdpr.34", "refrain", "the data says little")
    approve(workspace, journal, incident, "eu.gdpr.34", by="Ben Example", incomplete="draft of the letter")
    record(workspace, journal, incident, {"breach.systems": HOSTILE})
    approve(workspace, journal, incident, by="Cem Example", incomplete="it is late")
    clock.forward(days=3)
    return subject_of_incident(journal, incident, workspace)


def words(text: str) -> str:
    return " ".join(re.sub(r"[\u200b\u00ad]", "", text).split())


def test_every_format_says_what_was_done_with_its_proof(workspace: Workspace, worked: Subject) -> None:
    document = make_report(worked, workspace)
    page = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", " ", str(render_report(document, "html", workspace)), flags=re.S)
    said = {
        "md": document.markdown().replace("\\", ""),
        "html": unescape(page),
        "pdf": " ".join(one.extract_text() for one in _pdf(render_report(document, "pdf", workspace)).pages),
    }
    for format, text in said.items():
        told = words(text)
        for part in (
            "Information, not legal advice",
            "reference 2026-118823",
            "decided to refrain",
            "the data says little",
            "approved by Cem Example",
            "withdrawn: breach.systems changed from not known to",
            "Aware of the breach",
            "Fri 20 Nov 2026 22:15 CET",
            "Not owed, and why",
            "somebody read the primary text",
            worked.entries[-1].hash[:16],
        ):
            assert part in told, f"{format} lacks {part!r}"
        assert "alert(1)" in told


def test_the_same_journal_and_moment_give_the_same_bytes(workspace: Workspace, worked: Subject) -> None:
    fixed = replace(workspace, reading_now=workspace.now)
    for format in ("md", "html", "pdf"):
        first, second = (render_report(make_report(worked, fixed), format, fixed) for _ in range(2))
        assert first == second


def test_hostile_facts_stay_text(workspace: Workspace, worked: Subject) -> None:
    document = make_report(worked, workspace)
    page = str(render_report(document, "html", workspace))
    assert "<script" not in page
    assert 'href="http://example.com"' not in page
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page
    assert not re.search(r'(?:src|href)="(?!#)|url\((?!#)|@import', page)
    assert "root:x:0:0" not in "".join(one.extract_text() for one in _pdf(render_report(document, "pdf", workspace)).pages)


def test_the_pdf_is_tagged_titled_and_says_what_the_drawing_shows(workspace: Workspace, worked: Subject) -> None:
    made = _pdf(render_report(make_report(worked, workspace), "pdf", workspace))
    root = made.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own kind of boolean
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert made.metadata is not None
    assert made.metadata.title == "Incident report: Stolen laptop"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    drawn = chart(answer(worked, workspace))
    assert describe(drawn).startswith("Time line from Mon 16 Nov 2026 00:00 CET to ")
    assert "1 filing" in describe(drawn)


def test_an_invented_incident_is_marked_on_every_page(workspace: Workspace) -> None:
    document = make_report(subject_of_file(sample_path("example-co")), workspace)
    assert "**INVENTED INCIDENT" in document.markdown()
    assert str(render_report(document, "html", workspace)).count("INVENTED INCIDENT") == 2
    pages = _pdf(render_report(document, "pdf", workspace)).pages
    assert all("INVENTED INCIDENT" in page.extract_text() for page in pages)


def test_a_facts_file_is_reported_without_its_folder_and_without_a_journal(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "here.yaml"
    path.write_text("format: breachkit/facts@1\nfacts:\n  people.total: 5\n")
    text = make_report(subject_of_file(path), workspace).markdown()
    assert "here.yaml of the organisation" in text
    assert str(tmp_path) not in text
    assert "## Journal" not in text
    assert "No time of the incident is recorded yet." in text


def test_a_format_nobody_makes_is_refused_by_name(workspace: Workspace) -> None:
    document = make_report(subject_of_file(sample_path("example-co")), workspace)
    with pytest.raises(UnknownName, match=r"unknown format 'docx'.*md, html, pdf"):
        render_report(document, "docx", workspace)


# -- the drawing


def test_all_that_is_drawn_stands_in_the_tables(workspace: Workspace, worked: Subject) -> None:
    drawn = chart(answer(worked, workspace))
    text = make_report(worked, workspace).markdown().replace("\\", "")
    for mark in drawn.events:
        assert f"| {mark.when} | {mark.label} |" in text
    for bar in drawn.bars:
        assert f"({bar.id})" in text
        assert bar.due in text
    assert {mark.kind for bar in drawn.bars for mark in bar.marks} == {"filed", "decided"}


def test_the_drawing_is_sound_xml_within_its_frame_and_names_itself(workspace: Workspace, worked: Subject) -> None:
    for width in (700, 1000):
        root = ET.fromstring(draw(chart(answer(worked, workspace)), width=width))
        assert (root.get("role"), root.get("aria-labelledby")) == ("img", "time-line-title time-line-told")
        assert root.find(f"{SVG}desc") is not None
        height = float(root.attrib["height"])
        for node in root.iter(f"{SVG}text"):
            assert 0 <= float(node.attrib["x"]) <= width
            assert 0 <= float(node.attrib["y"]) <= height
        shown = " ".join(node.text or "" for node in root.iter(f"{SVG}text"))
        for part in ("What happened", "Entries of the journal", "+72 h", "overdue", "filed", "decided", "Report to the"):
            assert part in shown


@pytest.mark.parametrize("facts", ["", "  people.total: 5\n", "  aware_at: 2026-11-20T22:15Z\n", "  began_at: 1900-01-01\n"])
def test_an_incident_with_next_to_nothing_is_drawn_too(workspace: Workspace, tmp_path: Path, facts: str) -> None:
    path = tmp_path / "little.yaml"
    path.write_text(f"format: breachkit/facts@1\nfacts:\n  incident.title: Little\n{facts}")
    document = make_report(subject_of_file(path), workspace)
    assert document.chart is not None
    ET.fromstring(draw(document.chart))
    assert _pdf(render_report(document, "pdf", workspace)).pages


# -- tracks


def test_what_is_privileged_stays_out_unless_asked_for(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    incident = opened(workspace, journal)
    for draft in (
        Draft("note.added", {"text": "counsel thinks so"}, "privileged"),
        Draft("fact.recorded", {"key": "breach.systems", "value": "the secret server"}, "privileged"),
        Draft("note.added", {"text": "said too early"}),
    ):
        journal.append(incident, [draft], expected=journal.head(incident)[0], actor="ana", recorded_at=clock.moment)
    said = journal.head(incident)[0]
    journal.append(
        incident,
        [Draft("track.changed", {"seq": said, "track": "privileged"}, "privileged")],
        expected=said, actor="ana", recorded_at=clock.moment,
    )  # fmt: skip
    subject = subject_of_incident(journal, incident, workspace)
    secrets = ("counsel thinks so", "the secret server", "said too early")
    for made in (make_report(subject, workspace).markdown(), str(report_json(subject, workspace))):
        assert not [secret for secret in secrets if secret in made]
    assert "4 entries of the privileged track left out" in make_report(subject, workspace).markdown()
    whole = make_report(subject, workspace, privileged=True).markdown()
    assert [secret for secret in secrets if secret in whole] == list(secrets)


def test_json_holds_the_clocks_the_approvals_and_the_entries(workspace: Workspace, worked: Subject) -> None:
    data = report_json(worked, workspace)
    assert data["format"] == "breachkit/report@1"
    assert [one["stands"] for one in data["approvals"]] == [True, False]
    clock = next(one for one in data["time_line"]["clocks"] if one["duty"] == REPORT)
    assert (clock["start"], clock["overdue"]) == ("2026-11-20T22:15:00+01:00", False)
    assert [one["kind"] for one in clock["done"]] == ["filed", "approved"]
    assert data["hashes"]["journal"] == worked.entries[-1].hash
    assert len(data["entries"]) == len(worked.entries)


def _pdf(made: str | bytes) -> PdfReader:
    assert isinstance(made, bytes)
    return PdfReader(io.BytesIO(made))
