"""The file around a DOCX body: header, footer and properties, in the shipped look or an organisation's own.

Of an organisation's file its styles, headers, footers and page are kept; what styles it lacks are added.
"""

from __future__ import annotations

import gc
import io
from datetime import UTC, datetime, time
from html import escape
from typing import TYPE_CHECKING, Any

from breachkit.documents.docx_body import NAMESPACES, House, body_xml, run
from breachkit.documents.docx_head import letterhead_xml
from breachkit.documents.docx_numbering import Numbering
from breachkit.documents.docx_styles import add_missing_styles, set_language, ship_styles
from breachkit.documents.page import banners, exercise_named, last_line, new_label, paper_of, printable, reference, watermark
from breachkit.documents.pdf_data import address_at
from breachkit.documents.tree import labelled, ordered, parse
from breachkit.documents.watermark import vml
from breachkit.domain.looks import Look
from breachkit.domain.notice_fields import without_marks
from breachkit.domain.notices import Notice
from breachkit.errors import BadFile, Fault

if TYPE_CHECKING:
    from docx.document import Document

_LOCALES = {
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "de": "de-DE",
    "it": "it-IT",
    "nl": "nl-NL",
    "pt": "pt-PT",
    "pl": "pl-PL",
}
# Parts of a file that say who worked on it, or more than anybody sees.
_DROPPED = ("thumbnail", "stylesWithEffects", "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people",
            "glossaryDocument", "custom-properties")  # fmt: skip
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>breachkit</Application></Properties>'
)
# Twentieths of a point from the top of the page: the address, as the address field of DIN 5008 form B and the window of a
# No. 10 envelope show it, and the text below it.
_WINDOWS = {"a4": (3544, 5600), "us-letter": (2948, 5150)}
_FRAME_TOP = 1100


def build(notice: Notice, look: Look) -> bytes:
    """The notice as python-docx saves it; `docx_zip` makes its bytes the same every time."""
    document = _opened(look)
    _strip(document)
    if look.base_docx is None:
        ship_styles(document, notice, look)
    add_missing_styles(document)
    set_language(document, _locale(notice, look))
    _set_properties(document, notice)
    _set_page(document, notice, look)
    _set_body(document, notice, look)
    made = io.BytesIO()
    document.save(made)
    # A package and its parts hold one another, 2 MB of them, and a command collects late: hundreds of notices would stay.
    del document
    gc.collect(0)
    return made.getvalue()


def _opened(look: Look) -> Document:
    """The file the notice is built in. BadFile when an organisation's own is nothing python-docx can work with."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    if look.base_docx is None:
        return Document()
    try:
        document = Document(io.BytesIO(look.base_docx))
        document.styles["Normal"], document.sections[-1]
        return document
    except (OpcError, SyntaxError, LookupError, ValueError, AttributeError) as problem:  # lxml says SyntaxError
        text = f"cannot be used ({problem}); open it in a word processor and save it anew as .docx"
        raise BadFile([Fault("base.docx", None, text)]) from problem


def _locale(notice: Notice, look: Look) -> str:
    if notice.language == "en" and paper_of(notice, look) == "us-letter":
        return "en-US"
    return _LOCALES.get(notice.language, notice.language)


def _strip(document: Document) -> None:
    """Take out what is no part of a notice."""
    for rels in (document.part.package.rels, document.part.rels):
        for id, link in list(rels.items()):
            if link.reltype.rpartition("/")[2] in _DROPPED:
                del rels[id]
            elif link.reltype.endswith("/extended-properties"):
                link.target_part._blob = _APP  # python-docx has no door to this part
    if "customXml" in {link.reltype.rpartition("/")[2] for link in document.part.rels.values()}:
        for id in [id for id, link in document.part.rels.items() if link.reltype.endswith("/customXml")]:
            del document.part.rels[id]


# -- properties ----------------------------------------------------------------------------------------------------------


def _set_properties(document: Document, notice: Notice) -> None:
    """Title, language and day; nothing of the machine it was made on."""
    about = document.core_properties
    for name in (
        "author",
        "last_modified_by",
        "comments",
        "keywords",
        "category",
        "subject",
        "content_status",
        "identifier",
        "version",
    ):
        setattr(about, name, "")
    about.title = without_marks(printable(" - ".join([*banners(notice), notice.title])))[:255]
    about.language = notice.language
    about.revision = 1
    element = about._element  # python-docx has no door to take a date out
    for name in ("created", "modified", "lastPrinted"):
        for one in list(element):
            if one.tag.rpartition("}")[2] == name:
                element.remove(one)
    if notice.written_on is not None:
        about.created = about.modified = datetime.combine(notice.written_on, time(), UTC)


# -- body, header, footer ------------------------------------------------------------------------------------------------


def _set_body(document: Document, notice: Notice, look: Look) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement, parse_xml

    nodes = tuple(labelled(ordered(parse(notice.source)), new_label(notice)))
    numbering = Numbering(document)
    part = document.part
    window, text = _WINDOWS[paper_of(notice, look)]
    place = f'w:vAnchor="page" w:hAnchor="margin" w:x="0" w:y="{_FRAME_TOP}"'
    width = _text_width(document.sections[-1])
    frame = f'<w:framePr w:w="{width}" w:h="{text - _FRAME_TOP}" w:hRule="exact" w:wrap="notBeside" {place}/>'
    house = House(
        style={style.name: style.style_id for style in document.styles if style.name},
        bullets=numbering.bullets(),
        numbers=numbering.numbers,
        link=lambda url: part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
        frame=frame,
        window=window - _FRAME_TOP,
    )
    body = document.element.body
    last = [child for child in body if child.tag == qn("w:sectPr")][-1:]
    for child in list(body):
        body.remove(child)
    end = "".join(map(_exercise, last_line(notice)))
    made = parse_xml(f"<w:body {NAMESPACES}>{body_xml(nodes, house, address_at(nodes))}{end}</w:body>")
    body.extend(list(made))
    body.append(last[0] if last else OxmlElement("w:sectPr"))
    _set_head_and_foot(document, notice, look, house)


def _set_page(document: Document, notice: Notice, look: Look) -> None:
    """The shipped page; an organisation's own stays as it is."""
    from docx.shared import Mm

    if look.base_docx is not None:
        return
    section = document.sections[-1]
    width, height = (Mm(210), Mm(297)) if paper_of(notice, look) == "a4" else (Mm(215.9), Mm(279.4))
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(25), Mm(25)
    section.header_distance, section.footer_distance = Mm(10), Mm(12)


def _set_head_and_foot(document: Document, notice: Notice, look: Look, house: House) -> None:
    """Banners at the head of every page, the reference and the page number at its foot, the letterhead on the first."""
    section = document.sections[-1]
    marked = len(last_line(notice))  # these banners of an exercise take no style of a base file
    head = "".join(_banner(line, house) for line in banners(notice)[marked:])
    foot = _reference(notice, house, width=_text_width(section))
    has_letterhead = look.base_docx is None and bool(look.organisation or look.logo)
    if has_letterhead:
        section.different_first_page_header_footer = True
    kinds = [(section.header, section.footer)]
    if section.different_first_page_header_footer:
        kinds.append((section.first_page_header, section.first_page_footer))
    if document.settings.odd_and_even_pages_header_footer:
        kinds.append((section.even_page_header, section.even_page_footer))
    for number, (header, bottom) in enumerate(kinds):
        first = letterhead_xml(header.part, look, house.style) if has_letterhead and number == 1 else ""
        top = "".join(_exercise(line, vml(watermark(notice), number + 1)) for line in last_line(notice))
        _add(header, top + head + first, before=True)
        _add(bottom, foot, before=False)


def _text_width(section: Any) -> int:
    """In twentieths of a point, of which an A4 page has 11906."""
    page, left, right = (length or 0 for length in (section.page_width, section.left_margin, section.right_margin))
    return int(page - left - right) // 635 if page else 9026


def _add(place: Any, xml: str, *, before: bool) -> None:
    """Put paragraphs into a header or footer, around what stands there already."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import parse_xml

    place.is_linked_to_previous = False
    element = place._element
    made = list(parse_xml(f"<w:hdr {NAMESPACES}>{xml}</w:hdr>"))
    old = list(element)
    empty = (
        len(old) == 1
        and old[0].tag == qn("w:p")
        and not "".join(old[0].itertext()).strip()
        and old[0].find(f".//{qn('w:drawing')}") is None
    )
    if made and empty:
        element.remove(old[0])
    for number, one in enumerate(made):
        element.insert(number, one) if before else element.append(one)


_SIDES = ("top", "left", "bottom", "right")
_BOX = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="3" w:color="9B1C1C"/>' for side in _SIDES)


def _banner(line: str, house: House) -> str:
    style = f'<w:pStyle w:val="{escape(house.style["Header"])}"/>'
    looks = '<w:b/><w:color w:val="9B1C1C"/>'
    return f'<w:p><w:pPr>{style}<w:pBdr>{_BOX}</w:pBdr><w:jc w:val="center"/></w:pPr>{run(line, looks)}</w:p>'


# Nothing of these is taken from a base file's styles: letters they hide, whiten, shrink or squeeze are shown all the same.
_RED = (
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:b/><w:strike w:val="0"/><w:vanish w:val="0"/>'
    '<w:color w:val="9B1C1C"/><w:spacing w:val="0"/><w:w w:val="100"/><w:position w:val="0"/>'
    '<w:sz w:val="20"/><w:szCs w:val="20"/>'
)
_EVEN = (
    '<w:spacing w:before="60" w:after="60" w:line="240" w:lineRule="auto"/><w:ind w:left="0" w:right="0" w:firstLine="0"/>'
    '<w:jc w:val="center"/>'
)


def _exercise(line: str, drawn: str = "") -> str:
    """The banner of an exercise; `drawn` is what stands across the page."""
    return f"<w:p><w:pPr><w:pBdr>{_BOX}</w:pBdr>{_EVEN}</w:pPr>{drawn}{run(line, _RED)}</w:p>"


def _reference(notice: Notice, house: House, *, width: int) -> str:
    style = f'<w:pStyle w:val="{escape(house.style["Footer"])}"/>'
    # The page number stands at the right margin whatever tabs the style has.
    old = "".join(f'<w:tab w:val="clear" w:pos="{place}"/>' for place in (4320, 4513, 4536, 4680, 8640, 9026, 9072, 9360))
    tabs = f'<w:tabs>{old}<w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    top = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="737373"/></w:pBdr>'
    number = f"{_field('PAGE')}{run(' / ')}{_field('NUMPAGES')}"
    above = f"<w:p><w:pPr>{_EVEN}</w:pPr>{run(named, _RED)}</w:p>" if (named := exercise_named(notice)) else ""
    return f"{above}<w:p><w:pPr>{style}{top}{tabs}</w:pPr>{run(reference(notice))}<w:r><w:tab/></w:r>{number}</w:p>"


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
