"""What to write into a field: known, estimated, unknown, for a person or left out - and never cut, never guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.conditions import All, Amount, Data, FactIs
from breachkit.domain.worksheet_answers import Answered, Answers, looks_personal
from breachkit.domain.worksheets import ANYWAY, Ask, Field, Option, Part, Piece, Worksheet, best, generic_sheet
from tests.documents.made_up import NOW, finding
from tests.worksheet_facts import book

YES_NO = (
    Option("Yes", Ask(FactIs("breach.malicious", ("yes",), "malice is suspected"))),
    Option("No", Ask(FactIs("breach.malicious", ("no",), "no malice is suspected"))),
)
CAUSES = (
    Option("Loss", Ask(FactIs("breach.cause", ("lost_device",), "lost"))),
    Option("Theft", Ask(FactIs("breach.cause", ("stolen_device",), "stolen"))),
)


def answered(field: Field, raws: dict[str, Any], *, duty: str = "us.fl.dla", estimated: str = "", **values: Any) -> Answered:
    """The one field of a sheet, answered on these facts."""
    facts = book(raws, frozenset(estimated.split()))
    sheet = Worksheet("test", "Test", ("*",), (), (Part("Only part", (field,)),))
    return Answers(facts, finding(duty), NOW, {"stage": "first", **values}).sheet(sheet)[0]


def text(*facts: str, **more: Any) -> Field:
    """A field answered from these facts."""
    return Field("f", "F", more.pop("kind", "long_text"), tuple(Piece(fact=fact) for fact in facts), **more)


def test_a_fact_that_is_not_known_leaves_the_field_open_and_names_the_fact() -> None:
    one = answered(text("measures.taken"), {})
    assert (one.status, one.answer, one.record, one.facts) == ("unknown", "", ("measures.taken",), ("measures.taken",))


def test_an_answer_that_is_not_known_is_not_an_answer() -> None:
    assert answered(text("breach.recipients", kind="number"), {"breach.recipients": "unknown"}).status == "unknown"


def test_several_facts_stand_under_one_another_and_the_missing_one_is_named() -> None:
    one = answered(text("measures.taken", "measures.planned"), {"measures.taken": "Closed."})
    assert (one.status, one.answer, one.record) == ("known", "Closed.", ("measures.planned",))
    both = answered(text("measures.taken", "measures.planned"), {"measures.taken": "Closed.", "measures.planned": "Encrypt."})
    assert (both.answer, both.record) == ("Closed.\nEncrypt.", ())


def test_of_several_facts_the_first_known_is_taken_where_the_form_wants_one() -> None:
    field = text("discovered_at", "detected_at", kind="date", first=True)
    one = answered(field, {"detected_at": "2026-11-20T23:30:00-05:00[America/New_York]"})
    assert (one.answer, one.record) == ("November 20, 2026", ())


@pytest.mark.parametrize(
    ("raw", "answer", "status"),
    [("4100", "4100", "known"), ("~4100", "4100", "estimated"), ("400..900", "400..900", "estimated")],
)
def test_a_range_is_given_as_written_and_an_estimate_is_called_one(raw: str, answer: str, status: str) -> None:
    one = answered(text("people.total", kind="number"), {"people.total": raw})
    assert (one.answer, one.status) == (answer, status)
    assert bool(one.notes) is (status == "estimated")


def test_a_fact_of_which_nobody_is_sure_is_called_estimated() -> None:
    one = answered(text("began_at", kind="date"), {"began_at": "2026-11-16"}, estimated="began_at")
    assert one.status == "estimated"


def test_a_range_that_is_wholly_above_a_threshold_decides_it_for_sure() -> None:
    field = Field("f", "F", "yes_no", yes_if=Ask(Amount("people.notified", ">", 0, "some were told")))
    one = answered(field, {"people.notified": "10..20"})
    assert (one.answer, one.status, one.record) == ("Yes", "known", ())
    assert answered(field, {"people.notified": "0..20"}).status == "unknown"


def test_a_count_worked_out_from_others_is_called_estimated_where_it_is_a_range() -> None:
    raws = {"people.total": "500..600", "people.in.ES": "100", "people.in.US-FL": "400..500", "people.elsewhere": "0"}
    one = answered(text("people.total", kind="number"), {key: raw for key, raw in raws.items() if key != "people.total"})
    assert (one.answer, one.status) == ("500..600", "estimated")


def test_residents_are_those_of_the_place_the_duty_is_about() -> None:
    field = text("people.in.<place>", kind="number")
    assert answered(field, {"people.in.US-FL": "560", "people.in.ES": "9"}).answer == "560"
    assert answered(field, {"people.total": "900"}).record == ("people.in.US-FL",)
    assert answered(field, {"people.total": "900"}).answer == ""


def test_an_only_place_that_makes_up_the_total_is_no_question() -> None:
    one = answered(text("people.in.<place>", kind="number"), {"people.in.ES": "9", "people.elsewhere": "0"})
    assert (one.answer, one.status, one.record) == ("0", "known", ())


def test_the_day_is_said_where_only_the_day_is_known() -> None:
    one = answered(text("began_at", kind="time"), {"began_at": "2026-11-16"})
    assert one.answer == "November 16, 2026"
    assert one.notes == ("only the day is recorded",)


# -- options


@pytest.mark.parametrize(("raw", "answer"), [("yes", "Yes"), ("no", "No")])
def test_the_option_that_fits_is_chosen(raw: str, answer: str) -> None:
    one = answered(Field("f", "F", "choice", options=YES_NO), {"breach.malicious": raw})
    assert (one.answer, one.status, one.record) == (answer, "known", ())


def test_no_option_is_guessed_while_the_fact_is_not_known() -> None:
    one = answered(Field("f", "F", "choice", options=YES_NO), {})
    assert (one.answer, one.status, one.record) == ("", "unknown", ("breach.malicious",))


def test_the_form_s_own_not_yet_known_is_offered_meanwhile_and_stays_unknown() -> None:
    options = (*YES_NO, Option("Don't know", unknown=True))
    assert (one := answered(Field("f", "F", "choice", options=options), {})).answer == "Don't know"
    assert one.status == "unknown"
    assert answered(Field("f", "F", "choice", options=options), {"breach.malicious": "no"}).answer == "No"


def test_where_no_option_fits_a_person_decides_and_other_is_taken_only_if_the_form_has_it() -> None:
    one = answered(Field("f", "F", "choice", options=CAUSES), {"breach.cause": "phishing"})
    assert (one.answer, one.status) == ("", "person")
    other = (*CAUSES, Option("Other", otherwise=True))
    assert answered(Field("f", "F", "choice", options=other), {"breach.cause": "phishing"}).answer == "Other"
    assert answered(Field("f", "F", "choice", options=other), {}).status == "unknown"


def test_a_count_that_spans_a_threshold_leaves_the_choice_open_and_says_so() -> None:
    many = Option("500 or more", Ask(Amount("people.notified", ">=", 500, "many")))
    few = Option("fewer", Ask(Amount("people.notified", "<", 500, "few")))
    one = answered(Field("f", "F", "choice", options=(many, few)), {"people.notified": "400..900"})
    assert (one.answer, one.status, one.record) == ("", "unknown", ("people.notified",))
    assert one.notes == ("what is recorded of people.notified (400..900) leaves it open",)


def test_boxes_are_ticked_for_kinds_of_a_kind_and_an_open_list_says_that_more_may_follow() -> None:
    options = tuple(
        Option(label, Ask(Data(alone=ids, unprotected=False)))
        for label, ids in (("Health", ("health",)), ("Official", ("government_id",)), ("Location", ("location",)))
    )
    field = Field("f", "F", "multi_choice", options=options)
    one = answered(field, {"data.categories": ["medical_info", "ssn"]})
    assert (one.answer, one.status) == ("Health\nOfficial", "known")
    assert "data.categories_complete" in one.record
    closed = answered(field, {"data.categories": ["medical_info", "ssn"], "data.categories_complete": "yes"})
    assert closed.record == ()


def test_options_can_depend_on_the_stage_of_the_report() -> None:
    options = (Option("First", Ask(says=(("stage", ("first",)),))), Option("More", Ask(says=(("stage", ("update",)),))))
    field = Field("f", "F", "choice", options=options)
    assert answered(field, {}).answer == "First"
    assert answered(field, {}, stage="update").answer == "More"


def test_a_field_that_does_not_apply_is_left_out_and_one_that_may_apply_says_what_it_waits_for() -> None:
    field = text("provider.name", only_if=Ask(FactIs("breach.cause", ("provider",), "at a provider")))
    raws = {"provider.name": "Carrier Ltd"}
    assert answered(field, {**raws, "breach.cause": "phishing"}).status == "not_applicable"
    assert answered(field, {**raws, "breach.cause": "provider"}).answer == "Carrier Ltd"
    open_one = answered(field, raws)
    assert open_one.answer == "Carrier Ltd"
    assert "breach.cause" in open_one.notes[0]


def test_what_a_person_must_decide_stays_theirs_whatever_the_facts_say() -> None:
    one = answered(text("contact.name", person=True), {"contact.name": "Privacy team"})
    assert (one.status, one.answer, one.open) == ("person", "Privacy team", True)


# -- limits, personal data


WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60).filter(str.strip)


@given(WORDS, st.integers(1, 50))
def test_an_answer_is_never_cut(words: str, limit: int) -> None:
    one = answered(text("measures.taken", limit=limit), {"measures.taken": words})
    whole = answered(text("measures.taken"), {"measures.taken": words})
    assert one.answer == whole.answer
    assert one.too_long is (len(whole.answer) > limit)
    assert whole.too_long is False


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Mail went to jane@elsewhere.invalid by mistake.", "an e-mail address"),
        ("Account 4000 1234 5678 9010 was shown.", "a long number"),
        ("Ask privacy@example-co.invalid.", None),
        ("On 2026-11-20 at 22:15 some 4100 people were affected.", None),
    ],
)
def test_what_looks_like_a_person_s_data_in_a_free_text_is_pointed_out(words: str, found: str | None) -> None:
    notes = looks_personal(words, frozenset({"privacy@example-co.invalid"}))
    assert (found is None) == (notes == [])
    assert found is None or found in notes[0]


# -- which sheet


def sheet(id: str, *duties: str, at: str = "") -> Worksheet:
    """An empty sheet for those duties."""
    return Worksheet(id, id, duties, (at,) if at else (), ())


def test_the_authority_s_own_form_goes_before_the_common_one_and_a_name_before_a_pattern() -> None:
    common, own, wide = sheet("common", "eu.gdpr.33"), sheet("own", "eu.gdpr.33", at="fr-cnil"), sheet("wide", "eu.*")
    assert best([common, own, wide], "eu.gdpr.33", "fr-cnil") is own
    assert best([common, own, wide], "eu.gdpr.33", "es-aepd") is common
    assert best([common, own, wide], "eu.gdpr.33", None) is common
    assert best([common, own, wide], "eu.led.30", None) is wide
    assert best([common, own], "us.fl.dla", None) is None


def test_a_generic_sheet_asks_what_the_law_asks_in_its_order_and_says_that_it_is_no_form() -> None:
    one = finding("us.al.ag", content=("incident_summary", "count_residents", "techniques", "plain_language"))
    made = generic_sheet(one, book({}).words)
    assert made.generic
    assert "not the portal's form" in made.notes[0]
    assert [field.id for field in made.parts[0].fields] == ["incident_summary", "count_residents", "techniques"]
    assert [field.person for field in made.parts[0].fields] == [False, False, True]
    assert any("clearly and simply" in note for note in made.notes)


def test_a_duty_without_content_still_gets_the_facts_that_every_report_gives() -> None:
    made = generic_sheet(finding("us.al.ag", content=()), book({}).words)
    assert len(made.parts[0].fields) > 5


def test_a_field_without_a_condition_always_applies() -> None:
    assert ANYWAY.judged(book({}), {}).holds is True
    assert Ask(All(()), (("late", ("yes",)),)).judged(book({}), {}).holds is False
