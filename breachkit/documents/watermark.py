"""The word across every page of an exercise's documents, behind the text: for HTML and DOCX as they want it, and how large.

Only how it is drawn; which documents have it is `page`'s matter. It is hidden from screen readers, which read the banners.
"""

from __future__ import annotations

from html import escape

from breachkit.documents.page import printable

PALE = "e0e0e0"
"""Light enough for text upon it: black keeps 15 to 1, the red of banners 6 to 1."""
_LETTER = 0.72
"""The width of a bold capital, as a share of its height."""
_SPAN = 640
"""Points it may take along the diagonal of a page; that of A4 is 1031, and 990 on US letter."""


def points(word: str) -> float:
    """How large it is set on paper, in points: as large as fits, 110 at most."""
    return min(110.0, round(_SPAN / (_LETTER * max(len(word), 1)), 1))


def html(word: str) -> str:
    """One line of HTML: stands behind the text at every place of a page that is scrolled, and on each that is printed."""
    place = "position:fixed;top:0;left:0;width:100%;height:100%;display:flex;align-items:center;justify-content:center"
    looks = f"font-family:Arial,Helvetica,sans-serif;font-weight:bold;line-height:1;color:#{PALE};white-space:nowrap"
    kept = "overflow:hidden;z-index:-1;pointer-events:none;-webkit-print-color-adjust:exact;print-color-adjust:exact"
    share = round(110 / max(len(word), 1), 1)
    size = f"font-size:{points(word) / 2}pt;font-size:min({share}vmin,{points(word)}pt)"  # the first for what knows no `min`
    turned = "-webkit-transform:rotate(-45deg);transform:rotate(-45deg)"
    return (
        f'<div aria-hidden="true" style="{place};{looks};{kept}">'
        f'<span style="{size};{turned}">{escape(printable(word))}</span></div>'
    )


_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
# The shape every word processor knows as plain text drawn to fit: number 136 of the old drawing language.
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
    '<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>'
    '<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
    '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
)


def vml(word: str, number: int) -> str:
    """A run for a DOCX header: the word drawn behind the text in the middle of the page. `number` is of the header, from 1."""
    said = escape(printable(word))
    size = points(word)
    width = round(size * _LETTER * len(word))
    place = (
        f"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{round(size)}pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:page;"
        "mso-position-vertical:center;mso-position-vertical-relative:page"
    )
    return (
        f'<w:r><w:rPr><w:noProof/><w:vanish w:val="0"/></w:rPr><w:pict {_SPACES}>{_SHAPE_TYPE}'
        f'<v:shape id="ExerciseMark{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" alt="{said}" style="{place}" '
        f'o:allowincell="f" fillcolor="#{PALE}" stroked="f">'
        f'<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt;font-weight:bold" string="{said}"/>'
        '<w10:wrap anchorx="page" anchory="page"/></v:shape></w:pict></w:r>'
    )
