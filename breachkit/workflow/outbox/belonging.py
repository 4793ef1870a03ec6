"""Whether a vault is this journal's own, lies where it lay, and a batch was queued from elsewhere: each could send twice.

None of it is a lock: who copies files by hand can get round it. It says what it sees before anything leaves.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from breachkit.domain.journal import Entry
from breachkit.errors import Refused
from breachkit.storage.vault import Dispatch, Vault

_MARK: Final = "queued.jsonl"
"""In a batch's folder: a line for each dispatch its letters were put into. It names nobody."""
_INODE: Final = "inode"
_MOST: Final = 100_000


def begins(entries: Sequence[Entry]) -> str:
    """What names an incident's own journal: the hash of its first entry; empty where there is none."""
    return entries[0].hash if entries else ""


def foreign(entries: Sequence[Entry], held: Iterable[Dispatch]) -> str | None:
    """Why the vault is another journal's; None when it is this one's, as far as its dispatches tell."""
    for one in held:
        if one.body.get("begins", begins(entries)) != begins(entries):
            return (
                f"the vault beside this journal is another journal's ({one.id} was queued from that one): "
                "who has which notice is not known here. Put this journal's own vault back"
            )
    return None


def still_waiting(vault: Vault, incident: str, finding: str) -> str | None:
    """The dispatch of that notice in which letters still wait: begun anew beside it, people would get both."""
    for one in vault.dispatches(incident):
        counts = vault.counts([one])
        if one.finding == finding and one.state != "purged" and (counts["queued"] or counts["sending"]):
            return one.id
    return None


def queued_elsewhere(folder: Path, entries: Sequence[Entry], held: Iterable[Dispatch]) -> str | None:
    """Why a batch's letters are known to another vault; None when they are not, or only to this one."""
    path = folder / _MARK
    if not path.is_file() or path.is_symlink():
        return None
    known = {(begins(entries), one.id, one.finding) for one in held}
    for line in path.read_text("utf-8", "replace")[:_MOST].splitlines():
        try:
            said = json.loads(line)
            one = (str(said["begins"]), str(said["dispatch"]), str(said["duty"]))
        except (ValueError, KeyError, TypeError):
            continue
        if one not in known:
            return (
                f"the batch in {folder} was queued before, as {one[1]} of {one[2]}, into a vault that is not this one, or is a "
                "newer one: people may have it already. To queue it here all the same: --again REASON"
            )
    return None


def mark_queued(folder: Path, entries: Sequence[Entry], one: Dispatch) -> None:
    """Note in the batch's folder where its letters were queued. Refused for a mark that is a link."""
    path = folder / _MARK
    said = {"begins": begins(entries), "dispatch": one.id, "duty": one.finding, "incident": one.incident}
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(path, flags, 0o600), "ab") as file:
            file.write((json.dumps(said, sort_keys=True) + "\n").encode())
    except OSError as problem:
        raise Refused(f"{path} could not be written ({problem.strerror}); nothing was queued") from problem


def moved(vault: Vault) -> str | None:
    """Why the vault may be a copy: it is another file than the one letters were queued in. None for a server's."""
    kept, now = vault.remembered(_INODE), _inode(vault)
    if not kept or now is None or kept == now:
        return None
    return (
        "the vault is another file than when letters were queued: it was moved, or copied, and a copy may have sent what waits "
        "here. If nothing is sent from any other copy: breachkit send run with --moved"
    )


def stays_here(vault: Vault) -> None:
    """Take the file as it lies now for the only one; part of the transaction it is called in, if it is in one."""
    if (now := _inode(vault)) is not None:
        vault.remember(_INODE, now)


def _inode(vault: Vault) -> str | None:
    path = vault.database.path
    return None if path is None else str(path.stat().st_ino)
