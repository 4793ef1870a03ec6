"""What the journal remembers of the outbox when the vault does not, and what is written down for good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.journal import Draft
from breachkit.errors import JournalConflict, Refused, UsageError
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Dispatch
from breachkit.workflow import recording
from breachkit.workflow.outbox.releasing import append
from breachkit.workflow.outbox.remembered import behind, for_good, gone, highest, vault_if_any
from breachkit.workflow.workspace import Workspace
from tests.storage.vaults import NOON, letter

DUTY = "eu.gdpr.34"


@pytest.fixture
def incident(workspace: Workspace, journal: Journal) -> str:
    return recording.open_incident(workspace, journal, title="Drawer left open").incident


def released(number: int, duty: str = DUTY, envelopes: int = 3) -> Draft:
    return Draft("dispatch.released", {"dispatch": f"D-{number}", "duty": duty, "envelopes": envelopes})


def delivered(number: int, **counts: int) -> Draft:
    return Draft("delivery.recorded", {"dispatch": f"D-{number}", "counts": dict(counts), "receipts": ""})


def held(number: int, duty: str = DUTY) -> Dispatch:
    return Dispatch(number, f"D-{number}", "INC-1", duty, "released", {})


def test_what_was_released_and_is_not_held_is_gone(workspace: Workspace, journal: Journal, incident: str) -> None:
    for draft in (
        released(1),
        delivered(1, sent=1, in_doubt=1, queued=1),
        delivered(1, sent=1, bounced=1, refused=1),
        released(2, envelopes=9),
        released(3, "uk.gdpr.34"),
    ):
        append(workspace, journal, incident, draft)
    entries = journal.entries(incident)
    assert [(one.dispatch, one.envelopes, one.sent) for one in gone(entries, [held(2)])] == [("D-1", 3, 2), ("D-3", 3, 0)]
    assert [one.dispatch for one in gone(entries, [held(1), held(2), held(3)])] == ["D-3"]  # another notice has its number
    assert gone(entries, [held(1), held(2), held(3, "uk.gdpr.34")]) == []
    assert highest(entries) == 3
    assert highest([]) == 0


def test_a_vault_that_knows_of_fewer_than_were_sent_is_older(workspace: Workspace, journal: Journal, incident: str) -> None:
    with workspace.vault() as vault:
        with vault.writing():
            one = vault.new_dispatch(incident, DUTY, {})
            vault.put(one, [letter("Mirabelle Uno"), letter("Basil Dos")], domain="example.com", at=NOON, actor="ana")
        assert behind(journal.entries(incident), vault, one) is None
        append(workspace, journal, incident, delivered(1, sent=1, queued=1))
        assert "1 of it were sent" in (behind(journal.entries(incident), vault, one) or "")
        vault.database.run("UPDATE envelope SET status = 'bounced' WHERE n = 1")
        assert behind(journal.entries(incident), vault, one) is None
        append(workspace, journal, incident, delivered(1, bounced=1, queued=1))
        assert behind(journal.entries(incident), vault, one) is None
        append(workspace, journal, incident, delivered(7, sent=5))
        assert behind(journal.entries(incident), vault, one) is None


@pytest.mark.parametrize("words", ["", " ", "\n\t"])
def test_a_word_for_the_journal_is_asked_for(words: str) -> None:
    with pytest.raises(UsageError, match="say why, in words an auditor may read: --reason"):
        for_good(words, "--reason", "retention period ended")


@pytest.mark.parametrize("words", ["ana@example.com said so", "by <ana.uno+x@mail.example.co.uk>", "(ana@b.org)"])
def test_a_word_for_the_journal_holds_no_address(words: str) -> None:
    with pytest.raises(Refused, match="--proof holds an e-mail address, and it is kept for good") as told:
        for_good(words, "--proof", "")
    assert "ana" not in str(told.value)


@pytest.mark.parametrize(
    "words", ["posting list 17 @ 24 November", "  <4F1@mx> in the log ", "relay=mx.example.com[192.0.2.1]:25"]
)
def test_other_words_stay_as_they_are(words: str) -> None:
    assert for_good(words, "--proof", "") == words.strip()


def test_an_entry_that_rests_on_no_other_is_written_though_somebody_else_writes_meanwhile(
    workspace: Workspace, journal: Journal, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, left, inside = journal.head, [2], [False]

    def somebody_is_quicker(name: str) -> Any:
        found = look(name)
        if left[0] and not inside[0]:
            left[0] -= 1
            draft = Draft("note.added", {"text": "quick"})
            with Journal.open(workspace.where) as other:
                other.append(name, [draft], expected=found[0], actor="ben", recorded_at=workspace.writing_time())
        inside[0] = not inside[0]  # appending looks once more, with the writer's place taken
        return found

    monkeypatch.setattr(journal, "head", somebody_is_quicker)
    append(workspace, journal, incident, released(1))
    assert [entry.kind for entry in journal.entries(incident)][-3:] == ["note.added", "note.added", "dispatch.released"]
    left[0] = 99
    with pytest.raises(JournalConflict):
        append(workspace, journal, incident, released(2))


def test_looking_makes_no_vault(workspace: Workspace, journal: Journal) -> None:
    with vault_if_any(workspace) as vault:
        assert vault is None
    assert not Path(f"{workspace.where}.vault").exists()
    with workspace.vault():
        pass
    with vault_if_any(workspace) as vault:
        assert vault is not None
        assert vault.database.read_only
