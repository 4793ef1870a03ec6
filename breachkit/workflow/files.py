"""Writing what a person asked for to a file: whole or not at all, for the owner alone, never over another file by accident."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from breachkit.errors import Refused


def write_new(path: Path, content: str | bytes, *, force: bool = False) -> None:
    """Write a file. Refused when it is there and `force` is not said, and when it is a symbolic link."""
    if path.is_symlink():
        raise Refused(f"{path} is a symbolic link; name the file itself")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; --force replaces it, or name another file")
    raw = content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise Refused(f"{path} could not be written: {problem.strerror or problem}") from problem
