"""The shipped playbooks can be read and ask for facts there are; a wrong one says where and why; one's own wins."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from breachkit.content.playbooks import (
    load_playbook,
    load_playbooks,
    playbook_files,
    playbook_folder,
    read_playbook,
    read_playbook_file,
)
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import parse_yaml
from breachkit.domain.conditions import ALWAYS, Always, Condition, evaluate
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.playbook import PHASES, Playbook, Step
from breachkit.errors import BadFile, UnknownName
from tests.strategies import ROLES, Asked, Dice

IDS = ("general", "exposed-storage", "ransomware", "upstream-provider")
WORDS = load_vocabulary()
FOLDER = Path(__file__).parent / "bad_playbooks"
FILES = sorted(FOLDER.glob("*.yaml"))
MARK = "# expects: "
BOOKS = [load_playbook(id) for id in IDS]
STEPS = [pytest.param(book, step, id=f"{book.id}.{step.id}") for book in BOOKS for step in book.steps]


# -- what is shipped ---------------------------------------------------------------


def test_the_four_playbooks_are_shipped_and_the_general_one_comes_first() -> None:
    assert tuple(book.id for book in load_playbooks()) == IDS
    assert {path.stem for path in playbook_folder().glob("*.yaml")} == set(IDS)


@pytest.mark.parametrize("book", BOOKS, ids=IDS)
def test_a_playbook_has_its_steps_its_roles_and_its_sources(book: Playbook) -> None:
    assert 12 <= len(book.steps) <= 18
    assert book.title
    assert book.summary
    assert book.sources
    assert all(source.url for source in book.sources)
    assert book.roles == BOOKS[0].roles
    assert {step.phase for step in book.steps} <= set(PHASES)


@pytest.mark.parametrize(("book", "step"), STEPS)
def test_a_step_asks_for_facts_there_are_and_says_what_to_do_in_few_words(book: Playbook, step: Step) -> None:
    for key in step.asks:
        assert WORDS.spec(key)
    assert len(step.title) <= 72
    assert 60 <= len(step.text) <= 480
    assert book.role(step.role)
    assert step.title.isascii()
    assert step.text.isascii()


def test_no_two_playbooks_have_a_step_of_the_same_name_or_title() -> None:
    titles = [step.title for book in BOOKS for step in book.steps]
    assert len(titles) == len(set(titles))


# -- their conditions --------------------------------------------------------------


def drawn(condition: Condition, seed: int) -> FactBook:
    """Some of the facts that the condition asks about, with some value each."""
    dice, asked = Dice(Random(seed)), Asked()
    asked.add(condition)
    raw: dict[str, Any] = {}
    for key in sorted({*asked.facts, *asked.known}):
        if dice.likely(0.8):
            raw[key] = some_value(key, dice)
    for place in sorted(one for one in asked.people if one is not None):
        raw |= {f"people.in.{place}": dice.one(["0", "5"])} if dice.likely(0.8) else {}
    if asked.roles and dice.likely(0.8):
        raw["role"] = [dice.one(ROLES)]
    return FactBook({key: Fact(key, read_value(WORDS.spec(key), value, WORDS), value) for key, value in raw.items()}, WORDS)


def some_value(key: str, dice: Dice) -> Any:
    spec = WORDS.spec(key)
    match spec.type:
        case "yes_no":
            return dice.one(["yes", "no"])
        case "choice":
            return dice.one(sorted(spec.choices))
        case "set":
            return [dice.one(sorted(spec.choices or WORDS.categories))]
        case "instant":
            return "2026-11-20T22:15:00+01:00"
        case "count":
            return "600"
        case "duration":
            return "PT6H"
        case _:
            return "words"


def answers(condition: Condition) -> set[bool | None]:
    return {evaluate(condition, drawn(condition, seed)).holds for seed in range(300)}


@pytest.mark.parametrize(
    "condition",
    [
        *(pytest.param(book.applies, id=book.id) for book in BOOKS if book.applies != ALWAYS),
        *(pytest.param(s.when, id=f"{b.id}.{s.id}") for b in BOOKS for s in b.steps if s.when != ALWAYS),
    ],
)
def test_a_condition_is_true_on_some_facts_false_on_others_and_open_at_first(condition: Condition) -> None:
    assert answers(condition) == {True, False, None}


@pytest.mark.parametrize(
    "condition",
    [pytest.param(s.done, id=f"{b.id}.{s.id}") for b in BOOKS for s in b.steps if s.done and not isinstance(s.done, Always)],
)
def test_what_shows_a_step_done_is_so_on_some_facts_and_not_at_first(condition: Condition) -> None:
    assert True in answers(condition)
    assert evaluate(condition, FactBook({}, WORDS)).holds is not True


def test_only_the_general_playbook_applies_to_everything() -> None:
    assert [book.id for book in BOOKS if book.applies == ALWAYS] == ["general"]
    assert [book.id for book in BOOKS if not any(step.when != ALWAYS for step in book.steps)] == []


# -- every way to be wrong ---------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_message_says_what_is_wrong_and_where(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(MARK)
    with pytest.raises(BadFile) as caught:
        read_playbook_file(path)
    message = str(caught.value)
    for words in first.removeprefix(MARK).split(" | "):
        assert words in message
    assert len(caught.value.faults) == 1, message


def test_all_faults_of_a_file_are_shown_at_once() -> None:
    text = (FOLDER / "unknown-role.yaml").read_text(encoding="utf-8") + "    within: soon\n    asks: [nothing]\n"
    with pytest.raises(BadFile) as caught:
        read_playbook(parse_yaml(text, "unknown-role.yaml"), "unknown-role.yaml")
    assert len(caught.value.faults) == 3


def test_a_phase_out_of_order_and_a_step_named_before_it_stands_there_are_fine() -> None:
    text = (FOLDER / "unknown-role.yaml").read_text(encoding="utf-8").replace("role: leed", "role: lead\n    after: [first]")
    text += "  - {id: first, phase: identify, title: Look, text: Look first., role: lead}\n"
    book = read_playbook(parse_yaml(text, "unknown-role.yaml"), "unknown-role.yaml")
    assert [step.id for step in book.steps] == ["block", "first"]
    assert book.applies == ALWAYS
    assert book.steps[0].done is None


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        read_playbook_file(tmp_path / "nobody.yaml")


def test_an_unknown_playbook_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown playbook 'ransomwear'; did you mean 'ransomware'"):
        load_playbook("ransomwear")
    with pytest.raises(UnknownName):
        load_playbook("../organisations/example-co")


# -- an organisation's own ---------------------------------------------------------

OWN = """\
format: breachkit/playbook@1
id: {id}
title: {title}
summary: Our own.
roles: [{{id: lead, title: Incident lead, does: Decides.}}]
steps:
  - {{id: block, phase: contain, title: Block the badge, text: Block it before you look for it., role: lead}}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An organisation's folder, with playbooks of its own."""
    folder = tmp_path / "ours" / "playbooks"
    folder.mkdir(parents=True)
    monkeypatch.setenv("BREACHKIT_HOME", str(folder.parent))
    return folder


def test_ones_own_playbook_is_read_and_wins_over_a_shipped_one(own: Path) -> None:
    (own / "lost-badge.yaml").write_text(OWN.format(id="lost-badge", title="Lost badge"), encoding="utf-8")
    (own / "ransomware.yaml").write_text(OWN.format(id="ransomware", title="Our way"), encoding="utf-8")
    assert [book.id for book in load_playbooks()] == sorted([*IDS, "lost-badge"], key=lambda id: (id != "general", id))
    assert load_playbook("ransomware").title == "Our way"
    assert load_playbook("lost-badge").steps[0].title == "Block the badge"


def test_a_folder_that_is_named_goes_before_the_environment(own: Path, tmp_path: Path) -> None:
    (own / "lost-badge.yaml").write_text(OWN.format(id="lost-badge", title="Lost badge"), encoding="utf-8")
    assert "lost-badge" in playbook_files()
    assert "lost-badge" not in playbook_files(tmp_path)


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(own: Path) -> None:
    path = own / "lost-badge.yaml"
    path.write_text(OWN.format(id="lost-badge", title="Lost badge"), encoding="utf-8")
    before = load_playbook("lost-badge")
    assert load_playbook("lost-badge") is before
    path.write_text(OWN.format(id="lost-badge", title="Badge gone"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert load_playbook("lost-badge").title == "Badge gone"


def test_the_faults_of_all_of_ones_own_files_are_shown_at_once_with_their_paths(own: Path) -> None:
    for id in ("a", "b"):
        (own / f"{id}.yaml").write_text(OWN.format(id=id, title=""), encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load_playbooks()
    assert [fault.file for fault in caught.value.faults] == [str(own / "a.yaml"), str(own / "b.yaml")]


def test_the_example_of_the_guide_can_be_read() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "playbooks.md").read_text(encoding="utf-8")
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    book = read_playbook(parse_yaml(text, "lost-laptop.yaml"), "lost-laptop.yaml")
    assert [step.id for step in book.steps] == ["wipe", "police"]


@pytest.mark.parametrize("book", BOOKS, ids=IDS)
def test_the_guide_says_how_many_steps_there_are(book: Playbook) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "playbooks.md").read_text(encoding="utf-8")
    [row] = [line for line in guide.splitlines() if line.startswith(f"| `{book.id}` |")]
    assert row.endswith(f"| {len(book.steps)} |")
