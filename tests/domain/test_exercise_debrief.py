"""What a team takes home follows from its score: ratings by a rule, every lost point named, a plan, earlier runs beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from breachkit.domain.exercise.chart import chart
from breachkit.domain.exercise.comparison import compare
from breachkit.domain.exercise.debrief import debrief_of
from breachkit.domain.exercise.improvement import NOBODY, PRACTISE, plan, practise
from breachkit.domain.exercise.ratings import Mark, mark, ratings
from breachkit.domain.exercise.runs import Setting, counted, percent, say_points
from breachkit.domain.exercise.score import PARTS, Line
from tests.exercise_runs import BEGIN, PLAYED, REPORT, busy, hours, line, lines, perfect, run, scenario, score_of


def ids(held: tuple[Line, ...]) -> list[str]:
    return [one.id for one in held]


# -- numbers


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (7.0, "7"), (2.5, "2.5"), (2.333, "2.33"), (10, "10")])
def test_points_are_said_without_needless_noughts(number: float, said: str) -> None:
    assert say_points(number) == said


def test_a_hundred_per_cent_means_every_point() -> None:
    assert (percent(10, 10), percent(9999.5, 10000), percent(0, 10), percent(0, 0)) == (100.0, 99.9, 0.0, 0.0)
    assert [counted(n, "entry", "entries") for n in (1, 2)] == ["1 entry", "2 entries"]


# -- ratings


@pytest.mark.parametrize(("points", "rated"), [(10, "P"), (9.5, "S"), (7, "S"), (6.5, "M"), (3.5, "M"), (3, "U"), (0, "U")])
def test_an_objective_is_rated_by_its_share_of_points(points: float, rated: Mark) -> None:
    assert mark(points, 10) == rated


def test_an_objective_without_a_line_is_not_rated() -> None:
    found = {one.objective.id: one for one in ratings(run())}
    assert (found["clock"].mark, found["clock"].points, found["clock"].of) == ("M", 10, 15)
    assert found["words"].mark == "U"
    assert found["idle"].mark is None
    assert found["idle"].lines == ()


# -- what went well, what to train


def test_every_lost_line_is_to_be_trained_costliest_first() -> None:
    found = debrief_of(run(), (), PLAYED)
    assert sorted(ids(found.train)) == sorted(one.id for one in lines() if one.lost)
    assert [one.lost for one in found.train] == sorted((one.lost for one in found.train), reverse=True)
    assert sorted(ids((*found.large, *found.small))) == sorted(ids(found.train))
    assert {one.part for one in found.small} == {"facts", "playbook"}


def test_every_expected_action_that_lost_points_is_told_by_itself() -> None:
    told = ids(debrief_of(run(), (), PLAYED).large)
    assert {"action:declare", "action:voice"} <= set(told)


def test_what_was_earned_whole_is_grouped_by_part() -> None:
    found = {one.part.id: one for one in debrief_of(run(), (), PLAYED).earned}
    assert set(found) == {"duties", "needless", "facts", "playbook", "actions"}
    assert (found["duties"].all, found["actions"].all) == (True, False)


def test_nothing_lost_leaves_nothing_to_train_or_plan() -> None:
    found = debrief_of(perfect(), (), PLAYED)
    assert (found.train, found.plan, found.pending, found.slow) == ((), (), (), ())
    assert {one.mark for one in found.ratings if one.lines} == {"P"}


def test_a_run_that_goes_on_is_not_blamed_for_what_can_still_be_done() -> None:
    open_line = line("action:later", "actions", 0, 5, wanted_by=BEGIN + hours(60), objective="words")
    shut_line = line("action:sooner", "actions", 0, 5, wanted_by=BEGIN + hours(4))
    endless = line("decisions:grounds", "decisions", 0, 5, wanted_by=None)
    going = run((open_line, shut_line, endless), ended_at=None, now=BEGIN + hours(10))
    found = debrief_of(going, (), PLAYED)
    assert ids(found.pending) == ["decisions:grounds", "action:later"]
    assert ids(found.train) == ["action:sooner"]
    assert [item.id for item in found.plan] == ["action:sooner"]
    assert {one.objective.id: one.mark for one in found.ratings}["words"] is None
    over = debrief_of(replace(going, ended_at=BEGIN + hours(10)), (), PLAYED)
    assert over.pending == ()
    assert {"action:later", "action:sooner", "decisions:grounds"} == set(ids(over.train))


def test_slow_facts_say_from_when_they_could_be_known_and_when_they_were_asked_for() -> None:
    found = {one.key: one for one in debrief_of(run(), (), PLAYED).slow}
    assert set(found) == {"breach.cause", "people.total"}
    assert found["breach.cause"].known_from == BEGIN + hours(1)
    assert (found["breach.cause"].asked_at, found["breach.cause"].recorded_at) == (None, None)
    assert (found["people.total"].asked_at, found["people.total"].recorded_at) == (BEGIN + hours(5), BEGIN + hours(2))


def test_the_world_stands_beside_what_was_recorded() -> None:
    found = {one.key: one for one in debrief_of(run(), (), PLAYED).truths}
    assert set(found) == set(scenario().truths)
    assert (found["people.total"].true, found["people.total"].recorded, found["people.total"].verdict) == (
        "40",
        "40",
        "in time",
    )
    assert (found["breach.cause"].recorded, found["breach.cause"].verdict) == ("", "not done")
    assert found["measures.taken"].verdict == ""
    assert found["people.total"].known_from == BEGIN + hours(6)


def test_a_run_that_goes_on_is_not_told_what_nobody_can_know_yet() -> None:
    going = run(ended_at=None, now=BEGIN + hours(1.5))
    found = {one.key: one for one in debrief_of(going, (), PLAYED).truths}
    assert set(found) == {"breach.cause", "people.total"}
    assert found["people.total"].true == "20..90"


def test_what_hangs_on_an_inject_that_was_not_sent_could_not_be_known() -> None:
    quiet = run(doings=replace(run().doings, fired={}))
    found = {one.key: one for one in debrief_of(quiet, (), PLAYED).truths}
    assert found["people.total"].known_from == BEGIN + hours(1)


# -- the plan


def test_every_lost_line_stands_in_one_item_of_the_plan() -> None:
    named = [one.id for item in plan(run(), PLAYED) for one in item.lines]
    assert sorted(named) == sorted(one.id for one in lines() if one.lost)


def test_lines_that_ask_for_the_same_practice_share_an_item() -> None:
    held = tuple(line(f"action:{n}", "actions", 0, 4, train="Practise the half page.", title=f"Do {n}") for n in "ab")
    (item,) = plan(run(held), PLAYED)
    assert (item.area, item.lost, item.action) == ("Do a; Do b", 8, "Practise the half page.")


def test_single_facts_share_an_item_and_the_steps_of_each_role_another() -> None:
    held = (
        line("fact:breach.cause", "facts", 0, 1, train="Ask for the cause."),
        line("fact:people.total", "facts", 0, 1, train="Ask for the number."),
        line("step:general.a", "playbook", 0, 1, role="legal"),
        line("step:general.b", "playbook", 0, 1, role="legal"),
        line("step:general.c", "playbook", 0, 1, role="lead"),
    )
    found = {item.id: item for item in plan(run(held), PLAYED)}
    assert {id: len(item.lines) for id, item in found.items()} == {
        "fact:breach.cause": 2, "step:general.a": 2, "step:general.c": 1,
    }  # fmt: skip
    assert (found["step:general.a"].owner, found["step:general.c"].owner) == ("legal", "Incident lead")


def test_days_are_proposals_by_what_was_lost() -> None:
    found = {item.id: item for item in plan(run(), PLAYED)}
    due = {id: ((item.due - PLAYED).days, item.priority) for id, item in found.items()}
    assert due[f"deadline:{REPORT}"] == (30, "high")
    assert due["action:declare"] == (30, "high")
    assert due["action:voice"] == (60, "medium")
    assert due["step:general.letters"] == (90, "low")
    assert all(item.proposed and item.starts == PLAYED for item in found.values())
    priorities = [item.priority for item in plan(run(), PLAYED)]
    assert priorities == sorted(priorities, key=("high", "medium", "low").index)


def test_an_item_takes_capability_and_owner_from_its_objective_and_role_or_those_of_the_action_beside_it() -> None:
    found = {item.id: item for item in plan(run(), PLAYED)}
    assert (found["action:declare"].capability, found["action:declare"].owner) == ("Detection", "Incident lead")
    assert (found[f"deadline:{REPORT}"].capability, found[f"deadline:{REPORT}"].owner) == ("Detection", "Privacy lead")
    assert (found["fact:breach.cause"].capability, found["fact:breach.cause"].owner) == ("Fact finding", NOBODY)


def test_what_somebody_set_stands_over_what_was_proposed() -> None:
    set_ = {"action:declare": Setting("Ana Example", date(2026, 12, 1), "Drill it on Mondays.", "done")}
    item = next(one for one in plan(run(settings=set_), PLAYED) if one.id == "action:declare")
    assert (item.owner, item.due, item.proposed) == ("Ana Example", date(2026, 12, 1), False)
    assert (item.action, item.status) == ("Drill it on Mondays.", "done")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_knows_what_to_practise_where_a_line_does_not_say(part: str) -> None:
    assert practise(line("x", part, 0, 1, train=" ")) == PRACTISE[part]  # type: ignore[index,arg-type]  # the parts' names, as the loop has them


# -- earlier runs


def test_alone_there_is_nothing_to_compare() -> None:
    assert compare(run(), ()) is None


def test_the_comparison_names_what_got_better_and_what_got_worse() -> None:
    before = run()
    now = run(tuple(replace(one, points=one.of if one.part != "needless" else 5.0, outcome="met") for one in lines()))
    found = compare(now, [before])
    assert found is not None
    assert ids(found.worse) == ["needless"]
    assert sorted(ids(found.better)) == sorted(one.id for one in lines() if one.lost)
    assert [column.label for column in found.columns] == [before.label, now.label]
    row = next(row for row in found.parts if row.id == "declare")
    assert row.cells == ((5, 10), (10, 10))
    assert (found.other_laws, found.other_text, found.apart) == ((), (), ())


def test_better_and_worse_count_from_the_run_just_before() -> None:
    found = compare(run(), [perfect(), run()])
    assert found is not None
    assert (found.better, found.worse) == ((), ())
    assert found.columns[0].percent == 100


def test_a_line_of_one_run_alone_is_neither_better_nor_worse() -> None:
    extra = line("answer:other", "answers", 0, 2, outcome="wrong")
    found = compare(run((*lines(), extra)), [run()])
    assert found is not None
    assert ids(found.apart) == ["answer:other"]
    assert (found.better, found.worse) == ((), ())


def test_other_laws_and_other_words_of_the_scenario_are_named() -> None:
    found = compare(run(), [run(team="first", law_pack="dd" * 32, scenario_sha256="ee" * 32)])
    assert found is not None
    assert found.other_laws == found.other_text == ("team first, played Sun 22 Nov 2026",)


# -- the time line


def test_every_inject_and_entry_is_a_numbered_dot_in_the_order_of_time() -> None:
    drawn = chart(run())
    dots = drawn.dots
    assert [dot.number for dot in dots] == list(range(1, len(dots) + 1))
    assert [dot.at for dot in dots] == sorted(dot.at for dot in dots)
    kinds = {dot.kind for dot in dots}
    assert kinds == {
        "inject", "declared", "fact", "asked", "answer", "decision", "approval", "filing", "step", "note", "refused",
    }  # fmt: skip
    assert not any("incident.invented" in dot.words for dot in dots)
    first = dots[0]
    assert (first.lane, first.after, first.clock, first.words) == (
        "Phone", "0", "Thu 19 Nov 16:00", "A customer: Somebody has our key. What now?",
    )  # fmt: skip


def test_what_happens_in_one_minute_of_a_lane_is_one_dot() -> None:
    facts = replace(run().doings, notes=((BEGIN, "one"), (BEGIN + timedelta(seconds=20), "two"), (BEGIN + hours(1), "three")))
    dots = [dot for dot in chart(run(doings=facts)).dots if dot.kind == "note"]
    assert [dot.words for dot in dots] == ["note: one; note: two", "note: three"]


def test_deadlines_run_from_their_start_to_their_target_with_what_was_filed() -> None:
    law, sender = chart(run()).spans
    assert (law.start, law.target) == (BEGIN + hours(2), BEGIN + hours(4))
    assert law.outer == BEGIN + hours(78)
    assert [dot.kind for dot in law.done] == ["filing"]
    assert law.outcome == "filed late"
    assert (sender.law, sender.start, sender.target) == (False, BEGIN + hours(20), BEGIN + hours(23))


def test_a_deadline_that_can_still_be_met_is_not_called_missed() -> None:
    held = (line(f"deadline:{REPORT}", "deadlines", 0, 10, wanted_by=BEGIN + hours(74)),)
    going = run(held, ended_at=None, now=BEGIN + hours(9), doings=replace(run().doings, filed=()))
    assert chart(going).spans[0].outcome == "not filed yet"
    assert chart(replace(going, ended_at=BEGIN + hours(9))).spans[0].outcome == "never filed"


def test_a_busy_run_has_a_dot_for_all_of_it() -> None:
    dots = chart(busy()).dots
    assert sum(dot.kind == "inject" for dot in dots) == 30
    assert sum(dot.kind != "inject" for dot in dots) >= 80


def test_a_score_that_holds_nothing_makes_a_debrief_too() -> None:
    empty = replace(run(), score=score_of(()), findings=(), doings=type(run().doings)(), injects=())
    found = debrief_of(empty, (), PLAYED)
    assert (found.train, found.earned, found.chart.dots) == ((), (), ())


def test_what_did_not_come_to_pass_is_not_said_as_if_it_had() -> None:
    held = (line("needless", "needless", 5, 10, title="Nobody was told without need"),)
    (item,) = plan(run(held), PLAYED)
    assert item.area == "Tell nobody without need"
