"""Evidence archives on disk: a plain tar file (ustar, no compression) whose every byte follows from names, sizes and contents.

Writes and copies members, in the order given; what they mean is for others. Attachments of any size go through in pieces.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from breachkit.domain.evidence import Member
from breachkit.errors import BadFile, Fault, Refused

BLOCK: Final = 512
LARGEST: Final = 8**11 - 1
"""What a ustar header has digits for: one byte less than 8 GiB."""
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)?\Z")
_CHUNK: Final = 1 << 20


class ArchiveWriter:
    """An archive on its way to a file. Nothing is there under its name until all of it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.members: list[Member] = []
        """What was written so far."""

    def add(self, path: str, content: bytes) -> Member:
        """Write a member that is in memory."""
        return self.stream(path, len(content), (content,))

    def stream(self, path: str, size: int, pieces: Iterable[bytes]) -> Member:
        """Write a member of known size from its pieces. Refused when they are not of that size."""
        self._put(header(path, size))
        digest, written = hashlib.sha256(), 0
        for piece in pieces:
            written += len(piece)
            if written > size:
                break
            digest.update(piece)
            self._put(piece)
        if written != size:
            raise Refused(f"{path} is not of the {size} bytes it was said to have; nothing was written")
        self._put(bytes(-size % BLOCK))
        self.members.append(Member(path, size, digest.hexdigest()))
        return self.members[-1]

    def stream_known(self, path: str, size: int, sha256: str, pieces: Iterable[bytes]) -> bool:
        """Write a member of known size and hash. False, and nothing written, when its bytes turn out to be others."""
        at, digest, before = self._file.tell(), self._digest.copy(), len(self.members)
        try:
            if self.stream(path, size, pieces).sha256 == sha256:
                return True
        except Refused:
            pass  # too many or too few bytes; undone below like wrong ones
        self._file.seek(at)
        self._file.truncate()
        self._digest = digest
        del self.members[before:]
        return False

    def finish(self) -> str:
        """End the archive; its SHA-256 (hex)."""
        self._put(bytes(2 * BLOCK))
        return self._digest.hexdigest()

    def _put(self, raw: bytes) -> None:
        self._digest.update(raw)
        self._file.write(raw)


@contextmanager
def new_archive(path: Path, *, force: bool = False) -> Iterator[ArchiveWriter]:
    """A writer whose archive stands at `path` once all went well, readable by its owner alone.

    Refused when something is there and `force` is not said, and for a symbolic link.
    """
    if path.is_symlink():
        raise Refused(f"{path} is a symbolic link; name the file itself")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; --force replaces it, or name another file")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            yield ArchiveWriter(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as problem:
        raise Refused(f"{path} could not be written: {problem.strerror or problem}") from problem
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def header(path: str, size: int) -> bytes:
    """The header of a member: nothing in it depends on machine, owner or time."""
    if len(path) > 100 or not _NAME.match(path):
        raise Refused(f"'{path}' is no name for a member of an archive")
    if not 0 <= size <= LARGEST:
        raise Refused(f"{path} has {size} bytes; a member of an archive has at most {LARGEST}")
    fields = (
        path.encode().ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0", b"%011o\0" % size, b"00000000000\0",
        b" " * 8, b"0".ljust(101, b"\0"), b"ustar\x0000",
    )  # fmt: skip
    head = b"".join(fields).ljust(BLOCK, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def copy_archive(source: Path, wanted: Collection[str], writer: ArchiveWriter | None = None) -> dict[str, bytes]:
    """The wanted members, each of a megabyte at most; all others are copied to `writer`, if there is one.

    BadFile when it is not such an archive. Hashes and signature are not looked at: that is the verifier's work.
    """
    found: dict[str, bytes] = {}
    with source.open("rb") as file:
        while (head := file.read(BLOCK)) != bytes(BLOCK):
            name, size = _read_header(head, source)
            if name in wanted and size > _CHUNK:
                raise BadFile([Fault(str(source), None, f"its {name} is too large")])
            if name in wanted:
                found[name] = file.read(size)
            elif writer is not None:
                writer.stream(name, size, _pieces(file, size))
            else:
                file.seek(size, os.SEEK_CUR)
            file.seek(-size % BLOCK, os.SEEK_CUR)
    return found


def _read_header(head: bytes, source: Path) -> tuple[str, int]:
    try:
        name, size = head[:100].rstrip(b"\0").decode("ascii"), int(head[124:135], 8)
        if head == header(name, size):
            return name, size
    except (ValueError, Refused):
        pass  # said below
    raise BadFile([Fault(str(source), None, "is no evidence archive, or was changed; verify it first")])


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := file.read(min(_CHUNK, size))):
        size -= len(piece)
        yield piece
