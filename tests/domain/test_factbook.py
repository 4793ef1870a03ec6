"""What a book of facts answers: how many and where, which data and how protected, which role, which place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachkit.content.factsfile import make_fact
from breachkit.domain.affected_data import holds_data, protected
from breachkit.domain.factbook import FactBook, affects_somebody
from breachkit.errors import ImpossibleFacts
from tests.strategies import WORDS

T, F, U = True, False, None


def book(facts: Mapping[str, Any] | None = None, /, **more: Any) -> FactBook:
    made = [make_fact(key, raw, WORDS) for key, raw in {**(facts or {}), **more}.items()]
    return FactBook({fact.key: fact for fact in made}, WORDS)


def people(total: str | None = None, elsewhere: str | None = None, /, **places: str) -> FactBook:
    raw = {f"people.in.{place.replace('_', '-')}": count for place, count in places.items()}
    raw |= {key: value for key, value in (("people.total", total), ("people.elsewhere", elsewhere)) if value is not None}
    return book(raw)


@pytest.mark.parametrize(
    ("known", "place", "low", "high"),
    [
        (people(), "ES", 0, None),
        (people("600"), "ES", 0, 600),
        (people(ES="600"), "ES", 600, 600),
        (people(ES="600"), "FR", 0, None),
        (people(None, "0", ES="600"), "FR", 0, 0),
        (people(None, "..40", ES="600"), "FR", 0, 40),
        (people("1000", ES="600"), "FR", 0, 400),
        (people("1000", ES="600..800"), "FR", 0, 400),
        (people("~1000", ES="600"), "FR", 0, 600),
        # a place holds its parts, and its parts hold no more than it
        (people(US_FL="500", US_CA="100"), "US", 600, None),
        (people(None, "0", US_FL="500", US_CA="100"), "US", 600, 600),
        (people(US="1000", US_FL="500"), "US-CA", 0, 500),
        (people(US="1000", US_FL="500+"), "US-FL", 500, 1000),
        (people(US="1000", US_FL="500"), "US", 1000, 1000),
        (people(US="..1000", US_FL="500"), "US", 500, 1000),
        # groups hold their members
        (people(ES="600", FR="20"), "EEA", 620, None),
        (people(None, "0", ES="600", FR="20", GB="5"), "EU", 620, 620),
        (people(EU="100", ES="60"), "FR", 0, 40),
        (people(EU="100"), "NO", 0, None),
        (people(EEA="100", EU="60"), "NO", 0, 40),
        (people("100", EU="60"), "ES-CT", 0, 60),
        (people("100", "0", EU="60", GB="40"), "NO", 0, 0),
        # an answer that nobody knows is no nought
        (people(None, "0", ES="600", FR="unknown"), "FR", 0, None),
        (people("700", "0", ES="600", FR="unknown"), "FR", 0, 100),
        (people(None, "0", ES="600", FR="unknown"), "EU", 600, None),
    ],
)  # fmt: skip
def test_people_of_a_place_are_an_interval_that_all_counts_leave(
    known: FactBook, place: str, low: int, high: int | None
) -> None:
    known.check_sums()
    found = known.residents(place)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("known", "low", "high"),
    [
        (people(), 0, None),
        (people("~1000"), 800, 1200),
        (people(ES="600", FR="20"), 620, None),
        (people(None, "0", ES="600", FR="20"), 620, 620),
        (people("unknown", "0", ES="600"), 600, 600),
        (people("..1000", ES="600"), 600, 1000),
        (people(None, "0", EU="600", ES="20"), 600, 600),
        (people(None, "0", ES="600", FR="unknown"), 600, None),
    ],
)
def test_the_total_is_what_the_total_and_the_places_leave(known: FactBook, low: int, high: int | None) -> None:
    assert (known.total.low, known.total.high) == (low, high)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (people("100", ES="600"), "people.total is 100, but the places listed hold at least 600"),
        (people("100", "50", ES="60"), "the places listed hold at least 110"),
        (people("1000", "0", ES="600"), "people.total is 1000, but the places listed and people.elsewhere hold at most 600"),
        (people(US="400", US_FL="300", US_CA="200"), "people.in.US is 400, but its parts US-FL, US-CA hold at least 500"),
        (people(EU="100", ES="600"), "people.in.EU is 100, but its parts ES hold at least 600"),
    ],
)
def test_counts_that_cannot_all_be_true_are_refused_with_both_numbers(known: FactBook, said: str) -> None:
    with pytest.raises(ImpossibleFacts) as problem:
        known.check_sums()
    assert said in str(problem.value)
    assert "correct one of them" in str(problem.value)


def test_somebody_is_affected_once_one_person_is_counted() -> None:
    assert affects_somebody(people(ES="1"), "EEA").holds is True
    assert affects_somebody(people(None, "0", ES="5"), "GB").holds is False
    assert affects_somebody(people(ES="5"), "GB").holds is None
    assert affects_somebody(people(ES="0..3"), "ES").holds is None
    assert affects_somebody(people()).needs == {"people.total"}


@pytest.mark.parametrize(
    ("known", "place", "needs"),
    [
        (people(ES="5"), "GB", {"people.elsewhere"}),
        (people(None, "..9", ES="5"), "GB", {"people.in.GB"}),
        (people(US_FL="400..900"), "US-FL", {"people.in.US-FL"}),
        (people(US="400..900"), "US-FL", {"people.in.US-<part>"}),
        (people(US_FL="1", US_CA="2"), "US", {"people.in.US-FL", "people.in.US-CA"}),
        (people(FR="unknown"), "FR", {"people.in.FR"}),
    ],
)
def test_what_would_say_how_many_is_named(known: FactBook, place: str, needs: set[str]) -> None:
    assert known.resident_needs(place) == needs


# -- worlds ----------------------------------------------------------------------------------------------------------------

LEAVES = ("ES-CT", "ES-PV", "ES", "FR", "DE-BY", "DE", "NO", "GB", "GB-SCT", "US-FL", "US-CA", "US", "CH")
"""People counted by the finest place known of them; `ES` holds those of Spain outside the two parts."""
ASKED = (*LEAVES, "EU", "EEA", "IT", "CA", "GB-NIR")


def true_number(world: Mapping[str, int], place: str) -> int:
    return sum(number for leaf, number in world.items() if WORDS.within(leaf, place))


def blurred(draw: st.DrawFn, number: int) -> str:
    low, high = number - draw(st.integers(0, number)), number + draw(st.integers(0, 50))
    return draw(st.sampled_from((str(number), f"{low}..{high}", f"{low}+", f"..{high}", "unknown")))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, str]]:
    """How many people really live where, and what somebody knows of it: some places, some groups, blurred or not at all."""
    world = draw(st.dictionaries(st.sampled_from(LEAVES), st.integers(0, 400), max_size=8))
    said = draw(st.lists(st.sampled_from((*LEAVES, "EU", "EEA")), unique=True, max_size=6))
    raw = {f"people.in.{place}": blurred(draw, true_number(world, place)) for place in said}
    if draw(st.booleans()):
        raw["people.total"] = blurred(draw, sum(world.values()))
    if draw(st.booleans()):
        outside = sum(number for leaf, number in world.items() if not any(WORDS.within(leaf, place) for place in said))
        raw["people.elsewhere"] = blurred(draw, outside)
    return world, raw


@settings(max_examples=500, deadline=None)
@given(worlds())
def test_an_interval_always_holds_the_true_number(drawn: tuple[dict[str, int], dict[str, str]]) -> None:
    world, known = drawn[0], book(drawn[1])
    known.check_sums()
    for place, number in [*((place, true_number(world, place)) for place in ASKED), (None, sum(world.values()))]:
        found = known.total if place is None else known.residents(place)
        assert found.low <= number, (place, number, found)
        assert found.high is None or number <= found.high, (place, number, found)


# -- data ------------------------------------------------------------------------------------------------------------------


def data(*categories: str, closed: bool = False, **more: Any) -> FactBook:
    raw: dict[str, Any] = {"data.categories": list(categories), **({"data.categories_complete": "yes"} if closed else {})}
    return book({**raw, **{key.replace("__", "."): value for key, value in more.items()}})


@pytest.mark.parametrize(
    ("known", "category", "holds"),
    [
        (book(), "phone", U),
        (data("phone"), "phone", T),
        (data("phone"), "email", U),
        (data("phone", closed=True), "email", F),
        (data(closed=True), "email", F),
        # an ssn is a national id; a national id may be an ssn
        (data("ssn"), "national_id", T),
        (data("ssn", closed=True), "national_id", T),
        (data("national_id", closed=True), "ssn", U),
        # a composite is there when its parts are, and brings the parts that nothing else can stand for
        (data("email", "password", closed=True), "online_credentials", T),
        (data("email", closed=True), "online_credentials", F),
        (data("email"), "online_credentials", U),
        (data("payment_card_with_code", closed=True), "payment_card", T),
        (data("payment_card", closed=True), "payment_card_with_code", F),
        (data("payment_card", "payment_card_code", closed=True), "payment_card_with_code", T),
        (data("online_credentials", closed=True), "email", U),
        (data("online_credentials", closed=True), "phone", F),
    ],
)
def test_which_data_was_affected(known: FactBook, category: str, holds: bool | None) -> None:
    found = holds_data(known, category, unprotected=False)
    assert found.holds is holds
    assert found.because
    assert (found.holds is None) == bool(found.needs)


def test_a_list_that_nobody_closed_asks_to_be_closed() -> None:
    assert holds_data(data("phone"), "email", unprotected=False).needs == {"data.categories_complete"}
    assert holds_data(book(), "email", unprotected=False).needs == {"data.categories"}


@pytest.mark.parametrize(
    ("encrypted", "taken", "holds"),
    [
        ("yes", "no", T), ("yes", "yes", F), ("yes", None, U), ("yes", "unknown", U),
        ("no", None, F), ("no", "no", F), ("partly", "no", U), ("partly", "yes", F),
        (None, "no", U), (None, None, U), ("unknown", None, U), (None, "yes", F),
    ],
)  # fmt: skip
def test_data_is_protected_only_when_encrypted_with_its_key_safe(
    encrypted: str | None, taken: str | None, holds: bool | None
) -> None:
    raw = {key: value for key, value in (("data.encrypted", encrypted), ("data.key_taken", taken)) if value is not None}
    assert protected(book(raw), "ssn").holds is holds


@pytest.mark.parametrize(
    ("raw", "ssn", "phone"),
    [
        ({"data.encrypted": "no", "data.encrypted.ssn": "yes", "data.key_taken": "no"}, T, F),
        ({"data.encrypted": "yes", "data.key_taken": "no", "data.key_taken.ssn": "yes"}, F, T),
        ({"data.encrypted": "partly", "data.encrypted.phone": "yes", "data.key_taken": "no"}, U, T),
        ({"data.encrypted": "yes", "data.key_taken": "no", "data.encrypted.ssn": "unknown"}, U, T),
    ],
)
def test_what_is_said_of_one_category_goes_before_what_is_said_of_all(
    raw: dict[str, str], ssn: bool | None, phone: bool | None
) -> None:
    assert protected(book(raw), "ssn").holds is ssn
    assert protected(book(raw), "phone").holds is phone


def test_partly_encrypted_asks_about_the_category_itself() -> None:
    assert protected(book({"data.encrypted": "partly"}), "ssn").needs == {"data.encrypted.ssn"}


@pytest.mark.parametrize(
    ("known", "holds"),
    [
        (data("ssn", data__encrypted="no"), T),
        (data("ssn", data__encrypted="yes", data__key_taken="no", closed=True), F),
        (data("ssn", closed=True), U),
        (data("ssn", data__encrypted="yes", data__key_taken="yes"), T),
    ],
)
def test_data_that_must_be_readable_counts_only_when_it_is(known: FactBook, holds: bool | None) -> None:
    assert holds_data(known, "ssn", unprotected=True).holds is holds


# -- role, place, sector ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "controller", "processor"),
    [
        ({}, U, U),
        ({"role": "controller"}, T, F),
        ({"role": ["controller", "processor"]}, T, T),
        ({"organisation.roles": ["controller"]}, T, F),
        ({"organisation.roles": ["controller", "processor"]}, U, U),
        ({"organisation.roles": ["processor"], "role": "controller"}, T, F),
        ({"role": "controller", "role.for.call_log": "processor"}, T, T),
    ],
)
def test_the_role_comes_from_the_incident_and_else_from_the_profile(
    raw: dict[str, Any], controller: bool | None, processor: bool | None
) -> None:
    assert book(raw).in_role("controller").holds is controller
    assert book(raw).in_role("processor").holds is processor


@pytest.mark.parametrize(
    ("main", "others", "place", "holds"),
    [
        (None, None, "EEA", U), ("ES", None, "EEA", T), ("ES", None, "ES", T), ("US", None, "EEA", U),
        ("US", [], "EEA", F), ("US", ["GB"], "EEA", F), ("US", ["GB"], "GB", T), (None, [], "EEA", F),
        (None, ["US"], "EEA", U), ("US", ["NO"], "EEA", T), ("US", ["NO"], "EU", F),
    ],
)  # fmt: skip
def test_where_it_is_established(main: str | None, others: list[str] | None, place: str, holds: bool | None) -> None:
    raw: dict[str, Any] = {} if main is None else {"organisation.main_establishment": main}
    raw |= {} if others is None else {"organisation.established_in": others}
    found = book(raw).established_in(place)
    assert found.holds is holds
    assert (found.holds is None) == bool(found.needs)


@pytest.mark.parametrize(
    ("serves", "place", "holds"),
    [
        (None, "ES", U), (["ES"], "ES", T), (["EEA"], "ES", T), (["US"], "US-FL", T),
        (["US-FL"], "US", U), ([], "ES", U), (["GB"], "ES", U),
    ],
)  # fmt: skip
def test_a_place_it_serves_holds_its_parts_and_one_left_out_is_not_ruled_out(
    serves: list[str] | None, place: str, holds: bool | None
) -> None:
    raw = {} if serves is None else {"organisation.serves": serves}
    assert book(raw).addresses(place).holds is holds


def test_a_sector_holds_what_it_implies_and_a_list_of_sectors_is_whole() -> None:
    implying, implied = next((sector, inner[0]) for sector, inner in WORDS.sector_implies.items() if inner)
    assert book({"organisation.sectors": [implying]}).in_sector(implied).holds is True
    assert book({"organisation.sectors": []}).in_sector(implied).holds is False
    assert book().in_sector(implied).holds is None


# -- clients of a processor ---------------------------------------------------------------------------------------------------


def test_a_clients_share_never_holds_more_than_the_whole() -> None:
    whole = book(
        {
            "people.in.ES": "600",
            "people.elsewhere": "0",
            "data.categories": ["phone"],
            "data.categories_complete": "yes",
            "controllers.acct-01.name": "Sample Lettings Ltd",
            "controllers.acct-01.people.total": "..100",
            "role": "processor",
        }
    )
    share = whole.for_controller("acct-01")
    assert whole.controllers == ("acct-01",)
    assert share.in_role("processor").holds is True
    assert (share.residents("FR").low, share.residents("FR").high) == (0, 0)
    assert share.residents("ES").high == 100
    assert holds_data(share, "email", unprotected=False).holds is False
    assert holds_data(share, "phone", unprotected=False).holds is None
    assert holds_data(share, "phone", unprotected=False).needs == {"controllers.acct-01.data.categories"}
    assert share.resident_needs("ES") == {"controllers.acct-01.people.in.ES"}


def test_an_answer_of_not_known_is_remembered_as_asked() -> None:
    found = book({"breach.malicious": "unknown"})
    assert found.get("breach.malicious") is None
    assert found.asked("breach.malicious")
    assert not found.asked("breach.public")
