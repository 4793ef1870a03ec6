"""Every way a table or a row can be wrong, with the code or the words that say so. Nothing is run, and nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from breachkit.errors import BadFile, BreachkitError, UsageError
from breachkit.intake import DUPLICATE_ID, REFUSALS, PeopleTable, Person, Refusal
from tests.intake.house import HEADER, WORDS, codes, opened, read, refusal, written

GOOD = "1,Ana,ana@example.invalid,,,,,DE"
ROWS = {
    "empty": ["", ",,,,,,,", "  , ,,,,,,"],
    "ragged": ["1,Ana", f"{GOOD},more", "1"],
    "quotes": ['1,"Ana,ana@example.invalid,,,,,DE'],
    "too_long": [
        f"1,{'A' * 10_001},ana@example.invalid,,,,,DE",
        f"1,Ana,{'a' * 10_001}@example.invalid,,,,,DE",
        f"{'A' * 2_000_000},,,,,,,DE",
    ],
    "control": [
        '1,"Ana\nBcc: x@example.invalid",ana@example.invalid,,,,,DE',
        '1,Ana,"ana@example.invalid\r\nBcc: x@example.invalid",,,,,DE',
        "1,Ana\x00,ana@example.invalid,,,,,DE",
        "1\x1b[2J,Ana,ana@example.invalid,,,,,DE",
        "1,Ana \ue000id\ue001,ana@example.invalid,,,,,DE",
        "1,Ana\u2028,ana@example.invalid,,,,,DE",
        "1,A\rna,ana@example.invalid,,,,,DE",
    ],
    "formula": [
        "1,=cmd|' /C calc'!A0,ana@example.invalid,,,,,DE",
        "1,\u200b=1+1,ana@example.invalid,,,,,DE",
        "1,\t=1+1,ana@example.invalid,,,,,DE",
        "1,+HYPERLINK(x),ana@example.invalid,,,,,DE",
        "1,-2+3+cmd|x,ana@example.invalid,,,,,DE",
        "=1,Ana,ana@example.invalid,,,,,DE",
        "1,@SUM(1),ana@example.invalid,,,,,DE",
        "1,Ana,=HYPERLINK(x),Weg 1,Bonn,53111,,DE",
        "1,Ana,ana@example.invalid,=1,Bonn,53111,,DE",
        '1,Ana,ana@example.invalid,"Weg 1\n=1",Bonn,53111,,DE',
        "1,＝1+1,ana@example.invalid,,,,,DE",
    ],
    "place_unknown": [f"1,Ana,ana@example.invalid,,,,{end}" for end in (",Atlantis", "CA,", ",EU", ",n/a", ",")],
    "state_unknown": [f"1,Ana,ana@example.invalid,,,{end}" for end in ("62701,,US", ",Atlantis,US", ",,Canada")],
    "unreachable": [f"1,Ana,{end},,DE" for end in (",,,", "not an address,,,", "n/a,Weg 1,,", ",n/a,Bonn,53111", ",??,Bonn,")],
}


@pytest.mark.parametrize(("code", "row"), [(code, row) for code, rows in ROWS.items() for row in rows])
def test_a_bad_row_is_refused_alone_and_the_next_is_read(tmp_path: Path, code: str, row: str) -> None:
    found = read(tmp_path, f"{HEADER}\n{GOOD}\n{row}\n2,Bob,bob@example.invalid,,,,,DE\n")
    assert codes(found) == ["ok", code, "ok"]
    bad, last = found[1], found[2]
    assert isinstance(bad, Refusal)
    assert isinstance(last, Person)
    assert (bad.row, last.row, last.name) == (2, 3, "Bob")
    assert bad.detail.isprintable()
    assert len(bad.detail) < 200
    assert code in REFUSALS


def test_every_reason_is_in_the_table_above_or_said_by_others() -> None:
    elsewhere = {"encoding", "place_conflict", "language_unknown", "category_unknown", DUPLICATE_ID}
    assert set(ROWS) | elsewhere == set(REFUSALS)


def test_a_cell_that_looks_odd_and_is_no_formula_is_read(tmp_path: Path) -> None:
    header = "id,name,email,phone,country"
    rows = ["-5,Ana,a@example.invalid,+12025550100,DE", "@ana,-,a@example.invalid,,DE", "-,--,+tag@example.invalid,,DE"]
    assert codes(read(tmp_path, "\n".join([header, *rows]))) == ["ok", "ok", "ok"]


def test_a_place_is_named_in_the_refusal_and_cut(tmp_path: Path) -> None:
    found = refusal(tmp_path, f"id,email,country\nc-9,a@example.invalid,{'Atlantis ' * 20}\n")
    assert (found.id, found.code) == ("c-9", "place_unknown")
    assert found.detail == "country: Atlantis Atlantis Atlantis Atlantis A..."


def test_an_unknown_language_or_kind_of_data_is_refused_and_not_dropped(tmp_path: Path) -> None:
    header = "id,email,country,language,categories"
    found = read(tmp_path, f"{header}\n1,a@example.invalid,DE,the usual,\n2,a@example.invalid,DE,,shoe size\n")
    assert codes(found) == ["language_unknown", "category_unknown"]


def test_columns_that_name_two_places_are_refused(tmp_path: Path) -> None:
    table = (
        "email,place,country,state\na@example.invalid,DE,FR,\nb@example.invalid,US-CA,US,NY\nc@example.invalid,US-CA,US,CA\n"
    )
    assert codes(read(tmp_path, table)) == ["place_conflict", "place_conflict", "ok"]


def test_mixed_encodings_are_refused_by_row(tmp_path: Path) -> None:
    lines = [HEADER.encode(), "1,Jörg,j@example.invalid,,,,,DE".encode(), "2,Jörg,k@example.invalid,,,,,DE".encode("cp1252")]
    found = read(tmp_path, b"\n".join([*lines, GOOD.encode(), b""]))
    assert codes(found) == ["ok", "encoding", "ok"]
    assert isinstance(found[1], Refusal)
    assert found[1].detail == "the byte 0xF6 is no text here"


def test_bytes_that_the_encoding_does_not_have_are_refused_by_row(tmp_path: Path) -> None:
    cp1252 = HEADER.encode() + b"\n1,J\xf6rg,j@example.invalid,,,,,DE\n2,J\x81rg,k@example.invalid,,,,,DE\n"
    assert codes(read(tmp_path, cp1252)) == ["ok", "encoding"]
    lone = f"\ufeff{HEADER}\n1,A\ud800,a@example.invalid,,,,,DE\n{GOOD}\n".encode("utf-16-le", "surrogatepass")
    assert codes(read(tmp_path, lone)) == ["encoding", "ok"]


def test_a_name_of_ten_megabytes_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    huge = "A" * 10_000_000
    for row in (
        f"2,{huge},h@example.invalid,,,,,DE",
        f'2,"{huge}",h@example.invalid,,,,,DE',
        f'2,"{huge[:5]}\n{huge}",,,,,,DE',
    ):
        found = read(tmp_path, f"{HEADER}\n{GOOD}\n{row}\n3,Bob,bob@example.invalid,,,,,DE\n")
        assert codes(found) == ["ok", "too_long", "ok"]


def test_a_quoted_cell_of_two_hundred_thousand_characters_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    """Longer than the csv module takes, shorter than a record may be."""
    found = read(
        tmp_path, f'{HEADER}\n{GOOD}\n2,"{"A" * 200_000}",h@example.invalid,,,,,DE\n3,Bob,bob@example.invalid,,,,,DE\n'
    )
    assert codes(found) == ["ok", "too_long", "ok"]


def test_a_long_cell_in_a_column_nobody_reads_harms_nobody(tmp_path: Path) -> None:
    assert codes(read(tmp_path, f"email,country,essay\na@example.invalid,DE,{'x' * 500_000}\n")) == ["ok"]


FILES: dict[str, tuple[bytes, str]] = {
    "nothing.csv": (b"", "there is nothing in it"),
    "blank.csv": (b"\n\n ,\n", "there is nothing in it"),
    "book.xlsx": (b"PK\x03\x04....", "save the sheet as CSV"),
    "old.xls": (b"\xd0\xcf\x11\xe0....", "save the sheet as CSV"),
    "packed.csv.gz": (b"\x1f\x8b....", "unpack it first"),
    "no_place.csv": (b"name,email\nAna,a@example.invalid\n", "no column says where people live"),
    "state_only.csv": (b"name,email,state\nAna,a@example.invalid,CA\n", "a state says nothing without its country"),
    "no_person.csv": (b"country,colour\nDE,blue\n", "no column says who they are"),
    "no_way.csv": (b"name,country\nAna,DE\n", "no column has an e-mail address or a postal address"),
    "no_header.csv": (b"1,Ana,a@example.invalid,DE\n", "no column says where people live"),
    "twice.csv": (b"email,e-mail,country\na@example.invalid,,DE\n", "email may be 'email' or 'e-mail'"),
    "open_header.csv": (b'"email,country\na@example.invalid,DE\n', "the header cannot be read"),
    "wide.csv": (b",".join(b"c%d" % at for at in range(2_001)), "more than 2,000"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    content, words = FILES[name]
    with pytest.raises(BadFile) as problem:
        opened(tmp_path, content, name)
    assert words in str(problem.value)
    assert name in str(problem.value)


@pytest.mark.parametrize("name", ["no_place.csv", "no_person.csv", "twice.csv", "no_header.csv"])
def test_a_column_that_is_missing_or_ambiguous_shows_the_headers_and_how_to_name_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadFile, match=r"Headers: .*Understood: .*--column \w+=") as problem:
        opened(tmp_path, FILES[name][0], name)
    assert FILES[name][0].decode().split(",")[0].strip() in str(problem.value)


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        PeopleTable(tmp_path / "absent.csv", WORDS)
    with pytest.raises(UsageError):
        PeopleTable(tmp_path, WORDS)
    with pytest.raises(UsageError, match="not a file"):
        PeopleTable(Path(os.devnull), WORDS)


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\n{GOOD}\n")
    with PeopleTable(path, WORDS) as table:
        path.write_text(f"{HEADER}\n{GOOD}\n{GOOD}\n")
        with pytest.raises(BreachkitError, match="changed while it was read"):
            list(table.read())
