"""Heads of chains that were noted elsewhere, held against a journal: what a chain by itself cannot show.

Who owns the database can cut off the newest entries, or write a whole chain anew. A head noted before that shows both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from breachkit.errors import BadFile, Fault
from breachkit.storage.journal import Journal

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Lost:
    """A noted head that is no part of the journal any more."""

    incident: str
    entry: int
    """The number of the entry that was noted."""
    why: str


def read_heads(file: Path) -> dict[str, tuple[int, str]]:
    """The heads in a file: what `journal verify --json` printed, or `heads.json` of an archive. BadFile otherwise."""
    try:
        said = json.loads(file.read_bytes())
    except OSError as problem:
        raise BadFile([Fault(str(file), None, f"cannot be read: {problem.strerror}")]) from problem
    except (ValueError, RecursionError) as problem:
        raise BadFile([Fault(str(file), None, "is not JSON; note heads with `breachkit journal verify --json`")]) from problem
    heads = said.get("heads") if isinstance(said, Mapping) else None
    if not isinstance(heads, Mapping) or not heads:
        raise BadFile([Fault(str(file), None, "names no heads; note them with `breachkit journal verify --json`")])
    found: dict[str, tuple[int, str]] = {}
    for incident, head in heads.items():
        seq, digest = (head.get("entry"), head.get("hash")) if isinstance(head, Mapping) else (None, None)
        if type(seq) is not int or seq < 1 or not isinstance(digest, str) or not _HASH.fullmatch(digest):
            raise BadFile([Fault(str(file), None, f"the head of {incident} has no entry and hash as they are noted")])
        found[str(incident)] = (seq, digest)
    return found


def lost(journal: Journal, noted: Mapping[str, tuple[int, str]]) -> Iterator[Lost]:
    """Each noted head that the journal does not hold any more."""
    for incident, (seq, digest) in noted.items():
        if journal.holds(incident, seq, digest):
            continue
        newest = journal.head(incident)[0]
        if newest == 0:
            yield Lost(incident, seq, "it was noted, and nothing of it is there any more")
        elif newest < seq:
            yield Lost(incident, seq, f"entries {newest + 1} to {seq} were noted and are not there any more")
        else:
            yield Lost(incident, seq, f"entry {seq} is not the one that was noted: the chain was written anew up to there")
