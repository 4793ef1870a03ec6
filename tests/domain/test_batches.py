"""Who gets which letter."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.batches import Assignment, Letter, NoLetter, Tally, languages_for, letters_of, people_facts
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count
from breachkit.workflow.subjects import read_fact
from tests.documents.made_up import finding

WORDS = load_vocabulary()

CA = Letter("us.ca.individuals", "us.ca.individuals", "US-CA", True)
CA_HEALTH = Letter("us.ca-health.patients", "us.ca-health.patients", "US-CA", True)
HIPAA = Letter("us.hipaa.individuals", "us.hipaa.individuals", "US", True)
EEA = Letter("eu.gdpr.34", "eu.gdpr.34", "EEA", True)
EU = Letter("eu.611.sub", "eu.611.sub", "EU", True)
QC = Letter("world.ca-qc-law25.individuals", "world.ca-qc-law25.individuals", "CA-QC", True)
CANADA = Letter("world.ca-pipeda.individuals", "world.ca-pipeda.individuals", "CA", True)
PROMISE = Letter("promise.example-co.users-72h", "promise.example-co.users-72h", "", False)


@pytest.mark.parametrize(
    ("place", "named", "gets"),
    [
        ("US-CA", [HIPAA, CA, PROMISE], CA),
        ("US-TX", [HIPAA, CA, PROMISE], HIPAA),
        ("US", [CA, HIPAA], HIPAA),
        ("US", [CA], None),
        ("ES", [PROMISE, EEA], EEA),
        ("ES-CT", [EEA], EEA),
        ("NO", [EEA, EU], EEA),
        ("NO", [EU], None),
        ("RE", [EEA], EEA),  # French law reaches Réunion
        ("ES", [EEA, EU], EEA),
        ("ES", [EU, EEA], EU),
        ("CA-QC", [CANADA, QC], QC),
        ("CA-ON", [CANADA, QC], CANADA),
        ("US-CA", [CA, CA_HEALTH], CA),
        ("US-CA", [CA_HEALTH, CA], CA_HEALTH),
        ("JP", [EEA, CA, PROMISE], PROMISE),
        ("JP", [EEA, CA], None),
    ],
)
def test_each_person_gets_the_letter_of_the_nearest_place(place: str, named: Sequence[Letter], gets: Letter | None) -> None:
    found = Assignment(named, WORDS).letter_for(place)
    assert found == gets if gets else isinstance(found, NoLetter) and found.code == "no_duty"


def test_what_else_is_owed_to_the_same_people_is_said() -> None:
    assignment = Assignment([CA, HIPAA, PROMISE, EEA], WORDS)
    assert assignment.also("US-CA") == (HIPAA,)
    assert assignment.also("ES") == ()
    assert assignment.also("JP") == ()


@given(st.permutations([CA, HIPAA, EEA, QC, CANADA, PROMISE]), st.sampled_from(sorted(WORDS.places)))
def test_the_order_of_naming_matters_only_among_letters_as_near(named: list[Letter], place: str) -> None:
    expected = Assignment([CA, HIPAA, EEA, QC, CANADA, PROMISE], WORDS).letter_for(place)
    assert Assignment(named, WORDS).letter_for(place) == expected


@pytest.mark.parametrize(
    ("wanted", "letter", "fallback", "tries"),
    [
        ("es", CA, None, (("es", "own"),)),
        ("", CA, None, (("en", "assumed"),)),
        ("fr", CA, None, ()),
        ("fr", CA, "en", (("en", "fallback"),)),
        ("fr", EEA, None, (("fr", "own"),)),
        ("fr", EEA, "en", (("fr", "own"), ("en", "fallback"))),
        ("fr", CA, "fr", ()),
    ],
)
def test_no_other_language_stands_in_unasked(
    wanted: str, letter: Letter, fallback: str | None, tries: tuple[tuple[str, str], ...]
) -> None:
    assert languages_for(wanted, "en", letter, fallback) == tries


def test_only_duties_towards_people_make_letters() -> None:
    to_people = finding("us.ca.individuals", kind="individuals")
    to_authority = finding("us.ca.ag", kind="authority")
    promise = finding("promise.example-co.users-72h", kind="individuals")
    letters, others = letters_of([to_people, to_authority, promise], {"us.ca": "US-CA"})
    assert [(letter.duty, letter.place, letter.statute) for letter in letters] == [
        ("us.ca.individuals", "US-CA", True),
        ("promise.example-co.users-72h", "", False),
    ]
    assert others == [to_authority]


def test_the_counts_are_facts_that_can_all_be_true() -> None:
    tally = Tally(people={"ES": 3, "ES-CT": 2, "US-CA": 4}, unplaced=2)
    facts = people_facts(tally, WORDS)
    assert facts == {"people.total": "9..11", "people.in.ES": "5..7", "people.in.ES-CT": "2..4", "people.in.US-CA": "4..6"}
    FactBook({key: read_fact(key, raw) for key, raw in facts.items()}, WORDS).check_sums()


@given(
    st.dictionaries(
        st.sampled_from(["ES", "ES-CT", "FR", "RE", "US-CA", "US-FL", "CA", "CA-QC"]), st.integers(1, 50), min_size=1
    ),
    st.integers(0, 9),
    st.data(),
)
def test_counts_hold_the_truth_however_the_unplaced_rows_turn_out(
    people: dict[str, int], unplaced: int, data: st.DataObject
) -> None:
    facts = {key: read_fact(key, raw) for key, raw in people_facts(Tally(people=people, unplaced=unplaced), WORDS).items()}
    truth = dict(people)
    for _ in range(data.draw(st.integers(0, unplaced))):
        truth[data.draw(st.sampled_from(sorted(people)))] += 1
    FactBook(facts, WORDS).check_sums()
    for place in people:
        number = sum(count for other, count in truth.items() if WORDS.within(other, place))
        said = facts[f"people.in.{place}"].value
        assert isinstance(said, Count)
        assert said.low <= number <= (said.high or 0)
