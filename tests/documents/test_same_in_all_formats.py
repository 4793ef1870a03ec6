"""One notice says the same words in the same order in every format, and every format is the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from breachkit.documents import render
from breachkit.domain.notice_fields import NEW
from breachkit.domain.notices import FORMATS, Notice

from .every_duty import notice_of
from .formats import LOOK, letter, words_of

MARKED = f"""# Follow-up{NEW}

What was known *stays*.

What is **new** comes
with a mark.{NEW}

- one
- two{NEW}
  - below two

1. first
2. second

| kind | number |
| --- | --- |
| people | 12 |{NEW}
| places | 3 |

> Said by somebody

## Questions

`code` and the end.
"""


def notices() -> dict[str, Notice]:
    """Reports, letters, a follow-up with marks, in more than one language."""
    made = {duty: notice_of(duty) for duty in ("eu.gdpr.33", "eu.gdpr.34", "us.ca.individuals", "us.fl.dla", "eu.gdpr.33.2")}
    return {**made, "marked": Notice("eu.gdpr.33.update", "Follow-up", "en", MARKED, {}, new_word="New")}


@pytest.mark.parametrize("name", ["eu.gdpr.33", "eu.gdpr.34", "us.ca.individuals", "us.fl.dla", "eu.gdpr.33.2", "marked"])
def test_every_format_says_the_same_words_in_the_same_order(name: str) -> None:
    notice = notices()[name]
    expected = words_of(notice, "text", render(notice, "text"))
    assert len(expected) > 20
    for format in ("md", "html", "docx"):
        assert words_of(notice, format, render(notice, format)) == expected, format
    # A page breaks a long address into lines, so that only its letters can be compared.
    assert "".join(words_of(notice, "pdf", render(notice, "pdf"))) == "".join(expected)


def test_the_labels_of_what_is_new_are_words_in_every_format() -> None:
    notice = notices()["marked"]
    for format in FORMATS:
        assert words_of(notice, format, render(notice, format)).count("NEW") == 4, format


def test_banners_and_reference_stand_in_every_format() -> None:
    notice = replace(notices()["marked"], invented=True, facts_sha256="ab" * 32)
    for format in FORMATS:
        text = " ".join(whole_text(render(notice, format)).split())
        assert "DRAFT - not approved, not to be sent" in text, format
        assert "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY" in text, format
        assert "Document reference: facts abababababab" in text, format


def whole_text(document: str | bytes) -> str:
    """Everything a document shows, its margins too."""
    if isinstance(document, str):
        return document
    if document.startswith(b"%PDF"):
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
    from docx import Document

    section = Document(io.BytesIO(document)).sections[-1]
    return "\n".join(paragraph.text for place in (section.header, section.footer) for paragraph in place.paragraphs)


def hashes() -> dict[str, str]:
    """The hash of each format of one notice in one look."""
    made = {}
    for format in FORMATS:
        document = render(letter(draft=True), format, LOOK)
        made[format] = hashlib.sha256(document.encode() if isinstance(document, str) else document).hexdigest()
    return made


def test_the_same_notice_is_the_same_bytes_twice_and_in_another_process() -> None:
    assert hashes() == hashes()
    # Another process has other random seeds for its sets and dictionaries.
    code = "import json; from tests.documents.test_same_in_all_formats import hashes; print(json.dumps(hashes()))"
    for seed in ("1", "2"):
        found = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**environment(), "PYTHONHASHSEED": seed},
        )
        assert json.loads(found.stdout) == hashes()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
