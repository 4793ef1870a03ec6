"""Personal data in a regulator's form: each shape is found and masked, and its near neighbours are left in peace."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.identifiers import is_card, is_iban
from breachkit.domain.leaks import WATCHED, Leak, leaks, mask
from breachkit.domain.notices import Notice

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import CLIENTS, FACTS, MORE, book, finding


def found(
    text: str, *, language: str = "en", elements: dict[str, str] | None = None, facts: Any = None, **asked: Any
) -> list[Leak]:
    facts = book({**FACTS, **MORE, **CLIENTS, **(facts or {})})
    return list(leaks(Notice("eu.gdpr.33", "t", language, text, elements or {}), finding("eu.gdpr.33", **asked), facts))


def kinds(text: str, **more: Any) -> list[str]:
    return [one.kind for one in found(text, **more)]


FOUND = [
    ("Write to jane.doe@mail.example today.", "e-mail address", "j***@m***.example"),
    ("josé.núñez@correo.example", "e-mail address", "j***@c***.example"),
    ("jane.doe@example-co.invalid works here", "e-mail address", "j***@e***.invalid"),
    ("Call +34 612 345 678.", "telephone number", "+** *** *** *78"),
    ("Call 212-555-0187.", "telephone number", "***-***-**87"),
    ("Call (212) 555-0187.", "telephone number", "(***) ***-**87"),
    ("Call 020 7946 0958.", "telephone number", "*** **** **58"),
    ("Appelez 01 23 45 67 89.", "telephone number", "** ** ** ** 89"),
    ("móvil 612345678", "telephone number", "*******78"),
    ("IBAN DE89 3704 0044 0532 0130 00", "iban", "**** **** **** **** **** 00"),
    ("GB82WEST12345698765432", "iban", "********************32"),
    ("card 4111 1111 1111 1111", "payment card number", "**** **** **** **11"),
    ("card 378282246310005", "payment card number", "*************05"),
    ("SSN 123-45-6789", "social security number", "***-**-**89"),
    ("AB123456C", "national id", "*******6C"),
    ("DNI 12345678Z", "national id", "*******8Z"),
    ("NIE X1234567L", "national id", "*******7L"),
    ("RSSMRA85T10A562S", "fiscal code", "**************2S"),
    ("1 85 05 78 006 084 91", "national id", "* ** ** ** *** *** 91"),
    ("44051401359", "national id", "*********59"),
    ("passport number X1234567", "national id", "******67"),
    ("She was born on 12 March 1980.", "date of birth", "** ***** ****"),
    ("Date of birth: 12/03/1980", "date of birth", "**/**/****"),
    ("DOB 12.03.80", "date of birth", "**.**.**"),
    ("from 203.0.113.7", "ip address", "***.*.**3.7"),
    ("from 2001:db8::1", "ip address", "****:**8::1"),
    ("She lives at 12 Garden Street, London.", "postal address", "** ****** ******"),
    ("12 rue de la Paix, Paris", "postal address", "** *** ** ** ****"),
    ("Musterstraße 5", "postal address", "************ *"),
    ("Keizersgracht 12", "postal address", "************* **"),
    ("Calle Mayor 12, Madrid", "postal address", "***** ***** **"),
    ("Via Roma 3, Milano", "postal address", "*** **** *"),
    ("ul. Długa 7, Gdańsk", "postal address", "**. ***** *"),
    ("Rua Augusta 24, Lisboa", "postal address", "*** ******* **"),
]


@pytest.mark.parametrize(("text", "kind", "shown"), FOUND)
def test_each_shape_is_found_and_never_shown(text: str, kind: str, shown: str) -> None:
    assert [(one.kind, one.shown) for one in found(f"# Form\n\n- {text}")] == [(kind, shown)]
    assert found(f"# Form\n\n- {text}")[0].line == 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("geboren am 12. März 1980", "de"),
        ("nacida el 12 de marzo de 1980", "es"),
        ("née le 12 mars 1980", "fr"),
        ("nato il 12 marzo 1980", "it"),
        ("geboren op 12 maart 1980", "nl"),
        ("nascida a 12 de março de 1980", "pt"),
        ("urodzona dnia 12 marca 1980", "pl"),
    ],
)
def test_a_day_of_birth_is_found_in_each_language(text: str, language: str) -> None:
    assert kinds(text, language=language) == ["date of birth"]


@pytest.mark.parametrize(
    "text",
    [
        "privacy@example-co.invalid, dpo@example.com and dpo@example.com.invalid",
        "A user wrote to support@example-co.invalid.",
        "Equifax: 1 Sample Street, Exampletown; www.equifax.invalid; 800-555-0101",
        "at 4 Sample Street, Exampletown",
        "toll free 800-555-0199",
        "Cal. Civ. Code 1798.82(a), 47 CFR 64.2011, Regulation (EU) 2016/679, Mass. Gen. Laws ch. 93H s. 3",
        "20 November 2026 at 22:15 CET (Europe/Brussels), 2026-11-20, 20/11/2026, 01-02-2026",
        "4,100 people, 1.234.567 records, 612 345 678 in all, 600..900",
        "EX-2026-17, INC-2026-0042, case 048-2024-12, ref 4111111111111111",
        "facts 3f19e5121234, template abcdef123456, 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "card 4111 1111 1111 1112, IBAN DE00 3704 0044 0532 0130 00, 000-12-3456, 12345678A, 44051401358",
        "server 10.0.0.1, 192.168.1.20, version 1.2.3.4, 22:15:00",
        "passport number and name of 300 people; 300 passport numbers",
        "We were founded on 12 March 1980.",
        "Sample Lettings Ltd",
    ],
)
def test_what_only_looks_like_it_is_left_in_peace(text: str) -> None:
    assert found(text) == []


def test_the_organisation_s_own_street_and_number_are_its_own() -> None:
    facts = {"organisation.address": "12 Garden Street, London", "contact.phone": "+34 612 345 678"}
    assert found("12 Garden Street, London; call +34 612 345 678 or 612345678", facts=facts) == []
    assert kinds("14 Garden Street, London; call +34 612 345 679", facts=facts) == ["postal address", "telephone number"]


def test_the_person_who_reports_is_not_one_of_those_affected() -> None:
    person = "Ana Sample, ana@example-co.invalid, +34 612 345 678"
    assert found(f"- **Reported by:** {person}", facts={"notice.says.reporting_person": person}) == []
    assert found(f"- **Reported by:** {person}", facts={"translated.es.notice.says.reporting_person": person}) == []
    assert kinds(f"- **Reported by:** {person}", facts={"notice.says.techniques": person}) == [
        "e-mail address",
        "telephone number",
    ]


def test_an_address_that_ends_like_the_organisation_s_is_still_somebody_s() -> None:
    assert kinds("jane.privacy@example-co.invalid") == ["e-mail address"]


def test_the_attacker_s_network_address_may_stand_where_signs_of_the_attack_are_asked_for() -> None:
    text = "Requests from 203.0.113.7."
    assert kinds(text) == ["ip address"]
    assert kinds(text, elements={"iocs": text}) == []


def test_a_reference_of_a_filing_is_no_number_of_a_person() -> None:
    filed = {"filed.eu.gdpr.33": [{"at": "2026-11-21T08:00:00Z", "reference": "123-45-6789"}]}
    assert found("Your reference: 123-45-6789", facts=filed) == []
    assert kinds("Your reference: 123-45-6788", facts=filed) == ["social security number"]


@pytest.mark.parametrize("kind", ["individuals", "controller", "owner", "contract", "other"])
def test_other_recipients_are_not_watched(kind: str) -> None:
    assert found("jane.doe@mail.example", kind=kind) == []


@pytest.mark.parametrize("kind", sorted(WATCHED))
def test_forms_for_authorities_bureaus_media_and_the_public_are(kind: str) -> None:
    assert kinds("jane.doe@mail.example", kind=kind) == ["e-mail address"]


def test_signs_of_markdown_hide_nothing() -> None:
    assert kinds("**jane.doe@mail.example** and jane\\_doe@mail.example") == ["e-mail address", "e-mail address"]


harmless = st.one_of(
    st.integers(0, 10**8).map(str),
    st.integers(0, 10**8).map(lambda n: f"{n:,}"),
    st.dates().map(lambda day: f"{day:%d %B %Y}"),
    st.dates().map(str),
    st.times().map(lambda time: f"at {time:%H:%M}"),
    st.tuples(st.integers(2020, 2030), st.integers(1, 99999)).map(lambda pair: f"EX-{pair[0]}-{pair[1]:05}"),
    st.text("0123456789abcdef", min_size=64, max_size=64).map(lambda digest: f"facts a{digest}"),
    st.tuples(st.integers(1, 9999), st.integers(1, 99)).map(lambda pair: f"section {pair[0]}.{pair[1]}(a)({pair[1] % 9})"),
    st.sampled_from(
        ["Regulation (EU) 2022/2554", "47 U.S.C. 222", "Art. 33(3)(a)", "RSA 359-C:20", "A.R.S. 18-552", "10 L.P.R.A. 4051"]
    ),
)


@given(st.lists(harmless, min_size=1, max_size=6))
def test_counts_days_references_citations_and_hashes_are_never_taken_for_a_person_s(pieces: list[str]) -> None:
    assert found("- **Field:** " + "; ".join(pieces)) == []


@given(st.from_regex(r"[a-z]{3,10}\.[a-z]{3,10}@[a-z]{3,10}\.example", fullmatch=True))
def test_any_person_s_mail_address_is_found_and_masked(mail: str) -> None:
    [one] = found(f"Somebody wrote from {mail} to us.")
    assert one.kind == "e-mail address"
    assert mail.split("@")[0] not in one.shown


@given(st.text("0123456789", min_size=15, max_size=15))
def test_a_card_number_is_told_by_its_check_digit(digits: str) -> None:
    right = [last for last in "0123456789" if is_card(f"4{digits[1:]}{last}")]
    assert len(right) == 1


def test_check_digits_of_accounts() -> None:
    assert is_iban("ES9121000418450200051332")
    assert not is_iban("ES9121000418450200051333")
    assert not is_iban("ES91")


def test_a_mask_keeps_no_more_than_two_signs() -> None:
    for text, _, shown in FOUND:
        if "@" not in text:
            assert len(re.findall(r"[^\W_]", shown)) <= 2
    assert mask("e-mail address", "a@b.example") == "a***@b***.example"
