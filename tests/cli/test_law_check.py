"""`breachkit law check`: every fault with file, line and remedy, and what no case shows yet."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from breachkit.content.shipped import LAWS
from breachkit.workflow import law_check

from .conftest import Run

BAD = Path(__file__).parents[1] / "content" / "bad_laws"
CONTRADICTED = BAD / "case_that_contradicts_its_law"
GUIDE = Path(__file__).parents[2] / "docs" / "law-packs.md"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The pack of docs/law-packs.md."""
    blocks = re.findall(r"```yaml\n# (house/\S+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    for name, text in blocks:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "house"


def change(path: Path, old: str, new: str) -> int:
    """Change a file; the line where it was changed."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("overlapping_versions", ["end the older one the day before"]),
        ("threshold_without_operator", ["needs an operator `op:`, one of >, >=, <, <="]),
        ("unknown_element", ["unknown content element 'natur'", "did you mean 'nature'?"]),
        ("duty_without_citation", ["has no citation", "a rule without its source does not exist here"]),
        ("condition_nobody_defined", ["did you mean 'reached'?"]),
        ("filing_of_a_duty_nobody_has", ["did you mean 'xx.law.authority'"]),
        ("clock_that_waits_for_itself", ["waits for itself"]),
        ("condition_that_uses_itself", ["uses itself"]),
    ],
)
def test_a_bad_law_names_file_line_and_remedy(run: Run, name: str, words: list[str]) -> None:
    path = BAD / f"{name}.yaml"
    told = run("law", "check", path, code=3).err
    assert re.search(rf"{name}\.yaml line \d+: ", told)
    for one in words:
        assert one in told
    found = run("law", "check", path, "--json", code=3).json
    assert found["ok"] is False
    assert [(fault["file"], type(fault["line"])) for fault in found["faults"]] == [(str(path), int)]


def test_a_case_that_contradicts_its_law_is_named_with_its_line(run: Run) -> None:
    first = (CONTRADICTED / "cases" / "law.yaml").read_text(encoding="utf-8").splitlines()[0]
    told = run("law", "check", CONTRADICTED, code=3).err
    assert "law.yaml line " in told
    for words in first.removeprefix("# expects: ").split(" | "):
        assert words in told
    assert len(run("law", "check", CONTRADICTED, "--json", code=3).json["faults"]) == 1


def test_the_pack_of_the_guide_is_sound(run: Run, house: Path) -> None:
    assert "1 regime with 1 duty; 4 cases agree" in run("law", "check", house).out
    found = run("law", "check", house, "--json").json
    assert found == {"ok": True, "regimes": ["house.group"], "duties": 1, "cases": 4, "faults": []}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{people.total: 99}", "{people.total: 98}", "no case just below its limit of >= 100 total (at exactly 99)"),
        ("law_date: 2026-01-01", "law_date: 2026-01-02", "no case on the first day of version '2026' (2026-01-01)"),
        ("law_date: 2025-12-31", "law_date: 2025-12-30", "no case on the day before the first day of version '2026'"),
        ("{status: not_owed}", "{content: [nature]}", "no case where it is not owed"),
    ],
)
def test_what_no_case_shows_is_named_with_the_law_s_line_and_the_file_to_add_it_to(
    run: Run, house: Path, old: str, new: str, words: str
) -> None:
    change(house / "cases" / "group.yaml", old, new)
    told = run("law", "check", house, code=3).err
    assert f"{house / 'group.yaml'} line 12: house.group.parent: {words}" in told
    assert f"add one to {house / 'cases' / 'group.yaml'}" in told


def test_cases_may_lie_elsewhere(run: Run, house: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (house / "cases").rename(elsewhere)
    told = run("law", "check", house)
    assert "no cases lie beside it" in told.err
    assert "not tried on any case" in told.err
    assert run("law", "check", house, "--cases", elsewhere, "--json").json["cases"] == 4
    assert "is no folder of cases" in run("law", "check", house, "--cases", elsewhere / "group.yaml", code=3).err


def test_facts_of_a_case_that_cannot_be_read_are_a_fault_of_the_case(run: Run, house: Path) -> None:
    line = change(house / "cases" / "group.yaml", "facts: {people.total: 99}", "facts: {people.totl: 99}")
    told = run("law", "check", house, code=3).err
    assert f"group.yaml line {line - 2}: case 'Ninety-nine are not': its facts cannot be judged: " in told
    assert "did you mean 'people.total'" in told


def test_a_broken_file_of_cases_is_named(run: Run, house: Path) -> None:
    line = change(house / "cases" / "group.yaml", "given: a shop in Madrid", "given: a shop in Paris")
    told = run("law", "check", house, code=3).err
    assert f"{house / 'cases' / 'group.yaml'} line {line}: no starting point 'a shop in Paris'" in told


def test_faults_of_a_pack_name_the_file_as_it_was_said(run: Run, house: Path) -> None:
    line = change(house / "group.yaml", "content: [nature", "content: [natur")
    assert f"{house / 'group.yaml'} line {line}: unknown content element" in run("law", "check", house, code=3).err
    (house / "pack.yaml").write_text("format: breachkit/pack@1\nid: breachkit\ntitle: x\nversion: '1'\n")
    assert f"{house / 'pack.yaml'} line 2: 'breachkit' is the name" in run("law", "check", house, code=3).err


def test_an_override_that_leaves_out_a_duty_others_name_is_a_fault(run: Run, tmp_path: Path) -> None:
    shutil.copy(LAWS / "us" / "hipaa.yaml", tmp_path / "hipaa.yaml")
    change(tmp_path / "hipaa.yaml", "id: us.hipaa.hhs\n", "id: us.hipaa.secretary\n")
    text = (tmp_path / "hipaa.yaml").read_text(encoding="utf-8")
    (tmp_path / "hipaa.yaml").write_text(re.sub(r"us\.hipaa\.hhs(?![.\w])", "us.hipaa.secretary", text), encoding="utf-8")
    told = run("law", "check", tmp_path, code=3).err
    assert "hipaa.yaml line " in told
    assert "leaves out a duty that others name" in told


def test_shipped_files_are_tried_on_the_cases_of_the_checkout(run: Run) -> None:
    found = run("law", "check", LAWS / "ch" / "isg.yaml", "--json").json
    assert found["regimes"] == ["ch.isg"]
    assert found["cases"] > 5


def test_without_a_checkout_it_says_that_the_cases_are_not_there(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(law_check, "SHIPPED_CASES", tmp_path / "tests" / "laws")
    told = run("law", "check")
    assert "no cases lie beside it" in told.err
    assert told.out.startswith("sound: ")
    assert "cases" not in told.out


def test_a_library_that_stands_alone_is_read_alone(run: Run, tmp_path: Path) -> None:
    shutil.copytree(LAWS, tmp_path / "breachkit" / "laws")
    found = run("law", "check", tmp_path / "breachkit" / "laws", "--json").json
    assert "eu.gdpr" in found["regimes"]
    line = change(tmp_path / "breachkit" / "laws" / "eu" / "gdpr.yaml", "id: eu.gdpr.34\n", "id: eu.gdrp.34\n")
    told = run("law", "check", tmp_path / "breachkit" / "laws", code=3).err
    assert f"gdpr.yaml line {line}: duty id 'eu.gdrp.34' must begin with its regime's id" in told


def test_all_faults_of_all_folders_are_shown_at_once(run: Run, house: Path) -> None:
    change(house / "group.yaml", "content: [nature", "content: [natur")
    told = run("law", "check", house, CONTRADICTED, BAD / "unknown_key.yaml", "missing.yaml", code=3).err
    for words in ("'natur'", "A hundred are enough", "missing.yaml: cannot be read"):
        assert words in told
