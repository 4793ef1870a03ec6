"""Erasing people's data of an incident, with an entry in the journal that says so; the chain holds before and after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.storage.vault_erasing import erase_people, scrub
from breachkit.workflow.outbox.releasing import append
from breachkit.workflow.outbox.remembered import for_good
from breachkit.workflow.subjects import subject_of_incident
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class Purged:
    """What was erased."""

    erased: dict[str, int]
    left: tuple[str, ...]
    """What could not be overwritten, in words."""
    elsewhere: tuple[str, ...]
    """Places outside the vault that hold the same people's data, as far as breachkit knows."""


def purge_people(
    space: Workspace, journal: Journal, vault: Vault, incident: str, reason: str, *, unsettled: bool = False
) -> Purged:
    """Erase it, then keep in the journal how much and why. Refused while letters are not settled, unless that is said.

    Where nothing is left to erase, its space is overwritten once more and the journal keeps nothing.
    """
    subject_of_incident(journal, incident, space)  # UnknownName for one there is not
    reason = for_good(reason, "--reason", "retention period ended")
    bodies = [one.body for one in vault.dispatches(incident)]
    folders = {str(body[key]) for body in bodies for key in ("folder", "out") if body.get(key)}
    folders |= {str(folder) for body in bodies for folder in body.get("out_before", ())}
    at = space.writing_time().isoformat(timespec="milliseconds")
    erased = erase_people(vault, incident, at=at, actor=space.who, unsettled=unsettled)
    untold = not any(erased.values()) and _untold(journal, vault, incident)
    if untold:  # a purge that was stopped between erasing and this entry
        erased = erased | {"envelopes": sum(vault.counts(vault.dispatches(incident)).values())}
    if any(erased.values()):
        append(space, journal, incident, Draft("people.purged", {**erased, "reason": reason}))
    left = scrub(vault)
    there = [f"the letters in {folder}" for folder in sorted(folders) if Path(folder).exists()]
    there += [f"a copy from before an upgrade, {copy}" for copy in _copies(vault)]
    return Purged(
        erased,
        tuple(left),
        (*there, "back-ups made before (restoring one brings the people back), evidence handed on, and what mail servers keep"),
    )


def _untold(journal: Journal, vault: Vault, incident: str) -> bool:
    """Whether something was erased of which the journal says nothing."""
    told = any(entry.kind == "people.purged" for entry in journal.entries(incident))
    return not told and any(one.state == "purged" for one in vault.dispatches(incident))


def kept_of(vault: Vault, incident: str) -> tuple[int, int]:
    """How many people's letters and how many attachments could be erased."""
    query = (
        "SELECT count(*) FROM person p JOIN envelope e ON e.n = p.envelope "
        "JOIN dispatch d ON d.n = e.dispatch WHERE d.incident = ?"
    )
    files = "SELECT count(*) FROM attachment WHERE incident = ?"
    return vault.database.rows(query, (incident,))[0][0], vault.database.rows(files, (incident,))[0][0]


def _copies(vault: Vault) -> list[Path]:
    path = vault.database.path
    return sorted(path.parent.glob(f"{path.name}.schema-*")) if path is not None else []
