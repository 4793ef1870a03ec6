"""How a step stands: a tick first, then what the facts rule out, then what they show, then what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.conditions import All, Condition, FactIs, Includes, Known, Not
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.incident import StepMark
from breachkit.domain.playbook import STATES, Playbook, Role, Step, StepStanding, shows_done, standings
from tests.strategies import WORDS

OPENED = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
PAID = FactIs("ransom.paid", ("yes",), "a ransom was paid")


def step(id: str, **more: Any) -> Step:
    return Step(**{"id": id, "phase": "contain", "title": id, "text": "How.", "role": "lead", **more})


def book(*steps: Step) -> Playbook:
    return Playbook("own", "Own", "Our own.", All(()), (), (Role("lead", "Lead", "Leads."),), steps)


def facts(raw: Mapping[str, Any]) -> FactBook:
    return FactBook({key: Fact(key, read_value(WORDS.spec(key), value, WORDS), value) for key, value in raw.items()}, WORDS)


def mark(done: bool = True, note: str | None = None) -> StepMark:
    return StepMark(done, OPENED + timedelta(hours=1), "ana", note)


def standing(one: Step, raw: Mapping[str, Any] | None = None, tick: StepMark | None = None) -> StepStanding:
    return standings(book(one), facts(raw or {}), {f"own.{one.id}": tick} if tick else {}, OPENED)[0]


# -- the five states ---------------------------------------------------------------


def test_a_step_without_facts_is_open_until_somebody_ticks_it() -> None:
    plain = step("call")
    assert standing(plain).state == "open"
    done = standing(plain, tick=mark(note="spoke to Ines"))
    assert (done.state, done.ticked, done.done_by, done.note) == ("done", True, "ana", "spoke to Ines")
    assert done.done_at == OPENED + timedelta(hours=1)


def test_a_step_that_asks_is_done_when_every_fact_is_known() -> None:
    asking = step("contain", asks=("contained_at", "measures.taken"))
    assert standing(asking).lacks == ("contained_at", "measures.taken")
    half = standing(asking, {"contained_at": "2026-11-20T22:40Z"})
    assert (half.state, half.lacks) == ("open", ("measures.taken",))
    whole = standing(asking, {"contained_at": "2026-11-20T22:40Z", "measures.taken": "closed"})
    assert (whole.state, whole.lacks, whole.ticked, whole.done_at) == ("done", (), False, None)
    assert [reason.fact for reason in whole.because] == ["contained_at", "measures.taken"]


def test_an_answer_that_says_not_known_leaves_the_step_open() -> None:
    asking = step("taken", asks=("breach.exfiltration",))
    assert standing(asking, {"breach.exfiltration": "unknown"}).state == "open"
    assert standing(asking, {"breach.exfiltration": "unknown"}).lacks == ("breach.exfiltration",)


def test_a_condition_of_its_own_says_when_it_is_done_whatever_it_asks() -> None:
    one = step("contain", asks=("contained_at", "measures.taken"), done=Known("contained_at", "contained"))
    found = standing(one, {"contained_at": "2026-11-20T22:40Z"})
    assert (found.state, found.lacks) == ("done", ("measures.taken",))


def test_a_step_whose_condition_is_false_is_not_needed_and_says_why() -> None:
    found = standing(step("payment", when=PAID), {"ransom.paid": "no"})
    assert found.state == "not_needed"
    assert [(reason.text, reason.holds) for reason in found.because] == [("a ransom was paid", False)]


def test_a_step_whose_condition_is_not_known_names_the_facts_that_would_decide() -> None:
    found = standing(step("payment", when=All((PAID, Known("ransom_paid_at", "the time is known")))))
    assert (found.state, found.needs) == ("not_known", ("ransom.paid", "ransom_paid_at"))
    assert standing(step("payment", when=PAID), {"ransom.paid": "yes"}).needs == ()


def test_what_facts_show_done_is_done_also_while_nobody_knows_whether_it_is_needed() -> None:
    found = standing(step("payment", when=PAID, asks=("ransom_paid_at",)), {"ransom_paid_at": "2026-11-21T10:00Z"})
    assert found.state == "done"


def test_a_tick_wins_over_facts_and_conditions_and_a_tick_taken_back_is_none() -> None:
    one = step("payment", when=PAID, asks=("ransom_paid_at",))
    assert standing(one, {"ransom.paid": "no"}, mark()).state == "done"
    assert standing(one, {"ransom.paid": "yes"}, mark()).state == "done"
    back = standing(one, {"ransom.paid": "yes"}, mark(done=False))
    assert (back.state, back.ticked, back.done_by) == ("open", False, None)
    assert standing(one, {"ransom.paid": "yes", "ransom_paid_at": "2026-11-21T10:00Z"}, mark(done=False)).state == "done"


def test_a_tick_of_another_playbooks_step_of_the_same_name_counts_for_nothing() -> None:
    assert standings(book(step("call")), facts({}), {"other.call": mark()}, OPENED)[0].state == "open"


# -- turns -------------------------------------------------------------------------


def test_a_step_waits_until_those_before_it_are_done_or_not_needed() -> None:
    steps = (step("last", after=("keep", "payment")), step("keep"), step("payment", when=PAID))
    one = book(*steps)

    def last(raw: Mapping[str, Any], *ticked: str) -> StepStanding:
        return standings(one, facts(raw), {f"own.{id}": mark() for id in ticked}, OPENED)[0]

    assert (last({}).state, last({}).waits_for) == ("waiting", ("own.keep", "own.payment"))
    assert last({"ransom.paid": "no"}).waits_for == ("own.keep",)
    assert last({}, "keep").waits_for == ("own.payment",)
    assert (last({"ransom.paid": "no"}, "keep").state, last({"ransom.paid": "no"}, "keep").waits_for) == ("open", ())
    assert last({}, "last").state == "done"


def test_what_waits_for_something_that_waits_waits_too() -> None:
    chain = book(step("c", after=("b",)), step("b", after=("a",)), step("a"))
    assert [one.state for one in standings(chain, facts({}), {}, OPENED)] == ["waiting", "waiting", "open"]
    assert [one.id for one in standings(chain, facts({}), {}, OPENED)] == ["own.c", "own.b", "own.a"]


def test_whether_a_step_is_needed_comes_before_what_it_waits_for() -> None:
    one = book(step("first"), step("payment", when=PAID, after=("first",)))
    assert standings(one, facts({}), {}, OPENED)[1].state == "not_known"
    assert standings(one, facts({}), {}, OPENED)[1].waits_for == ()


def test_steps_in_a_circle_are_an_error_and_no_endless_loop() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        standings(book(step("a", after=("b",)), step("b", after=("a",))), facts({}), {}, OPENED)


# -- times -------------------------------------------------------------------------


def test_a_step_is_due_so_long_after_the_opening_in_utc() -> None:
    timed = step("contain", within=timedelta(hours=4))
    assert standing(timed).due_at == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
    assert standing(step("contain")).due_at is None
    assert standings(book(timed), facts({}), {}, None)[0].due_at is None
    there = OPENED.astimezone(timezone(timedelta(hours=1)))
    due = standings(book(timed), facts({}), {}, there)[0].due_at
    assert due is not None
    assert (due, due.utcoffset()) == (datetime(2026, 11, 21, 1, 30, tzinfo=UTC), timedelta())


# -- what holds of any playbook ------------------------------------------------------

CONDITIONS: tuple[Condition, ...] = (
    All(()),
    PAID,
    Not(PAID),
    Includes("breach.kinds", "availability", "out of reach"),
    All((PAID, FactIs("breach.malicious", ("yes",), "on purpose"))),
)
KNOWN = {
    "ransom.paid": ("yes", "no", "unknown"),
    "breach.malicious": ("yes", "no", "unknown"),
    "breach.kinds": (["availability"], ["integrity"]),
    "contained_at": ("2026-11-20T22:40Z",),
}


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Steps that wait only for some before them, in any order in the file."""
    made: list[Step] = []
    for number in range(draw(st.integers(1, 5))):
        after = draw(st.lists(st.sampled_from([one.id for one in made]), max_size=2, unique=True)) if made else []
        asks = draw(st.lists(st.sampled_from(sorted(KNOWN)), max_size=2, unique=True))
        made.append(step(f"s{number}", when=draw(st.sampled_from(CONDITIONS)), asks=tuple(asks), after=tuple(after)))
    return book(*draw(st.permutations(made)))


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    return {key: draw(st.sampled_from(values)) for key, values in KNOWN.items() if draw(st.booleans())}


@given(playbooks(), worlds(), st.data())
def test_every_step_stands_once_and_its_state_agrees_with_its_reasons(
    one: Playbook, raw: dict[str, Any], data: st.DataObject
) -> None:
    ticked = {id: mark() for id in one.step_ids() if data.draw(st.booleans())}
    found = standings(one, facts(raw), ticked, OPENED)
    assert [each.step for each in found] == list(one.steps)
    states = {each.id: each.state for each in found}
    for each in found:
        assert each.state in STATES
        assert (each.state == "waiting") == bool(each.waits_for)
        assert (each.state == "not_known") == bool(each.needs)
        assert all(states[id] not in ("done", "not_needed") for id in each.waits_for)
        assert each.ticked is (each.id in ticked)
        assert set(each.lacks) == {key for key in each.step.asks if raw.get(key, "unknown") == "unknown"}
        if each.ticked:
            assert each.state == "done"
        elif each.state == "done":
            assert shows_done(each.step, facts(raw)).holds is True


@given(playbooks(), worlds(), worlds(), st.data())
def test_what_is_settled_on_half_the_facts_stays_so_on_all_of_them(
    one: Playbook, known: dict[str, Any], later: dict[str, Any], data: st.DataObject
) -> None:
    known = {key: value for key, value in known.items() if value != "unknown"}
    ticked = {id: mark() for id in one.step_ids() if data.draw(st.booleans())}
    early = standings(one, facts(known), ticked, OPENED)
    late = standings(one, facts({**later, **known}), ticked, OPENED)
    for before, after in zip(early, late, strict=True):
        if before.state == "not_needed":
            assert after.state == "not_needed"
        if before.state == "done":
            # Facts that show it do not go away; that it was not needed may still turn out.
            assert after.state in ("done", "not_needed")
        if before.state == "open":
            assert after.state in ("open", "done")


@given(playbooks(), worlds(), st.data())
def test_ticking_one_step_never_closes_or_opens_the_condition_of_another(
    one: Playbook, raw: dict[str, Any], data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(one.step_ids()))
    before = standings(one, facts(raw), {}, OPENED)
    after = standings(one, facts(raw), {chosen: mark()}, OPENED)
    for early, late in zip(before, after, strict=True):
        if late.id == chosen:
            assert late.state == "done"
        else:
            assert late.state == early.state or (early.state, late.state) == ("waiting", "open")


def test_a_playbook_finds_its_steps_and_roles() -> None:
    one = book(step("a"), step("b"))
    assert one.step_ids() == ("own.a", "own.b")
    assert one.step("b") == step("b")
    assert one.step("c") is None
    assert one.role("lead").title == "Lead"
    with pytest.raises(KeyError):
        replace(one, roles=()).role("lead")
