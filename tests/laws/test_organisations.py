"""The shipped organisations' sample incidents give what was worked out by hand, through the command line's own JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from breachkit.cli.app import app
from breachkit.content.organisations import sample_path
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.facts import read_instant
from breachkit.domain.findings import OPEN
from breachkit.workflow import contract
from breachkit.workflow.subjects import answer, subject_of_file
from breachkit.workflow.workspace import Workspace

BOOK = read_yaml(Path(__file__).parent / "incidents" / "organisations.yaml")


def compare(found: dict[str, Any], expected: dict[str, Any], incident: dict[str, Any]) -> None:
    duties = {duty["id"]: duty for duty in found["duties"]}
    for id, row in expected.items():
        assert id in duties, f"{id} is not among {sorted(duties)}"
        duty = duties[id]
        for key, value in row.items():
            assert matches(duty, key, value), f"{id}: {key} should be {value}: {duty['status']} {duty['due']} {duty['because']}"
    if "conflicts" in incident:
        assert len(found["conflicts"]) == int(incident["conflicts"]), found["conflicts"]
    if "uncovered" in incident:
        assert [place["place"] for place in found["uncovered"]] == incident["uncovered"]
    if "asks_first" in incident:
        assert found["open_questions"][0]["key"] == incident["asks_first"]
    if "running" in incident:
        running = {
            duty["id"] for duty in found["duties"] if duty["status"] in OPEN and not (duty["place_open"] or duty["trade_open"])
        }
        assert running == set(incident["running"]), sorted(running ^ set(incident["running"]))


def matches(duty: dict[str, Any], key: str, value: Any) -> bool:
    due = duty["due"]
    if key in ("target", "outer"):
        return due[key] is None if value == "none" else same_moment(due[key], value)
    if key == "not_before":
        held = due["not_before"]
        return held is None if value == "none" else held is not None and same_moment(held["at"], value)
    if key == "held":
        return due["not_before"]["holds"] is True
    if key == "folded":
        return (duty["place_open"] or duty["trade_open"]) is (value == "yes")
    if key in ("projected", "provisional"):
        return bool(due[key]) is (value == "yes")
    if key == "presumed":
        return bool(duty[key]) is (value == "yes")
    if key == "recipient":
        return bool(duty["recipient"]["id"] == value)
    if key == "candidates":
        return set(value) <= set(duty["recipient"]["candidates"])
    if key == "last_day":
        return bool(due[key] == value)
    return duty[key] is None if value == "none" else bool(duty[key] == value)


def same_moment(shown: str | None, expected: str) -> bool:
    return shown is not None and read_instant(shown).at == read_instant(expected).at


@pytest.mark.parametrize("incident", list(BOOK["incidents"]))
def test_a_sample_incident_gives_what_was_worked_out_by_hand(incident: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app(["duties", "--facts", str(sample_path(incident)), "--json", "--now", BOOK["now"]], prog_name="breachkit")
    assert ended.value.code == 0
    found = json.loads(capsys.readouterr().out)
    row = BOOK["incidents"][incident]
    compare(found, row["expect"], row)


@pytest.mark.parametrize("row", BOOK["what_if"], ids=lambda row: row["name"])
def test_a_changed_sample_incident_gives_what_was_worked_out_by_hand(row: dict[str, Any]) -> None:
    space = Workspace(reading_now=read_instant(row["now"]).at)
    judged = answer(subject_of_file(sample_path(row["incident"])), space, what_if=row["facts"])
    compare(contract.duties(judged), row["expect"], row)
