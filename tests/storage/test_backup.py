"""A back-up is of one moment, whole or not there, as closed as what it is of - and it is tried out before it is trusted."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import random
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.journal import Draft
from breachkit.errors import BadFile, BreachkitError, JournalDamaged, KeyNeeded, Refused
from breachkit.storage import backup, backup_file, restoring
from breachkit.storage.files import is_plain, key_beside
from breachkit.storage.journal import Journal
from breachkit.storage.keyfile import read_key_file
from breachkit.storage.vault import Addressed, Vault
from breachkit.storage.vault_events import EVENT
from breachkit.workflow import backups

from .ciphered import forget
from .forked import forks, killed
from .house import NIGHT, fact, fill, opened

ADDRESS, WORDS = "mirabelle@example.invalid", b"Dear Mirabelle, your password"


def quiet(_: str) -> None:
    """Nobody listens to the progress."""


def back_up(path: Path, out: Path) -> dict[str, Any]:
    return backup.back_up(str(path), out, made_at=NIGHT, program="breachkit test", progress=quiet)


def faults(archive: Path, folder: Path) -> list[str]:
    folder.mkdir(mode=0o700)
    return restoring.faults(folder, backup_file.unpack(archive, folder))


def send(path: Path, *, told: int) -> None:
    """A letter that went out, in the vault; the journal tells of so many."""
    letter = Addressed("7", "Mirabelle", ADDRESS, "FR", False, WORDS + b" <<id>>", b"<<id>>")
    at = NIGHT.isoformat()
    with Vault.open(path) as vault, Journal.open(path) as journal:
        with vault.writing():
            one = vault.new_dispatch("INC-1", "eu.gdpr.34", {})
            vault.put(one, [letter], domain="example.invalid", at=at, actor="ana")
        ids = [kept.id for kept in vault.envelopes([one])]
        vault.database.run("UPDATE envelope SET status = 'sent'")
        vault.database.run(EVENT, (1, at, "sent", "server", 250, "", "", "ana"))
        bodies = [
            Draft("dispatch.released", {"dispatch": one.id, "envelopes": len(ids)}),
            Draft("delivery.recorded", {"dispatch": one.id, "counts": {"sent": told}, "receipts": "0" * 64, "servers": []}),
        ]
        journal.append("INC-1", bodies, expected=journal.head("INC-1")[0], actor="ana", recorded_at=NIGHT)


@pytest.fixture(params=["plain", "encrypted"])
def desk(request: pytest.FixtureRequest) -> Path:
    """A journal with two incidents and a letter, plain and encrypted in turn."""
    where: Path = request.getfixturevalue("path" if request.param == "plain" else "sealed")
    with Journal.open(where) as journal:
        fill(journal, 40, 10)
    send(where, told=1)
    return where


def test_a_backup_holds_all_and_is_put_in_place_elsewhere(desk: Path, tmp_path: Path) -> None:
    made = back_up(desk, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    assert faults(tmp_path / "b.tar", tmp_path / "tried") == []
    to = tmp_path / "new" / "house" / "desk.db"
    assert backups.restore(tmp_path / "b.tar", str(to), progress=quiet) == made
    with Journal.open(desk) as old, Journal.open(to) as new:
        assert new.heads() == old.heads()
        assert new.warnings == []
        new.append("INC-2", [fact()], expected=10, actor="ana", recorded_at=NIGHT)
    with Vault.open(to) as vault:
        [one] = vault.envelopes(vault.dispatches())
        assert (one.status, one.email) == ("sent", ADDRESS)
    assert {file.name for file in to.parent.iterdir()} <= {"desk.db", "desk.db.vault", "desk.db.key"}


def test_what_waited_in_a_backup_is_in_doubt_after_the_restore_and_not_sent_again(desk: Path, tmp_path: Path) -> None:
    letter = Addressed("8", "Nora", "nora@example.invalid", "FR", False, b"Dear Nora <<id>>", b"<<id>>")
    with Vault.open(desk) as vault, vault.writing():
        vault.put(vault.dispatches()[0], [letter], domain="example.invalid", at=NIGHT.isoformat(), actor="ana")
    back_up(desk, tmp_path / "b.tar")
    to = tmp_path / "new" / "desk.db"
    backups.restore(tmp_path / "b.tar", str(to), progress=quiet)
    with Vault.open(to, read_only=True) as vault:  # looking only says so
        assert "the letter that was queued then is in doubt" in vault.warnings[-1]
        assert vault.counts(vault.dispatches())["queued"] == 1
    for said in (True, False):
        with Vault.open(to) as vault:
            assert any("restored from a back-up of 2026-11-20T22:15" in words for words in vault.warnings) == said
            assert {one.status for one in vault.envelopes(vault.dispatches())} == {"sent", "in_doubt"}
    assert not list(to.parent.glob("*.restored"))
    with Vault.open(to) as vault, vault.writing():  # what is queued from here on is queued
        more = replace(letter, email="olga@example.invalid")
        vault.put(vault.dispatches()[0], [more], domain="example.invalid", at=NIGHT.isoformat(), actor="ana")
    with Vault.open(to) as vault:
        assert vault.counts(vault.dispatches())["queued"] == 1


def test_a_backup_is_as_closed_as_what_it_is_of(desk: Path, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "b.tar")
    raw = (tmp_path / "b.tar").read_bytes()
    clear = is_plain(desk)
    assert (WORDS in raw) == clear
    assert (ADDRESS.encode() in raw) == clear
    assert (b"CREATE TABLE" in raw) == clear


def test_an_encrypted_backup_needs_its_passphrase(sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 3)
    back_up(sealed, tmp_path / "b.tar")
    forget(sealed)
    monkeypatch.delenv("BREACHKIT_PASSPHRASE")
    with pytest.raises(KeyNeeded):
        faults(tmp_path / "b.tar", tmp_path / "tried")


def _write_for_ever(path: str, ready: Any, stop: Any) -> None:
    with Journal.open(path) as journal:
        seq = journal.head("INC-1")[0]
        while not stop.is_set():
            seq = journal.append("INC-1", [fact(str(seq))], expected=seq, actor="ben", recorded_at=NIGHT)[-1].seq
            ready.set()


@pytest.mark.parametrize("which", ["path", "sealed"])
def test_a_backup_is_made_while_another_process_writes(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    path: Path = request.getfixturevalue(which)
    with Journal.open(path) as journal:
        fill(journal, 300)
    spawn = multiprocessing.get_context("spawn")
    ready, stop = spawn.Event(), spawn.Event()
    writer = spawn.Process(target=_write_for_ever, args=(str(path), ready, stop))
    writer.start()
    assert ready.wait(60)
    try:
        sizes = []
        for number in range(5):
            made = back_up(path, tmp_path / f"{number}.tar")
            assert faults(tmp_path / f"{number}.tar", tmp_path / f"tried-{number}") == []
            sizes.append(made["entries"])
    finally:
        stop.set()
        writer.join(60)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
    with Journal.open(path) as journal:
        assert journal.verify() is None
        assert all(journal.holds("INC-1", *head) for head in [made["heads"]["INC-1"]])


def test_journal_and_vault_are_of_one_moment(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody records between the two: both are begun anew, so that the vault tells of nothing the journal does not know."""
    with Journal.open(path) as journal:
        fill(journal, 2)
    Vault.open(path).close()
    begun: list[str] = []
    connect = backup.connect

    class Slow:
        def __init__(self, real: Any, name: str) -> None:
            self.real, self.name = real, name

        def execute(self, query: str) -> Any:
            if query == "BEGIN":
                begun.append(self.name)
                if begun == ["journal.db", "journal.db.vault"]:
                    with Journal.open(path) as journal:
                        journal.append("INC-1", [fact()], expected=2, actor="ben", recorded_at=NIGHT)
            return self.real.execute(query)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.real, name)

    monkeypatch.setattr(backup, "connect", lambda where, mode: Slow(connect(where, mode), where.name))
    made = back_up(path, tmp_path / "b.tar")
    assert begun == ["journal.db", "journal.db.vault"] * 2
    assert made["heads"]["INC-1"][0] == 3


def test_a_vault_older_than_the_journal_is_noticed(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as journal:
        fill(journal, 2)
    send(path, told=2)
    back_up(path, tmp_path / "b.tar")
    [said] = faults(tmp_path / "b.tar", tmp_path / "tried")
    assert "more letters as sent than there are envelopes that prove it" in said


def test_a_letter_changed_in_the_vault_is_noticed(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as journal:
        fill(journal, 2)
    send(path, told=1)
    with Vault.open(path) as vault:
        vault.database.run("UPDATE letter SET message = ?", (b"Dear nobody",))
    back_up(path, tmp_path / "b.tar")
    [said] = faults(tmp_path / "b.tar", tmp_path / "tried")
    assert "is not the one that was sealed" in said


def test_a_backup_never_replaces_a_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("mine")
    with pytest.raises(Refused, match="never replaces"):
        back_up(path, tmp_path / "b.tar")
    (tmp_path / "link.tar").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refused, match="never replaces"):
        back_up(path, tmp_path / "link.tar")
    assert (tmp_path / "b.tar").read_text() == "mine"


def test_a_damaged_journal_is_not_backed_up_as_if_it_were_whole(filled: Callable[..., Path], tmp_path: Path) -> None:
    path = filled(120)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(JournalDamaged, match="not backed up"):
        back_up(path, tmp_path / "b.tar")
    assert not list(tmp_path.glob("*.tar*"))


def test_any_changed_byte_of_a_backup_is_noticed(desk: Path, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "b.tar") as tar:
        spans = [(member.name, member.offset_data, member.size) for member in tar]
    dice = random.Random(72)
    for name, begin, size in spans:
        for at in (begin, begin + size - 2, *(begin + dice.randrange(size) for _ in range(3))):
            if name == "manifest.json" and whole[at : at + 1].isspace():
                continue
            (tmp_path / "x.tar").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            folder = tmp_path / "tried"
            try:
                said = faults(tmp_path / "x.tar", folder)
            except BreachkitError as error:
                said = [str(error)]
            shutil.rmtree(folder)
            changed_words_only = name == "manifest.json" and is_plain(desk)  # a plain list can be written by anybody
            assert said or changed_words_only, (name, at)


def test_parts_of_two_encrypted_backups_cannot_be_put_together(sealed: Path, tmp_path: Path) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 3)
    send(sealed, told=1)
    back_up(sealed, tmp_path / "old.tar")
    with Journal.open(sealed) as journal:
        fill(journal, 3)
    back_up(sealed, tmp_path / "new.tar")
    parts: dict[str, bytes] = {}
    for name in ("old.tar", "new.tar"):
        with tarfile.open(tmp_path / name) as tar:
            for member in tar:
                if name == "new.tar" or member.name == "journal.db.vault":
                    content = tar.extractfile(member)
                    assert content
                    parts.setdefault(member.name, content.read())
    manifest = json.loads(parts["manifest.json"])
    digest = hashlib.sha256(parts["journal.db.vault"]).hexdigest()
    if digest == manifest["files"]["journal.db.vault"]["sha256"]:
        parts["journal.db.vault"] += bytes(4096)
        digest = hashlib.sha256(parts["journal.db.vault"]).hexdigest()
    manifest["files"]["journal.db.vault"]["sha256"] = digest
    parts["manifest.json"] = json.dumps(manifest).encode()
    write_tar(tmp_path / "mixed.tar", parts)
    assert any("who holds the key" in said for said in faults(tmp_path / "mixed.tar", tmp_path / "tried"))


def write_tar(path: Path, parts: dict[str, bytes], **more: Any) -> None:
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in more.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(
    ("parts", "more"),
    [
        ({"../../etc/evil": b"x"}, {}),
        ({"/etc/evil": b"x"}, {}),
        ({"journal.db": b""}, {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
        ({"journal.db": b""}, {"type": tarfile.LNKTYPE, "linkname": "manifest.json"}),
        ({"journal.db": b""}, {"type": tarfile.CHRTYPE}),
        ({"journal.db": b""}, {"type": tarfile.DIRTYPE}),
        ({"manifest.json": b"[]"}, {}),
        ({"manifest.json": b"[" * 100_000}, {}),
        ({"manifest.json": b'{"format": "breachkit/backup@9"}'}, {}),
        ({"manifest.json": b'{"format": "breachkit/backup@1", "files": {}}'}, {}),
        ({"journal.db": b"x"}, {}),
    ],
)
def test_a_hostile_archive_is_refused_and_writes_nowhere_else(
    tmp_path: Path, parts: dict[str, bytes], more: dict[str, Any]
) -> None:
    write_tar(tmp_path / "b.tar", parts, **more)
    folder = tmp_path / "deep" / "in" / "folder"
    folder.mkdir(parents=True)
    with pytest.raises(BadFile, match="this back-up cannot be used"):
        backup_file.unpack(tmp_path / "b.tar", folder)
    assert not any(file.is_symlink() or file.name == "evil" for file in (tmp_path / "deep").rglob("*"))


@pytest.mark.parametrize("content", [b"", b"x", b"\x1f\x8b gz", b"SQLite format 3\0" * 100, bytes(600)])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    (tmp_path / "f").mkdir()
    with pytest.raises(BadFile):
        backup_file.unpack(tmp_path / "b.tar", tmp_path / "f")


def test_a_pipe_is_no_archive_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "b.tar")
    with pytest.raises(BadFile, match="no plain file"):
        backup_file.unpack(tmp_path / "b.tar", tmp_path)


def test_what_a_killed_backup_left_goes_whatever_process_has_its_number_now(tmp_path: Path) -> None:
    (tmp_path / f".b.tar.{os.getppid()}.part").mkdir()
    with backup.workplace(tmp_path / "b.tar") as mine:
        assert list(tmp_path.iterdir()) == [mine]


def test_a_folder_in_which_another_backup_is_at_work_stays(tmp_path: Path) -> None:
    with backup.workplace(tmp_path / "b.tar") as mine:
        other = mine.rename(tmp_path / ".b.tar.1.part")
        with backup.workplace(tmp_path / "b.tar"):
            assert other.is_dir()


def test_a_member_that_claims_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("journal.db")
    info.size = 1 << 40
    (tmp_path / "b.tar").write_bytes(info.tobuf() + bytes(4096))
    (tmp_path / "f").mkdir()
    with pytest.raises(BadFile, match="larger than the file"):
        backup_file.unpack(tmp_path / "b.tar", tmp_path / "f")


# -- putting it in place


def test_a_journal_is_never_restored_over(desk: Path, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "b.tar")
    before = desk.read_bytes()
    with pytest.raises(Refused, match="never restored over"):
        backups.restore(tmp_path / "b.tar", str(desk), progress=quiet)
    assert desk.read_bytes() == before
    other = tmp_path / "o" / "x.db"
    other.parent.mkdir()
    other.with_name("x.db.vault").write_bytes(b"somebody's")
    with pytest.raises(Refused, match="is not of this back-up"):
        backups.restore(tmp_path / "b.tar", str(other), progress=quiet)
    assert [file.name for file in other.parent.iterdir()] == ["x.db.vault"]
    for name in ("x.vault", "x.db.schema-1"):
        with pytest.raises(Refused, match="no name for a journal"):
            backups.restore(tmp_path / "b.tar", str(tmp_path / name), progress=quiet)


def test_a_backup_with_a_broken_chain_is_not_restored(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as journal:
        fill(journal, 9)
        journal._db.run("DROP TRIGGER entry_no_update")
        journal._db.run("UPDATE entry SET content = CAST('{}' AS BLOB) WHERE seq = 5")
    back_up(path, tmp_path / "b.tar")
    with pytest.raises(JournalDamaged, match="entry 5"):
        backups.restore(tmp_path / "b.tar", str(tmp_path / "new" / "x.db"), progress=quiet)
    assert list((tmp_path / "new").iterdir()) == []


@forks
def test_a_backup_or_a_restore_that_is_killed_leaves_nothing_that_looks_whole(desk: Path, tmp_path: Path) -> None:
    dice, stopped = random.Random(72), 0
    out, to = tmp_path / "out" / "b.tar", tmp_path / "new" / "x.db"
    out.parent.mkdir()
    for number in range(14):

        def make(say: Callable[[str], None]) -> None:
            backup.back_up(str(desk), out, made_at=NIGHT, program="breachkit test", progress=say)

        stopped += killed(make, dice.choice((0, 1)), dice.uniform(0, 0.02))
        if out.exists():
            assert faults(out, tmp_path / f"tried-{number}") == []
            out.unlink()
    back_up(desk, out)
    assert [file.name for file in out.parent.iterdir()] == ["b.tar"]  # what the killed ones left is swept away
    for _ in range(14):
        stopped += killed(lambda say: backups.restore(out, str(to), progress=say), dice.choice((0, 1)), dice.uniform(0, 0.03))
        if to.exists():
            with Journal.open(to, read_only=True) as journal:
                assert journal.verify() is None
            shutil.rmtree(to.parent)
    if not to.exists():
        backups.restore(out, str(to), progress=quiet)
    with Journal.open(desk, read_only=True) as old, Journal.open(to, read_only=True) as new:
        assert old.heads() == new.heads()
    assert stopped > 8


def test_a_restored_journal_of_an_encrypted_one_has_the_same_key(sealed: Path, tmp_path: Path) -> None:
    with Journal.open(sealed) as journal:
        journal.new_incident([opened()], actor="ana", recorded_at=NIGHT)
    back_up(sealed, tmp_path / "b.tar")
    to = tmp_path / "new" / "x.db"
    backups.restore(tmp_path / "b.tar", str(to), progress=quiet)
    assert read_key_file(key_beside(to)).database == read_key_file(key_beside(sealed)).database
    assert not is_plain(to)


def test_a_servers_backup_is_read_anywhere(team_database: str, tmp_path: Path) -> None:
    with Journal.open(team_database) as journal:
        fill(journal, 30, 5)
        journal.store_law_pack(hashlib.sha256(b"laws").hexdigest(), b"laws", stored_at=NIGHT)
        heads = journal.heads()
    letter = Addressed("7", "Mirabelle", ADDRESS, "FR", False, WORDS + b" <<id>>", b"<<id>>")
    with Vault.open(team_database) as vault, vault.writing():
        one = vault.new_dispatch("INC-1", "eu.gdpr.34", {})
        vault.put(one, [letter], domain="example.invalid", at=NIGHT.isoformat(), actor="ana")
    made = backup.back_up(team_database, tmp_path / "b.tar", made_at=NIGHT, program="breachkit test", progress=quiet)
    assert (made["dialect"], made["envelopes"], made["entries"]) == ("postgresql", 1, 35)
    assert faults(tmp_path / "b.tar", tmp_path / "tried") == []
    backups.restore(tmp_path / "b.tar", str(tmp_path / "house" / "x.db"), progress=quiet)
    with Journal.open(tmp_path / "house" / "x.db") as journal:
        assert journal.heads() == heads
        assert journal.law_packs()
    with Vault.open(tmp_path / "house" / "x.db") as vault:
        [one_kept] = vault.envelopes(vault.dispatches())
        assert one_kept.email == ADDRESS
        again = vault.new_dispatch("INC-1", "eu.gdpr.34", {})
        with vault.writing():  # the same person is known again: the keys of people came along
            assert vault.put(again, [letter], domain="example.invalid", at=NIGHT.isoformat(), actor="ana") == (0, 1)
