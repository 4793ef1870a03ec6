"""Writing what a person asked for to a file: whole or not at all, for the owner alone, never over another file by accident."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from breachkit.errors import Refused


def private_folder(path: Path) -> None:
    """Make a folder and what is missing above it, each for its owner alone whatever the umask; one that is there stays."""
    for folder in reversed([one for one in (path, *path.parents) if not one.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)


def write_new(path: Path, content: str | bytes, *, force: bool = False) -> None:
    """Write a file. Refused when it is there and `force` is not said, and when it is a symbolic link."""
    if path.is_symlink():
        raise Refused(f"{path} is a symbolic link; name the file itself")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; --force replaces it, or name another file")
    raw = content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        private_folder(path.parent)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        _put(beside, path, force=force)
    except OSError as problem:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise Refused(f"{path} could not be written: {problem.strerror or problem}") from problem


def _put(beside: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name. Without `force` a file that appeared there meanwhile stays; Refused then."""
    if not force:
        try:
            os.link(beside, path)
        except FileExistsError as problem:
            beside.unlink()
            raise Refused(f"{path} is there already; --force replaces it, or name another file") from problem
        except OSError:
            pass  # a file system without links: what is left is to look first, as was done
        else:
            beside.unlink()
            return
    os.replace(beside, path)
