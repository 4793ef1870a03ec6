"""Starting a journal, plain or encrypted, and the life of its key: unlocked, locked, changed, recovered, replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breachkit.errors import Refused, UsageError
from breachkit.storage import cipher, key_changes, keys, system_keyring, unlocked
from breachkit.storage import encrypt_existing as existing
from breachkit.storage.database import is_postgresql
from breachkit.storage.files import create_file, is_plain, key_beside, key_file_of, locate, make_folder
from breachkit.storage.journal import Journal
from breachkit.storage.keyfile import KeyFile, read_key_file
from breachkit.storage.vault import Vault
from breachkit.workflow.workspace import Workspace

Told = Callable[[str], None]
Said = Callable[[], str | None]
"""Gives a new passphrase when it is needed; None: nobody wants one."""


@dataclass(frozen=True)
class Status:
    """How a journal's key stands."""

    path: Path
    key_file: Path | None
    """None: the journal is plain."""
    file: KeyFile | None
    unlocked_for: int | None
    """Seconds; None when no session keeps the key."""

    def as_json(self) -> dict[str, Any]:
        """For `key status --json`."""
        file = self.file
        return {
            "database": str(self.path),
            "encrypted": file is not None,
            "key_file": None if self.key_file is None else str(self.key_file),
            "id": None if file is None else file.database,
            "opens_with": [] if file is None else ways_in(file),
            "unlocked_seconds": self.unlocked_for,
            "rotation_unfinished": file is not None and len(file.generations) > 1,
        }


def ways_in(file: KeyFile) -> list[str]:
    """What opens a key file."""
    ways = ["passphrase"] if file.newest.passphrase is not None else []
    return [*ways, "recovery code", *(["keyring"] if file.keyring else [])]


def start(space: Workspace, *, encrypted: bool, keyring: bool, passphrase: Said, told: Told) -> tuple[str, list[str]]:
    """An empty journal where there is none; its place, and what its owner should hear. Refused where there is one."""
    if is_postgresql(space.where):
        if encrypted:
            raise UsageError(
                "on PostgreSQL the disk is for the server's administrator to encrypt; --encrypted is for a journal in a file"
            )
        with Journal.open(space.where) as journal, Vault.open(space.where) as vault:
            return journal.place, [*journal.warnings, *vault.warnings]
    path = locate(space.where)
    if path.exists() and path.stat().st_size:
        hint = "; `breachkit init --encrypt-existing` encrypts it" if is_plain(path) and encrypted else ""
        raise Refused(f"there is a journal at {path} already{hint}. Nothing was changed")
    if encrypted:
        cipher.driver()  # before a key is made and a code shown that would open nothing
        key_file = key_beside(path)
        make_folder(key_file.parent)
        if not key_file.exists():
            key_changes.make_key(key_file, passphrase(), keyring=keyring, told=told)
        elif not path.exists():
            raise Refused(f"{key_file} is there, but not {path}. Put that back, or move the key file away if nothing needs it")
    if not path.exists():
        create_file(path)
    with Journal.open(path) as journal:
        return journal.place, journal.warnings


def encrypt(
    space: Workspace, *, keyring: bool, passphrase: Said, told: Told, remove_plain: bool, progress: Callable[[str], None]
) -> list[Path]:
    """Encrypt a plain journal and its vault; the plain files that are left. May be run again after an interruption."""
    path = _file_of(space)
    key_file = key_beside(path)
    if not path.exists() or (not is_plain(path) and not key_file.exists()):
        raise Refused(f"there is no plain journal at {path}")
    if key_file.exists():
        file = read_key_file(key_file)
    else:
        cipher.driver()
        Journal.open(path, create=False).close()  # upgraded first, and its log put away
        file = key_changes.make_key(key_file, passphrase(), keyring=keyring, told=told)
    left = existing.encrypt_existing(file, progress=progress)
    if remove_plain:
        existing.remove_plain(left)
        return []
    return left


def status(space: Workspace) -> Status:
    """How the key stands. Asks nobody for anything."""
    path = _file_of(space)
    if not path.exists():
        raise UsageError(f"there is no journal at {path}; `breachkit init --encrypted` starts one")
    key_file = key_file_of(path)
    if key_file is None:
        return Status(path, None, None, None)
    file = read_key_file(key_file)
    return Status(path, key_file, file, unlocked.seconds_left(file.database))


def unlock(space: Workspace, seconds: int) -> str:
    """Keep the key in memory for so long; where, in words. The passphrase is asked for, or read from where it is said."""
    file = _key(space)
    found = keys.data_keys(file)
    with Journal.open(_file_of(space), read_only=True):  # a key that opens nothing is not kept
        return unlocked.keep(file.database, found, seconds)


def open_with(space: Workspace, passphrase: str) -> None:
    """Hold what a passphrase opens for the rest of this command. WrongKey when it opens nothing."""
    file = _key(space)
    keys.hold(file, keys.opened_by(file, passphrase))


def lock(space: Workspace) -> bool:
    """Take the key out of memory. Whether it was there."""
    file = _key(space)
    keys.forget(file.database)
    return unlocked.erase(file.database)


def change(space: Workspace, present: Said, new: Callable[[], str]) -> None:
    """Another passphrase, or a first one where only the keyring opened it. `present` is asked for the one in use."""
    file = _key(space)
    if file.newest.passphrase is not None and (said := present()) is not None:
        keys.hold(file, keys.opened_by(file, said))
    key_changes.change_passphrase(file, new())


def recover(space: Workspace, code: str, passphrase: str, *, told: Told) -> None:
    """Another passphrase and another recovery code, with the old code."""
    key_changes.recover(_key(space), code, passphrase, told=told)


def rotate(space: Workspace, passphrase: Said, *, told: Told, progress: Callable[[str], None]) -> None:
    """Another data key; journal and vault are written anew."""
    file = _key(space)
    said = passphrase() if file.newest.passphrase is not None else None
    if said is not None:
        keys.hold(file, keys.opened_by(file, said))
    key_changes.rotate(file, said, told=told, progress=progress)


def add_keyring(space: Workspace) -> None:
    """Let the system's keyring keep the data key too."""
    key_changes.use_keyring(_key(space))


def before_screens(space: Workspace) -> None:
    """Ask for a passphrase now if one is needed; once a screen is drawn nobody can be asked."""
    if not is_postgresql(space.where):
        key_file = key_file_of(locate(space.where))
        if key_file is not None and key_file.exists():
            keys.data_keys(read_key_file(key_file))
    keys.never_ask()


def keyring_here() -> bool:
    """Whether this system has a keyring that keeps secrets."""
    return system_keyring.available()


def _file_of(space: Workspace) -> Path:
    if is_postgresql(space.where):
        raise UsageError("keys are for a journal in a file; a PostgreSQL server has its own")
    return locate(space.where)


def _key(space: Workspace) -> KeyFile:
    path = _file_of(space)
    key_file = key_file_of(path)
    if key_file is None:
        raise Refused(f"{path} is not encrypted; `breachkit init --encrypt-existing` encrypts it")
    return read_key_file(key_file)
