"""Scripted teams: every kind of act is read, a wrong shape is told with its line, and shipped scripts fit their scenarios."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from breachkit.content.decisions import (
    decisions_faults,
    load_decisions,
    read_decisions_text,
    script_files,
    script_path,
    script_teams,
)
from breachkit.content.scenarios import load_scenario, scenario_folder, scenario_ids
from breachkit.domain.exercise.decisions import ACTED_KINDS
from breachkit.errors import BadFile, UnknownName

SMALL = load_scenario(Path(__file__).parent / "scenarios" / "small.yaml")
SCRIPT = """\
format: breachkit/decisions@1
scenario: small
team: slow
loses: [action:declare, fact:people.in.ES]
acts:
  - {at: PT6H, by: lead, file: eu.gdpr.33@es-aepd, reference: AEPD-2026-1, kind: first}
  - {at: PT20M, by: lead, open: A folder lay open, facts: {aware_at: "2026-11-19T16:20:00+01:00"}}
  - {at: PT25M, by: lead, record: {breach.cause: misconfiguration, people.total: 400..900}, source: the engineer}
  - {at: PT1H, by: lead, ask: people.in.ES}
  - {at: PT2H, by: lead, answer: ransom, is: refuse, why: It buys nothing.}
  - {at: PT3H, by: lead, decide: eu.gdpr.34, choice: refrain, ground: Nothing could be read}
  - {at: PT5H, by: lead, approve: eu.gdpr.33@es-aepd}
  - {at: PT6H, by: lead, step: general.team, note: by telephone}
  - {at: PT7H, by: lead, note: A line for the time line}
"""


def test_every_kind_of_act_is_read_in_the_order_of_time() -> None:
    found = read_decisions_text(SCRIPT, "a.yaml")
    assert (found.scenario, found.team, found.loses) == ("small", "slow", ("action:declare", "fact:people.in.ES"))
    assert {act.kind for act in found.acts} == set(ACTED_KINDS)
    assert [act.kind for act in found.acts][:2] == ["open", "record"]
    assert [act.at for act in found.acts] == sorted(act.at for act in found.acts)
    record = found.acts[1]
    assert (record.at, record.by, record.line) == (timedelta(minutes=25), "lead", 8)
    assert record.body == {
        "record": {"breach.cause": "misconfiguration", "people.total": "400..900"},
        "source": "the engineer",
    }
    # At one moment, as the file has it: the filing stands before the step.
    assert [act.kind for act in found.acts if act.at == timedelta(hours=6)] == ["file", "step"]


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("decisions@1", "decisions@2", "line 1: format must be 'breachkit/decisions@1'"),
        ("team: slow", "team: Slow team", "line 3: 'Slow team' is not a name for a team"),
        ("scenario: small\n", "", "'scenario' is missing"),
        ("[action:declare, fact:people.in.ES]", "[action:declare, action:declare]", "line 4: 'action:declare' is said twice"),
        ("ask: people.in.ES", "ask: people.in.Spain", "line 9: unknown"),
        ("ask: people", "aks: people", "line 9: unknown act 'aks'; did you mean 'ask'?"),
        ("at: PT1H, ", "", "line 9: 'at' is missing"),
        ("at: PT1H", "at: 1h", "line 9: '1h' is not a span of time"),
        ("by: lead, ask", "ask", "line 9: 'by' is missing"),
        ("ask: people.in.ES", "ask: people.in.ES, note: n, approve: x", "an act is one thing, not ask and approve"),
        ("ask: people.in.ES", "ask: people.in.ES, why: n", "line 9: unknown key 'why' in an act 'ask'"),
        ("misconfiguration", "misconfigured", "line 8: breach.cause takes one of"),
        ("record: {breach.cause: misconfiguration, people.total: 400..900}", "record: ", "'record' is empty"),
        (", ground: Nothing could be read", "", "line 11: 'ground' is missing in an act 'decide'"),
        ("choice: refrain", "choice: refuse", "line 11: unknown choice 'refuse'; write one of notify, refrain"),
        ("kind: first", "kind: frist", "line 6: unknown kind 'frist'; did you mean 'first'?"),
        (", is: refuse", "", "line 10: 'is' is missing in an act 'answer'"),
        ("acts:", "acts: none\nact:", "'acts' must be a list"),
    ],
)
def test_a_wrong_shape_is_told_with_its_line(right: str, wrong: str, words: str) -> None:
    assert right in SCRIPT
    with pytest.raises(BadFile) as caught:
        read_decisions_text(SCRIPT.replace(right, wrong, 1), "a.yaml")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("scenario: small", "scenario: large", "line 2: this script is for the scenario 'large', not 'small'"),
        ("by: lead, ask", "by: laed, ask", "line 9: unknown role 'laed'; did you mean 'lead'?"),
        ("at: PT7H", "at: PT81H", "line 14: it is done 3 d 9 h after the start, and the exercise ends after 3 d 8 h"),
        ("answer: ransom", "answer: ransam", "line 10: unknown question 'ransam'; did you mean 'ransom'?"),
        ("is: refuse", "is: refuze", "line 10: unknown option of 'ransom' 'refuze'; did you mean 'refuse'?"),
        (
            "action:declare",
            "action:declair",
            "line 4: 'action:declair' is no score line of this scenario: unknown action 'declair'; did",
        ),
        (
            "action:declare",
            "acting:declare",
            "line 4: 'acting:declare' is no score line: unknown kind 'acting'; did you mean 'action' or 'fact'?",
        ),
    ],
)
def test_what_does_not_fit_the_scenario_is_told(right: str, wrong: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "small.slow.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    assert decisions_faults(path, SMALL) == ()
    assert right in SCRIPT
    path.write_text(SCRIPT.replace(right, wrong, 1), encoding="utf-8")
    (fault,) = decisions_faults(path, SMALL)
    assert words in str(fault)


def test_what_a_team_does_wrong_is_its_own_affair(tmp_path: Path) -> None:
    path = tmp_path / "small.careless.yaml"
    path.write_text(SCRIPT.replace("file: eu.gdpr.33@es-aepd", "file: xx.nobody.99"), encoding="utf-8")
    assert decisions_faults(path, SMALL) == ()


@pytest.mark.parametrize("scenario", scenario_ids())
def test_the_shipped_scripts_fit_their_scenario(scenario: str) -> None:
    one = load_scenario(scenario)
    for team in script_teams(scenario):
        path = script_path(scenario, team)
        assert decisions_faults(path, one) == ()
        assert load_decisions(path).team == team


def test_every_shipped_script_belongs_to_a_scenario() -> None:
    shipped = set((scenario_folder() / "scripts").glob("*.yaml"))
    assert shipped == {path for id in scenario_ids() for path in script_files(id).values()}


def test_ones_own_script_wins(tmp_path: Path) -> None:
    scripts = tmp_path / "tabletop" / "scripts"
    scripts.mkdir(parents=True)
    id = scenario_ids()[0]
    (scripts / f"{id}.ours.yaml").write_text(SCRIPT, encoding="utf-8")
    assert "ours" in script_teams(id, tmp_path)
    assert script_path(id, "ours", tmp_path) == scripts / f"{id}.ours.yaml"
    with pytest.raises(UnknownName, match=f"unknown team of '{id}' 'theirs'"):
        script_path(id, "theirs")
    with pytest.raises(UnknownName, match="has no scripts"):
        script_path("nothing", "perfect")
