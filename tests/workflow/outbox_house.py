"""A real incident of Example Co whose letters are approved and made, once for the whole run; each test gets its own copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.organisations import load_organisation, organisation_folder, read_profile
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.organisation import Organisation
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.workflow import approval, recording
from breachkit.workflow.batch import Order as BatchOrder
from breachkit.workflow.batch import run_batch
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.outbox import front
from breachkit.workflow.outbox.queueing import Order, Queued, queue_batch
from breachkit.workflow.subjects import Answer, answer, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.workflow.approving import FACTS

LETTER = "eu.gdpr.34"
NAMES = {"1": "Ana Uno", "2": "Ben Dos", "3": "Cy Tres"}
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class House:
    """One incident's desk: a journal, a vault and a batch of three letters."""

    space: Workspace
    folder: Path
    incident: str = "INC-1"

    @property
    def letters(self) -> Path:
        """The finished batch."""
        return self.folder / "letters"

    @contextmanager
    def open(self) -> Iterator[tuple[Journal, Vault]]:
        """Journal and vault, open for writing."""
        with self.space.journal() as journal, self.space.vault() as vault:
            yield journal, vault

    def judged(self) -> Answer:
        """The duties as they stand."""
        with self.space.journal(read_only=True) as journal:
            return answer(subject_of_incident(journal, self.incident, self.space), self.space)

    def queue(self, order: Order | None = None, *duties: str) -> list[Queued]:
        """Put the batch into the outbox."""
        found = self.judged()
        with self.space.vault() as vault:
            return queue_batch(found, vault, self.space, self.letters, duties, order or Order())

    def kinds(self) -> list[str]:
        """The kinds of all entries."""
        with self.space.journal(read_only=True) as journal:
            return [entry.kind for entry in journal.entries(self.incident)]

    def approve(self, by: str, duty: str = LETTER) -> None:
        """One more person approves."""
        with self.space.journal() as journal:
            approval.approve(self.space, journal, self.incident, duty, draft_notice, by=by, incomplete="a test")


def build(
    folder: Path,
    *,
    cache: Path | None = None,
    invented: bool = False,
    approvals: int = 1,
    approved: bool = True,
    database: str = "",
) -> House:
    """Open the incident, approve its letter and make the batch. It takes a second or two: once for many tests.

    `cache` is for a fixture of the whole run, which is made before any test has a home of its own. `database`: a server's URL
    instead of a file in the folder.
    """
    with pytest.MonkeyPatch.context() as patch:
        if cache is not None:
            patch.setenv("BREACHKIT_CACHE", str(cache))
            patch.delenv("BREACHKIT_HOME", raising=False)
            patch.delenv("BREACHKIT_LAWS", raising=False)
        return _build(
            folder, database or str(folder / "breachkit.db"), invented=invented, approvals=approvals, approved=approved
        )


def _build(folder: Path, database: str, *, invented: bool, approvals: int, approved: bool) -> House:
    folder.mkdir(mode=0o700, parents=True)
    house = House(Workspace(database=database, actor="ana", clock=lambda: NOON), folder)
    facts: dict[str, Any] = {**FACTS, "risk.level": "high", "contact.email": "privacy@example.com"}
    facts |= {"incident.invented": "yes"} if invented else {}
    with house.space.journal() as journal:
        recording.open_incident(
            house.space, journal, title="Stolen laptop", organisation=_company(approvals), facts=facts, source="a test"
        )
    if approved:
        house.approve("Ana Example")
    write_people(folder / "people.csv")
    run_batch(house.judged(), [LETTER], house.space, BatchOrder(folder / "people.csv", house.letters), lambda *_: None)
    return house


def write_people(path: Path) -> None:
    """Three made-up people of one place."""
    rows = [f"{id},{name},{name.split()[0].lower()}@example.com,ES" for id, name in NAMES.items()]
    path.write_text("\n".join(["id,name,email,country", *rows, ""]))


def copied(house: House, folder: Path) -> House:
    """The same in a folder of its own, where it is taken for the only one."""
    twin = twin_of(house, folder)
    if (folder / "breachkit.db.vault").exists():
        with twin.space.vault() as vault:
            front.moved_here(vault)
    return twin


def twin_of(house: House, folder: Path) -> House:
    """A plain copy of all its files, as `cp -r` makes it."""
    shutil.copytree(house.folder, folder, symlinks=True)
    space = Workspace(database=str(folder / "breachkit.db"), actor="ana", clock=lambda: NOON)
    return House(space, folder)


def _company(approvals: int) -> Organisation:
    if approvals == 1:
        return load_organisation("example-co")
    data = read_yaml(organisation_folder() / "example-co.yaml")
    return read_profile({**data, "release": {"approvals": str(approvals)}}, "example-co.yaml")
