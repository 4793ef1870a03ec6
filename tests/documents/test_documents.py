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
from breachkit.domain.notice_fields import NEW, field_mark
from breachkit.domain.notices import FORMATS, Notice
from breachkit.errors import UnknownName

from .made_up import FACTS, NOW, book, finding

TEXTS = ("md", "text", "html")
"""The formats that are text; DOCX and PDF have tests of their own."""


def context(duty: str = "eu.gdpr.33", *, draft: bool = True, **changes: Any) -> NoticeContext:
    return notice_context(
        book(FACTS, **changes), finding(duty), organisation_name="Example Co", now=NOW, draft=draft, pack_sha256="ab" * 32
    )


def source(text: str) -> Notice:
    return Notice("eu.gdpr.33", "Title", "en", text, {}, draft=False)


@pytest.mark.parametrize("format", TEXTS)
def test_a_draft_of_an_invented_incident_says_both_before_anything_else(format: str) -> None:
    text = re.sub(r"<[^>]*>|\*", "", render(fill(context()), format).partition("<body")[2] or render(fill(context()), format))
    lines = [line.rpartition(">")[2] for line in text.splitlines() if line.rpartition(">")[2].strip()]
    assert lines[0] == "DRAFT - not approved, not to be sent"
    assert lines[1] == "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY"


@pytest.mark.parametrize("format", TEXTS)
def test_an_approved_notice_of_a_real_incident_has_no_banner(format: str) -> None:
    text = render(fill(context(draft=False, incident__invented=None)), format)
    assert "DRAFT" not in text
    assert "INVENTED" not in text


@pytest.mark.parametrize("format", TEXTS)
def test_banners_and_footer_belong_to_no_element(format: str) -> None:
    notice = fill(context())
    assert "DRAFT" not in "".join([notice.source, *notice.elements.values()])
    assert "law pack abababababab" in " ".join(render(notice, format).split())
    assert "law pack" not in notice.source


@pytest.mark.parametrize("format", TEXTS)
def test_no_notice_says_that_it_is_not_legal_advice(format: str) -> None:
    assert "legal advice" not in render(fill(context()), format)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_facts_give_the_same_bytes(format: str) -> None:
    assert render(fill(context()), format) == render(fill(context()), format)


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"did you mean 'html'"):
        render(source("x"), "htm")


def test_a_field_is_written_as_its_mark() -> None:
    notice = source(f"# To {field_mark('name')}\n\nDear {field_mark('name')}, **{field_mark('id')}**\n")
    for format in TEXTS:
        text = str(render(notice, format))
        assert text.count(field_mark("name")) == 2
        assert text.count(field_mark("id")) == 1
    assert f"<bdi>{field_mark('name')}</bdi>" in render(notice, "html")


# -- what is new since the last filing -----------------------------------------------------------------------------------

CHANGED = f"""# Report{NEW}

old

first line of two
second **line**{NEW}

- kept
- changed{NEW}
  - deeper{NEW}

1. one
2. two{NEW}

| kind | number |
| --- | --- |
| people | 12 |{NEW}
"""


def test_what_is_new_is_said_in_words_before_it() -> None:
    notice = replace(source(CHANGED), new_word="Neu")
    assert render(notice, "md").splitlines()[:-4] == [
        "# [NEU] Report", "", "old", "", "[NEU] first line of two", "second **line**", "", "- kept", "- [NEU] changed",
        "  - [NEU] deeper", "", "1. one", "2. [NEU] two", "", "| kind | number |", "| --- | --- |", "| [NEU] people | 12 |",
    ]  # fmt: skip
    text = render(notice, "text")
    assert text.startswith("[NEU] Report\n============\n")
    assert "\n[NEU] first line of two second line\n" in text
    assert "\n- [NEU] changed\n  - [NEU] deeper\n" in text
    assert "\n[NEU] people  12\n" in text
    html = render(notice, "html")
    assert html.count(">NEU</strong>") == html.count("border-left:3px solid #1a1a1a") == 6


def test_a_mark_of_novelty_never_stays_in_a_document() -> None:
    for text in (
        CHANGED,
        f"a{NEW} b\n",
        f"`a{NEW}`\n",
        f"> quoted{NEW}\n",
        f"```\ncode{NEW}\n```\n",
        f"{NEW}\n",
        f"- a\n\n  b{NEW}\n",
    ):
        for format in TEXTS:
            assert NEW not in render(source(text), format)


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
    assert '<html lang="en" dir="ltr">' in text
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


def contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_html_text_is_dark_enough_to_read_on_its_ground() -> None:
    text = render(fill(context()), "html")
    colours = set(re.findall(r"(?:^|[;\"])color:(#[0-9a-f]{6})", text))
    assert len(colours) == 3
    assert set(re.findall(r"background:(#[0-9a-f]{6})", text)) == {"#ffffff"}
    assert min(contrast(colour, "#ffffff") for colour in colours) >= 4.5


def test_html_says_its_language_and_direction_and_heads_its_columns() -> None:
    notice = replace(source("| a | b |\n| --- | --- |\n| 1 | 2 |\n"), language="es")
    assert '<html lang="es" dir="ltr">' in render(notice, "html")
    assert '<html lang="ar" dir="rtl">' in render(replace(notice, language="ar"), "html")
    assert render(notice, "html").count('<th scope="col"') == 2


def test_html_leaves_no_level_of_headings_out() -> None:
    tags = Tags()
    tags.feed(render(source("### a\n\n# b\n\n#### c\n\n> ###### d\n\n## e\n"), "html"))
    assert [tag for tag, _ in tags.seen if re.fullmatch(r"h[1-6]", tag)] == ["h1", "h1", "h2", "h3", "h2"]


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


@pytest.mark.parametrize("format", TEXTS)
def test_control_characters_and_terminal_sequences_do_not_survive(format: str) -> None:
    evil = "red \x1b[31mALERT\x1b[0m \x1b]0;title\x07 bell\x07 \x9b2J back\x08space \u202etxt.exe nul\x00 \x02+advice\x03"
    text = render(fill(context(incident__summary=evil)), format)
    assert not [char for char in text if ord(char) < 32 and char != "\n"]
    assert not set("\x1b\x9b\x7f\u202e\x02\x03") & set(text)
    assert "red ALERT" in text


def test_a_fact_cannot_pass_for_an_element() -> None:
    notice = fill(context(incident__summary="\x02+forgery\x03forged\x02-forgery\x03"))
    assert "forgery" not in notice.elements
    assert "forged" in notice.elements["nature"]


def test_a_title_with_signs_is_escaped_in_the_page_title() -> None:
    notice = replace(source("x"), title="</title><script>alert(1)</script>")
    assert "<script>" not in render(notice, "html")
