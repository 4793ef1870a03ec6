"""Parses a notice's Markdown once into a small tree that every format is made from. Knows no format.

CommonMark with tables; no HTML, no pictures, and links only to web pages and mail addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Kind = Literal[
    "heading", "paragraph", "bullet_list", "ordered_list", "list_item", "blockquote", "code_block", "rule",
    "table", "row", "cell", "text", "strong", "emphasis", "code", "link", "space", "line_break",
]  # fmt: skip

_KINDS: dict[str, Kind] = {
    "heading": "heading",
    "paragraph": "paragraph",
    "bullet_list": "bullet_list",
    "ordered_list": "ordered_list",
    "list_item": "list_item",
    "blockquote": "blockquote",
    "code_block": "code_block",
    "fence": "code_block",
    "hr": "rule",
    "table": "table",
    "tr": "row",
    "th": "cell",
    "td": "cell",
    "text": "text",
    "strong": "strong",
    "em": "emphasis",
    "code_inline": "code",
    "link": "link",
    "softbreak": "space",
    "hardbreak": "line_break",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One piece of a document."""

    kind: Kind
    children: tuple[Node, ...] = ()
    text: str = ""
    """Of text and code."""
    level: int = 0
    """Of a heading, 1 to 6; of an ordered list, its first number; of a cell, 1 in a table's head."""
    href: str = ""
    """Of a link."""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["image", "html_block", "html_inline", "reference", "autolink"])
    # Replacing this method is how markdown-it documents its choice of links; its stub calls it an ordinary method.
    parser.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:"))  # type: ignore[method-assign]
    return parser


def parse(source: str) -> tuple[Node, ...]:
    """The blocks of a Markdown text."""
    return tuple(_nodes(SyntaxTreeNode(_parser().parse(source)).children))


def _nodes(found: Iterable[SyntaxTreeNode]) -> Iterable[Node]:
    for node in found:
        if node.type in ("inline", "thead", "tbody"):
            yield from _nodes(node.children)
        else:
            yield _node(node)


def _node(node: SyntaxTreeNode) -> Node:
    kind = _KINDS[node.type]
    if kind in ("text", "code", "code_block"):
        return Node(kind, text=node.content)
    level = 0
    if kind == "heading":
        level = int(node.tag.removeprefix("h"))
    elif kind == "ordered_list":
        level = int(node.attrs.get("start", 1))
    elif kind == "cell":
        level = 1 if node.type == "th" else 0
    href = str(node.attrs.get("href", "")) if kind == "link" else ""
    return Node(kind, tuple(_nodes(node.children)), level=level, href=href)


def plain_text(nodes: Iterable[Node]) -> str:
    """The words of inline pieces, without their looks."""
    return "".join({"space": " ", "line_break": " "}.get(node.kind, node.text + plain_text(node.children)) for node in nodes)
