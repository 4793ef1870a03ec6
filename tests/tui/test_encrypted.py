"""Screens on an encrypted journal: the passphrase is asked for before the first is drawn, and never over one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from breachkit.errors import KeyNeeded
from breachkit.storage import keys
from breachkit.storage.journal import Journal
from breachkit.tui.app import BreachkitApp
from breachkit.workflow.encryption import before_screens
from breachkit.workflow.recording import record_facts
from tests.storage.ciphered import PASSPHRASE, forget, make_sealed
from tests.tui.house import looked_up, press, settle, with_sample, workspace, write


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample incident in an encrypted journal, which is locked again."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("breachkit.storage.unlocked._call", lambda *_: -1)
    monkeypatch.setattr(keys, "_asking", [True])
    path = tmp_path / "journal.db"
    monkeypatch.setenv("BREACHKIT_PASSPHRASE", PASSPHRASE)
    make_sealed(path)
    with_sample(tmp_path)
    monkeypatch.delenv("BREACHKIT_PASSPHRASE")
    forget(path)
    return path


async def test_screens_record_in_an_encrypted_journal_and_see_what_others_record(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(keys, "can_ask", lambda: keys._asking[0])
    monkeypatch.setattr(keys, "ask", lambda prompt: (asked.append(prompt), PASSPHRASE)[1])
    space = workspace(sealed.parent)
    before_screens(space)
    assert len(asked) == 1
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = len(looked_up(space).subject.entries)
        await press(pilot, "c", "/")
        await write(pilot, "health")
        await press(pilot, "enter", "space", "ctrl+s")
        assert len(looked_up(space).subject.entries) > before
        other = workspace(sealed.parent, actor="bob")
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"breach.malicious": "yes"})
        await settle(pilot)
    assert len(asked) == 1
    with Journal.open(sealed, read_only=True) as journal:
        assert journal.verify() is None
    assert not any(b"readable without a password" in file.read_bytes() for file in sealed.parent.iterdir())


def test_once_screens_are_drawn_nobody_is_asked_for_a_passphrase(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(keys, "ask", lambda _prompt: pytest.fail("asked over a screen"))
    keys.never_ask()
    with pytest.raises(KeyNeeded, match="breachkit key unlock"):
        Journal.open(sealed, read_only=True)
