"""Files kept with an incident: the hash and a label in the journal, bytes and name in the vault."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, get_args

from breachkit.domain.journal import Draft, Track
from breachkit.errors import Refused, UnknownName
from breachkit.storage.attachments import Attachment, add, attachments, content
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.workflow.outbox.releasing import append
from breachkit.workflow.subjects import subject_of_incident
from breachkit.workflow.workspace import Workspace

_TRACKS: dict[str, Track] = {name: name for name in get_args(Track)}


def attach(
    space: Workspace, journal: Journal, vault: Vault, incident: str, path: Path, label: str, track: str
) -> tuple[Attachment, bool]:
    """Keep a file; False beside it when it was kept before. Refused for what is no plain file."""
    if (kept := _TRACKS.get(track.replace("-", "_"))) is None:
        raise UnknownName("track", track, [name.replace("_", "-") for name in _TRACKS])
    subject_of_incident(journal, incident, space)  # UnknownName for one there is not
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror}; name the file itself, not a link") from problem
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refused(f"{path} is no plain file")
        at = space.writing_time().isoformat(timespec="milliseconds")
        one, new = add(vault, incident, path.name, file, at=at)
    if new:
        body: dict[str, Any] = {"sha256": one.sha256, "size": one.size, "label": label}
        append(space, journal, incident, Draft("attachment.added", body, kept))
    return one, new


def listed(vault: Vault, incident: str) -> list[dict[str, Any]]:
    """An incident's attachments as JSON."""
    return [
        {"sha256": one.sha256, "name": one.name, "size": one.size, "added_at": one.added_at}
        for one in attachments(vault, incident)
    ]


def write_out(vault: Vault, incident: str, named: str, out: Path) -> int:
    """Write one to a new file for its owner alone; how many bytes. `named` is its hash, or the beginning of it."""
    found = [one for one in attachments(vault, incident) if one.sha256.startswith(named)] if named else []
    if len(found) != 1:
        raise UnknownName("attachment", named, [one.sha256 for one in attachments(vault, incident)])
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as problem:
        raise Refused(f"{out} could not be written: {problem.strerror}") from problem
    with os.fdopen(descriptor, "wb") as file:
        return sum(file.write(block) for block in content(vault, incident, found[0].sha256))
