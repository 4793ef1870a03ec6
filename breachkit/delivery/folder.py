"""The folder transport: each message is one `.eml` file for its owner alone, and none is ever overwritten.

Nothing leaves the machine by it, so it is the one way out an exercise or an invented incident has.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final

from breachkit.domain.transports import TransportKind
from breachkit.errors import BadValue, Refused

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,150}")
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class FolderTransport:
    """Writes messages into one folder, which it makes if it is not there."""

    kind: Final[TransportKind] = "folder"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, name: str, message: bytes) -> str:
        """Write a message as `<name>.eml`; the receipt, `folder:<file name>`. The same message again changes nothing.

        BadValue for a name that is no plain file name. Refused when another message has that name, for a symbolic link, for
        a folder of somebody else or with other files that others can read, and when the disk refuses.
        """
        if not _NAME.fullmatch(name):
            raise BadValue(f"'{name}' cannot name a message: use letters, digits, dots, hyphens and underscores")
        path = self.folder / f"{name}.eml"
        try:
            self._prepare()
            if not self._is_there(path, message):
                self._write(path, message)
        except OSError as problem:
            raise Refused(f"{path} could not be written: {problem.strerror or problem}") from problem
        return f"folder:{path.name}"

    def _prepare(self) -> None:
        """Make the folder for its owner alone. Refused when what is there is no folder of one's own."""
        with contextlib.suppress(FileExistsError):
            for above in reversed([one for one in self.folder.parents if not one.exists()]):
                above.mkdir(mode=0o700, exist_ok=True)
            self.folder.mkdir(mode=0o700)
        found = os.lstat(self.folder)
        if stat.S_ISLNK(found.st_mode):
            raise Refused(f"{self.folder} is a symbolic link; messages are written only to a folder itself")
        if not stat.S_ISDIR(found.st_mode):
            raise Refused(f"{self.folder} is a file; name a folder for the messages")
        if os.name == "posix" and found.st_uid != os.geteuid():
            raise Refused(f"{self.folder} belongs to somebody else; name a folder of your own")
        if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
            if any(not path.name.endswith((".eml", ".part")) for path in self.folder.iterdir()):
                raise Refused(f"{self.folder} is open to others and holds other files; name a folder for the messages alone")
            self.folder.chmod(0o700)

    def _is_there(self, path: Path, message: bytes) -> bool:
        """Whether this very message lies there already. Refused for another one, and for what is no plain file."""
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{path} is no plain file; move it away, and send again")
        with open(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as file:
            if file.read() == message:
                return True
        raise Refused(f"{path} holds another message; nothing is overwritten. Give this one another name")

    def _write(self, path: Path, message: bytes) -> None:
        """Whole or not at all, and never over another file: it is written beside its place and linked there."""
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600), "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, path)
            except FileExistsError:
                self._is_there(path, message)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
