"""Laws compiled and read back, a user's own packs, the manifest and what can be replayed from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from breachkit.content.compiled import compile_regimes, regimes_in
from breachkit.content.law_parts import Words
from breachkit.content.law_reader import read_regimes
from breachkit.content.laws import laws_in_use, load_laws, own_pack, replayed, shipped_laws
from breachkit.content.shipped import LAWS
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import read_yaml, to_json
from breachkit.errors import BadFile

OWN = """
format: breachkit/law@1
id: %s
title: An invented law
place: US-TX
covers: []
zone: America/Chicago
source: {text: Invented Act}
reviewed: 2026-11-21
duties:
  - id: %s.notice
    title: Tell somebody
    versions:
      - version: "1"
        in_force: in_force
        from: 2020-01-01
        recipient: {kind: other, name: somebody}
        replaced_by: [{duty: %s}]
        due: {within: 3 days, from: discovery}
        cite: [{text: Invented Act s. 1}]
        confidence: unverified
"""
PACK = "format: breachkit/pack@1\nid: house\ntitle: House rules\nversion: '7'\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house rules"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK)
    (folder / "own.yaml").write_text(OWN % ("us.zz", "us.zz", "eu.gdpr.33"))
    return folder


def test_compiled_laws_say_what_the_files_say() -> None:
    files = {path.relative_to(LAWS).as_posix(): read_yaml(path) for path in sorted(LAWS.rglob("*.yaml"))}
    regimes = read_regimes(files, Words(load_vocabulary(), load_directory()), "breachkit")
    table = to_json(compile_regimes(regimes))
    again = to_json(compile_regimes(regimes_in(json.loads(table))))
    assert again == table
    assert {regime.id for regime in load_laws()} == {regime.id for regime in regimes}


def test_one_regime_can_be_loaded_alone() -> None:
    (alone,) = shipped_laws().regimes({"us.fl"})
    assert alone == next(regime for regime in load_laws() if regime.id == "us.fl")


def test_equal_conditions_are_one_object() -> None:
    scopes = {id(v.scope) for r in load_laws() for d in r.duties if d.id == "us.fl.individuals" for v in d.versions}
    table = json.loads(shipped_laws().table)
    assert len(scopes) == 1
    assert len({json.dumps(node) for node in table["nodes"]}) == len(table["nodes"])


def test_a_table_of_a_version_with_fewer_fields_is_read() -> None:
    table = json.loads(shipped_laws().table)
    classes = {name: (number, names) for number, (name, names, _) in enumerate(table["classes"])}
    number, names = classes["DutyVersion"]
    place = names.index("history")
    for row in table["nodes"]:
        if row[0] == number:
            del row[place + 1]
    del table["classes"][number][1][place], table["classes"][number][2][place]
    assert all(v.history == "" for r in regimes_in(table) for d in r.duties for v in d.versions)


def test_an_own_pack_adds_and_its_findings_can_say_so(house: Path) -> None:
    laws = laws_in_use([house])
    (own,) = [regime for regime in laws.pack.regimes if regime.pack == "house"]
    assert own.id == "us.zz"
    assert laws.pack.sources["house"].version == "7"
    assert laws.pack.sha256 != laws_in_use().pack.sha256
    assert len(laws.pack.regimes) == len(load_laws()) + 1


def test_an_own_pack_overrides_and_says_so(house: Path) -> None:
    (house / "own.yaml").write_text(OWN % ("us.fl", "us.fl", "eu.gdpr.33"))
    pack = laws_in_use([house]).pack
    (florida,) = [regime for regime in pack.regimes if regime.id == "us.fl"]
    assert florida.pack == "house"
    assert any("takes the place" in note for note in florida.notes)
    assert len(pack.regimes) == len(load_laws())


def test_a_change_in_an_own_pack_is_seen(house: Path) -> None:
    before = own_pack(house).sha256
    (house / "own.yaml").write_text((OWN % ("us.zz", "us.zz", "eu.gdpr.33")).replace("3 days", "4 days"))
    assert own_pack(house).sha256 != before


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("pack.yaml", PACK.replace("house", "breachkit"), "choose another"),
        ("pack.yaml", PACK.replace("id: house", "id: a b"), "letters, digits"),
        ("pack.yaml", PACK.replace("pack@1", "pack@9"), "format must be"),
        ("own.yaml", OWN % ("us.zz", "us.zz", "eu.gdpr.999"), "eu.gdpr.999"),
        ("own.yaml", OWN % ("us.zz", "us.fl", "eu.gdpr.33"), "must begin with"),
    ],
)
def test_faults_in_an_own_pack_are_named(house: Path, file: str, text: str, words: str) -> None:
    (house / file).write_text(text)
    with pytest.raises(BadFile) as problem:
        own_pack(house)
    assert words in str(problem.value)


def test_an_empty_folder_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no law files"):
        own_pack(tmp_path)


def test_kept_laws_answer_again_after_the_files_changed(house: Path) -> None:
    laws = laws_in_use([house], profile={"id": "x"})
    (house / "own.yaml").write_text((OWN % ("us.zz", "us.zz", "eu.gdpr.33")).replace("3 days", "4 days"))
    again = replayed(laws.manifest, laws.parts)
    assert again.sha256 == laws.pack.sha256
    assert [regime.id for regime in again.regimes] == [regime.id for regime in laws.pack.regimes]
    own = next(regime for regime in again.regimes if regime.id == "us.zz")
    assert own.duties[0].versions[0].due.period is not None
    assert own.duties[0].versions[0].due.period.number == 3
