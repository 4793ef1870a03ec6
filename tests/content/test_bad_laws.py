"""Every way to write a law file wrong is a small file in bad_laws/, whose first line says what its message must hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.content.law_parts import Words
from breachkit.content.law_reader import read_regimes
from breachkit.content.laws import load_laws
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import parse_yaml, read_yaml
from breachkit.errors import BadFile

FOLDER = Path(__file__).parent / "bad_laws"
FILES = sorted(FOLDER.glob("*.yaml"))
MARK = "# expects: "


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_message_says_what_is_wrong_and_where(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(MARK)
    with pytest.raises(BadFile) as caught:
        read_regimes({path.name: read_yaml(path)}, Words(load_vocabulary(), load_directory()), "test")
    message = str(caught.value)
    for words in first.removeprefix(MARK).split(" | "):
        assert words in message
    # One mistake, one fault: a reader who corrects the line is done.
    assert len(caught.value.faults) == 1, message


def test_all_faults_of_all_files_are_shown_at_once() -> None:
    names = ["unknown_key.yaml", "unknown_start.yaml"]
    with pytest.raises(BadFile) as caught:
        read_regimes({name: read_yaml(FOLDER / name) for name in names}, Words(load_vocabulary(), load_directory()), "test")
    assert [fault.file for fault in caught.value.faults] == names


def test_the_same_duty_in_two_files_is_a_fault() -> None:
    text = (FOLDER / "unknown_key.yaml").read_text(encoding="utf-8").replace("        in_force_form: 2020-01-01\n", "")
    files = {"a.yaml": parse_yaml(text, "a.yaml"), "b.yaml": parse_yaml(text, "b.yaml")}
    with pytest.raises(BadFile, match="ids are unique"):
        read_regimes(files, Words(load_vocabulary(), load_directory()), "test")


def test_the_shipped_laws_load() -> None:
    assert load_laws()
