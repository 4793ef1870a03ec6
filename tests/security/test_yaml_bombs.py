"""YAML that would fill the memory, run something or never end, in every file breachkit reads; refused soon and in few words.

What the reader itself makes of such texts is in `tests/content/test_yamlfile.py`; here it comes through each door.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import breachkit
from breachkit.content.mail_settings import load_mail_settings
from breachkit.content.reminder_settings import load_reminder_settings
from breachkit.errors import BadFile
from tests.cli.conftest import Run
from tests.security.conftest import Facts

SMALL = Path(__file__).parents[1] / "exercises" / "small.yaml"
LAUGHS = "\n".join(
    ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    + [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for name, before in zip("bcdefghi", "abcdefgh", strict=True)]
)
BOMBS = {
    "laughs": (LAUGHS, "aliases (*name) are not read"),
    "brackets without end": ("format: " + "[{a: " * 200_000, "is nested too deeply"),
    "a tag that runs": ("format: !!python/object/apply:os.system ['true']", "tags ("),
    "a merge": ("x: &x {format: a}\n<<: *x", "aliases (*name) are not read"),
    "one key twenty thousand times": ("format: x\n" * 20_000, "is said twice"),
    "twenty thousand wrong names": ("".join(f"formatt{n}: x\n" for n in range(20_000)), "format"),
    "a name of a megabyte": (f"? {'format' * 200_000}\n: x", "..."),
    "a value of a megabyte": (f"format: {'x' * 1_000_000}", "format"),
    "more than is read": ("#" * 5_000_001, "is larger than"),
}


def _own(name: str, *words: object) -> Callable[[Run, Facts, Path], list[object]]:
    def door(run: Run, facts: Facts, file: Path) -> list[object]:
        place = file.parent / "own" / name
        place.parent.mkdir(parents=True)
        file.rename(place)
        return [facts() if word == "FACTS" else word for word in words]

    return door


DOORS: dict[str, Callable[[Run, Facts, Path], list[object]]] = {
    "facts": lambda _run, _facts, file: ["duties", "--facts", file],
    "profile": lambda _run, _facts, file: ["org", "check", file],
    "law": lambda _run, _facts, file: ["law", "check", file],
    "playbook": lambda _run, _facts, file: ["playbook", "check", file],
    "scenario": lambda _run, _facts, file: ["exercise", "check", file],
    "decisions": lambda _run, _facts, file: ["exercise", "run", SMALL, "--script", file],
    "families": _own("notices/families.yaml", "notice", "render", "eu.gdpr.33", "--facts", "FACTS"),
    "letterhead": _own("letterhead.yaml", "notice", "render", "eu.gdpr.33", "--facts", "FACTS", "--format", "html"),
    "own worksheet": _own("worksheets/mine.yaml", "notice", "worksheet", "--list"),
    "own playbook": _own("playbooks/mine.yaml", "playbook", "list"),
    "own law": _own("laws/mine/mine.yaml", "duties", "--facts", "FACTS"),
}


CASES = [(door, bomb) for door in DOORS for bomb in BOMBS if door == "facts" or bomb == "laughs"]


@pytest.mark.parametrize(("door", "bomb"), CASES)
def test_no_file_that_is_read_is_a_bomb(
    run: Run,
    facts: Facts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    door: str,
    bomb: str,
) -> None:
    text, said = BOMBS[bomb]
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    words = DOORS[door](run, facts, file)
    began = time.monotonic()
    ran = run(*words, code=3)
    assert time.monotonic() - began < 5
    assert said in ran.err
    assert len(ran.err) < 100_000
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("load", [load_mail_settings, load_reminder_settings])
@pytest.mark.parametrize("bomb", BOMBS)
def test_no_file_of_settings_is_a_bomb(tmp_path: Path, load: Callable[[Path], object], bomb: str) -> None:
    text, said = BOMBS[bomb]
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    began = time.monotonic()
    with pytest.raises(BadFile) as problem:
        load(file)
    assert time.monotonic() - began < 5
    assert said in str(problem.value)


def test_ten_thousand_names_that_nearly_are_facts_are_not_all_compared(run: Run, tmp_path: Path) -> None:
    names = "".join(f"  incident.titl{number}: x\n" for number in range(10_000))
    (tmp_path / "facts.yaml").write_text(f"format: breachkit/facts@1\nfacts:\n{names}", encoding="utf-8")
    began = time.monotonic()
    said = run("duties", "--facts", tmp_path / "facts.yaml", code=3).err
    assert time.monotonic() - began < 4
    assert "did you mean 'incident.title'" in said
    assert len(said.splitlines()) == 200


def test_a_profile_that_is_a_device_without_end_is_not_read_to_its_end(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("format: breachkit/facts@1\norganisation: endless.yaml\nfacts: {role: controller}\n", encoding="utf-8")
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    began = time.monotonic()
    assert "is larger than" in run("duties", "--facts", path, code=3).err
    assert time.monotonic() - began < 5


def test_yaml_is_read_in_one_place() -> None:
    room = Path(breachkit.__file__).parent
    found = [
        path.relative_to(room).as_posix()
        for path in room.rglob("*.py")
        if re.search(r"^\s*(?:import|from) (?:yaml|ruamel)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == ["content/yamlfile.py"]
