"""Every language says what the English says: the same elements, the same shape, no sentence left in English."""

from __future__ import annotations

import re
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from breachkit.content.catalogues import LANGUAGES, catalogue
from breachkit.content.templates import languages_of
from breachkit.content.wordings import wording_for
from breachkit.domain.notices import Notice

from .every_duty import duties, everything, kind_of, notice_of, raw_facts_of
from .made_up import book

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import messages  # the script that keeps the catalogues

OTHERS = LANGUAGES[1:]
CASES = [(id, language) for id in duties() for language in languages_of(id, kind_of(id)) if language != "en"]


def written_in(id: str, language: str) -> Notice:
    """The notice of a duty, on facts whose own sentences are taken to be in that language."""
    return notice_of(id, language, facts=book({**raw_facts_of(id), "incident.language": language}))


@cache
def english(id: str) -> Notice:
    return written_in(id, "en")


def shape(notice: Notice) -> list[str]:
    """The blocks of a notice: headings by their level, list items, paragraphs."""
    return re.findall(r"^(#+ |- |(?=\S))", notice.source, re.MULTILINE)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_sentence_its_language_needs_and_no_other(language: str) -> None:
    held = messages.brought_up_to_date(language, messages.template_catalogue())
    assert [message.id for message in held if message.id and not message.string] == []
    assert (messages.FOLDER / f"{language}.po").read_bytes() == messages.as_bytes(held)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_every_value_and_every_sign(language: str) -> None:
    for (_, text), said in catalogue(language).items():
        placed = re.compile(r"%\(\w+\)s|\{\w+\}")
        assert sorted(set(placed.findall(text))) == sorted(set(placed.findall(said))), text
        assert text.count("**") == said.count("**"), text
        assert not re.search(r"%(?!\(\w+\)s|%)", said), text
        assert said.strip() == said or text.strip() != text, text


def test_people_and_authorities_outside_the_united_states_are_written_to_in_eight_languages() -> None:
    for id in duties():
        wanted = {"en", "es"} if id.startswith("us.") else set(LANGUAGES)
        assert wanted <= set(languages_of(id, kind_of(id))), id


@pytest.mark.parametrize(("id", "language"), CASES)
def test_a_notice_says_in_every_language_what_it_says_in_english(id: str, language: str) -> None:
    notice, other = english(id), written_in(id, language)
    assert set(other.elements) == set(notice.elements)
    assert other.open == notice.open
    assert shape(other) == shape(notice)


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_of_a_letter_is_left_in_english(language: str) -> None:
    prose = " ".join([*(str(value) for value in everything().values()), "the letter to people"])
    for id in ("eu.gdpr.34", "eu.gdpr.33", "uk.pecr.5a.sub", "eu.nis2.23.final", "world.br-lgpd.individuals"):
        lines = {
            line
            for line in english(id).source.split("\n")
            if len(line.split()) > 4 and line.split(":** ")[-1].strip("# -.") not in prose
        }
        left = lines & set(written_in(id, language).source.split("\n"))
        assert not left, left


def test_days_numbers_and_countries_are_written_as_the_language_writes_them() -> None:
    said = {language: written_in("eu.gdpr.33", language).source for language in OTHERS}
    assert "20 de noviembre de 2026" in said["es"]
    assert "20. November 2026" in said["de"]
    assert "20 listopada 2026" in said["pl"]
    assert "Royaume-Uni" in said["fr"]
    assert wording_for("fr").day_of(date(2026, 12, 1)) == "1er décembre 2026"
    assert "2.600" in said["it"]
    assert "Spanje" in said["nl"]
    assert "RGPD art. 33(1) et (3)" in said["fr"]
    assert "DSGVO Art. 33(1) und (3)" in said["de"]
    assert "Reino Unido" in said["pt"]
