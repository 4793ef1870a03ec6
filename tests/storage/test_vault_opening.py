"""The vault's file as it is found: private, damaged, too new, somebody else's, or not there. It is never begun anew."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.errors import BreachkitError, JournalDamaged, JournalTooNew, KeyNeeded, Refused, UsageError, WrongKey
from breachkit.storage.vault import Vault

from .ciphered import make_sealed
from .vaults import Held, ids, letter, queued


@pytest.fixture
def filled(on_file: Held) -> Held:
    """With fifty letters, enough for some pages."""
    with on_file.open() as vault:
        queued(vault, *(letter(f"Person{number} Uno") for number in range(50)))
    return on_file


def overwritten(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def test_a_vault_is_private_and_one_that_others_could_read_is_made_private_with_a_word(filled: Held) -> None:
    assert stat.S_IMODE(filled.path.stat().st_mode) == 0o600
    filled.path.chmod(0o640)
    with filled.open(read_only=True) as vault:
        assert any("can be read by others (mode 0640)" in warning for warning in vault.warnings)
    with filled.open() as vault:
        assert any("it is now yours alone" in warning for warning in vault.warnings)
    assert stat.S_IMODE(filled.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("at", "content"),
    [(0, b"no database at all"), (4096 * 2, b"\xff" * 4096 * 6), (28, b"\xff\xff\xff\xff")],
    ids=["another beginning", "overwritten pages", "cut off"],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_vault_is_not_touched_and_it_is_said_what_to_do(
    filled: Held, at: int, content: bytes, read_only: bool
) -> None:
    overwritten(filled.path, at, content)
    before = filled.path.read_bytes()
    with pytest.raises(JournalDamaged, match="It is the vault, which knows who has which notice: it was not touched") as told:
        filled.open(read_only=read_only)
    assert "breachkit restore" in str(told.value)
    assert "Person" not in str(told.value)
    assert filled.path.read_bytes() == before


def test_a_vault_that_was_cut_off_is_damaged(filled: Held) -> None:
    whole = filled.path.read_bytes()
    filled.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(JournalDamaged, match="was cut off"):
        filled.open()


def test_damage_that_shows_only_later_is_a_plain_error_too(filled: Held) -> None:
    with filled.open() as vault:
        overwritten(filled.path, 4096, b"\xff" * (filled.path.stat().st_size - 4096))
        vault.database.rows("PRAGMA shrink_memory")
        with pytest.raises((Refused, JournalDamaged), match="damaged"):
            vault.database.rows("SELECT count(*) FROM letter WHERE hex(message) LIKE '%00'")


def test_a_log_without_its_vault_is_not_begun_anew(filled: Held) -> None:
    with filled.open() as vault:
        queued(vault, letter("Late Uno"), finding="other")
        log = filled.path.with_name(filled.path.name + "-wal")
        kept = log.read_bytes()
        filled.path.rename(filled.path.with_name("elsewhere"))
        for read_only in (True, False):
            with pytest.raises(JournalDamaged, match=r"is gone but journal\.db\.vault-wal beside it is not"):
                filled.open(read_only=read_only)
        assert log.read_bytes() == kept


def test_a_vault_of_a_newer_breachkit_is_not_touched(filled: Held) -> None:
    with closing(sqlite3.connect(filled.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = filled.path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(JournalTooNew, match="written by a newer breachkit"):
            filled.open(read_only=read_only)
    assert filled.path.read_bytes() == before


def test_on_a_server_a_vault_of_a_newer_breachkit_is_not_touched(team_database: str) -> None:
    held = "UPDATE breachkit_vault.meta SET value = '99' WHERE key = 'schema'"
    import psycopg

    with psycopg.connect(team_database) as connection:
        connection.execute(held)
    for read_only in (True, False):
        with pytest.raises(JournalTooNew):
            Vault.open(team_database, read_only=read_only)


@pytest.mark.parametrize("kind", ["another program's", "the journal's"])
def test_somebody_elses_database_in_its_place_is_left_alone(on_file: Held, kind: str) -> None:
    if kind == "the journal's":
        shutil.copy(on_file.store.where, on_file.path)
    else:
        on_file.path.unlink()
        with closing(sqlite3.connect(on_file.path)) as connection:
            connection.execute("CREATE TABLE bookmarks (url TEXT)")
        on_file.path.chmod(0o600)
    before = on_file.path.read_bytes()
    with pytest.raises(BreachkitError, match="not a breachkit vault; nothing was changed in it"):
        on_file.open(read_only=True)
    with pytest.raises(BreachkitError, match="not a breachkit vault; nothing was changed in it"):
        on_file.open()
    assert on_file.path.read_bytes() == before


def test_a_link_in_its_place_is_refused(filled: Held, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    filled.path.rename(elsewhere)
    filled.path.symlink_to(elsewhere)
    for read_only in (True, False):
        with pytest.raises(Refused, match="is a symbolic link"):
            filled.open(read_only=read_only)


def test_looking_where_there_is_none_makes_none(on_file: Held) -> None:
    on_file.path.unlink()
    with pytest.raises(UsageError, match="nothing was queued or attached yet"):
        on_file.open(read_only=True)
    assert not on_file.path.exists()
    assert not Vault.exists(on_file.store.where)
    with on_file.open() as vault:
        assert vault.dispatches() == []
    assert stat.S_IMODE(on_file.path.stat().st_mode) == 0o600
    assert Vault.exists(on_file.store.where)


def test_an_encrypted_journals_vault_is_neither_replaced_by_a_plain_one_nor_by_one_of_another_key(
    sealed: Path, empty_vaults: dict[str, Path], tmp_path: Path
) -> None:
    mine = Path(f"{sealed}.vault")
    shutil.copy(empty_vaults["sqlite"], mine)
    with pytest.raises(Refused, match="is not encrypted, but its key file"):
        Vault.open(sealed)
    mine.unlink()
    other = tmp_path / "other" / "journal.db"
    make_sealed(other)
    Vault.open(other).close()
    shutil.copy(f"{other}.vault", mine)
    before = mine.read_bytes()
    with pytest.raises((WrongKey, JournalDamaged, KeyNeeded)):
        Vault.open(sealed)
    assert mine.read_bytes() == before


def test_what_was_committed_is_there_after_a_kill(on_file: Held) -> None:
    from .forked import killed

    def work(say: object) -> None:
        with on_file.open() as vault:
            for number in range(1000):
                queued(vault, letter(f"Person{number} Uno"))
                assert callable(say)
                say(".")

    assert killed(work, 5, 0.0)
    with on_file.open() as vault:
        assert 5 <= len(ids(vault)) < 1000
        assert vault.counts(vault.dispatches())["queued"] == len(vault.dispatches()) == len(ids(vault))
