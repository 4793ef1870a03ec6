"""How an encrypted file is spoken to: SQLCipher's driver, the raw keys, and what a refusal to open means.

Journal and vault have raw keys of their own, both derived from one data key, so that neither opens the other. The driver
(extra `cipher`) is imported for encrypted files only.
"""

from __future__ import annotations

import hashlib
import importlib
import secrets
import sqlite3
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from breachkit.errors import JournalDamaged, Refused, WrongKey
from breachkit.storage.files import has_wal, is_half_written, store_of
from breachkit.storage.keyfile import KeyFile, hkdf, read_key_file
from breachkit.storage.keys import data_keys
from breachkit.storage.sqlite import driver_errors

_DRIVER: Final = "sqlcipher3.dbapi2"
_BUSY_SECONDS: Final = 5.0


class Raw(NamedTuple):
    """What SQLCipher is given: no passphrase, so that it derives nothing itself."""

    key: bytes
    salt: bytes
    """How the file begins. It follows from the database's id, so that a file tells which key file is its own."""

    def __repr__(self) -> str:
        return "Raw(...)"

    @property
    def spec(self) -> str:
        """As a pragma writes it."""
        return f"\"x'{self.key.hex()}{self.salt.hex()}'\""


def driver() -> Any:
    """SQLCipher's driver. Refused with how to install it."""
    try:
        return importlib.import_module(_DRIVER)
    except ImportError:
        raise Refused(
            "an encrypted database needs its driver: `pip install 'breachkit[cipher]'`, then give the command again. "
            "Nothing was touched"
        ) from None


def raw_key(data_key: bytes, database: str, label: str) -> Raw:
    """The raw key of one store. Labels: `journal`, `vault`, `backup`."""
    salt = hashlib.sha256(f"breachkit salt {database} {label}".encode()).digest()[:16]
    return Raw(hkdf(data_key, bytes.fromhex(database), f"breachkit/key@1 {label}"), salt)


def raw_keys(path: Path, file: KeyFile) -> list[Raw]:
    """The keys that may open a file, the likeliest first: two while the data key is being changed."""
    keys = data_keys(file)
    label = store_of(path)[1]
    found = [raw_key(keys[one.number], file.database, label) for one in file.generations]
    return found[::-1] if is_half_written(path) else found  # a change of key that was interrupted is undone first


def connect_encrypted(path: Path, key_file: Path, mode: Literal["ro", "rw"]) -> sqlite3.Connection:
    """A keyed connection. WrongKey, KeyNeeded or JournalDamaged when there is none: three different things."""
    for again in (True, False):
        file = read_key_file(key_file)
        raws = raw_keys(path, file)
        if mode == "ro" and is_half_written(path):
            _undo(path, raws)
        for raw in raws:
            connection = _opened(path, raw, mode)
            if connection is not None:
                return connection
        if not again or read_key_file(key_file) == file:  # another process may be changing the key just now
            break
    raise why_closed(path, key_file, raws)


def open_raw(uri: str, raw: Raw | None, *, timeout: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """SQLCipher on a file with that key; None: on a plain file."""
    connection = driver().connect(uri, uri=True, isolation_level=None, timeout=timeout, check_same_thread=False)
    connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to stderr, where the words for people are
    if raw is not None:
        connection.execute(f"PRAGMA key = {raw.spec}")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection  # type: ignore[no-any-return]  # a driver of its own with the face of sqlite3's


def memory_for(connection: Any) -> sqlite3.Connection:
    """A database in memory that this connection can be copied to."""
    if isinstance(connection, sqlite3.Connection):
        return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    return open_raw(":memory:", Raw(secrets.token_bytes(32), secrets.token_bytes(16)))


def empty_copy(target: Path, of: Path, key_file: Path | None) -> sqlite3.Connection:
    """A new file to copy into, as closed as what it is a copy of."""
    if key_file is None:
        return sqlite3.connect(target, isolation_level=None)
    return open_raw(f"{target.absolute().as_uri()}?mode=rwc", raw_keys(of, read_key_file(key_file))[0])


def why_closed(path: Path, key_file: Path, raws: list[Raw]) -> JournalDamaged | WrongKey:
    """Whether the key is another's or the file is damaged: its salt and each page's own checksum tell."""
    from breachkit.storage.cipher_pages import any_page_fits

    with path.open("rb") as file:
        ours = file.read(16) in {raw.salt for raw in raws}
    if ours or any(any_page_fits(path, raw) for raw in raws):
        first = "it was cut off" if any(any_page_fits(path, raw, 1) for raw in raws) else "its first page was changed"
        return JournalDamaged(f"{path} is damaged: the key is right, but {first}")
    return WrongKey(
        f"{key_file} is not the key of {path}, or nothing in that file is as it was written. It was not touched: "
        "look for the key file that was made with it; a back-up holds both"
    )


def _undo(path: Path, raws: list[Raw]) -> None:
    """Let SQLite undo what a stopped change of key left half written: a reader cannot, and would find no page to read."""
    for raw in raws:
        try:
            connection = _opened(path, raw, "rw")
        except driver_errors():
            continue  # somebody else is at it, or the folder cannot be written: what follows says so
        if connection is not None:
            connection.close()
            return


def _opened(path: Path, raw: Raw, mode: str) -> sqlite3.Connection | None:
    uri = path.absolute().as_uri()
    connection = open_raw(f"{uri}?mode={mode}", raw)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver_errors() as error:
        connection.close()
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        shut = code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)  # by the version of SQLite
        if shut and mode == "ro" and not has_wal(path) and not is_half_written(path):
            return _opened(path, raw, "ro&immutable=1")  # a read-only folder, where the shared memory cannot be made
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT):
            return None
        raise
    except BaseException:
        connection.close()
        raise
    return connection
