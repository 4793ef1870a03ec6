"""The styles of a DOCX file: the shipped look, and what an organisation's own file lacks."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from breachkit.domain.looks import Look
from breachkit.domain.notices import Notice

if TYPE_CHECKING:
    from docx.document import Document

STYLES: Final = (
    "Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Quote", "Header", "Footer",
    "Table Grid", "Strong", "Emphasis", "Hyperlink",
)  # fmt: skip
"""The styles a notice uses; all of them every word processor knows."""
_FONT = "Arial"
_SIZES = {"Title": 18, "Heading 1": 13, "Heading 2": 12, "Heading 3": 11}


def ship_styles(document: Document, notice: Notice, look: Look) -> None:
    """One font, black or the organisation's colour, sizes no letter may go below; and no table style nobody uses."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for unused in list(document.styles.element.findall(qn("w:style"))):
        name = unused.find(qn("w:name")).get(qn("w:val"))
        if unused.get(qn("w:type")) == "table" and name not in ("Normal Table", "Table Grid"):
            document.styles.element.remove(unused)
    small = 10 if "font_min_pt" in notice.forms else 9
    ink = RGBColor.from_string((look.colour or "#1a1a1a")[1:].upper())
    font = look.font or _FONT
    for name in STYLES:
        if name in ("Hyperlink", "Table Grid", "Strong", "Emphasis"):
            continue
        style: Any = document.styles[name]
        size = _SIZES.get(name, small if name in ("Header", "Footer") else 11)
        style.font.size = Pt(size)
        style.font.name = font
        fonts = style.element.rPr.rFonts
        for key in ("asciiTheme", "hAnsiTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{key}"), None)
        fonts.set(qn("w:cs"), font)
        if name in _SIZES:
            style.font.color.rgb = ink
            style.font.bold = True
            style.paragraph_format.space_before = Pt(0 if name == "Title" else 14)
            style.paragraph_format.space_after = Pt(10 if name == "Title" else 4)
            style.paragraph_format.keep_with_next = True
            for border in style.element.pPr.findall(qn("w:pBdr")):
                style.element.pPr.remove(border)
            for spacing in style.element.rPr.findall(qn("w:spacing")):
                style.element.rPr.remove(spacing)
    for name in ("Header", "Footer"):
        properties = document.styles[name].element.pPr
        for tabs in properties.findall(qn("w:tabs")):
            properties.remove(tabs)
    normal: Any = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.12
    for name in ("List Bullet", "List Number"):
        listed: Any = document.styles[name]
        listed.paragraph_format.space_after = Pt(7)  # after the last item; items of one list stand close


def add_missing_styles(document: Document) -> None:
    """Styles the file lacks, as python-docx ships them."""
    from docx import Document as new_document
    from docx.oxml.ns import qn

    there = {style.name for style in document.styles}
    if missing := [name for name in STYLES if name not in there]:
        shipped = new_document().styles
        for name in missing:
            if name == "Hyperlink":
                _add_hyperlink(document)
                continue
            copy = deepcopy(shipped[name].element)
            ids = {style.style_id for style in document.styles}
            for tag in ("w:basedOn", "w:next", "w:link"):
                for reference in copy.findall(qn(tag)):
                    if reference.get(qn("w:val")) not in ids:
                        copy.remove(reference)
            for numbering in copy.iter(qn("w:numPr")):
                numbering.getparent().remove(numbering)  # it would mean another file's numbering
                break
            if copy.get(qn("w:styleId")) in ids:
                copy.set(qn("w:styleId"), f"Breachkit{copy.get(qn('w:styleId'))}")
            copy.attrib.pop(qn("w:default"), None)
            document.styles.element.append(copy)


def _add_hyperlink(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    style: Any = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    style.font.color.rgb = RGBColor(0x0B, 0x4F, 0x8A)
    style.font.underline = True


def set_language(document: Document, language: str) -> None:
    """The language of all text, by which it is read aloud and spelled."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    styles = document.styles.element
    for named in styles.iter(qn("w:lang")):
        named.set(qn("w:val"), language)
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = OxmlElement("w:docDefaults")
        styles.insert(0, defaults)
    for tag in ("w:rPrDefault", "w:rPr", "w:lang"):
        inner = defaults.find(qn(tag))
        if inner is None:
            inner = OxmlElement(tag)
            defaults.insert(0, inner) if tag == "w:rPrDefault" else defaults.append(inner)
        defaults = inner
    defaults.set(qn("w:val"), language)
