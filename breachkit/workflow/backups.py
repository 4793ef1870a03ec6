"""Back-ups: made while others work, tried out before they are needed, and put in place where there is no journal."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from breachkit import __version__
from breachkit.errors import BreachkitError, JournalDamaged, UsageError
from breachkit.storage import backup, backup_file, restoring
from breachkit.storage.database import is_postgresql
from breachkit.storage.files import locate, make_folder
from breachkit.storage.journal import Journal
from breachkit.workflow.workspace import Workspace

Progress = Callable[[str], None]


@dataclass
class Drill:
    """What trying out a back-up showed."""

    manifest: dict[str, Any]
    age: timedelta
    faults: list[str] = field(default_factory=list)
    live: str | None = None
    """The database it was compared with; None when there is none."""
    newer: int = 0
    """Entries of the live database that the back-up does not have yet."""
    gone: list[str] = field(default_factory=list)
    """Incidents whose head in the back-up is no part of the live database: one of the two was changed."""

    @property
    def sound(self) -> bool:
        return not self.faults and not self.gone

    def as_json(self) -> dict[str, Any]:
        """For `restore --verify --json`."""
        return {
            "ok": self.sound,
            "made_at": self.manifest["made_at"],
            "age_seconds": int(self.age.total_seconds()),
            "encrypted": self.manifest["encrypted"],
            "incidents": len(self.manifest["heads"]),
            "entries": self.manifest["entries"],
            "envelopes": self.manifest["envelopes"],
            "faults": self.faults,
            "compared_with": self.live,
            "newer_entries": self.newer,
            "not_in_live": self.gone,
        }


def make(space: Workspace, out: Path, *, progress: Progress) -> dict[str, Any]:
    """Write a back-up of journal and vault; its manifest."""
    return backup.back_up(space.where, out, made_at=space.writing_time(), program=f"breachkit {__version__}", progress=progress)


def drill(space: Workspace, archive: Path) -> Drill:
    """Unpack, open, check every part, and compare with the live database. Nothing stays and nothing is changed."""
    with tempfile.TemporaryDirectory(prefix="breachkit-") as place:
        folder = Path(place)
        manifest = backup_file.unpack(archive, folder)
        found = Drill(manifest, space.now - backup_file.made_at(manifest), restoring.faults(folder, manifest))
    _compare(found, space)
    return found


def restore(archive: Path, to: str, *, progress: Progress) -> dict[str, Any]:
    """Put a back-up where no journal is, after the same checks; its manifest. JournalDamaged when one of them fails."""
    if is_postgresql(to):
        raise UsageError(
            "a back-up is restored to a file. For a server, keep dumps of pg_dump and restore them with pg_restore; "
            "a journal cannot be written into a server's tables without its owner's rights"
        )
    path = locate(to)
    restoring.refuse_taken(path)
    make_folder(path.parent)
    with backup.workplace(path) as folder:
        manifest = backup_file.unpack(archive, folder)
        restoring.refuse_taken(path, folder)
        progress("unpacked; every part is checked")
        if wrong := restoring.faults(folder, manifest):
            raise JournalDamaged(f"{archive} was not restored: {'; '.join(wrong)}")
        restoring.put_in_place(folder, path, manifest)
    return manifest


def _compare(found: Drill, space: Workspace) -> None:
    if not is_postgresql(space.where) and not locate(space.where).exists():
        return
    try:
        with Journal.open(space.where, read_only=True, create=False) as live:
            found.live = live.place
            heads = live.heads()
            for incident, (seq, digest) in found.manifest["heads"].items():
                if not live.holds(incident, seq, digest):
                    found.gone.append(incident)
            kept = found.manifest["heads"]
            found.newer = sum(max(0, seq - kept.get(incident, (0, ""))[0]) for incident, (seq, _) in heads.items())
    except BreachkitError as problem:
        found.faults.append(f"the live database could not be compared: {problem}")
