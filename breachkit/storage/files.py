"""Where the database file lies and who may read it. Paths, URLs and permissions; what is inside is for others."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from typing import Final

from breachkit.errors import JournalDamaged, Refused, UsageError

OWNER_ONLY_FILE = 0o600
OWNER_ONLY_FOLDER = 0o700
MAGIC = b"SQLite format 3\0"
"""How a plain SQLite file begins. An encrypted one begins with a salt, which looks like any random bytes."""
_KEPT = re.compile(r"\.schema-\d+(-\d+)?$")
"""A copy from before an upgrade has the key of what it was copied from."""


_LIKE_A_SERVER: Final = re.compile(
    r"(?:postgres(?:ql)?(?:\+\w+)?|sqlite):|.*\b(?:host|hostaddr|dbname|password|sslmode)\s*=", re.IGNORECASE
)
"""What would become a file whose name holds a password."""


def locate(where: Path | str) -> Path:
    """The file meant by a path or by a `sqlite:///` URL (three slashes: relative; four: absolute)."""
    text = os.fspath(where)
    if "://" in text:
        scheme, _, rest = text.partition("://")
        if scheme.lower() in ("postgres", "postgresql") or scheme.lower().startswith("postgresql+"):
            raise UsageError(
                "a file is needed here: PostgreSQL holds a team's journal, and an exercise is played in a file of its own. "
                "Give a path or sqlite:///path"
            )
        if scheme.lower() != "sqlite" or not rest.startswith("/"):
            raise UsageError(f"cannot open a '{scheme}://' database; give a path, sqlite:///relative or sqlite:////absolute")
        text = rest[1:]
    elif _LIKE_A_SERVER.match(text):
        raise UsageError("that is written like a server's address, but is none; write postgresql://name@host/database")
    if text in ("", ":memory:"):
        raise UsageError("a journal needs a file, so that it outlives the command; give a path or sqlite:///path")
    return Path(text).expanduser()


def wal_of(path: Path) -> Path:
    """SQLite's write-ahead log beside a database: commits that are not in the main file yet."""
    return path.with_name(path.name + "-wal")


def has_wal(path: Path) -> bool:
    """Whether commits may wait beside the main file: somebody has it open, or the last writer was stopped."""
    try:
        return wal_of(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def is_half_written(path: Path) -> bool:
    """Whether a rollback journal lies beside the file: SQLite undoes what it covers, so the bytes now there mean little."""
    journal = path.with_name(path.name + "-journal")
    return journal.exists() and journal.stat().st_size > 0


def store_of(path: Path) -> tuple[Path, str]:
    """The journal's file that a file belongs to, and which store of it this is: `journal` or `vault`."""
    name = _KEPT.sub("", path.name)
    journal = name.removesuffix(".vault")
    return path.with_name(journal), "journal" if journal == name else "vault"


def key_beside(path: Path) -> Path:
    """Where the key file of a journal and its vault lies: beside the journal, for both."""
    journal = store_of(path)[0]
    return journal.with_name(journal.name + ".key")


def key_file_of(path: Path) -> Path | None:
    """The key file of an encrypted file; None for a plain one. BREACHKIT_KEY_FILE names one that is kept elsewhere."""
    beside = key_beside(path)
    if beside.exists():
        return beside
    said = os.environ.get("BREACHKIT_KEY_FILE")
    if not said or is_plain(path) or not path.exists() or not path.stat().st_size:
        return None
    return Path(said).expanduser()


def is_plain(path: Path) -> bool:
    """Whether a file begins as a plain SQLite database does."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def looks_encrypted(path: Path) -> bool:
    """Whether a file is whole pages of bytes like random ones. A guess, for the words of an error only."""
    with path.open("rb") as file:
        some = file.read(65536)
        size = file.seek(0, 2)
    high = sum(byte >= 0x80 for byte in some)
    return size > 0 and size % 4096 == 0 and 0.45 < high / len(some) < 0.55 and some.count(0) < len(some) / 50


def secure(path: Path, *, create: bool, read_only: bool) -> list[str]:
    """Make sure of a private file at `path`, creating it and its folder if asked. Returns what to tell its owner."""
    if path.is_symlink():
        raise Refused(f"{path} is a symbolic link; name the journal's own file, so that nobody can swap what it is")
    if not path.exists():
        if wal_of(path).exists():
            raise JournalDamaged(
                f"{path} is gone but {wal_of(path).name} beside it is not: the log holds entries. "
                "Put the main file back before opening it; nothing was touched"
            )
        if create and store_of(path) == (path, "journal") and key_beside(path).exists():
            raise JournalDamaged(
                f"{path} is gone but its key file {key_beside(path).name} beside it is not. Put the database back, or "
                "restore a back-up; if nothing was ever kept under that key, move the key file away"
            )
        if not create:
            raise UsageError(f"there is no journal at {path}; `breachkit incident open` starts one")
        create_file(path)
        return []
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(f"{path} is not a file; give the path of a journal")
    return _tighten(path, read_only=read_only)


def make_folder(folder: Path) -> None:
    """A folder and those above it, for their owner alone where they are new."""
    try:
        for one in [one for one in (*reversed(folder.parents), folder) if not one.exists()]:
            one.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from error


def create_file(path: Path) -> None:
    """An empty file for its owner alone, its name on the disk for good; folders above it are made."""
    make_folder(path.parent)
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        os.close(os.open(path, flags, OWNER_ONLY_FILE))
    except FileExistsError:
        if path.is_symlink():  # another process was faster; both go on with its file, but with no link
            raise Refused(
                f"{path} is a symbolic link; name the journal's own file, so that nobody can swap what it is"
            ) from None
        return
    except OSError as error:
        raise UsageError(f"cannot create a journal at {path}: {error.strerror}") from error
    if sys.platform != "win32":
        os.chmod(path, OWNER_ONLY_FILE)  # whatever the umask took away; SQLite gives -wal and -shm the same mode
        folder_fd = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder_fd)  # the name must survive a power cut too, not only the content
        finally:
            os.close(folder_fd)


def _open_folder(folder: Path) -> list[str]:
    """A folder in which others may put another file in the place of this one; a sticky one, such as /tmp, lets them not."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & 0o022 or mode & stat.S_ISVTX:
        return []
    return [f"{folder} can be written by others (mode {mode:04o}), who could swap the files in it: chmod 700"]


def _tighten(path: Path, *, read_only: bool) -> list[str]:
    if sys.platform == "win32":
        return []
    said = _open_folder(path.parent)
    for side in ("", "-wal", "-shm", "-journal", ".key"):
        file = path.with_name(path.name + side)
        if side == ".key" and file.is_symlink():
            continue  # kept elsewhere, such as on a stick; nothing writes through it
        try:
            found = file.lstat()
        except FileNotFoundError:
            continue
        mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISLNK(found.st_mode):
            raise Refused(f"{file} is a symbolic link; SQLite would write the journal through it. Remove it first")
        if not mode & 0o077:
            continue
        if read_only or found.st_uid != os.geteuid():
            said.append(f"{file} can be read by others (mode {mode:04o}); make it yours alone: chmod 600")
            continue
        file.chmod(OWNER_ONLY_FILE)
        said.append(f"{file} could be read by others (mode {mode:04o}); it is now yours alone (0600)")
    return said
