"""Where the database file lies and who may read it. Paths, URLs and permissions; what is inside is for others."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from breachkit.errors import JournalDamaged, Refused, UsageError

OWNER_ONLY_FILE = 0o600
OWNER_ONLY_FOLDER = 0o700


def locate(where: Path | str) -> Path:
    """The file meant by a path or by a `sqlite:///` URL (three slashes: relative; four: absolute)."""
    text = os.fspath(where)
    if "://" in text:
        scheme, _, rest = text.partition("://")
        if scheme.lower() in ("postgres", "postgresql") or scheme.lower().startswith("postgresql+"):
            raise UsageError(
                "a PostgreSQL journal comes as an extra (`pip install breachkit[pg]`) and is not available here; "
                "give a path or sqlite:///path"
            )
        if scheme.lower() != "sqlite" or not rest.startswith("/"):
            raise UsageError(f"cannot open a '{scheme}://' database; give a path, sqlite:///relative or sqlite:////absolute")
        text = rest[1:]
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
        if not create:
            raise UsageError(f"there is no journal at {path}; `breachkit incident open` starts one")
        _create(path)
        return []
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(f"{path} is not a file; give the path of a journal")
    return _tighten(path, read_only=read_only)


def _create(path: Path) -> None:
    for folder in [folder for folder in reversed(path.parents) if not folder.exists()]:
        folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        os.close(os.open(path, flags, OWNER_ONLY_FILE))
    except FileExistsError:
        return  # another process was faster; both go on with its file
    except OSError as error:
        raise UsageError(f"cannot create a journal at {path}: {error.strerror}") from error
    if sys.platform != "win32":
        os.chmod(path, OWNER_ONLY_FILE)  # whatever the umask took away; SQLite gives -wal and -shm the same mode
        folder_fd = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder_fd)  # the name must survive a power cut too, not only the content
        finally:
            os.close(folder_fd)


def _tighten(path: Path, *, read_only: bool) -> list[str]:
    if sys.platform == "win32":
        return []
    said = []
    for side in ("", "-wal", "-shm", "-journal"):
        file = path.with_name(path.name + side)
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
