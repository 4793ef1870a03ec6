"""The score: every point has a line, every line a reason, and what is left out or done wrong costs what it should."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.exercise.score import Line
from breachkit.domain.law_subset import deciding
from breachkit.workflow.exercise.scoring import Result
from tests.exercises.world import GROUND, PERFECT, score_of

Acts = tuple[dict[str, Any], ...]


def line(result: Result, id: str) -> Line:
    return next(one for one in result.score.lines if one.id == id)


def without(kind: str, name: str) -> Acts:
    """The perfect team, but for one act."""
    return tuple(act for act in PERFECT if act.get(kind) != name)


def later(kind: str, name: str, at: str) -> Acts:
    """The same, with one act at another time."""
    return tuple({**act, "at": at} if act.get(kind) == name else act for act in PERFECT)


def recorded(**changed: Any) -> Acts:
    """The same, with other values for some facts; None leaves one out. Dots in keys are written __."""
    facts = {key.replace("__", "."): value for key, value in changed.items()}

    def other(held: Mapping[str, Any]) -> dict[str, Any]:
        return {key: facts.get(key, value) for key, value in held.items() if facts.get(key, value) is not None}

    return tuple(
        {**act, **{name: other(act[name]) for name in ("record", "facts") if name in act}}
        for act in PERFECT
        if "record" not in act or other(act["record"])
    )


def lost(result: Result) -> set[str]:
    return {one.id for one in result.score.lost}


@pytest.mark.parametrize(
    ("acts", "costs"),
    [
        (without("answer", "press"), {"answer:press", "action:press-line"}),
        (without("file", "eu.gdpr.33@es-aepd"), {"action:report", "deadline:eu.gdpr.33@es-aepd", "notice:eu.gdpr.33@es-aepd"}),
        (
            without("file", "promise.example-co.users-72h"),
            {"deadline:promise.example-co.users-72h", "notice:promise.example-co.users-72h"},
        ),
        (without("decide", "eu.gdpr.34"), {"action:no-letters", "decisions:grounds"}),
        (without("step", "general.register"), {"step:general.register"}),
        (recorded(breach__cause=None), {"action:cause", "fact:breach.cause"}),
        (recorded(breach__cause="ransomware"), {"action:cause", "fact:breach.cause"}),
    ],
    ids=["answer", "report", "promise", "decision", "step", "fact left out", "fact wrong"],
)  # fmt: skip
def test_what_is_left_out_costs_its_own_lines(tmp_path: Path, acts: Acts, costs: set[str]) -> None:
    found = lost(score_of(tmp_path, acts))
    assert costs <= found
    assert (
        not found - costs - {"step:general.what-happened", "notice:eu.gdpr.33@es-aepd", "notice:promise.example-co.users-72h"}
    )


@pytest.mark.parametrize(
    ("at", "points", "outcome"),
    [
        ("PT72H15M", 10, "met"),
        ("PT72H16M", 8, "late"),  # past the strict reading, within the hour of Regulation 1182/71
        ("PT72H59M", 8, "late"),
        ("PT74H", 3, "late"),
    ],
)
def test_a_deadline_is_met_by_its_target_and_then_by_the_outer_limit(
    tmp_path: Path, at: str, points: float, outcome: str
) -> None:
    found = line(score_of(tmp_path, later("file", "eu.gdpr.33@es-aepd", at)), "deadline:eu.gdpr.33@es-aepd")
    assert (found.points, found.outcome) == (points, outcome)


@pytest.mark.parametrize(("at", "points"), [("PT8H", 1), ("PT8H1M", 0.5), ("PT60H", 0.5)])
def test_a_fact_is_asked_for_in_time_within_the_grace(tmp_path: Path, at: str, points: float) -> None:
    acts = tuple({**act, "at": at} if act.get("record") == {"people.in.ES": "2600"} else act for act in PERFECT)
    assert line(score_of(tmp_path, acts), "fact:people.in.ES").points == points


@pytest.mark.parametrize(
    ("said", "points"),
    [("2600", 1), ("~2500", 1), ("2500..3500", 1), ("2700", 0), ("1..9000", 0), ("500+", 0), ("unknown", 0)],
)
def test_a_count_must_hold_the_truth_and_say_as_much_as_can_be_known(tmp_path: Path, said: str, points: float) -> None:
    acts = tuple({**act, "record": {"people.in.ES": said}} if act["at"] == "PT6H30M" else act for act in PERFECT)
    assert line(score_of(tmp_path, acts), "fact:people.in.ES").points == points


def test_a_value_that_is_right_only_for_a_while_does_not_count(tmp_path: Path) -> None:
    acts = (*PERFECT, {"at": "PT70H", "by": "lead", "record": {"breach.cause": "ransomware"}})
    found = line(score_of(tmp_path, acts), "fact:breach.cause")
    assert (found.points, found.outcome) == (0, "wrong")
    assert "the record says ransomware at the end, and it is misconfiguration" in found.why


def test_needless_notices_cost_five_each(tmp_path: Path) -> None:
    needless = ({"at": "PT9H", "by": "lead", "file": id, "reference": "X"} for id in ("uk.gdpr.33", "ch.dsg.24"))
    acts = (*PERFECT, {"at": "PT8H30M", "by": "lead", "record": {"people.in.GB": "0", "people.in.CH": "0"}}, *needless)
    found = line(score_of(tmp_path, acts), "needless")
    assert found.points in (0, 5)
    assert "uk.gdpr.33 was filed" in found.why


def test_a_decision_against_what_is_owed_and_a_thin_ground_cost_their_lines(tmp_path: Path) -> None:
    acts = without("file", "contract.example-co.cyber-cover")
    acts += ({"at": "PT7H", "by": "lead", "decide": "contract.example-co.cyber-cover", "choice": "refrain", "ground": "no"},)
    result = score_of(tmp_path, acts)
    assert "contract.example-co.cyber-cover was decided not to be notified" in line(result, "decisions:true").why
    assert 'contract.example-co.cyber-cover: "no"' in line(result, "decisions:grounds").why


def test_a_decision_that_reopened_and_was_left_costs_its_line(tmp_path: Path) -> None:
    acts = tuple(act for act in PERFECT if act.get("at") != "PT6H40M")
    result = score_of(tmp_path, (*acts, {"at": "PT70H", "by": "lead", "record": {"risk.level": "high"}}))
    assert "was open again" in line(result, "decisions:true").why


def test_what_a_notice_rests_on_must_be_true(tmp_path: Path) -> None:
    result = score_of(tmp_path, recorded(breach__cause="ransomware"))
    found = line(result, "notice:eu.gdpr.33@es-aepd")
    assert found.points == 3
    assert "breach.cause was given as ransomware and is misconfiguration" in found.why


def test_an_early_decision_counts_half_and_an_early_notice_nothing(tmp_path: Path) -> None:
    decided = tuple({**act, "at": "PT2H45M"} if act.get("at") == "PT4H" else act for act in PERFECT if act["at"] != "PT6H40M")
    found = line(score_of(tmp_path, decided), "action:no-letters")
    assert (found.points, found.outcome) == (2.5, "early")
    assert "before its window opened" in found.why
    found = line(score_of(tmp_path, later("file", "eu.gdpr.33@es-aepd", "PT2H40M"), name="y"), "action:report")
    assert (found.points, found.outcome) == (0, "early")


def test_a_fact_that_was_guessed_wrong_fulfils_no_action(tmp_path: Path) -> None:
    found = line(score_of(tmp_path, recorded(breach__cause="ransomware")), "action:cause")
    assert (found.points, found.outcome) == (0, "wrong")
    assert "as ransomware, which is not so" in found.why


def test_declaring_late_counts_half(tmp_path: Path) -> None:
    acts = tuple({**act, "at": "PT1H30M"} if act["at"] in ("PT10M", "PT20M", "PT30M") else act for act in PERFECT)
    found = line(score_of(tmp_path, acts), "action:declare")
    assert (found.points, found.of, found.outcome) == (5, 10, "late")
    assert "30 min after its window closed" in found.why


def test_a_duty_seen_late_counts_half(tmp_path: Path) -> None:
    acts = tuple({**act, "at": "PT9H"} if act.get("record") == {"risk.level": "risk"} else act for act in PERFECT)
    found = line(score_of(tmp_path, acts), "duty:eu.gdpr.33@es-aepd")
    assert (found.points, found.outcome) == (2, "late")
    assert found.at is not None
    assert found.wanted_by is not None
    assert found.at > found.wanted_by


def test_the_perfect_team_sees_each_duty_when_its_own_record_shows_it(tmp_path: Path) -> None:
    result = score_of(tmp_path)
    seen = {one.finding.id: one.seen_at and one.seen_at - result.started_at for one in result.owed}
    assert seen == {
        "eu.gdpr.33@es-aepd": timedelta(hours=3, minutes=10),
        "promise.example-co.users-72h": timedelta(hours=2, minutes=30),
        "contract.example-co.cyber-cover": timedelta(hours=2, minutes=30),
    }


def test_points_are_the_sum_of_their_lines_and_every_loss_says_why(tmp_path: Path) -> None:
    result = score_of(tmp_path, PERFECT[:3])
    score = result.score
    assert score.points == sum(one.points for one in score.lines)
    assert score.of == sum(one.of for one in score.lines) == score_of(tmp_path, name="y").score.of
    for one in score.lines:
        assert 0 <= one.points <= one.of
        assert one.why
        assert (one.outcome == "met") == (one.points == one.of)
        assert bool(one.train) == bool(one.lost)


def test_the_part_of_the_laws_that_decides_a_duty_judges_it_as_the_whole_does(tmp_path: Path) -> None:
    result = score_of(tmp_path)
    for answered in (result.truth, result.team_answer):
        assert answered is not None
        whole = {found.id: found for found in answered.assessment.findings}
        for finding in [one for one in whole.values() if one.status in ("owed", "done", "exempt")]:
            part = deciding(_pack(result), {finding.duty})
            found = _again(answered, part)[finding.id]
            assert (found.status, found.due.target, found.due.outer) == (finding.status, finding.due.target, finding.due.outer)
            assert len(part.regimes) < 40


def _pack(result: Result) -> Any:
    from breachkit.workflow.subjects import laws_for
    from breachkit.workflow.workspace import Workspace

    return laws_for(result.truth.subject.organisation, Workspace()).pack


def _again(answered: Any, pack: Any) -> dict[str, Any]:
    from breachkit.workflow.subjects import answer
    from breachkit.workflow.workspace import Workspace

    found = answer(answered.subject, Workspace(reading_now=answered.assessment.now), pack=pack)
    return {one.id: one for one in found.assessment.findings}


def test_a_ground_of_four_words_is_one() -> None:
    assert len(GROUND.split()) >= 4
