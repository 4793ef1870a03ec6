"""A list of people who asked for no mail is read whole, or says which lines were not."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.errors import BadFile, UsageError
from breachkit.intake.opt_outs import OptOuts, compared, read_opt_outs


def read(folder: Path, content: str | bytes) -> OptOuts:
    path = folder / "opt-outs.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_opt_outs(path)


def unread(found: OptOuts) -> list[int]:
    return [one.line for one in found.unread]


def test_one_address_on_each_line(tmp_path: Path) -> None:
    found = read(
        tmp_path, "# by letter\nana@example.com\n\n  Bob@EXAMPLE.com \r\nnobody\nc@example.com,d@example.com\nana@example.com"
    )
    assert found.addresses == {"ana@example.com", "bob@example.com"}
    assert unread(found) == [5, 6]
    assert all("nobody" not in one.why for one in found.unread)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_with_a_column_for_addresses(tmp_path: Path, delimiter: str) -> None:
    rows = [
        "name,e-mail,since",
        "Ana,ana@example.com,2026",
        '"Bob\nthe second",bob@example.com,',
        "Cy,,2026",
        "Di,di at home,1",
        "Ed",
    ]
    found = read(tmp_path, "\n".join(rows).replace(",", delimiter))
    assert found.addresses == {"ana@example.com", "bob@example.com"}
    assert unread(found) == [6, 7]


def test_a_column_called_email_may_stand_alone(tmp_path: Path) -> None:
    assert read(tmp_path, '\ufeff"Email"\nana@example.com\n').addresses == {"ana@example.com"}


def test_a_quotation_mark_left_open_swallows_nobody(tmp_path: Path) -> None:
    found = read(tmp_path, 'ana@example.com\n"bob@example.com\ncy@example.com\n"di@example.com\ned@example.com\n')
    assert found.addresses >= {"ana@example.com", "cy@example.com", "ed@example.com"}
    table = read(tmp_path, 'email,name\nana@example.com,"A\nbob@example.com,B\ncy@example.com,"C\n')
    assert table.addresses == {"bob@example.com"}
    assert unread(table) == [2, 4]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana@Example.COM", "ana@example.com"),
        ("ANA.Example@example.com", "ana.example@EXAMPLE.com"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("JÖRG@example.com", "jörg@example.com"),
        ("\u200bana@example.com ", "ana@example.com"),
    ],
)
def test_two_ways_to_write_an_address_are_one(tmp_path: Path, one: str, other: str) -> None:
    found = read(tmp_path, f"email\n{one}\n")
    assert found.holds(one)
    assert found.holds(other)


def test_who_is_not_on_the_list_is_not_held(tmp_path: Path) -> None:
    found = read(tmp_path, "ana+news@example.com\n")
    assert not found.holds("ana@example.com")
    assert not found.holds("nobody")
    assert compared("a\nb@example.com") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "nothing in it"),
        ("# only talk\n\n", "nothing in it"),
        ("name,since\nAna,2026\n", "'name', 'since'.*call one 'email'"),
        ("email,e-mail\na@example.com,b@example.com\n", "more than one"),
        (b"PAR1....", "Parquet"),
        (b"PK\x03\x04", "save the sheet as CSV"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read(tmp_path, content)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_opt_outs(tmp_path / "absent.csv")


def test_a_list_of_another_encoding_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "name;email\nJörg;joerg@example.com\n".encode("cp1252")).holds("joerg@example.com")
    assert read(tmp_path, "ana@example.com\n".encode("utf-16")).holds("ana@example.com")
