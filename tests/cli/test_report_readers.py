"""`report --for`, `--track` and `journal track` as a responder types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from breachkit.cli import journal_track
from breachkit.errors import BreachkitError

from .conftest import NOON, Run


@pytest.fixture
def opened(run: Run, sample: Path) -> Run:
    run("incident", "open", "Open folder", "--facts", sample)
    return run


@pytest.fixture
def move(opened: Run, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[str, str]]:
    """`journal track` as it is added to a group of commands; what it printed."""
    group = typer.Typer(pretty_exceptions_enable=False)
    group.command("show")(lambda: None)
    journal_track.add(group)

    def moved(*words: object) -> tuple[str, str]:
        group(["track", *map(str, words)], standalone_mode=False)
        return capsys.readouterr()

    return moved


@pytest.mark.parametrize("reader", ["auditor", "regulator", "executive"])
def test_a_paper_for_each_reader_in_each_format(opened: Run, tmp_path: Path, reader: str) -> None:
    for format, begins in (("md", b"# "), ("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-"), ("json", b"{")):
        opened("report", "INC-1", "--for", reader, "--format", format, "--out", tmp_path)
        made = (tmp_path / f"INVENTED-report-{reader}-INC-1.{format}").read_bytes()
        assert made.startswith(begins)
    assert json.loads(made)["reader"] == reader
    assert opened("report", "INC-1", "--for", reader, "--format", "json").json["format"] == "breachkit/report@1"


def test_a_facts_file_is_reported_for_a_reader_without_a_journal(run: Run, sample: Path) -> None:
    said = run("report", "--facts", sample, "--now", NOON, "--for", "executive").out
    assert said.startswith("# Summary for executives: ")
    assert "OVERDUE" not in said


def test_what_does_not_go_together_is_refused(opened: Run) -> None:
    assert "never holds the privileged track" in opened("report", "INC-1", "--for", "regulator", "--privileged", code=4).err
    assert "unknown reader 'press'" in opened("report", "INC-1", "--for", "press", code=2).err
    for more in (("--for", "auditor"), ("--without-third-party",)):
        assert "leave out --for and --without-third-party" in opened("report", "--register", *more, code=2).err


def test_facts_decisions_and_filings_take_a_track(opened: Run, tmp_path: Path) -> None:
    said = opened("fact", "set", "INC-1", "breach.root_cause=a stolen key", "--track", "privileged")
    assert said.out.rstrip().endswith("(privileged track)")
    more = tmp_path / "more.yaml"
    more.write_text("format: breachkit/facts@1\nfacts:\n  breach.how_found: the carrier told us\n")
    opened("fact", "import", "INC-1", more, "--track", "third-party")
    again = opened("fact", "correct", "INC-1", "breach.root_cause=a lost key", "--reason", "asked again", "--json").json
    assert again["entries"][0]["track"] == "privileged"
    decided = opened(
        "decide", "INC-1", "eu.gdpr.33@es-aepd", "notify", "--ground", "as counsel says", "--track", "privileged", "--json"
    )
    filed = opened("file", "INC-1", "eu.gdpr.33@es-aepd", "--reference", "X-1", "--track", "third-party", "--json")
    assert [one.json["entries"][0]["track"] for one in (decided, filed)] == ["privileged", "third_party"]
    assert "unknown track 'secret'" in opened("fact", "set", "INC-1", "records.total=5", "--track", "secret", code=2).err
    kept = opened("report", "INC-1").out
    assert "3 entries of the privileged track left out" in kept
    assert "the carrier told us" in kept
    assert "the carrier told us" not in opened("report", "INC-1", "--without-third-party").out
    assert "the carrier told us" not in opened("report", "INC-1", "--format", "json", "--without-third-party").out


def test_an_older_value_is_said_on_stderr_and_not_in_the_paper(opened: Run) -> None:
    opened("fact", "set", "INC-1", "incident.summary=What counsel knows.", "--track", "privileged")
    ran = opened("report", "INC-1", "--for", "regulator")
    assert "older values of incident.summary" in ran.err
    assert "What counsel knows" not in ran.out


def test_an_entry_is_moved_and_others_on_the_same_fact_are_named(opened: Run, move: Callable[..., tuple[str, str]]) -> None:
    opened("fact", "set", "INC-1", "incident.summary=What counsel knows.")
    shown = opened("journal", "show", "INC-1", "--json").json["entries"]
    first, last = [one["seq"] for one in shown if one["body"].get("key") == "incident.summary"]
    out, err = move("INC-1", last, "privileged", "--reason", "written for counsel")
    assert f"entry {last} moved from the factual to the privileged track" in out
    assert f"entry {first} on the same fact stays on its own track" in err
    assert "What counsel knows" not in opened("report", "INC-1").out
    assert opened("journal", "verify", "INC-1").out.endswith("every chain holds\n")
    with pytest.raises(BreachkitError, match="on the privileged track already"):
        move("INC-1", last, "privileged", "--reason", "again")
