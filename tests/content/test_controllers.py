"""A CSV of a processor's clients becomes facts, or says what is wrong with which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.content.controllers import read_controllers
from breachkit.content.factsfile import make_fact
from breachkit.errors import BadFile
from tests.strategies import WORDS


def csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "clients.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_each_line_is_a_client_with_its_people_and_data(tmp_path: Path) -> None:
    facts = read_controllers(
        csv(
            tmp_path,
            "id,name,contact,data.categories,people.total,people.in.ES,people.in.US-FL\n"
            'acct-01,"Sample Lettings, Ltd",dpo@example.com,call_recording; phone,150..220,100+,\n'
            "acct-02,,,,40,,\n",
        )
    )
    assert facts == {
        "controllers.acct-01.name": "Sample Lettings, Ltd",
        "controllers.acct-01.contact": "dpo@example.com",
        "controllers.acct-01.data.categories": ["call_recording", "phone"],
        "controllers.acct-01.people.total": "150..220",
        "controllers.acct-01.people.in.ES": "100+",
        "controllers.acct-02.people.total": "40",
        "controllers.acct-02.name": "acct-02",
    }
    assert [make_fact(key, raw, WORDS).key for key, raw in facts.items()] == list(facts)


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfid,name\r\nacct-01,One\r\n",
        'id,name\nacct-01,"One"',
        "id,name\n\nacct-01,One\n\n",
        "id,name\n acct-01 , One \n",
    ],
    ids=["from a spreadsheet", "quoted", "blank lines", "spaces"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str | bytes) -> None:
    assert read_controllers(csv(tmp_path, text)) == {"controllers.acct-01.name": "One"}


def test_a_name_may_hold_what_looks_like_a_line_end(tmp_path: Path) -> None:
    facts = read_controllers(csv(tmp_path, 'id,name\nacct-01,"One\nand Sons"\nacct-02,Two\u2028Ltd\n'))
    assert facts["controllers.acct-01.name"] == "One\nand Sons"
    assert facts["controllers.acct-02.name"] == "Two\u2028Ltd"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,nam\nacct-01,One\n", "clients.csv line 1: unknown column 'nam'; known: id, name, contact, data.categories"),
        ("name\nOne\n", "clients.csv line 1: the column 'id' is missing: a short name for each client, such as agency-17"),
        ("", "the column 'id' is missing"),
        ("id,people.total,people.total\na,1,2\n", "clients.csv line 1: the column 'people.total' is there twice"),
        ("id,name\nAgency 17,One\n", "clients.csv line 2: 'Agency 17' is not an id; write small letters, digits and hyphens"),
        ("id,name\n,One\n", "clients.csv line 2: '' is not an id"),
        ("id,name\nacct-01,One\nacct-01,Two\n", "clients.csv line 3: 'acct-01' is there twice"),
        ("id,name\nacct-01,One,Two\n", "clients.csv line 2: has more cells than the first line has columns"),
        ('id,name\nacct-01,"One" and\n', "is not a CSV"),
        ('id,name\nacct-01,"One\n', "is not a CSV"),
        (b"id,name\nacct-01,\xff\n", "cannot be read as UTF-8 text"),
    ],
)
def test_a_wrong_file_says_the_line_and_why(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(BadFile) as problem:
        read_controllers(csv(tmp_path, text))
    assert said in str(problem.value)


def test_a_file_that_is_not_there_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        read_controllers(tmp_path / "missing.csv")
