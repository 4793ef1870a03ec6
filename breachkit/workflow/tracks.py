"""What of a journal is for counsel alone: entries on the privileged track stay out of papers that leave the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from breachkit.domain.journal import Entry, Track
from breachkit.workflow.subjects import Subject, subject_of_entries

_TRACKS: dict[str, Track] = {name: name for name in get_args(Track)}


@dataclass(frozen=True)
class OnRecord:
    """A subject as the entries tell it that may be shown."""

    subject: Subject
    left_out: int
    """How many entries were left out."""


def tracks_of(entries: Iterable[Entry]) -> dict[int, Track]:
    """Each entry's track by its number: the one it was recorded on, or the one a later `track.changed` gave it.

    Such an entry names the other in `seq` and the new track in `track`.
    """
    found: dict[int, Track] = {}
    for entry in entries:
        found[entry.seq] = entry.track
        seq, track = entry.body.get("seq"), _TRACKS.get(str(entry.body.get("track")))
        if entry.kind == "track.changed" and isinstance(seq, int) and seq in found and track is not None:
            found[seq] = track
    return found


def on_record(subject: Subject, *, privileged: bool = False) -> OnRecord:
    """The subject without what was recorded on the privileged track; `privileged` leaves it in. The opening always stays."""
    tracks = tracks_of(subject.entries)
    kept = tuple(e for e in subject.entries if tracks[e.seq] != "privileged" or e.kind == "incident.opened")
    if privileged or subject.incident is None or len(kept) == len(subject.entries):
        return OnRecord(subject, 0)
    return OnRecord(subject_of_entries(subject.name, kept, subject.exercise), len(subject.entries) - len(kept))
