"""Every shipped notice, rendered from one made-up incident: a change of wording shows up as a difference a lawyer can read.

`BREACHKIT_UPDATE_GOLDEN=1 pytest tests/documents` writes the files anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from breachkit.content.templates import fill, find_template, list_templates
from breachkit.documents import render
from breachkit.domain.notice_check import check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice

from .made_up import CLIENTS, FACTS, GOLDEN, MORE, NOW, book, finding

FOLDER = Path(__file__).parent / "golden"
UPDATE = os.environ.get("BREACHKIT_UPDATE_GOLDEN") == "1"
ENDINGS = {"md": "md", "text": "txt", "html": "html"}
EVERYTHING = {**FACTS, **CLIENTS, **MORE}


def made(duty: str) -> Notice:
    context = notice_context(
        book(EVERYTHING), finding(duty, **GOLDEN[duty]), organisation_name="Example Co", now=NOW, draft=True,
        attachments=["the notice to people, as a sample"] if duty in ("us.ca.ag", "us.fl.dla", "uk.pecr.5a.update") else (),
    )  # fmt: skip
    return fill(context)


CASES = [(duty, "md") for duty in GOLDEN] + [
    (duty, format) for duty in ("eu.gdpr.33", "us.ca.individuals") for format in ("text", "html")
]


@pytest.mark.parametrize(("duty", "format"), CASES)
def test_a_notice_reads_as_it_was_approved(duty: str, format: str) -> None:
    notice = made(duty)
    # Facts grow new keys and templates new words; the reference line would make every golden file change with them.
    text = render(notice, format).replace(notice.facts_sha256[:12], "f" * 12).replace(notice.template_sha256[:12], "t" * 12)
    path = FOLDER / f"{duty}.{ENDINGS[format]}"
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_shipped_template_has_a_golden_notice() -> None:
    used = {find_template(duty).replace(".en.", ".<language>.") for duty in GOLDEN}
    assert {entry.template for entry in list_templates()} == used


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{duty}.{ENDINGS[format]}" for duty, format in CASES}


@pytest.mark.parametrize("duty", GOLDEN)
def test_a_golden_notice_contradicts_no_fact_and_holds_nothing_forbidden(duty: str) -> None:
    facts = book(EVERYTHING)
    found = check(made(duty), finding(duty, **GOLDEN[duty]), facts.words, facts)
    assert (found.contradictions, found.forbidden_present) == ((), ())


@pytest.mark.parametrize("duty", [duty for duty, more in GOLDEN.items() if more.get("kind") in ("individuals", "public")])
def test_a_letter_to_people_is_easy_to_read_and_gives_no_number_of_people(duty: str) -> None:
    facts = book(EVERYTHING)
    notice = made(duty)
    assert check(notice, finding(duty, **GOLDEN[duty]), facts.words, facts).reading.grade <= 7
    assert not {"count_people", "count_residents", "count_records"} & set(notice.elements)
    assert "4100" not in notice.source


@pytest.mark.parametrize("duty", GOLDEN)
def test_a_notice_can_be_made_before_anything_is_known(duty: str) -> None:
    context = notice_context(
        book({}), finding(duty, **{**GOLDEN[duty], "controller": None}), organisation_name="Example Co", now=NOW, draft=True
    )
    assert "None" not in render(fill(context), "text")
