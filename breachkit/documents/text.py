"""A notice as plain text, 78 columns wide, that reads well in any mail program and any terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from breachkit.documents.page import banners, footer, last_line, new_label, shown_address
from breachkit.documents.tree import Node, labelled, parse, plain_text
from breachkit.domain.notice_fields import field_mark
from breachkit.domain.notices import Notice

WIDTH = 78


def to_text(notice: Notice) -> str:
    """Plain text; every line ends without spaces, the last with a line end."""
    nodes = labelled(parse(notice.source), new_label(notice))
    blocks = [*banners(notice), *_blocks(nodes, WIDTH), "-" * WIDTH, _wrap(footer(notice), WIDTH), *last_line(notice)]
    text = "\n\n".join(blocks)
    return "\n".join(line.rstrip() for line in text.split("\n")) + "\n"


def _blocks(nodes: Iterable[Node], width: int) -> list[str]:
    return [block for node in nodes if (block := _block(node, width))]


def _block(node: Node, width: int) -> str:
    match node.kind:
        case "heading":
            return _heading(node, width)
        case "bullet_list" | "ordered_list":
            return _list(node, width)
        case "blockquote":
            return textwrap.indent("\n\n".join(_blocks(node.children, width - 2)), "  ")
        case "code_block":
            return textwrap.indent(node.text.rstrip("\n"), "    ")
        case "rule":
            return "-" * width
        case "table":
            return _table(node, width)
        case _:
            return _wrap(_inline(node.children), width)


def _heading(node: Node, width: int) -> str:
    lines = _wrap(plain_text(node.children), width).split("\n")
    sign = {1: "=", 2: "-"}.get(node.level)
    return "\n".join([*lines, *([sign * max(map(len, lines))] if sign else [])])


def _list(node: Node, width: int) -> str:
    items = []
    for number, item in enumerate(node.children, node.level):
        sign = f"{number}. " if node.kind == "ordered_list" else "- "
        body = "\n".join(_blocks(item.children, width - len(sign)))
        items.append(sign + textwrap.indent(body, " " * len(sign)).lstrip(" "))
    return "\n".join(items)


def _inline(nodes: Iterable[Node]) -> str:
    parts = []
    for node in nodes:
        match node.kind:
            case "text" | "code":
                parts.append(node.text)
            case "space":
                parts.append(" ")
            case "line_break":
                parts.append("\n")
            case "link":
                inner = _inline(node.children)
                address = shown_address(inner, node.href)
                parts.append(f"{inner} ({address})" if address else inner)
            case "field":
                parts.append(field_mark(node.text))
            case "label":
                parts.append(f"[{node.text}] ")
            case _:
                parts.append(_inline(node.children))
    return "".join(parts)


def _wrap(text: str, width: int) -> str:
    lines = [textwrap.fill(line, max(width, 20), break_long_words=False, break_on_hyphens=False) for line in text.split("\n")]
    return "\n".join(lines)


def _table(node: Node, width: int) -> str:
    rows = [[_inline(cell.children) for cell in row.children] for row in node.children]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return _records(rows, width)
    lines = ["  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * size for size in widths))
    return "\n".join(line.rstrip() for line in lines)


def _records(rows: Sequence[Sequence[str]], width: int) -> str:
    """A table too wide for the page: each row as lines of `heading: cell`."""
    head, *body = rows
    records = []
    for row in body:
        lines = [_wrap(f"{name}: {cell}", width) for name, cell in zip(head, row, strict=True) if cell]
        records.append("\n".join(lines))
    return "\n\n".join(records)
