"""The key that signs evidence: a file only its owner can read, made once. What is signed is for others.

Ed25519 as PKCS#8 PEM, under a passphrase when one is given. Where the file lies and who says the passphrase is workflow's.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from breachkit.errors import Refused, UsageError
from breachkit.storage.files import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PASSPHRASE = "BREACHKIT_SIGNING_PASSPHRASE"
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class Signer:
    """A key that was opened."""

    path: Path
    _key: Ed25519PrivateKey
    made: bool = False
    """Whether it was made just now."""
    warnings: tuple[str, ...] = ()
    """What its owner should hear."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that others check signatures with."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes; always the same for the same message."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"Signer({self.path})"


def open_signer(path: Path, passphrase: str | None = None, *, create: bool = True) -> Signer:
    """The key in that file, made when there is none and `create` is said.

    Refused for a symbolic link, a file of somebody else's, a wrong or missing passphrase. UsageError for what is no such key,
    and when there is none.
    """
    if path.is_symlink():
        raise Refused(f"{path} is a symbolic link; name the key's own file, so that nobody can swap what signs")
    if not path.exists():
        if not create:
            raise UsageError(f"there is no signing key at {path}; `breachkit journal signer` makes one in its usual place")
        return _make(path, passphrase)
    raw, warnings = _read(path)
    return Signer(path, _load(raw, path, passphrase, warnings), warnings=tuple(warnings))


def _make(path: Path, passphrase: str | None) -> Signer:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    guard: Any = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, guard)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, flags, OWNER_ONLY_FILE), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Refused(f"{path} was made by another process just now; say the command again") from None
    except OSError as error:
        raise UsageError(f"cannot make a signing key at {path}: {error.strerror}") from error
    return Signer(path, key, made=True)


def _read(path: Path) -> tuple[bytes, list[str]]:
    warnings: list[str] = []
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UsageError(f"{path} is not a file; name the file of a key")
            if sys.platform != "win32":
                if found.st_uid != os.geteuid():
                    raise Refused(f"{path} belongs to somebody else, who could sign with it too; use a key of your own")
                if (mode := stat.S_IMODE(found.st_mode)) & 0o077:
                    os.fchmod(file.fileno(), OWNER_ONLY_FILE)
                    warnings.append(
                        f"{path} could be read by others (mode {mode:04o}); it is now yours alone (0600). "
                        "If others use this machine, sign with a new key"
                    )
            return file.read(_LARGEST), warnings
    except OSError as error:
        raise UsageError(f"cannot read the signing key at {path}: {error.strerror}") from error


def _load(raw: bytes, path: Path, passphrase: str | None, warnings: list[str]) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    locked = b"ENCRYPTED" in raw
    if locked and not passphrase:
        raise Refused(f"the signing key at {path} has a passphrase; set {PASSPHRASE}")
    if passphrase and not locked:
        warnings.append(f"{path} is not under the passphrase you set: who reads the file can sign with it")
    try:
        key = load_pem_private_key(raw, passphrase.encode() if locked and passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        why = f"{PASSPHRASE} does not open it" if locked else "it is not a private key in PEM"
        raise Refused(f"the signing key at {path} cannot be used: {why}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"the key at {path} is not an Ed25519 key; evidence is signed with no other")
    return key
