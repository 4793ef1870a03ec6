"""The events list goes out as a table and comes back equal; what a spreadsheet changes is borne, or told by row and column."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.content.events_list import BOM, COLUMNS, as_csv, read_table, with_events
from breachkit.content.scenarios import load_scenario, read_scenario_text, scenario_ids, scenario_path
from breachkit.domain.exercise.scenario import CHANNELS, Inject, Scenario
from breachkit.errors import BadFile
from tests.strategies import texts

SMALL = (Path(__file__).parent / "scenarios" / "small.yaml").read_text(encoding="utf-8")


def without_places(one: Scenario) -> Scenario:
    """The same, without the lines of a file."""
    return replace(
        one,
        source="",
        injects=tuple(replace(inject, line=None) for inject in one.injects),
        questions=tuple(replace(question, line=None) for question in one.questions),
        actions=tuple(replace(action, line=None) for action in one.actions),
        branches=tuple(replace(branch, line=None) for branch in one.branches),
        truths={key: tuple(replace(truth, line=None) for truth in truths) for key, truths in one.truths.items()},
    )


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline="")))


def changed(column: str, value: str, row: int = 0) -> str:
    """The small scenario's table with one cell changed."""
    cells = rows(as_csv(read_scenario_text(SMALL, "small.yaml")))
    cells[row][column] = value
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(cells)
    return out.getvalue()


# -- out and back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", scenario_ids())
def test_a_shipped_scenario_that_goes_out_and_comes_back_is_equal_to_itself(id: str) -> None:
    text, one = scenario_path(id).read_text(encoding="utf-8"), load_scenario(id)
    back = with_events(text, as_csv(one), f"{id}.yaml")
    assert without_places(read_scenario_text(back, f"{id}.yaml")) == without_places(one)
    # Once more changes nothing: the block is written in one way.
    assert with_events(back, as_csv(one), f"{id}.yaml") == back


def test_every_other_line_stays_as_it_is_comments_too() -> None:
    back = with_events(SMALL, as_csv(read_scenario_text(SMALL, "small.yaml")), "small.yaml")
    before, after = SMALL.split("injects:\n")[0], SMALL[SMALL.index("# What is asked.") :]
    assert back.startswith(before + "injects:\n")
    assert back.endswith("\n\n" + after)
    assert "# A comment inside the block." not in back


def test_a_block_at_the_end_of_a_file_is_exchanged_too() -> None:
    start, end = SMALL.index("injects:\n"), SMALL.index("# What is asked.")
    last = SMALL[:start] + SMALL[end:] + SMALL[start:end].rstrip()
    one = read_scenario_text(last, "small.yaml")
    back = with_events(last, as_csv(one), "small.yaml")
    assert without_places(read_scenario_text(back, "small.yaml")) == without_places(one)
    none = SMALL[:start] + SMALL[end:].rstrip()
    back = with_events(none, as_csv(one), "small.yaml")
    assert without_places(read_scenario_text(back, "small.yaml")) == without_places(one)


def test_a_file_with_windows_line_ends_keeps_them() -> None:
    windows = SMALL.replace("\n", "\r\n")
    back = with_events(windows, as_csv(read_scenario_text(SMALL, "small.yaml")), "small.yaml")
    assert "\n" not in back.replace("\r\n", "")


spans = st.integers(0, 19 * 60).map(lambda minutes: timedelta(minutes=minutes))
plain = st.one_of(
    texts, texts.map(lambda text: f"={text}\n  -{text}"), st.sampled_from(("'=x", "''@", "- a", "# b", "|", "yes"))
)
prose = plain.map(lambda text: text.replace("\r", "\n").strip()).filter(bool)


@st.composite
def drawn(draw: st.DrawFn) -> Inject:
    call = read_scenario_text(SMALL, "small.yaml", checked=False).injects[0]
    until = draw(st.none() | st.just(timedelta(hours=79)))
    return replace(
        call,
        channel=draw(st.sampled_from(CHANNELS)),
        sender=draw(prose),
        text=draw(prose),
        note=draw(st.just("") | prose),
        at=draw(spans),
        until=until,
        pressure=draw(st.none() | spans.filter(bool)),
    )


@given(drawn())
def test_whatever_is_written_in_a_cell_comes_back_and_is_no_formula(inject: Inject) -> None:
    one = read_scenario_text(SMALL, "small.yaml", checked=False)
    one = replace(one, injects=(inject, one.injects[1]))
    table = as_csv(one)
    for row in rows(table):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    back = read_scenario_text(with_events(SMALL, table, "small.yaml"), "small.yaml")
    assert without_places(back) == without_places(one)


# -- what a spreadsheet does -------------------------------------------------------------------------------------------


def test_the_table_has_the_columns_and_the_virtual_wall_clock() -> None:
    first, second = rows(as_csv(read_scenario_text(SMALL, "small.yaml")))
    assert tuple(first) == COLUMNS
    assert (first["at"], first["at_words"], first["asks"]) == ("PT0M", "Thu 19 Nov 2026 16:00 CET", "ransom")
    assert second["text"] == "'= 640, as of now"
    assert second["when"] == "{any: [{fired: call, for: PT30M}, {fact: breach.public, is: yes}, {not: {declared: yes}}]}"
    assert as_csv(read_scenario_text(SMALL, "small.yaml")).endswith("\r\n")


def test_semicolons_a_mark_at_the_beginning_and_other_line_ends_are_read(tmp_path: Path) -> None:
    one = read_scenario_text(SMALL, "small.yaml")
    cells = [list(COLUMNS), *(list(row.values()) for row in rows(as_csv(one))), [""] * len(COLUMNS)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(cells)
    path = tmp_path / "events.csv"
    path.write_bytes((BOM + out.getvalue()).encode())
    assert with_events(SMALL, read_table(path), "small.yaml") == with_events(SMALL, as_csv(one), "small.yaml")


def test_the_words_of_the_clock_are_not_read_back() -> None:
    table = as_csv(read_scenario_text(SMALL, "small.yaml"))
    assert with_events(SMALL, changed("at_words", "tomorrow"), "small.yaml") == with_events(SMALL, table, "small.yaml")


def test_rows_may_change_places_and_new_ones_come_in() -> None:
    table = as_csv(read_scenario_text(SMALL, "small.yaml"))
    new = table + "second,PT5H,,mail,A customer,,Me again.,{fired: call},,,,,\r\n"
    back = read_scenario_text(with_events(SMALL, new, "small.yaml"), "small.yaml")
    assert [inject.id for inject in back.injects] == ["call", "count", "second"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("id", "A call", "events.csv: row 2, column id: 'A call' is not an id"),
        ("id", "count", "events.csv: row 3, column id: the inject 'count' is said twice"),
        ("at", "4 o'clock", "events.csv: row 2, column at: '4 o'clock' is not a span of time"),
        ("at", "PT90H", "events.csv: row 2, column at: inject 'call' can never be sent: it comes 3 d 18 h after the start"),
        ("channel", "post", "events.csv: row 2, column channel: unknown channel 'post'"),
        ("sender", "", "events.csv: row 2, column sender: 'sender' is missing"),
        ("text", "", "events.csv: row 2, column text: 'text' is missing"),
        ("to", "laed", "events.csv: row 2, column to: inject 'call': unknown role 'laed'; did you mean 'lead'?"),
        ("when", "{fired: count", "events.csv: row 2, column when: is not valid YAML"),
        ("when", "{fired: count}\nto: lead", "events.csv: row 2, column when: holds something else than one condition"),
        ("when", "# later", "events.csv: row 2, column when: holds something else than one condition"),
        ("when", "{fierd: count}", "events.csv: row 2, column when: unknown condition 'fierd'; did you mean 'fired'"),
        ("when", "{fired: cuont}", "events.csv: row 2, column when: inject 'call': unknown inject 'cuont'"),
        ("when", "{fact: breach.public, is: perhaps}", "events.csv: row 2, column when: "),
        ("branch", "payed", "events.csv: row 2, column branch: inject 'call': unknown branch 'payed'; did you mean 'paid'?"),
        ("until", "PT", "events.csv: row 2, column until: 'PT' is not a span of time"),
        ("pressure", "PT0M", "events.csv: row 2, column pressure: inject 'call': 'pressure' must be longer than nothing"),
        ("asks", "ransom, ransam", "events.csv: row 2, column asks: inject 'call': unknown question 'ransam'"),
    ],
)
def test_a_fault_names_its_row_and_column(column: str, value: str, words: str) -> None:
    with pytest.raises(BadFile) as caught:
        with_events(SMALL, changed(column, value), "small.yaml", "events.csv")
    assert words in str(caught.value)


def test_a_fault_elsewhere_names_its_line_in_the_file_as_it_was() -> None:
    table = as_csv(read_scenario_text(SMALL, "small.yaml"))
    line = next(number for number, line in enumerate(SMALL.splitlines(), 1) if "act: {ask: breach.cause}" in line)
    for wrong in (
        SMALL.replace("ask: breach.cause", "ask: breach.couse"),
        SMALL.replace("step: general.team", "step: general.tame"),
    ):
        with pytest.raises(BadFile) as caught:
            with_events(wrong, table, "small.yaml")
        (fault,) = caught.value.faults
        assert fault.file == "small.yaml"
        assert fault.line == line + ("tame" in wrong)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "the heading lacks id, at, channel"),
        ("id,at,channel\r\n", "the heading lacks sender, to, text"),
        (",".join(COLUMNS) + ",sendr\r\n", "line 1: unknown column 'sendr'; did you mean 'sender'?"),
        (",".join(COLUMNS) + ",id\r\n", "line 1: the column 'id' is there twice"),
        (",".join(COLUMNS) + "\r\n", "holds no injects"),
        (",".join(COLUMNS) + "\r\n" + "x," * 20 + "\r\n", "row 2: has 21 cells under 13 headings"),
        (",".join(COLUMNS) + '\r\n"open', "is not a table"),
    ],
)
def test_a_table_that_is_none_is_told(table: str, words: str) -> None:
    with pytest.raises(BadFile) as caught:
        with_events(SMALL, table, "small.yaml", "events.csv")
    assert str(caught.value).startswith("events.csv")
    assert words in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        read_table(tmp_path / "none.csv")
    (tmp_path / "old.csv").write_bytes("id;Büro".encode("cp1252"))
    with pytest.raises(BadFile, match=r"is not UTF-8 text .* save it as CSV UTF-8"):
        read_table(tmp_path / "old.csv")


def test_a_scenario_written_on_one_line_is_not_taken_apart() -> None:
    table = as_csv(read_scenario_text(SMALL, "small.yaml"))
    with pytest.raises(BadFile, match="'injects' must begin a line of its own"):
        with_events("{format: breachkit/scenario@1, injects: []}", table, "small.yaml")
