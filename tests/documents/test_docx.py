"""DOCX: real styles, the organisation's own base, letters to many, and files that LibreOffice opens."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from breachkit.documents import render
from breachkit.documents.docx import DocxForm
from breachkit.domain.looks import Logo, Look
from breachkit.domain.notice_fields import NEW, field_mark
from breachkit.domain.notices import Notice
from breachkit.errors import BadFile

from .every_duty import duties, kind_of, notice_of
from .formats import LOOK, letter, person, png, words_of

HOSTILE = [
    "<w:t>markup</w:t> & ]]> &amp; \"quotes\" 'single'",
    '#read("/etc/passwd") #panic() $x$ @label <label> \\u{41} = heading',
    "{{ 7*7 }} ${7*7} %(name)s \ue000nobody\ue001",
    "bell\x07 nul\x00 escape\x1b[31m vertical\x0b form\x0c \ufffe\uffff",
    "override \u202etxt.exe\u202c isolate \u2067x\u2069",
    "x" * 10_000,
    "=HYPERLINK(1) -cmd +cmd @SUM",
    "emoji 😀 accents żółć ñ ß combining e\u0301",
]


def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def source(text: str, **changes: Any) -> Notice:
    return replace(Notice("eu.gdpr.33", "Title", "en", text, {}, draft=False), **changes)


def styles(data: bytes) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in opened(data).paragraphs]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def base_file(**settings: Any) -> bytes:
    """A base file with a red heading, a header and footer of its own, and text that must go."""
    document = Document()
    document.styles["Heading 1"].font.size = Pt(33)
    section = document.sections[0]
    section.left_margin = Mm(41)
    section.header.paragraphs[0].text = "Example Co own header"
    section.footer.paragraphs[0].text = "Example Co own footer"
    if settings.get("first_page"):
        section.different_first_page_header_footer = True
        section.first_page_header.paragraphs[0].text = "First page of Example Co"
    document.add_paragraph("Text of the base file")
    document.core_properties.author = "Somebody"
    for name in settings.get("without", ()):
        element = document.styles[name].element
        element.getparent().remove(element)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


# -- structure -----------------------------------------------------------------------------------------------------------


def test_every_block_has_the_style_a_word_processor_knows_it_by() -> None:
    text = (
        "# One\n\ntext\n\n## Two\n\n- a\n  - b\n\n1. c\n\n### Three\n\n> said\n\n#### Four\n\n| x | y |\n| - | - |\n| 1 | 2 |\n"
    )
    data = render(source(text), "docx")
    assert [(style, text) for style, text in styles(data) if text] == [
        ("Title", "One"), ("Normal", "text"), ("Heading 1", "Two"), ("List Bullet", "a"), ("List Bullet", "b"),
        ("List Number", "c"), ("Heading 2", "Three"), ("Quote", "said"), ("Heading 3", "Four"),
    ]  # fmt: skip
    (made,) = opened(data).tables
    assert made.style.name == "Table Grid"
    assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert made.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_words_keep_their_looks_and_links_their_addresses() -> None:
    data = render(
        source("**strong** *weak* ***both*** [our page](https://example.com/a?b=1&c=2) https://example.com\n"), "docx"
    )
    (paragraph,) = opened(data).paragraphs
    looks = {run.text: run.style.name for run in paragraph.runs if run.style.name != "Default Paragraph Font"}
    assert looks == {"strong": "Strong", "weak": "Emphasis", "both": "Strong"}
    assert [(link.text, link.address) for link in paragraph.hyperlinks] == [("our page", "https://example.com/a?b=1&c=2")]
    assert "our page (https://example.com/a?b=1&c=2)" in paragraph.text


def test_numbered_lists_begin_with_their_own_numbers() -> None:
    data = render(source("3. c\n4. d\n\ntext\n\n1. a\n"), "docx")
    numbers = [p._p.pPr.numPr.numId.val for p in opened(data).paragraphs if p.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]
    found = {
        num.get(qn("w:numId")): num.find(f".//{qn('w:startOverride')}").get(qn("w:val"))
        for num in opened(data).part.numbering_part.element.findall(qn("w:num"))
        if num.find(f".//{qn('w:startOverride')}") is not None
    }
    assert (found[str(numbers[0])], found[str(numbers[2])]) == ("3", "1")


def test_what_is_new_has_a_label_in_words_and_a_bar() -> None:
    data = render(source(f"# T\n\nold\n\nchanged{NEW}\n\n- item{NEW}\n\n| a |\n| - |\n| 1 |{NEW}\n"), "docx")
    document = opened(data)
    barred = [p.text for p in document.paragraphs if p._p.find(f".//{qn('w:left')}[@{qn('w:sz')}='18']") is not None]
    assert barred == ["NEW changed", "NEW item"]
    cell = document.tables[0].rows[1].cells[0].paragraphs[0]
    assert cell.text == "NEW 1"
    assert cell._p.find(f".//{qn('w:left')}[@{qn('w:sz')}='18']") is not None
    assert cell.runs[0].style.name == "Strong"


def test_the_file_names_its_title_language_and_day_and_nobody_who_made_it() -> None:
    data = render(source("text", language="es", written_on=date(2026, 11, 21)), "docx")
    about = opened(data).core_properties
    assert (about.title, about.language, about.author, about.last_modified_by) == ("Title", "es", "", "")
    assert about.created == about.modified == datetime(2026, 11, 21, tzinfo=UTC)
    styles_xml = parts(data)["word/styles.xml"].decode()
    assert 'w:val="es-ES"' in styles_xml
    assert 'w:val="en-US"' not in styles_xml
    assert not {"docProps/thumbnail.jpeg", "customXml/item1.xml", "word/stylesWithEffects.xml"} & set(parts(data))
    assert "Word" not in parts(data)["docProps/app.xml"].decode()


@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("us-letter", (216, 279))])
def test_the_paper_is_the_notices_unless_the_letterhead_names_one(paper: Any, size: tuple[int, int]) -> None:
    section = opened(render(source("x", paper=paper), "docx")).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size
    other: Any = "us-letter" if paper == "a4" else "a4"
    assert opened(render(source("x", paper=other), "docx", Look(paper=paper))).sections[0].page_height == section.page_height


def test_no_text_of_a_letter_is_smaller_than_ten_points() -> None:
    data = render(source("# T\n\ntext\n", forms=frozenset({"font_min_pt"})), "docx")
    document = opened(data)
    sizes = {
        name: document.styles[name].font.size.pt for name in ("Normal", "Title", "Heading 3", "List Bullet", "Header", "Footer")
    }
    assert min(sizes.values()) >= 10
    assert sizes["Normal"] >= 11


def test_pages_carry_banners_reference_and_number_and_the_first_the_letterhead() -> None:
    data = render(letter(draft=True, invented=True, facts_sha256="ab" * 32), "docx", LOOK)
    section = opened(data).sections[0]
    for header in (section.header, section.first_page_header):
        assert "DRAFT - not approved, not to be sent" in [p.text for p in header.paragraphs]
    cells = [cell.text for cell in section.first_page_header.tables[0].rows[0].cells]
    assert cells[1].splitlines()[0] == "Example Co"
    assert not section.header.tables
    for footer in (section.footer, section.first_page_footer):
        xml = footer._element.xml
        assert "Document reference: facts abababababab" in xml
        assert " PAGE " in xml
        assert " NUMPAGES " in xml
    assert 'descr="A tick in a square"' in section.first_page_header._element.xml


def test_a_png_logo_is_taken_as_it_is_and_an_svg_logo_drawn() -> None:
    picture = png()
    data = parts(render(source("x"), "docx", Look(("Example Co",), Logo("png", picture, "Black", 4, 2))))
    assert [held for name, held in data.items() if name.startswith("word/media/")] == [picture]
    (drawn,) = [held for name, held in parts(render(source("x"), "docx", LOOK)).items() if name.startswith("word/media/")]
    assert drawn.startswith(b"\x89PNG")


# -- a base file of one's own --------------------------------------------------------------------------------------------


def test_a_base_file_keeps_its_styles_header_footer_and_page_and_loses_its_text() -> None:
    data = render(source("# T\n\n## H\n\ntext\n", draft=True, facts_sha256="ab" * 32), "docx", Look(base_docx=base_file()))
    document = opened(data)
    assert document.styles["Heading 1"].font.size == Pt(33)
    section = document.sections[0]
    assert section.left_margin.mm == pytest.approx(41, abs=0.1)
    assert [p.text for p in section.header.paragraphs][-1] == "Example Co own header"
    assert "DRAFT" in section.header.paragraphs[0].text
    assert section.footer.paragraphs[0].text == "Example Co own footer"
    assert "Document reference" in section.footer.paragraphs[-1].text
    assert [p.text for p in document.paragraphs] == ["T", "H", "text"]
    assert document.core_properties.author == ""


def test_a_base_file_with_another_first_page_shows_the_banner_there_too() -> None:
    section = opened(render(source("x", draft=True), "docx", Look(base_docx=base_file(first_page=True)))).sections[0]
    assert "DRAFT" in section.first_page_header.paragraphs[0].text
    assert section.first_page_header.paragraphs[-1].text == "First page of Example Co"
    assert "DRAFT" in section.header.paragraphs[0].text


def test_styles_a_base_file_lacks_are_added() -> None:
    lacking = ("List Bullet", "List Number", "Title", "Quote", "Table Grid", "Strong", "Emphasis")
    text = "# T\n\n- a\n\n1. b\n\n> c\n\n**d** *e*\n\n| x |\n| - |\n| 1 |\n"
    data = render(source(text), "docx", Look(base_docx=base_file(without=lacking)))
    assert [style for style, words in styles(data) if words] == ["Title", "List Bullet", "List Number", "Quote", "Normal"]
    assert opened(data).tables[0].style.name == "Table Grid"


def test_a_base_file_without_numberings_gets_its_lists() -> None:
    held = parts(base_file())
    del held["word/numbering.xml"]
    held["word/_rels/document.xml.rels"] = without(held["word/_rels/document.xml.rels"], b"numbering")
    held["[Content_Types].xml"] = without(held["[Content_Types].xml"], b"numbering")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    found = opened(render(source("- a\n\n1. b\n"), "docx", Look(base_docx=made.getvalue())))
    assert kinds_of(found) == ["abstractNum", "abstractNum", "num", "num"]


def kinds_of(document: Any) -> list[str]:
    return [element.tag.rpartition("}")[2] for element in document.part.numbering_part.element]


def test_numberings_stand_in_the_order_the_schema_wants() -> None:
    held = parts(base_file())
    held["word/numbering.xml"] = held["word/numbering.xml"].replace(
        b"</w:numbering>", b'<w:numIdMacAtCleanup w:val="1"/></w:numbering>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    kinds = kinds_of(opened(render(source("- a\n\n1. b\n"), "docx", Look(base_docx=made.getvalue()))))
    assert kinds == sorted(kinds, key=["abstractNum", "num", "numIdMacAtCleanup"].index)


def test_a_base_file_that_lost_its_styles_is_a_fault_of_that_file() -> None:
    held = parts(base_file())
    held["word/styles.xml"] = b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    with pytest.raises(BadFile, match=r"base\.docx: cannot be used .* save it anew"):
        render(source("x"), "docx", Look(base_docx=made.getvalue()))


def without(xml: bytes, word: bytes) -> bytes:
    """XML without the empty elements that hold a word."""
    import re

    return re.sub(rb"<(?:Relationship|Override)\b[^>]*" + word + rb"[^>]*/>", b"", xml)


# -- letters to many -----------------------------------------------------------------------------------------------------


def test_a_letter_is_the_notice_with_the_persons_data_at_its_marks() -> None:
    form = DocxForm(letter(), LOOK)
    assert form.fields == {"name", "address", "id"}
    data = form.letter(person(7))
    lines = [p.text for p in opened(data).paragraphs if p.text]
    assert lines[0] == "Zoë O'Neil & <7>\n7 Elm Street\nApartment 4\nExampletown, EX 00000"
    assert lines[2] == "Dear Zoë O'Neil & <7>,"
    assert lines[-1] == "Your number is C00000007."
    assert field_mark("name") not in parts(data)["word/document.xml"].decode()


def test_a_letter_says_the_same_as_the_notice_written_out() -> None:
    form = DocxForm(letter(), LOOK)
    one = person(3, name="Ana", address=("1 Elm Street",))
    source_text = letter().source
    for field, said in (("name", "Ana"), ("address", "1 Elm Street"), ("id", str(one["id"]))):
        source_text = source_text.replace(field_mark(field), said)
    notice = letter(source=source_text)
    assert words_of(notice, "docx", form.letter(one)) == words_of(notice, "docx", render(notice, "docx", LOOK))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_person_is_called_is_only_text(hostile: str) -> None:
    data = DocxForm(letter(), LOOK).letter(person(1, name=hostile, address=(hostile, "x")))
    expected = "".join(c for c in hostile if c.isprintable() or c in "\ue000\ue001").replace("\ufffe", "")
    (line,) = [p.text for p in opened(data).paragraphs if p.text.startswith("Dear ")]
    assert line == f"Dear {expected},"
    assert set(parts(data)) == set(parts(DocxForm(letter(), LOOK).letter(person())))


def test_a_letter_that_lacks_a_field_is_not_made() -> None:
    with pytest.raises(KeyError, match="address"):
        DocxForm(letter()).letter({"name": "Ana", "id": "1"})


def test_letters_share_every_part_but_their_text() -> None:
    form = DocxForm(letter(), LOOK)
    first, second = parts(form.letter(person(1))), parts(form.letter(person(2)))
    assert {name for name in first if first[name] != second[name]} == {"word/document.xml"}
    assert form.letter(person(1)) == DocxForm(letter(), LOOK).letter(person(1))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_in_a_notice_come_out_as_text(hostile: str) -> None:
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!<>|&$~^:;\"'=/?@%," else c for c in hostile)
    data = render(source(f"# T\n\nbefore {escaped} after\n", title=hostile), "docx")
    (line,) = [p.text for p in opened(data).paragraphs if p.text.startswith("before")]
    assert line.endswith(" after")
    assert not [c for c in line if ord(c) < 32]


# -- in LibreOffice ------------------------------------------------------------------------------------------------------


def test_libreoffice_opens_twenty_files_with_the_same_words(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed; the CI script installs libreoffice-writer-nogui")
    notices = {f"n{number:02}": notice_of(duty) for number, duty in enumerate(sample(16))}
    notices["letter"] = letter(draft=True, invented=True)
    notices["marked"] = source(f"# T\n\nwords{NEW}\n\n3. three\n   - deep\n\n| a | b |\n| - | - |\n| 1 | 2 |\n")
    made = {name: render(notice, "docx", LOOK) for name, notice in notices.items()}
    made["letter"] = DocxForm(notices["letter"], LOOK).letter(person())
    notices["based"] = notices["n00"]
    made["based"] = render(notices["based"], "docx", Look(base_docx=base_file()))
    notices["first"] = notices["n01"]
    made["first"] = render(notices["first"], "docx", Look(base_docx=base_file(first_page=True)))
    assert len(made) == 20
    for name, data in made.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    done = subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "txt:Text (encoded):UTF8", "--outdir", str(tmp_path / "out"), *(str(tmp_path / f"{name}.docx") for name in made)],
        capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name, data in made.items():
        text = (tmp_path / "out" / f"{name}.txt").read_text(encoding="utf-8-sig")
        # It writes out the signs of bulleted items and the numbers of numbered ones, and leaves frames out.
        found = words_of(notices[name], "text", text.replace("\u2022", " ").replace("\u2013", " "))
        expected = words_of(notices[name], "docx", data)
        framed = 11 if name == "letter" else 0  # the words of name and address
        assert found == expected[framed:], name


def sample(count: int) -> list[str]:
    """Duties of every kind of recipient, spread over the laws."""
    by_kind: dict[str, list[str]] = {}
    for id in sorted(duties()):
        by_kind.setdefault(kind_of(id), []).append(id)
    chosen = [ids[len(ids) * step // 4] for step in range(4) for ids in by_kind.values()]
    return list(dict.fromkeys(chosen))[:count]
