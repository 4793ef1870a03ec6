"""No record of a text table is lost: each line belongs to exactly one, however messy the file and wherever a block ends."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.intake.files import Stream, survey
from breachkit.intake.people import QUOTES, TOO_LONG
from breachkit.intake.records import Broken, QuoteScan, Records

CELL = st.text(alphabet='ab ,;"\n1é', max_size=6)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12)
MESS = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", "\r", 'x"y', "é", "1", ' "']), max_size=40).map("".join)


def cut(
    data: bytes, width: int | None = 3, skip: int = 0, piece: int = 1 << 18, longest: int = 1 << 20
) -> list[list[str] | Broken]:
    """The records of some bytes, from a file as everywhere."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(data)
        about = survey(path, "utf-8")
        with about.opened() as file:
            return list(Records(Stream(file, about), ",", width, piece=piece, longest=longest).read(skip))


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.integers(1, 40))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str, str]], end: str, quoting: int, piece: int) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]  # QUOTE_ constants are ints
    data = buffer.getvalue().encode()
    assert cut(data, piece=piece) == [list(row) for row in rows]


@given(MESS, st.integers(1, 30), st.integers(0, 12))
def test_where_a_block_ends_changes_nothing(mess: str, piece: int, skip: int) -> None:
    data = mess.encode()
    whole = cut(data)
    assert cut(data, piece=piece) == whole
    assert cut(data, skip=skip) == whole[skip:]
    assert cut(data, piece=piece, skip=skip) == whole[skip:]


@given(MESS)
def test_every_line_belongs_to_exactly_one_record(mess: str) -> None:
    lines = len(mess.split("\n")) - (mess.endswith("\n") or not mess)
    if "\r" in mess and "\n" not in mess:
        return  # The line ends of very old systems.
    taken = sum(
        1 if isinstance(record, Broken) else 1 + sum(cell.count("\n") for cell in record) for record in cut(mess.encode())
    )
    assert taken == lines


@given(MESS, st.integers(1, 30), st.integers(4, 20))
def test_a_short_limit_loses_no_line_that_stands_alone(mess: str, piece: int, longest: int) -> None:
    """However short records must be: what follows the mess is read."""
    data = mess.encode() + b"\nlast,one,here\n"
    found = cut(data, piece=piece, longest=longest)
    assert cut(data, piece=piece, longest=longest, skip=2) == found[2:]
    if '"' not in mess:
        assert found[-1] == ["last", "one", "here"] or longest < 14
        assert len(found) == len(data.decode().split("\n")) - 1


def test_a_quotation_mark_that_is_not_closed_costs_its_own_line_only() -> None:
    data = b'1,a,b\n2,"Rock,c\n3,d,e\n4,"Smith, J",f\n5,g,h\n'
    found = cut(data)
    assert [record if isinstance(record, Broken) else record[0] for record in found] == ["1", found[1], "3", "4", "5"]
    assert isinstance(found[1], Broken)
    assert found[1].code == QUOTES


@pytest.mark.parametrize("tail", [b"", b'9,"Smith, J",x\n'])
def test_a_quotation_mark_never_closed_in_a_long_file_costs_its_own_line_only(tail: bytes) -> None:
    data = b'1,"Rock,c\n' + b"".join(b"%d,name,more\n" % row for row in range(2, 3000)) + tail
    found = cut(data, piece=512, longest=4_096)
    assert isinstance(found[0], Broken)
    assert found[0].code == QUOTES
    assert [record[0] for record in found[1:2999] if isinstance(record, list)] == [str(row) for row in range(2, 3000)]
    assert len(found) == 2999 + bool(tail)


@pytest.mark.parametrize("end", [b"\n9,a,b\n", b"\n", b""])
def test_a_long_quoted_cell_of_many_lines_is_one_record_and_forges_none(end: bytes) -> None:
    forged = b"7,mallory,forged\n" * 4_000
    found = cut(b'1,"' + forged + b'",x' + end, piece=512, longest=4_096)
    assert isinstance(found[0], Broken)
    assert found[0].code == TOO_LONG
    assert found[1:] == ([["9", "a", "b"]] if b"9" in end else [])


def test_a_line_too_long_to_hold_is_measured_and_left() -> None:
    found = cut(b"1,a,b\n2," + b"x" * 10_000_000 + b",c\n3,d,e\n")
    assert found[::2] == [["1", "a", "b"], ["3", "d", "e"]]
    assert found[1] == Broken(TOO_LONG, "the record has 10,000,005 bytes")


@pytest.mark.parametrize(
    ("text", "cells", "rest"),
    [
        ("a,b\nc", 2, "c"),
        ('"a,b",c\n', 2, ""),
        ('"a\nb",c\nd', 2, "d"),
        ('"a""b"\r\nx', 1, "x"),
        (',,"",\nq', 4, "q"),
        ('a"b,c\nz', 2, "z"),
    ],
)
def test_the_scan_finds_where_a_record_ends_in_any_pieces(text: str, cells: int, rest: str) -> None:
    for size in (1, 2, 3, 100):
        scan, ends = QuoteScan(","), []
        for at in range(0, len(text), size):
            if (end := scan.feed(text[at : at + size])) is not None:
                ends.append(at + end)
                break
        assert (scan.cells, [text[end:] for end in ends]) == (cells, [rest])
