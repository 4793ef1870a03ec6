"""What is called impossible in a scenario never comes to pass in any run of it; what is named is looked up where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from breachkit.content.factsfile import make_fact
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.conditions import Amount, FactIs, Known, Not, People
from breachkit.domain.exercise import schedule
from breachkit.domain.exercise.checking import Known as Names
from breachkit.domain.exercise.checking import faults
from breachkit.domain.exercise.doings import Doings, OnDuty, Stated
from breachkit.domain.exercise.happenings import AT_ONCE, Every, Happened, Never, Says, Some, When, holds
from breachkit.domain.exercise.possible import MOST, possible, ways_of
from breachkit.domain.exercise.scenario import (
    Act,
    Action,
    Branch,
    Inject,
    Objective,
    Option,
    Question,
    Role,
    Scenario,
    Truth,
)
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_instant

WORDS = load_vocabulary()
STARTS = read_instant("2026-11-19T16:00:00+01:00[Europe/Madrid]")
HOURS = [timedelta(hours=n) for n in (0, 1, 2, 3, 5, 8)]
INJECTS = ("a", "b", "c", "d")
DUTIES = ("eu.gdpr.33", "eu.gdpr.33@es-aepd")
CALL = Inject("a", "phone", "A customer", "Hello.", timedelta(), asks=("q",), line=1)
DECLARE = Action("declare", "Open the incident", Act("declare"), "The clock needs a start.", timedelta(), objective="clock")


def scenario(*injects: Inject, actions: tuple[Action, ...] = (DECLARE,), **more: object) -> Scenario:
    one = Scenario(
        id="small",
        title="A folder",
        summary="A call.",
        organisation="example-co",
        difficulty="easy",
        minutes=60,
        starts=STARTS,
        lasts=timedelta(hours=10),
        briefing="Exercise.",
        facilitator="Notes.",
        objectives=(Objective("clock", "Keep the clock", "Notification"),),
        roles=(Role("lead", "Incident lead"),),
        truths={},
        injects=injects or (CALL,),
        questions=(Question("q", "What now?", (Option("x", "This", True, "Yes."), Option("y", "That", False, "No."))),),
        actions=actions,
        playbooks=("general",),
    )
    return replace(one, **more)  # type: ignore[arg-type]  # a test changes any field


NAMES = Names(WORDS, duties=("eu.gdpr.33", "eu.gdpr.34"), recipients=("es-aepd",), steps={"general": ("team",)})


def texts(one: Scenario) -> list[str]:
    return [flaw.text for flaw in faults(one, NAMES)]


# -- properties --------------------------------------------------------------------------------------------------------

ages = st.sampled_from(HOURS[:4])
happened = st.one_of(
    st.builds(Happened, st.just("declared"), age=ages),
    st.builds(Happened, st.sampled_from(("fired",)), st.sampled_from(INJECTS), age=ages),
    st.builds(Happened, st.just("answered"), st.just("q"), st.sampled_from((None, "x", "y")), age=ages),
    st.builds(Happened, st.just("recorded"), st.sampled_from(("breach.cause", "people.total")), age=ages),
    st.builds(Happened, st.just("filed"), st.sampled_from(DUTIES), age=ages),
)
says = st.one_of(
    st.builds(lambda value: FactIs("breach.cause", (value,), ""), st.sampled_from(("ransomware", "phishing"))),
    st.just(Known("breach.cause", "")),
    st.builds(
        lambda op, number: People("total", op, number), st.sampled_from((">", ">=", "<", "<=")), st.sampled_from((0, 1, 500))
    ),
    st.builds(lambda op: Amount("records.total", op, 20, ""), st.sampled_from((">", "<="))),
)
laws = st.one_of(says, st.builds(Not, says)).map(Says)
whens: st.SearchStrategy[When] = st.recursive(
    st.one_of(happened, laws),
    lambda inner: st.one_of(
        st.builds(Never, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Every(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Some(tuple(parts))),
    ),
    max_leaves=5,
)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Doings, datetime]:
    """What a team did, with facts written as people write them, and a moment after all of it."""
    moments = st.sampled_from([STARTS.at + hours for hours in HOURS])
    some = st.booleans()
    fired = {id: draw(moments) for id in INJECTS if draw(some)}
    answered = {"q": (draw(moments), draw(st.sampled_from(("x", "y"))))} if draw(some) else {}
    done = Doings(fired=fired, answered=answered)
    if draw(some):
        at = draw(moments)
        written: Mapping[str, str | None] = {
            "breach.cause": draw(st.sampled_from((None, "ransomware", "phishing", "other", "unknown"))),
            "people.total": draw(st.sampled_from((None, "0", "1", "400..900", "500", "501+", "unknown"))),
            "records.total": draw(st.sampled_from((None, "20", "21", "10..30"))),
        }
        facts = {key: make_fact(key, raw, WORDS) for key, raw in written.items() if raw is not None}
        filed = tuple(OnDuty(duty, max(at, draw(moments)), 2) for duty in DUTIES if draw(some))
        stated = {key: (Stated(fact, max(at, draw(moments)), 1),) for key, fact in facts.items()}
        done = replace(done, declared_at=at, book=FactBook(facts, WORDS), stated=stated, filed=filed)
    return done, draw(moments)


@given(whens, runs())
def test_what_holds_in_any_run_is_never_called_impossible(when: When, run: tuple[Doings, datetime]) -> None:
    doings, now = run
    ways = ways_of(when)
    if ways is not None and holds(when, doings, now):
        assert any(all(holds(one, doings, now) for one in way) for way in ways)


@st.composite
def injects(draw: st.DrawFn) -> tuple[Inject, ...]:
    found = []
    for id in INJECTS:
        when = draw(st.one_of(st.just(AT_ONCE), happened, whens))
        until = draw(st.one_of(st.none(), st.sampled_from(HOURS)))
        asks = ("q",) if draw(st.booleans()) else ()
        found.append(Inject(id, "mail", "S", "T", draw(st.sampled_from(HOURS)), when=when, until=until, asks=asks))
    return tuple(found)


@given(injects(), st.lists(st.tuples(st.sampled_from(HOURS), st.sampled_from(("declare", "x", "y", "file"))), max_size=5))
def test_no_run_sends_an_inject_that_is_called_unsendable_nor_one_before_its_earliest_time(
    world: tuple[Inject, ...], acts: list[tuple[timedelta, str]]
) -> None:
    one = scenario(*world)
    reach = possible(one)
    doings = Doings()
    for minutes in range(0, 601, 30):
        now = one.begin + timedelta(minutes=minutes)
        for at, act in acts:
            if one.begin + at == now:
                doings = _acted(doings, act, now, one)
        while found := schedule.due(one, one.injects, doings, now):
            doings = replace(doings, fired={**doings.fired, **{inject.id: now for inject in found}})
    for id, at in doings.fired.items():
        assert id in reach.earliest
        assert one.begin + reach.earliest[id] <= at


def _acted(doings: Doings, act: str, now: datetime, one: Scenario) -> Doings:
    if act == "declare" and doings.declared_at is None:
        return replace(doings, declared_at=now, book=FactBook({}, WORDS))
    if act == "file" and doings.declared_at is not None:
        return replace(doings, filed=(*doings.filed, OnDuty(DUTIES[1], now, 2)))
    put = any("q" in inject.asks for inject in one.injects if inject.id in doings.fired)
    if act in ("x", "y") and put and not doings.answered:
        return replace(doings, answered={"q": (now, act)})
    return doings


# -- single cases ------------------------------------------------------------------------------------------------------


def test_a_sound_scenario_has_no_fault() -> None:
    assert texts(scenario()) == []


def test_a_condition_with_too_many_combinations_is_not_judged() -> None:
    parts = tuple(Happened("fired", f"i{n}") for n in range(15))
    assert 2 ** len(parts) > MOST
    assert ways_of(Every((*parts, Never(parts[0])))) is None
    assert ways_of(Every((*parts[:13], Never(parts[0])))) == ()


def test_a_condition_knows_each_way_in_which_it_is_true() -> None:
    fired, filed = Happened("fired", "a"), Happened("filed", "eu.gdpr.33")
    assert ways_of(AT_ONCE) == (frozenset(),)
    assert ways_of(Some((fired, filed))) == (frozenset({fired}), frozenset({filed}))
    assert ways_of(Every((fired, Never(filed)))) == (frozenset({fired}),)


def test_a_filing_for_one_recipient_is_a_filing_of_the_duty() -> None:
    to_one, to_any = Happened("filed", "eu.gdpr.33@es-aepd"), Happened("filed", "eu.gdpr.33")
    assert ways_of(Every((to_one, Never(to_any)))) == ()
    assert ways_of(Every((to_any, Never(to_one)))) == (frozenset({to_any}),)


def test_what_happened_long_ago_happened_a_while_ago() -> None:
    long, short = Happened("fired", "a", age=timedelta(hours=2)), Happened("fired", "a")
    assert ways_of(Every((long, Never(short)))) == ()
    assert ways_of(Every((short, Never(long)))) == (frozenset({short}),)


def test_an_interval_may_decide_one_limit_and_leave_another_open() -> None:
    few, many = Says(People("total", "<=", 500)), Says(People("total", ">", 500))
    below = Says(People("total", "<", 1000))
    assert ways_of(Every((below, Never(few), Never(many)))) == (frozenset(),)
    assert ways_of(Every((few, many))) == ()


def test_an_inject_is_sent_after_the_longest_of_what_it_waits_for_in_its_shortest_way() -> None:
    b = Inject("b", "mail", "S", "T", timedelta(hours=1))
    slow, quick = Happened("fired", "b", age=timedelta(hours=4)), Happened("answered", "q", age=timedelta(hours=2))
    both = Inject("c", "mail", "S", "T", timedelta(), when=Every((slow, quick)))
    either = Inject("d", "mail", "S", "T", timedelta(), when=Some((slow, quick)))
    earliest = possible(scenario(CALL, b, both, either)).earliest
    assert {id: at // timedelta(hours=1) for id, at in earliest.items()} == {"a": 0, "b": 1, "c": 5, "d": 2}


def test_a_loop_is_told_once_and_in_order_and_what_hangs_on_it_by_itself() -> None:
    waits = {"b": "d", "c": "b", "d": "c"}
    loop = [Inject(id, "mail", "S", "T", timedelta(), when=Happened("fired", on), line=2) for id, on in waits.items()]
    after = Inject("e", "mail", "S", "T", timedelta(), when=Happened("fired", "d"), line=3)
    assert texts(scenario(CALL, *loop, after)) == [
        "these injects wait for each other: b -> d -> c -> b; let one of them wait for less",
        "inject 'e' can never be sent: it waits for 'd', which can never be sent; mend that, or let it wait for something else",
    ]


def test_one_that_waits_for_either_of_two_is_sent_although_one_of_them_never_is() -> None:
    late = Inject("b", "mail", "S", "T", timedelta(hours=11))
    either = Inject("c", "mail", "S", "T", timedelta(), when=Some((Happened("fired", "a"), Happened("fired", "b"))))
    assert [text.split(":")[0] for text in texts(scenario(CALL, late, either))] == ["inject 'b' can never be sent"]


def test_an_inject_of_a_branch_never_taken_is_not_told_beside_it() -> None:
    impossible = Every((Happened("answered", "q", "x"), Happened("answered", "q", "y")))
    of_branch = Inject("b", "mail", "S", "T", timedelta(), branch="way")
    one = scenario(CALL, of_branch, branches=(Branch("way", "A way", impossible),))
    assert len(texts(one)) == 1
    assert texts(one)[0].startswith("branch 'way' can never be taken: its condition contradicts itself")


def test_a_promise_of_a_controller_is_named_by_the_controllers_of_the_truth() -> None:
    inject = Inject("b", "mail", "S", "T", timedelta(), when=Happened("filed", "eu.gdpr.33@agency-a"))
    assert "unknown recipient of eu.gdpr.33 'agency-a'" in texts(scenario(CALL, inject))[0]
    truth = {"controllers.agency-a.name": (_truth("controllers.agency-a.name", "Agency A"),)}
    assert texts(scenario(CALL, inject, truths=truth)) == []


def test_a_later_truth_may_contradict_an_earlier_count() -> None:
    rough, exact = _truth("people.total", "400..900"), _truth("people.total", "40", hours=2)
    assert texts(scenario(truths={"people.total": (rough, exact)})) == []


def test_a_truth_that_comes_with_an_inject_stands_where_that_is_sent_at_the_earliest() -> None:
    late = Inject("b", "mail", "S", "T", timedelta(hours=5))
    with_inject = replace(_truth("people.total", "40"), at=None, inject="b")
    assert texts(scenario(CALL, late, truths={"people.total": (_truth("people.total", "50"), with_inject)})) == []
    wrong = texts(scenario(CALL, late, truths={"people.total": (with_inject, _truth("people.total", "50"))}))
    assert len(wrong) == 1
    assert "before the value above it (5 h)" in wrong[0]


def test_a_name_nobody_could_mean_is_answered_with_all_there_are() -> None:
    assert texts(scenario(replace(CALL, to="zz"))) == ["inject 'a': unknown role 'zz'; there is lead"]


def test_each_fault_names_the_entry_and_its_key() -> None:
    (flaw,) = faults(scenario(replace(CALL, to="zz", line=7)), NAMES)
    assert (flaw.line, flaw.key) == (7, "to")


def _truth(key: str, raw: str, hours: int = 1) -> Truth:
    fact: Fact = make_fact(key, raw, WORDS)
    return Truth(fact, timedelta(hours=hours))
