"""The quick patterns say exactly what the libraries say, and the libraries say the rest."""

from __future__ import annotations

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from breachkit.intake.contacts import Emails, Phones

EMAILS, PHONES = Emails(), Phones()
LOCAL = st.one_of(
    st.sampled_from(
        ["info", "Postmaster", "a.b", "A_1+x", ".a", "a.", "a..b", "o'neill", "-", "ab", "jörg", 'a"b', "a b", "a" * 65]
    )
)
LABEL = st.sampled_from(
    ["example", "MAIL", "a", "1", "x-y", "-x", "x-", "a--b", "xn--bcher-kva", "xn--a", "bücher", "a" * 64, "", "a_b", "local"]
)
TOP = st.sampled_from(
    ["com", "example", "INVALID", "invalid", "test", "localhost", "local", "arpa", "onion", "c", "c0m", "42", "xn--p1ai", "org"]
)
ADDRESS = st.builds(lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}", LOCAL, st.lists(LABEL, max_size=3), TOP)


def as_the_library_has_it(text: str) -> str | None:
    stand_in = text[:-8] + ".example" if text.lower().endswith(".invalid") else text
    try:
        found = validate_email(stand_in, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    address = found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
    address = address[:-8] + ".invalid" if stand_in != text else address
    return address if "." in address.split("@")[-1] else None


@given(st.one_of(ADDRESS, st.from_regex(r"[A-Za-z0-9._+'-]{1,12}@[A-Za-z0-9.-]{1,24}", fullmatch=True), st.emails()))
def test_an_address_is_read_as_email_validator_reads_it(text: str) -> None:
    assert EMAILS.read(text) == as_the_library_has_it(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ana.Example@EXAMPLE.invalid", "Ana.Example@example.invalid"),
        ("INFO@example.example", "info@example.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("jörg@example.invalid", "jörg@example.invalid"),
        ("a@localhost", None),
        ("a@mail.localhost", None),
        ("a@b@example.invalid", None),
        ("Ana <a@example.invalid>", None),
        ("a@example.invalid\nBcc: b@example.invalid", None),
        ("a@[127.0.0.1]", None),
        ("a" * 400 + "@example.invalid", None),
    ],
)
def test_addresses_and_what_becomes_of_them(text: str, address: str | None) -> None:
    assert EMAILS.read(text) == address


CODES = st.sampled_from(
    ["+1", "+31", "+32", "+33", "+34", "+39", "+41", "+43", "+44", "+48", "+49", "+351", "0", "00", "1", ""]
)
BETWEEN = st.sampled_from(["", " ", "-", "."])
DIGITS = st.text(alphabet="0123456789", min_size=5, max_size=12)
COUNTRIES = st.sampled_from(["US", "US-CA", "CA-QC", "DE", "FR", "NL", "BE", "CH", "AT", "GB", "ES", "PL", "PT", "IT", "JP"])


@given(CODES, BETWEEN, BETWEEN, DIGITS, COUNTRIES)
def test_a_number_is_read_as_phonenumbers_reads_it(code: str, first: str, second: str, digits: str, place: str) -> None:
    text = f"{code}{first}{digits[:3]}{second}{digits[3:6]}{second}{digits[6:]}"
    try:
        number = phonenumbers.parse(text, place[:2])
        expected = None
        if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
            expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        expected = None
    assert PHONES.read(text, place) == expected


@pytest.mark.parametrize(
    ("text", "place", "number"),
    [
        ("(202) 555-0100", "US-DC", "+12025550100"),
        ("+1 202-555-0100", "DE", "+12025550100"),
        ("202-555-0100 ext. 12", "US-DC", "+12025550100"),
        ("+49 (0)228 123456", "DE", "+49228123456"),
        ("12", "DE", None),
        ("555-0100", "US-DC", None),
        ("call me", "DE", None),
        ("+999 1234567", "DE", None),
    ],
)
def test_numbers_and_what_becomes_of_them(text: str, place: str, number: str | None) -> None:
    assert PHONES.read(text, place) == number
