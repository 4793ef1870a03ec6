"""The life of a key: made, unlocked, changed, recovered, replaced - and killed in the middle of each."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from breachkit.errors import BadFile, BadValue, BreachkitError, KeyNeeded, Refused, WrongKey
from breachkit.storage import encrypt_existing, key_changes, keys, system_keyring, unlocked
from breachkit.storage.files import is_plain, key_beside
from breachkit.storage.journal import Journal
from breachkit.storage.keyfile import KeyFile, read_key_file
from breachkit.storage.recovery_code import new_code, read_code, spelled
from breachkit.storage.vault import Vault

from .ciphered import PASSPHRASE, forget, make_sealed
from .forked import forks, killed
from .house import fill

OTHER = "another few words of no sentence"
MEMORY = Path("/dev/shm")
in_memory = pytest.mark.skipif(not MEMORY.is_dir(), reason="no file system in memory to be found on this system")


def key_of(path: Path) -> KeyFile:
    return read_key_file(key_beside(path))


def opens(path: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    forget(path)
    monkeypatch.setenv("BREACHKIT_PASSPHRASE", passphrase)
    try:
        with Journal.open(path, read_only=True) as journal, Vault.open(path, read_only=True):
            return journal.damaged is None and journal.verify() is None
    except WrongKey:
        return False


@pytest.fixture
def runtime(quick: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A login's private folder in memory."""
    folder = MEMORY / f"breachkit-test-{os.getpid()}"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


# -- the recovery code


def test_a_recovery_code_is_read_however_it_is_typed() -> None:
    for _ in range(50):
        bits = new_code()
        text = spelled(bits)
        assert len(text.split("-")) == 9
        for typed in (text.lower(), text.replace("-", " "), text.replace("0", "o").replace("1", "l"), f" {text}\n"):
            assert read_code(typed) == bits


def test_a_mistyped_recovery_code_is_told_from_a_wrong_one_and_never_repeated() -> None:
    text = spelled(new_code())
    wrong = ("0" if text[0] != "0" else "2") + text[1:]
    for typed, why in ((wrong, "mistyped"), (text[:-1], "36 letters"), (text[:-1] + "!", "digits and letters")):
        with pytest.raises(BadValue, match=why) as caught:
            read_code(typed)
        assert typed not in str(caught.value)


# -- changing and recovering


def test_a_changed_passphrase_opens_and_the_old_one_does_not(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Vault.open(sealed).close()
    before = sealed.read_bytes()
    key_changes.change_passphrase(key_of(sealed), OTHER)
    assert opens(sealed, OTHER, monkeypatch)
    assert not opens(sealed, PASSPHRASE, monkeypatch)
    assert sealed.read_bytes() == before
    assert stat.S_IMODE(key_beside(sealed).stat().st_mode) == 0o600
    opens(sealed, OTHER, monkeypatch)


def test_a_short_passphrase_is_refused(sealed: Path) -> None:
    with pytest.raises(Refused, match="at least 12"):
        key_changes.change_passphrase(key_of(sealed), "eleven1234x")


def test_the_recovery_code_opens_once_and_gives_the_next_one(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    codes = [make_sealed(path)]
    key_changes.recover(key_of(path), codes[0], OTHER, told=codes.append)
    monkeypatch.setenv("BREACHKIT_PASSPHRASE", OTHER)
    Vault.open(path).close()
    assert opens(path, OTHER, monkeypatch)
    assert not opens(path, PASSPHRASE, monkeypatch)
    with pytest.raises(WrongKey, match="not the recovery code"):
        key_changes.recover(key_of(path), codes[0], PASSPHRASE, told=codes.append)
    assert len(codes) == 2
    key_changes.recover(key_of(path), codes[1], PASSPHRASE, told=codes.append)
    assert opens(path, PASSPHRASE, monkeypatch)


def test_a_wrapped_key_moved_to_another_file_or_slot_opens_nothing(sealed: Path, tmp_path: Path) -> None:
    make_sealed(tmp_path / "other" / "journal.db")
    ours, theirs = key_of(sealed), key_of(tmp_path / "other" / "journal.db")
    assert keys.opened_by(ours, PASSPHRASE) != keys.opened_by(theirs, PASSPHRASE)
    for forged in (replace(ours, generations=theirs.generations), replace(ours, generations=(replace(ours.newest, number=2),))):
        with pytest.raises(WrongKey):
            keys.opened_by(forged, PASSPHRASE)


def test_a_key_file_that_asks_for_all_memory_is_refused(sealed: Path) -> None:
    raw = json.loads(key_beside(sealed).read_text())
    raw["keys"][0]["passphrase"]["cost"] = 30
    broken = sealed.with_name("broken.key")
    broken.write_text(json.dumps(raw))
    with pytest.raises(BadFile, match="out of bounds"):
        read_key_file(broken)


# -- another data key


def test_a_rotated_key_rewrites_both_stores_and_the_old_key_opens_neither(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 40)
        heads = journal.heads()
    Vault.open(sealed).close()
    old_key, before = key_beside(sealed).read_bytes(), sealed.read_bytes()
    codes: list[str] = []
    key_changes.rotate(key_of(sealed), PASSPHRASE, told=codes.append)
    assert len(codes) == 1
    assert opens(sealed, PASSPHRASE, monkeypatch)
    with Journal.open(sealed) as journal:
        assert journal.heads() == heads
    assert sum(a == b for a, b in zip(before, sealed.read_bytes(), strict=True)) < len(before) / 50
    new_key = key_beside(sealed).read_bytes()
    key_beside(sealed).write_bytes(old_key)
    keys.forget(key_of(sealed).database)
    with pytest.raises(BreachkitError):
        Journal.open(sealed)
    key_beside(sealed).write_bytes(new_key)


def test_a_key_is_not_rotated_while_the_journal_is_open_elsewhere(sealed: Path) -> None:
    before = key_beside(sealed).read_bytes()
    with Journal.open(sealed) as journal:
        fill(journal, 2)
        with pytest.raises(Refused, match="open in another terminal"):
            key_changes.rotate(key_of(sealed), PASSPHRASE, told=lambda _: None)
        fill(journal, 2)
    assert key_beside(sealed).read_bytes() == before


def test_a_rotation_wants_the_passphrase_in_use(sealed: Path) -> None:
    for said, error in ((OTHER, WrongKey), (None, Refused)):
        with pytest.raises(error):
            key_changes.rotate(key_of(sealed), said, told=lambda _: None)


@forks
def test_a_rotation_that_is_killed_anywhere_leaves_all_readable_and_can_be_run_again(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 120)
        heads = journal.heads()
    Vault.open(sealed).close()
    dice, halfway, stopped = random.Random(72), 0, 0
    codes = sealed.with_name("codes")

    def rotate(say: Callable[[str], None] = lambda _: None) -> None:
        key_changes.rotate(key_of(sealed), PASSPHRASE, told=lambda code: (codes.write_text(code), say(code))[1], progress=say)

    for _ in range(18):
        stopped += killed(rotate, dice.choice((0, 1, 2, 3)), dice.uniform(0, 0.006))
        halfway += len(key_of(sealed).generations) > 1
        assert opens(sealed, PASSPHRASE, monkeypatch)
        with Journal.open(sealed, read_only=True) as journal:
            assert journal.heads() == heads
        if dice.random() < 0.5:  # run again, or killed again at another point
            rotate()
            assert len(key_of(sealed).generations) == 1
    assert stopped > 5
    assert halfway > 2
    rotate()
    key_changes.recover(key_of(sealed), codes.read_text(), OTHER, told=lambda _: None)
    assert opens(sealed, OTHER, monkeypatch)


def test_the_code_shown_by_an_interrupted_rotation_recovers_both_keys(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.open(sealed) as journal:
        fill(journal, 10)
    Vault.open(sealed).close()
    codes: list[str] = []

    def stop(said: str) -> None:
        if "vault" in said:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        key_changes.rotate(key_of(sealed), PASSPHRASE, told=codes.append, progress=stop)
    assert len(key_of(sealed).generations) == 2
    forget(sealed)
    key_changes.recover(key_of(sealed), codes[0], OTHER, told=codes.append)
    assert opens(sealed, OTHER, monkeypatch)
    key_changes.rotate(key_of(sealed), OTHER, told=codes.append)
    assert len(key_of(sealed).generations) == 1
    assert opens(sealed, OTHER, monkeypatch)


# -- a plain journal encrypted


def plain_desk(path: Path) -> dict[str, tuple[int, str]]:
    with Journal.open(path) as journal:
        fill(journal, 40, 10)
        heads = journal.heads()
    Vault.open(path).close()
    return heads


def test_a_plain_journal_is_encrypted_with_every_entry_and_guard(
    path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = plain_desk(path)
    file = key_changes.make_key(key_beside(path), PASSPHRASE, keyring=False, told=lambda _: None)
    with pytest.raises(Refused, match="encrypt-existing"):
        Journal.open(path)
    left = encrypt_existing.encrypt_existing(file)
    assert [one.name for one in left] == ["journal.db.plain", "journal.db.vault.plain"]
    assert not is_plain(path)
    assert opens(path, PASSPHRASE, monkeypatch)
    with Journal.open(path) as journal:
        assert journal.heads() == heads
        assert journal.warnings == []  # no guard is missing
        fill(journal, 3)
    with Vault.open(path) as vault:
        assert vault.warnings == []
    encrypt_existing.remove_plain(left)
    assert not any(is_plain(one) for one in path.parent.iterdir())
    forget(path)


@forks
def test_a_journal_somebody_has_open_is_not_encrypted_under_their_hands(path: Path, quick: None) -> None:
    plain_desk(path)
    (ready, tell), (wait, let) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:  # another process: locks of SQLite are between processes, and the two drivers are two libraries
        os.close(let)
        with Journal.open(path) as journal:
            journal.heads()
            os.write(tell, b"1")
            os.read(wait, 1)
            fill(journal, 2)
        os._exit(0)
    os.read(ready, 1)
    file = key_changes.make_key(key_beside(path), PASSPHRASE, keyring=False, told=lambda _: None)
    with pytest.raises(Refused, match="open in another terminal"):
        encrypt_existing.encrypt_existing(file)
    os.write(let, b"1")
    assert os.waitpid(child, 0)[1] == 0
    for one in (ready, tell, wait, let):
        os.close(one)
    assert is_plain(path)
    encrypt_existing.encrypt_existing(file)
    with Journal.open(path) as journal:
        assert len(journal.incidents()) == 3
    forget(path)


@forks
def test_encrypting_that_is_killed_anywhere_loses_nothing_and_can_be_run_again(
    path: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = plain_desk(path)
    whole = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    dice, stopped = random.Random(72), 0
    monkeypatch.setenv("BREACHKIT_PASSPHRASE", PASSPHRASE)
    for number in range(8):
        desk = tmp_path / str(number) / "journal.db"
        desk.parent.mkdir(mode=0o700)
        for name, content in whole.items():
            desk.with_name(name).write_bytes(content)
            desk.with_name(name).chmod(0o600)
        file = key_changes.make_key(key_beside(desk), PASSPHRASE, keyring=False, told=lambda _: None)

        def encrypt(say: Callable[[str], None], file: KeyFile = file) -> None:
            encrypt_existing.encrypt_existing(file, progress=say)

        stopped += killed(encrypt, dice.choice((1, 2)), dice.uniform(0, 0.012))
        assert desk.exists()
        encrypt_existing.encrypt_existing(file)
        assert opens(desk, PASSPHRASE, monkeypatch)
        with Journal.open(desk) as journal:
            assert journal.heads() == heads
        forget(desk)
    assert stopped > 2


# -- between commands


@in_memory
def test_an_unlocked_key_waits_in_memory_for_its_owner_alone(
    sealed: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = key_of(sealed)
    unlocked.keep(file.database, keys.data_keys(file), 60)
    monkeypatch.delenv("BREACHKIT_PASSPHRASE")
    forget(sealed)
    with Journal.open(sealed) as journal:
        fill(journal, 2)
    kept = runtime / "breachkit" / file.database
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert 0 < (unlocked.seconds_left(file.database) or 0) <= 60
    forget(sealed)
    assert unlocked.erase(file.database)
    assert not kept.exists()
    assert not unlocked.erase(file.database)
    with pytest.raises(KeyNeeded, match="locked"):
        Journal.open(sealed)


@in_memory
def test_an_unlocked_key_ends_when_its_time_is_over(runtime: Path, quick: None) -> None:
    unlocked.keep("f" * 32, {1: bytes(32)}, -1)
    assert unlocked.kept("f" * 32) is None
    assert not (runtime / "breachkit" / ("f" * 32)).exists()


@in_memory
@pytest.mark.parametrize("how", ["file", "folder", "link", "folder link"])
def test_a_key_that_others_could_have_put_there_is_not_used(runtime: Path, quick: None, how: str) -> None:
    unlocked.keep("f" * 32, {1: bytes(32)}, 60)
    assert unlocked.kept("f" * 32) == {1: bytes(32)}
    folder, kept = runtime / "breachkit", runtime / "breachkit" / ("f" * 32)
    match how:
        case "file":
            kept.chmod(0o644)
        case "folder":
            folder.chmod(0o755)
        case "link":
            kept.rename(runtime / "elsewhere")
            kept.symlink_to(runtime / "elsewhere")
        case _:
            folder.rename(runtime / "elsewhere")
            folder.symlink_to(runtime / "elsewhere")
    assert unlocked.kept("f" * 32) is None


def test_an_unlocked_key_is_never_written_to_a_disk(tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr(unlocked, "_in_memory", lambda _device: False)
    with pytest.raises(Refused, match="never written to a disk"):
        unlocked.keep("f" * 32, {1: bytes(32)}, 60)
    assert list(folder.iterdir()) == []


def test_the_kernels_list_of_file_systems_tells_memory_from_a_disk(tmp_path: Path) -> None:
    if not Path("/proc/self/mountinfo").exists():
        pytest.skip("Linux's list of mounts")
    assert not unlocked._in_memory(Path("/proc").stat().st_dev)
    if MEMORY.is_dir():
        assert unlocked._in_memory(MEMORY.stat().st_dev)


def test_the_kernels_keyring_keeps_a_key_where_it_lets_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    database = os.urandom(16).hex()
    try:
        where = unlocked.keep(database, {1: b"k" * 32}, 60)
    except Refused as refused:
        assert "never written to a disk" in str(refused)  # noqa: PT017 - containers forbid the call
        return
    assert where == "the kernel's keyring"
    assert unlocked.kept(database) == {1: b"k" * 32}
    assert unlocked.erase(database)
    assert unlocked.kept(database) is None


class Ring:
    """A keyring that keeps what it is given, as long as the test runs."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, name: str, value: str) -> None:
        self.held[service, name] = value

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


def test_a_keyring_the_owner_chose_opens_without_a_passphrase(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    monkeypatch.setattr(system_keyring, "_backend", lambda: ring)
    path = tmp_path / "journal.db"
    codes: list[str] = []
    file = key_changes.make_key(key_beside(path), None, keyring=True, told=codes.append)
    path.touch(mode=0o600)
    with Journal.open(path) as journal:
        fill(journal, 3)
    forget(path)
    with Journal.open(path) as journal:
        assert journal.head("INC-1")[0] == 3
    key_changes.rotate(key_of(path), None, told=codes.append)
    forget(path)
    with Journal.open(path) as journal:
        assert journal.head("INC-1")[0] == 3
    forget(path)
    ring.held.clear()
    with pytest.raises(KeyNeeded):
        Journal.open(path)
    key_changes.recover(key_of(path), codes[-1], OTHER, told=codes.append)
    monkeypatch.setattr(system_keyring, "_backend", lambda: None)
    Vault.open(path).close()
    assert opens(path, OTHER, monkeypatch)
    forget(path)
    assert system_keyring.get(file.database) is None


def test_a_keyring_that_keeps_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    from keyring.backends import fail, null

    for backend in (fail.Keyring(), null.Keyring()):
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert not system_keyring.available()
        with pytest.raises(Refused, match="no system keyring"):
            system_keyring.put("f" * 32, {1: bytes(32)})


def test_a_passphrase_in_a_file_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "words"
    file.write_text(f"{PASSPHRASE}\nnot this line\n")
    file.chmod(0o640)
    monkeypatch.setenv("BREACHKIT_PASSPHRASE_FILE", str(file))
    with pytest.raises(Refused, match="can be read by others"):
        keys.said_passphrase()
    file.chmod(0o600)
    assert keys.said_passphrase() == PASSPHRASE


def test_a_person_at_the_terminal_has_three_tries(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BREACHKIT_PASSPHRASE")
    monkeypatch.setattr(keys, "can_ask", lambda: True)
    for typed, right in ((["no", "nor this", PASSPHRASE], True), (["a", "b", "c", PASSPHRASE], False)):
        answers = iter(typed)
        monkeypatch.setattr(keys, "ask", lambda _prompt, answers=answers: next(answers))
        forget(sealed)
        if right:
            Journal.open(sealed, read_only=True).close()
        else:
            with pytest.raises(WrongKey):
                Journal.open(sealed, read_only=True)
