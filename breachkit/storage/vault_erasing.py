"""Erasing what names a person: addresses, letters and attachments go, envelopes and what happened to them stay."""

from __future__ import annotations

from typing import Final

from breachkit.domain.envelope import said
from breachkit.errors import BreachkitError, Refused
from breachkit.storage.vault import Dispatch, Vault, as_json

_TABLES: Final = ("person", "letter", "attachment", "attachment_part")


def erase_people(vault: Vault, incident: str, *, at: str, actor: str, unsettled: bool = False) -> dict[str, int]:
    """Erase who an incident's messages were for and what they said, and its attachments. How many of what.

    Refused while letters wait or are in doubt, unless `unsettled`: afterwards nobody can tell whose letter it was.
    """
    erased = {"envelopes": 0, "letters": 0, "attachments": 0}
    database = vault.database
    with vault.writing():
        if database.dialect == "postgresql":  # senders stand in no line: none takes a letter from here to the end
            database.run("LOCK TABLE envelope IN SHARE ROW EXCLUSIVE MODE")
        mine = [one for one in vault.dispatches(incident) if one.state != "purged"]
        _refuse_unsettled(vault, incident, mine, unsettled=unsettled)
        for one in mine:
            inside = "envelope IN (SELECT n FROM envelope WHERE dispatch = ?)"
            erased["envelopes"] += database.run(f"DELETE FROM person WHERE {inside}", (one.n,))  # noqa: S608 - holds no value
            erased["letters"] += database.run(f"DELETE FROM letter WHERE {inside}", (one.n,))  # noqa: S608 - holds no value
            query = "UPDATE dispatch SET state = 'purged', body = ? WHERE n = ?"
            database.run(query, (as_json({**one.body, "purged_at": at, "purged_by": actor}), one.n))
        database.run("DELETE FROM attachment_part WHERE incident = ?", (incident,))
        erased["attachments"] = database.run("DELETE FROM attachment WHERE incident = ?", (incident,))
    return erased


def _refuse_unsettled(vault: Vault, incident: str, dispatches: list[Dispatch], *, unsettled: bool) -> None:
    counts = vault.counts(dispatches)
    waiting = {status: number for status, number in counts.items() if number and status in ("queued", "sending", "in_doubt")}
    if not waiting or (unsettled and not counts["sending"]):
        return
    words = ", ".join(f"{number:,} {said(status)}" for status, number in waiting.items())
    what = (
        "a sender has some now, or was stopped (breachkit send recover)" if counts["sending"] else "send or settle them first"
    )
    raise Refused(f"{incident} has letters that are not settled ({words}); {what}. Nothing was erased")


def scrub(vault: Vault) -> list[str]:
    """Give up the space that erased rows took, so that nothing of them is left in the files. What could not be done.

    The rows are erased by then: whatever fails here is said, and never raised.
    """
    if vault.database.dialect == "sqlite":
        return _scrub_file(vault)
    left = []
    for table in _TABLES:
        try:
            vault.database.run(f"VACUUM (FULL) {table}")
        except BreachkitError as problem:
            left.append(f"{table} could not be rewritten ({problem}); its owner runs VACUUM FULL breachkit_vault.{table}")
    return left


def _scrub_file(vault: Vault) -> list[str]:
    try:
        vault.database.run("VACUUM")
        busy = vault.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
    except BreachkitError as problem:
        return [f"it is erased, but its space could not be overwritten ({problem}); purge again"]
    if busy:
        return ["it is erased, but another process has the vault open and its log still holds it; close that, and purge again"]
    return []
