"""What a notice is given, what it must say, and what it must not."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.findings import Finding
from breachkit.domain.notice_check import check
from breachkit.domain.notice_context import NoticeContext, notice_context
from breachkit.domain.notice_elements import banned_by, kinds_of
from breachkit.domain.notice_names import NAMES
from breachkit.domain.notice_text import clean, plain
from breachkit.domain.notice_words import AMERICAN, ENGLISH, counts_of_people, days_in
from breachkit.domain.notices import Notice, mark, notice_from
from breachkit.domain.reading import reading

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import CLIENTS, FACTS, NOW, book, finding

WORDS = load_vocabulary()


def context(duty: str = "eu.gdpr.33", *, facts: dict[str, Any] = FACTS, now: datetime = NOW, **changes: Any) -> NoticeContext:
    return notice_context(book(facts), finding(duty, **changes), organisation_name="Example Co", now=now, draft=True)


def notice(marked: str, **changes: Any) -> Notice:
    return replace(notice_from(marked, context(), "00" * 32), **changes)


def said(id: str, text: str) -> str:
    return f"{mark('+', id)}{text}{mark('-', id)}"


def later(id: str) -> str:
    return said(id, f"{mark('(')}not known yet{mark(')')}")


def checked(marked: str, **changes: Any) -> Any:
    facts = book(changes.pop("facts", FACTS))
    asked: Finding = finding("eu.gdpr.33", **changes)
    return check(notice(marked), asked, facts.words, facts)


# -- what a template is given --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "words"),
    [("600", "600"), ("~4100", "about 4100"), ("400..900", "between 400 and 900"), ("500+", "at least 500"),
     ("..40", "at most 40"), ("0", "0")],
)  # fmt: skip
def test_a_count_is_written_in_words(written: str, words: str) -> None:
    assert context(facts={"people.total": written}).values["people_total"] == words


def test_what_is_not_known_is_not_there() -> None:
    values = context(facts={"people.total": "unknown", "consequences": "unknown"}).values
    assert not {"people_total", "consequences", "summary", "contact", "began", "categories"} & set(values)


def test_every_value_has_a_documented_name() -> None:
    assert set(context(facts={**FACTS, **CLIENTS}).values) <= set(NAMES)


def test_a_time_is_written_with_its_zone_and_its_day_apart() -> None:
    values = context().values
    assert values["aware"] == "20 November 2026 at 22:15 CET (Europe/Brussels)"
    assert values["aware_day"] == "20 November 2026"
    assert values["began"] == "16 November 2026"


def test_an_exposure_ends_when_someone_said_that_it_ended_and_not_when_it_was_contained() -> None:
    assert "exposure" not in context().values
    assert context(facts={**FACTS, "ended_at": "2026-11-20"}).values["exposure"] == "from 16 November 2026 to 20 November 2026"


def test_a_time_without_a_zone_of_its_own_is_shown_in_the_law_s() -> None:
    values = context("uk.gdpr.33", facts={"aware_at": "2026-07-01T22:15:00Z"}).values
    assert values["aware"] == "1 July 2026 at 23:15 BST (Europe/London)"


def test_duties_of_the_united_states_write_dates_as_they_do_there() -> None:
    assert context("us.fl.individuals").values["date"] == "November 21, 2026"


def test_a_zone_without_letters_is_written_as_an_offset() -> None:
    assert ENGLISH.moment(datetime(2026, 1, 1, tzinfo=UTC), "Asia/Dubai") == "1 January 2026 at 04:00 UTC+04:00 (Asia/Dubai)"
    assert AMERICAN.day_of(date(2026, 1, 1)) == "January 1, 2026"


def test_residents_are_those_of_the_duty_s_own_place() -> None:
    values = context("us.fl.dla").values
    assert (values["place"], values["people_here"]) == ("Florida", "between 400 and 900")
    assert values["people_elsewhere"] == ("Spain: 2600", "United Kingdom: 900")


def test_a_bound_worked_out_from_other_places_is_no_count_of_residents() -> None:
    assert "people_here" not in context("us.ca.ag", facts={"people.total": "400", "people.in.ES": "300"}).values
    assert context("us.ca.ag").values["people_here"] == "0"


def test_a_client_s_notice_is_given_that_client_s_share_alone() -> None:
    values = context("eu.gdpr.33.2", facts={**FACTS, **CLIENTS}, controller="acct-01", at="acct-01").values
    assert values["controller"] == "Sample Lettings Ltd"
    assert values["people_total"] == "between 150 and 220"
    assert values["categories"] == ("Recorded calls", "Telephone number")
    assert "people_by_place" not in values
    assert "Physiotherapy" not in str(values)


def test_an_invented_incident_shows_no_address_that_could_be_real() -> None:
    assert context().values["dpo"] == "dpo@example.com.invalid"
    real = {key: raw for key, raw in FACTS.items() if key != "incident.invented"}
    assert context(facts=real).values["dpo"] == "dpo@example.com"


def test_the_officer_is_the_contact_point_where_there_is_no_other() -> None:
    assert context(facts={"organisation.contacts.dpo.email": "dpo@example.com"}).values["contact"] == "dpo@example.com"


def test_it_is_late_only_after_its_target() -> None:
    assert "late" not in context().values
    assert context(now=datetime(2026, 11, 23, 21, 16, tzinfo=UTC)).values["late"] == "yes"


def test_what_is_missing_is_named_by_its_label() -> None:
    values = context(content=("nature", "count_records", "measures")).values
    assert values["missing"] == ("Number of records",)


def test_an_update_knows_the_first_filing_and_what_came_since() -> None:
    filed = [{"at": "2026-11-21T08:00:00Z", "reference": "A-1", "lacked": ["consequences", "count_records"]}]
    values = context("eu.gdpr.33.update", facts={**FACTS, "filed.eu.gdpr.33": filed}, regime="eu.gdpr").values
    assert values["stage"] == "update"
    assert values["first_reference"] == "A-1"
    assert values["filled"] == ("Likely consequences",)
    assert values["missing"] == ("Number of records",)


def test_what_no_fact_can_show_is_not_called_filled() -> None:
    filed = [{"at": "2026-11-21T08:00:00Z", "lacked": ["iocs", "consequences", "count_records"]}]
    values = context("eu.gdpr.33.update", facts={**FACTS, "filed.eu.gdpr.33": filed}, regime="eu.gdpr").values
    assert values["filled"] == ("Likely consequences",)


def test_an_update_towards_one_authority_follows_the_filing_with_it() -> None:
    facts = {"filed.eu.gdpr.33@ie-dpc": [{"at": "2026-11-21T08:00:00Z", "reference": "IE-1"}],
             "filed.eu.gdpr.33@es-aepd": [{"at": "2026-11-21T08:00:00Z", "reference": "ES-1"}]}  # fmt: skip
    assert context("eu.gdpr.33.update", facts=facts, at="es-aepd").values["first_reference"] == "ES-1"


def test_clean_keeps_letters_of_every_script_and_drops_what_cannot_be_seen() -> None:
    assert clean("José Ωμέγα 山田 a\u200db") == "José Ωμέγα 山田 a\u200db"
    assert clean("a\x1b[1;31mb\x00c\u202ed\u2066e\r\nf\tg\u2028h") == "abcde\nf g\nh"


# -- elements ------------------------------------------------------------------------------------------------------------


def test_elements_know_their_text_and_may_stand_in_each_other() -> None:
    made = notice(said("description", f"# What\n\nIt broke. {said('cause', 'Rust.')} End."))
    assert made.elements == {"description": "# What\n\nIt broke. Rust. End.", "cause": "Rust."}
    assert made.source == "# What\n\nIt broke. Rust. End.\n"
    assert made.title == "What"


def test_an_element_in_two_places_is_one() -> None:
    made = notice(f"{said('measures', 'Closed.')} and {said('measures', 'Watched.')}")
    assert made.elements == {"measures": "Closed.\nWatched."}


def test_present_missing_open_and_empty() -> None:
    marked = said("nature", "It leaked.") + later("count_people") + later("consequences") + said("measures", " \n- \n")
    found = checked(marked, content=("nature", "count_people", "consequences", "measures", "contact"))
    assert found.present == ("nature", "count_people")
    assert found.open == ("count_people",)
    assert found.missing == ("consequences", "measures", "contact")
    assert found.empty == ("measures",)
    assert not found.complete


def test_what_is_said_in_one_place_is_not_open_in_another() -> None:
    found = checked(later("count_people") + said("count_people", "about 4100"), content=("count_people",))
    assert (found.present, found.open) == (("count_people",), ())


def test_a_kind_of_an_element_satisfies_it_and_a_part_does_not() -> None:
    assert checked(said("nature", "It leaked."), content=("description",)).present == ("description",)
    assert checked(said("cause", "Rust."), content=("description",)).missing == ("description",)
    assert "count_residents" in kinds_of("count_people", WORDS)


def test_a_ban_reaches_kinds_and_parts() -> None:
    assert {"nature", "circumstances", "cause", "root_cause"} <= banned_by(["description"], WORDS)
    assert checked(said("cause", "Rust."), forbidden=("description",)).forbidden_present == ("description",)
    assert checked(said("description", "It broke."), forbidden=("cause",)).forbidden_present == ()


def test_a_banned_count_is_found_in_words_that_nobody_marked() -> None:
    assert checked("It hit 2600 customers.", forbidden=("count_people",)).forbidden_present == ("count_people",)
    assert checked("It hit many customers.", forbidden=("count_people",)).forbidden_present == ()


def test_a_rule_to_leave_things_out_is_kept_by_leaving_them_out() -> None:
    rule = ("omit_nature_and_count",)
    assert checked("We write to you.", content=rule).present == rule
    assert checked(said("nature", "It leaked."), content=rule).missing == rule
    assert {"nature", "count_people"} <= context(content=rule).banned


def test_a_rule_of_form_is_kept_when_the_template_says_so() -> None:
    assert checked(mark("=", "plain_language") + "x", content=("plain_language",)).present == ("plain_language",)
    assert checked("x", content=("plain_language",)).missing == ("plain_language",)


def test_a_smallest_type_size_is_kept_by_the_html_document_alone() -> None:
    found = checked(mark("=", "font_min_pt") + mark("=", "plain_language") + "x", content=("font_min_pt", "plain_language"))
    assert (found.present, found.html_only) == (("font_min_pt", "plain_language"), ("font_min_pt",))
    assert checked("x", content=("font_min_pt",)).html_only == ()


# -- contradictions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("about 4100 people", [4100]),
        ("4,100 affected customers and 12 servers", [4100]),
        ("between 400 and 900 residents", [400, 900]),
        ("People affected: about 4100", [4100]),
        ("Individuals in Florida affected: between 400 and 900", [400, 900]),
        ("On 21 November 2026 people wrote", []),
        ("version 2.4 users", []),
    ],
)
def test_numbers_of_people_are_found(text: str, numbers: list[int]) -> None:
    assert list(counts_of_people(text)) == numbers


def test_a_count_that_no_fact_says_is_a_contradiction() -> None:
    assert checked("About 4100 people, 2600 customers in Spain, 400 residents.").contradictions == ()
    assert "5000" in checked("It hit 5000 people.").contradictions[0]


def test_a_day_that_no_fact_says_is_a_contradiction() -> None:
    assert checked("From 16 November 2026; told 2026-11-20; written November 21, 2026.").contradictions == ()
    assert "19 November 2026" in checked("It began on 19 November 2026.").contradictions[0]


@pytest.mark.parametrize("gap", ["[insert date]", "\\[Name of company\\]", "TODO", "XXXX", "{{ contact_name }}", "lorem ipsum"])
def test_a_gap_left_to_fill_is_a_contradiction(gap: str) -> None:
    assert "gap" in checked(f"Dear {gap}, hello.").contradictions[0]


def test_another_client_s_name_is_a_contradiction() -> None:
    facts = {**FACTS, **CLIENTS}
    found = checked("Sample Lettings Ltd and Sample Physiotherapy Ltd.", facts=facts, controller="acct-01", at="acct-01")
    assert found.contradictions == ("it names Sample Physiotherapy Ltd, another client",)


def test_days_are_read_as_written() -> None:
    assert [day for _, day in days_in("1 May 2026, May 2, 2026, 2026-05-03, 31 February 2026")] == [
        date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3),
    ]  # fmt: skip


# -- reading -------------------------------------------------------------------------------------------------------------


def test_reading_grows_with_long_words_and_sentences() -> None:
    easy = reading("The cat sat. The dog ran. We are here to help you.\n")
    hard = reading("Notwithstanding unauthorised disclosure, organisational countermeasures necessitate evaluation.\n")
    assert easy.words == 12
    assert easy.grade < 2 < 12 < hard.grade


def test_reading_of_nothing_is_nothing() -> None:
    assert (reading("\n").grade, reading("\n").words) == (0.0, 0)


def test_list_items_and_headings_are_sentences_of_their_own() -> None:
    assert reading("# One two\n\n- three four\n- five six\n").words == 6
    assert plain("## **Bold** \\*not\\* `code`") == "Bold *not* code"
