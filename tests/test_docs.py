"""What a person can type, write in a file or be judged under is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breachkit.cli.app import COMMANDS
from breachkit.content.laws import load_laws
from breachkit.content.organisations import profile_ids
from breachkit.content.shipped import LAWS
from breachkit.content.vocabulary import load_vocabulary
from breachkit.errors import ExitCode

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
EVERYTHING = "\n".join((README, *GUIDES.values()))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"\bbreachkit {command}\b", README)


@pytest.mark.parametrize("regime", [regime.id for regime in load_laws()])
def test_every_law_is_named(regime: str) -> None:
    assert regime in EVERYTHING


def test_every_law_file_holds_a_law_that_is_loaded() -> None:
    assert len(list(LAWS.rglob("*.yaml"))) == len(load_laws())


@pytest.mark.parametrize("group", sorted({spec.group for spec in load_vocabulary().facts.values()}))
def test_every_group_of_facts_is_documented_by_one_of_its_keys(group: str) -> None:
    keys = [spec.key for spec in load_vocabulary().facts.values() if spec.group == group]
    assert any(re.search(rf"(?<![\w.]){re.escape(key.split('<')[0])}", EVERYTHING) for key in keys)


@pytest.mark.parametrize("format", ["breachkit/facts@1", "breachkit/law@1", "breachkit/organisation@1", "breachkit/duties@1"])
def test_every_format_is_documented(format: str) -> None:
    assert format in EVERYTHING


@pytest.mark.parametrize("id", profile_ids())
def test_every_shipped_profile_is_in_the_list_beside_it(id: str) -> None:
    assert f"`{id}.yaml`" in (ROOT / "playbooks" / "organisations" / "README.md").read_text(encoding="utf-8")


def test_the_readme_says_what_it_is_not() -> None:
    assert "not legal advice" in README


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_documented(code: ExitCode) -> None:
    assert re.search(rf"\b{code.value}\b[^\n]*\w", EVERYTHING)


@pytest.mark.parametrize(
    ("name", "text"), [("README.md", README), *GUIDES.items()], ids=lambda value: value if len(value) < 40 else ""
)
def test_every_link_to_a_file_leads_somewhere(name: str, text: str) -> None:
    folder = ROOT if name == "README.md" else next((ROOT / "docs").rglob(name)).parent
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [target for target in targets if not (folder / target).exists()] == []
