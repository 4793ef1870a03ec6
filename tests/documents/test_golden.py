"""One letter for every duty in English, on an incident of which everything is known: a changed word is a difference to read.

`BREACHKIT_UPDATE_GOLDEN=1 pytest tests/documents` writes the files anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from breachkit.content.templates import fill, find_template, list_templates
from breachkit.content.wordings import wording_for
from breachkit.documents import render
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.notice_check import check
from breachkit.domain.notice_context import FORMS, notice_context
from breachkit.domain.notices import Notice

from .every_duty import duties, facts_of, finding_of, full_book, kind_of, notice_of
from .made_up import GOLDEN, NOW, book, finding

FOLDER = Path(__file__).parent / "golden"
UPDATE = os.environ.get("BREACHKIT_UPDATE_GOLDEN") == "1"
COMMITMENTS = ("promise.example-co.users-72h", "contract.example-co.cyber-cover")
"""What no law but an organisation itself makes a duty."""
FORMED = (
    "eu.gdpr.33.final",
    "eu.gdpr.33.withdrawal",
    "eu.gdpr.33.register",
    "eu.gdpr.34.substitute",
    "us.ca.individuals.substitute",
)
PEOPLE = sorted(id for id in duties() if kind_of(id) in ("individuals", "public", "media"))


def asked_by(id: str) -> Finding:
    """The duty as a finding that asks for all it can ask for."""
    return finding(id, **GOLDEN[id]) if id in COMMITMENTS else finding_of(id)


def made(id: str, facts: FactBook | None = None) -> Notice:
    """The notice of that name: a duty, or a duty with a form."""
    duty, _, form = id.rpartition(".")
    if form in FORMS and duty in duties() and id not in duties():
        return notice_of(duty, form=form, facts=facts)
    if id in COMMITMENTS:
        context = notice_context(
            facts or full_book(), asked_by(id), organisation_name="Example Co", now=NOW, draft=True, wording=wording_for()
        )
        return fill(context)
    return notice_of(id, facts=facts)


def shown(notice: Notice, format: str) -> str:
    """The document with the hashes of facts and template masked: facts grow new keys, and any word would change every file."""
    text = render(notice, format)
    assert isinstance(text, str)
    return text.replace(notice.facts_sha256[:12], "f" * 12).replace(notice.template_sha256[:12], "t" * 12)


NAMES = [*sorted(duties()), *COMMITMENTS, *FORMED]
CASES = [(id, "md") for id in NAMES] + [(id, form) for id in ("eu.gdpr.33", "us.ca.individuals") for form in ("text", "html")]


@pytest.mark.parametrize(("id", "format"), CASES)
def test_a_notice_reads_as_it_was_approved(id: str, format: str) -> None:
    text = shown(made(id), format)
    path = FOLDER / f"{id}.{'txt' if format == 'text' else format}"
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{id}.{'txt' if form == 'text' else form}" for id, form in CASES}


def test_every_duty_of_the_library_has_a_template() -> None:
    listed = {entry.duty for entry in list_templates([(id, kind_of(id)) for id in duties()])}
    assert listed == set(duties())


def test_every_template_serves_a_duty() -> None:
    served = {find_template(id) for id in NAMES}
    root = Path(find_root())
    lying = {path.relative_to(root).as_posix() for path in (root / "notices").rglob("*.j2")}
    extended = {name for name in lying if "/general/" in name or "/us/" in name or name.rsplit("/", 1)[1].startswith("_")}
    assert not lying - served - extended


def find_root() -> Path:
    """The shipped templates."""
    from breachkit.content.shipped import shipped

    return shipped("templates")


@pytest.mark.parametrize("id", [*duties(), *COMMITMENTS])
def test_nothing_is_missing_when_the_facts_are_complete(id: str) -> None:
    facts = full_book() if id in COMMITMENTS else facts_of(id)
    found = check(made(id), asked_by(id), facts.words, facts)
    assert (found.missing, found.open, found.forbidden_present, found.contradictions) == ((), (), (), ())


HOUSE_REMARKS = r"verified|in our source|in the directory|State of the rule|First day|; On |; Dates|in a summary|1182/71"


@pytest.mark.parametrize("id", NAMES)
def test_a_notice_cites_rules_and_none_of_our_remarks_on_how_they_were_read(id: str) -> None:
    source = made(id).source
    assert not re.search(HOUSE_REMARKS, source)
    cited = re.search(r"(?:under|in force):\*\* (.+)", source)
    assert cited is None or re.search(
        r"\d|[Aa]ct|Law|Code|GDPR|Bill|FIPPA|FOIPPA|regulation|rules|promise|contract|Example", cited[1]
    )


@pytest.mark.parametrize("id", PEOPLE)
def test_a_letter_to_people_is_easy_to_read_and_gives_no_number_of_people_it_need_not(id: str) -> None:
    facts, asked, notice = facts_of(id), asked_by(id), made(id)
    assert check(notice, asked, facts.words, facts).reading.grade <= 9
    counts = {"count_people", "count_residents", "count_records"} - set(asked.content)
    assert not counts & set(notice.elements)


@pytest.mark.parametrize("id", NAMES)
def test_a_notice_can_be_made_before_anything_is_known(id: str) -> None:
    text = render(made(id, book({})), "text")
    assert isinstance(text, str)
    assert "None" not in text
    assert "not known here" not in text
