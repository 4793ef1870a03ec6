"""A debrief of exercises that were really played: scripted teams on a shipped scenario, their earlier runs, and their plan.

`BREACHKIT_UPDATE_GOLDEN=1 pytest tests/workflow/test_debrief.py` writes the golden debrief anew; read the difference.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from breachkit.content.decisions import load_decisions, script_path
from breachkit.content.timezones import use_shipped_zones
from breachkit.domain.exercise.debrief import Debrief
from breachkit.domain.exercise.improvement import wanted
from breachkit.errors import UnknownName, UsageError
from breachkit.workflow.exercise.debrief import debrief, improve, written
from breachkit.workflow.exercise.debrief_json import as_json
from breachkit.workflow.exercise.drill import Drill, scenario_source
from breachkit.workflow.exercise.play import play
from breachkit.workflow.exercise.scoring import scored

SCENARIO = "mail-merge"
TODAY = date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden" / "debrief-mail-merge.slow.md"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The database of each scripted team."""
    use_shipped_zones()
    folder = tmp_path_factory.mktemp("exercises")
    text, file = scenario_source(SCENARIO)
    found = {}
    for team in ("perfect", "slow", "careless"):
        path = folder / f"{team}.db"
        play(text, file, load_decisions(script_path(SCENARIO, team)), path).close()
        found[team] = path
    return found


@pytest.fixture
def slow(played: dict[str, Path], tmp_path: Path) -> Iterator[Drill]:
    """A copy of the slow team's exercise, to record in."""
    path = tmp_path / "slow.db"
    path.touch(mode=0o600)
    path.write_bytes(played["slow"].read_bytes())
    with closing(Drill.open(path, actor="ana", real=lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))) as drill:
        yield drill


def alone(path: Path) -> Debrief:
    return debrief(path, today=TODAY, against=[])


def masked(text: str) -> str:
    """Without hashes: laws and scenarios grow, and their hashes are compared elsewhere."""
    return re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b", "#", text)


def test_a_whole_debrief_word_by_word(played: dict[str, Path]) -> None:
    text = masked(str(written(alone(played["slow"]), "md")))
    if os.environ.get("BREACHKIT_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_a_perfect_team_hears_no_blame(played: dict[str, Path]) -> None:
    found = alone(played["perfect"])
    assert (found.train, found.plan) == ((), ())
    assert {one.mark for one in found.ratings if one.lines} == {"P"}
    assert "100 per cent" in str(written(found, "md"))
    assert "No line lost a point." in str(written(found, "md"))


@pytest.mark.parametrize("team", ["slow", "careless"])
def test_every_expected_action_that_lost_points_is_named(team: str, played: dict[str, Path]) -> None:
    found = alone(played[team])
    text = str(written(found, "md")).replace("\\", "")
    train = text[text.index("## What to train") : text.index("## Time line")]
    lost = [line for line in found.run.score.lines if line.lost and line.id.startswith("action:")]
    assert lost
    for line in lost:
        assert f"### {line.title}\n" in train
        assert f"(`{line.id}`)" in train
    for line in found.run.score.lost:
        assert " ".join(wanted(line).split()) in train
    assert sorted(one.id for item in found.plan for one in item.lines) == sorted(one.id for one in found.run.score.lost)


def test_the_same_run_and_day_give_the_same_bytes_in_every_format(played: dict[str, Path]) -> None:
    for format in ("md", "html", "pdf", "json"):
        first, second = (written(alone(played["careless"]), format) for _ in range(2))
        assert first == second


def test_json_holds_the_score_the_plan_and_the_time_line(played: dict[str, Path]) -> None:
    found = alone(played["careless"])
    data = as_json(found)
    assert data["format"] == "breachkit/debrief@1"
    assert json.loads(str(written(found, "json"))) == json.loads(json.dumps(data))
    with closing(Drill.open(played["careless"], actor="ana")) as drill:
        score = scored(drill).score
    assert (data["points"], data["of"]) == (score.points, score.of)
    assert data["train"] == [line.id for line in score.lost]
    assert {one["id"] for one in data["objectives"]} == {one.id for one in found.run.scenario.objectives}
    numbers = [one["number"] for one in data["time_line"]["happened"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert data["comparison"] is None


def test_a_format_nobody_makes_is_refused_by_name(played: dict[str, Path]) -> None:
    with pytest.raises(UnknownName, match=r"unknown format 'docx'.*md, html, pdf, json"):
        written(alone(played["perfect"]), "docx")


# -- earlier runs


def test_a_run_is_compared_with_those_that_are_named(played: dict[str, Path]) -> None:
    found = debrief(played["slow"], today=TODAY, against=[played["careless"]])
    assert found.comparison is not None
    assert "needless" in {line.id for line in found.comparison.better}
    assert "action:declare" in {line.id for line in found.comparison.worse}
    assert found.comparison.other_text == found.comparison.other_laws == ()
    text = str(written(found, "md"))
    assert "## Beside earlier runs" in text
    assert "judged by the same laws" in text


def test_a_changed_scenario_is_said_to_be_not_strictly_comparable(played: dict[str, Path], tmp_path: Path) -> None:
    text, file = scenario_source(SCENARIO)
    other = tmp_path / "other.db"
    play(f"{text}\n# another word\n", file, load_decisions(script_path(SCENARIO, "slow")), other).close()
    found = debrief(other, today=TODAY, against=[played["slow"]])
    assert "not strictly comparable" in str(written(found, "md"))
    assert found.comparison is not None
    assert (found.comparison.better, found.comparison.worse) == ((), ())


def test_a_run_of_another_scenario_is_refused(played: dict[str, Path], tmp_path: Path) -> None:
    text, file = scenario_source("agency-customers")
    other = tmp_path / "other.db"
    Drill.start(text, file, other, facilitated=False, actor="ana").close()
    with pytest.raises(UsageError, match=r"is a run of 'agency-customers', and this one of 'mail-merge'"):
        debrief(played["slow"], today=TODAY, against=[other])


def test_earlier_runs_are_found_in_the_folder_of_exercises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREACHKIT_EXERCISES", str(tmp_path))
    text, file = scenario_source(SCENARIO)
    paths = [tmp_path / name for name in ("b.db", "a.db", "c.db")]
    for days, path in enumerate(paths):
        began = datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=days)
        with closing(
            Drill.start(text, file, path, facilitated=False, actor="ana", team=path.stem, real=lambda now=began: now)  # type: ignore[misc]
        ) as drill:
            drill.drive()
            drill.jump(drill.scenario.end)
    (tmp_path / "no-exercise.db").write_text("nothing")
    found = debrief(paths[1], today=TODAY).comparison
    assert found is not None
    assert [one.label for one in found.columns] == ["team b, played Sun 1 Nov 2026", "team a, played Mon 2 Nov 2026"]
    assert debrief(paths[0], today=TODAY).comparison is None


# -- one that goes on


def test_an_exercise_that_goes_on_can_be_debriefed_and_counts_the_rest_as_not_done_yet(tmp_path: Path) -> None:
    text, file = scenario_source(SCENARIO)
    with closing(Drill.start(text, file, tmp_path / "now.db", facilitated=False, actor="ana")) as drill:
        drill.drive()
        drill.jump(drill.scenario.begin + timedelta(minutes=20))
        found = debrief(drill, today=TODAY, against=[])
        assert not found.run.over
        assert "action:declare" in {line.id for line in found.pending}
        assert "action:declare" not in {line.id for line in found.train}
        page = str(written(found, "md"))
        assert "This exercise is not over" in page
        assert "### Not done yet" in page
        drill.end("enough for today")
        over = debrief(drill, today=TODAY, against=[])
        assert over.pending == ()
        assert "action:declare" in {line.id for line in over.train}


# -- the plan


def test_what_is_set_for_an_item_is_kept_and_later_words_stand(slow: Drill) -> None:
    entry, first = improve(slow, "action:declare", owner="Ana Example", due=date(2026, 12, 1))
    assert entry.kind == "exercise.improvement"
    assert entry.body == {
        "item": "action:declare", "owner": "Ana Example", "due": "2026-12-01", "real": "2026-11-23T09:00:00+00:00",
    }  # fmt: skip
    assert (first.owner, first.due, first.proposed, first.status) == ("Ana Example", date(2026, 12, 1), False, "open")
    _, second = improve(slow, "action:declare", owner="Ben Example", status="done")
    assert (second.owner, second.due, second.status) == ("Ben Example", date(2026, 12, 1), "done")
    item = next(one for one in debrief(slow, today=TODAY, against=[]).plan if one.id == "action:declare")
    assert (item.owner, item.due, item.status) == ("Ben Example", date(2026, 12, 1), "done")
    assert slow.journal.verify() is None


def test_an_item_goes_by_the_name_of_any_of_its_lines(slow: Drill) -> None:
    plan = debrief(slow, today=TODAY, against=[]).plan
    shared = next(one for one in plan if len(one.lines) > 1)
    entry, item = improve(slow, shared.lines[-1].id, owner="Ana Example")
    assert (entry.body["item"], item.id, item.owner) == (shared.id, shared.id, "Ana Example")


def test_setting_a_plan_changes_neither_score_nor_truth(slow: Drill) -> None:
    before = scored(slow)
    improve(slow, "action:declare", status="done")
    after = scored(slow)
    assert after.score == before.score
    assert slow.ended_at == before.ended_at


def test_an_unknown_item_or_status_and_a_word_that_says_nothing_are_refused(slow: Drill) -> None:
    with pytest.raises(UnknownName, match=r"unknown item 'action:declaer'; did you mean 'action:declare'"):
        improve(slow, "action:declaer", owner="Ana Example")
    with pytest.raises(UnknownName, match=r"unknown status 'finished'.*open, done"):
        improve(slow, "action:declare", status="finished")
    with pytest.raises(UsageError, match="say what is new"):
        improve(slow, "action:declare", owner="  ")


def test_a_perfect_run_has_no_item_to_set(played: dict[str, Path]) -> None:
    with closing(Drill.open(played["perfect"], actor="ana")) as drill, pytest.raises(UnknownName, match="nothing is planned"):
        improve(drill, "action:declare", owner="Ana Example")
