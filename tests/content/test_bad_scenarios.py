"""Every way to write a scenario wrong is a small file in bad_scenarios/, whose first line says what its message must hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breachkit.content.scenarios import load_scenario
from breachkit.errors import BadFile

FILES = sorted((Path(__file__).parent / "bad_scenarios").glob("*.yaml"))
FIRST = re.compile(r"# expects(?: (?P<number>\d) faults)?: (?P<words>.*)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_message_says_what_is_wrong_and_where(path: Path) -> None:
    first = FIRST.fullmatch(path.read_text(encoding="utf-8").splitlines()[0])
    assert first is not None
    with pytest.raises(BadFile) as caught:
        load_scenario(path)
    message = str(caught.value)
    for words in first["words"].split(" | "):
        assert words in message
    # One mistake, one fault: a reader who corrects the line is done. Some mistakes take others with them.
    assert len(caught.value.faults) == int(first["number"] or 1), message
    assert all(fault.file == str(path) and fault.line is not None for fault in caught.value.faults), message
