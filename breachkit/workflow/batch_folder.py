"""A batch's folder: for its owner alone, held by one command at a time, and never somebody else's."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from breachkit.errors import Refused
from breachkit.storage.batches import NAME
from breachkit.workflow.files import private_folder

FOLDERS: Final = ("letters", ".parts")
_LOCK, _WRITING = ".lock", ".writing"
_PATIENCE = 60.0


def prepare(folder: Path) -> None:
    """Make the folder, or make sure that only a batch lies in it. Refused for links and for a folder with other files."""
    for path in (folder, *(folder / name for name in (*FOLDERS, _LOCK, _WRITING))):
        if path.is_symlink():
            raise Refused(f"{path} is a symbolic link; letters are written only to a folder itself")
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file; give the batch a folder")
    if folder.is_dir() and not (folder / NAME).exists() and not _is_ours(folder):
        raise Refused(f"{folder} holds other files; give the batch a folder of its own")
    private_folder(folder)
    _for_owner(folder)
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700, exist_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a stopped run left half written."""
    for inner in (folder, *(folder / name for name in FOLDERS)):
        for path in inner.glob(".*.part"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder: no other command writes to it meanwhile. Refused when one does."""
    with _locked(folder / _LOCK, shared=False, patience=0.0) as mine:
        if not mine:
            raise Refused(f"another command is writing the batch in {folder}; wait for it, or give this one another folder")
        with _locked(folder / _WRITING, shared=False, patience=_PATIENCE) as quiet:  # processes of a run that was killed
            if not quiet:
                raise Refused(f"processes of a stopped batch still write to {folder}; wait until they are gone")
        yield


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say, as a process that writes chunks, that one is at it."""
    with _locked(folder / _WRITING, shared=True, patience=_PATIENCE):
        yield


@contextmanager
def _locked(path: Path, *, shared: bool, patience: float) -> Iterator[bool]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        yield _lock(descriptor, shared, patience)
    finally:
        os.close(descriptor)  # which also lets go of the lock


def _lock(descriptor: int, shared: bool, patience: float) -> bool:
    if sys.platform == "win32":
        return True  # no locks that many may share; a file in use cannot be replaced there anyway
    import fcntl

    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return True
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)


def _is_ours(folder: Path) -> bool:
    """Whether nothing lies in it but what a batch that was stopped at once left there."""
    return all(
        one.name in (_LOCK, _WRITING) or (one.name in FOLDERS and one.is_dir() and not any(one.iterdir()))
        for one in folder.iterdir()
    )


def _for_owner(folder: Path) -> None:
    """No other user reads letters. Refused for a folder that belongs to somebody else."""
    if sys.platform == "win32":
        return
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise Refused(f"{folder} belongs to somebody else; give the batch a folder of your own")
    if stat.S_IMODE(found.st_mode) & 0o077:
        with contextlib.suppress(OSError):
            folder.chmod(0o700)
