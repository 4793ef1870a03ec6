"""The two locks: an exercise has its own database and no way out but a folder. Each test tries to pick one."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.domain.journal import EXERCISE, Draft
from breachkit.errors import BreachkitError, Refused
from breachkit.storage.journal import Journal
from breachkit.workflow import notices, recording
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.sending import transport_for
from breachkit.workflow.subjects import answer, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.conftest import START, Clock
from tests.exercises.world import SCENARIO, played, started


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A journal with a real incident in it."""
    path = tmp_path / "real.db"
    with Workspace(database=str(path), actor="ana", clock=Clock()).journal() as journal:
        recording.open_incident(Workspace(actor="ana", clock=Clock()), journal, title="In earnest")
    return path


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    with closing(started(tmp_path, Clock())) as one:
        one.drive()
        yield one


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_exercise_is_started_in_a_journal_that_holds_anything(real: Path) -> None:
    before = content(real)
    with pytest.raises(Refused, match="a database of its own"):
        Drill.start(SCENARIO, "small.yaml", real, facilitated=False, actor="ana")
    assert content(real) == before
    assert not real.with_name("real.db-clock").exists()


def test_settings_that_name_the_real_journal_change_nothing(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(real)
    monkeypatch.setenv("BREACHKIT_DATABASE", str(real))
    monkeypatch.setenv("BREACHKIT_SMTP_URL", "smtp://mail.example.com")
    with played(tmp_path) as drill:
        assert drill.workspace.where == str(tmp_path / "x.db")
        assert drill.entries
    assert content(real) == before


def test_an_exercise_does_not_open_a_real_journal(real: Path) -> None:
    with pytest.raises(BreachkitError, match="is not an exercise"):
        Drill.open(real, actor="ana")


def test_every_incident_in_an_exercise_is_marked_for_ever(drill: Drill) -> None:
    recording.open_incident(drill.workspace, drill.journal, title="Open folder")
    with pytest.raises(Refused):
        recording.open_incident(drill.workspace, drill.journal, title="Truly", facts={"incident.invented": "no"})
    with pytest.raises(Refused, match="never turns into a real incident"):
        recording.record_facts(drill.workspace, drill.journal, "INC-1", {"incident.invented": "no"})
    subject = subject_of_incident(drill.journal, "INC-1", drill.workspace)
    assert (subject.exercise, subject.invented) == ("small", True)


def test_the_store_itself_takes_no_real_incident_into_an_exercise_nor_the_reverse(drill: Drill, tmp_path: Path) -> None:
    plain, marked = Draft("incident.opened", {"organisation": None}), Draft("incident.opened", {"exercise": "small"})
    for attempt in (
        lambda: drill.journal.new_incident([plain], actor="eve", recorded_at=START),
        lambda: drill.journal.append("INC-9", [plain], expected=0, actor="eve", recorded_at=START),
        lambda: drill.journal.new_incident([Draft("incident.opened", {"exercise": "o"})], actor="eve", recorded_at=START),
    ):
        with pytest.raises(Refused, match="belongs to the exercise 'small'"):
            attempt()
    with Journal.open(tmp_path / "other.db") as journal:
        with pytest.raises(Refused, match="never beside real ones"):
            journal.new_incident([marked], actor="eve", recorded_at=START)
        with pytest.raises(Refused, match="only `start_exercise`"):
            journal.append(EXERCISE, [Draft("exercise.started", {})], expected=0, actor="eve", recorded_at=START)


def test_the_exercise_is_no_incident_of_any_list(drill: Drill) -> None:
    assert drill.journal.incidents() == []
    recording.open_incident(drill.workspace, drill.journal, title="Open folder")
    assert drill.journal.incidents() == ["INC-1"]
    assert set(drill.journal.heads()) == {"INC-1", EXERCISE}
    assert drill.journal.verify() is None


@pytest.mark.parametrize("wanted", ["smtp", "SMTP", "mail", ""])
def test_nothing_but_the_folder_takes_what_an_exercise_makes(
    drill: Drill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    for name in ("BREACHKIT_SMTP_URL", "BREACHKIT_TRANSPORT", "SMTP_HOST", "MAIL_SERVER"):
        monkeypatch.setenv(name, "smtp://mail.example.com")
    recording.open_incident(drill.workspace, drill.journal, title="Open folder")
    subject = subject_of_incident(drill.journal, "INC-1", drill.workspace)
    with pytest.raises(BreachkitError):
        transport_for(subject, wanted, tmp_path / "out")
    assert transport_for(subject, "folder", tmp_path / "out").kind == "folder"


def test_an_exercise_whose_record_names_another_transport_is_not_opened(tmp_path: Path) -> None:
    with closing(started(tmp_path, Clock())) as drill:
        body = dict(drill.events[0].body)
    with Journal.open(tmp_path / "forged.db") as journal:
        journal.start_exercise(Draft("exercise.started", {**body, "transport": "smtp"}), actor="eve", recorded_at=START)
    with pytest.raises(Refused, match="holds none but the folder"):
        Drill.open(tmp_path / "forged.db", actor="ana")


def test_every_notice_made_in_an_exercise_is_marked_in_every_text_format(drill: Drill) -> None:
    recording.open_incident(drill.workspace, drill.journal, title="Open folder")
    found = answer(subject_of_incident(drill.journal, "INC-1", drill.workspace), drill.workspace)
    drafts = notices.first_drafts(found, drill.workspace)
    assert drafts
    for one in drafts:
        assert one.notice.exercise == "small"
        for format in ("md", "text", "html"):
            assert "EXERCISE - EXERCISE - EXERCISE" in one.text(format)
        assert one.file_name("pdf").startswith("EXERCISE-")


def test_files_of_an_exercise_can_be_read_by_their_owner_alone(drill: Drill) -> None:
    if os.name == "posix":
        for path in (drill.path, drill.path.with_name(f"{drill.path.name}-clock")):
            assert path.stat().st_mode & 0o077 == 0


def test_a_mark_taken_out_of_an_entry_by_hand_still_stands_in_the_database(tmp_path: Path) -> None:
    with closing(started(tmp_path, Clock())) as drill:
        recording.open_incident(drill.workspace, drill.journal, title="Open folder")
    with closing(sqlite3.connect(tmp_path / "x.db")) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for seq, content in raw.execute("SELECT seq, content FROM entry WHERE incident = 'INC-1'").fetchall():
            entry = json.loads(content)
            entry["body"].pop("exercise", None)
            if entry["body"].get("key") == "incident.invented":
                entry["body"]["value"] = False
            bare = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
            raw.execute("UPDATE entry SET content = ? WHERE incident = 'INC-1' AND seq = ?", (bare, seq))
        raw.commit()
    space = Workspace(database=str(tmp_path / "x.db"), actor="eve")
    with space.journal(read_only=True) as journal:
        assert journal.verify() is not None
        found = answer(subject_of_incident(journal, "INC-1", space), space)
    assert (found.subject.exercise, found.subject.invented) == ("small", True)
    assert all("EXERCISE - EXERCISE" in one.text("text") for one in notices.first_drafts(found, space))
