"""The key file beside an encrypted journal: the data key, wrapped by a passphrase and by a recovery code. Never in clear.

What the file looks like, how it is wrapped, and that it is written whole or not at all. Who is asked for a passphrase is
`keys.py`'s; what the data key opens is `cipher.py`'s.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from breachkit.errors import BadFile, Fault, KeyNeeded, Refused, WrongKey
from breachkit.storage.files import OWNER_ONLY_FILE

FORMAT: Final = "breachkit/key@1"
COST: Final = 17
"""scrypt with N = 2^17, r = 8, p = 1: 128 MiB and 0.4 s for each guess on a laptop of 2023."""
_COSTLIEST = 20
"""A key file that asks for more than 1 GiB is refused: it was not made here."""
_BLOCK, _SALT, _NONCE, _KEY = 8, 16, 12, 32
Way = Literal["passphrase", "recovery"]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The data key as one passphrase or one code opens it."""

    salt: bytes
    nonce: bytes
    sealed: bytes
    cost: int
    """log2 of scrypt's N; 0 for a recovery code, whose 160 bits need no stretching."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One data key. There are two of them only while `key rotate` is under way, or after it was interrupted."""

    number: int
    passphrase: Wrapped | None
    """None when only the keyring and the recovery code open it."""
    recovery: Wrapped


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What the file says."""

    path: Path
    database: str
    """A random id, 32 hex digits: what the wrapped keys are bound to, and the name an unlocked key is kept under."""
    generations: tuple[Generation, ...]
    """Newest first."""
    keyring: bool
    """Whether the owner chose to keep the data key in the system's keyring too."""

    @property
    def newest(self) -> Generation:
        return self.generations[0]


def new_database_id() -> str:
    return secrets.token_hex(16)


def new_data_key() -> bytes:
    return secrets.token_bytes(_KEY)


def wrap(secret: bytes, by: bytes, way: Way, database: str, number: int) -> Wrapped:
    """The data key under a passphrase or the bits of a code, bound to this database, way and generation."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce, cost = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE), COST if way == "passphrase" else 0
    key = _wrapping_key(by, salt, cost)
    return Wrapped(salt, nonce, AESGCM(key).encrypt(nonce, secret, _bound_to(way, database, number)), cost)


def unwrap(wrapped: Wrapped, by: bytes, way: Way, file: KeyFile, number: int) -> bytes:
    """The data key. WrongKey when the passphrase or code is another, or the file was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = _wrapping_key(by, wrapped.salt, wrapped.cost)
    try:
        return AESGCM(key).decrypt(wrapped.nonce, wrapped.sealed, _bound_to(way, file.database, number))
    except InvalidTag:
        what = "passphrase" if way == "passphrase" else "recovery code"
        raise WrongKey(f"this is not the {what} of {file.path}; nothing was opened") from None


def as_bytes(passphrase: str) -> bytes:
    """A passphrase the same from every keyboard: an accented letter typed as one sign or as two is one."""
    return unicodedata.normalize("NFC", passphrase).encode()


def hkdf(secret: bytes, salt: bytes, label: str) -> bytes:
    """HKDF-SHA256 (RFC 5869), 32 bytes."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), label.encode() + b"\x01", "sha256")


def read_key_file(path: Path) -> KeyFile:
    """Read one. KeyNeeded when it is not there, BadFile when it is no key file of ours."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError(f"its format is {raw['format']!r}; this breachkit knows {FORMAT}")
        generations = tuple(_generation(one) for one in raw["keys"])
        if not generations or len(raw["database"]) != 32:
            raise ValueError("it holds no key")
        bytes.fromhex(raw["database"])
        return KeyFile(path, raw["database"], generations, bool(raw["keyring"]))
    except FileNotFoundError:
        raise KeyNeeded(missing(path)) from None
    except OSError as problem:
        raise Refused(f"{path} cannot be read ({problem.strerror}); look at who owns it") from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        why = problem if isinstance(problem, ValueError) else "a part of it is missing"
        raise BadFile([Fault(str(path), None, f"this key file cannot be read: {why}. A back-up holds a copy of it")]) from None


def missing(path: Path) -> str:
    """What to say of a key file that is not there."""
    return (
        f"the key file {path} is not there. Put it back from a back-up, or let BREACHKIT_KEY_FILE say where it is; "
        "without it nobody can open the database"
    )


def write_key_file(file: KeyFile, *, new: bool = False) -> None:
    """Write it whole, for its owner alone, on the disk when this returns. Refused when `new` and one is there."""
    raw = {
        "format": FORMAT,
        "database": file.database,
        "keyring": file.keyring,
        "keys": [
            {"generation": one.number, "passphrase": _written(one.passphrase), "recovery": _written(one.recovery)}
            for one in file.generations
        ],
    }
    part = file.path.with_name(f".{file.path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE), "wb") as out:
            out.write(json.dumps(raw, indent=1).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
        if new:
            os.link(part, file.path)
            part.unlink()
        else:
            os.replace(part, file.path)
        sync_folder(file.path.parent)
    except FileExistsError:
        raise Refused(f"{file.path} is there already; a key file is never replaced by a new one") from None
    except OSError as problem:
        raise Refused(f"{file.path} could not be written: {problem.strerror}") from problem
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def sync_folder(folder: Path) -> None:
    """Names in a folder survive a power cut from here on."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _wrapping_key(by: bytes, salt: bytes, cost: int) -> bytes:
    if not cost:
        return hkdf(by, salt, "recovery")
    room = 128 * _BLOCK * (2**cost + 4)
    return hashlib.scrypt(by, salt=salt, n=2**cost, r=_BLOCK, p=1, maxmem=room, dklen=_KEY)


def _bound_to(way: Way, database: str, number: int) -> bytes:
    return f"{FORMAT} {database} {way} {number}".encode()


def _generation(raw: dict[str, Any]) -> Generation:
    passphrase = None if raw["passphrase"] is None else _wrapped(raw["passphrase"])
    return Generation(int(raw["generation"]), passphrase, _wrapped(raw["recovery"]))


def _wrapped(raw: dict[str, Any]) -> Wrapped:
    cost = int(raw["cost"])
    if not 0 <= cost <= _COSTLIEST:
        raise ValueError("its cost is out of bounds")
    return Wrapped(bytes.fromhex(raw["salt"]), bytes.fromhex(raw["nonce"]), bytes.fromhex(raw["sealed"]), cost)


def _written(wrapped: Wrapped | None) -> dict[str, Any] | None:
    if wrapped is None:
        return None
    return {
        "cost": wrapped.cost,
        "salt": wrapped.salt.hex(),
        "nonce": wrapped.nonce.hex(),
        "sealed": wrapped.sealed.hex(),
    }
