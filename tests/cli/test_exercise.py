"""Scenarios on the command line: listed, shown without giving the story away, checked, and their events in a spreadsheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breachkit.content.scenarios import load_scenario, scenario_ids, scenario_path

from .conftest import Run

SMALL = Path(__file__).parents[1] / "content" / "scenarios" / "small.yaml"
SHIPPED = set(scenario_ids())
GUIDE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own with the small scenario in it."""
    (tmp_path / "own" / "tabletop" / "scripts").mkdir(parents=True)
    (tmp_path / "own" / "tabletop" / "small.yaml").write_bytes(SMALL.read_bytes())
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    return tmp_path / "own" / "tabletop"


def test_list_names_every_scenario_shipped_and_own(run: Run, home: Path) -> None:
    rows = run("exercise", "list", "--json").json["scenarios"]
    assert [row["id"] for row in rows] == sorted(SHIPPED | {"small"})
    small = next(row for row in rows if row["id"] == "small")
    assert small == {
        "id": "small",
        "title": "Small",
        "organisation": "example-co",
        "minutes": 60,
        "difficulty": "easy",
        "summary": "Somebody calls about a link.",
    }
    assert re.search(r"^small +easy +60 min +example-co +Small$", run("exercise", "list").out, re.MULTILINE)


def test_list_leaves_a_faulty_scenario_out_and_says_so(run: Run, home: Path) -> None:
    (home / "broken.yaml").write_text("format: breachkit/scenario@1\n", encoding="utf-8")
    ran = run("exercise", "list", "--json")
    assert "broken" not in {row["id"] for row in ran.json["scenarios"]}
    assert "breachkit exercise check broken says why" in ran.err


@pytest.mark.parametrize("id", scenario_ids())
def test_show_gives_nothing_of_the_story_away(run: Run, id: str) -> None:
    one, out = load_scenario(id), run("exercise", "show", id).out
    shown = " ".join(out.split())
    assert one.title in shown
    assert " ".join(one.briefing.split()) in shown
    for objective in one.objectives:
        assert objective.title in shown
    secrets = [
        *(one.facilitator.splitlines()),
        *(line for inject in one.injects for line in inject.text.splitlines()),
        *(action.title for action in one.actions),
        *(question.text for question in one.questions),
        *(truth.says for truths in one.truths.values() for truth in truths),
    ]
    told = [secret for secret in secrets if len(secret) > 20 and secret.strip() in shown and secret.strip() not in one.briefing]
    assert told == []


@pytest.mark.parametrize("id", scenario_ids())
def test_show_tells_a_facilitator_everything(run: Run, id: str) -> None:
    one, out = load_scenario(id), run("exercise", "show", id, "--facilitator").out
    shown = " ".join(out.split())
    for inject in one.injects:
        assert re.search(rf"^\+.* \(.*\)  {inject.id}$", out, re.MULTILINE)
        for line in inject.text.splitlines():
            assert f"    | {line}".rstrip() in out
    for action in one.actions:
        assert action.title in shown
        assert " ".join(action.why.split()) in shown
    for key in one.truths:
        assert f"  {key}: " in out
    for question in one.questions:
        assert " ".join(question.text.split()) in shown


def test_show_tells_when_things_are_and_can_be_known(run: Run, home: Path) -> None:
    out = run("exercise", "show", "small", "--facilitator").out
    assert "+4 h (Thu 19 Nov 2026 20:00 CET)  count" in out
    assert "people.in.ES: 400..900 (from +3 h (Thu 19 Nov 2026 19:00 CET), told by the data engineer)" in out
    assert "people.in.ES: 640 (with 'count')" in out
    assert "not after: +20 h (Fri 20 Nov 2026 12:00 CET)" in out
    assert "file eu.gdpr.33@es-aepd first: after 'call' within 2 d 22 h" in out
    assert "wants an answer within: 2 h" in out
    assert "; not scored)" in out


def test_check_looks_at_everything_when_nothing_is_named(run: Run, home: Path) -> None:
    found = run("exercise", "check", "--json").json
    assert found["ok"] is True
    assert found["faults"] == []
    assert set(found["scenarios"]) == SHIPPED | {"small"}
    text = run("exercise", "check").out
    injects = sum(len(load_scenario(id).injects) for id in found["scenarios"])
    assert text == f"ok: {len(found['scenarios'])} scenarios, {injects} injects, {found['scripts']} scripts\n"
    assert run("exercise", "check", "small").out == "ok: 1 scenario, 2 injects, 0 scripts\n"


def test_check_tells_every_fault_with_file_and_line_and_ends_with_3(run: Run, home: Path) -> None:
    path = home / "small.yaml"
    path.write_text(SMALL.read_text(encoding="utf-8").replace("fired: call", "fired: cal").replace("to: lead", "to: led"))
    ran = run("exercise", "check", code=3)
    assert ran.out == ""
    lines = [line.removeprefix("breachkit: ") for line in ran.err.splitlines()]
    assert lines == [
        f"{path} line 41: inject 'call': unknown role 'led'; did you mean 'lead'?",
        f"{path} line 55: inject 'count': unknown inject 'cal'; did you mean 'call'?",
    ]
    as_json = run("exercise", "check", path, "--json", code=3).json
    assert as_json["ok"] is False
    assert as_json["faults"][0] == {
        "file": str(path),
        "line": 41,
        "text": "inject 'call': unknown role 'led'; did you mean 'lead'?",
    }


def test_check_looks_at_the_scripts_too(run: Run, home: Path) -> None:
    script = home / "scripts" / "small.slow.yaml"
    text = "format: breachkit/decisions@1\nscenario: small\nteam: slow\nacts:\n  - {at: PT1H, by: lead, open: A box}\n"
    script.write_text(text, encoding="utf-8")
    assert run("exercise", "check", "small").out == "ok: 1 scenario, 2 injects, 1 script\n"
    assert run("exercise", "check", script).out == "ok: 0 scenarios, 0 injects, 1 script\n"
    script.write_text(text.replace("by: lead", "by: laed"), encoding="utf-8")
    for name in ("small", script):
        assert f"{script} line 5: unknown role 'laed'; did you mean 'lead'?" in run("exercise", "check", name, code=3).err


def test_an_unknown_scenario_is_answered_with_the_nearest(run: Run) -> None:
    id = scenario_ids()[0]
    assert f"did you mean '{id}'?" in run("exercise", "show", f"{id}s", code=2).err
    assert "cannot be read" in run("exercise", "check", "nowhere.yaml", code=3).err


def test_events_go_out_and_come_back(run: Run, home: Path, tmp_path: Path) -> None:
    table, new = tmp_path / "events.csv", tmp_path / "ours.yaml"
    ran = run("exercise", "export", "small", "--out", table)
    assert (ran.out, "events.csv written: 2 injects" in ran.err) == ("", True)
    assert table.read_bytes().startswith(b"\xef\xbb\xbfid,at,at_words,")
    table.write_text(table.read_text(encoding="utf-8").replace("PT4H", "PT5H"), encoding="utf-8", newline="")
    assert "ours.yaml written: 2 injects" in run("exercise", "import", "small", table, "--out", new).err
    assert load_scenario(new).injects[1].at == load_scenario("small").injects[1].at * 5 / 4
    assert "# What is asked." in new.read_text(encoding="utf-8")
    # On stdout the table alone.
    assert run("exercise", "export", new).out.startswith("id,at,at_words,")


def test_nothing_is_written_over_another_file_and_nothing_that_is_faulty(run: Run, home: Path, tmp_path: Path) -> None:
    table, new = tmp_path / "events.csv", tmp_path / "ours.yaml"
    run("exercise", "export", "small", "--out", table)
    assert "is there already" in run("exercise", "export", "small", "--out", table, code=4).err
    run("exercise", "import", "small", table, "--out", new)
    assert "is there already" in run("exercise", "import", "small", table, "--out", new, code=4).err
    run("exercise", "import", "small", table, "--out", new, "--force")
    table.write_text(table.read_text(encoding="utf-8").replace(",lead,", ",led,"), encoding="utf-8", newline="")
    before = new.read_bytes()
    ran = run("exercise", "import", "small", table, "--out", new, "--force", code=3)
    assert f"{table}: row 2, column to: inject 'call': unknown role 'led'; did you mean 'lead'?" in ran.err
    assert new.read_bytes() == before


def test_the_examples_of_the_guide_are_sound(run: Run, home: Path) -> None:
    found = dict(re.findall(r"<!-- (example|script) -->\n\n```yaml\n(.*?)```", GUIDE, re.DOTALL))
    (home / "lost-box.yaml").write_text(found["example"], encoding="utf-8")
    (home / "scripts" / "lost-box.slow.yaml").write_text(found["script"], encoding="utf-8")
    assert run("exercise", "check", "lost-box").out == "ok: 1 scenario, 5 injects, 1 script\n"


@pytest.mark.parametrize("id", scenario_ids())
def test_a_shipped_scenario_can_be_named_by_its_path(run: Run, id: str) -> None:
    assert run("exercise", "show", scenario_path(id)).out == run("exercise", "show", id).out
