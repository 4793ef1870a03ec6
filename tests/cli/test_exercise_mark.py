"""Commands on the database of an exercise: what they print and the files they write say that nothing of it happened."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from breachkit.domain.marks import EXERCISE
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock
from tests.workflow import approving, exercising
from tests.workflow.made_up_people import person, write_table

from .conftest import Run

REPORT = approving.REPORT


@pytest.fixture
def drill(run: Run) -> Run:
    """INC-1 of an exercise, in the database that commands work on."""
    space = Workspace(database=os.environ["BREACHKIT_DATABASE"], actor="ana", clock=Clock())
    with space.journal() as journal:
        exercising.opened(space, journal, {**approving.FACTS, "risk.level": "high"})
    return run


def test_what_is_printed_begins_with_it(drill: Run) -> None:
    for words in (("duties", "INC-1"), ("risk", "INC-1"), ("clock", "INC-1")):
        assert EXERCISE in drill(*words).out.split("\n")[0]
    assert "[EXERCISE]" in drill("incident", "list").out
    assert drill("incident", "list", "--json").json["incidents"][0]["exercise"] == "open-folder"
    assert drill("duties", "INC-1", "--json").json["incident"]["exercise"] == "open-folder"
    assert drill("notice", "check", REPORT, "INC-1", "--json").json["exercise"] == "open-folder"


def test_files_are_named_for_it(drill: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    drill("notice", "render", REPORT, "INC-1", "--format", "text", "--out", out)
    for format in ("md", "html", "json"):
        drill("report", "INC-1", "--format", format, "--out", out)
    for format in ("csv", "md", "json"):
        drill("report", "--register", "--invented", "--format", format, "--out", out)
    names = [path.name for path in out.iterdir()]
    assert len(names) == 7
    assert all(name.startswith("EXERCISE-") for name in names), names
    assert {"EXERCISE-report-INC-1.html", "EXERCISE-register.csv"} <= set(names)


def test_an_approval_says_that_the_mark_stays(drill: Run) -> None:
    assert "its notices say so on every page, approved or not" in drill("notice", "approve", REPORT, "INC-1").err
    text = drill("notice", "render", REPORT, "INC-1", "--format", "text").out
    assert text.startswith(EXERCISE)
    assert text.endswith(f"{EXERCISE}\n")
    assert "DRAFT" not in text


def test_what_changed_since_a_filing_begins_and_ends_with_it(drill: Run, tmp_path: Path) -> None:
    drill("file", "INC-1", REPORT, "--reference", "EX-1")
    drill("fact", "set", "INC-1", "consequences=None are known.")
    assert drill("notice", "diff", REPORT, "INC-1").out.startswith(EXERCISE)
    assert drill("notice", "diff", REPORT, "INC-1", "--json").json["exercise"] == "open-folder"
    drill("notice", "diff", REPORT, "INC-1", "--out", tmp_path / "diff.txt")
    text = (tmp_path / "diff.txt").read_text("utf-8").strip().split("\n")
    assert text[0] == text[-1] == EXERCISE


def test_a_batch_says_that_it_is_one(drill: Run, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", [person(0)])
    said = drill("notice", "batch", "eu.gdpr.34", "INC-1", "--people", table, "--out", tmp_path / "letters")
    assert "EXERCISE, nothing of this happened: every mail address ends in .invalid." in said.out
    assert json.loads((tmp_path / "letters" / "summary.json").read_text("utf-8"))["exercise"] == "open-folder"


def test_a_calendar_says_so(drill: Run, tmp_path: Path) -> None:
    drill("clock", "INC-1", "--ics", tmp_path / "clock.ics")
    assert "SUMMARY:EXERCISE - Deadline:" in (tmp_path / "clock.ics").read_text("utf-8")


def test_an_incident_in_earnest_has_none_of_it(run: Run) -> None:
    run("incident", "open", "A lost key", "--organisation", "example-co")
    assert "exercise" not in run("duties", "INC-1", "--json").json["incident"]
    assert "EXERCISE" not in run("duties", "INC-1").out + run("incident", "list").out
