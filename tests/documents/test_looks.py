"""An organisation's look: read strictly, and whatever could run, fetch or hide something refused with its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from breachkit.content.base_docx import MAX_UNPACKED, check_base
from breachkit.content.looks import MAX_LOGO, contrast_with_white, load_look
from breachkit.documents import render
from breachkit.errors import BadFile

from .formats import SVG, letter, png

GOOD = """format: breachkit/letterhead@1
organisation:
  - Example Co
  - 1 Sample Street
  - Exampletown, EX 00000
logo: letterhead.svg
logo_alt: A tick in a square
colour: "#1F3A5F"
paper: us-letter
"""


def folder(tmp_path: Path, text: str = GOOD, **files: bytes) -> Path:
    """An organisation's own folder; a file's name is written with `__` for its dot."""
    (tmp_path / "letterhead.yaml").write_text(text, encoding="utf-8")
    for name, data in {"letterhead__svg": SVG, **files}.items():
        (tmp_path / name.replace("__", ".")).write_bytes(data)
    return tmp_path


def faults(where: Path) -> list[str]:
    with pytest.raises(BadFile) as problem:
        load_look(where)
    return [str(fault) for fault in problem.value.faults]


def base_file(change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    """A DOCX file, its parts changed."""
    made = io.BytesIO()
    Document().save(made)
    with zipfile.ZipFile(made) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    if change is not None:
        change(held)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    return made.getvalue()


# -- letterhead.yaml -----------------------------------------------------------------------------------------------------


def test_a_letterhead_is_read(tmp_path: Path) -> None:
    look = load_look(folder(tmp_path))
    assert look is not None
    assert look.organisation == ("Example Co", "1 Sample Street", "Exampletown, EX 00000")
    assert look.logo is not None
    assert (look.logo.kind, look.logo.alt, look.logo.width / look.logo.height) == ("svg", "A tick in a square", 3)
    assert (look.colour, look.paper, look.font, look.base_docx, look.font_folders) == ("#1f3a5f", "us-letter", "", None, ())


def test_an_organisation_without_any_of_it_has_no_look(tmp_path: Path) -> None:
    assert load_look(None) is None
    assert load_look(tmp_path) is None
    assert load_look(tmp_path / "not there") is None
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "readme.txt").write_text("none", encoding="utf-8")
    assert load_look(tmp_path) is None


def test_fonts_and_a_base_file_need_no_letterhead(tmp_path: Path) -> None:
    (tmp_path / "fonts" / "inner").mkdir(parents=True)
    (tmp_path / "fonts" / "inner" / "sample.OTF").write_bytes(b"font")
    base = base_file()
    (tmp_path / "base.docx").write_bytes(base)
    look = load_look(tmp_path)
    assert look is not None
    assert look.font_folders == (str(tmp_path / "fonts"),)
    assert look.base_docx == base


def test_all_of_the_look_shows_in_the_documents(tmp_path: Path) -> None:
    look = load_look(folder(tmp_path))
    assert render(letter(), "pdf", look) != render(letter(), "pdf")
    assert render(letter(), "docx", look) != render(letter(), "docx")
    assert render(letter(), "html", look) == render(letter(), "html")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("paper:", "papier:", "letterhead.yaml line 9: unknown key 'papier' in the letterhead; did you mean 'paper'?"),
        ("us-letter", "a5", "line 9: unknown paper 'a5'"),
        ("#1F3A5F", "navy", "line 8: 'navy' is no colour"),
        ("#1F3A5F", "#777777", "line 8: '#777777' is too pale to read on white (4.4 to 1; 4.5 is needed); take a darker one"),
        ("#1F3A5F", "#ffcc00", "too pale"),
        ("letterhead.svg", "../../etc/passwd", "line 6: '../../etc/passwd' is not read; name the file letterhead.svg"),
        ("letterhead.svg", "letterhead.png", "line 6: letterhead.png cannot be read"),
        ("logo_alt: A tick in a square\n", "", "a logo needs 'logo_alt'"),
        ("logo: letterhead.svg\n", "", "line 6: describes a logo, and there is none"),
        ("letterhead@1", "letterhead@2", "line 1: format must be 'breachkit/letterhead@1'"),
        ("  - 1 Sample Street\n", "  - line\n" * 7, "takes at most 7 lines"),
        ("1 Sample Street", "x" * 91, "at most 90 printable characters"),
        ("paper: us-letter", "font: Sample Sans", "font 'Sample Sans': put its files into a folder fonts/"),
        ("organisation:\n  - Example Co\n  - 1 Sample Street\n  - Exampletown, EX 00000\n", "", "'organisation' must list"),
    ],
)
def test_a_letterhead_written_wrong_is_refused_with_its_line(old: str, new: str, says: str, tmp_path: Path) -> None:
    assert old in GOOD
    assert says in "\n".join(faults(folder(tmp_path, GOOD.replace(old, new))))


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("paper:", "papier:").replace("#1F3A5F", "#eeeeee")
    assert len(faults(folder(tmp_path, text, base__docx=b"no zip"))) == 3


def test_a_logo_alone_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "letterhead.png").write_bytes(png())
    assert faults(tmp_path) == ["letterhead.png: is used only when letterhead.yaml beside it says so; write that file"]


@pytest.mark.parametrize(("colour", "ratio"), [("#ffffff", 1), ("#000000", 21), ("#767676", 4.54), ("#777777", 4.48)])
def test_contrast_is_reckoned_as_wcag_does(colour: str, ratio: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


# -- logos ---------------------------------------------------------------------------------------------------------------

BODY = b"<rect width='1' height='1'/>"


def svg(inner: bytes = BODY, attributes: bytes = b"viewBox='0 0 2 1'", before: bytes = b"") -> bytes:
    return (
        before
        + b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
        + attributes
        + b">"
        + inner
        + b"</svg>"
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (svg(b"<script>alert(1)</script>"), "holds <script>"),
        (svg(b"<foreignObject/>"), "holds <foreignobject>"),
        (svg(b"<rect onload='x()'/>"), "runs a script (onload)"),
        (svg(b"<image href='https://evil.example/x.png'/>"), "refers to something outside it (https://evil.example/x.png)"),
        (svg(b"<image xlink:href='file:///etc/passwd'/>"), "refers to something outside it (file:///etc/passwd)"),
        (svg(b"<image href='data:image/svg+xml;base64,AA'/>"), "refers to something outside it"),
        (svg(b"<a href='javascript:x'/>"), "refers to something outside it"),
        (svg(b"<rect style='fill:url(https://evil.example/x)'/>"), "has a style that fetches something (style)"),
        (svg(b"<style>@import 'https://evil.example'</style>"), "has a style that fetches something"),
        (svg(before=b"<!DOCTYPE svg [<!ENTITY a 'b'>]>"), "has a DOCTYPE, entities"),
        (svg(before=b"<?xml-stylesheet href='x'?>"), "has a DOCTYPE, entities or a style sheet link"),
        (svg().decode().encode("utf-16"), "is not UTF-8 text"),
        (svg(before=b"<?xml version='1.0' encoding='utf-7'?>"), "is not UTF-8 text"),
        (svg(attributes=b""), "says no size"),
        (svg(attributes=b"viewBox='0 0 100 1'"), "is too long and thin"),
        (svg(b"<rect>"), "is not well-formed SVG"),
        (b"<html/>", "is not an SVG picture"),
        (b"x" * (MAX_LOGO + 1), "is larger than 2 MB"),
    ],
)
def test_an_svg_that_does_more_than_show_something_is_refused(data: bytes, says: str, tmp_path: Path) -> None:
    (said,) = faults(folder(tmp_path, letterhead__svg=data))
    assert f"letterhead.yaml line 6: letterhead.svg {says}" in said


@pytest.mark.parametrize(
    "data", [svg(), svg(attributes=b"width='2in' height='1in'"), svg(b"<use href='#a'/><rect id='a' fill='url(#g)'/>")]
)
def test_a_plain_svg_is_taken(data: bytes, tmp_path: Path) -> None:
    look = load_look(folder(tmp_path, letterhead__svg=data))
    assert look is not None
    assert look.logo is not None
    assert look.logo.width == 2 * look.logo.height


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"GIF89a", "is not a PNG picture"),
        (png()[:-12], "is cut off"),
        (png()[:-20], "is damaged"),
        (png().replace(b"IDAT", b"IDOT"), "is damaged"),
        (png(20_000, 1), "is 20000 by 1 pixels"),
    ],
)
def test_a_png_that_is_none_or_broken_is_refused(data: bytes, says: str, tmp_path: Path) -> None:
    (said,) = faults(folder(tmp_path, GOOD.replace("letterhead.svg", "letterhead.png"), letterhead__png=data))
    assert says in said


# -- base.docx -----------------------------------------------------------------------------------------------------------

RELS = "word/_rels/document.xml.rels"


def related(kind: str, target: str, mode: str = "External") -> Callable[[dict[str, bytes]], None]:
    def change(held: dict[str, bytes]) -> None:
        link = (
            f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
            f'Target="{target}" TargetMode="{mode}"/>'
        )
        held[RELS] = held[RELS].replace(b"</Relationships>", link.encode() + b"</Relationships>")

    return change


def added(name: str, data: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda held: held.update({name: data})


def inside(xml: str) -> Callable[[dict[str, bytes]], None]:
    def change(held: dict[str, bytes]) -> None:
        held["word/document.xml"] = held["word/document.xml"].replace(b"<w:body>", b"<w:body>" + xml.encode())

    return change


def as_template(held: dict[str, bytes]) -> None:
    held["[Content_Types].xml"] = held["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")


def with_entities(held: dict[str, bytes]) -> None:
    held["word/styles.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


def in_utf16(held: dict[str, bytes]) -> None:
    held["word/styles.xml"] = "<x/>".encode("utf-16")


def field(instruction: str) -> str:
    cut = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (instruction[:4], instruction[4:]))
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{cut}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (added("word/vbaProject.bin"), "holds macros (word/vbaProject.bin)"),
        (added("word/embeddings/oleObject1.bin"), "holds embedded objects or controls"),
        (added("word/activeX/activeX1.xml", b"<x/>"), "holds embedded objects or controls"),
        (
            related("attachedTemplate", "https://evil.example/t.dotm"),
            "refers to parts taken from other files (attachedTemplate)",
        ),
        (related("oleObject", "file:///x"), "refers to embedded objects or controls"),
        (related("image", "https://evil.example/beacon.png"), "takes something from outside the file"),
        (related("hyperlink", "file:///etc/passwd"), "has a link that is no web or mail address (file:///etc/passwd)"),
        (related("aFChunk", "chunk.html", "Internal"), "refers to parts taken from other files"),
        (inside('<w:altChunk r:id="rId9"/>'), "holds an embedded object or another file"),
        (inside(field("INCLUDETEXT &quot;/etc/passwd&quot;")), "has a field that reads other files (INCLUDETEXT)"),
        (inside(field("ddeauto cmd")), "has a field that reads other files (DDEAUTO)"),
        (inside('<w:fldSimple w:instr=" INCLUDEPICTURE x "/>'), "has a field that reads other files (INCLUDEPICTURE)"),
        (as_template, "is a template or has macros, not a document"),
        (with_entities, "word/styles.xml is not plain UTF-8 XML"),
        (in_utf16, "word/styles.xml is not plain UTF-8 XML"),
        (lambda held: held.pop("word/document.xml"), "lacks word/document.xml"),
        (added("../evil.xml", b"<x/>"), "holds a part with a forged name"),
        (added("word/media/bomb.png", b"\0" * (MAX_UNPACKED + 1)), "unpacks to more than 40 MB"),
        (lambda held: held.update({f"word/x{number}.png": b"" for number in range(501)}), "parts, more than 500"),
    ],
)
def test_a_base_file_that_runs_fetches_or_swells_is_refused(
    change: Callable[[dict[str, bytes]], None], says: str, tmp_path: Path
) -> None:
    (tmp_path / "base.docx").write_bytes(base_file(change))
    assert says in "\n".join(faults(tmp_path))


@pytest.mark.parametrize(("data", "says"), [(b"not a zip", "is not a DOCX file"), (b"x" * 5_000_001, "is larger than 5 MB")])
def test_what_is_no_docx_file_is_refused(data: bytes, says: str) -> None:
    (fault,) = check_base(data, "base.docx")
    assert says in str(fault)


def test_a_damaged_archive_is_refused() -> None:
    data = base_file()
    for cut in (len(data) // 2, len(data) - 30):
        assert check_base(data[:cut], "base.docx")
    assert check_base(data[:200] + bytes(100) + data[300:], "base.docx")


def test_an_ordinary_file_with_a_web_link_and_a_page_number_is_taken() -> None:
    def change(held: dict[str, bytes]) -> None:
        related("hyperlink", "https://example.com")(held)
        inside(field(" PAGE ") + field(" HYPERLINK &quot;https://example.com/link/quote&quot; "))(held)

    assert check_base(base_file(change), "base.docx") == []
