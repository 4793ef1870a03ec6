"""The full check of drafted notices: the type of their documents, the library's grade, and each against the others."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from breachkit.domain.notice_check import check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import mark, notice_from
from breachkit.workflow.notice_checks import as_json, as_lines, full_check, fully_checked, type_sizes
from breachkit.workflow.notices import Drafted

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import FACTS, MORE, NOW, book, finding

BOOK = book({**FACTS, **MORE})


def drafted(duty: str, marked: str, content: tuple[str, ...] = (), kind: str = "authority") -> Drafted:
    asked = finding(duty, content=content, kind=kind)
    context = notice_context(BOOK, asked, organisation_name="Example Co", now=NOW, draft=True)
    made = notice_from(marked, context, "00" * 32)
    return Drafted(asked, made, check(made, asked, BOOK.words, BOOK))


def test_the_type_of_the_document_is_looked_at_where_the_law_sets_a_smallest() -> None:
    one = drafted("us.ca.individuals", mark("=", "font_min_pt") + "# Title\n\nText.\n", ("font_min_pt",), "individuals")
    assert min(type_sizes(one.notice, one.finding)) >= 10
    assert type_sizes(one.notice, replace(one.finding, content=())) == frozenset()
    assert full_check(one.notice, one.finding, BOOK).present == ("font_min_pt",)


def test_letters_to_people_are_graded_against_a_limit_and_forms_are_not() -> None:
    letter = drafted("eu.gdpr.34", "# Title\n\nText.\n", kind="individuals")
    assert full_check(letter.notice, letter.finding, BOOK).reading.limit is not None
    form = drafted("eu.gdpr.33", "# Title\n\nText.\n")
    assert full_check(form.notice, form.finding, BOOK).reading.limit is None


def test_each_check_keeps_only_what_its_own_notice_takes_part_in() -> None:
    def people(duty: str, number: str) -> Drafted:
        return drafted(duty, f"# T\n\n{mark('+', 'count_people')}about {number}{mark('-', 'count_people')}\n")

    one, two = people("eu.gdpr.33", "4100"), people("uk.gdpr.33", "5200")
    other = drafted("eu.gdpr.34", "# Title\n\nText.\n", kind="individuals")
    checks = [made.check for made in fully_checked([one, two, other], BOOK)]
    assert [len(found.inconsistent) for found in checks] == [1, 1, 0]
    assert as_json(checks[0])["inconsistent"] == [
        {
            "element": "count_people",
            "said": [{"duty": "eu.gdpr.33", "says": "4100"}, {"duty": "uk.gdpr.33", "says": "5200"}],
            "text": "count_people: eu.gdpr.33 says 4100, but uk.gdpr.33 says 5200",
        }
    ]
    assert any(line.startswith("  DIFFERS") for line in as_lines(checks[1], {}))


def test_a_gap_is_printed_once_and_a_broken_rule_only_with_its_reason() -> None:
    one = drafted("us.ca.individuals", "# Wrong\n\nTBC\n", ("title_exact", "contact"), "individuals")
    lines = as_lines(one.check, {"contact": "Name a contact."})
    assert sum("TBC" in line for line in lines) == 1
    assert sum("title_exact" in line for line in lines) == 1
    assert "  MISSING    contact: Name a contact." in lines
