"""Letters merged from one finished document are the very letters that would have been rendered one by one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from breachkit.documents.merge import NotBare, Spliced, as_markdown, as_text, compile_letter, compile_record
from breachkit.documents.render import render
from breachkit.domain.notice_fields import field_mark
from breachkit.domain.notices import Notice
from breachkit.workflow.batch_ingest import tidied

NAME, ADDRESS, ID = field_mark("name"), field_mark("address"), field_mark("id")

LETTER = Notice(
    "us.fl.individuals",
    "Notice of a Data Breach",
    "en",
    f"""# Notice of a Data Breach

{ADDRESS}

Dear {NAME},

Somebody read our files. **{NAME}**, this is about you.

- your name, {NAME}, and your number {ID}

| who | what |
| --- | --- |
| {NAME} | a copy |

Yours, Example Co
""",
    {},
    written_on=date(2026, 11, 22),
)

_SIGNS = "<>&\"'\\*_[]()`#|~-+.=:;!{}%$ @aZ09éß\u05d0\u0628山😀\u202e\u200f\ue000\ue001\r\n\t\x00\x1b\u2028"
NAMES = st.text(_SIGNS, min_size=1, max_size=40).map(tidied).filter(bool)
ADDRESSES = st.lists(NAMES, min_size=1, max_size=4).map(tuple)


def filled(name: str, address: tuple[str, ...], id: str) -> Notice:
    """The letter with the person's data where the marks are, as its template would have escaped them."""
    source = LETTER.source
    for mark, value in ((NAME, name), (ADDRESS, address), (ID, id)):
        source = source.replace(mark, as_markdown(value).decode())
    return replace(LETTER, source=source)


def spaced(text: str) -> str:
    """Text without how its lines and columns are filled: a merged name does not break them anew."""
    return " ".join(re.sub(r"-{3,}", "---", text).split())


def apart(page: str) -> str:
    """HTML without the tags that keep a name's direction apart from the words around it."""
    return page.replace("<bdi>", "").replace("</bdi>", "")


@pytest.mark.parametrize("format", ["text", "html"])
@given(name=NAMES, address=ADDRESSES, id=NAMES)
@example(name='<b>Ana</b> & "Co"', address=("1 <i>", "2"), id="*x*")
@example(name="=2+2", address=("# 1", "- 2"), id="[a](javascript:x)")
def test_a_merged_letter_is_the_rendered_one(format: str, name: str, address: tuple[str, ...], id: str) -> None:
    merged = compile_letter(LETTER, format).join({"name": name, "address": address, "id": id}).decode()
    whole = str(render(filled(name, address, id), format))
    if format == "text":
        assert spaced(merged) == spaced(whole)
    else:
        assert apart(merged) == apart(whole)


@given(name=NAMES, address=ADDRESSES, id=NAMES)
def test_merged_markdown_says_the_same_when_it_is_read_again(name: str, address: tuple[str, ...], id: str) -> None:
    merged = compile_letter(LETTER, "md").join({"name": name, "address": address, "id": id}).decode()
    again = replace(LETTER, source=merged, draft=False)
    whole = replace(LETTER, source=str(render(filled(name, address, id), "md")), draft=False)
    assert apart(str(render(again, "html"))) == apart(str(render(whole, "html")))


@given(name=NAMES, address=ADDRESSES, id=NAMES)
def test_a_line_of_json_holds_the_person_and_the_letter(name: str, address: tuple[str, ...], id: str) -> None:
    values = {"id": id, "name": name, "address": (name, *address), "record": ("7", id, name, "a@example.com", *address)}
    made = compile_record(LETTER, {"duty": LETTER.duty, "draft": True}).join(values)
    assert made.endswith(b"\n")
    assert made.count(b"\n") == 1
    held = json.loads(made)
    assert (held["row"], held["id"], held["name"], held["address"]) == (7, id, name, list(address))
    assert held["draft"] is True
    assert held["text"].encode() == compile_letter(LETTER, "text").join(values)


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="address"):
        compile_letter(LETTER, "text").join({"name": "Ana", "id": "1"})


def test_a_field_inside_a_link_is_not_merged() -> None:
    letter = replace(LETTER, source=f"# T\n\nRead [this](https://example.com/{NAME}).\n")
    with pytest.raises(NotBare, match="name"):
        compile_letter(letter, "html")


def test_postal_lines_in_an_indented_block_stay_in_it() -> None:
    letter = replace(LETTER, source=f"# T\n\n> {ADDRESS}\n")
    made = compile_letter(letter, "text").join({"address": ("Ana", "1 Example St")}).decode()
    assert "\n  Ana\n  1 Example St\n" in made


def test_pieces_and_fields_must_fit_together() -> None:
    with pytest.raises(ValueError, match="2 pieces"):
        Spliced([b"a"], [("name", as_text)])
