"""Any removed, reordered or rewritten entry in a copy of the database is found: by the chain, or by a head noted before."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from breachkit.domain.journal import GENESIS, Draft, Entry, seal
from breachkit.errors import BadFile
from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.journal import Journal
from breachkit.storage.signing import open_signer
from breachkit.workflow import evidence, noted_heads, recording
from breachkit.workflow.workspace import Workspace

COUNT = 7
Rows = list[Entry]
Edit = Callable[[Rows, int, int], Rows]


def removed(rows: Rows, at: int, other: int) -> Rows:
    return rows[:at] + rows[at + 1 :]


def cut_off(rows: Rows, at: int, other: int) -> Rows:
    return rows[:at]


def swapped(rows: Rows, at: int, other: int) -> Rows:
    rows = list(rows)
    rows[at], rows[other] = rows[other], rows[at]
    return rows


def rewritten(rows: Rows, at: int, other: int) -> Rows:
    return [*rows[:at], with_body(rows[at]), *rows[at + 1 :]]


def doubled(rows: Rows, at: int, other: int) -> Rows:
    return rows[: at + 1] + rows[at:]


def with_body(entry: Entry) -> Entry:
    return replace(entry, body={**entry.body, "source": "another"})


EDITS: tuple[Edit, ...] = (removed, cut_off, swapped, rewritten, doubled)


@pytest.fixture
def filled(workspace: Workspace) -> Path:
    """Two incidents, and the heads noted when the first had seven entries and the second was new."""
    with workspace.journal() as journal:
        for title in ("one", "two"):
            recording.open_incident(workspace, journal, title=title)
        recording.record_facts(workspace, journal, "INC-1", {"people.total": "600", "breach.malicious": "yes"})
        for number in range(COUNT - 4):
            recording.note(workspace, journal, "INC-1", f"note {number}")
        assert journal.head("INC-1")[0] == COUNT
    return Path(str(workspace.database))


def noted(path: Path) -> dict[str, tuple[int, str]]:
    with Journal.open(path, read_only=True) as journal:
        return journal.heads()


def edited(path: Path, copy: Path, edit: Callable[[Rows], Rows], *, anew: bool) -> Path:
    """A copy in which somebody with the file put other rows. `anew`: every hash and link made to fit."""
    for side in ("-wal", "-shm"):
        copy.with_name(copy.name + side).unlink(missing_ok=True)
    shutil.copy(path, copy)
    with Journal.open(path, read_only=True) as journal:
        rows = edit(journal.entries("INC-1"))
    with closing(sqlite3.connect(copy)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM entry WHERE incident = 'INC-1'")
        previous = GENESIS
        for seq, entry in enumerate(rows, 1):
            place: dict[str, Any] = (
                {"seq": seq, "previous": previous} if anew else {"seq": entry.seq, "previous": entry.previous}
            )
            draft = Draft(entry.kind, entry.body, entry.track)
            made, content = seal(draft, incident="INC-1", actor=entry.actor, recorded_at=entry.recorded_at, **place)
            previous = made.hash
            digest = made.hash if anew else entry.hash
            row = ("INC-1", seq, content, digest, made.recorded_at.isoformat(timespec="microseconds"), made.kind)
            connection.execute(
                "INSERT INTO entry (incident, seq, content, hash, recorded_at, kind) VALUES (?, ?, ?, ?, ?, ?)", row
            )
        connection.commit()
    return copy


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=st.sampled_from(EDITS), at=st.integers(0, COUNT - 1), step=st.integers(1, COUNT - 1), anew=st.booleans())
def test_no_entry_is_removed_moved_doubled_or_rewritten_unseen(
    filled: Path, tmp_path: Path, edit: Edit, at: int, step: int, anew: bool
) -> None:
    assume(not (edit is doubled and anew and at == COUNT - 1))  # one more entry at the end is what journals are for
    heads = noted(filled)
    other = (at + step) % COUNT
    copy = edited(filled, tmp_path / "copy.db", lambda rows: edit(rows, at, other), anew=anew)
    with Journal.open(copy, read_only=True) as journal:
        broken, lost = journal.verify(), list(noted_heads.lost(journal, heads))
    assert broken is not None or lost
    if anew:
        assert broken is None, "a chain made anew holds by itself; only the noted head shows it"
        assert [one.incident for one in lost] == ["INC-1"]


def test_an_unchanged_or_longer_journal_still_has_its_noted_heads(filled: Path, workspace: Workspace) -> None:
    heads = noted(filled)
    with workspace.journal() as journal:
        assert list(noted_heads.lost(journal, heads)) == []
        recording.note(workspace, journal, "INC-1", "more")
        assert list(noted_heads.lost(journal, heads)) == []


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda rows: rewritten(rows, 3, 0), "entry 7 is not the one that was noted"),
        (lambda rows: cut_off(rows, 5, 0), "entries 6 to 7 were noted"),
    ],
)
def test_an_archive_of_a_chain_made_anew_does_not_hold_against_a_head_noted_before(
    filled: Path, tmp_path: Path, workspace: Workspace, edit: Callable[[Rows], Rows], says: str
) -> None:
    heads = {"heads": {id: {"entry": seq, "hash": digest} for id, (seq, digest) in noted(filled).items()}}
    copy = edited(filled, tmp_path / "copy.db", edit, anew=True)
    forged = Workspace(database=str(copy), actor="eve", clock=workspace.clock)
    signer = open_signer(tmp_path / "evidence.key")
    with forged.journal() as journal:
        done = evidence.export(forged, journal, "INC-1", tmp_path / "a.tar", audience="counsel", signer=signer)
    assert done.problem == ""
    with done.path.open("rb") as file:
        sound, told = verify_evidence.verify(file, noted=heads)
    assert not sound
    assert says in told[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"heads": {}}',
        '{"heads": []}',
        '{"heads": {"INC-1": 7}}',
        '{"heads": {"INC-1": {"entry": 0, "hash": "' + "0" * 64 + '"}}}',
        '{"heads": {"INC-1": {"entry": true, "hash": "' + "0" * 64 + '"}}}',
        '{"heads": {"INC-1": {"entry": 7, "hash": "0"}}}',
    ],
)
def test_what_notes_no_heads_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "heads.json").write_text(text)
    with pytest.raises(BadFile, match=r"heads\.json"):
        noted_heads.read_heads(tmp_path / "heads.json")


def test_heads_are_read_as_verify_prints_them(tmp_path: Path) -> None:
    head = {"entry": 7, "hash": "a" * 64}
    (tmp_path / "heads.json").write_text(json.dumps({"ok": True, "broken": None, "heads": {"INC-1": head}}))
    assert noted_heads.read_heads(tmp_path / "heads.json") == {"INC-1": (7, "a" * 64)}
