"""A sender's own note of what it hands over and what servers reply, written at once; it settles what a crash leaves in doubt.

A line is written before a message is handed over and another when its reply came, straight to the system, so that a killed
process loses neither. A power cut may: a log of another boot proves what it says, and nothing by what it does not say.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, get_args

from breachkit.domain.envelope import Outcome, Result
from breachkit.errors import Refused

_ENDING: Final = ".replies"
_RESULTS: Final[dict[str, Result]] = {result: result for result in get_args(Result)}
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class ReplyLog:
    """The log of one sender, which holds it until it closes: whose log nobody holds is dead."""

    def __init__(self, folder: Path, sender: str) -> None:
        """Begin a new one in a folder that is held."""
        self.path = folder / f"{sender}{_ENDING}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        self._file = os.open(self.path, flags, 0o600)
        _lock(self._file)
        self._write({"boot": _boot()})

    def begun(self, n: int) -> None:
        """Said before the first byte of a message leaves."""
        os.write(self._file, b"%d\n" % n)

    def replied(self, n: int, outcome: Outcome, at: str) -> None:
        """Said when its fate is known."""
        self._write([n, outcome.envelope, outcome.result, outcome.code, outcome.reply, outcome.server, at])

    def close(self, *, settled: bool) -> None:
        """Let go of it; taken away when everything in it is in the database."""
        if settled:
            with contextlib.suppress(OSError):
                self.path.unlink()
        os.close(self._file)

    def _write(self, what: object) -> None:
        os.write(self._file, json.dumps(what, ensure_ascii=True).encode() + b"\n")


class Left:
    """What a dead sender's log says."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.sender = path.name.removesuffix(_ENDING)
        self.begun: set[int] = set()
        self.replies: dict[int, tuple[Outcome, str]] = {}
        """By an envelope's number: what was replied, and when (RFC 3339)."""
        self.complete = False
        """Whether what it does not say did not happen: it is of this boot of this machine."""
        self._descriptor = descriptor
        for line in path.read_bytes().split(b"\n")[:-1]:
            with contextlib.suppress(ValueError, TypeError):  # a line that a full disk cut short proves nothing
                self._read(json.loads(line))

    def _read(self, line: Any) -> None:
        match line:
            case {"boot": str(boot)}:
                self.complete = bool(boot) and boot == _boot()
            case int(n):
                self.begun.add(n)
                self.replies.pop(n, None)  # tried again: what was replied then says nothing of this time
            case [int(n), str(envelope), str(result), code, str(reply), str(server), str(at)] if result in _RESULTS:
                self.begun.add(n)
                self.replies[n] = (
                    Outcome(envelope, _RESULTS[result], code if isinstance(code, int) else None, reply, server),
                    at,
                )
            case _:
                self.complete = False

    def done(self) -> None:
        """What it says is in the database: take it away."""
        self.path.unlink(missing_ok=True)


@contextmanager
def hold(folder: Path, *, alone: bool) -> Iterator[bool]:
    """Hold the senders' folder, which is made for its owner alone. False when it is to be held alone and another holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink():
        raise Refused(f"{folder} is a symbolic link; replies of servers are noted in a folder itself")
    if not alone:
        yield True
        return
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)  # which also lets go of the lock


def left_behind(folder: Path) -> Iterator[Left]:
    """The logs nobody holds any more, each held while it is looked at."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.glob(f"*{_ENDING}")):
        if path.is_symlink():
            continue
        try:
            descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            continue
        try:
            if _lock(descriptor):
                yield Left(path, descriptor)
        finally:
            os.close(descriptor)


def _boot() -> str:
    """What names this boot of this machine; empty where nothing does."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""


def _lock(descriptor: int) -> bool:
    """Hold the file; False when another process does."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
