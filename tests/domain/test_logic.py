"""Kleene's strong logic: its tables, the reasons it keeps, and that an answer given early stays true when the rest is known."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.logic import FALSE, TRUE, Because, Verdict, all_of, any_of, negate
from tests import strategies

UNKNOWN = Verdict(None, (), frozenset(["a"]))
T, F, U = True, False, None


def verdict(holds: bool | None, name: str = "a") -> Verdict:
    return Verdict.of(holds, f"reason {name}", fact=name)


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_and_and_or_are_those_of_kleene(
    first: bool | None, second: bool | None, both: bool | None, either: bool | None
) -> None:
    parts = (verdict(first), verdict(second, "b"))
    assert all_of(parts).holds is both
    assert any_of(parts).holds is either


@pytest.mark.parametrize(("before", "after"), [(T, F), (F, T), (U, U)])
def test_not_turns_what_is_known_and_leaves_what_is_not(before: bool | None, after: bool | None) -> None:
    found = negate(verdict(before))
    assert found.holds is after
    assert found.because == verdict(before).because
    assert found.needs == verdict(before).needs


def test_nothing_to_meet_is_met_and_nothing_to_choose_from_is_not() -> None:
    assert all_of(()) == TRUE
    assert any_of(()) == FALSE


def test_a_false_answer_keeps_only_the_reasons_that_make_it_false() -> None:
    found = all_of([verdict(T, "a"), verdict(F, "b"), verdict(U, "c")])
    assert [reason.fact for reason in found.because] == ["b"]
    assert found.needs == frozenset()


def test_a_true_answer_keeps_only_the_reasons_that_make_it_true() -> None:
    found = any_of([verdict(F, "a"), verdict(T, "b"), verdict(U, "c"), verdict(T, "d")])
    assert [reason.fact for reason in found.because] == ["b", "d"]
    assert found.needs == frozenset()


def test_an_open_answer_keeps_every_reason_and_waits_only_for_what_is_open() -> None:
    found = all_of([verdict(T, "a"), verdict(U, "b"), verdict(U, "c")])
    assert [reason.fact for reason in found.because] == ["a", "b", "c"]
    assert found.needs == {"b", "c"}


def test_a_reason_given_twice_is_said_once() -> None:
    assert all_of([verdict(T), verdict(T)]).because == (Because("reason a", "a", None, True),)


def test_a_single_reason_waits_for_its_own_fact_unless_others_are_named() -> None:
    assert Verdict.of(None, "x", fact="aware_at").needs == {"aware_at"}
    assert Verdict.of(None, "x", fact="aware_at", needs=["role"]).needs == {"role"}
    assert Verdict.of(True, "x", fact="aware_at", needs=["role"]).needs == frozenset()
    assert Verdict.of(None, "words that no fact answers").needs == frozenset()


Tree = tuple[str, list["Tree"]] | str
trees = st.recursive(
    st.sampled_from("abcd"),
    lambda inner: st.tuples(st.sampled_from(("all", "any", "not")), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=10,
)


def worked_out(tree: Tree, known: dict[str, bool | None]) -> Verdict:
    if isinstance(tree, str):
        return verdict(known[tree], tree)
    kind, inner = tree
    parts = [worked_out(one, known) for one in inner]
    return {"all": all_of, "any": any_of}[kind](parts) if kind != "not" else negate(parts[0])


@given(trees, st.fixed_dictionaries({name: st.sampled_from((True, False, None)) for name in "abcd"}))
def test_an_answer_stays_as_it_is_however_the_open_facts_turn_out(tree: Tree, known: dict[str, bool | None]) -> None:
    early = worked_out(tree, known)
    unknown = [name for name, holds in known.items() if holds is None]
    for answers in product((True, False), repeat=len(unknown)):
        late = worked_out(tree, {**known, **dict(zip(unknown, answers, strict=True))})
        assert late.holds is not None
        if early.holds is not None:
            assert late.holds is early.holds


@given(trees, st.fixed_dictionaries({name: st.sampled_from((True, False, None)) for name in "abcd"}))
def test_an_open_answer_waits_for_facts_that_are_open_and_a_settled_one_for_none(
    tree: Tree, known: dict[str, bool | None]
) -> None:
    found = worked_out(tree, known)
    assert (found.holds is None) == bool(found.needs)
    assert all(known[name] is None for name in found.needs)


@given(st.lists(strategies.verdicts(), max_size=5))
def test_one_form_is_the_other_turned_inside_out(parts: list[Verdict]) -> None:
    assert all_of(parts).holds is negate(any_of([negate(part) for part in parts])).holds
    assert all_of(parts).needs == any_of([negate(part) for part in parts]).needs


@given(st.lists(strategies.verdicts(), min_size=1, max_size=5))
def test_no_reason_is_made_up(parts: list[Verdict]) -> None:
    given_reasons = {reason for part in parts for reason in part.because}
    for found in (all_of(parts), any_of(parts)):
        assert found.because
        assert set(found.because) <= given_reasons
