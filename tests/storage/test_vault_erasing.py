"""Erasing people: every receipt stays, and no byte of anybody is left in any file of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from breachkit.errors import Refused
from breachkit.storage import attachments
from breachkit.storage.vault import Vault
from breachkit.storage.vault_erasing import erase_people, scrub
from breachkit.storage.vault_sending import SendingDesk

from .servers import Server
from .vaults import NOON, Held, ids, letter, queued

LATER = "2026-11-22T12:00:00.000+00:00"
NAMES = [f"Mirabelle{number} Uno" for number in range(40)]
KEPT = "Basil Dos"
WORDS = b"what the caller told us: " + b"marzipan " * 2000


@pytest.fixture
def full(held: Held, tmp_path: Path) -> Held:
    """On each kind of database, what `filled` puts in."""
    return filled(held, tmp_path)


@pytest.fixture
def full_file(in_file: Held, tmp_path: Path) -> Held:
    """The same in a file, plain and encrypted."""
    return filled(in_file, tmp_path)


def filled(held: Held, tmp_path: Path) -> Held:
    """Forty people and an attachment of one incident, one person of another."""
    file = tmp_path / "call.txt"
    file.write_bytes(WORDS)
    with held.open() as vault:
        one = queued(vault, *map(letter, NAMES))
        queued(vault, letter(KEPT), incident="INC-2")
        with file.open("rb") as open_file:
            attachments.add(vault, "INC-1", "call-of-mirabelle.txt", open_file, at=NOON)
        vault.move(ids(vault)[:40], "replaced", "person", at=NOON, actor="ana", channel="post")
        vault.change_dispatch(one, "released")
    file.unlink()
    return held


def erase(vault: Vault, **more: Any) -> dict[str, int]:
    return erase_people(vault, "INC-1", at=more.pop("at", NOON), actor="ana", **more)


def test_people_letters_and_attachments_go_and_every_receipt_stays(full: Held) -> None:
    with full.open() as vault:
        before = list(vault.receipts("INC-1"))
        assert erase(vault) == {"envelopes": 40, "letters": 40, "attachments": 1}
        assert scrub(vault) == []
        assert list(vault.receipts("INC-1")) == before
        gone = list(vault.envelopes(vault.dispatches("INC-1")))
        assert {(one.name, one.email, one.person, one.place) for one in gone} == {(None, None, None, None)}
        assert vault.letter(gone[0].id) is None
        assert attachments.attachments(vault, "INC-1") == []
        [kept] = vault.envelopes(vault.dispatches("INC-2"))
        assert kept.name == KEPT
        assert b"Basil" in (vault.letter(kept.id) or b"")
    with full.open(read_only=True) as vault:
        assert list(vault.receipts("INC-1")) == before


def test_erasing_again_finds_nothing_and_keeps_when_it_was_first_done(full: Held) -> None:
    with full.open() as vault:
        erase(vault)
        assert erase(vault, at=LATER) == {"envelopes": 0, "letters": 0, "attachments": 0}
        [one] = vault.dispatches("INC-1")
        assert (one.state, one.body["purged_at"]) == ("purged", NOON)


def test_it_is_refused_while_letters_wait_and_never_done_while_one_is_being_sent(held: Held) -> None:
    with held.open() as vault:
        one = queued(vault, *map(letter, NAMES[:3]))
        with pytest.raises(Refused, match=r"not settled \(3 queued\); send or settle them first. Nothing was erased"):
            erase(vault)
        vault.change_dispatch(one, "released")
        desk = SendingDesk(vault, "one")
        assert desk.exchange([], [one], 1, NOON)
        for unsettled in (False, True):
            with pytest.raises(Refused, match=r"2 queued, 1 sending\); a sender has some now"):
                erase(vault, unsettled=unsettled)
        assert vault.database.rows("SELECT count(*) FROM person")[0][0] == 3
        vault.move(ids(vault, "sending"), "in_doubt", "sender", at=NOON, actor="ana")
        assert erase(vault, unsettled=True)["envelopes"] == 3
        assert desk.exchange([], vault.dispatches(), 10, NOON) == []


def everywhere(folder: Path, *words: bytes) -> list[str]:
    return [
        f"{word!r} in {path}" for path in folder.rglob("*") if path.is_file() for word in words if word in path.read_bytes()
    ]


@pytest.mark.parametrize("closed", [True, False])
def test_in_no_file_of_the_folder_is_a_byte_of_anybody(full_file: Held, closed: bool) -> None:
    words = (b"Mirabelle", b"mirabelle", b"marzipan")
    plain = not Path(f"{full_file.store.where}.key").exists()
    folder = full_file.path.parent
    assert bool(everywhere(folder, *words)) == plain
    with full_file.open() as vault:
        erase(vault)
        assert scrub(vault) == []
        if not closed:
            assert everywhere(folder, *words) == []
    assert everywhere(folder, *words) == []
    assert bool(everywhere(folder, KEPT.encode())) == plain


def test_a_reader_that_keeps_the_log_is_named_and_purging_again_overwrites_it(full_file: Held) -> None:
    words = (b"Mirabelle", b"mirabelle", b"marzipan")
    with full_file.open() as vault, full_file.open(read_only=True) as other:
        vault.database.rows("PRAGMA busy_timeout = 20")
        looking = other.database.stream("SELECT n FROM event")
        next(looking)
        erase(vault)
        [left] = scrub(vault)
        assert "another process has the vault open" in left or "could not be overwritten" in left
        assert "purge again" in left
        looking.close()  # type: ignore[attr-defined] # a generator
        erase(vault)
        assert scrub(vault) == []
        assert everywhere(full_file.path.parent, *words) == []


def test_a_writer_that_holds_the_vault_does_not_undo_an_erasure(full_file: Held) -> None:
    with full_file.open() as vault, full_file.open() as other:
        vault.database.rows("PRAGMA busy_timeout = 20")
        erase(vault)
        with other.writing():
            [left] = scrub(vault)
        assert left.startswith("it is erased, but its space could not be overwritten")
        assert scrub(vault) == []


@pytest.fixture
def pages(server: Server, team_database: str) -> Iterator[Any]:
    """What the server's files of the vault's tables hold."""
    name = team_database.partition("@/")[2].partition("?")[0]

    def look() -> tuple[set[str], bytes]:
        server.sql("CHECKPOINT")
        query = (
            "SELECT pg_relation_filepath(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "LEFT JOIN pg_class owner ON owner.reltoastrelid = c.oid "
            "LEFT JOIN pg_namespace of ON of.oid = owner.relnamespace "
            "WHERE c.relkind IN ('r', 'i', 't') AND 'breachkit_vault' IN (n.nspname, of.nspname)"
        )
        files = {path for (path,) in server.sql(query, database=name)}
        return files, b"".join((server.folder / "data" / path).read_bytes() for path in files)

    return look


def test_on_a_server_the_tables_are_rewritten_without_anybody(team_database: str, pages: Any, tmp_path: Path) -> None:
    (tmp_path / "call.txt").write_bytes(b"marzipan" + bytes(range(256)) * 40)
    with Vault.open(team_database) as vault:
        queued(vault, *map(letter, NAMES))
        queued(vault, letter(KEPT), incident="INC-2")
        with (tmp_path / "call.txt").open("rb") as file:
            attachments.add(vault, "INC-1", "call-of-mirabelle.txt", file, at=NOON)
        before, held = pages()
        for word in (b"Mirabelle7", b"mirabelle7@example.com", b"call-of-mirabelle", KEPT.encode()):
            assert word in held
        erase(vault, unsettled=True)
        assert scrub(vault) == []
        after, held = pages()
        assert len(before - after) >= 4
        for word in (b"Mirabelle", b"mirabelle", b"marzipan"):
            assert word not in held
        assert KEPT.encode() in held


def test_on_a_server_nobody_takes_a_letter_while_people_are_erased(team_database: str) -> None:
    with Vault.open(team_database) as vault, Vault.open(team_database) as other:
        one = queued(vault, *map(letter, NAMES[:3]))
        with vault.writing():
            vault.change_dispatch(one, "released")
        other.database.rows("SELECT set_config('lock_timeout', '50ms', false)")
        vault.database.rows("SELECT set_config('lock_timeout', '50ms', false)")
        with other.database.transaction(alone=False):
            other.database.run("UPDATE envelope SET status = 'sending', sender = 'one' WHERE n = 1")
            with pytest.raises(Refused, match="another writer held it"):
                erase(vault, unsettled=True)
        with pytest.raises(Refused, match="1 sending"):
            erase(vault, unsettled=True)
        assert vault.database.rows("SELECT count(*) FROM person")[0][0] == 3
        vault.move(ids(vault, "sending"), "in_doubt", "sender", at=NOON, actor="ana")
        with vault.writing():
            vault.database.run("LOCK TABLE envelope IN SHARE ROW EXCLUSIVE MODE")
            with pytest.raises(Refused, match="another writer held it"):
                SendingDesk(other, "two").exchange([], [one], 1, NOON)


def test_what_is_erased_is_overwritten_at_once_and_not_only_when_space_is_given_up(on_file: Held) -> None:
    with on_file.open() as vault:
        queued(vault, *map(letter, NAMES))
        vault.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        erase(vault, unsettled=True)
        vault.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        assert everywhere(on_file.path.parent, b"Mirabelle", b"mirabelle") == []
    with closing(sqlite3.connect(on_file.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
