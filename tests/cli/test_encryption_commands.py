"""An encrypted journal from the command line: started, unlocked, changed, recovered, backed up and tried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.storage import cipher, keyfile, keys
from breachkit.storage.files import is_plain, key_beside

from .conftest import Run

PASSPHRASE, OTHER = "several words that are no sentence", "another few words of no sentence"


def words(tmp_path: Path, text: str, name: str = "words") -> Path:
    file = tmp_path / name
    file.write_text(text + "\n")
    file.chmod(0o600)
    return file


@pytest.fixture(autouse=True)
def nobody_unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost nothing to try, and no key is known from elsewhere."""
    monkeypatch.setattr(keyfile, "COST", 4)
    monkeypatch.setattr(keys, "_held", {})
    monkeypatch.setattr("breachkit.storage.unlocked._call", lambda *_: -1)
    for name in ("BREACHKIT_PASSPHRASE", "BREACHKIT_PASSPHRASE_FILE", "BREACHKIT_KEY_FILE", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sealed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """An encrypted journal started by its command, and its recovery code."""
    path = tmp_path / "desk" / "sealed.db"
    monkeypatch.setenv("BREACHKIT_DATABASE", str(path))
    code = run("init", "--encrypted", "--passphrase-file", words(tmp_path, PASSPHRASE)).out.strip()
    keys._held.clear()
    return path, code


def test_init_prints_the_recovery_code_alone_on_stdout(sealed: tuple[Path, str], run: Run) -> None:
    path, code = sealed
    assert len(code.split("-")) == 9
    assert not is_plain(path)
    shown = run("key", "status", "--json").json
    assert (shown["encrypted"], shown["opens_with"]) == (True, ["passphrase", "recovery code"])
    assert "there is a journal" in run("init", "--encrypted", code=4).err


@pytest.mark.parametrize("how", ["--encrypted", "--encrypt-existing"])
def test_without_the_driver_no_key_is_made_and_no_code_is_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    path = tmp_path / "new" / "sealed.db"
    if how == "--encrypt-existing":
        run("init", "--database", path)
    monkeypatch.setattr(cipher, "_DRIVER", "no_such_driver")
    ran = run("init", how, "--passphrase-file", words(tmp_path, "a long passphrase"), "--database", path, code=4)
    assert (ran.out, "breachkit[cipher]" in ran.err) == ("", True)
    assert not key_beside(path).exists()
    assert path.exists() == (how == "--encrypt-existing")


def test_init_without_encryption_makes_a_plain_journal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new" / "plain.db"
    assert "ready" in run("init", "--database", path).err
    assert is_plain(path)
    assert "is not encrypted" in run("key", "status", "--database", path).out


def test_a_locked_journal_says_how_to_unlock_it_and_a_server_names_a_file(
    sealed: tuple[Path, str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = run("incident", "list", code=4)
    assert "breachkit key unlock" in locked.err
    assert "BREACHKIT_PASSPHRASE_FILE" in locked.err
    monkeypatch.setenv("BREACHKIT_PASSPHRASE_FILE", str(words(tmp_path, PASSPHRASE)))
    run("incident", "open", "Nobody else shall read this")
    assert "Nobody else" in run("incident", "list").out


def test_a_passphrase_is_no_option(run: Run) -> None:
    for command in (("init",), ("key", "unlock"), ("key", "change"), ("key", "recover"), ("key", "rotate")):
        assert "--passphrase " not in run(*command, "--help").out.replace("--passphrase-file", "")


def test_the_passphrase_is_changed_and_recovered(sealed: tuple[Path, str], run: Run, tmp_path: Path) -> None:
    _, code = sealed
    now, new = words(tmp_path, PASSPHRASE), words(tmp_path, OTHER, "new")
    assert "not the passphrase" in run("key", "change", "--passphrase-file", new, "--new-passphrase-file", new, code=4).err
    run("key", "change", "--passphrase-file", now, "--new-passphrase-file", new)
    keys._held.clear()
    paper = words(tmp_path, code.lower(), "paper")
    again = run("key", "recover", "--code-file", paper, "--new-passphrase-file", now).out.strip()
    assert again != code
    rotated = run("key", "rotate", "--passphrase-file", now)
    assert rotated.out.strip() not in (code, again)
    keys._held.clear()
    assert "not the recovery code" in run("key", "recover", "--code-file", paper, "--new-passphrase-file", now, code=4).err


def test_unlocking_without_memory_to_keep_a_key_in_is_refused(sealed: tuple[Path, str], run: Run, tmp_path: Path) -> None:
    file = words(tmp_path, PASSPHRASE)
    assert "never written to a disk" in run("key", "unlock", "--passphrase-file", file, code=4).err
    assert "from 1m to 7d" in run("key", "unlock", "--for", "8 weeks", code=3).err
    assert "it was not unlocked" in run("key", "lock").err


def test_a_plain_journal_is_encrypted_in_place(
    run: Run, incident: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = run("journal", "show", incident).out
    file = words(tmp_path, PASSPHRASE)
    told = run("init", "--encrypt-existing", "--passphrase-file", file)
    assert "still in the clear" in told.err
    monkeypatch.setenv("BREACHKIT_PASSPHRASE_FILE", str(file))
    assert run("journal", "show", incident).out == shown
    gone = run("init", "--encrypt-existing", "--remove-plain")
    assert "cannot be reached" in gone.err
    assert not any(is_plain(one) for one in (tmp_path / "run").iterdir())


def test_a_backup_is_tried_out_against_the_live_journal(run: Run, incident: str, tmp_path: Path) -> None:
    made = run("backup", "--out", tmp_path / "b.tar", "--json")
    assert "not encrypted" in made.err
    run("fact", "set", incident, "breach.public=no")
    tried = run("restore", tmp_path / "b.tar", "--verify", "--json").json
    assert (tried["ok"], tried["entries"]) == (True, made.json["entries"])
    assert tried["newer_entries"] > 0
    assert "every chain holds" in run("restore", tmp_path / "b.tar", "--verify").out
    run("restore", tmp_path / "b.tar", "--to", tmp_path / "house" / "x.db")
    assert "every chain holds" in run("journal", "verify", "--database", tmp_path / "house" / "x.db").out
    assert "never restored over" in run("restore", tmp_path / "b.tar", "--to", tmp_path / "house" / "x.db", code=4).err
    assert "pg_dump" in run("restore", tmp_path / "b.tar", "--to", "postgresql://db/journal", code=2).err
    run("restore", tmp_path / "b.tar", code=2)


def test_a_live_journal_that_lost_what_the_backup_holds_is_a_finding(run: Run, incident: str, tmp_path: Path) -> None:
    run("backup", "--out", tmp_path / "b.tar")
    other = tmp_path / "other.db"
    run("incident", "open", "Somebody else's", "--database", other)
    tried = run("restore", tmp_path / "b.tar", "--verify", "--database", other, code=4)
    assert "does not hold what the back-up holds" in tried.err


def test_an_encrypted_backup_opens_with_the_passphrase_it_was_made_under(
    sealed: tuple[Path, str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, new = words(tmp_path, PASSPHRASE), words(tmp_path, OTHER, "new")
    monkeypatch.setenv("BREACHKIT_PASSPHRASE_FILE", str(file))
    run("incident", "open", "Nobody else shall read this")
    assert "not encrypted" not in run("backup", "--out", tmp_path / "b.tar").err
    assert b"Nobody else" not in (tmp_path / "b.tar").read_bytes()
    run("key", "rotate")
    run("key", "change", "--new-passphrase-file", new)
    keys._held.clear()
    run("restore", tmp_path / "b.tar", "--to", tmp_path / "house" / "x.db")
    assert key_beside(tmp_path / "house" / "x.db").exists()
    assert "Nobody else" in run("incident", "list", "--database", tmp_path / "house" / "x.db").out
