"""`breachkit playbook` lists, shows and checks playbooks, says which steps are open and ticks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.content.organisations import sample_path
from breachkit.content.playbooks import playbook_folder

from .conftest import NOON, Run
from .test_lazy_imports import HEAVY, imported

BAD = Path(__file__).parents[1] / "content" / "bad_playbooks"


def test_the_playbooks_are_listed(run: Run) -> None:
    assert run("playbook", "list").out.splitlines()[0].split() == [
        "general",
        "18",
        "steps",
        *["Any", "breach", "of", "personal", "data"],
    ]
    listed = run("playbook", "list", "--json").json["playbooks"]
    assert [one["id"] for one in listed] == ["general", "exposed-storage", "ransomware", "upstream-provider"]
    assert all(set(one) == {"id", "title", "steps"} for one in listed)


def test_a_playbook_is_shown_phase_by_phase_with_roles_and_sources(run: Run) -> None:
    text = run("playbook", "show", "ransomware").out
    assert "Ransomware (ransomware)" in text
    assert "ransomware.isolate  Cut the affected machines off the network" in text
    assert "Technical lead, within 15 min" in text
    assert "only when: a ransom was paid" in text
    assert "https://doi.org/10.6028/NIST.SP.800-61r3" in text
    assert text.index("CONTAIN") < text.index("ASSESS") < text.index("RECOVER")
    assert max(map(len, text.splitlines())) <= 140
    shown = run("playbook", "show", "ransomware", "--json").json
    assert (shown["id"], len(shown["steps"])) == ("ransomware", 18)


def test_a_playbook_nobody_has_names_the_nearest(run: Run) -> None:
    assert "did you mean 'ransomware'" in run("playbook", "show", "ransom", code=2).err


def test_playbooks_are_checked_and_every_fault_is_said_with_exit_code_three(run: Run) -> None:
    assert "sound: 4 playbooks with 69 steps" in run("playbook", "check").out
    good = playbook_folder() / "general.yaml"
    assert "sound: 1 playbook with 18 steps" in run("playbook", "check", good).out
    wrong = run("playbook", "check", good, BAD / "unknown-role.yaml", BAD / "unknown-fact.yaml", code=3)
    assert wrong.out == ""
    assert "unknown-role.yaml line 13: unknown role 'leed'" in wrong.err
    assert "unknown-fact.yaml line 14: unknown fact 'contained'" in wrong.err
    data = run("playbook", "check", good, BAD / "unknown-role.yaml", "--json", code=3).json
    assert (data["ok"], data["playbooks"]) == (False, ["general"])
    assert data["faults"][0]["line"] == 13


def test_a_wrong_playbook_of_ones_own_is_said_where_it_is_used(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ours" / "playbooks"
    folder.mkdir(parents=True)
    (folder / "lost-badge.yaml").write_text("format: breachkit/playbook@1\nid: lost-badge\n", encoding="utf-8")
    monkeypatch.setenv("BREACHKIT_HOME", str(folder.parent))
    assert "lost-badge.yaml" in run("playbook", "list", code=3).err
    assert "lost-badge.yaml" in run("playbook", "check", code=3).err


def test_the_steps_of_a_facts_file_need_no_database(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREACHKIT_DATABASE", "/nowhere/at/all.db")
    sample = sample_path("intnet-iq")
    text = run("playbook", "steps", "--facts", sample, "--now", NOON).out
    assert "INVENTED INCIDENT" in text.splitlines()[0]
    assert "Playbooks: Any breach of personal data (general), Breach at a provider (upstream-provider)" in text
    assert "OPEN" in text
    assert "DONE" not in text
    assert "--all lists them" in text
    assert "lacks: provider.name" in text
    whole = run("playbook", "steps", "--facts", sample, "--all").out
    assert "DONE" in whole
    assert "the facts show it" in whole
    made = run("playbook", "steps", "--facts", sample, "--json").json
    assert made["format"] == "breachkit/steps@1"
    assert made["incident"]["invented"] is True
    assert all(
        set(one) >= {"id", "title", "text", "role", "phase", "state", "due", "lacks", "needs", "asks", "done"}
        for one in made["steps"]
    )


def test_the_steps_of_a_facts_file_load_no_database_and_no_screen(tmp_path: Path, sample: Path) -> None:
    loaded = imported("playbook", "steps", "--facts", str(sample), home=tmp_path)
    assert loaded & {*HEAVY, "sqlite3", "markdown_it"} == set()


def test_a_step_is_ticked_with_a_note_and_taken_back(run: Run, incident: str) -> None:
    assert "exposed-storage.record-setting" in run("playbook", "steps", incident).out
    made = run("playbook", "done", incident, "exposed-storage.record-setting", "--note", "policy exported")
    assert made.out.strip().endswith("exposed-storage.record-setting done")
    states = {one["id"]: one for one in run("playbook", "steps", incident, "--json").json["steps"]}
    assert states["exposed-storage.record-setting"]["state"] == "done"
    assert states["exposed-storage.record-setting"]["done"]["note"] == "policy exported"
    assert states["exposed-storage.block"]["state"] == "open"
    assert "ticked by ana" in run("playbook", "steps", incident, "--all").out
    assert "step exposed-storage.record-setting done: policy exported" in run("journal", "show", incident).out
    assert "nothing was written" in run("playbook", "done", incident, "exposed-storage.record-setting").out
    back = run("playbook", "done", incident, "exposed-storage.record-setting", "--undo", "--json").json
    assert back["entries"][0]["body"] == {"step": "exposed-storage.record-setting", "done": False}
    assert "was not ticked" in run("playbook", "done", incident, "exposed-storage.record-setting", "--undo").out
    assert "every chain holds" in run("journal", "verify").out
    assert "step exposed-storage.record-setting done: policy exported" in run("report", incident).out


def test_a_wrong_step_an_old_look_and_a_wrong_incident_are_refused(run: Run, incident: str) -> None:
    assert "did you mean 'general.team'" in run("playbook", "done", incident, "general.teams", code=2).err
    assert "somebody else recorded" in run("playbook", "done", incident, "general.team", "--seen", "1", code=4).err
    assert "unknown incident" in run("playbook", "done", "INC-9", "general.team", code=2).err
    assert "one of them" in run("playbook", "steps", code=2).err


def test_steps_can_be_looked_at_as_they_stood_and_from_another_moment(run: Run, incident: str) -> None:
    assert " left" in run("playbook", "steps", incident).out
    assert " late" in run("playbook", "steps", incident, "--now", "2099-01-01T00:00Z").out
