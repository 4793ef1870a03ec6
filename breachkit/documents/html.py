"""A notice as one HTML page that mail programs show as it is: looks stand in the tags, nothing is fetched, nothing runs."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from breachkit.documents.page import banners, direction, footer, last_line, new_label, watermark
from breachkit.documents.tree import Node, labelled, ordered, parse
from breachkit.documents.watermark import html as across_the_page
from breachkit.domain.notice_fields import field_mark
from breachkit.domain.notices import Notice

# No text is set smaller than 10 points: California asks that of its letters, and templates declare it kept.
_BODY = (
    "margin:0;background:#ffffff;color:#1a1a1a;font-family:Arial,Helvetica,sans-serif;font-size:12pt;line-height:1.5;"
    "overflow-wrap:anywhere"
)
_PAGE = "max-width:42em;margin:0 auto;padding:24px"
_STYLES = {
    "h1": "font-size:18pt;line-height:1.25;margin:0 0 16px",
    "h2": "font-size:14pt;line-height:1.3;margin:24px 0 8px",
    "h3": "font-size:12pt;line-height:1.3;margin:16px 0 8px",
    "p": "margin:0 0 12px",
    "ul": "margin:0 0 12px;padding-left:24px",
    "ol": "margin:0 0 12px;padding-left:24px",
    "li": "margin:0 0 4px",
    "blockquote": "margin:0 0 12px;padding-left:12px;border-left:3px solid #888888",
    "pre": "margin:0 0 12px;white-space:pre-wrap;font-family:monospace",
    "hr": "border:0;border-top:1px solid #888888;margin:24px 0",
    "table": "border-collapse:collapse;margin:0 0 12px",
    "th": "border:1px solid #888888;padding:4px 8px;text-align:left;vertical-align:top",
    "td": "border:1px solid #888888;padding:4px 8px;text-align:left;vertical-align:top",
}
_BANNER = "margin:0 0 12px;padding:8px 12px;border:2px solid #9b1c1c;color:#9b1c1c;font-weight:bold"
# What is new has a bar and a bold word, so that it is seen without colour.
_NEW = "border-left:3px solid #1a1a1a;padding-left:8px"
_LABEL = "border:1px solid #1a1a1a;padding:0 4px;font-size:10pt"
_FOOTER = "margin:24px 0 0;padding-top:8px;border-top:1px solid #888888;font-size:10pt;color:#555555"


def to_html(notice: Notice) -> str:
    """A whole HTML5 page in the notice's language."""
    title = " - ".join([*banners(notice), notice.title])
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(notice.language)}" dir="{direction(notice.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        "</head>",
        f'<body style="{_BODY}">',
        *([across_the_page(word)] if (word := watermark(notice)) else []),
        f'<div style="{_PAGE}">',
        *(f'<p style="{_BANNER}">{escape(line)}</p>' for line in banners(notice)),
        *(_block(node) for node in labelled(ordered(parse(notice.source)), new_label(notice))),
        f'<p style="{_FOOTER}">{escape(footer(notice))}</p>',
        *(f'<p style="{_BANNER}">{escape(line)}</p>' for line in last_line(notice)),
        "</div>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _tag(name: str, inner: str, *, new: bool = False, attributes: str = "") -> str:
    style = ";".join(part for part in (_STYLES.get(name, ""), _NEW if new else "") if part)
    shown = f' style="{style}"' if style else ""
    return f"<{name}{attributes}{shown}>{inner}</{name}>"


def _block(node: Node) -> str:
    match node.kind:
        case "heading":
            return _tag(f"h{node.level}", _inline(node.children), new=node.new)
        case "bullet_list":
            return _tag("ul", "\n" + "\n".join(_item(item) for item in node.children) + "\n")
        case "ordered_list":
            start = f' start="{node.level}"' if node.level != 1 else ""
            items = "\n".join(_item(item) for item in node.children)
            return f'<ol{start} style="{_STYLES["ol"]}">\n{items}\n</ol>'
        case "blockquote":
            return _tag("blockquote", "\n".join(_block(child) for child in node.children))
        case "code_block":
            return _tag("pre", escape(node.text))
        case "rule":
            return f'<hr style="{_STYLES["hr"]}">'
        case "table":
            return _tag("table", "\n" + "\n".join(_row(row) for row in node.children) + "\n")
        case _:
            return _tag("p", _inline(node.children), new=node.new)


def _item(item: Node) -> str:
    """A list item; a paragraph that is all of it needs no tag of its own."""
    if len(item.children) == 1 and item.children[0].kind == "paragraph":
        return _tag("li", _inline(item.children[0].children), new=item.new)
    return _tag("li", "\n".join(_block(child) for child in item.children), new=item.new)


def _row(row: Node) -> str:
    cells = []
    for number, cell in enumerate(row.children):
        name, scope = ("th", ' scope="col"') if cell.level else ("td", "")
        cells.append(_tag(name, _inline(cell.children), new=row.new and number == 0, attributes=scope))
    return "<tr>" + "".join(cells) + "</tr>"


def _inline(nodes: Iterable[Node]) -> str:
    parts = []
    for node in nodes:
        match node.kind:
            case "text":
                parts.append(escape(node.text))
            case "space":
                parts.append("\n")
            case "line_break":
                parts.append("<br>\n")
            case "code":
                parts.append(_tag("code", escape(node.text)))
            case "strong" | "emphasis":
                parts.append(_tag("strong" if node.kind == "strong" else "em", _inline(node.children)))
            case "link":
                parts.append(f'<a href="{escape(node.href)}">{_inline(node.children)}</a>')
            case "field":
                # A name may run from right to left; it must not turn the words around it.
                parts.append(f"<bdi>{field_mark(node.text)}</bdi>")
            case "label":
                parts.append(f'<strong style="{_LABEL}">{escape(node.text)}</strong> ')
            case _:
                parts.append(_inline(node.children))
    return "".join(parts)
