"""Formats: banners, footer, the same bytes again, and facts that try to be more than text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from breachkit.content.templates import fill
from breachkit.documents import render
from breachkit.documents.tree import Node, parse
from breachkit.domain.notice_context import NoticeContext, notice_context
from breachkit.domain.notices import FORMATS, Notice
from breachkit.errors import UnknownName, UsageError

from .made_up import FACTS, NOW, book, finding


def context(duty: str = "eu.gdpr.33", *, draft: bool = True, **changes: Any) -> NoticeContext:
    return notice_context(
        book(FACTS, **changes), finding(duty), organisation_name="Example Co", now=NOW, draft=draft, pack_sha256="ab" * 32
    )


def source(text: str) -> Notice:
    return Notice("eu.gdpr.33", "Title", "en", text, {}, draft=False)


@pytest.mark.parametrize("format", FORMATS)
def test_a_draft_of_an_invented_incident_says_both_before_anything_else(format: str) -> None:
    text = re.sub(r"<[^>]*>|\*", "", render(fill(context()), format).partition("<body")[2] or render(fill(context()), format))
    lines = [line.rpartition(">")[2] for line in text.splitlines() if line.rpartition(">")[2].strip()]
    assert lines[0] == "DRAFT - not approved, not to be sent"
    assert lines[1] == "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY"


@pytest.mark.parametrize("format", FORMATS)
def test_an_approved_notice_of_a_real_incident_has_no_banner(format: str) -> None:
    text = render(fill(context(draft=False, incident__invented=None)), format)
    assert "DRAFT" not in text
    assert "INVENTED" not in text


@pytest.mark.parametrize("format", FORMATS)
def test_banners_and_footer_belong_to_no_element(format: str) -> None:
    notice = fill(context())
    assert "DRAFT" not in "".join([notice.source, *notice.elements.values()])
    assert "law pack abababababab" in " ".join(render(notice, format).split())
    assert "law pack" not in notice.source


@pytest.mark.parametrize("format", FORMATS)
def test_no_notice_says_that_it_is_not_legal_advice(format: str) -> None:
    assert "legal advice" not in render(fill(context()), format)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_facts_give_the_same_bytes(format: str) -> None:
    assert render(fill(context()), format) == render(fill(context()), format)


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_a_format_of_later_says_which_there_are(format: str) -> None:
    with pytest.raises(UsageError, match=r"not made yet; formats: md, text, html"):
        render(source("x"), format)


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"did you mean 'html'"):
        render(source("x"), "htm")


# -- html ----------------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_one_closed_page_that_fetches_and_runs_nothing() -> None:
    tags = Tags()
    text = render(fill(context()), "html")
    tags.feed(text)
    assert tags.open == []
    harmless = "html head meta title body div p h1 h2 ul li strong"
    assert {tag for tag, _ in tags.seen} <= set(harmless.split())
    assert not [attrs for _, attrs in tags.seen if {"src", "href", "onclick"} & set(attrs)]
    assert '<html lang="en">' in text
    assert "url(" not in text


def test_html_shows_tables_lists_and_safe_links() -> None:
    table = "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    text = render(source(f"1. one\n2. two\n\n{table}\n[page](https://example.com) [x](javascript:y)\n"), "html")
    assert text.count("<li") == 2
    assert text.count("<th ") == text.count("<td ") == 2
    assert '<a href="https://example.com">page</a>' in text
    assert 'href="javascript' not in text


def test_html_sets_no_text_smaller_than_ten_points_and_a_letter_in_twelve() -> None:
    text = render(fill(context("us.ca.individuals")), "html")
    sizes = re.findall(r"font-size:([^;\"]+)", text)
    assert min(float(size.removesuffix("pt")) for size in sizes) >= 10
    assert "font-size:12pt" in text.partition("<body")[2].partition(">")[0]


def test_html_in_a_template_prints_as_text() -> None:
    assert "<b>" not in render(source("<b>bold</b> and <script>alert(1)</script>\n"), "html")


# -- text ----------------------------------------------------------------------------------------------------------------


def test_text_is_78_columns_wide() -> None:
    assert max(map(len, render(fill(context()), "text").splitlines())) <= 78


def test_text_aligns_a_table() -> None:
    lines = render(source("| kind | number |\n| --- | --- |\n| people | 12 |\n"), "text").splitlines()
    assert lines[:3] == ["kind    number", "------  ------", "people  12"]


def test_text_writes_a_wide_table_as_records() -> None:
    text = render(source(f"| kind | said |\n| --- | --- |\n| people | {'word ' * 30}|\n"), "text")
    assert "kind: people\nsaid: word word" in text


def test_text_shows_where_a_link_goes() -> None:
    assert "our page (https://example.com)" in render(source("[our page](https://example.com)\n"), "text")


# -- facts that try to be more than text ---------------------------------------------------------------------------------

HOSTILE = [
    "**bold** and _this_ and `code`",
    "[here](http://evil.example) ![pic](http://evil.example/p.png) <http://evil.example>",
    "[ref]: http://evil.example",
    "<script>alert(1)</script> <b onclick=x>b</b> &lt;b&gt; &#60;",
    "# heading",
    "## heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quote",
    "===",
    "---",
    "***",
    "```",
    "~~~ struck ~~through~~",
    "| a | b | | --- | --- |",
    ":--",
    "    indented",
    "ends in \\",
    "{{ 7*7 }} {% include 'x' %} {# note #}",
    "${7*7} $x^2$",
]


def words_of(nodes: tuple[Node, ...]) -> str:
    return "".join(" " if node.kind == "space" else node.text + words_of(node.children) for node in nodes)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("key", ["incident__summary", "incident__title", "consequences", "measures__taken", "contact__name"])
def test_a_fact_prints_as_it_stands(hostile: str, key: str) -> None:
    notice = fill(context(**{key: hostile}))
    plain = fill(context(**{key: "harmless"}))
    assert " ".join(hostile.split()) in words_of(parse(notice.source))
    assert shape(parse(notice.source)) == shape(parse(plain.source))


def shape(nodes: tuple[Node, ...]) -> list[object]:
    """The structure without the words: a fact must not change it."""
    return [(node.kind, node.level, shape(node.children)) for node in nodes if node.kind not in ("text", "space")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_fact_prints_in_html_and_text_as_it_stands(hostile: str) -> None:
    tags = Tags()
    notice = fill(context(incident__summary=hostile))
    tags.feed(render(notice, "html"))
    assert not {"script", "b", "a", "img", "code", "table", "pre"} & {tag for tag, _ in tags.seen}
    assert " ".join(hostile.split()) in " ".join(render(notice, "text").split())


def test_a_line_break_in_a_fact_makes_a_space_and_a_blank_line_a_paragraph() -> None:
    notice = fill(context(incident__summary="one\ntwo\n\n# three"))
    assert "\none two\n\n\\# three\n" in notice.source
    assert "- **Incident:** a b c\n" in fill(context(incident__title="a\nb\n\nc")).source


@pytest.mark.parametrize("format", FORMATS)
def test_control_characters_and_terminal_sequences_do_not_survive(format: str) -> None:
    evil = "red \x1b[31mALERT\x1b[0m \x1b]0;title\x07 bell\x07 \x9b2J back\x08space \u202etxt.exe nul\x00 \x02+advice\x03"
    text = render(fill(context(incident__summary=evil)), format)
    assert not [char for char in text if ord(char) < 32 and char != "\n"]
    assert not set("\x1b\x9b\x7f\u202e\x02\x03") & set(text)
    assert "red ALERT" in text


def test_a_fact_cannot_pass_for_an_element() -> None:
    notice = fill(context(incident__summary="\x02+advice\x03forged\x02-advice\x03"))
    assert "advice" not in notice.elements
    assert "forged" in notice.elements["nature"]


def test_a_title_with_signs_is_escaped_in_the_page_title() -> None:
    notice = replace(source("x"), title="</title><script>alert(1)</script>")
    assert "<script>" not in render(notice, "html")
