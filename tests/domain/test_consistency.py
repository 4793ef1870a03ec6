"""Notices of one incident may not tell one thing differently; each is compared only where it speaks of the same people."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.templates import fill
from breachkit.domain.consistency import Checked, Inconsistent, inconsistencies
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice, mark, notice_from

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import CLIENTS, FACTS, MORE, NOW, book, finding


def told(
    duty: str, language: str = "en", open: tuple[str, ...] = (), at: dict[str, Any] | None = None, **elements: str
) -> Checked:
    """A notice that says these elements in these words."""
    asked = finding(duty, **(at or {}))
    context = notice_context(book(FACTS), finding("eu.gdpr.33"), organisation_name="Example Co", now=NOW, draft=True)
    marked = "\n\n".join(f"{mark('+', id)}{text}{mark('-', id)}" for id, text in elements.items())
    notice: Notice = notice_from(marked, context, "00" * 32)
    return asked, replace(notice, duty=duty, language=language, open=frozenset(open))


def differing(*checked: Checked, **changes: Any) -> tuple[Inconsistent, ...]:
    return inconsistencies(checked, book({**FACTS, **MORE, **CLIENTS}, **changes))


def elements(*checked: Checked, **changes: Any) -> list[str]:
    return [one.element for one in differing(*checked, **changes)]


# -- numbers ---------------------------------------------------------------------------------------------------------------


def test_two_numbers_of_people_are_told_with_who_says_which() -> None:
    [one] = differing(told("eu.gdpr.33", count_people="about 4100"), told("uk.gdpr.33", count_people="about 5200"))
    assert one.element == "count_people"
    assert one.said == (("eu.gdpr.33", "4100"), ("uk.gdpr.33", "5200"))
    assert one.text == "count_people: eu.gdpr.33 says 4100, but uk.gdpr.33 says 5200"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "about 4,100"),
        ("es", "unas 4.100"),
        ("fr", "environ 4\u202f100"),
        ("de", "etwa 4.100"),
        ("pl", "około 4\u00a0100"),
    ],
)
def test_the_same_number_written_as_another_language_does_is_the_same(language: str, written: str) -> None:
    assert elements(told("eu.gdpr.33", count_people="about 4100"), told("uk.gdpr.33", language, count_people=written)) == []
    other = written.replace("100", "200")
    assert elements(told("eu.gdpr.33", count_people="about 4100"), told("uk.gdpr.33", language, count_people=other)) == [
        "count_people"
    ]


def test_a_range_differs_from_one_of_its_ends() -> None:
    one, two = told("eu.gdpr.33", count_people="between 400 and 900"), told("uk.gdpr.33", count_people="400")
    assert elements(one, two) == ["count_people"]


def test_residents_are_compared_within_one_place_alone() -> None:
    florida, again = told("us.fl.dla", count_residents="400"), told("us.fl.cra", count_residents="500")
    california = told("us.ca.ag", count_residents="12")
    assert elements(florida, california) == []
    assert elements(florida, again, california) == ["count_residents"]


def test_a_client_s_share_is_no_other_number_of_the_whole() -> None:
    whole = told("eu.gdpr.33", count_people="about 4100")
    one = told("eu.gdpr.33.2", count_people="40", at={"controller": "acct-02", "at": "acct-02", "regime": "eu.gdpr"})
    other = told("us.ca.owner", count_people="150", at={"controller": "acct-01", "at": "acct-01"})
    again = told("us.fl.owner", count_people="60", at={"controller": "acct-02", "at": "acct-02"})
    assert elements(whole, one, other) == []
    assert elements(whole, one, other, again) == ["count_people"]


def test_what_is_not_known_yet_in_one_notice_is_no_other_number() -> None:
    waiting = told("uk.gdpr.33", open=("count_people",), count_people="not known yet; it will follow")
    assert elements(told("eu.gdpr.33", count_people="4100"), waiting) == []


def test_records_are_compared_too() -> None:
    assert elements(told("eu.gdpr.33", count_records="12,000"), told("uk.gdpr.33", count_records="1200")) == ["count_records"]


def test_numbers_beside_places_are_compared_by_place() -> None:
    one = told("eu.gdpr.33", crossborder_people="Spain: 2600, United Kingdom: 900 and Florida: between 400 and 900")
    same = told("uk.gdpr.33", crossborder_people="United Kingdom: 900 and Spain: 2,600")
    other = told("eu.611.na.initial", crossborder_people="Spain: 2700 and United Kingdom: 900")
    assert elements(one, same) == []
    [found] = differing(one, same, other)
    assert found.element == "crossborder_people: Spain"
    assert [shown for _, shown in found.said] == ["2600", "2,600", "2700"]


# -- days ------------------------------------------------------------------------------------------------------------------


def test_two_days_of_discovery_differ_unless_the_facts_give_both() -> None:
    one = told("eu.gdpr.33", date_discovered="20 November 2026 at 21:50 CET")
    assert elements(one, told("eu.gdpr.34", date_discovered="20 de noviembre de 2026", language="es")) == []
    assert elements(one, told("eu.gdpr.34", date_discovered="18 November 2026")) == ["date_discovered"]
    detected = told("eu.gdpr.34", date_discovered="18 November 2026")
    assert elements(one, detected, detected_at="2026-11-18") == []


def test_one_moment_on_two_clocks_is_one_day_of_discovery() -> None:
    late = {"discovered_at": "2026-11-20T23:30:00Z"}
    brussels, new_york = (
        told("eu.gdpr.33", date_discovered="21 November 2026"),
        told("us.fl.dla", date_discovered="20 November 2026"),
    )
    assert elements(brussels, new_york, **late) == []
    assert elements(brussels, told("us.fl.dla", date_discovered="19 November 2026"), **late) == ["date_discovered"]


def test_a_first_day_alone_and_with_its_end_agree() -> None:
    one, two = (
        told("eu.gdpr.33", date_of_breach="began 16 November 2026"),
        told("eu.gdpr.34", date_of_breach="It began on 16 November 2026 and was contained on 20 November 2026."),
    )
    assert elements(one, two) == []
    assert elements(one, told("eu.gdpr.34", date_of_breach="It began on 14 November 2026.")) == ["date_of_breach"]


# -- data ------------------------------------------------------------------------------------------------------------------


def test_data_named_in_one_letter_and_not_in_another_is_told() -> None:
    report = told("eu.gdpr.33", data_types="Name, Telephone number and Content of messages (this list may not be complete)")
    letter = told("eu.gdpr.34", data_types="- Name\n- Telephone number\n- Content of messages")
    short = told("us.ca.individuals", data_types="- Name\n- Telephone number")
    assert elements(report, letter) == []
    [found] = differing(report, letter, short)
    assert found.element == "data_types"
    assert found.said[-1] == ("us.ca.individuals", "nothing of Content of messages")


def test_lists_in_two_languages_are_not_compared_by_their_words() -> None:
    english, spanish = told("eu.gdpr.33", data_types="- Name"), told("eu.gdpr.34", "es", data_types="- Nombre")
    assert elements(english, spanish) == []


# -- the whole -------------------------------------------------------------------------------------------------------------


def test_one_notice_alone_agrees_with_itself() -> None:
    assert elements(told("eu.gdpr.33", count_people="4100", date_discovered="1 May 2020")) == []


def test_the_shipped_notices_of_one_incident_agree() -> None:
    duties: dict[str, dict[str, Any]] = {
        "eu.gdpr.33": {}, "uk.gdpr.33": {}, "eu.gdpr.34": {"kind": "individuals"}, "us.ca.individuals": {"kind": "individuals"},
        "us.fl.dla": {}, "us.fl.cra": {"kind": "cra"}, "uk.pecr.5a": {}, "us.ca.ag": {},
        "eu.gdpr.33.2": {"regime": "eu.gdpr", "kind": "controller", "controller": "acct-01", "at": "acct-01"},
        "us.ca.owner": {"kind": "owner", "controller": "acct-02", "at": "acct-02"},
    }  # fmt: skip
    facts = book({**FACTS, **MORE, **CLIENTS}, detected_at="2026-11-19", people__in__US__FL=None, records__total="12000")
    made = []
    for duty, more in duties.items():
        asked = finding(duty, **more)
        made.append((asked, fill(notice_context(facts, asked, organisation_name="Example Co", now=NOW, draft=True))))
    assert inconsistencies(made, facts) == ()
