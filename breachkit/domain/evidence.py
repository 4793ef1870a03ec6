"""What an evidence archive says of itself: its manifest, its signature, the forms in which its members are written.

Pure values and bytes. Who gathers the members, writes the container, holds the key and asks for a time stamp are others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, get_args

from breachkit.domain.journal import Entry, Track, canonical, content_of
from breachkit.domain.values import value

FORMAT: Final = "breachkit/evidence@1"
SIGNATURE_FORMAT: Final = "breachkit/evidence-signature@1"
HEADS_FORMAT: Final = "breachkit/heads@1"
MANIFEST: Final = "manifest.json"
STAMP: Final = "timestamp.tsr"
SIGNATURE: Final = "signature.json"

Audience = Literal["counsel", "authority", "third-party"]
"""Who an archive is for, which decides what it withholds."""
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
KEPT: Final[Mapping[Audience, frozenset[Track]]] = {
    "counsel": frozenset({"factual", "privileged", "third_party"}),
    "authority": frozenset({"factual", "third_party"}),
    "third-party": frozenset({"factual"}),
}
"""The tracks an archive holds."""

Withheld = Literal["privileged", "repeats", "third_party"]
"""Why an entry is held by its hash alone. `repeats`: a decision that notes the value of a fact that is withheld."""


@value
class Member:
    """One member of an archive, as the manifest names it."""

    path: str
    size: int
    """In bytes."""
    sha256: str


def json_member(held: Any) -> bytes:
    """One JSON value in the one spelling that archives use; no line end."""
    return canonical(held)


def entry_lines(entries: Iterable[Entry], withheld: Mapping[int, Withheld]) -> Iterator[bytes]:
    """One line for each entry: the exact text that was hashed and its hash, or the hash alone."""
    for entry in entries:
        row: dict[str, Any] = {"seq": entry.seq, "hash": entry.hash}
        row |= {"withheld": withheld[entry.seq]} if entry.seq in withheld else {"content": content_of(entry).decode()}
        yield canonical(row) + b"\n"


def heads(incident: str, entries: Sequence[Entry]) -> dict[str, Any]:
    """The head of the chain, in the form that `journal verify --against` reads."""
    return {"format": HEADS_FORMAT, "heads": {incident: head_of(entries)}}


def head_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """Number and hash of the newest entry."""
    return {"entry": entries[-1].seq, "hash": entries[-1].hash}


def filings(entries: Iterable[Entry]) -> dict[str, Any]:
    """Each filing with its proof, as its entry has it."""
    rows = [
        {
            "entry": entry.seq,
            "body": dict(entry.body),
            "by": entry.actor,
            "recorded_at": entry.recorded_at.isoformat(timespec="microseconds"),
        }
        for entry in entries
        if entry.kind == "filing.recorded"
    ]
    return {"format": "breachkit/filings@1", "filings": rows}


def receipt_line(receipt: Mapping[str, Any]) -> bytes:
    """One receipt as a line."""
    return canonical(dict(receipt)) + b"\n"


def receipts_hash(receipts: Iterable[Mapping[str, Any]]) -> str:
    """What `delivery.recorded` keeps of the receipts of one dispatch: the SHA-256 (hex) of their lines, in their order."""
    digest = hashlib.sha256()
    for receipt in receipts:
        digest.update(receipt_line(receipt))
    return digest.hexdigest()


def signed_message(manifest_sha256: str, stamp_sha256: str | None) -> bytes:
    """What is signed: both hashes (hex) under the format's name. `stamp_sha256` None: there is no time stamp."""
    return f"{SIGNATURE_FORMAT}\n{manifest_sha256}\n{stamp_sha256 or 'no time stamp'}\n".encode()


def signature_member(manifest_sha256: str, stamp_sha256: str | None, public_key: bytes, signature: bytes) -> bytes:
    """The last member of an archive."""
    said = {"format": SIGNATURE_FORMAT, "algorithm": "Ed25519", "public_key": public_key.hex(), "signature": signature.hex()}
    return canonical(said | {"manifest_sha256": manifest_sha256, "timestamp_sha256": stamp_sha256})


def fingerprint(public_key: bytes) -> str:
    """The SHA-256 of a raw public key in groups of four hex digits, as people read it out to one another."""
    digest = hashlib.sha256(public_key).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
