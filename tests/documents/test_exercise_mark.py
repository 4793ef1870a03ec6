"""The mark of an exercise in every format: first and last, across every page, in eight languages, and nothing takes it off."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from breachkit.content.catalogues import LANGUAGES, catalogue
from breachkit.content.looks import contrast_with_white
from breachkit.content.templates import fill
from breachkit.content.wordings import wording_for
from breachkit.documents import render
from breachkit.documents.docx import DocxForm
from breachkit.documents.page import banners, watermark
from breachkit.documents.pdf import PdfForm
from breachkit.documents.watermark import PALE, points
from breachkit.domain.looks import Look
from breachkit.domain.marks import EXERCISE
from breachkit.domain.notice_context import NoticeContext, notice_context
from breachkit.domain.notices import FORMATS, Notice

from .every_duty import everything, notice_of, raw_facts_of
from .formats import LOOK, letter, person
from .made_up import NOW, book, finding
from .test_docx import parts
from .test_pdf import fonts_of, smallest, tags

NAME = "open-folder"
DAY = date(2026, 11, 21)
DUTIES = ("eu.gdpr.33", "eu.gdpr.34", "uk.gdpr.33", "us.ca.individuals", "us.fl.dla")
WORDS = {
    "en": "EXERCISE", "es": "SIMULACRO", "fr": "EXERCICE", "de": "ÜBUNG", "it": "ESERCITAZIONE", "nl": "OEFENING",
    "pt": "EXERCÍCIO", "pl": "ĆWICZENIA",
}  # fmt: skip


def drill(notice: Notice, **changes: Any) -> Notice:
    return replace(notice, **{"invented": True, "exercise": NAME, "written_on": DAY, **changes})


@cache
def in_language(language: str, duty: str = "eu.gdpr.33") -> Notice:
    """A notice of the exercise in that language, its incident's own sentences taken to be in it too."""
    return drill(notice_of(duty, language, facts=book({**raw_facts_of(duty), "incident.language": language})))


def said(document: str | bytes, format: str) -> str:
    """All that a document says, headers and footers too."""
    if isinstance(document, str):
        return re.sub(r"<[^>]+>", " ", document) if format == "html" else document
    if format == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


# -- where it stands -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("duty", DUTIES)
@pytest.mark.parametrize("draft", [True, False])
def test_every_format_says_that_it_is_an_exercise_and_which(duty: str, format: str, draft: bool) -> None:
    text = said(render(drill(notice_of(duty), draft=draft), format, LOOK), format)
    assert text.count(EXERCISE) >= (1 if format == "pdf" else 2)  # a PDF has it once a page, and some have one page
    assert "EXERCISE open-folder" in text
    assert "INVENTED" not in text


@pytest.mark.parametrize("format", ["md", "text"])
def test_plain_formats_begin_and_end_with_it(format: Any) -> None:
    for draft in (True, False):
        lines = render(drill(notice_of("eu.gdpr.33"), draft=draft), format).strip().split("\n")
        assert lines[0].strip("*") == EXERCISE
        assert lines[-1].strip("*") == EXERCISE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("duty", ["eu.gdpr.33", "eu.gdpr.34"])
@pytest.mark.parametrize("format", FORMATS)
def test_it_speaks_every_language_and_english_beside(language: str, duty: str, format: str) -> None:
    notice = in_language(language, duty)
    assert watermark(notice) == WORDS[language]
    assert banners(notice)[0].split(" - ")[:3][1] == "EXERCISE"
    text = " ".join(said(render(notice, format), format).split())
    assert " ".join(banners(notice)[0].split()) in text
    assert f"{WORDS[language]} open-folder" in text


@pytest.mark.parametrize("format", FORMATS)
def test_a_document_that_is_no_exercise_has_none_of_it(format: str) -> None:
    for invented in (False, True):
        for draft in (False, True):
            notice = replace(notice_of("eu.gdpr.33"), draft=draft, invented=invented)
            text = said(render(notice, format, LOOK), format).replace("INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY", "")
            assert "EXERCISE" not in text
            assert "ExerciseMark" not in text
            assert "position:fixed" not in str(render(notice, format, LOOK))


def test_titles_name_it() -> None:
    notice = drill(notice_of("eu.gdpr.33"), draft=False)
    page = render(notice, "html")
    title = re.search(r"<title>(.*)</title>", page)
    about = PdfReader(io.BytesIO(render(notice, "pdf"))).metadata
    assert title is not None
    assert about is not None
    for name in (title[1], str(about.title), Document(io.BytesIO(render(notice, "docx"))).core_properties.title):
        assert name.startswith(EXERCISE)


# -- PDF -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [None, LOOK])
def test_the_word_stands_large_across_every_page_of_a_pdf(look: Look | None) -> None:
    notice = drill(Notice("eu.gdpr.33", "Title", "en", "word " * 3500, {}, draft=False))
    reader = PdfReader(io.BytesIO(render(notice, "pdf", look)))
    assert len(reader.pages) > 3
    for page in reader.pages:
        sizes: list[float] = []

        def note(text: str, outer: Any, inner: Any, _: Any, size: float, sizes: list[float] = sizes) -> None:
            if text.strip() == "EXERCISE":
                scale = (inner[2] ** 2 + inner[3] ** 2) ** 0.5 * (outer[2] ** 2 + outer[3] ** 2) ** 0.5
                sizes.append(size * scale)

        text = page.extract_text(visitor_text=note)
        assert max(sizes) > 80
        assert text.count(EXERCISE) == 1
        assert "EXERCISE open-folder" in text


def test_the_word_of_a_pdf_is_no_part_of_its_text_and_the_standards_hold() -> None:
    notice = drill(notice_of("us.ca.individuals"))
    marked, plain = render(notice, "pdf", LOOK), render(replace(notice, exercise=None), "pdf", LOOK)
    xmp = PdfReader(io.BytesIO(marked)).trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(?:>|=\")1", xmp)
    assert re.search(r"pdfaid:conformance(?:>|=\")A", xmp)
    assert [tag for tag in tags(marked) if tag != "Span"] == [tag for tag in tags(plain) if tag != "Span"]
    assert all(fonts_of(marked).values())
    assert smallest(marked) >= 10
    for page in PdfReader(io.BytesIO(marked)).pages:
        content = page.get_contents()
        assert content is not None
        assert b"/Artifact" in content.get_data()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_fits_the_page_in_every_language(language: str) -> None:
    reader = PdfReader(io.BytesIO(render(in_language(language), "pdf")))
    for page in reader.pages:
        corners: list[tuple[float, float]] = []

        def note(text: str, outer: Any, inner: Any, *_: Any, corners: list[tuple[float, float]] = corners) -> None:
            if text.strip() == WORDS[language]:
                x, y = inner[4], inner[5]
                corners.append((x * outer[0] + y * outer[2] + outer[4], x * outer[1] + y * outer[3] + outer[5]))

        page.extract_text(visitor_text=note)
        box = page.mediabox
        assert corners
        assert all(0 < x < box.width and 0 < y < box.height for x, y in corners)
    assert points(WORDS[language]) * 0.72 * len(WORDS[language]) <= 641  # of 1031 points of the diagonal


def test_every_letter_of_a_print_file_carries_it_on_every_page() -> None:
    form = PdfForm(drill(letter(source=letter().source + "\n\nword" * 900, draft=False)), LOOK)
    made = form.print_file([person(number) for number in range(4)])
    pages = PdfReader(io.BytesIO(made.data)).pages
    assert len(pages) > 8
    assert all(EXERCISE in page.extract_text() and "EXERCISE open-folder" in page.extract_text() for page in pages)


def test_what_stands_upon_the_word_can_be_read() -> None:
    assert f"{round(255 * 0.88):02x}" * 3 == PALE, "letter.typ and report.typ use luma(88%)"
    for ink in ("#1a1a1a", "#9b1c1c", "#555555", "#0b4f8a"):
        assert contrast_with_white(ink) / contrast_with_white(f"#{PALE}") >= 4.5
    assert contrast_with_white(f"#{PALE}") < 1.5, "pale"


# -- DOCX ----------------------------------------------------------------------------------------------------------------


def base_file(*, hide: bool = False) -> bytes:
    """An organisation's base: other first pages, other even pages, a header of its own; and with `hide`, styles that hide."""
    document = Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for place in (section.header, section.first_page_header, section.even_page_header):
        place.is_linked_to_previous = False
        place.paragraphs[0].text = "Letterhead of Example Co"
    if hide:
        from docx.shared import Pt, RGBColor

        for name in ("Normal", "Header", "Footer"):
            style: Any = document.styles[name]
            style.font.hidden = True
            style.font.size = Pt(1)
            style.font.color.rgb = RGBColor(255, 255, 255)
            style.paragraph_format.line_spacing = Pt(1)
            style.paragraph_format.left_indent = Pt(2000)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


BASES = {
    "shipped": None,
    "letterhead": LOOK,
    "base": Look(base_docx=base_file()),
    "hiding base": Look(base_docx=base_file(hide=True)),
}


@pytest.mark.parametrize("look", BASES.values(), ids=BASES)
def test_every_header_of_a_docx_draws_the_word_and_every_footer_names_it(look: Look | None) -> None:
    held = parts(render(drill(notice_of("eu.gdpr.33"), draft=False), "docx", look))
    headers = [data.decode() for name, data in held.items() if re.fullmatch(r"word/header\d*\.xml", name)]
    footers = [data.decode() for name, data in held.items() if re.fullmatch(r"word/footer\d*\.xml", name)]
    ids = [re.findall(r'<v:shape id="(ExerciseMark\d)"', header) for header in headers]
    assert headers
    assert all(len(found) == 1 for found in ids)
    assert len({found[0] for found in ids}) == len(headers)
    assert all('string="EXERCISE"' in header and EXERCISE in header for header in headers)
    assert all("EXERCISE open-folder" in footer for footer in footers)
    body = Document(io.BytesIO(render(drill(notice_of("eu.gdpr.33"), draft=False), "docx", look)))
    assert body.paragraphs[-1].text == EXERCISE


def test_styles_of_a_base_file_cannot_hide_the_words() -> None:
    held = parts(render(drill(notice_of("eu.gdpr.33")), "docx", BASES["hiding base"]))
    for name in [name for name in held if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name)] + ["word/document.xml"]:
        text = held[name].decode()
        for paragraph in re.findall(r"<w:p>(?:(?!</w:p>).)*EXERCISE(?:(?!</w:p>).)*</w:p>", text, re.S):
            assert "<w:pStyle" not in paragraph
            assert re.search(r'<w:vanish w:val="0"/><w:color w:val="9B1C1C"/>.*<w:sz w:val="20"/>', paragraph)
            assert '<w:ind w:left="0" w:right="0" w:firstLine="0"/>' in paragraph
            assert 'w:line="240" w:lineRule="auto"' in paragraph


def test_letters_to_many_in_docx_carry_it() -> None:
    form = DocxForm(drill(letter(draft=False)), LOOK)
    for number in range(3):
        text = said(form.letter(person(number)), "docx")
        assert "ExerciseMark1" in text
        assert text.count(EXERCISE) >= 3


@pytest.mark.parametrize("look", BASES.values(), ids=BASES)
def test_libreoffice_shows_the_word_on_every_page(look: Look | None, tmp_path: Path) -> None:
    if shutil.which("soffice") is None or shutil.which("pdftoppm") is None:
        pytest.skip("LibreOffice or poppler is not installed; the CI script installs both")
    notice = drill(Notice("eu.gdpr.33", "Title", "en", "word " * 1500, {}, draft=False))
    for name, one in (("marked", notice), ("plain", replace(notice, exercise=None, invented=False))):
        (tmp_path / f"{name}.docx").write_bytes(render(one, "docx", look))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    command += [str(tmp_path / f"{name}.docx") for name in ("marked", "plain")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = PdfReader(tmp_path / "marked.pdf").pages
    assert len(pages) > 2 or look is BASES["hiding base"]
    for number, page in enumerate(pages):
        text = " ".join(page.extract_text().split())
        assert EXERCISE in text
        assert "EXERCISE open-folder" in text
        assert _pale(tmp_path / "marked.pdf", number + 1) > 0.02, f"page {number + 1}"
    assert _pale(tmp_path / "plain.pdf", 1) < 0.001


def _pale(path: Path, page: int) -> float:
    """How much of a page has the shade of the word."""
    command = ["pdftoppm", "-r", "40", "-gray", "-aa", "no", "-aaVector", "no", "-f", str(page), "-l", str(page), str(path)]
    picture = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    _, _, _, pixels = picture.split(b"\n", 3)
    return sum(abs(pixel - int(PALE[:2], 16)) <= 2 for pixel in pixels) / len(pixels)


# -- HTML ----------------------------------------------------------------------------------------------------------------


def test_the_word_of_a_page_is_drawn_by_looks_alone_and_hidden_from_screen_readers() -> None:
    page = render(drill(notice_of("eu.gdpr.33"), draft=False), "html")
    found = re.findall(r'<div aria-hidden="true" style="([^"]*)"><span style="([^"]*)">EXERCISE</span></div>', page)
    assert len(found) == 1
    looks, inner = found[0]
    assert "position:fixed" in looks
    assert "print-color-adjust:exact" in looks
    assert "rotate(-45deg)" in inner
    assert not re.search(r"<script|<img|url\(|@import|<link|<svg", page)


# -- what an organisation brings of its own ------------------------------------------------------------------------------


def own_folder(tmp_path: Path) -> Path:
    """Its own template with neither blocks nor words of ours, and catalogues that would reword the mark."""
    place = tmp_path / "notices" / "eu.gdpr"
    place.mkdir(parents=True)
    (place / "33.md.j2").write_text("# {% trans %}Ours{% endtrans %}\n\n{% trans %}All is well.{% endtrans %}\n", "utf-8")
    (tmp_path / "languages").mkdir()
    for language in ("de", "da"):
        head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        words = [("", "Ours", "Unseres"), ("", "All is well.", "Alles gut."), ("wording", EXERCISE, "Brief")]
        words += [("wording", "DRAFT - not approved, not to be sent", "Entwurf")]
        said = "".join(
            (f'msgctxt "{context}"\n' if context else "") + f'msgid "{english}"\nmsgstr "{text}"\n\n'
            for context, english, text in words
        )
        (tmp_path / "languages" / f"{language}.po").write_text(head + said, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_template_and_a_catalogue_of_ones_own_do_not_take_it_off(tmp_path: Path, format: str, language: str) -> None:
    own = own_folder(tmp_path)
    notice = fill(_context(language, own), language, own)
    assert "Alles gut." in notice.source or "All is well." in notice.source
    text = said(render(replace(notice, draft=False), format, LOOK), format)
    shipped = catalogue("de")["wording", EXERCISE] if language == "de" else EXERCISE
    assert shipped in " ".join(text.split())
    assert "Brief" not in text


def test_a_language_of_ones_own_has_the_mark_in_english(tmp_path: Path) -> None:
    words = wording_for("da", own=own_folder(tmp_path))
    assert words.phrase(EXERCISE) == EXERCISE


def _context(language: str, own: Path) -> NoticeContext:
    return notice_context(
        book(everything()), finding("eu.gdpr.33"), organisation_name="Example Co", now=NOW, draft=True,
        wording=wording_for(language, own=own), exercise=NAME,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["a_b*c", "<b>", "line\nbreak", "é𒀀", "x" * 300, "***", ""])
@pytest.mark.parametrize("format", FORMATS)
def test_whatever_an_exercise_is_called_the_mark_stays(format: str, name: str) -> None:
    text = said(render(drill(letter(draft=False), exercise=name), format, LOOK), format)
    assert EXERCISE in text
    assert "<b>" not in text
    assert "\U00012000" not in text
