"""`breachkit law diff`: what two sets of laws say differently, and what that does to the incidents that are open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from breachkit.content.laws import load_laws
from breachkit.content.shipped import LAWS
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.law import Regime
from breachkit.workflow.law_changes import duty_changes, regime_changes

from .conftest import NOON, Run
from .packs import LATER_START, LOWER, OTHER_CONTENT, SHORTER, SURER, florida


def test_nothing_differs_from_itself(run: Run, tmp_path: Path) -> None:
    assert "No law differs." in run("law", "diff", "shipped", "shipped", "--fail-on", "change").out
    house = florida(tmp_path / "house")
    assert "No law differs." in run("law", "diff", house, house, "--fail-on", "change").out


def test_limits_starts_thresholds_content_and_confidence_are_told_in_words(run: Run, tmp_path: Path) -> None:
    house = florida(tmp_path / "house", SHORTER, LOWER, OTHER_CONTENT, SURER)
    text = run("law", "diff", "shipped", house).out
    for words in (
        "CHANGED  us.fl.individuals: ",
        "limit: 30 days -> 20 days",
        "reaches: threshold at least 500 -> at least 250 residents of Florida are affected",
        "content + Nature of the breach",
        "content - Data concerned",
        "confidence: secondary -> verified",
        "pack: breachkit -> house",
    ):
        assert words in text
    later = florida(tmp_path / "later", LATER_START)
    assert "counted from: when the breach was determined, or there was reason to believe in one -> when the" in " ".join(
        run("law", "diff", "shipped", later).out.split()
    )


def test_new_and_gone_duties_and_texts(run: Run, tmp_path: Path) -> None:
    text = (LAWS / "us" / "fl.yaml").read_text(encoding="utf-8")
    owner = text[text.index("  - id: us.fl.owner") : text.index("  - id: us.fl.no_harm")]
    house = florida(
        tmp_path / "house",
        (owner, owner.replace("us.fl.owner", "us.fl.client")),
        ('version: "2024"', 'version: "2025"'),
        ("from: 2024-07-01\n", "from: 2025-07-01\n"),
    )
    told = run("law", "diff", "shipped", house).out
    assert "NEW      us.fl.client: Tell the covered entity" in told
    assert "GONE     us.fl.owner: Tell the covered entity" in told
    assert "new text '2025', in force from 2025-07-01" in told
    assert "text '2024' is gone (in force from 2024-07-01)" in told


def test_as_json_each_change_says_how(run: Run, tmp_path: Path) -> None:
    found = run("law", "diff", "shipped", florida(tmp_path / "house"), "--json").json
    title = "Florida, breach of personal information"
    assert found["regimes"] == [{"id": "us.fl", "title": title, "change": "changed", "what": ["pack: breachkit -> house"]}]
    assert found["duties"] == []


def test_open_incidents_say_which_duties_change(run: Run, incident: str, tmp_path: Path) -> None:
    house = florida(tmp_path / "house", SHORTER, OTHER_CONTENT)
    found = run("law", "diff", "shipped", house, "--now", NOON, "--json").json
    assert found["format"] == "breachkit/law-diff@1"
    assert found["incidents_open"] == 1
    [one] = found["incidents"]
    assert (one["id"], one["invented"]) == (incident, True)
    assert one["title"]
    [people] = [duty for duty in one["duties"] if duty["id"] == "us.fl.individuals"]
    assert people["before"]["due"]["target"] > people["after"]["due"]["target"]
    assert {"content + nature", "content - data_types"} <= set(people["what"])
    assert any(words.startswith("due: ") for words in people["what"])
    assert all(duty["id"].startswith("us.fl") for duty in one["duties"])
    text = run("law", "diff", "shipped", house, "--now", NOON).out
    assert "Open incidents for which something changes: 1 of 1" in text
    assert f"{incident}: {one['title']} (invented)" in text


def test_a_duty_that_comes_or_goes_is_a_change_of_status(run: Run, incident: str, tmp_path: Path) -> None:
    run("fact", "set", incident, "people.in.US-FL=300")
    house = florida(tmp_path / "house", LOWER)
    [one] = run("law", "diff", "shipped", house, "--now", NOON, "--json").json["incidents"]
    [report] = [duty for duty in one["duties"] if duty["id"] == "us.fl.dla"]
    assert report["before"]["status"] == "not_owed"
    assert report["after"]["status"] in ("owed", "undetermined")
    assert any(words.startswith("status: not owed -> O") for words in report["what"])


def test_closed_incidents_are_left_alone(run: Run, tmp_path: Path) -> None:
    run("incident", "open", "Nothing", "--aware", "2026-11-20T22:15+01:00", "--org", "example-co")
    run("fact", "set", "INC-1", "people.in.US-FL=600", "people.elsewhere=0", "role=controller")
    house = florida(tmp_path / "house", SHORTER)
    before = run("law", "diff", "shipped", house, "--json").json
    for one in run("duties", "INC-1", "--json").json["duties"]:
        if one["status"] in ("owed", "undetermined"):
            run("decide", "INC-1", one["id"], "refrain", "--ground", "a test")
    run("incident", "close", "INC-1", "--reason", "over")
    after = run("law", "diff", "shipped", house, "--json").json
    assert (before["incidents_open"], after["incidents_open"], after["incidents"]) == (1, 0, [])


def test_without_a_database_laws_are_compared_all_the_same(run: Run, tmp_path: Path) -> None:
    house = florida(tmp_path / "house", SHORTER)
    ran = run("law", "diff", "shipped", house, "--database", tmp_path / "none.db")
    assert "limit: 30 days -> 20 days" in ran.out
    assert "no incident was looked at" in ran.err
    assert not (tmp_path / "none.db").exists()


def test_fail_on_change(run: Run, tmp_path: Path) -> None:
    house = florida(tmp_path / "house", SHORTER)
    run("law", "diff", "shipped", house, "--fail-on", "change", code=1)
    assert "--fail-on takes change" in run("law", "diff", "shipped", house, "--fail-on", "chance", code=2).err


@pytest.mark.usefixtures("incident")
def test_a_kept_pack_is_named_by_the_beginning_of_its_hash(run: Run, tmp_path: Path) -> None:
    hash = run("duties", "INC-1", "--json").json["law_pack"]["sha256"]
    found = run("law", "diff", hash[:12], "shipped", "--json").json
    assert found["old"] == {
        "name": hash[:12],
        "read_as": "laws kept with an earlier answer",
        "version": found["new"]["version"],
        "sha256": hash,
    }
    assert found["duties"] == found["incidents"] == []
    assert f"the journal keeps {hash[:12]}" in run("law", "diff", "0123", "shipped", code=2).err
    assert "name `shipped`, a folder, or a kept pack's hash" in run("law", "diff", "shiped", "shipped", code=2).err


def test_a_whole_library_stands_alone(run: Run, tmp_path: Path) -> None:
    library = tmp_path / "old" / "laws"
    shutil.copytree(LAWS, library)
    (library / "world" / "ma.yaml").unlink()
    found = run("law", "diff", library, "shipped", "--json").json
    assert "a whole library of" in found["old"]["read_as"]
    assert [(one["id"], one["change"]) for one in found["regimes"]] == [("world.ma", "new")]
    assert [(one["id"], one["change"]) for one in found["duties"]] == [("world.ma.authority", "new")]


def test_a_folder_that_cannot_be_read_is_a_bad_file(run: Run, tmp_path: Path) -> None:
    house = florida(tmp_path / "house", ("within: 30 days", "within: 30 dys"))
    assert "fl.yaml line " in run("law", "diff", "shipped", house, code=3).err


@pytest.mark.parametrize("regime", load_laws(), ids=lambda regime: regime.id)
def test_every_law_can_be_held_against_another(regime: Regime) -> None:
    laws = {one.id: one for one in load_laws()}
    one, other = laws[regime.id], laws["eu.gdpr"]
    words = load_vocabulary()
    assert list(regime_changes(one, one)) == []
    assert one is other or list(regime_changes(one, other))
    for duty in one.duties:
        assert list(duty_changes(duty, duty, words)) == []
        assert all(list(duty_changes(duty, its, words)) for its in other.duties if its is not duty)
