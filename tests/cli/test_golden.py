"""What `breachkit duties` prints for Example Co, word for word: a change shows up as a diff a responder can read.

`BREACHKIT_GOLDEN=write` writes the file anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .conftest import NOON, Run

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("command", ["duties", "clock", "ask"])
def test_the_words_are_as_agreed(run: Run, sample: Path, command: str) -> None:
    shown = run(command, "--facts", sample, "--now", NOON).out.replace(str(sample), "example-co.incident.yaml")
    path = GOLDEN / f"{command}-example-co.txt"
    if os.environ.get("BREACHKIT_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
