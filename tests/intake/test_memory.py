"""Reading takes as much memory for two hundred thousand people as for twenty thousand."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from breachkit.intake import PeopleTable
from tests.intake.house import HEADER, WORDS


def table(folder: Path, people: int) -> Path:
    """A table in which each cell is its own, so that nothing remembered could be shared."""
    path = folder / f"{people}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for row in range(people):
            end = f"{row} Main Street,City {row},{row:05},Region {row},DE" if row % 7 else ",,,,Atlantis"
            file.write(f"{row},Ana Example{row},ana{row}@example.invalid,{end}\n")
    return path


def test_nothing_is_kept_of_the_people_that_were_read(tmp_path: Path) -> None:
    with PeopleTable(table(tmp_path, 200_000), WORDS) as people:
        reading = people.read()
        early = in_use_after(reading, 20_000)
        late = in_use_after(reading, 179_000)
        assert sum(1 for _ in reading) == 1_000
    # A block holds some thousand lines that wait; what was read may leave nothing.
    assert late < early + 10_000


def in_use_after(reading: Iterator[object], people: int) -> int:
    """How many blocks of memory the interpreter has in use when so many more people were read."""
    for _ in range(people):
        next(reading)
    gc.collect()
    return sys.getallocatedblocks()


def test_the_peak_does_not_grow_with_the_number_of_people(tmp_path: Path) -> None:
    assert peak(table(tmp_path, 24_000)) < peak(table(tmp_path, 8_000)) * 1.1 + 100_000


def peak(path: Path) -> int:
    """The most memory in use while a table is read, in bytes."""
    gc.collect()
    tracemalloc.start()
    try:
        with PeopleTable(path, WORDS) as people:
            for _ in people.read():
                pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
