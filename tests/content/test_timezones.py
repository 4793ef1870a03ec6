"""Times are read by the shipped time-zone rules, on every machine."""

from __future__ import annotations

import subprocess
import sys

READS_A_TIME_FIRST = """
from breachkit.workflow.workspace import read_moment
import zoneinfo, tzdata, pathlib
read_moment("2026-11-20T22:15[Europe/Brussels]")
assert [pathlib.Path(path) for path in zoneinfo.TZPATH] == [pathlib.Path(tzdata.__file__).parent / "zoneinfo"], zoneinfo.TZPATH
"""


def test_the_shipped_rules_are_in_use_before_the_first_time_is_read() -> None:
    done = subprocess.run([sys.executable, "-c", READS_A_TIME_FIRST], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
