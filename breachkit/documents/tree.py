"""Parses a notice's Markdown once into a small tree that every format is made from. Knows no format.

CommonMark with tables; no HTML, no pictures, and links only to web pages and mail addresses. A mark of a person's field
becomes a `field`, and a block whose text ends with `NEW` is `new`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from breachkit.domain.notice_fields import FIELDS, NEW, field_mark, split_fields
from breachkit.errors import BadValue

Kind = Literal[
    "heading", "paragraph", "bullet_list", "ordered_list", "list_item", "blockquote", "code_block", "rule",
    "table", "row", "cell", "text", "strong", "emphasis", "code", "link", "space", "line_break", "field", "label",
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
    """Of text and code; a field's name; a label's word."""
    level: int = 0
    """Of a heading, 1 to 6; of an ordered list, its first number; of a cell, 1 in a table's head."""
    href: str = ""
    """Of a link."""
    new: bool = False
    """Of a heading, paragraph, list item or row: it was not in the last filing."""


DEEPEST: Final = 12
"""Quotes, lists and emphasis inside one another. The typesetter gives up soon after; facts are escaped and nest nothing."""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["image", "html_block", "html_inline", "reference", "autolink"])
    # Replacing this method is how markdown-it documents its choice of links; its stub calls it an ordinary method.
    parser.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:"))  # type: ignore[method-assign]
    return parser


def parse(source: str) -> tuple[Node, ...]:
    """The blocks of a Markdown text. BadValue for one nested so deeply that no format could set it."""
    # What follows a row's last bar is no cell of it, so a mark there moves inside.
    source = re.sub(rf"[ \t]*\|[ \t]*{NEW}[ \t]*$", f"{NEW}|", source, flags=re.MULTILINE)
    tokens = _parser().parse(source)
    if (depth := _depth(tokens)) > DEEPEST:
        raise BadValue(f"the notice's Markdown is nested {depth} deep, and at most {DEEPEST} can be set; mend its template")
    return tuple(_nodes(SyntaxTreeNode(tokens).children))


def _depth(tokens: Sequence[Token]) -> int:
    level = deepest = 0
    for token in tokens:
        level += token.nesting
        deepest = max(deepest, level, level + _depth(token.children or ()))
    return deepest


def _nodes(found: Iterable[SyntaxTreeNode]) -> Iterator[Node]:
    for node in found:
        if node.type in ("inline", "thead", "tbody"):
            yield from _nodes(node.children)
        elif node.type == "text":
            yield from _texts(node.content)
        else:
            yield _noted(_node(node))


def _texts(text: str) -> Iterator[Node]:
    """Text cut at the marks of fields."""
    for literal, field in split_fields(text):
        if literal:
            yield Node("text", text=literal)
        if field is not None:
            yield Node("field" if field in FIELDS else "text", text=field)


def _node(node: SyntaxTreeNode) -> Node:
    kind = _KINDS[node.type]
    if kind in ("code", "code_block"):
        return Node(kind, text=node.content.replace(NEW, ""))
    level = 0
    if kind == "heading":
        level = int(node.tag.removeprefix("h"))
    elif kind == "ordered_list":
        level = int(node.attrs.get("start", 1))
    elif kind == "cell":
        level = 1 if node.type == "th" else 0
    href = str(node.attrs.get("href", "")) if kind == "link" else ""
    return Node(kind, tuple(_nodes(node.children)), level=level, href=href)


def _noted(node: Node) -> Node:
    """The block without marks of novelty, and `new` where it had one; a list item has that of its first paragraph."""
    if node.kind in ("heading", "paragraph", "row"):
        return replace(node, children=tuple(_unmarked(node.children)), new=True) if _marked(node) else node
    if node.kind == "list_item" and node.children and node.children[0].new:
        first, *others = node.children
        return replace(node, children=(replace(first, new=False), *others), new=True)
    return node


def _marked(node: Node) -> bool:
    return NEW in node.text or any(map(_marked, node.children))


def _unmarked(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.kind != "text":
            yield replace(node, children=tuple(_unmarked(node.children)))
        elif text := re.sub(rf"[ \t]*{NEW}", "", node.text):
            yield replace(node, text=text)


def ordered(nodes: Iterable[Node]) -> Iterator[Node]:
    """The blocks with headings that begin at level 1 and never leave a level out, as tagged documents must."""
    yield from _ordered(nodes, [0])


def _ordered(nodes: Iterable[Node], last: list[int]) -> Iterator[Node]:
    for node in nodes:
        if node.kind == "heading":
            last[0] = min(node.level, last[0] + 1)
            yield replace(node, level=last[0])
        elif node.kind in ("blockquote", "bullet_list", "ordered_list", "list_item"):
            yield replace(node, children=tuple(_ordered(node.children, last)))
        else:
            yield node


def labelled(nodes: Iterable[Node], word: str) -> Iterator[Node]:
    """The blocks, each `new` one with a label before its first words."""
    for node in nodes:
        children = tuple(labelled(node.children, word)) if node.kind not in ("heading", "paragraph") else node.children
        yield replace(node, children=children if not node.new else _with_label(children, Node("label", text=word)))


def _with_label(children: tuple[Node, ...], label: Node) -> tuple[Node, ...]:
    first = children[0] if children else None
    if first is not None and first.kind in ("paragraph", "cell"):
        return (replace(first, children=(label, *first.children)), *children[1:])
    return (label, *children)


def plain_text(nodes: Iterable[Node]) -> str:
    """The words of inline pieces, without their looks; a field is its mark."""
    return "".join(map(_plain, nodes))


def _plain(node: Node) -> str:
    match node.kind:
        case "space" | "line_break":
            return " "
        case "field":
            return field_mark(node.text)
        case "label":
            return f"[{node.text}] "
        case _:
            return node.text + plain_text(node.children)
