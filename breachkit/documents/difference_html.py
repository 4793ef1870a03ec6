"""What changed in a notice as one HTML page: what is gone is struck through, what is new underlined, and both are named."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from breachkit.documents.page import banners, last_line, watermark
from breachkit.documents.watermark import html as across_the_page
from breachkit.domain.differences import Piece, PieceKind, shown
from breachkit.domain.notices import Notice

_BODY = "margin:0;background:#ffffff;color:#1a1a1a;font-family:Arial,Helvetica,sans-serif;font-size:12pt;line-height:1.5"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere"
_BANNER = "margin:0 0 12px;padding:8px 12px;border:2px solid #9b1c1c;color:#9b1c1c;font-weight:bold"
_GONE = "background:#fbe3e3;color:#7a1414;text-decoration:line-through"
_NEW = "background:#e2f3e4;color:#10501b;text-decoration:underline;font-weight:bold"
_HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"


def difference_page(notice: Notice, since: str, pieces: Iterable[Piece]) -> str:
    """A whole HTML5 page that fetches nothing. `since` says what the notice is compared with."""
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(notice.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>What changed: {escape(notice.title)}</title>",
        "</head>",
        f'<body style="{_BODY}">',
        *([across_the_page(word)] if (word := watermark(notice)) else []),
        '<div style="max-width:42em;margin:0 auto;padding:24px">',
        *(f'<p style="{_BANNER}">{escape(line)}</p>' for line in banners(notice)),
        f'<h1 style="font-size:18pt;line-height:1.25;margin:0 0 8px">What changed: {escape(notice.title)}</h1>',
        f'<p>{escape(notice.duty)}, now against {escape(since)}. <del style="{_GONE}">Gone</del> '
        f'<ins style="{_NEW}">New</ins></p>',
        f'<div style="{_TEXT}">{"".join(_piece(kind, text) for kind, text in shown(pieces))}</div>',
        *(f'<p style="{_BANNER}">{escape(line)}</p>' for line in last_line(notice)),
        "</div>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _piece(kind: PieceKind, text: str) -> str:
    if kind == "same":
        return escape(text)
    tag, style, said = ("del", _GONE, "gone: ") if kind == "gone" else ("ins", _NEW, "new: ")
    return f'<{tag} style="{style}"><span style="{_HIDDEN}">{said}</span>{escape(text)}</{tag}>'
