"""The tree as the body of a DOCX file: WordprocessingML in which every look is a style's.

Text is escaped on its way in, and what XML may not hold is left out. Fields stay as their marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from breachkit.documents.page import printable, shown_address
from breachkit.documents.tree import Node
from breachkit.domain.notice_fields import field_mark

INDENT: Final = 360
"""Twentieths of a point by which each level of a list is set in."""
NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_BAR = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="auto"/></w:pBdr>'
_RULE = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="737373"/></w:pBdr>'
_BOX = '<w:bdr w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
_MONO = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>'


@dataclass(frozen=True, slots=True)
class House:
    """What the body refers to in the file around it."""

    style: Mapping[str, str]
    """The id of each style by its name."""
    bullets: int
    """The numbering of bulleted lists."""
    numbers: Callable[[int], int]
    """A numbering of its own for a numbered list that begins with that number."""
    link: Callable[[str], str]
    """The id of a relationship to an address."""
    frame: str = ""
    """The frame the address stands in for an envelope's window."""
    window: int = 0
    """How far below the frame's top edge the address begins, in twentieths of a point."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands."""

    style: str = "Normal"
    list: int | None = None
    """The numbering of the list it is the first paragraph of an item of."""
    depth: int = -1
    """How many lists it is in, less one."""
    new: bool = False


def body_xml(nodes: Sequence[Node], house: House, address: int | None) -> str:
    """The paragraphs and tables of a document; `address` is the block that stands in the envelope's window."""
    titled = False
    made = []
    for number, node in enumerate(nodes):
        if node.kind == "heading" and node.level == 1 and not titled:
            titled = True
            made.append(_paragraph(node.children, house, _Place("Title", new=node.new)))
        elif number == address:
            made.append(_addressed(node, house))
        else:
            made.append(_block(node, house, _Place(), shift=1 if titled else 0))
    return "".join(made)


def _addressed(node: Node, house: House) -> str:
    """The address in a frame that reaches from the head of the page to where the text begins, and keeps the text below."""
    flat = '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="{}"/>'
    above = f"<w:p><w:pPr>{_style(house, 'Normal')}{house.frame}{flat.format(house.window, 'exact')}</w:pPr></w:p>"
    lines = f"{_style(house, 'Normal')}{house.frame}{flat.format(240, 'auto')}"
    return f"{above}<w:p><w:pPr>{lines}</w:pPr>{_runs(node.children, house)}</w:p>"


def _block(node: Node, house: House, place: _Place, shift: int = 0) -> str:
    match node.kind:
        case "heading":
            level = min(3, max(1, node.level - shift))
            return _paragraph(node.children, house, _Place(f"Heading {level}", new=node.new))
        case "bullet_list" | "ordered_list":
            return _list(node, house, place)
        case "blockquote":
            return "".join(_block(child, house, replace(place, style="Quote")) for child in node.children)
        case "code_block":
            return _paragraph(_code_lines(node.text), house, place)
        case "rule":
            return f"<w:p><w:pPr>{_style(house, 'Normal')}{_RULE}</w:pPr></w:p>"
        case "table":
            return _table(node, house)
        case _:
            return _paragraph(node.children, house, replace(place, new=place.new or node.new))


def _code_lines(text: str) -> list[Node]:
    nodes = []
    for line in text.rstrip("\n").split("\n"):
        nodes += [Node("line_break"), Node("code", text=line)]
    return nodes[1:]


def _list(node: Node, house: House, place: _Place) -> str:
    number = house.bullets if node.kind == "bullet_list" else house.numbers(node.level)
    style = "List Bullet" if node.kind == "bullet_list" else "List Number"
    depth = place.depth + 1
    made = []
    for item in node.children:
        for at, child in enumerate(item.children):
            first = at == 0 and child.kind == "paragraph"
            made.append(_block(child, house, _Place(style if first else "Normal", number if first else None, depth, item.new)))
    return "".join(made)


def _paragraph(nodes: Iterable[Node], house: House, place: _Place) -> str:
    """One paragraph. The order of what stands in its properties is the schema's."""
    numbering = indent = ""
    left = INDENT * (place.depth + 1)
    if place.list is not None:
        numbering = f'<w:numPr><w:ilvl w:val="{min(place.depth, 8)}"/><w:numId w:val="{place.list}"/></w:numPr>'
        indent = f'<w:ind w:left="{left}" w:hanging="{INDENT}"/>'
    elif left:
        indent = f'<w:ind w:left="{left}"/>'
    bar = _BAR if place.new else ""
    return f"<w:p><w:pPr>{_style(house, place.style)}{numbering}{bar}{indent}</w:pPr>{_runs(nodes, house)}</w:p>"


def _style(house: House, name: str) -> str:
    return f'<w:pStyle w:val="{escape(house.style[name])}"/>'


def _table(node: Node, house: House) -> str:
    columns = max(len(row.children) for row in node.children)
    grid = "<w:gridCol/>" * columns
    rows = "".join(_row(row, house) for row in node.children)
    look = (
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    style = f'<w:tblStyle w:val="{escape(house.style["Table Grid"])}"/><w:tblW w:w="0" w:type="auto"/>{look}'
    # Two tables in a row would run into one without a paragraph between them.
    flat = '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>'
    after = f"<w:p><w:pPr>{_style(house, 'Normal')}{flat}</w:pPr></w:p>"
    return f"<w:tbl><w:tblPr>{style}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{after}"


def _row(row: Node, house: House) -> str:
    head = bool(row.children and row.children[0].level)
    cells = []
    for number, cell in enumerate(row.children):
        inner = (Node("strong", cell.children),) if head else cell.children
        place = _Place(new=row.new and number == 0)
        cells.append(f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{_paragraph(inner, house, place)}</w:tc>')
    kept = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    return f"<w:tr>{kept}{''.join(cells)}</w:tr>"


def _runs(nodes: Iterable[Node], house: House, strong: bool = False, emphasis: bool = False) -> str:
    made = []
    for node in nodes:
        looks = _character_style(house, strong=strong, emphasis=emphasis)
        match node.kind:
            case "text":
                made.append(run(node.text, looks))
            case "field":
                made.append(run(field_mark(node.text), looks))
            case "space":
                made.append(run(" ", looks))
            case "line_break":
                made.append("<w:r><w:br/></w:r>")
            case "code":
                made.append(run(node.text, _MONO))
            case "label":
                made += [run(node.text, f"{_character_style(house, strong=True)}{_BOX}"), run(" ")]
            case "strong" | "emphasis":
                made.append(_runs(node.children, house, strong or node.kind == "strong", emphasis or node.kind == "emphasis"))
            case "link":
                made.append(_link(node, house))
            case _:
                made.append(_runs(node.children, house, strong, emphasis))
    return "".join(made)


def _character_style(house: House, *, strong: bool = False, emphasis: bool = False) -> str:
    # A run has one style; both at once are its style and the other's look.
    if strong:
        return f'<w:rStyle w:val="{escape(house.style["Strong"])}"/>{"<w:i/><w:iCs/>" if emphasis else ""}'
    return f'<w:rStyle w:val="{escape(house.style["Emphasis"])}"/>' if emphasis else ""


def _link(node: Node, house: House) -> str:
    inner = "".join(child.text for child in node.children if child.kind in ("text", "code")) or node.href
    words = run(inner, f'<w:rStyle w:val="{escape(house.style["Hyperlink"])}"/>')
    address = shown_address(inner, node.href)
    return f'<w:hyperlink r:id="{house.link(node.href)}">{words}</w:hyperlink>' + (run(f" ({address})") if address else "")


def run(text: str, looks: str = "") -> str:
    """Text with the properties of its look."""
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(printable(text), quote=False)}</w:t></w:r>'
