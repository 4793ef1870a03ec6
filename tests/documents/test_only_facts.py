"""A letter says no more than the facts: no address nobody checked, no request nobody made, no promise nobody gave."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from breachkit.content.shipped import shipped
from breachkit.content.templates import fill
from breachkit.domain.notice_check import NoticeCheck, check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice

from .every_duty import WRITTEN, notice_of
from .made_up import CLIENTS, FACTS, GOLDEN, MORE, NOW, book, finding

CONTACTS = {"notice__bureau_contacts": None, "notice__ftc_contact": None}


def made(duty: str, *, attachments: tuple[str, ...] = (), **changes: Any) -> tuple[Notice, NoticeCheck]:
    """The notice of a duty on all made-up facts with these changes, and what its check says."""
    asked = finding(duty, **{**GOLDEN[duty], **changes.pop("asked", {})})
    facts = book({**FACTS, **CLIENTS, **MORE}, **changes)
    context = notice_context(facts, asked, organisation_name="Example Co", now=NOW, draft=True, attachments=attachments)
    notice = fill(context)
    return notice, check(notice, asked, facts.words, facts)


# -- addresses -----------------------------------------------------------------------------------------------------------


def test_no_template_holds_an_address_or_a_telephone_number() -> None:
    for path in shipped("templates").rglob("*.j2"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"www\.|https?:|\d{3}[-. ]\d{4}|P\.? ?O\.? Box|@\w+\.\w|\b\d{5}\b", text), path


def test_contacts_of_the_bureaus_stand_in_the_letter_as_they_were_checked() -> None:
    notice, found = made("us.ca.individuals", asked={"content": ("cra_contacts", "ftc_contact")})
    assert notice.elements["cra_contacts"].split("\n\n")[1].startswith("Experian: 2 Sample Street")
    assert notice.elements["ftc_contact"].startswith("Federal Trade Commission: 4 Sample Street")
    assert found.missing == ()


def test_without_checked_contacts_the_letter_gives_none_and_the_check_says_so() -> None:
    notice, found = made("us.ca.individuals", asked={"content": ("cra_contacts", "ftc_contact")}, **CONTACTS)
    assert found.missing == ("cra_contacts", "ftc_contact")
    assert "Equifax, Experian and TransUnion" in notice.source
    assert "555" not in notice.source


# -- waiting for law enforcement -----------------------------------------------------------------------------------------

DELAYED = "Law enforcement asked us to wait before telling you."
DELAYED_UNTIL = f"{DELAYED} We waited until December 1, 2026."
NOT_DELAYED = "This notice was not delayed by law enforcement."


@pytest.mark.parametrize(
    ("requested", "until", "says"),
    [
        ("yes", None, DELAYED),
        ("yes", "2026-12-01", DELAYED_UNTIL),
        (None, "2026-12-01", DELAYED_UNTIL),
        ("no", None, NOT_DELAYED),
        (None, None, None),
        ("unknown", None, None),
        ("no", "2026-12-01", None),
    ],
)
def test_a_letter_says_whether_law_enforcement_delayed_it_only_when_a_fact_does(
    requested: str | None, until: str | None, says: str | None
) -> None:
    notice, found = made("us.ca.individuals", hold__requested=requested, hold__until=until)
    assert notice.elements.get("le_delay_statement") == says
    assert ("le_delay_statement" in found.missing) == (says is None)
    assert ("aw enforcement" in notice.source) == (says is not None)


@pytest.mark.parametrize("requested", ["yes", "no"])
def test_a_letter_that_need_not_say_so_speaks_of_no_delay(requested: str) -> None:
    source = made("us.fl.individuals", hold__requested=requested, hold__until="2026-12-01")[0].source
    assert "law enforcement" not in source.lower()


# -- what happened -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exfiltration", "says"),
    [
        ("confirmed", "We know that data left our systems."),
        ("likely", "It is likely that data left our systems."),
        ("unlikely", "We think it unlikely that data left our systems, but we cannot rule it out."),
        ("excluded", "The evidence rules out that data left our systems."),
        ("unknown", "We do not know yet whether data left our systems."),
    ],
)
def test_a_letter_is_as_sure_that_data_left_as_the_facts_are(exfiltration: str, says: str) -> None:
    assert says in made("eu.gdpr.34", breach__exfiltration=exfiltration)[0].source


def test_an_end_is_given_only_when_it_was_recorded() -> None:
    assert "The incident began on 16 November 2026 and was contained on 20 November 2026." in made("eu.gdpr.34")[0].source
    assert "The incident began on 16 November 2026.\n" in made("eu.gdpr.34", contained_at=None, discovered_at=None)[0].source
    assert (
        "The incident lasted from 16 November 2026 to 19 November 2026." in made("eu.gdpr.34", ended_at="2026-11-19")[0].source
    )


def test_an_incident_contained_on_the_day_it_began_is_given_one_day() -> None:
    source = made("eu.gdpr.34", contained_at="2026-11-16T20:00:00+01:00[Europe/Brussels]")[0].source
    assert "The incident began on 16 November 2026 and was contained on the same day." in source
    assert source.count("16 November 2026") == 1


@pytest.mark.parametrize("duty", ["eu.gdpr.33", "eu.gdpr.33.2"])
def test_the_time_of_awareness_does_not_stand_in_for_that_of_discovery(duty: str) -> None:
    asked = {"content": (*GOLDEN[duty]["content"], "date_discovered")}
    notice, _ = made(duty, asked=asked, discovered_at=None)
    assert "date_discovered" in notice.open


@pytest.mark.parametrize(("complete", "says"), [("no", True), (None, True), ("yes", False)])
def test_a_list_of_data_is_called_open_until_it_is_closed_and_promises_nothing(complete: str | None, says: bool) -> None:
    source = made("eu.gdpr.34", data__categories_complete=complete)[0].source
    assert ("This list may not be complete." in source) is says
    assert "still checking" not in source


def test_a_cause_that_is_only_called_other_is_no_cause_to_write_to_people() -> None:
    assert "The cause was" in made("eu.gdpr.34")[0].source
    for duty in ("eu.gdpr.34", "us.ca.individuals"):
        assert "The cause was" not in made(duty, breach__cause="other")[0].source


@pytest.mark.parametrize(
    ("taken", "says"), [("yes", "the key may have been taken too"), ("no", "the key could not have been taken"), (None, None)]
)
def test_a_key_is_called_safe_only_as_far_as_the_facts_go(taken: str | None, says: str | None) -> None:
    source = made("eu.gdpr.33", data__encrypted="yes", data__key_taken=taken)[0].source
    assert ("the key" in source) is (says is not None)
    assert says is None or says in source


# -- what was decided, and what is attached ------------------------------------------------------------------------------


def test_a_decision_not_to_tell_people_is_no_finding_that_harm_is_unlikely() -> None:
    refrained = [{"choice": "refrain", "ground": "good faith", "at": "2026-11-21T08:00:00Z", "by": "A"}]
    changes: dict[str, Any] = {"decided__us__fl__individuals": refrained}
    assert "It has decided not to give them notice." in made("us.fl.no_harm", **changes)[0].source
    notice, found = made("us.fl.no_harm", no_harm_found_at=None, **changes)
    assert "decision" in notice.open
    assert "decision" in found.missing
    assert "decided not to" not in made("us.fl.no_harm")[0].source


@pytest.mark.parametrize("duty", ["us.ca.ag", "us.fl.cra"])
def test_a_sample_is_sent_only_when_one_is_attached(duty: str) -> None:
    assert "sample_notice" in made(duty)[0].open
    assert made(duty, attachments=("letter.md",))[0].elements["sample_notice"] == "attached - letter.md"


# -- clients -------------------------------------------------------------------------------------------------------------


def test_a_notice_to_a_client_nobody_named_gives_no_totals_of_all_clients() -> None:
    notice, found = made("eu.gdpr.33.2", asked={"controller": None, "id": "eu.gdpr.33.2", "recipient": "each client"})
    assert not re.search(r"4[.,]?100|2[.,]?600", notice.source)
    assert "data_types" in {*found.missing, *found.open}


def test_a_notice_to_a_client_gives_its_own_share_alone() -> None:
    notice, found = made("eu.gdpr.33.2")
    assert "between 150 and 220" in notice.source
    assert "Sample Physiotherapy" not in notice.source
    assert found.contradictions == ()


def test_another_controller_gets_no_totals_and_nothing_of_our_own_house() -> None:
    source = notice_of("eu.led.30.6", facts=book({**FACTS, **CLIENTS, **MORE, **WRITTEN})).source
    assert not re.search(r"4[.,]?100|2[.,]?600|12[.,]000|12-3456789|Where they live|In place before|People told", source)


# -- what nobody asked for -----------------------------------------------------------------------------------------------


def test_a_report_promises_nothing_that_its_duty_does_not_ask_for() -> None:
    source = notice_of("eu.gdpr.33", facts=book({"incident.summary": "A folder was open."})).source
    promised = re.findall(r"^- \*\*(.+):\*\* not known yet; it will follow$", source, re.MULTILINE)
    assert promised == [
        "Contact for questions", "People affected", "Groups of people", "Kinds of data", "Records affected",
        "Taken and planned",
    ]  # fmt: skip


def test_a_report_calls_itself_late_only_when_it_is() -> None:
    assert "About the time of this report" in made("uk.gdpr.33")[0].source
    late = made("uk.gdpr.33", asked={"due": replace(finding("uk.gdpr.33").due, target=NOW - timedelta(hours=1))})[0].source
    assert "Why this report comes late" in late


def test_a_letter_in_new_zealand_says_whether_a_holder_is_known_and_no_more() -> None:
    duty = "world.nz-privacy-act.individuals"
    facts = {**FACTS, "notice.says.perpetrator": "A former colleague took it."}
    known = notice_of(duty, facts=book(facts, breach__recipient="known")).source
    assert "We know who has the data." in known
    assert "colleague" not in known
    assert "We do not know who has the data." in notice_of(duty, facts=book(facts, breach__recipient="unknown")).source
    assert "perpetrator" in notice_of(duty, facts=book(facts)).open
