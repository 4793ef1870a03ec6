"""What the states of the United States want of a letter, and forbid in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from breachkit.content.templates import fill
from breachkit.content.wordings import wording_for
from breachkit.domain.notice_check import NoticeCheck, check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice

from .every_duty import duties, everything, finding_of, kind_of, notice_of
from .made_up import NOW, book

LETTERS = sorted(id for id in duties() if id.startswith("us.") and kind_of(id) == "individuals")
HEADINGS = [
    "# Notice of Data Breach",
    "## What Happened",
    "## What Information Was Involved",
    "## What We Are Doing",
    "## What You Can Do",
    "## For More Information",
]


def letter(id: str, *, form: str = "", fields: tuple[str, ...] = (), **changes: Any) -> tuple[Notice, NoticeCheck]:
    """The letter of a duty on all facts with these changes, and what its check says."""
    facts = {**everything(), **{key.replace("__", "."): value for key, value in changes.items()}}
    known = book({key: value for key, value in facts.items() if value is not None})
    asked = finding_of(id)
    context = notice_context(
        known, asked, organisation_name="Example Co", now=NOW, draft=True, form=form, fields=fields,
        wording=wording_for("en", american=True),
    )  # fmt: skip
    notice = fill(context)
    return notice, check(notice, asked, known.words, known)


def test_californias_title_and_headings_stand_word_for_word_in_their_order() -> None:
    for form in ("", "substitute"):
        notice, _ = letter("us.ca.individuals", form=form)
        assert [line for line in notice.source.split("\n") if line.startswith("#")] == HEADINGS


def test_massachusetts_hears_neither_what_happened_nor_how_many_nor_words_that_could_give_it_away() -> None:
    for form in ("", "substitute"):
        notice, found = letter("us.ma.individuals", form=form)
        assert found.forbidden_present == ()
        for word in ("folder", "setting", "left our systems", "4,100", "access logs", "Exports"):
            assert word not in notice.source
        for right in ("police_report_right", "no_charge_freeze", "parent_company_name", "phase_marker"):
            assert right in notice.elements


def test_rhode_island_hears_how_many_and_no_other_state_does() -> None:
    telling = {id for id in LETTERS if "count_people" in letter(id)[0].elements}
    assert telling == {"us.ri.individuals"}


@pytest.mark.parametrize(
    ("number", "free"), [("800-555-0100", True), ("+1 (888) 555-0100", True), ("+1 202-555-0142", False), ("2085550100", False)]
)
def test_a_number_is_called_toll_free_only_when_it_is(number: str, free: bool) -> None:
    notice, found = letter("us.wy.individuals", contact__phone=number, notice__says__toll_free_phone=None)
    assert ("Toll-free" in notice.source) is free
    assert ("toll_free_phone" in found.missing) is not free


def test_a_letter_to_many_has_the_readers_name_and_address_and_no_other_greeting() -> None:
    source = letter("us.tx.individuals", fields=("name", "address"))[0].source
    assert "Dear \ue000name\ue001," in source
    assert source.index("\ue000address\ue001") < source.index("Dear ")
    assert "Hello," not in source


@pytest.mark.parametrize("id", LETTERS)
def test_a_notice_in_the_place_of_letters_greets_nobody_and_says_all_that_the_letter_must(id: str) -> None:
    notice, found = letter(id, form="substitute")
    assert found.complete
    assert "public_channel" in notice.elements
    assert "Dear" not in notice.source
    assert "Hello," not in notice.source


def test_contacts_of_a_states_offices_are_facts_and_are_missed_when_nobody_wrote_them_down() -> None:
    notice, found = letter("us.md.individuals", notice__says__ag_contact="Attorney General of Maryland, 1 Sample Street")
    assert notice.elements["ag_contact"] == "Attorney General of Maryland, 1 Sample Street"
    assert "ag_contact" in letter("us.md.individuals", notice__says__ag_contact=None)[1].missing
    assert found.missing == ()


# -- notices to others ---------------------------------------------------------------------------------------------------

ON_PEOPLE = {
    "count_residents", "count_people", "count_notified", "individuals_notified", "names_of_residents", "notice_timing",
    "notify_plan", "method_of_distribution", "sample_notice", "free_services", "credit_monitoring_offer",
    "credit_monitoring_certification", "le_delay_statement", "le_involvement", "other_authorities",
}  # fmt: skip
REPORTS = sorted(id for id in duties() if id.startswith("us.") and kind_of(id) == "authority" and ".no_harm" not in id)


@pytest.mark.parametrize("id", REPORTS)
def test_an_office_that_asks_for_nothing_on_people_is_told_nothing_on_them(id: str) -> None:
    told = {"count_residents", "notice_timing", "method_of_distribution", "sample_notice"} & set(notice_of(id).elements)
    assert not told or ON_PEOPLE & set(finding_of(id).content)


@pytest.mark.parametrize("place", [None, "US-FL"])
def test_the_media_are_asked_to_publish_and_not_told_that_letters_are_impossible(place: str | None) -> None:
    asked = finding_of("us.hipaa.media")
    asked = replace(asked, recipient=replace(asked.recipient, place=place or "US"))
    context = notice_context(book(everything()), asked, organisation_name="Example Co", now=NOW, draft=True)
    source = fill(context).source
    assert "asks you to publish this notice" in source
    assert "one by one" not in source
    assert ("This notice is for residents of: Florida." in source) is (place is not None)
    assert "United States" not in source


def test_massachusetts_speaks_of_a_right_to_a_police_report_and_rhode_island_of_a_report() -> None:
    assert "If a police report about this incident was filed" in letter("us.ma.individuals")[0].source
    assert "You can file a police report, or get a copy of one." in letter("us.ri.individuals")[0].source


@pytest.mark.parametrize(("acquired", "sure"), [("yes", True), ("no", False), (None, False)])
def test_wisconsins_letter_is_not_sure_and_unsure_at_once(acquired: str | None, sure: bool) -> None:
    source = letter("us.wi.individuals", breach__acquired=acquired)[0].source
    assert ("We know that someone without permission got information about you." in source) is sure
    assert ("It is likely that information left our systems." in source) is not sure


@pytest.mark.parametrize("id", ["us.ca.cra", "us.mn-plastic-card.issuers"])
def test_what_no_rule_asks_for_cites_none(id: str) -> None:
    source = notice_of(id).source
    assert "Sent voluntarily." in source
    assert "Made under" not in source


def test_a_rule_not_shown_to_be_in_force_is_cited_as_one() -> None:
    source = notice_of("us.ri.owner").source
    assert "Prepared for a rule that is not shown to be in force:" in source
    assert "Made under" not in source


@pytest.mark.parametrize("known", [True, False])
def test_a_copy_of_the_federal_report_is_said_to_be_sent_only_when_it_is(known: bool) -> None:
    says = {} if known else {"notice__says__copy_of_hhs_notice": None}
    notice, found = letter("us.ny.ag-hipaa", **says)
    assert ("The federal report is not on record yet." in notice.source) is not known
    assert ("copy_of_hhs_notice" in found.missing) is not known
