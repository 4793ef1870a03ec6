"""Encrypted journals for tests: a passphrase that costs nothing to try, and an empty journal to copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from breachkit.storage import key_changes, keyfile, keys
from breachkit.storage.cipher import open_raw, raw_keys
from breachkit.storage.files import create_file, key_beside, key_file_of
from breachkit.storage.journal import Journal

from .stores import FileStore

PASSPHRASE = "several words that are no sentence"
QUICK = 4
"""log2 of scrypt's N: what a test waits for is never the stretching."""


def make_sealed(path: Path, passphrase: str = PASSPHRASE) -> str:
    """An empty encrypted journal; its recovery code. Nothing of its key stays in this process."""
    codes: list[str] = []
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "COST", QUICK)
        file = key_changes.make_key(key_beside(path), passphrase, keyring=False, told=codes.append)
    create_file(path)
    Journal.open(path).close()
    keys.forget(file.database)
    return codes[0]


def forget(path: Path) -> None:
    """As in a new process: no key is known."""
    keys.forget(keyfile.read_key_file(key_beside(path)).database)


class CipherStore(FileStore):
    """An SQLCipher file beside its key file; the passphrase is in the environment, for child processes too."""

    def connect(self):  # type: ignore[no-untyped-def] # a driver of its own with the face of sqlite3's
        path = Path(self.where)
        key_file = key_file_of(path)
        assert key_file is not None
        return open_raw(f"{path.as_uri()}?mode=rw", raw_keys(path, keyfile.read_key_file(key_file))[0])


@pytest.fixture(scope="session")
def empty_sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, closed, encrypted journal; copy it with its key file, do not open it."""
    path = tmp_path_factory.mktemp("sealed") / "journal.db"
    make_sealed(path)
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost nothing, and none is known from elsewhere."""
    monkeypatch.setattr(keyfile, "COST", QUICK)
    for name in ("BREACHKIT_PASSPHRASE", "BREACHKIT_PASSPHRASE_FILE", "BREACHKIT_KEY_FILE", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("breachkit.storage.unlocked._call", lambda *_: -1)  # the kernel's keyring belongs to who runs the tests


@pytest.fixture
def sealed(empty_sealed: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty encrypted journal's file, closed; its passphrase in the environment."""
    path = tmp_path / "journal.db"
    for name in ("journal.db", "journal.db.key"):
        shutil.copy(empty_sealed.with_name(name), tmp_path / name)
    monkeypatch.setenv("BREACHKIT_PASSPHRASE", PASSPHRASE)
    yield path
    forget(path)
