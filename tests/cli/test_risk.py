"""`breachkit risk`: the arithmetic in words, the JSON other programs read, and that it decides nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import NOON, Run

PROMISED = {
    "format", "method", "dpc", "ei", "cb", "se", "band", "flags", "suggests", "because", "needs", "factors", "range",
    "exceptions", "between", "notes", "decides", "cite",
}  # fmt: skip
FACTS = """
format: breachkit/facts@1
facts:
  incident.title: A list went to the wrong customer
  breach.kinds: [confidentiality]
  breach.cause: misdirected
  breach.malicious: no
  breach.recipient: known
  data.categories: [full_name, postal_address, dob]
  data.categories_complete: yes
  data.detail: partial
  people.kinds: [customers]
  people.total: 40
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "incident.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def test_the_json_holds_every_promised_key(run: Run, facts: Path) -> None:
    found = run("risk", "--facts", facts, "--json").json
    assert set(found) >= PROMISED
    assert (found["format"], found["method"]) == ("breachkit/risk@1", "enisa-2013")
    assert (found["dpc"], found["ei"], found["cb"], found["se"], found["band"]) == (1, 1.0, 0.25, 1.25, "low")
    assert (found["suggests"], found["between"], found["needs"]) == ("risk", ["risk", "risk"], [])
    assert [one["name"] for one in found["factors"]] == ["dpc", "ei", "confidentiality", "integrity", "availability", "intent"]
    for one in found["factors"]:
        assert one["row"]
        assert one["cite"][0]["text"].startswith("ENISA")
        assert one["because"]
    for reason in found["because"]:
        assert set(reason) == {"text", "fact", "value", "holds"}
    assert [one["id"] for one in found["exceptions"]] == ["34(3)(a)", "34(3)(b)", "34(3)(c)"]
    assert "not legal advice" in found["notice"]


def test_what_is_not_known_is_null_with_a_range_and_a_need(run: Run, sample: Path) -> None:
    found = run("risk", "--facts", sample, "--json").json
    assert (found["se"], found["band"], found["suggests"]) == (None, None, None)
    low, high = found["range"]["se"]
    assert 0.25 <= low < high <= 6
    assert found["between"] == ["risk", "high"]
    assert found["needs"][: len(found["needs_for"]["suggestion"])] == found["needs_for"]["suggestion"] != []
    assert found["flags"] == ["more_than_100_people"]
    assert found["recorded"]["level"] == "risk"


def test_supposing_a_fact_changes_this_answer_alone(run: Run, incident: str) -> None:
    before = run("risk", incident, "--json").json
    supposed = run("risk", incident, "--what-if", "breach.recipient=public", "--what-if", "breach.malicious=yes", "--json").json
    assert supposed["suggests"] == "high"
    assert run("risk", incident, "--json").json == before


def test_the_text_shows_the_arithmetic_the_level_and_that_it_decides_nothing(run: Run, facts: Path) -> None:
    shown = run("risk", "--facts", facts).out
    assert "SE = 1 x 1 + 0.25 = 1.25: low" in shown
    assert "a risk to people (risk)" in shown
    assert "A low score does not make a risk unlikely" in shown
    assert "34(3)" in shown
    assert "This decides nothing" in " ".join(shown.split())
    assert "\x1b" not in shown


def test_an_open_answer_names_its_questions_in_order(run: Run, sample: Path) -> None:
    shown = run("risk", "--facts", sample).out
    assert "*** INVENTED" in shown
    assert "it lies between risk and high" in shown
    first = shown.index("  1. Who ended up with the data?")
    assert first < shown.index("breach.recipient  - suggestion") < shown.index("data.identifiability  - score only")


def test_overruling_without_a_reason_is_refused_and_said(run: Run, facts: Path) -> None:
    facts.write_text(FACTS + "  risk.enisa.dpc: '3'\n", encoding="utf-8")
    refused = run("risk", "--facts", facts)
    assert "REFUSED: risk.enisa.dpc is 3 without risk.enisa.dpc.reason" in " ".join(refused.out.split())
    facts.write_text(FACTS + "  risk.enisa.dpc: '3'\n  risk.enisa.dpc.reason: A list of debtors\n", encoding="utf-8")
    found = run("risk", "--facts", facts, "--json").json
    assert (found["se"], found["band"]) == (3.25, "high")
    assert (found["factors"][0]["overridden"], found["factors"][0]["replaces"]) == (True, [1.0, 1.0])
    assert found["suggests"] == "risk"
    assert any("look again" in note for note in found["notes"])


def test_a_suggestion_leaves_every_duty_as_it_was(run: Run, facts: Path) -> None:
    place = "  role: controller\n  organisation.main_establishment: ES\n  organisation.established_in: [ES]\n"
    facts.write_text(FACTS + place + "  aware_at: 2026-11-20T22:15:00Z\n", encoding="utf-8")
    duties: list[dict[str, Any]] = run("duties", "--facts", facts, "--now", NOON, "--json").json["duties"]
    status = {one["duty"]: one["status"] for one in duties}
    assert (status["eu.gdpr.33"], status["eu.gdpr.34"]) == ("undetermined", "undetermined")


def test_wrong_usage_ends_as_for_other_commands(run: Run, tmp_path: Path) -> None:
    assert "name an incident" in run("risk", code=2).err
    assert "unknown incident" in run("risk", "INC-9", code=2).err
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: breachkit/facts@1\nfacts:\n  data.categorys: [full_name]\n", encoding="utf-8")
    assert "data.categories" in run("risk", "--facts", bad, code=3).err


def test_help_ends_with_an_example(run: Run) -> None:
    assert "Example: breachkit risk INC-1" in run("risk", "--help").out


def test_a_pipe_gets_the_same_answer(run: Run, facts: Path) -> None:
    piped = run("risk", "--facts", "-", "--json", stdin=FACTS.encode()).json
    named = json.loads(run("risk", "--facts", facts, "--json").out)
    assert {**piped, "incident": None} == {**named, "incident": None}
