"""`breachkit notice batch` as a responder types it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.workflow.made_up_people import FACTS, listed, manifest, person, write_table


def test_a_batch_from_a_facts_file_needs_no_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    write_table(tmp_path / "people.csv", [*map(person, range(6)), person(6, country="Narnia"), person(0, id="again")])
    ran = run("notice", "batch", "all", "--facts", tmp_path / "facts.yaml", "--people", tmp_path / "people.csv",
              "--out", tmp_path / "out", "--format", "eml", "--json")  # fmt: skip
    said = ran.json
    assert said["format"] == "breachkit/batch@1"
    assert (said["rows"], said["letters"], said["duplicates"], said["refused"]) == (8, 6, 1, {"place_unknown": 1})
    assert said["draft"] is True
    assert said["files"] == 6 == len(manifest(tmp_path / "out"))
    assert "writing: 100%" in ran.err
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == {k: v for k, v in said.items() if k != "folder"}


def test_a_person_reads_what_became_of_every_row(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    write_table(tmp_path / "people.csv", [person(0), person(1, language="fr"), person(2, country="Narnia")])
    out = run("notice", "batch", "eu.gdpr.34", "us.fl.individuals", "--facts", tmp_path / "facts.yaml", "--people",
              tmp_path / "people.csv", "--out", tmp_path / "out").out  # fmt: skip
    assert "1 letter from 3 rows" in out
    assert "no_language: the letter does not exist in the person's language" in out
    assert "place_unknown: " in out
    assert "marked DRAFT" in out
    assert "Nothing was sent" in out


def test_the_counts_feed_back_into_the_incident(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    run("incident", "open", "A copied file", "--facts", tmp_path / "facts.yaml")
    write_table(tmp_path / "people.csv", map(person, range(30)))
    words = ("all", "INC-1", "--people", tmp_path / "people.csv", "--out", tmp_path / "out", "--format", "jsonl")
    assert "counts recorded" in run("notice", "batch", *words, "--record").err
    told = run("fact", "list", "INC-1", "--json").out
    assert '"value": "10"' in told
    assert "people.csv, read by notice batch" in told
    assert "Muster" not in told
    assert "facts: " in run("notice", "batch", *words, code=4).err, "the facts are others now"


def test_going_on_with_other_facts_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    write_table(tmp_path / "people.csv", map(person, range(3)))
    words = (
        "notice",
        "batch",
        "all",
        "--facts",
        tmp_path / "facts.yaml",
        "--people",
        tmp_path / "people.csv",
        "--out",
        tmp_path / "o",
    )
    first = run(*words, "--json").json
    assert run(*words, "--json").json == first
    (tmp_path / "facts.yaml").write_text(FACTS.replace("closed", "shut"), encoding="utf-8")
    assert "facts: " in run(*words, code=4).err


def test_columns_are_named_where_headers_say_too_little(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "people.csv").write_text("who,mail,where\nAna,ana@example.com,ES\n", encoding="utf-8")
    words = ("all", "--facts", tmp_path / "facts.yaml", "--people", tmp_path / "people.csv", "--out", tmp_path / "o")
    run("notice", "batch", *words,
        "--column", "name=who", "--column", "email=mail", "--column", "place=where", "--limit", "1")  # fmt: skip
    assert [row["place"] for row in manifest(tmp_path / "o")] == ["ES"]
    assert listed(tmp_path / "o", "refused.csv") == []


def test_what_is_typed_wrongly_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    table = write_table(tmp_path / "people.csv", map(person, range(3)))
    words = ("--facts", tmp_path / "facts.yaml", "--people", table, "--out", tmp_path / "o")
    assert "FIELD=HEADER" in run("notice", "batch", "all", *words, "--column", "email", code=2).err
    assert "--record needs an incident" in run("notice", "batch", "all", *words, "--record", code=2).err
    assert "there is no incident to name" in run("notice", "batch", "all", "INC-1", *words, code=2).err
    assert "formats: eml" in run("notice", "batch", "all", *words, "--format", "doc", code=2).err
    assert not (tmp_path / "o").exists()


def test_an_approved_letter_is_no_draft_and_the_others_stay_drafts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    run("incident", "open", "A copied file", "--facts", tmp_path / "facts.yaml")
    run("notice", "approve", "us.fl.individuals", "INC-1", "--incomplete", "a test's own")
    table = write_table(tmp_path / "people.csv", map(person, range(3)))
    words = (
        "notice",
        "batch",
        "eu.gdpr.34",
        "us.fl.individuals",
        "INC-1",
        "--people",
        table,
        "--out",
        tmp_path / "out",
        "--format",
        "text",
    )
    assert "Letters of eu.gdpr.34 are marked DRAFT" in run(*words).out
    for row in manifest(tmp_path / "out"):
        text = (tmp_path / "out" / row["file"]).read_text(encoding="utf-8")
        assert ("DRAFT" in text) == ("DRAFT" in row["file"]) == (row["duty"] == "eu.gdpr.34")
