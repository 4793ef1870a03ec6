"""PDF: tagged, archivable, every letter readable; letters to many; and words that try to be more than text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from breachkit.documents import render
from breachkit.documents.pdf import MOST, PdfForm
from breachkit.documents.typesetting import CannotShow, package_folders
from breachkit.domain.looks import Logo, Look
from breachkit.domain.notice_fields import NEW, field_mark
from breachkit.domain.notices import Notice
from breachkit.errors import BadFile, BadValue

from .every_duty import notice_of
from .formats import LOOK, letter, person, png
from .test_docx import HOSTILE

DAY = date(2026, 11, 21)
NO_FONT = "\u1bc0\U00012000"
"""Batak and cuneiform: letters that no font package of ours has, nor, we trust, the machine."""


def source(text: str, **changes: Any) -> Notice:
    return replace(Notice("eu.gdpr.33", "Title", "en", text, {}, draft=False), **changes)


def opened(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(data).pages).replace("\u200b", "")


def fonts_of(data: bytes) -> dict[str, bool]:
    """Each font and whether its letters travel with the file."""
    found: dict[str, bool] = {}

    def look(value: Any, seen: set[int]) -> None:
        value = value.get_object()
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, DictionaryObject):
            if value.get("/Type") == "/FontDescriptor":
                found[str(value["/FontName"])] = bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(value))
            for key, inner in value.items():
                if key not in ("/Parent", "/P"):
                    look(inner, seen)
        elif isinstance(value, list):
            for inner in value:
                look(inner, seen)

    for page in opened(data).pages:
        look(page["/Resources"], set())
    return found


def tags(data: bytes) -> list[str]:
    """The kinds of the pieces a screen reader is told about, in their order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for inner in node:
                walk(inner)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"])[1:])
            if "/K" in node:
                walk(node["/K"])

    walk(opened(data).trailer["/Root"]["/StructTreeRoot"])
    return found


# -- standards -----------------------------------------------------------------------------------------------------------


def test_a_pdf_is_tagged_and_says_which_standards_it_keeps() -> None:
    data = render(replace(notice_of("eu.gdpr.33"), written_on=DAY), "pdf", LOOK)
    root = opened(data).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(?:>|=\")1", xmp)
    assert re.search(r"pdfaid:part(?:>|=\")2", xmp)
    assert re.search(r"pdfaid:conformance(?:>|=\")A", xmp)
    assert {"H1", "H2", "P", "L", "LI", "LBody"} <= set(tags(data))


def test_a_pdf_names_its_title_and_day_and_language() -> None:
    data = render(source("texto", language="es", written_on=DAY), "pdf")
    about = opened(data).metadata
    assert about is not None
    assert about.title == "Title"
    assert about.creation_date == datetime(2026, 11, 21, tzinfo=UTC)
    assert about.author is None
    assert opened(data).trailer["/Root"]["/Lang"] == "es"


def test_a_notice_without_a_day_has_no_date_and_is_still_tagged() -> None:
    data = render(source("text", written_on=None), "pdf")
    assert b"CreationDate" not in data
    assert "P" in tags(data)


def test_every_font_travels_with_the_file() -> None:
    fonts = fonts_of(render(letter(draft=True), "pdf", LOOK))
    assert fonts
    assert all(fonts.values())


def test_headings_lists_tables_and_pictures_are_told_to_a_screen_reader() -> None:
    text = "# A\n\n### B\n\n1. one\n\n| x | y |\n| - | - |\n| 1 | 2 |\n\n[page](https://example.com)\n"
    found = tags(render(source(text), "pdf", LOOK))
    assert {"H1", "H2", "L", "Table", "TH", "TD", "Link", "Figure"} <= set(found)
    assert "H3" not in found  # no level is left out


def test_the_watermark_stands_across_every_page_and_is_no_part_of_the_text() -> None:
    notice = source("word " * 900, draft=True, invented=True)
    reader = opened(render(notice, "pdf"))
    assert len(reader.pages) > 1
    for page in reader.pages:
        said = page.extract_text()
        assert "DRAFT - not approved, not to be sent" in said
        assert "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY" in said
        content = page.get_contents()
        assert content is not None
        assert b"/Artifact" in content.get_data()
    plain = tags(render(replace(notice, draft=False, invented=False), "pdf"))
    assert [tag for tag in tags(render(notice, "pdf")) if tag != "Span"] == [tag for tag in plain if tag != "Span"]


def test_an_approved_letter_of_a_real_incident_has_neither_banner_nor_watermark() -> None:
    assert not re.search("DRAFT|INVENTED", text_of(render(source("text"), "pdf")))


def smallest(data: bytes) -> float:
    """The smallest size of type in a file, in points."""
    sizes: list[float] = []

    def note(text: str, outer: Any, inner: Any, _: Any, size: float) -> None:
        if text.strip():
            sizes.append(round(abs(size * (inner[3] or 1) * (outer[3] or 1)), 2))

    for page in opened(data).pages:
        page.extract_text(visitor_text=note)
    return min(sizes)


def test_a_letter_under_californias_rule_has_no_type_below_ten_points() -> None:
    assert smallest(render(source("# T\n\ntext\n", forms=frozenset({"font_min_pt"}), draft=True), "pdf", LOOK)) >= 10
    assert smallest(render(notice_of("us.ca.individuals"), "pdf", LOOK)) >= 10


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_the_paper_is_the_notices_unless_the_letterhead_names_one(paper: Any, size: tuple[int, int]) -> None:
    other: Any = "us-letter" if paper == "a4" else "a4"
    for data in (render(source("x", paper=paper), "pdf"), render(source("x", paper=other), "pdf", Look(paper=paper))):
        box = opened(data).pages[0].mediabox
        assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize("tool", [["qpdf", "--check"], ["pdfinfo"]])
def test_tools_of_others_find_nothing_wrong(tool: list[str], tmp_path: Path) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed; the CI script installs qpdf and poppler-utils")
    path = tmp_path / "letter.pdf"
    path.write_bytes(PdfForm(letter(written_on=DAY, draft=True), LOOK).letters([person(1), person(2)]))
    done = subprocess.run([*tool, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert {"qpdf": "No syntax or stream encoding errors", "pdfinfo": "Tagged:          yes"}[tool[0]] in done.stdout


# -- letters to many -----------------------------------------------------------------------------------------------------


def test_a_person_gets_a_letter_with_that_persons_data() -> None:
    text = text_of(PdfForm(letter(), LOOK).letter(person(7)))
    for said in ("Dear Zoë O'Neil & <7>,", "7 Elm Street", "Exampletown, EX 00000", "C00000007", "1 / 1"):
        assert said in text


def test_the_address_stands_where_a_window_shows_it() -> None:
    places: list[tuple[float, float]] = []

    def note(text: str, outer: Any, inner: Any, _: Any, __: float) -> None:
        if text.strip().startswith("7 Elm Street"):
            x, y = inner[4], inner[5]
            places.append((x * outer[0] + y * outer[2] + outer[4], x * outer[1] + y * outer[3] + outer[5]))

    opened(PdfForm(letter(paper="us-letter"), LOOK).letter(person(7))).pages[0].extract_text(visitor_text=note)
    ((left, bottom),) = places
    assert 60 < left < 100  # points: an inch from the left
    assert 2.0 * 72 < 792 - bottom < 3.2 * 72  # the window of a No. 10 envelope is two to three inches down


def test_one_file_of_many_letters_says_on_which_pages_each_stands() -> None:
    long = person(2, name="Ana", address=tuple(f"line {number}" for number in range(60)))
    made = PdfForm(letter(source=letter().source.replace("\n# ", f"\n{field_mark('address')} \n\n# ")), LOOK).print_file(
        [person(1), long, person(3)]
    )
    reader = opened(made.data)
    assert made.pages[0][0] == 1
    assert made.pages[1][1] > 1
    assert made.pages[2] == (made.pages[0][1] + made.pages[1][1] + 1, 1)
    assert sum(count for _, count in made.pages) == len(reader.pages)
    for number, (first, count) in zip((1, 2, 3), made.pages, strict=True):
        texts = [page.extract_text() for page in reader.pages[first - 1 : first - 1 + count]]
        assert f"C{number:08d}" in "".join(texts)
        for page, text in enumerate(texts, 1):
            assert f"{page} / {count}" in text


def test_a_letter_in_a_batch_says_what_it_says_alone() -> None:
    form = PdfForm(letter(), LOOK)
    together = opened(form.letters([person(number) for number in range(30)]))
    for number in (0, 13, 29):
        assert together.pages[number].extract_text() == text_of(form.letter(person(number)))


def test_a_batch_of_none_or_too_many_is_no_file() -> None:
    for people in ([], [person()] * (MOST + 1)):
        with pytest.raises(ValueError, match=f"1 to {MOST} letters"):
            PdfForm(letter()).print_file(people)


# -- any script ----------------------------------------------------------------------------------------------------------

NAMES = {
    "Greek": "Ελένη Παπαδοπούλου", "Cyrillic": "Олександр Ґалаґан", "Polish": "Żółć Świątek", "Vietnamese": "Nguyễn Thị Ánh",
}  # fmt: skip
SCRIPTS = {
    "Arabic": "محمد عبد الله", "Hebrew": "דוד לוי", "Thai": "สมชาย ใจดี", "Devanagari": "अमित कुमार", "Georgian": "გიორგი",
    "Armenian": "Արմեն", "Ethiopic": "አበበ", "Tamil": "குமார்", "Chinese": "王小明", "Japanese": "田中たろう", "Korean": "김철수",
}  # fmt: skip


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_a_script_of_europe_is_shown(script: str) -> None:
    assert NAMES[script] in text_of(PdfForm(letter()).letter(person(name=NAMES[script])))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_in_any_script_is_shown_or_refused_by_its_letters(script: str) -> None:
    name = SCRIPTS[script]
    form = PdfForm(letter())
    if not package_folders():
        # Without the font packages it depends on the machine's own fonts; a box is never the answer.
        try:
            form.letter(person(name=name))
        except CannotShow as problem:
            assert set(problem.characters) <= set(name)  # noqa: PT017 - it may also be shown
        return
    data = form.letter(person(name=name))
    shown = "".join(text_of(data).split())
    assert "\ufffd" not in shown
    if script not in ("Arabic", "Hebrew", "Thai", "Devanagari", "Tamil"):  # whose letters are taken out in another order
        assert "".join(name.split()) in shown
    assert all(fonts_of(data).values())


def test_letters_that_no_font_has_are_refused_by_name() -> None:
    with pytest.raises(CannotShow, match=r"U\+12000 CUNEIFORM SIGN A") as problem:
        render(source(f"Name {NO_FONT}"), "pdf")
    assert isinstance(problem.value, BadValue)
    assert set(problem.value.characters) == set(NO_FONT)
    assert "fonts/" in str(problem.value)


def test_a_batch_says_whose_name_cannot_be_shown() -> None:
    people = [person(1), person(2, name=f"Ana {NO_FONT[0]}"), person(3), person(4, address=(NO_FONT, "x"))]
    with pytest.raises(CannotShow) as problem:
        PdfForm(letter()).print_file(people)
    assert problem.value.people == (1, 3)
    assert len(PdfForm(letter()).print_file([people[0], people[2]]).pages) == 2


# -- words that try to be more -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if len(one) < 1000])
def test_what_a_person_is_called_is_only_text(hostile: str) -> None:
    hostile = hostile.replace("\ue000", "").replace("\ue001", "")
    shown = "".join(text_of(PdfForm(letter()).letter(person(name=hostile, address=(hostile,)))).split())
    kept = "".join(char for char in hostile if (char.isprintable() or char == "\u0301") and not char.isspace())
    assert unicodedata.normalize("NFC", shown).count(unicodedata.normalize("NFC", kept)) == 3
    assert "root:" not in shown


def test_a_word_longer_than_a_page_is_wide_stays_on_it() -> None:
    data = render(source("x" * 10_000), "pdf")
    assert text_of(data).count("x") == 10_000
    assert len(opened(data).pages) > 1


def test_what_is_new_has_a_label_in_words() -> None:
    assert "NEW changed" in " ".join(text_of(render(source(f"# T\n\nchanged{NEW}\n"), "pdf")).split())


def test_a_png_logo_and_a_font_of_ones_own_are_used() -> None:
    data = render(source("x"), "pdf", Look(("Example Co",), Logo("png", png(), "Black", 4, 2)))
    assert "Figure" in tags(data)
    with pytest.raises(BadValue, match="there is no font 'Nobody Has This' in fonts/"):
        render(source("x"), "pdf", Look(font="Nobody Has This"))


def test_a_logo_that_cannot_be_drawn_is_a_fault_of_the_letterhead() -> None:
    broken = Logo("svg", b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><path d='", "Broken", 1, 1)
    for format in ("pdf", "docx"):
        with pytest.raises(BadFile, match="the letterhead's logo: cannot be drawn"):
            render(source("x"), format, Look(("Example Co",), broken))
