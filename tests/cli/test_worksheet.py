"""`breachkit notice worksheet` as a responder types it beside an open browser."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from breachkit.content.organisations import sample_path
from tests.cli.conftest import NOON, Run

FACTS = sample_path("example-co")


def test_the_sheet_of_a_duty_is_printed_with_the_place_of_each_field(run: Run) -> None:
    ran = run("notice", "worksheet", "uk.gdpr.33", "--facts", FACTS, "--now", NOON)
    assert "Part 2 of 6 - field 1 of 11: What happened" in ran.out
    assert "The form cannot be saved" in ran.out
    assert "*** INVENTED INCIDENT" in ran.out
    assert ran.err == ""


def test_a_program_gets_the_documented_keys(run: Run) -> None:
    found = run("notice", "worksheet", "uk.gdpr.33", "--facts", FACTS, "--json").json
    assert {"worksheet", "title", "duty", "notes", "confidence", "source", "fields", "unknown"} <= found.keys()
    assert (found["worksheet"], found["duty"], found["generic"]) == ("uk.ico", "uk.gdpr.33", False)
    for field in found["fields"]:
        assert {"part", "n", "label", "kind", "answer", "status", "facts", "limit", "length", "options", "note"} <= field.keys()
        assert field["length"] == len(field["answer"])
    assert found["unknown"] == sum(field["status"] == "unknown" for field in found["fields"])


def test_a_duty_without_a_sheet_of_its_own_gets_what_the_law_asks_for_and_says_so(run: Run) -> None:
    ran = run("notice", "worksheet", "us.al.ag", "--facts", FACTS)
    assert "This is not the portal's form" in ran.out
    assert run("notice", "worksheet", "us.al.ag", "--facts", FACTS, "--json").json["generic"] is True


def test_only_what_is_open_can_be_asked_for(run: Run) -> None:
    found = run("notice", "worksheet", "uk.gdpr.33", "--facts", FACTS, "--only-unknown", "--json").json
    assert {field["status"] for field in found["fields"]} <= {"unknown", "person"}


def test_an_incident_of_the_journal_has_sheets_too(run: Run) -> None:
    run("incident", "open", "--facts", FACTS)
    ran = run("notice", "worksheet", "uk.gdpr.33", "INC-1")
    assert "WORKSHEET Information Commissioner's Office" in ran.out


def test_the_list_names_each_portal_with_its_duties_and_how_well_it_is_known(run: Run) -> None:
    found = run("notice", "worksheet", "--list", "--json").json["worksheets"]
    ico = next(one for one in found if one["worksheet"] == "uk.ico")
    assert (ico["parts"], ico["saves"], ico["confidence"]) == (6, "no", "secondary")
    ran = run("notice", "worksheet", "--list")
    assert "us.hhs" in ran.out
    assert "at fr-cnil" in ran.out
    assert "generic sheet" in ran.err


@pytest.mark.parametrize("format", ["text", "md", "html", "json", "csv"])
def test_a_file_is_written_once_and_replaced_only_when_told(run: Run, tmp_path: Path, format: str) -> None:
    path = tmp_path / f"sheet.{format}"
    words = ("notice", "worksheet", "uk.gdpr.33", "--facts", FACTS, "--now", NOON, "--format", format, "--out", path)
    assert str(path) in run(*words).err
    before = path.read_bytes()
    assert "--force" in run(*words, code=4).err
    run(*words, "--force")
    assert path.read_bytes() == before


def test_csv_is_read_back_as_rows(run: Run) -> None:
    out = run("notice", "worksheet", "uk.gdpr.33", "--facts", FACTS, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["worksheet"] for row in rows} == {"uk.ico"}
    assert len(rows) > 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("uk.gdpr.33", "--facts", FACTS, "--format", "pdf"), "formats: text, md, html, json, csv"),
        (("uk.gdpr.33.up", "--facts", FACTS), "or 'uk.gdpr.33.update'?"),
        ((), "name a duty"),
        (("uk.gdpr.33",), "name an incident"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(run: Run, words: tuple[object, ...], said: str) -> None:
    assert said in run("notice", "worksheet", *words, code=2).err


def test_several_authorities_are_named_so_that_one_can_be_chosen(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(
        "format: breachkit/facts@1\n"
        "facts: {role: controller, organisation.name: Example Co, organisation.serves: [EEA],\n"
        "  organisation.established_in: [], organisation.main_establishment: US,\n"
        "  people.in.FR: 50, people.in.IE: 40, people.elsewhere: 0}\n",
        encoding="utf-8",
    )
    assert "eu.gdpr.33@fr-cnil" in run("notice", "worksheet", "eu.gdpr.33", "--facts", facts, code=2).err
    assert run("notice", "worksheet", "eu.gdpr.33@fr-cnil", "--facts", facts, "--json").json["worksheet"] == "fr.cnil"
    assert run("notice", "worksheet", "eu.gdpr.33@ie-dpc", "--facts", facts, "--json").json["worksheet"] == "ie.dpc"
