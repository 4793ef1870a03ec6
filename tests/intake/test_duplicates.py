"""Who is taken for the same person: never two who share an address, a telephone or a mailbox alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breachkit.intake import Person, identity_keys

ANA = Person(1, "1", "Ana Example", "ana@example.invalid", "+12025550100", ("Weg 1", "53111 Bonn", "Germany"), "DE", "", ())
BOB = replace(ANA, row=2, id="2", name="Bob Example", email="bob@example.invalid")


def same(one: Person, other: Person) -> bool:
    return bool(set(identity_keys(one)) & set(identity_keys(other)))


def test_the_keys_say_their_kind() -> None:
    assert identity_keys(ANA) == (
        "email:ana@example.invalid|ana example",
        "name+address:ana example|weg 1 53111 bonn germany",
        "phone+name:+12025550100|ana example",
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(ANA, email="ANA@Example.invalid", phone="", address=()),
        replace(ANA, email="", phone="", address=("WEG 1,", "53111 BONN", "Germany"), name="EXAMPLE, Ana"),
        replace(ANA, email="new@example.invalid", address=(), name="Aná  Example"),
    ],
)
def test_the_same_name_with_the_same_mailbox_address_or_telephone_is_the_same_person(other: Person) -> None:
    assert same(ANA, other)


@pytest.mark.parametrize(
    "other",
    [BOB, replace(BOB, email=ANA.email), replace(ANA, email="", address=(), phone=""), replace(ANA, name="", email="", id="9")],
)
def test_a_shared_address_telephone_mailbox_or_name_alone_is_no_duplicate(other: Person) -> None:
    assert not same(ANA, other)


def test_people_without_a_name_are_the_same_by_their_mailbox() -> None:
    nobody = replace(ANA, name="")
    assert same(nobody, replace(nobody, id="9", address=(), phone=""))
    assert identity_keys(replace(nobody, email="")) == ()
