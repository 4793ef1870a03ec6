"""Erasing what names a person: addresses, letters and attachments go, envelopes and what happened to them stay."""

from __future__ import annotations

from typing import Final

from breachkit.domain.envelope import said
from breachkit.errors import BreachkitError, Refused
from breachkit.storage.vault import Vault, as_json

_TABLES: Final = ("person", "letter", "attachment", "attachment_part")


def erase_people(vault: Vault, incident: str, *, at: str, actor: str, unsettled: bool = False) -> dict[str, int]:
    """Erase who an incident's messages were for and what they said, and its attachments. How many of what.

    Refused while letters wait or are in doubt, unless `unsettled`: afterwards nobody can tell whose letter it was.
    """
    mine = vault.dispatches(incident)
    counts = vault.counts(mine)
    waiting = {status: number for status, number in counts.items() if number and status in ("queued", "sending", "in_doubt")}
    if counts["sending"] or (waiting and not unsettled):
        words = ", ".join(f"{number} {said(status)}" for status, number in waiting.items())
        raise Refused(f"{incident} has letters that are not settled ({words}); send or settle them first")
    erased = {"envelopes": 0, "letters": 0, "attachments": 0}
    database = vault.database
    with vault.writing():
        for one in mine:
            inside = "envelope IN (SELECT n FROM envelope WHERE dispatch = ?)"
            erased["envelopes"] += database.run(f"DELETE FROM person WHERE {inside}", (one.n,))  # noqa: S608 - holds no value
            erased["letters"] += database.run(f"DELETE FROM letter WHERE {inside}", (one.n,))  # noqa: S608 - holds no value
            query = "UPDATE dispatch SET state = 'purged', body = ? WHERE n = ?"
            database.run(query, (as_json({**one.body, "purged_at": at, "purged_by": actor}), one.n))
        database.run("DELETE FROM attachment_part WHERE incident = ?", (incident,))
        erased["attachments"] = database.run("DELETE FROM attachment WHERE incident = ?", (incident,))
    return erased


def scrub(vault: Vault) -> list[str]:
    """Give up the space that erased rows took, so that nothing of them is left in the files. What could not be done."""
    if vault.database.dialect == "sqlite":
        vault.database.run("VACUUM")
        busy = vault.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        return ["another process has the vault open: its log still holds what was erased; purge again"] if busy else []
    left = []
    for table in _TABLES:
        try:
            vault.database.run(f"VACUUM (FULL) {table}")
        except BreachkitError as problem:
            left.append(f"{table} could not be rewritten ({problem}); its owner runs VACUUM FULL breachkit_vault.{table}")
    return left
