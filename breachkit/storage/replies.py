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
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))
_RESULTS: Final[dict[str, Result]] = {result: result for result in get_args(Result)}
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class ReplyLog:
    """The log of one sender, which holds it until it closes: whose log nobody holds is dead."""

    def __init__(self, folder: Path, sender: str) -> None:
        """Begin a new one in a folder that is held."""
        self.path = folder / f"{sender}{_ENDING}"
        self._sound = True
        self._file = _held_file(self.path)
        try:
            self._write(_line({"boot": _boot()}))
        except BaseException:
            os.close(self._file)
            raise

    def begun(self, n: int, attempt: int) -> None:
        """Said before the first byte of a message leaves. Refused when it cannot be noted: then nothing may leave."""
        self._write(b"[%d,%d]\n" % (n, attempt))

    def replied(self, n: int, attempt: int, outcome: Outcome, at: str) -> None:
        """Said when its fate is known. Refused when it cannot be noted."""
        self._write(_line([n, attempt, outcome.envelope, outcome.result, outcome.code, outcome.reply, outcome.server, at]))

    def close(self, *, settled: bool) -> None:
        """Let go of it; taken away when everything in it is in the database."""
        _let_go(self._file, self.path if settled else None)

    def _write(self, line: bytes) -> None:
        """After a line that a full disk cut short no other may follow: the two would read as one."""
        why = "an earlier line could not be written"
        if self._sound:
            self._sound = False
            try:
                if os.write(self._file, line) == len(line):
                    self._sound = True
                    return
                why = "the disk is full"
            except OSError as problem:
                why = str(problem.strerror or problem)
        raise Refused(f"{self.path} cannot be written ({why}), and nothing is sent that is not noted there")


class Left:
    """What a dead sender's log says."""

    def __init__(self, sender: str, content: bytes) -> None:
        self.sender = sender
        self.begun: dict[int, int] = {}
        """By an envelope's number: its last attempt that was begun."""
        self.replies: dict[int, tuple[int, Outcome, str]] = {}
        """By an envelope's number: of which attempt, what was replied, and when (RFC 3339)."""
        self.complete = False
        """Whether what it does not say did not happen: it is of this boot of this machine."""
        self.over = False
        """Whether all it says is in the database, so that it may go."""
        sound = True
        for line in content.split(b"\n")[:-1]:  # what has no end was never said: its message did not leave
            try:
                self._read(json.loads(line))
            except (ValueError, TypeError, KeyError):  # no line of ours
                sound = False
        self.complete = self.complete and sound

    def _read(self, line: Any) -> None:
        match line:
            case {"boot": str(boot)}:
                self.complete = bool(boot) and boot == _boot()
            case [int(n), int(attempt)]:
                self.begun[n] = attempt
                self.replies.pop(n, None)  # tried again: what was replied then says nothing of this time
            case [int(n), int(attempt), str(envelope), str(result), code, str(reply), str(server), str(at)]:
                known = code if isinstance(code, int) else None
                self.begun[n] = attempt
                self.replies[n] = (attempt, Outcome(envelope, _RESULTS[result], known, reply, server), at)
            case _:
                raise ValueError(line)


@contextmanager
def hold(folder: Path, *, alone: bool) -> Iterator[bool]:
    """Hold the senders' folder, which is made for its owner alone. False when it is to be held alone and another holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink():
        raise Refused(f"{folder} is a symbolic link; replies of servers are noted in a folder itself")
    if not alone:
        yield True
        return
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)  # which also lets go of the lock


def left_behind(folder: Path) -> Iterator[Left]:
    """The logs nobody holds any more, each held while it is looked at; it is taken away once it is `over`."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.glob(f"*{_ENDING}")):
        try:
            descriptor = os.open(path, os.O_RDWR | _NO_LINK)
        except OSError:  # somebody else has taken it away, or it is a link
            continue
        left = None
        try:
            if _lock(descriptor) and _is_at(path, descriptor):
                with open(os.dup(descriptor), "rb") as file:
                    left = Left(path.name.removesuffix(_ENDING), file.read())
                yield left
        finally:
            _let_go(descriptor, path if left is not None and left.over else None)


def _held_file(path: Path) -> int:
    """A new file that is held. Whoever looks for dead senders may get hold of it first and take it away: then another."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _NO_LINK, 0o600)
        if _lock(descriptor) and _is_at(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except OSError:
        return False


def _let_go(descriptor: int, erased: Path | None) -> None:
    """Close a held file; erased while it is held, or where a system erases no open file, right after."""
    if erased is not None and sys.platform != "win32":
        _erase(erased)
    os.close(descriptor)
    if erased is not None and sys.platform == "win32":
        _erase(erased)


def _erase(path: Path) -> None:
    """One that cannot be erased says the same again next time, and by then nobody waits for it."""
    with contextlib.suppress(OSError):
        path.unlink()


def _line(what: object) -> bytes:
    return _ENCODER.encode(what).encode() + b"\n"


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
