"""A small archive that has something of everything, made without the engine, and ways to spoil it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from breachkit.domain import evidence as form
from breachkit.domain.journal import GENESIS, Draft, Entry, seal
from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.archive import ArchiveWriter, new_archive
from breachkit.storage.signing import Signer, open_signer
from breachkit.workflow import evidence_parts

NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
LETTER = b"a photograph of the car\n" * 50
SHA = hashlib.sha256(LETTER).hexdigest()
RECEIPTS = [
    {"envelope": f"{n:032x}", "dispatch": "d1", "duty": "eu.gdpr.34", "status": "sent", "attempts": 1, "events": []}
    for n in range(4)
]
WITHHELD: dict[int, form.Withheld] = {3: "privileged", 4: "privileged"}
Members = list[tuple[str, bytes]]


def entries() -> list[Entry]:
    drafts = [
        Draft("incident.opened", {"organisation": None}),
        Draft("fact.recorded", {"key": "incident.invented", "value": "yes"}),
        Draft("note.added", {"text": "for counsel alone"}, "privileged"),
        Draft("note.added", {"text": "this too"}, "privileged"),
        Draft("attachment.added", {"sha256": SHA, "size": len(LETTER), "media": "image/png", "label": "car"}),
        Draft("filing.recorded", {"duty": "eu.gdpr.33", "at": "2026-11-21T10:00:00+00:00", "reference": "REF-118"}),
        Draft("delivery.recorded", {"dispatch": "d1", "counts": {"sent": 4}, "receipts": form.receipts_hash(RECEIPTS)}),
        Draft("note.added", {"text": "Größe: \u202e \x1b[31m"}),
    ]
    found, previous = [], GENESIS
    for seq, draft in enumerate(drafts, 1):
        entry, _ = seal(draft, incident="INC-1", seq=seq, previous=previous, actor="ana", recorded_at=NIGHT)
        previous = entry.hash
        found.append(entry)
    return found


def members() -> Members:
    """All but what seals it."""
    chain = entries()
    part = b"the laws"
    manifest = f"breachkit/law-pack@1\nlaws breachkit 1 {hashlib.sha256(part).hexdigest()}".encode()
    row = {"entry": 5, "sha256": SHA, "size": len(LETTER), "media": "image/png", "label": "car", "absent": None}
    laws = sorted((f"laws/{hashlib.sha256(raw).hexdigest()}", raw) for raw in (part, manifest))
    return [
        ("README.txt", b"read me"),
        ("entries.jsonl", b"".join(form.entry_lines(chain, WITHHELD))),
        ("heads.json", form.json_member(form.heads("INC-1", chain))),
        ("notices/00001-a.en.md", b"# A notice\n"),
        ("filings.json", form.json_member(form.filings(chain))),
        ("receipts.jsonl", b"".join(map(form.receipt_line, RECEIPTS))),
        (f"attachments/{SHA}", LETTER),
        ("attachments.json", form.json_member({"format": "breachkit/attachments@1", "attachments": [row]})),
        *laws,
        ("report.md", b"# Report\n"),
    ]


def manifest(held: Sequence[form.Member], **changes: object) -> bytes:
    said = {
        "format": form.FORMAT, "incident": "INC-1", "invented": True, "made_at": "2026-11-22T10:00:00+00:00", "made_by": "ana",
        "for": "authority", "withheld": {"privileged": 2, "repeats": 0, "third_party": 0}, "head": form.head_of(entries()),
        "receipts": "included", "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in held],
    }  # fmt: skip
    return form.json_member(said | changes)


def build(path: Path, signer: Signer, held: Members | None = None, stamp: bytes | None = b"token", **changes: object) -> bytes:
    """The archive of these members, with a manifest that names them all and a signature that holds."""
    with new_archive(path, force=True) as writer:
        for name, raw in members() if held is None else held:
            writer.add(name, raw)
        evidence_parts.seal(writer, manifest(writer.members, **changes), stamp, signer)
        writer.finish()
    return path.read_bytes()


def unsealed(held: Members) -> bytes:
    """A well-formed container of any members, signed or not."""
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, raw in held:
        writer.add(name, raw)
    writer.finish()
    return out.getvalue()


def opened(archive: bytes) -> Members:
    """Every member of an archive, with what seals it."""
    return [(name, b"".join(pieces)) for name, _, pieces in verify_evidence.members(io.BytesIO(archive))]


def spans(archive: bytes) -> Iterator[tuple[str, int, int]]:
    """Name, first byte of the header and size of each member."""
    at = 0
    for name, raw in opened(archive):
        yield name, at, len(raw)
        at += 512 + len(raw) + -len(raw) % 512


def why(archive: bytes, **more: object) -> str:
    """The verifier's last word; empty when all holds."""
    sound, told = verify_evidence.verify(io.BytesIO(archive), **more)  # type: ignore[arg-type]  # whatever a test asks
    return "" if sound else told[-1]


def key(folder: Path) -> Signer:
    return open_signer(folder / "evidence.key")
