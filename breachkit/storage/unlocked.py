"""Where an unlocked key waits between commands: in memory that is gone at the next start, never on a disk.

The runtime folder of the login ($XDG_RUNTIME_DIR, a tmpfs) or, where there is none, the kernel's own keyring (Linux).
Deriving a key from a passphrase takes most of a second on purpose; a command cannot do that each time.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from breachkit.errors import Refused

Keys = dict[int, bytes]
"""Data keys by generation."""

_IN_MEMORY: Final = ("tmpfs", "ramfs")
_CALLS: Final = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219), "riscv64": (217, 218, 219)}
"""add_key, request_key, keyctl: numbers of system calls, which libc has no names for."""
_USER_KEYRING: Final = -4
_REVOKE, _SETPERM, _SEARCH, _READ, _TIMEOUT = 3, 5, 10, 11, 15
_OWNER_ONLY: Final = 0x3F3F0000
_LONGEST: Final = 4096


def keep(database: str, keys: Keys, seconds: int) -> str:
    """Keep the keys for so long; where, in words. Refused when there is no memory to keep them in."""
    text = json.dumps({"until": _now() + seconds, "keys": {str(number): key.hex() for number, key in keys.items()}})
    if (folder := _folder(create=True)) is not None:
        path = folder / database
        with suppress(FileNotFoundError):
            _wipe(path)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
            file.write(text)
        return "the runtime folder of your login"
    if _kernel_put(database, text.encode(), seconds):
        return "the kernel's keyring"
    raise Refused(
        "there is no memory to keep an unlocked key in: no private runtime folder (XDG_RUNTIME_DIR on a tmpfs) and no kernel "
        "keyring, and it is never written to a disk. Use the system's keyring (`breachkit key status`), or "
        "BREACHKIT_PASSPHRASE_FILE"
    )


def kept(database: str) -> Keys | None:
    """The keys, None when nothing is unlocked or its time is over."""
    found = _read(database)
    return None if found is None else {int(number): bytes.fromhex(key) for number, key in found["keys"].items()}


def seconds_left(database: str) -> int | None:
    """For how long it stays unlocked; None when it is locked."""
    found = _read(database)
    return None if found is None else int(found["until"] - _now())


def erase(database: str) -> bool:
    """Lock again. Whether something was unlocked."""
    was = _read(database) is not None
    if (folder := _folder()) is not None:
        with suppress(FileNotFoundError):
            _wipe(folder / database)
    _kernel_erase(database)
    return was


def _read(database: str) -> dict[str, Any] | None:
    text: bytes | None = None
    if (folder := _folder()) is not None:
        with suppress(OSError):
            number = os.open(folder / database, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(number, "rb") as file:
                if _private(os.fstat(number), stat.S_ISREG):
                    text = file.read(_LONGEST)
    else:
        text = _kernel_get(database)
    try:
        found = None if text is None else json.loads(text)
        if found is None or found["until"] > _now():
            return found
    except (ValueError, KeyError, TypeError):
        return None
    if folder is not None:  # its time is over
        with suppress(FileNotFoundError):
            _wipe(folder / database)
    return None


def _now() -> float:
    """Seconds since the machine started, sleep included: a laptop closed overnight is locked in the morning."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _folder(*, create: bool = False) -> Path | None:
    """The folder in memory; None when there is none that nobody else can look into."""
    said = os.environ.get("XDG_RUNTIME_DIR", "")
    if sys.platform == "win32" or not said.startswith("/"):
        return None
    folder = Path(said) / "breachkit"
    try:
        if not (_private(Path(said).lstat(), stat.S_ISDIR) and _in_memory(Path(said).lstat().st_dev)):
            return None
        if create:
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder if _private(folder.lstat(), stat.S_ISDIR) and _in_memory(folder.lstat().st_dev) else None
    except OSError:
        return None


def _private(found: os.stat_result, kind: Any) -> bool:
    return bool(kind(found.st_mode)) and found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077


def _in_memory(device: int) -> bool:
    """Whether a device is a file system in memory, as the kernel lists it."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        mount, _, rest = line.partition(" - ")
        if mount.split()[2] == wanted:
            return rest.split()[0] in _IN_MEMORY
    return False


def _wipe(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
    path.unlink()


def _call(which: int, *values: Any) -> int:
    numbers = _CALLS.get(platform.machine())
    if sys.platform != "linux" or numbers is None or sys.maxsize < 2**32:
        return -1
    call = ctypes.CDLL(None).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(numbers[which]), *values))


def _kernel_put(database: str, text: bytes, seconds: int) -> bool:
    name = f"breachkit:{database}".encode()
    key = _call(0, b"user", name, text, ctypes.c_size_t(len(text)), ctypes.c_long(_USER_KEYRING))
    if key < 0:
        return False
    _call(2, ctypes.c_long(_SETPERM), ctypes.c_long(key), ctypes.c_ulong(_OWNER_ONLY))
    return _call(2, ctypes.c_long(_TIMEOUT), ctypes.c_long(key), ctypes.c_ulong(seconds)) == 0


def _kernel_get(database: str) -> bytes | None:
    key = _kernel_find(database)
    if key < 0:
        return None
    room = ctypes.create_string_buffer(_LONGEST)
    size = _call(2, ctypes.c_long(_READ), ctypes.c_long(key), room, ctypes.c_size_t(_LONGEST))
    return room.raw[:size] if 0 <= size <= _LONGEST else None


def _kernel_find(database: str) -> int:
    name = f"breachkit:{database}".encode()
    return _call(2, ctypes.c_long(_SEARCH), ctypes.c_long(_USER_KEYRING), b"user", name, ctypes.c_long(0))


def _kernel_erase(database: str) -> None:
    if (key := _kernel_find(database)) >= 0:
        _call(2, ctypes.c_long(_REVOKE), ctypes.c_long(key))
