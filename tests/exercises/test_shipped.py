"""Every shipped scenario, played by a perfect, a slow and a careless team, and by a perfect one that leaves out one thing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from breachkit.content.decisions import script_teams
from breachkit.content.organisations import profile_ids
from breachkit.content.scenarios import scenario_ids
from tests.exercises.shipped import TEAMS, asked_once, leaving_out, played, scenario, script

IDS = scenario_ids()
ACTIONS = [(id, action.id) for id in IDS for action in scenario(id).actions]


@pytest.fixture(autouse=True, scope="module")
def quicker() -> Iterator[None]:
    """The same teams ask the engine the same questions over and over here."""
    with asked_once():
        yield


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


@pytest.mark.parametrize("id", IDS)
def test_three_teams_score_differently_for_the_reasons_the_debrief_states(id: str) -> None:
    teams = {team: played(id, script(id, team)) for team in TEAMS}
    for team, found in teams.items():
        assert set(found.lost) == set(script(id, team).loses or ()), team
        assert found.run.ended_at == found.run.scenario.end
        said = _plain(found.debrief)
        for line in found.run.score.lost:
            assert _plain(line.title) in said, (team, line.id)
            assert _plain(line.why) in said, (team, line.id)
    perfect, slow, careless = (teams[team] for team in TEAMS)
    assert perfect.run.score.points == perfect.run.score.of > 0
    assert perfect.run.doings.refused == ()
    assert perfect.share > slow.share > careless.share
    assert "late" in slow.lost.values()
    assert {"wrong", "missed"} <= set(careless.lost.values())
    assert set(slow.lost) - set(careless.lost)
    assert set(careless.lost) - set(slow.lost)


@pytest.mark.parametrize(("id", "action"), ACTIONS, ids=str)
def test_leaving_out_one_expected_action_costs_points_and_the_debrief_names_it(id: str, action: str) -> None:
    whole = script(id, "perfect")  # full marks: the test above
    left_out = next(one for one in scenario(id).actions if one.id == action)
    without = leaving_out(whole, left_out.act)
    assert without.acts != whole.acts
    found = played(id, without)
    assert found.share < 1
    assert f"action:{action}" in found.lost
    assert _plain(left_out.title) in _plain(found.debrief)


def _plain(text: str) -> str:
    """The words alone: marks of Markdown and line breaks are no part of what is said."""
    return "".join(char for char in text if char.isalnum()).lower()
