"""Scripted runs: a whole exercise in a moment, the same every time, and nothing a team does wrong stops it."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from breachkit.content.decisions import read_decisions_text
from breachkit.errors import BadFile, Refused, UsageError
from breachkit.workflow.exercise import contract
from breachkit.workflow.exercise.play import play
from breachkit.workflow.exercise.scoring import scored
from tests.exercises.world import PERFECT, SCENARIO, played, score_of, script


def test_the_perfect_team_earns_every_point(tmp_path: Path) -> None:
    result = score_of(tmp_path)
    assert [line.id for line in result.score.lost] == []
    assert result.doings.refused == ()
    assert result.ended_at == result.scenario.end
    assert contract.percent(result.score) == 100


def test_two_plays_are_the_same_to_the_last_byte(tmp_path: Path) -> None:
    texts, chains = [], []
    for name in ("a", "b"):
        with played(tmp_path, name=name) as drill:
            texts.append(json.dumps(contract.exercise(scored(drill))))
            chains.append([entry.hash for entry in (*drill.events, *drill.entries)])
            assert drill.journal.verify() is None
    assert texts[0] == texts[1]
    assert chains[0] == chains[1]


def test_entries_bear_the_virtual_time_and_the_role_that_acted(tmp_path: Path) -> None:
    with played(tmp_path) as drill:
        begin = drill.scenario.begin
        opened = drill.entries[0]
        assert (opened.recorded_at - begin).total_seconds() == 600
        assert {entry.actor for entry in drill.entries} == {"lead"}
        assert all(begin <= entry.recorded_at <= drill.scenario.end for entry in drill.entries)


def test_acts_in_the_wrong_order_are_scored_and_never_an_error(tmp_path: Path) -> None:
    backwards = tuple({**act, "at": "PT10M"} for act in reversed(PERFECT))
    result = score_of(tmp_path, backwards)
    assert result.doings.refused
    assert all("no incident was opened yet" in why for _, tried, why in result.doings.refused if tried.startswith("file"))
    assert 0 < result.score.points < result.score.of


def test_what_the_tool_refuses_is_kept_with_its_reason(tmp_path: Path) -> None:
    acts = (
        *PERFECT,
        {"at": "PT51H", "by": "lead", "file": "eu.gdpr.99", "reference": "X"},
        {"at": "PT52H", "by": "lead", "record": {"people.total": "7"}},
        {"at": "PT53H", "by": "lead", "answer": "press", "is": "nothing"},
        {"at": "PT54H", "by": "lead", "step": "general.dance"},
        {"at": "PT90H", "by": "lead", "note": "too late"},
    )
    refused = score_of(tmp_path, acts).doings.refused
    assert [tried for _, tried, _ in refused] == [
        "file eu.gdpr.99",
        "record people.total",
        "answer press",
        "step general.dance",
        "note too late",
    ]
    assert "unknown duty" in refused[0][2]
    assert "the exercise was over" in refused[-1][2]


def test_a_team_that_does_nothing_is_scored_too(tmp_path: Path) -> None:
    result = score_of(tmp_path, ())
    assert result.doings.declared_at is None
    assert result.score.points == 15  # nobody was told without need, and no decision stands against the facts
    assert [line.outcome for line in result.score.lines if line.id == "action:declare"] == ["missed"]


def test_a_script_for_another_scenario_is_refused(tmp_path: Path) -> None:
    decisions = read_decisions_text(script(scenario="other"), "script.yaml")
    with pytest.raises(UsageError, match="written for the scenario 'other'"):
        play(SCENARIO, "small.yaml", decisions, tmp_path / "x.db")


def test_a_faulty_scenario_makes_no_exercise(tmp_path: Path) -> None:
    decisions = read_decisions_text(script(), "script.yaml")
    with pytest.raises(BadFile, match="journalst"):
        play(SCENARIO.replace("after: journalist", "after: journalst"), "small.yaml", decisions, tmp_path / "x.db")
    assert not (tmp_path / "x.db").exists()


def test_an_exercise_is_never_written_over(tmp_path: Path) -> None:
    with played(tmp_path):
        pass
    with pytest.raises(Refused, match="a database of its own"), played(tmp_path):
        pass


def test_a_whole_exercise_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise AssertionError("an exercise opened a connection")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, no)
    monkeypatch.setenv("BREACHKIT_SMTP_URL", "smtp://mail.example.com")
    assert not score_of(tmp_path).score.lost
