"""Erasing people's data of an incident, with an entry in the journal that says so; the chain holds before and after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.storage.vault_erasing import erase_people, scrub
from breachkit.workflow.outbox.releasing import append
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
    """Erase it, then keep in the journal how much and why. Refused while letters are not settled, unless that is said."""
    subject_of_incident(journal, incident, space)  # UnknownName for one there is not
    bodies = [one.body for one in vault.dispatches(incident)]
    folders = {str(body[key]) for body in bodies for key in ("folder", "out") if body.get(key)}
    at = space.writing_time().isoformat(timespec="milliseconds")
    erased = erase_people(vault, incident, at=at, actor=space.who, unsettled=unsettled)
    left = scrub(vault)
    append(space, journal, incident, Draft("people.purged", {**erased, "reason": reason}))
    there = [f"the letters in {folder}" for folder in sorted(folders) if Path(folder).exists()]
    return Purged(erased, tuple(left), (*there, "backups made before, and what mail servers keep"))
