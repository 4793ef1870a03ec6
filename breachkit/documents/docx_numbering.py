"""Numberings of lists, added to a DOCX file beside those it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from breachkit.documents.docx_body import INDENT, NAMESPACES

if TYPE_CHECKING:
    from docx.document import Document


class Numbering:
    """Adds to one file."""

    def __init__(self, document: Document) -> None:
        from docx.oxml.ns import qn

        self._qn = qn
        self._element = _numbering_of(document)
        self._next = 1 + max([0, *(int(num.get(qn("w:numId"))) for num in self._element.findall(qn("w:num")))])
        shapes = [int(shape.get(qn("w:abstractNumId"))) for shape in self._element.findall(qn("w:abstractNum"))]
        self._bullet, self._number = max([-1, *shapes]) + 1, max([-1, *shapes]) + 2
        self._add_shape(self._bullet, [("bullet", sign) for sign in "\u2022\u2013\u2022\u2013\u2022\u2013\u2022\u2013\u2022"])
        self._add_shape(self._number, [("decimal", f"%{level + 1}.") for level in range(9)])

    def bullets(self) -> int:
        """The numbering of all bulleted lists."""
        return self._add(self._bullet, "")

    def numbers(self, start: int) -> int:
        """A numbering that begins at `start`."""
        levels = range(9)
        return self._add(
            self._number,
            "".join(f'<w:lvlOverride w:ilvl="{n}"><w:startOverride w:val="{start}"/></w:lvlOverride>' for n in levels),
        )

    def _add(self, shape: int, inner: str) -> int:
        from docx.oxml.parser import parse_xml

        number, self._next = self._next, self._next + 1
        made = parse_xml(f'<w:num {NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="{shape}"/>{inner}</w:num>')
        self._insert(made, "w:numIdMacAtCleanup")
        return number

    def _add_shape(self, id: int, levels: Iterable[tuple[str, str]]) -> None:
        from docx.oxml.parser import parse_xml

        made = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{sign}"/>'
            '<w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{INDENT * (n + 1)}" w:hanging="{INDENT}"/></w:pPr></w:lvl>'
            for n, (kind, sign) in enumerate(levels)
        )
        shape = parse_xml(
            f'<w:abstractNum {NAMESPACES} w:abstractNumId="{id}"><w:multiLevelType w:val="multilevel"/>{made}</w:abstractNum>'
        )
        self._insert(shape, "w:num", "w:numIdMacAtCleanup")

    def _insert(self, made: Any, *before: str) -> None:
        """Put it before the first of these; the schema wants all shapes before all numberings."""
        later = [element for element in self._element if element.tag in map(self._qn, before)]
        if later:
            later[0].addprevious(made)
        else:
            self._element.append(made)


def _numbering_of(document: Document) -> Any:
    """The element that holds the numberings, in a part of its own that is added when there is none."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.parts.numbering import NumberingPart

    for link in document.part.rels.values():
        if link.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return link.target_part.element
    blob = f"<w:numbering {NAMESPACES}/>".encode()
    part = NumberingPart.load(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return part.element
