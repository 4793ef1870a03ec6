"""The deadlines as a calendar that every calendar program can read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from breachkit.content.organisations import profile_ids, sample_path
from breachkit.workflow.calendar import calendar_text
from breachkit.workflow.subjects import Answer, answer, subject_of_file
from breachkit.workflow.workspace import Workspace

NASTY = r"Müller; Söhne, \n and 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 \\ " + "x" * 90


def answered(workspace: Workspace, organisation: str = "example-co") -> Answer:
    return answer(subject_of_file(sample_path(organisation)), workspace)


def nasty(workspace: Workspace, tmp_path: Path) -> Answer:
    """An incident of an organisation whose contract partner has a difficult name."""
    contract = f"{{id: one, with: '{NASTY}', to: contract, within: 48 hours, from: aware_at}}"
    profile = f"{{id: our-co, name: Our Co, contracts: [{contract}]}}"
    path = tmp_path / "incident.yaml"
    path.write_text(
        f"format: breachkit/facts@1\norganisation: {profile}\nfacts: {{aware_at: 2026-11-20T21:15Z, people.total: 5}}\n",
        encoding="utf-8",
    )
    return answer(subject_of_file(path), workspace)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


@pytest.mark.parametrize("organisation", profile_ids())
def test_no_line_is_longer_than_75_octets_and_every_line_ends_in_crlf(workspace: Workspace, organisation: str) -> None:
    raw = calendar_text(answered(workspace, organisation)).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    for line in raw.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        line.decode()  # never folded inside a character


@pytest.mark.parametrize("organisation", profile_ids())
def test_what_is_begun_is_ended_and_every_event_has_what_it_needs(workspace: Workspace, organisation: str) -> None:
    found = answered(workspace, organisation)
    lines = unfolded(calendar_text(found))
    assert all(re.match(r"[A-Z-]+:", line) for line in lines)
    opened: list[str] = []
    for line in lines:
        if line.startswith("BEGIN:"):
            opened.append(line[6:])
        elif line.startswith("END:"):
            assert opened.pop() == line[4:]
    assert opened == []
    timed = [one for one in found.assessment.findings if one.running and one.due.target is not None]
    assert lines.count("BEGIN:VEVENT") == len(timed) > 0
    assert lines.count("BEGIN:VALARM") == 3 * len(timed)
    for needed in ("UID:", "DTSTAMP:", "DTSTART:", "SUMMARY:"):
        assert sum(line.startswith(needed) for line in lines) == len(timed)
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)


def test_the_target_stands_in_the_calendar_in_utc(workspace: Workspace) -> None:
    lines = unfolded(calendar_text(answered(workspace)))
    at = lines.index("DTSTART:20261123T211500Z")
    assert lines[at + 1].startswith(
        "SUMMARY:INVENTED - Deadline: Report to the supervisory authority (eu.gdpr.33@es-aepd)"
    ) is ("eu.gdpr.33" in lines[at + 1])
    assert any("eu.gdpr.33@es-aepd" in line and line.startswith("SUMMARY:") for line in lines)


def test_an_invented_incident_says_so_in_every_title_and_alarm(workspace: Workspace) -> None:
    lines = unfolded(calendar_text(answered(workspace)))
    assert all("INVENTED" in line for line in lines if line.startswith("SUMMARY:"))
    assert sum("INVENTED" in line for line in lines if line.startswith("DESCRIPTION:")) == lines.count("BEGIN:VALARM")


def test_commas_semicolons_backslashes_and_line_ends_are_escaped(workspace: Workspace, tmp_path: Path) -> None:
    text = calendar_text(nasty(workspace, tmp_path))
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    description = next(line for line in unfolded(text) if line.startswith("DESCRIPTION:") and "Söhne" in line)
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", description)
    said = unescaped(description.removeprefix("DESCRIPTION:")).split("\n")
    assert f"To: {NASTY.strip()}" in said
    assert "Information, not legal advice." in said


def test_the_same_facts_give_the_same_bytes(workspace: Workspace) -> None:
    first = calendar_text(answered(workspace))
    assert calendar_text(answered(workspace)) == first


def test_an_event_keeps_its_identity_when_its_deadline_moves(workspace: Workspace) -> None:
    subject = subject_of_file(sample_path("example-co"))
    one = calendar_text(answer(subject, workspace))
    other = calendar_text(answer(subject, workspace, what_if={"aware_at": "2026-11-20T20:00Z"}))
    assert one != other

    def uids(text: str) -> set[str]:
        return {line for line in unfolded(text) if line.startswith("UID:")}

    assert uids(one) == uids(other)


def test_only_the_stamp_changes_as_time_goes_by(workspace: Workspace) -> None:
    found = answered(workspace)
    later = replace(found, assessment=replace(found.assessment, now=found.assessment.now.replace(hour=13)))
    pairs = zip(unfolded(calendar_text(found)), unfolded(calendar_text(later)), strict=True)
    assert {one.split(":")[0] for one, other in pairs if one != other} == {"DTSTAMP"}
