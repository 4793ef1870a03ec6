"""Who opens an encrypted store: the keyring, an unlocked session, the environment, or the person at the terminal.

Asked in that order, once for each process. A passphrase is read here and goes no further than the key it opens.
"""

from __future__ import annotations

import getpass
import os
import stat
import sys
from pathlib import Path
from typing import Final

from breachkit.errors import KeyNeeded, Refused, WrongKey
from breachkit.storage.keyfile import KeyFile, as_bytes, unwrap
from breachkit.storage.unlocked import Keys, kept

SHORTEST: Final = 12
"""Letters a new passphrase must have."""
_TRIES: Final = 3
_held: dict[str, Keys] = {}
_asking = [True]


def data_keys(file: KeyFile) -> Keys:
    """The data key of every generation in the file. KeyNeeded when nobody gave one, WrongKey when it is another."""
    wanted = {one.number for one in file.generations}
    for source in (_from_memory, _from_keyring, kept_for, _from_environment, _from_terminal):
        found = source(file)
        if found is not None and wanted <= found.keys():
            _held[file.database] = found
            return found
    raise KeyNeeded(
        f"{file.path.with_suffix('')} is encrypted and locked. `breachkit key unlock` opens it for some hours; "
        "a server names a file with the passphrase in BREACHKIT_PASSPHRASE_FILE"
    )


def hold(file: KeyFile, keys: Keys) -> None:
    """Keep keys for the rest of this process."""
    _held[file.database] = {**_held.get(file.database, {}), **keys}


def forget(database: str) -> None:
    """Drop what this process holds."""
    _held.pop(database, None)


def never_ask() -> None:
    """From here on nobody is asked at the terminal: a screen is drawn on it."""
    _asking[0] = False


def opened_by(file: KeyFile, passphrase: str) -> Keys:
    """What a passphrase opens. WrongKey when it is another; KeyNeeded when the file has none."""
    found = {}
    for one in file.generations:
        if one.passphrase is None:
            raise KeyNeeded(f"{file.path} has no passphrase: the system's keyring opens it, or the recovery code")
        found[one.number] = unwrap(one.passphrase, as_bytes(passphrase), "passphrase", file, one.number)
    return found


def said_passphrase(path: Path | None = None) -> str | None:
    """The passphrase from a file, BREACHKIT_PASSPHRASE_FILE or BREACHKIT_PASSPHRASE; None when none of them is there."""
    if path is None and (named := os.environ.get("BREACHKIT_PASSPHRASE_FILE")):
        path = Path(named)
    if path is None:
        return os.environ.get("BREACHKIT_PASSPHRASE") or None
    return read_secret(path)


def read_secret(path: Path) -> str:
    """The first line of a file that nobody else can read."""
    try:
        found = path.stat()
        if os.name != "nt" and stat.S_ISREG(found.st_mode) and stat.S_IMODE(found.st_mode) & 0o077:
            raise Refused(f"{path} can be read by others; make it yours alone (chmod 600) before a passphrase is in it")
        text = path.read_text(encoding="utf-8").split("\n", 1)[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"{path}: no passphrase could be read from it ({type(problem).__name__})") from None
    if not text:
        raise Refused(f"{path} is empty; its first line is the passphrase")
    return text


def can_ask() -> bool:
    """Whether a person is at the terminal and no screen is drawn on it."""
    return _asking[0] and sys.stdin.isatty() and sys.stderr.isatty()


def ask(prompt: str) -> str:
    """What a person types, not shown."""
    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except EOFError:
        raise KeyNeeded("no passphrase was given") from None


def kept_for(file: KeyFile) -> Keys | None:
    """What an unlocked session keeps."""
    return kept(file.database)


def _from_memory(file: KeyFile) -> Keys | None:
    return _held.get(file.database)


def _from_keyring(file: KeyFile) -> Keys | None:
    if not file.keyring:
        return None
    from breachkit.storage import system_keyring

    return system_keyring.get(file.database)


def _from_environment(file: KeyFile) -> Keys | None:
    said = said_passphrase()
    return None if said is None else opened_by(file, said)


def _from_terminal(file: KeyFile) -> Keys | None:
    if not can_ask() or file.newest.passphrase is None:
        return None
    for left in reversed(range(_TRIES)):
        try:
            return opened_by(file, ask(f"Passphrase of {file.path.with_suffix('')}: "))
        except WrongKey:
            if not left:
                raise
            print("That is not it; try again.", file=sys.stderr)  # noqa: T201 - a person waits at this very terminal
    return None
