"""The messages of a mailbox: one .eml, a folder of them, an mbox, a Maildir. Reads only; nothing is moved, marked or deleted.

Of a message no more than its beginning is held, which is where a report says what it has to say. What is in it is for others.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from breachkit.domain.values import value
from breachkit.errors import UsageError
from breachkit.intake.bounce_values import Unread

LARGEST: Final = 10_000_000
"""The largest message that is read, in bytes."""
HEAD: Final = 1 << 20
"""How much of a message is held and understood, in bytes."""
HEAD_LINES: Final = 20_000
"""And in lines."""

_PIECE: Final = 1 << 16
_ENVELOPE_LINE: Final = re.compile(rb"From (?P<sender>\S*).*\d\d:\d\d.*\b\d{4}\b")
_OTHERS: Final = {
    b"PK\x03\x04": "an archive; unpack it first",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\xd0\xcf\x11\xe0": "an Outlook .msg file; save it as .eml",
    b"!BDN": "an Outlook data file; export the messages as .eml or mbox",
}


@value
class Raw:
    """One message as it lies in the mailbox."""

    source: str
    head: bytes
    """Its beginning: at most 1 MiB and 20,000 lines."""
    sender: str | None
    """The envelope sender as an mbox notes it; None where nothing is noted."""


def messages(path: Path) -> Iterator[Raw | Unread]:
    """Each message of the mailbox in its order, folders by file name. UsageError when there is no mailbox at that path."""
    path = path if path.name else path.absolute()  # `.` has no name to call its messages by.
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            yield from _of_file(path, path.name, follow=True)
        elif stat.S_ISDIR(mode):
            boxes = [name for name in ("new", "cur") if (path / name).is_dir()]
            yield from _of_maildir(path, boxes) if boxes else _of_folder(path)
        else:
            raise UsageError(
                f"{path} is neither a file nor a folder; name an .eml, an mbox, a Maildir or a folder of .eml files"
            )
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror or problem}") from None


def shown_name(name: str) -> str:
    """A file's name as a message may repeat it."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _of_folder(folder: Path) -> Iterator[Raw | Unread]:
    for name in sorted(os.listdir(folder)):
        if name.startswith("."):
            continue
        source = f"{folder.name}/{name}"
        if (folder / name).is_dir() and not (folder / name).is_symlink():
            yield _unread(source, "a folder inside the folder; it was not entered")
        elif not name.lower().endswith(".eml"):
            yield _unread(source, "its name does not end in .eml")
        else:
            yield from _of_file(folder / name, source)


def _of_maildir(folder: Path, boxes: list[str]) -> Iterator[Raw | Unread]:
    """Messages move from new to cur while others read them, so that new is listed first and each is read once."""
    found: dict[str, tuple[str, str]] = {}
    for box in boxes:
        if (folder / box).is_symlink():
            yield _unread(f"{folder.name}/{box}", "a symbolic link; it was not followed")
            continue
        for name in sorted(os.listdir(folder / box)):
            if not name.startswith("."):
                found[name.partition(":")[0]] = (box, name)
    for key, (box, name) in found.items():
        if not (folder / box / name).exists() and "cur" in boxes:
            moved = [one for one in os.listdir(folder / "cur") if one.partition(":")[0] == key]
            box, name = ("cur", moved[0]) if moved else (box, name)
        yield from _of_file(folder / box / name, f"{folder.name}/{box}/{name}")


def _of_file(path: Path, source: str, *, follow: bool = False) -> Iterator[Raw | Unread]:
    """The message or messages of one file. In folders a link is refused; the path that was named may be one."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not follow and path.is_symlink():
            yield _unread(source, "a symbolic link; it was not followed")
            return
        # Not waiting: a named pipe put in the file's place meanwhile would wait for ever.
        handle = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
    except OSError as problem:
        yield _unread(source, f"it cannot be read: {problem.strerror or problem}")
        return
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            yield _unread(source, "it is not a file")
            return
        try:
            yield from _of_bytes(file, source, about.st_size)
        except OSError as problem:
            yield _unread(source, f"reading stopped: {problem.strerror or problem}")


def _of_bytes(file: BinaryIO, source: str, size: int) -> Iterator[Raw | Unread]:
    first = file.read(8)
    other = next((text for magic, text in _OTHERS.items() if first.startswith(magic)), None)
    file.seek(0)
    if other is not None:
        yield _unread(source, f"this is {other}")
    elif first.lstrip(b"\r\n").startswith(b"From "):
        yield from _of_mbox(file, source)
    elif size > LARGEST:
        yield _unread(source, _too_large(size))
    else:
        yield Raw(shown_name(source), _cut(file.read(HEAD)), None)


def _of_mbox(file: BinaryIO, source: str) -> Iterator[Raw | Unread]:
    """An mbox: a message begins at a line `From sender date` after an empty line."""
    number, size, sender = 0, 0, ""
    head: list[bytes] = []
    held, blank, fresh = 0, True, True
    while line := file.readline(_PIECE):
        begins = fresh and blank and line.startswith(b"From ") and (found := _ENVELOPE_LINE.match(line)) is not None
        if begins and found is not None:
            if number:
                yield _message(f"{source} message {number}", head, size, sender)
            number, size, head, held = number + 1, 0, [], 0
            sender = found["sender"].decode("ascii", "replace")
        else:
            size += len(line)
            if held + len(line) <= HEAD and len(head) < HEAD_LINES:
                head.append(line)
                held += len(line)
            else:
                held = HEAD
        # A line longer than a piece goes on in the next one, which begins no message.
        blank = fresh and line in (b"\n", b"\r\n")
        fresh = line.endswith(b"\n")
    if number:
        yield _message(f"{source} message {number}", head, size, sender)
    else:
        yield _unread(source, "it begins like an mbox, and its first line has no date")


def _message(source: str, head: list[bytes], size: int, sender: str) -> Raw | Unread:
    if size > LARGEST:
        return _unread(source, _too_large(size))
    return Raw(shown_name(source), b"".join(head), sender)


def _cut(head: bytes) -> bytes:
    lines = head.split(b"\n", HEAD_LINES)
    return b"\n".join(lines[:HEAD_LINES]) if len(lines) > HEAD_LINES else head


def _too_large(size: int) -> str:
    return f"it has {size:,} bytes; no more than {LARGEST:,} are read of one message"


def _unread(source: str, why: str) -> Unread:
    return Unread(shown_name(source), why)
