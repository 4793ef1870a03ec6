"""Every shipped scenario, played by a perfect, a slow and a careless team, and by a perfect one that leaves out one thing."""

from __future__ import annotations

import pytest

from breachkit.content.decisions import script_teams
from breachkit.content.organisations import profile_ids
from breachkit.content.scenarios import scenario_ids
from tests.exercises.shipped import TEAMS, leaving_out, result, scenario, script, with_debrief

IDS = scenario_ids()
ACTIONS = [(id, action.id) for id in IDS for action in scenario(id).actions]


def test_there_are_scenarios_for_all_five_organisations_from_easy_to_hard() -> None:
    assert len(IDS) >= 8
    assert {scenario(id).organisation for id in IDS} == set(profile_ids())
    assert {scenario(id).difficulty for id in IDS} == {"easy", "medium", "hard"}


@pytest.mark.parametrize("id", IDS)
def test_a_scenario_has_what_a_table_needs(id: str) -> None:
    one = scenario(id)
    assert 30 <= one.minutes <= 120
    assert "nothing of this happened" in one.briefing.lower()
    assert len(one.facilitator.split()) >= 150
    assert len({inject.channel for inject in one.injects}) >= 3
    assert any(inject.pressure is not None for inject in one.injects)
    assert len(one.questions) >= 2
    assert len(one.actions) >= 6
    assert all(action.why for action in one.actions)
    assert set(TEAMS) <= set(script_teams(id))


@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize("id", IDS)
def test_each_team_loses_points_where_its_script_says_and_nowhere_else(id: str, team: str) -> None:
    found = result(id, team)
    assert {line.id for line in found.score.lost} == set(script(id, team).loses or ())
    assert found.ended_at == found.scenario.end


@pytest.mark.parametrize("id", IDS)
def test_the_perfect_team_gets_full_marks(id: str) -> None:
    found = result(id, "perfect")
    assert found.score.points == found.score.of > 0
    assert found.doings.refused == ()


@pytest.mark.parametrize("id", IDS)
def test_the_three_teams_score_differently_and_for_different_reasons(id: str) -> None:
    scores = {team: result(id, team).score for team in TEAMS}
    shares = {team: score.points / score.of for team, score in scores.items()}
    assert shares["perfect"] > shares["slow"] > shares["careless"]
    lost = {team: {line.id: line.outcome for line in score.lost} for team, score in scores.items()}
    assert "late" in lost["slow"].values()
    assert {"wrong", "missed"} <= set(lost["careless"].values())
    assert set(lost["slow"]) - set(lost["careless"])
    assert set(lost["careless"]) - set(lost["slow"])


@pytest.mark.parametrize("team", ["slow", "careless"])
@pytest.mark.parametrize("id", IDS)
def test_the_debrief_states_every_reason(id: str, team: str) -> None:
    found, text = with_debrief(id, script(id, team))
    said = _plain(text)
    for line in found.score.lost:
        assert _plain(line.title) in said
        assert _plain(line.why) in said, line.id


@pytest.mark.parametrize(("id", "action"), ACTIONS, ids=lambda value: str(value))
def test_leaving_out_one_expected_action_costs_points_and_the_debrief_names_it(id: str, action: str) -> None:
    left_out = next(one for one in scenario(id).actions if one.id == action)
    played_without = leaving_out(script(id, "perfect"), left_out.act)
    assert played_without.acts != script(id, "perfect").acts
    found, text = with_debrief(id, played_without)
    whole = result(id, "perfect").score
    assert found.score.points / found.score.of < whole.points / whole.of
    assert f"action:{action}" in {line.id for line in found.score.lost}
    assert _plain(left_out.title) in _plain(text)


def _plain(text: str) -> str:
    """The words alone: marks of Markdown and line breaks are no part of what is said."""
    return "".join(char for char in text if char.isalnum()).lower()
