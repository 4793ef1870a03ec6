"""However a server writes somebody's address or name, it does not stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.without_addresses import host_name, one_line, without_addresses


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("550 5.1.1 <ana@example.com>: unknown", "550 5.1.1 <address>: unknown"),
        ("550 ana@example.com... User unknown", "550 <address> User unknown"),
        ('550 "ana of example"@example.com unknown', "550 <address> unknown"),
        ("550 o'neill@example.com unknown", "550 <address> unknown"),
        ("550 ana@\r\n example.com unknown", "550 <address> unknown"),
        ("550 bounce+ana=example.com@list.example unknown", "550 <address> unknown"),
        ("550 see https://spf.example/why?id=ana%40example.com&r=1 now", "550 see https:<address> now"),
        ("550 rfc822;ana+2Bx+40example.com unknown", "550 rfc822;<address> unknown"),
        ("550 ana(at)example.com unknown", "550 <address> unknown"),
        ("550 jörg@bücher.example unbekannt", "550 <address> unbekannt"),
        ("550 <ana> unknown", "550 <address> unknown"),
        ("not found: /o=Org/ou=Some Group (X)/cn=Recipients/cn=ana; stop", "not found: <address>; stop"),
        ("<<< 550 User unknown", "<<< 550 User unknown"),
        ("451 4.4.1 mx.example.com[192.0.2.1] refused", "451 4.4.1 mx.example.com[192.0.2.1] refused"),
        ("", ""),
    ],
)
def test_an_address_goes_however_it_is_written(said: str, left: str) -> None:
    assert without_addresses(said) == left


@pytest.mark.parametrize(
    "said",
    ["ana.example is full", "Ana Example is full", "EXAMPLE, Ana is full", "ana_example is full", "the mailbox ANA.EXAMPLE"],
)
def test_a_known_mailbox_goes_as_a_name_too(said: str) -> None:
    assert "ana" not in without_addresses(said, ["ana.example@mail.invalid"]).lower()


def test_a_known_name_goes() -> None:
    assert without_addresses("Mailbox of Zoë de Vries is full", names=["Zoë de Vries"]) == "Mailbox of <recipient> is full"


def test_an_address_at_the_end_of_what_is_read_is_not_cut_in_two() -> None:
    said = "x " * 495 + "ana.of.the.example@example.com and more"
    assert "ana" not in one_line(said)
    assert "ana" not in without_addresses("y" * 480 + " ana.of.the.example@example.com")


@given(
    local=st.from_regex(r"[a-z]{4,12}(\.[a-z]{4,12})?", fullmatch=True),
    before=st.text(max_size=40),
    after=st.text(max_size=40),
    known=st.booleans(),
)
def test_no_local_part_is_left(local: str, before: str, after: str, known: bool) -> None:
    address = f"{local}@mail.example.com"
    left = without_addresses(f"{before.replace(local, '')} <{address}> {after.replace(local, '')}", [address] if known else [])
    assert local not in left
    assert len(left) <= 500
    assert left.isprintable() or not f"{before}{after}".isprintable()


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("dns; mx.example.com", "mx.example.com"),
        ("dns;mx.example.com. (192.0.2.1, the server)", "mx.example.com"),
        ("dns; [192.0.2.1]", "[192.0.2.1]"),
        ("mx.example.com", "mx.example.com"),
        ("x-local; ana@example.com", ""),
        ("dns; \x1b[31mmx", ""),
        ("", ""),
    ],
)
def test_a_server_is_called_by_its_host_name_only(written: str, host: str) -> None:
    assert host_name(written) == host
