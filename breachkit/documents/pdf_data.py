"""A notice and its look as the data `letter.typ` lays out: plain lists and mappings, nothing of them source."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any

from breachkit.documents.page import (
    banners,
    direction,
    footer,
    new_label,
    paper_of,
    printable,
    shown_address,
    watermark,
)
from breachkit.documents.tree import Node, labelled, ordered, parse
from breachkit.documents.watermark import points
from breachkit.domain.looks import Logo, Look
from breachkit.domain.marks import word_of
from breachkit.domain.notices import Notice

# Millimetres from the top edge. A4: the recipient's part of the address field of DIN 5008, form B, and the text below it;
# US letter: the window of a No. 10 envelope with the sheet folded in three.
_WINDOWS = {"a4": (62.5, 100.0), "us-letter": (52.0, 92.0)}
_LOGO_WIDTH, _LOGO_HEIGHT = 60.0, 22.0
_LONGEST = 40
_LOOSE = ("bullet_list", "ordered_list")


def page_data(notice: Notice, look: Look, fonts: tuple[str, ...]) -> dict[str, Any]:
    """Everything but the people."""
    nodes = tuple(labelled(ordered(parse(notice.source)), new_label(notice)))
    at = address_at(nodes)
    blocks = [_block(node, window=number == at) for number, node in enumerate(nodes)]
    paper = paper_of(notice, look)
    window, body = _WINDOWS[paper]
    # California wants ten points at least of its letters, and their templates declare it kept.
    small = 10 if "font_min_pt" in notice.forms else 9
    language, _, region = notice.language.partition("-")
    day = notice.written_on
    return {
        "title": printable(" - ".join([*banners(notice), notice.title])),
        "lang": language.lower(),
        "region": region.upper() if len(region) == 2 else None,
        "rtl": direction(notice.language) == "rtl",
        "date": [day.year, day.month, day.day] if day else None,
        "banners": list(banners(notice)),
        "watermark": [word_of(banner) for banner in banners(notice)],
        "exercise": points(word) if (word := watermark(notice)) else None,
        "footer": footer(notice),
        "window": at is not None,
        "blocks": blocks,
        "look": {
            "colour": look.colour or "#1a1a1a",
            "fonts": list(fonts),
            "size": 11,
            "small": small,
            "paper": paper,
            "top": 22,
            "side": 25,
            "window": window,
            "body": body,
            "organisation": [printable(line) for line in look.organisation],
            "logo": _logo(look.logo) if look.logo else None,
        },
    }


def address_at(nodes: tuple[Node, ...]) -> int | None:
    """Which block is the address that shows in an envelope's window: near the head, and nothing but fields."""
    for at, node in enumerate(nodes[:4]):
        kinds = {child.kind for child in node.children}
        if (
            node.kind == "paragraph"
            and kinds <= {"field", "line_break", "space"}
            and Node("field", text="address") in node.children
        ):
            return at
    return None


def texts_of(value: Any) -> Iterable[str]:
    """Every text in the data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)


def _logo(logo: Logo) -> dict[str, Any]:
    scale = min(_LOGO_WIDTH / logo.width, _LOGO_HEIGHT / logo.height)
    if logo.kind == "svg":
        svg = logo.data.decode("utf-8-sig")
    else:
        size = f'width="{logo.width}" height="{logo.height}"'
        inside = f'<image {size} href="data:image/png;base64,{base64.b64encode(logo.data).decode()}"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {logo.width} {logo.height}">{inside}</svg>'
    alt = printable(logo.alt)
    return {"svg": svg, "alt": alt, "width": logo.width * scale, "height": logo.height * scale}


def _block(node: Node, *, window: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": "address" if window else node.kind, "own": _has_field(node), "new": node.new}
    match node.kind:
        case "heading":
            made |= {"level": node.level, "said": pieces(node.children)}
        case "bullet_list" | "ordered_list":
            tight = not any(_loose(item) for item in node.children)
            made |= {"tight": tight, "start": node.level, "said": [_item(item) for item in node.children]}
        case "blockquote":
            made["said"] = [_block(child) for child in node.children]
        case "code_block":
            made["said"] = breakable(printable(node.text).rstrip("\n"))
        case "rule":
            pass
        case "table":
            head = [row for row in node.children if row.children and row.children[0].level]
            rows = [row for row in node.children if row not in head]
            made |= {
                "columns": max(len(row.children) for row in node.children),
                "head": [pieces(cell.children) for row in head for cell in row.children],
                "rows": [{"new": row.new, "said": [pieces(cell.children) for cell in row.children]} for row in rows],
            }
        case _:
            made["said"] = pieces(node.children)
    return made


def _item(item: Node) -> dict[str, Any]:
    """A list item; a paragraph that is all of it, or stands before a list in it, is set as its bare words."""
    said = [_block(child) for child in item.children]
    if said and said[0]["kind"] == "paragraph" and not _loose(item) and not said[0]["new"]:
        said[0]["kind"] = "plain"
    return {"new": item.new, "said": said}


def _loose(item: Node) -> bool:
    return sum(child.kind not in _LOOSE for child in item.children) > 1


def _has_field(node: Node) -> bool:
    return node.kind == "field" or any(map(_has_field, node.children))


def pieces(nodes: Iterable[Node]) -> list[Any]:
    """Inline pieces: texts, and lists of kind and content."""
    made: list[Any] = []
    for node in nodes:
        match node.kind:
            case "text" | "space":
                text = breakable(printable(node.text)) if node.kind == "text" else " "
                if made and isinstance(made[-1], str):
                    made[-1] += text
                else:
                    made.append(text)
            case "link":
                inner = pieces(node.children)
                address = shown_address("".join(texts_of(inner)), node.href)
                made.append(["link", inner, node.href])
                if address:
                    made.append(f" ({breakable(printable(address))})")
            case "code":
                made.append(["code", breakable(printable(node.text))])
            case "field":
                made.append(["field", node.text])
            case "label" | "line_break":
                made.append([node.kind, printable(node.text)])
            case _:
                made.append([node.kind, pieces(node.children)])
    return made


def breakable(text: str) -> str:
    """The text with places in words longer than a line where it may be broken, which are not seen."""
    if len(text) <= _LONGEST:
        return text
    return "".join(_cut(word) if len(word) > _LONGEST else word for word in re.split(r"(\s+)", text))


def _cut(word: str) -> str:
    return "\u200b".join(word[at : at + 10] for at in range(0, len(word), 10))
