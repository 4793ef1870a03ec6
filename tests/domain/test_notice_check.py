"""The whole check of a notice: rules of form, gaps, and values against the facts, in eight languages."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.content.templates import fill
from breachkit.domain.consistency import inconsistencies
from breachkit.domain.layout import PRESCRIBED, headings
from breachkit.domain.notice_check import FAULTS, NoticeCheck, check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notice_tongues import TONGUES, tongue_of
from breachkit.domain.notices import Notice, mark, notice_from
from breachkit.domain.reading import Reading
from breachkit.domain.said_values import counts_said, days_said, shares_said, times_said

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import CLIENTS, FACTS, GOLDEN, MORE, NOW, book, finding


def notice(marked: str, language: str = "en", duty: str = "eu.gdpr.33") -> Notice:
    context = notice_context(book(FACTS), finding(duty), organisation_name="Example Co", now=NOW, draft=True)
    return replace(notice_from(marked, context, "00" * 32), language=language)


def checked(
    marked: str, *, duty: str = "eu.gdpr.33", language: str = "en", facts: dict[str, Any] | None = None,
    read: Reading | None = None, sizes: tuple[float, ...] = (), **asked: Any,
) -> NoticeCheck:  # fmt: skip
    known = book(facts or {**FACTS, **MORE})
    return check(notice(marked, language, duty), finding(duty, **asked), known.words, known, read=read, type_sizes=sizes)


def rules(found: NoticeCheck) -> list[str]:
    return [fault.rule for fault in found.layout]


# -- California: Cal. Civ. Code 1798.82(d)(1) ------------------------------------------------------------------------------

FIXED = PRESCRIBED["us.ca.individuals"]
FORM = ("title_exact", "headings_exact", "title_and_headings_conspicuous")


def letter(title: str = FIXED.title, parts: tuple[str, ...] = FIXED.headings) -> str:
    return f"# {title}\n\n" + "\n\n".join(f"## {part}\n\nSome words." for part in parts) + "\n"


def california(text: str, content: tuple[str, ...] = FORM, **more: Any) -> NoticeCheck:
    return checked(text, duty="us.ca.individuals", kind="individuals", content=content, **more)


def test_a_letter_with_california_s_title_and_headings_keeps_its_rules() -> None:
    found = california(letter())
    assert (found.layout, found.present, found.missing) == ((), FORM, ())


def test_the_shipped_letter_has_the_words_the_law_fixes() -> None:
    asked = finding("us.ca.individuals", **GOLDEN.get("us.ca.individuals", {"kind": "individuals", "content": FORM}))
    asked = replace(asked, content=(*asked.content, *FORM))
    known = book({**FACTS, **MORE})
    made = fill(notice_context(known, asked, organisation_name="Example Co", now=NOW, draft=True))
    assert made.title == FIXED.title
    assert tuple(heading.text for heading in headings(made.source) if heading.level == 2) == FIXED.headings
    assert check(made, asked, known.words, known).layout == ()


@pytest.mark.parametrize("title", ["Notice of a Data Breach", "NOTICE OF DATA BREACH", "Notice of Data Breach!", "Your data"])
def test_another_title_breaks_the_rule(title: str) -> None:
    found = california(letter(title))
    assert rules(found) == ["title_exact"]
    assert found.missing == ("title_exact",)
    assert FIXED.title in found.layout[0].text
    assert not found.complete


@pytest.mark.parametrize("at", range(5))
def test_a_heading_that_is_missing_changed_or_doubled_breaks_the_rule(at: int) -> None:
    without = FIXED.headings[:at] + FIXED.headings[at + 1 :]
    assert rules(california(letter(parts=without))) == ["headings_exact"]
    lower = (*FIXED.headings[:at], FIXED.headings[at].lower(), *FIXED.headings[at + 1 :])
    assert "is not the same" in california(letter(parts=lower)).layout[0].text
    assert rules(california(letter(parts=(*FIXED.headings, FIXED.headings[at])))) == ["headings_exact"]


def test_headings_in_another_order_break_the_rule_and_one_more_heading_does_not() -> None:
    one, two, *rest = FIXED.headings
    assert "order" in california(letter(parts=(two, one, *rest))).layout[0].text
    assert california(letter(parts=(*FIXED.headings, "Other Information"))).layout == ()
    assert rules(california(letter(parts=(*FIXED.headings, "Other Information")), content=("model_form",))) == ["model_form"]


def test_words_set_as_ordinary_text_are_no_headings() -> None:
    text = letter().replace("## What You Can Do", "**What You Can Do**")
    assert rules(california(text)) == ["headings_exact", "title_and_headings_conspicuous"]
    assert rules(california(f"Hello,\n\n{letter()}")) == ["title_and_headings_conspicuous"]


def test_a_translated_letter_keeps_the_fixed_words_beside_its_own() -> None:
    spanish = ("Qué sucedió", "Qué información", "Qué hacemos", "Qué puede hacer", "Más información")
    both = tuple(f"{mine} ({fixed})" for mine, fixed in zip(spanish, FIXED.headings, strict=True))
    assert california(letter(f"Aviso ({FIXED.title})", both), language="es").layout == ()
    assert set(rules(california(letter("Aviso", spanish), language="es"))) == {"title_exact", "headings_exact"}


def test_a_heading_inside_a_code_block_is_none() -> None:
    assert [heading.text for heading in headings("# One\n\n```\n# Two\n```\n\n## Three ##\n")] == ["One", "Three"]


def test_type_smaller_than_the_law_wants_breaks_the_rule() -> None:
    declared = mark("=", "font_min_pt") + letter()
    assert california(declared, ("font_min_pt",), sizes=(10, 12)).present == ("font_min_pt",)
    found = california(declared, ("font_min_pt",), sizes=(9.5, 12))
    assert (rules(found), found.missing) == (["font_min_pt"], ("font_min_pt",))
    assert "9.5 points" in found.layout[0].text


# -- other rules of form ---------------------------------------------------------------------------------------------------

LONG = "We write to you about what happened and what you can do about it now. " * 14


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("# Title\n\nShort and clear.\n", False),
        (f"# Title\n\n## Part\n\n{LONG[:600]}\n\n{LONG[:600]}\n", False),
        ("No title.\n", True),
        ("Hello,\n\n# Title\n\nText.\n", True),
        ("# One\n\nText.\n\n# Two\n\nText.\n", True),
        (f"# Title\n\n{LONG[:600]}\n\n{LONG[:600]}\n", True),
        (f"# Title\n\n## Part\n\n{LONG}\n", True),
        (f"# Title\n\n{LONG[:150].upper()}\n", True),
        ("# Title\n\n## Empty\n\n## Part\n\nText.\n", True),
    ],
)
def test_a_clear_and_conspicuous_notice_begins_with_its_title_and_hides_nothing(text: str, broken: bool) -> None:
    found = checked(mark("=", "clear_and_conspicuous") + text, content=("clear_and_conspicuous",), kind="individuals")
    assert (rules(found) == ["clear_and_conspicuous"]) is broken or len(found.layout) > 1
    assert bool(found.missing) is broken


def test_a_letter_over_the_limit_is_not_in_plain_language() -> None:
    asked: dict[str, Any] = {"content": ("plain_language",), "kind": "individuals"}
    text = mark("=", "plain_language") + "# Title\n\nText.\n"
    hard = Reading(12.4, 200, "Some formula", None, 9.0)
    found = checked(text, read=hard, **asked)
    assert (rules(found), found.missing, found.faults()["reading"]) == (["plain_language"], ("plain_language",), True)
    assert "12.4 (Some formula); the limit for letters to people is 9" in found.layout[0].text
    assert checked(text, read=replace(hard, grade=9.0), **asked).layout == ()
    assert checked(text, read=replace(hard, words=12), **asked).layout == ()


def test_a_hard_text_that_need_not_be_plain_is_only_called_hard() -> None:
    found = checked("# Title\n\nText.\n", read=Reading(12.4, 200, "Some formula", None, 9.0))
    assert (found.layout, found.faults()["reading"], found.complete) == ((), True, True)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("We write to you about an incident.", False),
        ("It was a phishing attack.", True),
        ("It hit 900 customers.", True),
        ("Three people were affected.", True),
        ("A folder could be read by anyone. More follows.", True),
        ("You can get a police report.", False),
    ],
)
def test_massachusetts_letters_leave_out_nature_and_numbers_even_where_nobody_marked_them(text: str, broken: bool) -> None:
    facts = {**FACTS, "breach.cause": "phishing", "incident.summary": "A folder could be read by anyone."}
    found = checked(f"# Title\n\n{text}\n", facts=facts, kind="individuals", content=("omit_nature_and_count",))
    assert rules(found) == (["omit_nature_and_count"] if broken else [])
    assert bool(found.missing) is broken


def test_a_banned_cause_is_found_in_words_that_nobody_marked() -> None:
    facts = {**FACTS, "breach.cause": "ransomware"}
    assert checked("It was ransomware.", facts=facts, forbidden=("cause",)).forbidden_present == ("cause",)
    assert checked("It was ransomware.", forbidden=("cause",)).forbidden_present == ()


# -- gaps ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gap",
    ["[insert date]", "\\[Nombre de la empresa\\]", "TBC", "{{ title }}", "<COMPANY NAME>", "__________", "........", "???"],
)
def test_a_gap_is_told_with_its_line_and_stays_a_contradiction(gap: str) -> None:
    found = checked(f"# Title\n\nDear reader,\n\nwe are {gap}, hello.\n")
    assert [one.line for one in found.placeholders] == [5]
    assert any("gap" in text for text in found.contradictions)


@pytest.mark.parametrize(
    "text", ["---", "* * *", "See section [2] and [our page](https://example.invalid).", "a_b_c", "Wait... what?"]
)
def test_what_is_no_gap_is_left_in_peace(text: str) -> None:
    assert checked(f"# Title\n\n{text}\n\nText.\n").placeholders == ()


# -- values against the facts ----------------------------------------------------------------------------------------------

RIGHT = {
    "en": "On 20 November 2026 at 22:15 CET we learned that about 4,100 people and 12,000 records are concerned.",
    "es": "El 20 de noviembre de 2026 a las 22:15 supimos que hay unas 4.100 personas y 12.000 registros afectados.",
    "fr": "Le 20 novembre 2026 à 22 h 15, nous avons su : environ 4\u202f100 personnes et 12\u202f000 enregistrements touchés.",
    "de": "Am 20. November 2026 um 22.15 Uhr erfuhren wir, dass etwa 4.100 Personen und 12.000 Datensätze betroffen sind.",
    "it": "Il 20 novembre 2026 alle 22:15 abbiamo saputo che circa 4.100 persone e 12.000 registrazioni sono coinvolte.",
    "nl": "Op 20 november 2026 om 22:15 vernamen wij dat ongeveer 4.100 personen en 12.000 gegevensrecords zijn getroffen.",
    "pt": "Em 20 de novembro de 2026, às 22:15, soubemos que cerca de 4100 pessoas e 12\u00a0000 registos foram afetados.",
    "pl": "20 listopada 2026 o 22:15 dowiedzieliśmy się, że chodzi o około 4\u00a0100 osób i 12\u00a0000 rekordów.",
}
WRONG = {
    language: [
        text.replace("20", "19", 1),
        text.replace("22", "03", 1),
        text.replace("100", "200", 1),
        text.replace("12", "13", 1),
    ]
    for language, text in RIGHT.items()
}
WITH_RECORDS = {**FACTS, "records.total": "12000"}


@pytest.mark.parametrize("language", RIGHT)
def test_values_the_facts_give_are_no_contradiction_in_any_language(language: str) -> None:
    assert checked(RIGHT[language], language=language, facts=WITH_RECORDS).contradictions == ()


@pytest.mark.parametrize(("language", "which"), [(language, which) for language in RIGHT for which in range(4)])
def test_a_day_a_time_or_a_number_that_differs_is_one_in_every_language(language: str, which: int) -> None:
    said = ("a day that no recorded", "a time that no recorded", "people, which no recorded", "records, which no recorded")
    found = checked(WRONG[language][which], language=language, facts=WITH_RECORDS).contradictions
    assert len(found) == 1
    assert said[which] in found[0]


def test_a_number_in_words_is_a_number_where_it_says_who_was_affected() -> None:
    assert "3 people" in checked("Three people were affected.").contradictions[0]
    assert checked("Three people helped us.").contradictions == ()
    assert "3 people" in checked("Drei Personen sind betroffen.", language="de").contradictions[0]


def test_opening_hours_are_no_time_of_the_breach() -> None:
    assert checked("Call us from 9:00 to 17:30.").contradictions == ()


def test_a_share_that_no_text_and_no_two_counts_give_is_a_contradiction() -> None:
    assert checked("About 63 % of them live in Spain.").contradictions == ()
    assert "95 %" in checked("About 95 % of them live in Spain.").contradictions[0]
    assert checked("About 95 % of them.", facts={**FACTS, "consequences": "Fraud in 95 percent."}).contradictions == ()
    assert checked("Help is 100 % free.").contradictions == ()


@pytest.mark.parametrize(
    "text", ["12 months for residents", "within 72 hours people", "version 2.4 users", "at 22:15 people", "20 % of customers"]
)
def test_numbers_of_other_things_are_no_numbers_of_people(text: str) -> None:
    assert list(counts_said(text)) == []


def test_millions_are_read_whole() -> None:
    found = {said.numbers for said in counts_said("1.2 million people; 3 millones de personas", "es")}
    assert found == {(1_200_000,), (3_000_000,)}


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(TONGUES)))
def test_every_day_babel_writes_is_read_back(day: date, language: str) -> None:
    from babel.dates import format_date

    written = format_date(day, "long", locale={"en": "en_GB", "pt": "pt_PT"}.get(language, language))
    assert [said.days for said in days_said(f"x {written}.", language)] == [(day,)]


@given(st.integers(0, 10**7), st.sampled_from(sorted(TONGUES)))
def test_every_number_babel_writes_is_read_back(number: int, language: str) -> None:
    from babel.numbers import format_decimal

    people = {"en": "people", "es": "personas", "fr": "personnes", "de": "Personen", "it": "persone", "nl": "personen",
              "pt": "pessoas", "pl": "osób"}[language]  # fmt: skip
    written = format_decimal(number, locale={"en": "en_GB", "pt": "pt_PT"}.get(language, language))
    assert [said.numbers for said in counts_said(f"{written} {people}", language)] == [(number,)]


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_is_read_back(hour: int, minute: int) -> None:
    at = time(hour, minute)
    texts = (
        f"at {at:%H:%M} CET",
        f"à {hour} h {minute:02}",
        f"um {hour}.{minute:02} Uhr",
        f"at {at:%I:%M} {'pm' if hour > 11 else 'am'}",
    )
    assert [[said.time for said in times_said(text)] for text in texts] == [[at]] * 4


def test_shares_are_read_in_each_language() -> None:
    text = "12.5 %, 12,5 por ciento, 12 pour cent, 12 Prozent, 12 per cento, 12 procent, 12 percent"
    assert [said.percent for said in shares_said(text)] == [12.5, 12.5, 12, 12, 12, 12, 12]


def test_a_language_nobody_knows_is_read_as_english() -> None:
    assert tongue_of("eo") is TONGUES["en"]
    assert tongue_of("pt-BR") is TONGUES["pt"]


# -- the whole -------------------------------------------------------------------------------------------------------------


def test_a_check_says_by_each_word_whether_there_is_a_fault() -> None:
    found = checked("# Title\n\nWrite to jane.doe@mail.example. Your data is safe. TBC. 9 people.\n", content=("contact",))
    faults = found.faults()
    assert tuple(faults) == FAULTS
    assert {what for what, there in faults.items() if there} == {"missing", "contradictions", "personal-data", "overclaims"}
    assert not found.complete


def test_a_client_s_data_is_judged_by_that_client_s_share() -> None:
    facts = {**FACTS, **CLIENTS}
    found = checked("40 people were affected.", facts=facts, controller="acct-02", at="acct-02", kind="controller")
    assert (found.contradictions, found.overclaims) == ((), ())
    found = checked("40 people were affected.", facts=facts, controller="acct-01", at="acct-01", kind="controller")
    assert len(found.contradictions) == 1


HOSTILE = {
    "digits": "1" * 20_000, "groups": "111 " * 5_000, "letters": "a" * 20_000, "names": "Ab " * 6_000, "dots": "." * 20_000,
    "mails": "a." * 10_000 + "@", "colons": "f:" * 10_000, "braces": "{{" * 10_000, "gaps": "[insert " * 2_500,
    "lines": "\n" * 20_000,
    "lists": "- a\n" * 5_000, "claims": "all people no evidence " * 900, "streets": "1 Ab Calle de la " * 1_200,
    "signs": "\\*_`|#" * 3_000, "phones": "+1 2" * 5_000,
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "es", "pl"])
def test_no_text_makes_the_check_fail_or_hang(name: str, language: str) -> None:
    text, known = HOSTILE[name], book({**FACTS, **MORE})
    asked = finding("eu.gdpr.33", content=("clear_and_conspicuous", "plain_language"), forbidden=("nature",))
    made = Notice("eu.gdpr.33", "t", language, text, {"count_people": text, "crossborder_people": text, "data_types": text})
    check(made, asked, known.words, known)
    inconsistencies([(asked, made), (replace(asked, id="other"), made)], known)


@given(st.text(max_size=300), st.sampled_from(sorted(TONGUES)))
def test_any_text_can_be_checked(text: str, language: str) -> None:
    known = book({**FACTS, **MORE})
    found = check(Notice("eu.gdpr.33", "t", language, text, {}), finding("eu.gdpr.33"), known.words, known)
    lines = text.count("\n") + 1
    assert all(1 <= one.line <= lines for one in (*found.placeholders, *found.personal_data, *found.overclaims))


def test_the_reasons_name_every_fault_of_an_incomplete_check() -> None:
    found = checked("# Title\n\nWrite to jane.doe@mail.example. Your data is safe. 9 people.\n", content=("contact",))
    assert [reason.split(" ")[0] for reason in found.reasons()] == ["it", "it", "line", "line"]
    assert "jane" not in " ".join(found.reasons())
    assert checked("# Title\n\nText.\n").reasons() == []
