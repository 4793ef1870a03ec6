"""Copies of journal and vault as they stood at one moment, in one file, while others go on writing.

A back-up is as closed as what it is of: an encrypted journal is copied page by page under its own key and travels with its
wrapped key file; a plain one is plain. What is in a back-up and whether it is whole is read in `backup_file.py`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from breachkit.errors import JournalDamaged, Refused
from breachkit.storage.backup_file import FORMAT, JOURNAL_NAME, KEY_NAME, MANIFEST_NAME, VAULT_NAME, seal_of
from breachkit.storage.cipher import empty_copy
from breachkit.storage.database import is_postgresql
from breachkit.storage.files import OWNER_ONLY_FOLDER, create_file, key_file_of, locate
from breachkit.storage.journal import Journal
from breachkit.storage.keyfile import read_key_file, sync_folder
from breachkit.storage.keys import data_keys
from breachkit.storage.sqlite import connect, plainly
from breachkit.storage.vault import Vault, vault_path

Progress = Callable[[str], None]
_PAGES: Final = 4096
"""Copied between two looks at the clock: 16 MiB."""
_ATTEMPTS: Final = 200


def back_up(where: str, out: Path, *, made_at: datetime, program: str, progress: Progress) -> dict[str, Any]:
    """Write a back-up; its manifest. Refused when `out` is there, JournalDamaged when what would be copied is not whole."""
    if out.exists() or out.is_symlink():
        raise Refused(f"{out} is there already; a back-up never replaces another. Give it a name of its own")
    if not out.parent.is_dir():
        raise Refused(f"{out.parent} is no folder; make it first")
    with workplace(out) as folder:
        if is_postgresql(where):
            from breachkit.storage.backup_rows import copy_server

            copy_server(where, folder, progress)
        else:
            _copy_files(locate(where), folder, progress)
        manifest = _manifest(folder, made_at, program, "postgresql" if is_postgresql(where) else "sqlite")
        progress("the copies are put into one file")
        _pack(folder, manifest, out, made_at)
    return manifest


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """A private folder where the file will lie, so that it is on the same disk; what a killed run left is removed."""
    for left in out.parent.glob(f".{out.name}.*.part"):
        number = left.name.removesuffix(".part").rpartition(".")[2]
        if number.isdecimal() and _left_behind(left, int(number)):
            shutil.rmtree(left, ignore_errors=True)
    folder = out.with_name(f".{out.name}.{os.getpid()}.part")
    folder.mkdir(mode=OWNER_ONLY_FOLDER)
    held = _hold(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def _left_behind(folder: Path, number: int) -> bool:
    """Whether nobody works in it any more. A number alone would not tell: after a restart another process has it."""
    if sys.platform == "win32":
        return not _alive(number)
    held = _hold(folder)
    if held is not None:
        os.close(held)
    return held is not None


def _hold(folder: Path) -> int | None:
    """What holds the folder until it is closed; None when another process holds it, or where folders cannot be held."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _copy_files(path: Path, folder: Path, progress: Progress) -> None:
    with Journal.open(path, read_only=True, create=False) as journal:
        if journal.damaged:
            raise JournalDamaged(f"a damaged journal is not backed up as if it were whole: {journal.damaged}")
    key_file = key_file_of(path)
    vault = vault_path(path)
    sources = [(path, folder / JOURNAL_NAME)] + ([(vault, folder / VAULT_NAME)] if vault.exists() else [])
    if key_file is not None:  # before anything of it is copied: the copies are made under the key that it holds
        shutil.copyfile(key_file, create(folder / KEY_NAME))
    with plainly(path), _snapshot([source for source, _ in sources]) as connections:
        for connection, (source, target) in zip(connections, sources, strict=True):
            with closing(empty_copy(create(target), source, key_file)) as copy:
                connection.backup(copy, pages=_PAGES, progress=_said(source.name, progress))


def create(path: Path) -> Path:
    """An empty file for its owner alone."""
    create_file(path)
    return path


def _said(name: str, progress: Progress) -> Callable[[int, int, int], None]:
    def said(_status: int, left: int, total: int) -> None:
        if total > _PAGES:
            progress(f"{name}: {100 * (total - left) // total} %")

    return said


@contextmanager
def _snapshot(paths: list[Path]) -> Iterator[list[sqlite3.Connection]]:
    """A reading transaction on each file, all of one moment of the journal; writers go on beside it.

    The order matters if it is not one moment: journal first, vault after it. An envelope is `sent` in the vault before the
    journal tells of it, so a vault that is newer proves all that the journal claims and no letter goes out twice after a
    restore; a vault that is older would have `queued` what was sent. The one thing a newer vault could hold too much is a
    release that the journal does not tell yet: so the journal is looked at again, and both are begun anew if it moved.
    """
    connections = [connect(path, "ro") for path in paths]
    watcher = connect(paths[0], "ro")
    try:
        for _ in range(_ATTEMPTS):
            version = watcher.execute("PRAGMA data_version").fetchone()
            for connection in connections:
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if watcher.execute("PRAGMA data_version").fetchone() == version:
                break
            for connection in connections:
                connection.execute("ROLLBACK")
        else:
            for connection in connections:
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield connections
    finally:
        for connection in (*connections, watcher):
            connection.close()


def _manifest(folder: Path, made_at: datetime, program: str, dialect: str) -> dict[str, Any]:
    """What the copies hold, asked of the copies themselves."""
    path = folder / JOURNAL_NAME
    with Journal.open(path, read_only=True, create=False) as journal:
        if journal.damaged:
            raise JournalDamaged(f"the copy is not whole: {journal.damaged}")
        heads = journal.heads()
    with plainly(path), closing(connect(path, "ro")) as connection:
        schema = {"journal": connection.execute("PRAGMA user_version").fetchone()[0], "vault": None}
    envelopes = None
    if (folder / VAULT_NAME).exists():
        with Vault.open(path, read_only=True) as vault:
            envelopes = vault.database.rows("SELECT count(*) FROM envelope")[0][0]
        with plainly(path), closing(connect(folder / VAULT_NAME, "ro")) as connection:
            schema["vault"] = connection.execute("PRAGMA user_version").fetchone()[0]
    names = [name for name in (JOURNAL_NAME, VAULT_NAME, KEY_NAME) if (folder / name).exists()]
    encrypted = KEY_NAME in names
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "program": program,
        "dialect": dialect,
        "encrypted": encrypted,
        "schema": schema,
        "files": {name: {"size": (folder / name).stat().st_size, "sha256": _hashed(folder / name)} for name in names},
        "heads": {incident: [seq, digest] for incident, (seq, digest) in heads.items()},
        "entries": sum(seq for seq, _ in heads.values()),
        "envelopes": envelopes,
    }
    if encrypted:
        file = read_key_file(folder / KEY_NAME)
        manifest["seal"] = seal_of(manifest, data_keys(file)[file.newest.number], file.database)
    return manifest


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(folder: Path, manifest: dict[str, Any], out: Path, made_at: datetime) -> None:
    part = create(folder / "whole.tar")
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode() + b"\n"
    with part.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.addfile(_member(MANIFEST_NAME, len(text), made_at), io.BytesIO(text))
            for name in manifest["files"]:
                with (folder / name).open("rb") as content:
                    tar.addfile(_member(name, manifest["files"][name]["size"], made_at), content)
                (folder / name).unlink()
        file.flush()
        os.fsync(file.fileno())
    publish(part, out)


def publish(part: Path, out: Path) -> None:
    """Give a finished file its name, never over another one."""
    try:
        os.link(part, out)
    except FileExistsError:
        raise Refused(f"{out} is there already; it was not replaced") from None
    except OSError:  # a disk that knows no second names, such as a USB stick's
        if out.exists():
            raise Refused(f"{out} is there already; it was not replaced") from None
        os.replace(part, out)
    sync_folder(out.parent)


def _member(name: str, size: int, made_at: datetime) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(made_at.timestamp())
    return info
