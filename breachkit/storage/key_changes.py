"""A key made, its passphrase changed, an unlocked one recovered, and the data key itself replaced.

Each step leaves a key file on the disk that opens what lies beside it, whenever the process is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from breachkit.errors import JournalDamaged, Refused
from breachkit.storage import system_keyring, unlocked
from breachkit.storage.cipher import open_raw, raw_key
from breachkit.storage.files import store_of
from breachkit.storage.keyfile import (
    Generation,
    KeyFile,
    as_bytes,
    new_data_key,
    new_database_id,
    unwrap,
    wrap,
    write_key_file,
)
from breachkit.storage.keys import SHORTEST, data_keys, forget, hold
from breachkit.storage.recovery_code import new_code, read_code, spelled
from breachkit.storage.sqlite import driver_errors, plainly

Told = Callable[[str], None]
"""Shows a new recovery code to its owner. It is called before the code is needed, and once."""


def make_key(path: Path, passphrase: str | None, *, keyring: bool, told: Told) -> KeyFile:
    """A new key file. Refused when one is there; `passphrase` may be None only with the keyring."""
    if passphrase is None and not keyring:
        raise Refused("an encrypted journal needs a passphrase, or the system's keyring (--keyring)")
    database, secret, code = new_database_id(), new_data_key(), new_code()
    if keyring:
        system_keyring.put(database, {1: secret})
    file = KeyFile(path, database, (_generation(1, database, secret, passphrase, code),), keyring)
    write_key_file(file, new=True)
    hold(file, {1: secret})
    told(spelled(code))
    return file


def change_passphrase(file: KeyFile, passphrase: str) -> KeyFile:
    """The same data key under another passphrase. The old one still opens back-ups made before."""
    keys = data_keys(file)
    _check(passphrase)
    wrapped = tuple(
        replace(one, passphrase=wrap(keys[one.number], as_bytes(passphrase), "passphrase", file.database, one.number))
        for one in file.generations
    )
    changed = replace(file, generations=wrapped)
    write_key_file(changed)
    return changed


def recover(file: KeyFile, code: str, passphrase: str, *, told: Told) -> KeyFile:
    """A new passphrase and a new code, with the old code. WrongKey when it is another's; BadValue when it is mistyped."""
    bits = read_code(code)
    _check(passphrase)
    keys = {one.number: unwrap(one.recovery, bits, "recovery", file, one.number) for one in file.generations}
    fresh = new_code()
    told(spelled(fresh))
    made = tuple(_generation(one.number, file.database, keys[one.number], passphrase, fresh) for one in file.generations)
    changed = replace(file, generations=made)
    write_key_file(changed)
    hold(changed, keys)
    return changed


def rotate(file: KeyFile, passphrase: str | None, *, told: Told, progress: Callable[[str], None] = lambda _: None) -> KeyFile:
    """Another data key: every page of journal and vault is written anew. May be killed and run again at any point.

    Both keys stay in the key file, each wrapped, until both stores are known to open with the new one. `passphrase` must
    be the one in use, None where there is none. Refused while anybody has the journal or the vault open.
    """
    keys = dict(data_keys(file))
    if file.newest.passphrase is not None:
        if passphrase is None:
            raise Refused("a change of the data key needs the passphrase, to wrap the new one with")
        unwrap(file.newest.passphrase, as_bytes(passphrase), "passphrase", file, file.newest.number)
    code = new_code()
    number = file.newest.number if len(file.generations) > 1 else file.newest.number + 1
    secret = keys.setdefault(number, new_data_key())
    newest = _generation(number, file.database, secret, passphrase if file.newest.passphrase else None, code)
    old = file.generations[-1]
    old = replace(old, recovery=wrap(keys[old.number], code, "recovery", file.database, old.number))
    pending = replace(file, generations=(newest, old))  # one code for both, until the old key is gone
    stores = [store for store in _stores(file.path) if store.exists()]
    for store in stores:
        _alone(store, pending, keys)
    if file.keyring:
        system_keyring.put(file.database, keys)
    told(spelled(code))  # before it is the one that counts: whoever is interrupted here has both codes
    write_key_file(pending)
    for store in stores:
        progress(f"{store.name} is written anew")
        _rekey(store, pending, keys)
    done = replace(pending, generations=(newest,))
    write_key_file(done)
    _after(done, {number: secret})
    return done


def _after(file: KeyFile, keys: unlocked.Keys) -> None:
    left = unlocked.seconds_left(file.database)
    if left is not None:
        unlocked.keep(file.database, keys, left)
    if file.keyring:
        system_keyring.put(file.database, keys)
    forget(file.database)
    hold(file, keys)


def _stores(key_file: Path) -> tuple[Path, Path]:
    journal = key_file.with_suffix("")
    return journal, journal.with_name(journal.name + ".vault")


def _alone(path: Path, file: KeyFile, keys: unlocked.Keys) -> None:
    """Refused unless nobody else has the store open, before anything is changed."""
    with plainly(path), closing(_opened(path, file, keys)[0]) as connection:
        take(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")


def take(connection: sqlite3.Connection, path: Path) -> None:
    """Hold the file so that nobody can even open it meanwhile, and without a log of pages under the old key."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
            raise Refused(f"{path}: its log could not be put away")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except driver_errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise Refused(
                f"{path} is open in another terminal or command; nothing was changed. Close it there, then try again"
            ) from None
        raise


def _rekey(path: Path, file: KeyFile, keys: unlocked.Keys) -> None:
    """One transaction of SQLite's: after a kill the file opens with one of the two keys, and both are in the key file."""
    new = raw_key(keys[file.newest.number], file.database, store_of(path)[1])
    with plainly(path):
        connection, number = _opened(path, file, keys)
        with closing(connection):
            if number != file.newest.number:
                take(connection, path)
                connection.execute("PRAGMA synchronous = EXTRA")
                connection.execute(f"PRAGMA rekey = {new.spec}")
        with closing(open_raw(f"{path.absolute().as_uri()}?mode=rw", new)) as again:
            bad = again.execute("PRAGMA cipher_integrity_check").fetchall()
            if bad or again.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise JournalDamaged(f"{path} does not read back under its new key; both keys were kept: {bad[:1]}")


def _opened(path: Path, file: KeyFile, keys: unlocked.Keys) -> tuple[sqlite3.Connection, int]:
    """The store and the generation that opens it; older first, so that an interrupted change is undone under its own key."""
    for one in reversed(file.generations):
        raw = raw_key(keys[one.number], file.database, store_of(path)[1])
        connection = open_raw(f"{path.absolute().as_uri()}?mode=rw", raw)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except driver_errors() as error:
            connection.close()
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOTADB) & 0xFF != sqlite3.SQLITE_NOTADB:
                raise
            continue
        return connection, one.number
    raise JournalDamaged(f"{path} opens with no key of {file.path}; nothing more was changed")


def _generation(number: int, database: str, secret: bytes, passphrase: str | None, code: bytes) -> Generation:
    wrapped = None
    if passphrase is not None:
        _check(passphrase)
        wrapped = wrap(secret, as_bytes(passphrase), "passphrase", database, number)
    return Generation(number, wrapped, wrap(secret, code, "recovery", database, number))


def _check(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise Refused(f"a passphrase has at least {SHORTEST} letters: four or five words that belong to no sentence")


def use_keyring(file: KeyFile) -> KeyFile:
    """Let the system's keyring keep the data key too. Refused where there is none."""
    system_keyring.put(file.database, data_keys(file))
    changed = replace(file, keyring=True)
    write_key_file(changed)
    return changed
