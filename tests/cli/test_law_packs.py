"""Packs of one's own: how they come into use, that every answer names them, and that it can be given again later."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from .conftest import NOON, Run
from .packs import LOWER, SHORTER, florida


def florida_duty(answer: dict[str, Any]) -> dict[str, Any]:
    [found] = [one for one in answer["duties"] if one["id"] == "us.fl.individuals"]
    assert isinstance(found, dict)
    return found


def test_an_answer_is_given_again_after_the_laws_changed(run: Run, sample: Path, tmp_path: Path) -> None:
    house = florida(tmp_path / "house", SHORTER)
    run("--laws", house, "incident", "open", "--facts", sample)
    then = run("--laws", house, "duties", "INC-1", "--now", NOON, "--json").json
    florida(tmp_path / "house", LOWER, version="8")
    now = run("--laws", house, "duties", "INC-1", "--now", NOON, "--json").json
    assert now["law_pack"]["sha256"] != then["law_pack"]["sha256"]
    assert florida_duty(now)["due"]["target"] != florida_duty(then)["due"]["target"]
    assert florida_duty(now)["pack_version"] == "8"
    for hash in (then["law_pack"]["sha256"], then["law_pack"]["sha256"][:12]):
        again = run("duties", "INC-1", "--now", NOON, "--law-pack", hash, "--json").json
        assert again["law_pack"]["sha256"] == then["law_pack"]["sha256"]
        assert {one["id"]: one for one in again["duties"]} == {one["id"]: one for one in then["duties"]}
    assert florida_duty(again)["pack_version"] == "7"


def test_a_hash_nobody_kept_is_answered_with_those_kept(run: Run, incident: str) -> None:
    hash = run("duties", incident, "--json").json["law_pack"]["sha256"]
    assert f"the journal keeps {hash[:12]}" in run("duties", incident, "--law-pack", "0000", code=2).err


def test_laws_are_named_on_the_command_line_in_the_environment_or_lie_at_home(
    run: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def target(*words: object) -> str:
        text = florida_duty(run(*words, "duties", "--facts", sample, "--now", NOON, "--json").json)["due"]["target"]
        return str(text)

    shipped = target()
    house = florida(tmp_path / "home" / "laws" / "house", SHORTER)
    assert target("--laws", house) < shipped
    monkeypatch.setenv("BREACHKIT_LAWS", str(house))
    assert target() < shipped
    monkeypatch.delenv("BREACHKIT_LAWS")
    assert target() == shipped
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "home"))
    assert target() < shipped


def test_of_several_packs_the_later_one_wins(run: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = florida(tmp_path / "first", SHORTER)
    second = florida(tmp_path / "second", (SHORTER[0], SHORTER[1].replace("20 days", "10 days")))
    (second / "pack.yaml").write_text((second / "pack.yaml").read_text().replace("id: house", "id: second"))

    def pack(*words: object) -> str:
        duty = florida_duty(run(*words, "duties", "--facts", sample, "--now", NOON, "--json").json)
        return f"{duty['pack']} {duty['due']['amount']}"

    assert pack("--laws", first, "--laws", second) == "second 10"
    assert pack("--laws", second, "--laws", first) == "house 20"
    monkeypatch.setenv("BREACHKIT_LAWS", os.pathsep.join((str(second), str(first))))
    assert pack() == "house 20"
    assert pack("--laws", second) == "second 10"


@pytest.mark.parametrize("organisation", ["example-co", "innovat"])
def test_every_finding_names_its_pack_and_the_hash_of_it(run: Run, sample: Path, tmp_path: Path, organisation: str) -> None:
    house = florida(tmp_path / "house")
    facts = sample.with_name(f"{organisation}.incident.yaml")
    duties = run("--laws", house, "duties", "--facts", facts, "--now", NOON, "--json").json["duties"]
    assert {"breachkit", "house"} <= {one["pack"] for one in duties}
    for one in duties:
        assert one["pack"]
        assert len(one["pack_sha256"]) == 64
        assert isinstance(one["pack_version"], str)
    hashes = {one["pack"]: one["pack_sha256"] for one in duties}
    assert len(set(hashes.values())) == len(hashes)
    assert {one["pack_version"] for one in duties if one["pack"] == "house"} == {"7"}


def test_a_finding_of_an_own_law_says_so(run: Run, sample: Path, tmp_path: Path) -> None:
    house = florida(tmp_path / "house")
    text = run("--laws", house, "duties", "--facts", sample, "--now", NOON).out
    assert "your own pack 'house' 7, in place of breachkit's own us.fl" in text
    assert "your own pack" not in run("duties", "--facts", sample, "--now", NOON).out


@pytest.mark.parametrize("words", [("duties", "--facts", "x.yaml"), ("law", "list"), ("law", "diff", "shipped", "shipped")])
def test_a_pack_that_is_not_there_is_a_bad_file(run: Run, sample: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = [sample if word == "x.yaml" else word for word in words]
    if words[1] == "diff":
        said = ["law", "diff", "shipped", tmp_path / "none"]
        run(*said, code=2)
    else:
        assert "none" in run("--laws", tmp_path / "none", *said, code=3).err
