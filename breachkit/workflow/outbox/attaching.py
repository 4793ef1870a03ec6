"""Files kept with an incident: the hash and a label in the journal, bytes and name in the vault."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, get_args

from breachkit.domain.journal import Draft, Entry, Track
from breachkit.errors import JournalDamaged, Refused, UnknownName, UsageError
from breachkit.storage.attachments import Attachment, add, attachments, content
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.workflow.outbox.releasing import append
from breachkit.workflow.outbox.remembered import for_good
from breachkit.workflow.subjects import subject_of_incident
from breachkit.workflow.workspace import Workspace

_TRACKS: dict[str, Track] = {name: name for name in get_args(Track)}


def attach(
    space: Workspace, journal: Journal, vault: Vault, incident: str, path: Path, label: str, track: str
) -> tuple[Attachment, bool]:
    """Keep a file; False beside it when it was kept before. Refused for what is no plain file."""
    label = for_good(label, "--label", "AEPD receipt")
    if (kept := _TRACKS.get(track.replace("-", "_"))) is None:
        raise UnknownName("track", track, [name.replace("_", "-") for name in _TRACKS])
    subject_of_incident(journal, incident, space)  # UnknownName for one there is not
    with os.fdopen(_opened(path), "rb") as file:
        at = space.writing_time().isoformat(timespec="milliseconds")
        one, new = add(vault, incident, path.name.encode(errors="replace").decode(), file, at=at)
    if new or one.sha256 not in _told(journal, incident):  # it was kept by a command that was stopped before it said so
        body: dict[str, Any] = {"sha256": one.sha256, "size": one.size, "label": label}
        append(space, journal, incident, Draft("attachment.added", body, kept))
    return one, new


def listed(journal: Journal, vault: Vault | None, incident: str) -> list[dict[str, Any]]:
    """An incident's attachments as JSON, with what the journal says of each; `name` is None once it was erased."""
    held = {one.sha256: one for one in attachments(vault, incident)} if vault is not None else {}
    told = _told(journal, incident)
    return [
        {
            "sha256": sha256,
            "name": held[sha256].name if sha256 in held else None,
            "size": held[sha256].size if sha256 in held else told[sha256].body["size"],
            "added_at": held[sha256].added_at if sha256 in held else None,
            "label": told[sha256].body["label"] if sha256 in told else None,
            "track": told[sha256].track if sha256 in told else None,
        }
        for sha256 in dict.fromkeys([*told, *held])
    ]


def write_out(vault: Vault | None, incident: str, named: str, out: Path) -> int:
    """Write one to a new file for its owner alone; how many bytes. `named` is its hash, or the beginning of it."""
    held = attachments(vault, incident) if vault is not None else []
    found = [one for one in held if one.sha256.startswith(named)] if named else []
    if vault is None or len(found) != 1:
        hint = f"(`breachkit attach {incident}` lists them; one that was erased cannot be written out)"
        raise UnknownName("attachment", named, [one.sha256 for one in held], hint=hint)
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as problem:
        raise Refused(f"{out} could not be written: {problem.strerror}") from problem
    try:
        with os.fdopen(descriptor, "wb") as file:
            return sum(file.write(block) for block in content(vault, incident, found[0].sha256))
    except JournalDamaged as damage:
        raise JournalDamaged(
            f"{damage}. What there is was written to {out}; put the vault's backup back for the rest"
        ) from damage


def _opened(path: Path) -> int:
    """A descriptor of a plain file, opened for reading. Nobody can put a link or a pipe in its place meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as problem:
        raise UsageError(f"there is no file {path}") from problem
    except OSError as problem:
        link = "; name the file itself, not a link" if path.is_symlink() else ""
        raise Refused(f"{path} cannot be read: {problem.strerror}{link}") from problem
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(f"{path} is no plain file")
    return descriptor


def _told(journal: Journal, incident: str) -> dict[str, Entry]:
    """The entries of attachments, by hash."""
    return {str(entry.body["sha256"]): entry for entry in journal.entries(incident) if entry.kind == "attachment.added"}
