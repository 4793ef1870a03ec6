"""The vault's file: whether there is one, and what to do where it is damaged. What lies in it is for `vault.py`."""

from __future__ import annotations

from pathlib import Path

from breachkit.errors import JournalDamaged, UsageError
from breachkit.storage.files import secure, wal_of
from breachkit.storage.opening import Opened, open_sound
from breachkit.storage.sqlite import VAULT, plainly
from breachkit.storage.sqlite_database import SqliteDatabase
from breachkit.storage.vault_restored import doubt_what_was_restored


def open_vault_file(path: Path, *, read_only: bool) -> Opened:
    """Open the file; made when it is not there, unless it is only read: then UsageError.

    JournalDamaged when it cannot be trusted: nothing of it is mended or begun anew, since it alone knows who has a notice.
    """
    if read_only and not (path.exists() or path.is_symlink() or wal_of(path).exists()):
        raise UsageError(f"there is no vault at {path}: nothing was queued or attached yet")
    try:
        warnings = secure(path, create=not read_only, read_only=read_only)
        with plainly(path):
            connection = open_sound(path, warnings, read_only=read_only, kind=VAULT)
            if not read_only:
                connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten too
    except JournalDamaged as damage:
        raise JournalDamaged(
            f"{damage}. It is the vault, which knows who has which notice: it was not touched, and nothing is sent without it. "
            "Keep the file, and put your latest backup of it in its place (breachkit restore). The journal is a file of its own"
        ) from damage
    database = SqliteDatabase(path, connection, read_only=read_only)
    if said := doubt_what_was_restored(database, path, read_only=read_only):
        warnings.append(said)
    return Opened(database, warnings)
