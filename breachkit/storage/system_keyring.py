"""The data key in the system's own keyring (extra `keyring`), where the owner chose that. It opens with the login."""

from __future__ import annotations

import importlib
import json
from typing import Any, Final

from breachkit.errors import Refused

SERVICE: Final = "breachkit"
_NOT_REAL: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt.")
"""Backends that keep nothing, or keep it in a file anybody can read."""


def available() -> bool:
    """Whether there is a keyring that keeps a secret."""
    return _backend() is not None


def put(database: str, keys: dict[int, bytes]) -> None:
    """Keep the data keys there. Refused when there is no real keyring."""
    if (ring := _backend()) is None:
        raise Refused(
            "there is no system keyring here (`pip install 'breachkit[keyring]'`, and a login that has one); "
            "use a passphrase and `breachkit key unlock`"
        )
    text = json.dumps({str(number): key.hex() for number, key in keys.items()})
    try:
        ring.set_password(SERVICE, _name(database), text)
    except Exception as problem:  # every backend has errors of its own, and some put the value into them
        raise Refused(f"the system's keyring refused to keep the key ({type(problem).__name__})") from None


def get(database: str) -> dict[int, bytes] | None:
    """The data keys; None when the keyring has none, is locked or is not there."""
    if (ring := _backend()) is None:
        return None
    try:
        text = ring.get_password(SERVICE, _name(database))
        return None if not text else {int(number): bytes.fromhex(key) for number, key in json.loads(text).items()}
    except Exception:  # a locked or broken keyring is one that has no key: the next way in is tried
        return None


def remove(database: str) -> None:
    """Take them out again, if they are there."""
    ring = _backend()
    if ring is not None and get(database) is not None:
        ring.delete_password(SERVICE, _name(database))


def _name(database: str) -> str:
    return f"database:{database}"


def _backend() -> Any:
    try:
        ring = importlib.import_module("keyring").get_keyring()
    except ImportError:
        return None
    rings = [ring, *getattr(ring, "backends", [])]
    real = [one for one in rings if not type(one).__module__.startswith((*_NOT_REAL, "keyring.backends.chainer"))]
    return ring if real else None
