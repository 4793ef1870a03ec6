"""One journal, three papers: each holds what its reader asks, and nothing that is not for them.

`BREACHKIT_UPDATE_GOLDEN=1 pytest tests/workflow/test_report_readers.py` writes the golden files anew; read the difference.
"""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from breachkit.content.organisations import sample_path
from breachkit.domain.facts import Count
from breachkit.errors import Refused, UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow import recording, report_gaps, tracks
from breachkit.workflow.report import render_report
from breachkit.workflow.report_auditor import chain_part
from breachkit.workflow.report_deliveries import counts_words, deliveries
from breachkit.workflow.report_parts import how_many
from breachkit.workflow.report_readers import (
    READERS,
    Reader,
    document_for,
    file_name,
    json_for,
    read_reader,
    seen_by,
)
from breachkit.workflow.report_view import warnings
from breachkit.workflow.subjects import Subject, subject_of_file, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from .approving import opened, record
from .reading import INTERNAL, PRIVILEGED, THIRD_PARTY, add, worked

GOLDEN = Path(__file__).with_name("golden")
HOSTILE = '<script>alert(1)</script> | #read("/etc/passwd") *bold*'


@pytest.fixture
def subject(workspace: Workspace, journal: Journal, clock: Clock) -> Subject:
    return worked(workspace, journal, clock)


def text_of(reader: Reader, subject: Subject, workspace: Workspace, **flags: bool) -> str:
    return document_for(reader, seen_by(reader, subject, workspace, **flags)).markdown()


def plain(text: str) -> str:
    """Markdown without its escapes."""
    return text.replace("\\", "")


def part(text: str, title: str) -> str:
    """What stands under a heading, up to the next one."""
    return plain(text).partition(f"## {title}\n")[2].partition("\n## ")[0]


def masked(text: str) -> str:
    """Without hashes and version, and without the long list of laws that do not apply: those change with any law."""
    kept = text.partition("## Not owed, and why")[0].partition("## Open questions")
    rest = kept[2].partition("## What is known")
    text = kept[0] + "".join(rest[1:])
    return re.sub(r"breachkit \d[\w.]*", "breachkit 0", re.sub(r"\b[0-9a-f]{10,64}\b", "#", text))


@pytest.mark.parametrize("reader", READERS)
def test_a_paper_reads_as_agreed(reader: Reader, subject: Subject, workspace: Workspace) -> None:
    shown = masked(text_of(reader, subject, workspace))
    path = GOLDEN / f"report-{reader}.md"
    if os.environ.get("BREACHKIT_UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("reader", READERS)
def test_every_format_says_the_same_and_says_it_again(reader: Reader, subject: Subject, workspace: Workspace) -> None:
    fixed = replace(workspace, reading_now=workspace.now)
    document = document_for(reader, seen_by(reader, subject, fixed))
    again = document_for(reader, seen_by(reader, subject, fixed))
    made = render_report(document, "pdf", fixed)
    assert made == render_report(again, "pdf", fixed)
    page = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", " ", str(render_report(document, "html", fixed)), flags=re.S)
    data = json.dumps(json_for(reader, seen_by(reader, subject, fixed)))
    for said in ("540 handed over, 12 refused", "2026-118823", "The account was closed."):
        for text in (plain(document.markdown()), page, pdf_words(made), data):
            assert said in " ".join(text.split())


# -- regulator


def test_a_regulator_never_sees_what_is_privileged_of_a_third_party_or_the_teams_own(
    subject: Subject, workspace: Workspace
) -> None:
    seen = seen_by("regulator", subject, workspace)
    document = document_for("regulator", seen)
    made = [str(render_report(document, format, workspace)) for format in ("md", "html")]
    made += [pdf_words(render_report(document, "pdf", workspace)), json.dumps(json_for("regulator", seen))]
    for text in made:
        for secret in (*PRIVILEGED, *THIRD_PARTY, *INTERNAL, "approved by", "DRAFT", "not legal advice", "cyber-cover"):
            assert secret not in plain(text)
    assert "2 entries of the privileged track and 1 entry of the third-party track" in plain(document.markdown())


def test_a_regulator_and_the_privileged_track_are_refused_together(subject: Subject, workspace: Workspace) -> None:
    with pytest.raises(Refused, match="privileged no more"):
        seen_by("regulator", subject, workspace, privileged=True)
    assert "third_party" not in json.dumps(json_for("regulator", seen_by("regulator", subject, workspace))["sections"])


def test_a_regulator_reads_times_in_utc_and_what_the_record_held_before(subject: Subject, workspace: Workspace) -> None:
    told = part(text_of("regulator", subject, workspace), "Time line")
    aware = next(line for line in told.splitlines() if line.startswith("| Aware"))
    assert "Fri 20 Nov 2026 21:55 CET | Fri 20 Nov 2026 20:55 UTC" in aware
    assert "on record as Fri 20 Nov 2026 22:15 CET until Tue 24 Nov 2026 15:00 CET" in aware
    assert "| Began | Mon 16 Nov 2026 | Mon 16 Nov 2026, day only | confirmed |" in told


def test_a_late_notification_is_stated_with_the_reasons_or_that_there_are_none(
    workspace: Workspace, journal: Journal, subject: Subject
) -> None:
    late = part(text_of("regulator", subject, workspace), "Reasons for delay")
    assert "Information Commissioner's Office (ICO), UK GDPR Art. 33(1) and (3): due Mon 23 Nov 2026 21:55 CET" in late
    assert "Reasons: none is on record." in late
    record(workspace, journal, subject.name, {"delay.reasons": "The count of people was not known."})
    again = subject_of_incident(journal, subject.name, workspace)
    assert "Reasons: The count of people was not known." in part(text_of("regulator", again, workspace), "Reasons for delay")


def test_what_is_not_established_is_said(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "little.yaml"
    path.write_text("format: breachkit/facts@1\nfacts:\n  incident.title: Little\n")
    for reader in READERS.values():
        assert render_report(document_for(reader, seen_by(reader, subject_of_file(path), workspace)), "html", workspace)
    text = text_of("regulator", subject_of_file(path), workspace)
    assert "| Number of data subjects | not established yet |" in text
    assert "Not established yet: the nature of the breach" in part(text, "What is still open")
    assert "A facts file keeps no journal" in text_of("auditor", subject_of_file(path), workspace)
    assert "Nobody wrote down yet what happened." in text_of("executive", subject_of_file(path), workspace)


# -- executive


def test_an_executive_reads_the_overdue_first_and_what_only_they_can_decide(subject: Subject, workspace: Workspace) -> None:
    text = text_of("executive", subject, workspace)
    rows = [line.split(" | ")[1] for line in part(text, "What is owed next").splitlines() if line.startswith("| ")][2:]
    assert [one.endswith("OVERDUE") for one in rows] == sorted([one.endswith("OVERDUE") for one in rows], reverse=True)
    assert rows[0].endswith("OVERDUE")
    asked = part(text, "Decisions needed from you")
    assert "Approve and release: Report to the Information Commissioner" in asked
    assert "12 messages did not arrive: decide how these people are told instead." in asked
    assert "cyber-cover" not in part(text, "What is owed next")
    assert "about 4,050 (an estimate)" in part(text, "Who is affected")
    assert "## Money" not in text or "Own promise" in part(text, "Money and other obligations")


def test_an_executives_paper_has_two_pages_however_much_was_written(
    workspace: Workspace, journal: Journal, subject: Subject, clock: Clock
) -> None:
    assert len(pages(workspace, subject)) <= 2
    long = "Somebody wrote a great deal about this, and then some more. " * 60
    keys = ("incident.summary", "risk.reason", "measures.taken", "measures.planned", "measures.free_services")
    record(workspace, journal, subject.name, dict.fromkeys(keys, long))
    spread = {f"people.in.US-{state}": "10..20" for state in ("AL", "AK", "AZ", "CA", "CO", "FL", "NY", "TX", "WA", "ME")}
    record(workspace, journal, subject.name, {"people.total": "unknown", **spread})
    for n in range(12):
        body = {"dispatch": f"x-{n}", "duty": "eu.gdpr.34", "envelopes": 3, "channel": "folder", "approved_by": ["Ana"]}
        add(journal, subject.name, clock, "dispatch.released", body)
    busy = subject_of_incident(journal, subject.name, workspace)
    assert len(pages(workspace, busy)) <= 2
    text = text_of("executive", busy, workspace)
    assert "later or without a date" in text
    assert "The newest 8 of 13 releases." in text


def pages(workspace: Workspace, subject: Subject) -> list[object]:
    made = render_report(document_for("executive", seen_by("executive", subject, workspace)), "pdf", workspace)
    assert isinstance(made, bytes)
    return list(PdfReader(io.BytesIO(made)).pages)


# -- auditor


def test_an_auditor_gets_all_of_it_with_its_proof(subject: Subject, workspace: Workspace) -> None:
    text = plain(text_of("auditor", subject, workspace))
    for said in (
        "Step: + 72 elapsed hours",
        "Confidence: verified, reviewed ",
        "rested on people.total: ~4050; risk.level: high",
        "d-1 | eu.gdpr.34 | e-mail | 2026-11-24 14:00:00 | Ana Example, Ben Example | "
        "540 handed over, 12 refused through primary |",
        "Receipts of d-1, SHA-256: " + "7" * 64,
        "uk.gdpr.33, due Mon 23 Nov 2026 21:15 UTC, 1 day before the limit, by mail, proof: 250 ok",
        "evidence, without privileged, signed by key-1, SHA-256 " + "8" * 64,
        "2026-11-20T22:15:00+01:00[Europe/Brussels] | 2026-11-20T21:55:00+01:00[Europe/Brussels]",
        "| people.total | ~4050 (taken as 3240 to 4860) | CRM export |",
        f"Head of INC-1: entry {subject.entries[-1].seq}, {subject.entries[-1].hash}",
        f"Verdict: all {len(subject.entries)} entries hold",
        INTERNAL[0],
        THIRD_PARTY[0],
    ):
        assert said in text
    assert not [secret for secret in PRIVILEGED if secret in text]
    whole = plain(text_of("auditor", subject, workspace, privileged=True))
    assert all(secret in whole for secret in (*PRIVILEGED, "aware_at changed from 2026-11-20T22:15"))
    assert THIRD_PARTY[0] not in plain(text_of("auditor", subject, workspace, third_party=False))


def test_of_an_entry_left_out_an_auditor_learns_its_number_and_its_track(subject: Subject, workspace: Workspace) -> None:
    told = part(text_of("auditor", subject, workspace), "Journal")
    withheld = dict(seen_by("auditor", subject, workspace).kept.withheld)
    assert set(withheld.values()) == {"privileged"}
    for number in withheld:
        assert f"| {number} | privileged |   |   | left out |   |" in told


def test_an_entry_changed_afterwards_is_named_in_the_verdict(subject: Subject, workspace: Workspace) -> None:
    broken = replace(subject.entries[4], body={**subject.entries[4].body, "value": "2026-11-19T08:00Z"})
    entries = (*subject.entries[:4], broken, *subject.entries[5:])
    seen = seen_by("auditor", replace(subject, entries=entries), workspace)
    assert any("BROKEN at entry 5" in line for line in chain_part(seen).lines)
    assert json_for("auditor", seen)["chain"]["holds"] is False
    assert "is BROKEN at entry 5" in document_for("auditor", seen).markdown()


def test_gaps_tell_what_was_corrected_estimated_and_written_down_late(subject: Subject) -> None:
    found = report_gaps.gaps_json(subject, "Europe/Brussels")
    assert [one["key"] for one in found["corrections"]] == ["aware_at"]
    assert [(one["what"], one["seconds"] > 86400) for one in found["late"]] == [("began_at", True), ("aware_at", True)]
    assert found["day_only"] == ["began_at"]
    assert [one["key"] for one in found["estimates"]] == ["people.total"]
    assert "people.total" not in found["unsourced"]
    assert report_gaps.say_span(timedelta(days=3, hours=4.5)) == "3 d 04 h"


# -- for all of them


def test_json_holds_for_each_reader_what_the_paper_holds(subject: Subject, workspace: Workspace) -> None:
    for reader in READERS.values():
        data = json_for(reader, seen_by(reader, subject, workspace))
        assert (data["format"], data["reader"]) == ("breachkit/report@1", reader)
        assert data["left_out"] == len(data["withheld"]) > 0
        assert data["hashes"]["law_pack"] == seen_by(reader, subject, workspace).answer.assessment.pack_sha256
    auditor = json_for("auditor", seen_by("auditor", subject, workspace))
    assert auditor["deliveries"][0]["counts"] == {"sent": 540, "refused": 12, "queued": 0}
    assert {"duties", "facts", "entries", "approvals", "time_line"} <= auditor.keys()
    assert json_for("regulator", seen_by("regulator", subject, workspace))["deliveries"] == []


def test_an_older_value_in_a_paper_is_said_to_whoever_sends_it(
    workspace: Workspace, journal: Journal, subject: Subject
) -> None:
    record(workspace, journal, subject.name, {"people.total": "9000..9100", "people.elsewhere": "unknown"}, track="privileged")
    again = subject_of_incident(journal, subject.name, workspace)
    seen = seen_by("regulator", again, workspace)
    assert "people.total" in warnings(seen)[0]
    assert "9000" not in document_for("regulator", seen).markdown()
    assert warnings(seen_by("auditor", again, workspace, privileged=True)) == []


def test_hostile_facts_stay_text_in_every_paper(workspace: Workspace, journal: Journal) -> None:
    incident = opened(workspace, journal, incident__summary=HOSTILE, risk__reason=HOSTILE)
    subject = subject_of_incident(journal, incident, workspace)
    for reader in READERS.values():
        page = str(render_report(document_for(reader, seen_by(reader, subject, workspace)), "html", workspace))
        assert "<script" not in page
        assert "alert(1)" in page


def test_an_invented_incident_is_marked_in_every_paper(workspace: Workspace) -> None:
    subject = subject_of_file(sample_path("example-co"))
    for reader in READERS.values():
        assert "**INVENTED INCIDENT" in text_of(reader, subject, workspace)
        assert file_name(reader, "INC-1", "pdf", subject) == f"INVENTED-report-{reader}-INC-1.pdf"


def test_a_reader_nobody_writes_for_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match=r"unknown reader 'press'.*auditor, regulator, executive"):
        read_reader("press")


def test_deliveries_tell_the_newest_counts_and_nothing_without_a_release(subject: Subject) -> None:
    [one] = deliveries(subject.entries)
    assert counts_words(one) == "540 handed over, 12 refused"
    assert deliveries([entry for entry in subject.entries if entry.kind != "dispatch.released"]) == ()
    first = deliveries([entry for entry in subject.entries if entry.kind != "delivery.recorded"])
    assert counts_words(first[0]) == "552 released, no result recorded yet"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (Count(600, 600, "600"), "600"),
        (Count(3200, 4800, "~4000"), "about 4,000"),
        (Count(400, 900, "400..900"), "400 to 900"),
        (Count(500, None, "500+"), "500 or more"),
        (Count(0, None), "not known yet"),
    ],
)
def test_a_count_is_said_as_people_say_it(count: Count, said: str) -> None:
    assert how_many(count) == said


def pdf_words(made: str | bytes) -> str:
    assert isinstance(made, bytes)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    return " ".join(text.replace("\u200b", "").split())


def test_every_track_has_words() -> None:
    assert set(tracks.TRACK_WORDS) == tracks.ALL


def test_a_decision_not_to_notify_is_no_delay_and_not_open(workspace: Workspace, journal: Journal, subject: Subject) -> None:
    recording.decide(workspace, journal, subject.name, "uk.gdpr.33", "refrain", "No one in the United Kingdom was reached.")
    again = subject_of_incident(journal, subject.name, workspace)
    text = text_of("regulator", again, workspace)
    assert "Information Commissioner" not in part(text, "Reasons for delay") + part(text, "What is still open")
    assert "No one in the United Kingdom was reached." in part(text, "Decisions whether to notify")
