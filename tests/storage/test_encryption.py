"""An encrypted journal: nothing of it lies in the clear, and what does not open says why."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.domain.journal import GENESIS, Draft, seal
from breachkit.errors import BadFile, BreachkitError, JournalDamaged, JournalTooNew, KeyNeeded, Refused, WrongKey
from breachkit.storage import keyfile, upgrade
from breachkit.storage.cipher import connect_encrypted, open_raw, raw_keys
from breachkit.storage.files import create_file, key_beside
from breachkit.storage.journal import Journal
from breachkit.storage.keyfile import read_key_file
from breachkit.storage.vault import Addressed, Vault

from .ciphered import PASSPHRASE, forget, make_sealed
from .house import NIGHT, fact, fill, opened

PAGE = 4096
TITLE, ADDRESS, WORDS = "Conversations of Mirabelle", "mirabelle@example.invalid", b"Dear Mirabelle, your password"


def put_letter(path: Path) -> None:
    letter = Addressed("7", "Mirabelle", ADDRESS, "FR", False, WORDS + b" <<id>>", b"<<id>>")
    with Vault.open(path) as vault, vault.writing():
        one = vault.new_dispatch("INC-1", "eu.gdpr.34", {})
        vault.put(one, [letter], domain="example.invalid", at=NIGHT.isoformat(), actor="ana")


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(1)
        file.seek(at)
        file.write(bytes([old[0] ^ 1]))


def test_nothing_of_journal_or_vault_lies_in_the_clear_in_any_file(sealed: Path) -> None:
    def seen() -> list[tuple[str, bytes]]:
        clear = (TITLE.encode(), ADDRESS.encode(), WORDS, b"INC-1", b"CREATE TABLE", PASSPHRASE.encode())
        return [(file.name, text) for file in sealed.parent.iterdir() for text in clear if text in file.read_bytes()]

    with Journal.open(sealed) as journal:
        journal.new_incident([opened(TITLE)], actor="ana", recorded_at=NIGHT)
        with Vault.open(sealed):
            put_letter(sealed)
            names = {file.name for file in sealed.parent.iterdir()}
            assert {"journal.db", "journal.db-wal", "journal.db.vault", "journal.db.vault-wal", "journal.db.key"} <= names
            assert seen() == []
    assert seen() == []
    with Vault.open(sealed, read_only=True) as vault:
        assert vault.letter(vault.database.rows("SELECT id FROM envelope")[0][0]) is not None


def test_journal_and_vault_do_not_open_with_each_others_key(sealed: Path) -> None:
    put_letter(sealed)
    vault = sealed.with_name("journal.db.vault")
    file = read_key_file(key_beside(sealed))
    assert raw_keys(sealed, file) != raw_keys(vault, file)
    with (
        closing(open_raw(vault.as_uri(), raw_keys(sealed, file)[0])) as wrong,
        pytest.raises(Exception, match="not a database"),
    ):
        wrong.execute("SELECT count(*) FROM sqlite_master")


def test_wrong_passphrase_missing_key_foreign_key_locked_and_damaged_are_told_apart(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 30)
    before = sealed.read_bytes()
    key = key_beside(sealed)
    kept = key.read_bytes()

    def told(kind: type[BreachkitError]) -> str:
        forget(sealed) if key.exists() else None
        with pytest.raises(BreachkitError) as caught:
            Journal.open(sealed)
        assert type(caught.value) is kind
        assert sealed.read_bytes() in (before, sealed.read_bytes())
        assert "hunter2" not in str(caught.value)
        assert "not a database" not in str(caught.value)
        return str(caught.value)

    monkeypatch.setenv("BREACHKIT_PASSPHRASE", "hunter2 hunter2")
    assert "this is not the passphrase of" in told(WrongKey)
    monkeypatch.delenv("BREACHKIT_PASSPHRASE")
    assert "encrypted and locked" in told(KeyNeeded)
    monkeypatch.setenv("BREACHKIT_PASSPHRASE", PASSPHRASE)
    key.unlink()
    assert "looks encrypted" in told(KeyNeeded)
    make_sealed(tmp_path / "other" / "journal.db")
    shutil.copy(tmp_path / "other" / "journal.db.key", key)
    assert "is not the key of" in told(WrongKey)
    key.write_text('{"format": "breachkit/key@7"}')
    with pytest.raises(BadFile, match="key@7"):
        Journal.open(sealed)
    key.write_bytes(kept)
    assert sealed.read_bytes() == before
    flip(sealed, 200)
    assert "the key is right, but its first page was changed" in told(JournalDamaged)


def test_a_key_file_kept_elsewhere_is_named_in_the_environment(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 3)
    elsewhere = sealed.parent / "stick" / "breach.key"
    elsewhere.parent.mkdir()
    key_beside(sealed).rename(elsewhere)
    monkeypatch.setenv("BREACHKIT_KEY_FILE", str(elsewhere))
    with Journal.open(sealed, read_only=True) as journal:
        assert journal.head("INC-1")[0] == 3
    elsewhere.rename(key_beside(sealed))


def test_a_plain_file_in_the_place_of_an_encrypted_one_is_refused(sealed: Path, empty: Path) -> None:
    shutil.copy(empty, sealed)
    for read_only in (True, False):
        with pytest.raises(Refused, match="is not encrypted, but its key file"):
            Journal.open(sealed, read_only=read_only)
    assert sealed.read_bytes() == empty.read_bytes()


def test_a_key_file_without_its_database_is_never_given_a_new_one(sealed: Path) -> None:
    sealed.unlink()
    with pytest.raises(JournalDamaged, match="is gone but its key file"):
        Journal.open(sealed)
    assert not sealed.exists()
    create_file(sealed)  # for what forgets the key after the test


def test_one_bad_page_of_an_encrypted_journal_costs_only_what_lies_on_it(sealed: Path) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 120, 40)
        sound = {incident: journal.entries(incident) for incident in journal.incidents()}
    whole = sealed.read_bytes()
    dice = random.Random(72)
    readable = 0
    for page in dice.sample(range(1, len(whole) // PAGE), 12):
        sealed.write_bytes(whole[: page * PAGE] + dice.randbytes(PAGE) + whole[(page + 1) * PAGE :])
        damaged = sealed.read_bytes()
        try:
            with Journal.open(sealed) as journal:
                left = {incident: journal.entries(incident) for incident in sound}
                for incident, entries in left.items():
                    assert [entry for entry in sound[incident] if entry in entries] == entries
                assert journal.damaged
                assert sum(map(len, left.values())) >= 120
                readable += 1
        except JournalDamaged as error:
            assert "No entry in it can be read" in str(error)  # noqa: PT017 - either outcome is right, by page
        assert sealed.read_bytes() == damaged
    assert readable >= 10


def test_an_encrypted_journal_cut_off_anywhere_is_read_as_far_as_it_goes(sealed: Path) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 90)
        sound = journal.entries("INC-1")
    whole = sealed.read_bytes()
    readable = 0
    most = len(whole) // PAGE * 9 // 10 * PAGE
    for size in (1, 16, PAGE - 1, PAGE, PAGE + 1, len(whole) // 2, most, most + 5, len(whole) - PAGE):
        sealed.write_bytes(whole[:size])
        try:
            with Journal.open(sealed) as journal:
                assert journal.damaged
                assert "cut off" in journal.damaged or "damaged" in journal.damaged
                entries = journal.entries("INC-1")
                assert [entry for entry in sound if entry in entries] == entries
                readable += bool(entries)
        except (JournalDamaged, WrongKey) as error:
            assert "not touched" in str(error) or "cut off" in str(error)  # noqa: PT017 - either outcome is right, by size
        assert sealed.read_bytes() == whole[:size]
    assert readable >= 3


def test_entries_that_are_only_in_the_encrypted_log_are_salvaged(sealed: Path) -> None:
    crash = sealed.parent / "crash" / "journal.db"
    crash.parent.mkdir(mode=0o700)
    with Journal.open(sealed) as journal:
        fill(journal, 5)
        for name in ("journal.db", "journal.db-wal", "journal.db.key"):
            shutil.copy(sealed.with_name(name), crash.with_name(name))
    salvaged = Journal.salvage(crash)
    assert (len(salvaged.rows), salvaged.lost) == (5, ())
    with Journal.open(crash) as journal:
        assert journal.verify() is None
        assert journal.head("INC-1")[0] == 5


def test_damage_found_while_an_encrypted_journal_is_open_stops_recording(sealed: Path) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 120)
    with Journal.open(sealed) as journal:
        journal._db.connection.execute("PRAGMA cache_size = 0")
        for page in range(4, sealed.stat().st_size // PAGE):
            flip(sealed, page * PAGE + 50)
        with pytest.raises(JournalDamaged, match="reopen it to read what is left"):
            journal.append("INC-1", [fact()], expected=120, actor="ana", recorded_at=NIGHT)


def test_a_newer_encrypted_journal_is_left_as_it_is(sealed: Path) -> None:
    with closing(connect_encrypted(sealed, key_beside(sealed), "rw")) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = sealed.read_bytes()
    for read_only in (False, True):
        with pytest.raises(JournalTooNew, match="schema 99"):
            Journal.open(sealed, read_only=read_only)
    assert sealed.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_an_older_encrypted_journal_is_upgraded_and_its_copy_stays_encrypted(
    sealed: Path, empty_sealed: Path, read_only: bool
) -> None:
    sealed.unlink()
    create_file(sealed)
    with closing(connect_encrypted(sealed, key_beside(sealed), "rw")) as connection:
        with upgrade.migration(connection) as run:
            run("0001")
        entry, content = seal(opened(TITLE), incident="INC-1", seq=1, previous=GENESIS, actor="ana", recorded_at=NIGHT)
        row = ("INC-1", 1, content, entry.hash, NIGHT.isoformat(timespec="microseconds"), entry.kind)
        connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", row)
    with Journal.open(sealed, read_only=read_only) as journal:
        assert journal.head("INC-1")[0] == 1
    copy = sealed.with_name("journal.db.schema-1")
    assert copy.exists() != read_only
    assert not any(TITLE.encode() in file.read_bytes() for file in sealed.parent.iterdir())
    if not read_only:
        with Journal.open(copy, read_only=True) as journal:
            assert journal.head("INC-1")[0] == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_an_encrypted_journal_survives_kill_9_while_it_is_written(sealed: Path) -> None:
    shutil.copy(sealed, sealed.with_name("empty.db"))
    program = Path(__file__).with_name("killed.py")
    words = [sys.executable, str(program), "append", "25", "7", str(sealed.parent)]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(words, env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["rounds"] == 25
    assert report["acknowledged"] > 10


def test_keys_and_passphrases_are_in_no_repr_and_no_message(sealed: Path) -> None:
    file = read_key_file(key_beside(sealed))
    with Journal.open(sealed) as journal:
        said = f"{raw_keys(sealed, file)!r} {file!r} {journal._db!r} {journal.warnings}"
    raw = raw_keys(sealed, file)[0]
    assert raw.key.hex() not in said
    assert repr(raw.key) not in said
    assert PASSPHRASE not in said


def test_a_plain_journal_needs_no_cipher_and_loads_none(filled: object, empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    shutil.copy(empty, path)
    program = f"""
import sys
sys.modules["sqlcipher3"] = None
from breachkit.storage.journal import Journal
with Journal.open({str(path)!r}, read_only=True) as journal:
    journal.heads()
found = {{"cryptography", "keyring", "getpass", "ctypes"}} & {{name.split(".")[0] for name in sys.modules}}
sys.exit(str(found) if found else 0)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


def test_without_the_driver_an_encrypted_journal_says_what_to_install(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.open(sealed, read_only=True):
        pass
    for name in ("sqlcipher3", "sqlcipher3.dbapi2"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Refused, match=r"breachkit\[cipher\]"):
        Journal.open(sealed)


def test_plain_sqlite_cannot_make_anything_of_it(sealed: Path) -> None:
    with closing(sqlite3.connect(sealed)) as connection, pytest.raises(sqlite3.DatabaseError, match="not a database"):
        connection.execute("SELECT * FROM entry")


def test_the_key_file_asks_for_the_stretching_that_is_documented(tmp_path: Path) -> None:
    wrapped = keyfile.wrap(bytes(32), b"x", "passphrase", keyfile.new_database_id(), 1)
    assert wrapped.cost == 17


def test_recording_goes_on_in_an_encrypted_journal(sealed: Path) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 10)
        journal.append("INC-1", [Draft("note.added", {"text": TITLE})], expected=10, actor="ana", recorded_at=NIGHT)
        token = journal.token()
        with Journal.open(sealed) as other:
            other.append("INC-1", [fact()], expected=11, actor="ben", recorded_at=NIGHT)
        assert journal.changed_since(token)
        assert journal.verify() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="permissions of Unix")
def test_an_encrypted_journal_in_a_folder_that_cannot_be_written_can_be_read(sealed: Path) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 3)
    closed = [one for one in sealed.parents if one.stat().st_mode & 0o055 != 0o055 and one.stat().st_uid == os.geteuid()]
    for one in (*closed, sealed, key_beside(sealed)):
        one.chmod(one.stat().st_mode | 0o055)
        if one in (sealed, key_beside(sealed), sealed.parent) and not os.geteuid():
            os.chown(one, 65534, 65534)
    sealed.parent.chmod(0o500)
    child = os.fork()
    if not child:  # root can write everywhere, so another user looks
        code = 1
        try:
            if not os.geteuid():
                os.setuid(65534)
            with Journal.open(sealed, read_only=True) as journal:
                code = 0 if journal.head("INC-1")[0] == 3 and journal.damaged is None else 2
        finally:
            os._exit(code)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        sealed.parent.chmod(0o700)
