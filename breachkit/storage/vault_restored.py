"""A vault that came out of a back-up does not know what was sent after that was made: what waits in it is in doubt, not queued.

The mark lies beside the vault from before it is put in place until the doubt is on record, so no crash loses it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from breachkit.domain.envelope import may_become
from breachkit.storage.database import Database
from breachkit.storage.vault_events import EVENT

SUFFIX: Final = ".restored"
"""What is put behind the vault's name; the mark holds when the back-up was made (RFC 3339)."""


def mark_of(vault: Path) -> Path:
    """Where the mark of a vault's file lies."""
    return vault.with_name(vault.name + SUFFIX)


def doubt_what_was_restored(database: Database, vault: Path, *, read_only: bool) -> str | None:
    """Put what was queued in doubt, once; what the owner should hear. With `read_only` only the words."""
    mark = mark_of(vault)
    if not mark.is_file() or mark.is_symlink():
        return None
    made_at = "".join(mark.read_text("ascii", "replace").split())[:40]
    words = f"restored from a back-up of {made_at}; it may have been sent since"
    which = may_become("in_doubt", "restore")
    waiting = f"SELECT n FROM envelope WHERE status IN ({','.join('?' * len(which))})"  # noqa: S608 - only question marks
    if read_only:
        count = len(database.rows(waiting, which))
    else:
        with database.transaction():
            numbers = [n for (n,) in database.rows(waiting, which)]
            move = "UPDATE envelope SET status = 'in_doubt', sender = NULL, at = ? WHERE n = ?"
            database.run_many(move, [(made_at, n) for n in numbers])
            database.run_many(EVENT, [(n, made_at, "in_doubt", "restore", None, words, "", "") for n in numbers])
        count = len(numbers)
        database.run("DELETE FROM meta WHERE key = 'inode'")  # it lies here now, and what waited is in doubt
        mark.unlink(missing_ok=True)
    if not count:
        return None
    what = "the letter that was queued then is" if count == 1 else f"the {count:,} letters that were queued then are"
    return f"this vault was {words}: {what} in doubt, and nothing is sent again by itself"
