"""The letterhead of a DOCX file: the logo at the left, the organisation's lines at the right, a rule below."""

from __future__ import annotations

import io
from collections.abc import Mapping
from html import escape
from typing import Any

from breachkit.documents.docx_body import run
from breachkit.documents.page import printable
from breachkit.documents.typesetting import unreadable_logo
from breachkit.domain.looks import Logo, Look

_WIDTH, _HEIGHT = 60.0, 22.0
"""Millimetres the logo may take."""
_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


def letterhead_xml(part: Any, look: Look, style: Mapping[str, str]) -> str:
    """A table of one row; `part` is the header it goes into, which keeps the logo."""
    ink = (look.colour or "#1a1a1a")[1:].upper()
    header = f'<w:pStyle w:val="{escape(style["Header"])}"/>'
    right = f'<w:pPr>{header}<w:spacing w:before="0" w:after="0"/><w:jc w:val="right"/></w:pPr>'
    lines = []
    for number, line in enumerate(look.organisation):
        looks = f'<w:b/><w:color w:val="{ink}"/><w:sz w:val="24"/>' if number == 0 else ""
        lines.append(f"<w:p>{right}{run(line, looks)}</w:p>")
    picture = _picture(part, look.logo) if look.logo else ""
    left = f"<w:p><w:pPr>{header}</w:pPr>{picture}</w:p>"
    border = f'<w:tblBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ink}"/></w:tblBorders>'
    cells = _cell(left) + _cell("".join(lines) or f"<w:p>{right}</w:p>")
    after = f"<w:p><w:pPr>{header}</w:pPr></w:p>"
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>{border}</w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="4500"/><w:gridCol w:w="4500"/></w:tblGrid><w:tr>{cells}</w:tr></w:tbl>{after}'
    )


def _cell(inner: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2500" w:type="pct"/></w:tcPr>{inner}</w:tc>'


def _picture(part: Any, logo: Logo) -> str:
    scale = min(_WIDTH / logo.width, _HEIGHT / logo.height)
    width, height = round(logo.width * scale * 36_000), round(logo.height * scale * 36_000)
    data = logo.data if logo.kind == "png" else drawn(logo)
    id, _ = part.get_or_add_image(io.BytesIO(data))
    alt = escape(printable(logo.alt))
    return (
        f'<w:r><w:drawing><wp:inline {_DRAWING} distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="1" name="Logo" descr="{alt}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        "<pic:pic>"
        f'<pic:nvPicPr><pic:cNvPr id="1" name="Logo" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def drawn(logo: Logo) -> bytes:
    """An SVG logo as a PNG picture of 300 dots an inch; older word processors show nothing else."""
    from pathlib import Path

    import typst

    scale = min(_WIDTH / logo.width, _HEIGHT / logo.height)
    inputs = {
        "svg": logo.data.decode("utf-8-sig"), "width": f"{logo.width * scale:.3f}", "height": f"{logo.height * scale:.3f}",
    }  # fmt: skip
    source = str(Path(__file__).with_name("logo.typ"))
    compiler = typst.Compiler(source, ignore_system_fonts=True, sys_inputs=inputs)
    try:
        made = compiler.compile(format="png", ppi=300.0)
    except typst.TypstError as problem:
        raise unreadable_logo(problem) from problem
    assert isinstance(made, bytes)  # it has one page
    return made
