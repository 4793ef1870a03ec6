"""What is to be said when: each distance once, one saying after a gap, again when the limit moves, never when it is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.findings import Decision, Finding, NotBefore
from breachkit.domain.journal import GENESIS, Draft, seal
from breachkit.domain.reminders import (
    KIND,
    Clock,
    Saying,
    Schedule,
    clocks,
    proof_body,
    read_distance,
    read_proofs,
    to_say,
    upcoming,
    write_distance,
)
from breachkit.errors import BadValue
from tests import exercise_runs

DUE = datetime(2026, 11, 23, 21, 15, tzinfo=UTC)
OUTER = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
USUAL = Schedule()


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def finding(status: str = "owed", decision: Decision | None = None, **due: Any) -> Finding:
    held = exercise_runs.finding()
    times: dict[str, Any] = {"target": DUE, "outer": OUTER, "start_at": DUE - hours(72), **due}
    return replace(held, status=status, decision=decision, due=replace(held.due, **times))  # type: ignore[arg-type]  # a status


def decided(choice: str, *, reopened: bool = False) -> Decision:
    return Decision(choice, "a ground", DUE - hours(50), "ana", reopened)


def waits(at: datetime | None, *, holds: bool | None = True) -> NotBefore:
    return NotBefore(at, "us.fcc.64-2011.agencies", "the agencies come first", holds, False, ())


def said(now: datetime, *findings: Finding, schedule: Schedule = USUAL, proofs: Any = None) -> list[tuple[str, str, str]]:
    """Finding, limit and distance of each first call."""
    found = to_say(clocks(findings or (finding(),), schedule), proofs or {}, schedule, "terminal", now)
    return [(one.finding.id, one.first.clock.limit, write_distance(one.first.before)) for one in found]


def proven(*sayings: Saying, way: str = "terminal") -> Any:
    """The journal after these were said, read back."""
    calls = [call for one in sayings for call in one.calls]
    made = [
        seal(Draft(KIND, proof_body(call, by="terminal", way=way, proof="p")), incident="INC-1", seq=number, previous=GENESIS,
             actor="ana", recorded_at=DUE)[0]
        for number, call in enumerate(calls, 1)
    ]  # fmt: skip
    return read_proofs(made)


def after(now: datetime, *findings: Finding, schedule: Schedule = USUAL, way: str = "terminal") -> Any:
    """The proofs of a run at that moment."""
    return proven(*to_say(clocks(findings, schedule), {}, schedule, way, now), way=way)


@pytest.mark.parametrize(
    ("left", "distance"),
    [
        (24, "P1D"),
        (6.5, "P1D"),
        (6, "PT6H"),
        (1, "PT1H"),
        (0.2, "PT1H"),
        (0, "PT0S"),
        (-5.9, "PT0S"),
        (-6, "-PT6H"),
        (-31, "-P1DT6H"),
    ],
)
def test_the_nearest_distance_that_passed_is_said(left: float, distance: str) -> None:
    assert said(DUE - hours(left)) == [(exercise_runs.REPORT, "target", distance)]


def test_nothing_is_said_before_the_first_distance() -> None:
    assert said(DUE - hours(24) - timedelta(seconds=1)) == []


def test_after_missed_runs_one_saying_stands_for_all_that_passed() -> None:
    (one,) = to_say(clocks([finding()], USUAL), {}, USUAL, "terminal", DUE - hours(0.5))
    assert one.first.before == hours(1)
    assert one.first.covers == (hours(24), hours(6))
    assert after(DUE - hours(0.5), finding()) == {(one.finding.id, "target", DUE, "terminal"): hours(1)}


def test_what_is_proven_is_not_said_again_until_the_next_distance() -> None:
    proofs = after(DUE - hours(5), finding())
    assert said(DUE - hours(4), proofs=proofs) == []
    assert said(DUE - hours(1), proofs=proofs) == [(exercise_runs.REPORT, "target", "PT1H")]
    farther = replace(USUAL, before=(*USUAL.before, hours(12)))
    assert said(DUE - hours(4), schedule=farther, proofs=proofs) == []


def test_a_limit_that_moves_is_another_limit() -> None:
    proofs = after(DUE - hours(5), finding())
    sooner = finding(target=DUE - hours(1))
    assert said(DUE - hours(5), sooner, proofs=proofs) == [(sooner.id, "target", "PT6H")]


def test_each_way_has_proofs_of_its_own() -> None:
    proofs = after(DUE - hours(5), finding(), way="mail")
    assert said(DUE - hours(5), proofs=proofs) == [(exercise_runs.REPORT, "target", "PT6H")]


def test_it_is_repeated_after_the_limit_until_it_is_settled_or_never() -> None:
    proofs = after(DUE + hours(6), finding())
    assert said(DUE + hours(11.9), proofs=proofs) == []
    assert said(DUE + hours(12), proofs=proofs) == [(exercise_runs.REPORT, "target", "-PT12H")]
    assert said(DUE + hours(12), schedule=replace(USUAL, overdue_every=None), proofs=proofs) == []


@pytest.mark.parametrize("status", ["done", "not_owed", "exempt", "not_in_force"])
def test_what_is_settled_is_never_said(status: str) -> None:
    assert said(DUE, finding(status)) == []


def test_what_was_decided_is_said_only_if_to_notify_or_open_again() -> None:
    assert said(DUE, finding(decision=decided("refrain"))) == []
    assert said(DUE, finding(decision=decided("refrain", reopened=True)))
    assert said(DUE, finding(decision=decided("notify")))


def test_an_open_duty_whose_clock_runs_is_said_and_one_of_all_the_worlds_laws_is_not() -> None:
    assert said(DUE, finding("undetermined"))
    aside = replace(finding("undetermined"), place_open=True)
    assert said(DUE, aside) == []
    assert to_say(clocks([aside], USUAL, aside), {}, USUAL, "terminal", DUE)


@pytest.mark.parametrize(
    ("limits", "found"),
    [("target", ["target"]), ("outer", ["outer"]), ("both", ["target", "outer"])],
)
def test_the_limits_that_count_are_chosen(limits: Any, found: list[str]) -> None:
    assert [clock.limit for clock in clocks([finding()], Schedule(limits=limits))] == found
    assert [clock.limit for clock in clocks([finding(outer=None)], Schedule(limits=limits))] == ["target"]
    assert [clock.limit for clock in clocks([finding(outer=DUE)], Schedule(limits=limits))] == ["target"]


def test_both_limits_of_one_finding_are_one_saying_and_only_the_last_repeats() -> None:
    both = Schedule(limits="both")
    (one,) = to_say(clocks([finding()], both), {}, both, "terminal", OUTER + hours(30))
    assert [(call.clock.limit, write_distance(call.before)) for call in one.calls] == [("outer", "-P1DT6H"), ("target", "PT0S")]


def test_a_duty_without_a_number_is_said_from_its_start_and_each_day() -> None:
    promptly = finding(target=None, outer=None, start_at=DUE)
    assert said(DUE - hours(1), promptly) == []
    assert said(DUE + hours(1), promptly) == [(promptly.id, "no_number", "PT0S")]
    assert said(DUE + hours(49), promptly) == [(promptly.id, "no_number", "-P2D")]
    assert said(DUE + hours(49), promptly, schedule=replace(USUAL, no_number_every=None)) == []
    assert said(DUE + hours(1), replace(promptly, status="undetermined")) == []


def test_the_end_of_an_embargo_is_said_before_it_comes_and_when_it_has_come_and_no_more() -> None:
    held = finding(target=None, outer=None, start_at=DUE - hours(90), not_before=waits(DUE))
    assert said(DUE - hours(6), held) == [(held.id, "not_before", "PT6H")]
    assert said(DUE, held, schedule=Schedule(before=(hours(1),), no_number_every=None)) == [(held.id, "not_before", "PT0S")]
    assert said(DUE + hours(90), held, proofs=after(DUE, held), schedule=replace(USUAL, no_number_every=None)) == []


def test_a_duty_without_a_number_is_not_pressed_while_an_embargo_forbids_it() -> None:
    held = finding(target=None, outer=None, start_at=DUE - hours(90), not_before=waits(DUE))
    assert [clock.at for clock in clocks([held], USUAL)] == [DUE, DUE]
    unsure = replace(held, due=replace(held.due, not_before=waits(DUE, holds=None)))
    assert [clock.at for clock in clocks([unsure], USUAL)] == [DUE - hours(90), DUE]
    assert [clock.limit for clock in clocks([finding(not_before=waits(None))], USUAL)] == ["target"]


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (DUE - hours(30), DUE - hours(24)),
        (DUE - hours(24), DUE - hours(6)),
        (DUE, DUE + hours(6)),
        (DUE + hours(6), DUE + hours(12)),
    ],
)
def test_what_comes_next_is_known(now: datetime, at: datetime) -> None:
    coming = upcoming(clocks([finding()], USUAL), USUAL, now)
    assert coming is not None
    assert coming.at == at
    assert coming.clock.at - coming.before == at


def test_nothing_comes_next_where_nothing_repeats() -> None:
    once = replace(USUAL, overdue_every=None)
    assert upcoming(clocks([finding()], once), once, DUE) is None
    both = Schedule(limits="both")
    coming = upcoming((Clock(finding(), "target", DUE, OUTER),), both, DUE)
    assert coming is None


@given(steps=st.lists(st.integers(1, 60 * 40), min_size=1, max_size=12), lost=st.sets(st.integers(0, 11)))
def test_however_runs_fall_every_distance_is_said_or_covered_once(steps: list[int], lost: set[int]) -> None:
    now, proofs, covered = DUE - hours(80), {}, []
    held = clocks([finding()], USUAL)
    for number, minutes in enumerate(steps):
        now += timedelta(minutes=minutes)
        before = upcoming(held, USUAL, now)
        assert before is not None
        assert before.at > now
        if number in lost:
            continue
        sayings = to_say(held, proofs, USUAL, "terminal", now)
        covered += [span for one in sayings for call in one.calls for span in (*call.covers, call.before)]
        proofs = {**proofs, **proven(*sayings)}
        assert to_say(held, proofs, USUAL, "terminal", now) == ()
        assert {span for span in covered if span >= timedelta()} == {span for span in USUAL.before if DUE - span <= now}
    assert len(covered) == len(set(covered))


@pytest.mark.parametrize("text", ["PT0S", "P1D", "PT6H30M", "-PT12H", "-P2DT1M"])
def test_a_distance_is_written_as_it_is_read(text: str) -> None:
    assert write_distance(read_distance(text)) == text


@pytest.mark.parametrize("text", ["", "6 hours", "--PT6H", "PT6S", "-", "P1M"])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read_distance(text)


def test_a_proof_that_cannot_be_read_is_named() -> None:
    entry, _ = seal(Draft(KIND, {"finding": "x"}), incident="INC-1", seq=4, previous=GENESIS, actor="ana", recorded_at=DUE)
    with pytest.raises(BadValue, match="INC-1 entry 4: this reminder cannot be read"):
        read_proofs([entry])
