"""`notice approve`, `notice diff` and `report` as a responder types them."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest

from .conftest import NOON, Run

REPORT = "eu.gdpr.33@es-aepd"


@pytest.mark.usefixtures("incident")
def test_a_notice_is_approved_shown_without_draft_and_withdrawn_by_a_fact(run: Run) -> None:
    assert "nothing of INC-1 was approved yet" in run("notice", "approve", "--list", "INC-1").out
    said = run("notice", "approve", REPORT, "INC-1", "--by", "Ana Example", "--incomplete", "records follow").out
    assert "approved by Ana Example" in said
    assert "snapshot" in said
    assert "words" in said
    listed = run("notice", "approve", "--list", "INC-1", "--json").json["approvals"]
    assert [(one["duty"], one["stands"], one["by"]) for one in listed] == [(REPORT, True, "Ana Example")]
    run("file", "INC-1", REPORT, "--reference", "2026-118823")
    assert run("notice", "approve", "--list", "INC-1").out.startswith("stands ")
    run("fact", "set", "INC-1", "people.in.GB=800")
    shown = run("notice", "approve", "--list", "INC-1").out
    assert shown.startswith("WITHDRAWN")
    assert "people.in.GB changed from 900 to 800" in shown
    [row] = run("notice", "approve", "--list", "INC-1", "--json").json["approvals"]
    assert (row["stands"], row["changed"][0]["what"], row["changed"][0]["by"]) == (False, "people.in.GB", "ana")


@pytest.mark.usefixtures("incident")
def test_an_incomplete_notice_is_refused_with_what_it_lacks(run: Run) -> None:
    run("fact", "set", "INC-1", "consequences=unknown")
    said = run("notice", "approve", REPORT, "INC-1", code=4).err
    assert "not complete" in said
    assert "consequences" in said
    assert '--incomplete "..."' in said


def test_a_facts_file_cannot_be_approved_and_says_why(run: Run, sample: Path) -> None:
    assert "its notices stay DRAFT" in run("notice", "approve", REPORT, "--facts", sample, code=4).err


@pytest.mark.usefixtures("incident")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((REPORT,), "name a duty and an incident"),
        (("--list", REPORT, "INC-1"), "name one incident"),
        ((REPORT, "INC-9"), "unknown incident 'INC-9'"),
        (("eu.gdpr.35", "INC-1"), "unknown duty"),
        (("--as-of", NOON, REPORT, "INC-1"), ""),
    ],
)
def test_an_approval_that_cannot_be_is_explained(run: Run, words: tuple[str, ...], says: str) -> None:
    code = 4 if "--as-of" in words else 2
    assert says in run("notice", "approve", *words, code=code).err


@pytest.mark.usefixtures("incident")
def test_what_changed_since_the_filing_is_shown_word_by_word(run: Run, tmp_path: Path) -> None:
    assert "nothing was filed" in run("notice", "diff", REPORT, "INC-1", code=2).err
    run("file", "INC-1", REPORT, "--reference", "2026-118823")
    nothing = run("notice", "diff", REPORT, "INC-1")
    assert (nothing.out, "no word is different" in nothing.err) == ("", True)
    run("fact", "set", "INC-1", "measures.taken=The folder was closed for good.")
    shown = run("notice", "diff", REPORT, "INC-1", "--since", "first")
    assert "The folder was closed [-" in shown.out
    assert "{+for good.+}" in shown.out
    assert "reference 2026-118823" in shown.err
    data = run("notice", "diff", REPORT, "INC-1", "--json").json
    assert data["changed"] is True
    assert {"kind": "new", "text": "for good.\n"} in data["pieces"]
    page = run("notice", "diff", REPORT, "INC-1", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "INVENTED INCIDENT" in page
    out = tmp_path / "diff.html"
    run("notice", "diff", REPORT, "INC-1", "--format", "html", "--out", out)
    assert out.read_text() == page


def test_two_facts_files_are_compared(run: Run, sample: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.yaml"
    newer.write_text(sample.read_text().replace("people.in.GB: 900", "people.in.GB: 700"))
    words = ("notice", "diff", REPORT, "--facts", newer, "--now", NOON)
    assert "[-900;-]{+700;+}" in run(*words, "--since-facts", sample).out
    assert "--facts NEW --since-facts OLD" in run(*words, code=2).err


# -- report


@pytest.mark.usefixtures("incident")
def test_a_report_is_written_in_every_format(run: Run, tmp_path: Path) -> None:
    for format, begins in (("md", b"# Incident report"), ("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-"), ("json", b"{")):
        out = tmp_path / f"report.{format}"
        run("report", "INC-1", "--format", format, "--out", out)
        assert out.read_bytes().startswith(begins)
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert "is there already" in run("report", "INC-1", "--format", format, "--out", out, code=4).err
    assert json.loads((tmp_path / "report.json").read_text())["format"] == "breachkit/report@1"
    run("report", "INC-1", "--format", "pdf", "--out", tmp_path)
    assert (tmp_path / "INVENTED-report-INC-1.pdf").exists()
    assert base64.b64decode(run("report", "INC-1", "--format", "pdf", "--json").json["base64"]).startswith(b"%PDF-")
    assert "unknown format 'docx'" in run("report", "INC-1", "--format", "docx", code=2).err


def test_the_same_facts_and_moment_give_the_same_report(run: Run, sample: Path, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        run("report", "--facts", sample, "--now", NOON, "--format", "pdf", "--out", tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


@pytest.mark.usefixtures("incident")
def test_the_register_leaves_invented_incidents_out_and_says_so(run: Run, sample: Path, tmp_path: Path) -> None:
    run("incident", "open", "Stolen laptop", "--aware", "2026-11-20T22:15+01:00", "--org", "example-co")
    found = run("report", "--register", "--format", "csv")
    assert [line.split(",")[0] for line in found.out.splitlines()] == ["incident", "INC-2"]
    assert "1 invented left out: INC-1" in found.err
    marked = run("report", "--register", "--invented", "--format", "csv").out.splitlines()
    assert [line.split(",")[0] for line in marked] == ["incident", "INC-1", "INC-2"]
    run("report", "--register", "--invented", "--format", "pdf", "--out", tmp_path)
    assert (tmp_path / "INVENTED-register.pdf").read_bytes().startswith(b"%PDF-")
    assert len(run("report", "INC-2", "--register", "--format", "json").json["incidents"]) == 1
    assert len(run("report", "--register", "--format", "json").json["incidents"]) == 1
    assert run("report", "--register", "--facts", sample, "--now", NOON, "--invented").out.startswith("# Register")
