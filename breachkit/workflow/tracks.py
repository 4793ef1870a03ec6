"""What of a journal a paper may hold: entries lie on the factual, the privileged or the third-party track.

A track decides what leaves the house, never what the law asks: a privileged fact still drives every duty. Moving an entry from
one track to another is recorded here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, get_args

from breachkit.domain.journal import Draft, Entry, Track
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.workflow.subjects import INVENTED, Subject, subject_of_entries, subject_of_incident
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal

TRACKS: Final[dict[str, Track]] = {name: name for name in get_args(Track)}
TRACK_WORDS: Final[Mapping[Track, str]] = {
    "factual": "factual",
    "privileged": "privileged",
    "third_party": "third-party",
}
"""As a paper says them."""
ALL: Final[frozenset[Track]] = frozenset(TRACKS.values())
_FACTS: Final = ("fact.recorded", "fact.corrected")
_ACTS: Final = {"filing.recorded": "filed.", "decision.recorded": "decided."}


@dataclass(frozen=True)
class OnRecord:
    """A subject as the entries tell it that may be shown."""

    subject: Subject
    left_out: int
    """How many entries were left out."""
    withheld: tuple[tuple[int, Track], ...] = ()
    """Number and track of each entry left out: all that may be told of it."""
    pruned: frozenset[int] = frozenset()
    """Entries kept without what they repeat of withheld ones: decisions that note the facts they rested on.

    Their bodies are no longer those that were hashed. Whoever hands out stored bytes withholds these entries too.
    """
    overtaken: tuple[str, ...] = ()
    """Facts that stand here with an older value, since the newer one was left out. For whoever sends the paper, not for it."""


@dataclass(frozen=True)
class Moved:
    """An entry that was moved to another track just now."""

    entry: Entry
    """The entry that says so."""
    moved: Entry
    before: Track
    beside: tuple[int, ...]
    """Entries that record the same fact and stayed where they were."""


def read_track(said: str) -> Track:
    """`third-party` and `third_party` are the same. UnknownName for another word."""
    found = TRACKS.get(said.replace("-", "_"))
    if found is None:
        raise UnknownName("track", said, [name.replace("_", "-") for name in TRACKS])
    return found


def tracks_of(entries: Iterable[Entry]) -> dict[int, Track]:
    """Each entry's track by its number: the one it was recorded on, or the one a later `track.changed` gave it.

    Such an entry names the other in `seq` and the new track in `track`.
    """
    found: dict[int, Track] = {}
    for entry in entries:
        found[entry.seq] = entry.track
        seq, track = entry.body.get("seq"), TRACKS.get(str(entry.body.get("track")))
        if entry.kind == "track.changed" and isinstance(seq, int) and seq in found and track is not None:
            found[seq] = track
    return found


def track_of_fact(subject: Subject, key: str) -> Track:
    """The track of the newest entry that records it; factual when none does."""
    newest = [entry.seq for entry in subject.entries if entry.kind in _FACTS and entry.body.get("key") == key]
    return tracks_of(subject.entries)[newest[-1]] if newest else "factual"


def on_record(subject: Subject, *, privileged: bool = False, keep: frozenset[Track] | None = None) -> OnRecord:
    """The subject as the entries on the tracks of `keep` tell it; None: on all but the privileged one.

    `privileged` keeps that one too, whatever `keep` says. The opening always stays, and so does what marks an incident as
    invented. A facts file has no tracks and stays whole.
    """
    kept_tracks = (ALL - {"privileged"} if keep is None else keep) | ({"privileged"} if privileged else set())
    tracks = tracks_of(subject.entries)
    kept = [entry for entry in subject.entries if tracks[entry.seq] in kept_tracks or _stays(entry)]
    if subject.incident is None or len(kept) == len(subject.entries):
        return OnRecord(subject, 0)
    seen = {entry.seq for entry in kept}
    withheld = tuple((entry.seq, tracks[entry.seq]) for entry in subject.entries if entry.seq not in seen)
    told, pruned = _without_repeats(subject.entries, seen)
    last = _last_said(subject.entries)
    overtaken = sorted(key for key, seq in last.items() if seq not in seen and any(fact_of(e) == key for e in kept))
    again = subject_of_entries(subject.name, told, subject.exercise)
    return OnRecord(again, len(withheld), withheld, pruned, tuple(overtaken))


def withheld_words(withheld: Iterable[tuple[int, Track]]) -> str:
    """`2 entries of the privileged track and 1 entry of the third party track`."""
    counts: dict[Track, int] = {}
    for _, track in withheld:
        counts[track] = counts.get(track, 0) + 1
    said = [f"{n} {'entry' if n == 1 else 'entries'} of the {TRACK_WORDS[track]} track" for track, n in sorted(counts.items())]
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def move_entry(
    workspace: Workspace, journal: Journal, incident: str, number: int, track: Track, *, reason: str, seen: int | None = None
) -> Moved:
    """Move an entry to another track, by an entry of its own that lies on the new track. The moved one stays as it was written.

    UsageError without a reason and for a number there is no entry of. Refused for the opening, for what marks an incident as
    invented, and for an entry that is on that track already. `seen`: the number of the last entry the person saw.
    """
    if not reason.strip():
        raise UsageError('a move needs its reason: --reason "..."; it stands on the new track')
    subject = subject_of_incident(journal, incident, workspace)
    one = next((entry for entry in subject.entries if entry.seq == number), None)
    if one is None:
        raise UsageError(f"{incident} has no entry {number}; it has 1 to {subject.entries[-1].seq}")
    if _stays(one):
        raise Refused(f"{incident} entry {number} is in every paper: it says what the incident is, or that it is invented")
    before = tracks_of(subject.entries)[number]
    if before == track:
        raise Refused(f"{incident} entry {number} is on the {TRACK_WORDS[track]} track already")
    draft = Draft("track.changed", {"seq": number, "track": track, "reason": reason.strip()}, track)
    expected = subject.entries[-1].seq if seen is None else seen
    at = workspace.writing_time()
    [entry] = journal.append(incident, [draft], expected=expected, actor=workspace.who, recorded_at=at)
    key = fact_of(one)
    beside = tuple(e.seq for e in subject.entries if e.seq != number and key is not None and fact_of(e) == key)
    return Moved(entry, one, before, beside)


def may_lie_on(key: str, track: Track) -> None:
    """Refused for what marks an incident as invented on any track but the factual one."""
    if key == INVENTED and track != "factual":
        raise Refused(f"{INVENTED} stays on the factual track: every paper says that nothing of it happened")


def _stays(entry: Entry) -> bool:
    return entry.kind == "incident.opened" or (entry.kind in _FACTS and entry.body.get("key") == INVENTED)


def fact_of(entry: Entry) -> str | None:
    """The fact an entry records; None for an entry that records none."""
    if entry.kind in _FACTS:
        return str(entry.body.get("key"))
    return f"{_ACTS[entry.kind]}{entry.body.get('duty')}" if entry.kind in _ACTS else None


def _last_said(entries: Iterable[Entry]) -> dict[str, int]:
    """The number of the newest entry on each fact. Filings and decisions add to a list and overtake nothing."""
    return {str(entry.body["key"]): entry.seq for entry in entries if entry.kind in _FACTS}


def _without_repeats(entries: Iterable[Entry], seen: set[int]) -> tuple[list[Entry], frozenset[int]]:
    """The entries of `seen`, decisions without the values that came from others; and the numbers of those decisions."""
    told: list[Entry] = []
    pruned: set[int] = set()
    hidden: set[str] = set()
    for entry in entries:
        rests = entry.body.get("rests_on")
        if entry.seq in seen and isinstance(rests, dict) and not hidden.isdisjoint(rests):
            left = {key: raw for key, raw in rests.items() if key not in hidden}
            told.append(replace(entry, body={**entry.body, "rests_on": left}))
            pruned.add(entry.seq)
        elif entry.seq in seen:
            told.append(entry)
        if (key := fact_of(entry)) is not None:
            lists_add_up = entry.kind in _ACTS and key in hidden
            (hidden.discard if entry.seq in seen and not lists_add_up else hidden.add)(key)
    return told, frozenset(pruned)
