"""A scenario's events list as a table (CSV) for a spreadsheet, and back: the master list that facilitators plan with.

The table holds the injects and nothing else. Reading it back replaces the `injects:` block of a scenario file and leaves every
other line of it as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from breachkit.content.happenings_written import flow, quoted, written
from breachkit.content.scenario_parts import ScenarioParts
from breachkit.content.scenarios import ScenarioReader, known_names
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import MAX_BYTES, Lines, Reader, parse_yaml
from breachkit.domain.exercise.checking import faults
from breachkit.domain.exercise.scenario import Inject, Scenario
from breachkit.domain.offsets import write_offset
from breachkit.domain.periods import show
from breachkit.domain.spreadsheet import given_back, kept
from breachkit.errors import BadFile, Fault, nearest

COLUMNS: Final = (
    "id", "at", "at_words", "channel", "sender", "to", "text", "when", "branch", "until", "pressure", "asks", "note",
)  # fmt: skip
"""`at_words` is the virtual wall clock, for reading; it is not read back."""
BOM: Final = "\ufeff"
"""Written before the table in a file: spreadsheets take it for UTF-8 then."""
_IGNORED: Final = "at_words"


def as_csv(scenario: Scenario) -> str:
    """One row for each inject, in the file's order; no cell can be taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for inject in scenario.injects:
        writer.writerow(kept(cell) for cell in _cells(inject, scenario).values())
    return out.getvalue()


def _cells(inject: Inject, scenario: Scenario) -> dict[str, str]:
    when = written(inject.when)
    return {
        "id": inject.id,
        "at": write_offset(inject.at),
        "at_words": show(scenario.begin + inject.at, scenario.zone),
        "channel": inject.channel,
        "sender": inject.sender,
        "to": inject.to,
        "text": inject.text,
        "when": "" if when is None else flow(when),
        "branch": inject.branch,
        "until": "" if inject.until is None else write_offset(inject.until),
        "pressure": "" if inject.pressure is None else write_offset(inject.pressure),
        "asks": " ".join(inject.asks),
        "note": inject.note,
    }


def read_table(path: Path) -> str:
    """The text of a file that a spreadsheet or an editor wrote. BadFile when it cannot be read or is not UTF-8."""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise BadFile([Fault(str(path), None, f"is larger than {MAX_BYTES} bytes")])
        return raw.decode("utf-8-sig")
    except OSError as problem:
        raise BadFile([Fault(str(path), None, f"cannot be read: {problem.strerror or problem}")]) from problem
    except UnicodeDecodeError as problem:
        text = f"is not UTF-8 text (byte {problem.start}); save it as CSV UTF-8"
        raise BadFile([Fault(str(path), None, text)]) from problem


def with_events(text: str, table: str, file: str, table_file: str = "the table", *, laws: Iterable[Path] = ()) -> str:
    """The scenario file's text with its `injects:` block made from the table, every other line as it was.

    `file` and `table_file` are what faults call them. BadFile with every fault, each with the table's row and column, when the
    table cannot be read or the scenario would not be sound with it.
    """
    rows = tuple(_rows(table, table_file))
    made = _exchanged(text, _block(inject for _, inject in rows), file)
    reader = ScenarioReader(parse_yaml(made.text, file), file)
    try:
        scenario = reader.scenario()
    except BadFile as problem:
        raise BadFile(replace(fault, line=made.before(fault.line)) for fault in problem.faults) from problem
    # Lines below nought stand for rows of the table, so that each fault is told where its cell is.
    marked = tuple(replace(inject, line=-row) for row, inject in rows)
    flaws = faults(replace(scenario, injects=marked), known_names(scenario, laws))
    found = [
        _cell_fault(table_file, -flaw.line, flaw.key, flaw.text)
        if flaw.line is not None and flaw.line < 0
        else Fault(file, made.before(reader.line(flaw)), flaw.text)
        for flaw in sorted(flaws, key=lambda flaw: (flaw.line is None or flaw.line > 0, abs(flaw.line or 0)))
    ]
    if found:
        raise BadFile(found)
    return made.text


# -- reading the table ------------------------------------------------------------------------------------------------


class _Row(Reader):
    """One row on its way to an inject; faults name its row and column."""

    def __init__(self, cells: Mapping[str, Any], row: int, file: str, found: list[Fault]) -> None:
        super().__init__(dict(cells), file, found, "the row")
        self.row = row

    def fault(self, key: str | None, text: str) -> None:
        """Note one fault in that column."""
        self.faults.append(_cell_fault(self.file, self.row, key, text))


def _cell_fault(file: str, row: int, column: str | None, text: str) -> Fault:
    return Fault(file, None, f"row {row}{f', column {column}' if column else ''}: {text}")


def _rows(table: str, file: str) -> Iterator[tuple[int, Inject]]:
    """Each inject with its row in the spreadsheet, whose first row is the heading. BadFile with every fault."""
    found: list[Fault] = []
    parts = ScenarioParts(file, load_vocabulary())
    injects = []
    for row, cells in _records(table, file):
        inner = len(parts.faults)
        one = _Row(_read_cells(cells, row, file, found), row, file, found)
        injects.append((row, parts.inject(one)))
        # What is wrong inside a condition was noted by line; here its place is a cell.
        found += [_cell_fault(file, row, "when", fault.text) for fault in parts.faults[inner:]]
    if not injects:
        found.append(Fault(file, None, "holds no injects: one row for each under the heading"))
    if found:
        raise BadFile(found)
    yield from injects


def _read_cells(cells: Mapping[str, str], row: int, file: str, found: list[Fault]) -> dict[str, Any]:
    """What each cell holds; empty ones are left out."""
    values: dict[str, Any] = {key: cell for key, cell in cells.items() if cell and key != _IGNORED}
    if "asks" in values:
        values["asks"] = [name for name in re.split(r"[\s,;]+", values["asks"]) if name]
    if "when" in values:
        try:
            held = parse_yaml(f"when: {values['when']}", file)
            values["when"] = held["when"]
            if len(held) > 1 or held["when"] is None:
                text = "holds something else than one condition; write it on one line, such as {fired: an-inject}"
                found.append(_cell_fault(file, row, "when", text))
        except BadFile as problem:
            found += [_cell_fault(file, row, "when", fault.text) for fault in problem.faults]
            values["when"] = [{"declared": "yes"}]
    return values


def _records(table: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = table.removeprefix(BOM)
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as problem:
        raise BadFile([Fault(file, None, f"is not a table: {problem}")]) from problem
    names = [name.strip().lower() for name in rows[0]] if rows else []
    _check_heading(names, file)
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names):
            text = f"has {len(cells)} cells under {len(names)} headings; quote a cell that holds the separator"
            raise BadFile([_cell_fault(file, number, None, text)])
        padded = [*cells, *[""] * (len(names) - len(cells))]
        yield number, {name: _plain(cell) for name, cell in zip(names, padded, strict=True)}


def _check_heading(names: list[str], file: str) -> None:
    found = []
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            close = nearest(name, COLUMNS)
            hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(COLUMNS)}"
            found.append(Fault(file, 1, f"unknown column '{name}'; {hint}"))
        elif names.count(name) > 1:
            found.append(Fault(file, 1, f"the column '{name}' is there twice; keep one"))
    missing = [name for name in COLUMNS if name not in names and name != _IGNORED]
    if missing:
        text = f"the heading lacks {', '.join(missing)}; add each, empty where it is not used, or export the table again"
        found.append(Fault(file, 1, text))
    if found:
        raise BadFile(found)


def _plain(cell: str) -> str:
    return given_back(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


# -- writing the block ------------------------------------------------------------------------------------------------


def _block(injects: Iterable[Inject]) -> list[str]:
    """The lines of an `injects:` block."""
    lines = ["injects:"]
    for inject in injects:
        when = written(inject.when)
        fields: tuple[tuple[str, str], ...] = (
            ("id", quoted(inject.id)),
            ("at", write_offset(inject.at)),
            ("channel", inject.channel),
            ("sender", quoted(inject.sender)),
            ("to", quoted(inject.to) if inject.to else ""),
            ("text", _text(inject.text)),
            ("when", "" if when is None else flow(when)),
            ("branch", quoted(inject.branch) if inject.branch else ""),
            ("until", "" if inject.until is None else write_offset(inject.until)),
            ("pressure", "" if inject.pressure is None else write_offset(inject.pressure)),
            ("asks", flow(list(inject.asks)) if inject.asks else ""),
            ("note", _text(inject.note) if "\n" in inject.note else quoted(inject.note) if inject.note else ""),
        )
        entry = [line for key, value in fields if value for line in f"{key}: {value}".split("\n")]
        lines += [f"  - {entry[0]}", *(f"    {line}" if line else "" for line in entry[1:])]
    return lines


_ODD = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def _text(text: str) -> str:
    """Text as a block that reads as it was written; in quotes where a block could not hold it."""
    if not text or _ODD.search(text):
        return quoted(text)
    return "\n".join(["|", *(f"  {line}" if line else "" for line in text.split("\n"))])


@dataclass(frozen=True)
class _Exchanged:
    """A text with one block of it exchanged."""

    text: str
    first: int
    """Lines before the block."""
    new: int
    """Lines of the block now."""
    old: int
    """Lines it had before."""

    def before(self, line: int | None) -> int | None:
        """The line that this line was before the exchange; the block's first for one inside it."""
        if line is None or line <= self.first:
            return line
        return line - self.new + self.old if line > self.first + self.new else self.first + 1


def _exchanged(text: str, block: list[str], file: str) -> _Exchanged:
    """The text with that block in place of its `injects:`, or at its end where it has none."""
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    new = [line + end for line in block]
    top = parse_yaml(text, file)
    if "injects" not in top:
        before = lines if text.endswith(("\n", "\r")) else [*lines, end]
        return _Exchanged("".join([*before, *new]), len(lines), len(new), 0)
    first, after = _span(top, lines, file)
    # Comments and empty lines before the next block belong to that one.
    while after > first + 1 and re.match(r"\s*$|#|\.\.\.|---", lines[after - 1]):
        after -= 1
    return _Exchanged("".join([*lines[:first], *new, *lines[after:]]), first, len(new), after - first)


def _span(top: Lines, lines: list[str], file: str) -> tuple[int, int]:
    """Where the `injects:` block begins and what comes after it, as places in the list of lines."""
    first = top.lines["injects"] - 1
    after = min((line - 1 for line in top.lines.values() if line - 1 > first), default=len(lines))
    alone = [line for line in top.lines.values() if line - 1 == first] == [first + 1]
    if not alone or not re.match(r"[\"']?injects[\"']?\s*:", lines[first].removeprefix(BOM)):
        raise BadFile([Fault(file, first + 1, "'injects' must begin a line of its own, so that its block can be exchanged")])
    return first, after
