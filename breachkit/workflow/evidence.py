"""Evidence: everything about an incident in one signed archive that a stranger can check. See docs/evidence.md.

Gathers the members and puts them in their order. How the container is written is `storage.archive`'s matter, what may be told
that of `tracks`, and whether an archive holds is judged by a verifier that shares no code with this.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from breachkit import __version__
from breachkit.delivery.timestamps import Stamp
from breachkit.domain import evidence as form
from breachkit.domain import marks
from breachkit.domain.evidence import KEPT, Audience, Withheld
from breachkit.domain.journal import EXERCISE, Draft, Entry, Json, Track
from breachkit.errors import JournalDamaged, UsageError
from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.archive import LARGEST, ArchiveWriter, new_archive
from breachkit.storage.journal import Journal
from breachkit.storage.signing import Signer
from breachkit.workflow import report, report_json
from breachkit.workflow.evidence_notices import approved_again
from breachkit.workflow.evidence_parts import Attachment, law_files, seal
from breachkit.workflow.evidence_words import readme
from breachkit.workflow.report_view import view
from breachkit.workflow.subjects import Subject, laws_for, subject_of_incident
from breachkit.workflow.tracks import OnRecord, on_record
from breachkit.workflow.workspace import Workspace

Stamping = Callable[[bytes], Stamp]
"""Gets a time stamp of these bytes."""
_IN_MEMORY: Final = 8 << 20


@dataclass(frozen=True)
class Exported:
    """An archive that was written."""

    path: Path
    sha256: str
    manifest: Mapping[str, Any]
    problem: str
    """Why its own verifier refuses it; empty when all holds."""
    told: tuple[str, ...]
    """What the verifier said, line by line."""
    entry: Entry | None
    """The entry that says so; None for a look at the past."""
    overtaken: tuple[str, ...] = ()
    """Facts that stand in its report with an older value, since the newer one is withheld."""


def archive_name(subject: Subject) -> str:
    """A file name that says whose it is and, where it is so, that nothing of it happened."""
    return f"{marks.before_name(subject.invented, subject.exercise)}evidence-{subject.name}.tar"


def export(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    out: Path,
    *,
    audience: Audience,
    signer: Signer,
    receipts: Iterable[Mapping[str, Any]] = (),
    attachments: Iterable[Attachment] = (),
    stamping: Stamping | None = None,
    force: bool = False,
) -> Exported:
    """Write the archive to `out`, or into that folder, and note it in the journal - not with `as_of`, which only looks.

    `receipts` as the outbox keeps them now, so none with `as_of`. UnknownName for no such incident; JournalDamaged when its
    chain does not hold: nothing is signed that does not. An attachment whose bytes are not those recorded is said to be absent.
    """
    if incident == EXERCISE:
        raise UsageError("an archive is of an incident; the events of an exercise are exported with --out FILE.jsonl")
    subject = subject_of_incident(journal, incident, workspace)
    if journal.damaged:
        raise JournalDamaged(f"{journal.damaged}. Nothing is signed that cannot be trusted")
    if (broken := journal.verify(incident)) is not None:
        raise JournalDamaged(f"{incident} entry {broken.seq}: {broken.why}. Nothing is signed that does not hold")
    path = out / archive_name(subject) if out.is_dir() else out
    kept = on_record(subject, keep=KEPT[audience])
    made = _Export(workspace, journal, subject, audience, kept)
    with new_archive(path, force=force) as writer:
        manifest = made.write(writer, None if workspace.as_of is not None else receipts, attachments)
        stamp = stamping(manifest) if stamping is not None else None
        seal(writer, manifest, stamp.content if stamp is not None else None, signer)
        sha256 = writer.finish()
    with path.open("rb") as file:
        sound, told = verify_evidence.verify(file)
    entry = None if workspace.as_of is not None else _note(made, sha256, signer, stamped=stamp is not None)
    return Exported(path, sha256, made.said, "" if sound else told[-1], tuple(told), entry, kept.overtaken)


class _Export:
    """One archive being made."""

    def __init__(self, workspace: Workspace, journal: Journal, subject: Subject, audience: Audience, kept: OnRecord) -> None:
        self.workspace, self.journal, self.subject, self.audience, self.kept = workspace, journal, subject, audience, kept
        self.withheld = withheld_entries(kept)
        self.entries = subject.entries
        self.told = [entry for entry in subject.entries if entry.seq not in self.withheld]
        self.said: dict[str, Any] = {}

    def write(
        self, writer: ArchiveWriter, receipts: Iterable[Mapping[str, Any]] | None, attachments: Iterable[Attachment]
    ) -> bytes:
        """Everything but the manifest and what signs it; the manifest."""
        subject, incident = self.subject, self.subject.name
        writer.add("README.txt", readme(subject, self.audience, self.withheld, self.workspace).encode())
        writer.add("entries.jsonl", b"".join(form.entry_lines(self.entries, self.withheld)))
        writer.add("heads.json", form.json_member(form.heads(incident, self.entries)))
        notices = [self._notice(writer, row, files) for row, files in self._notices()]
        writer.add("filings.json", form.json_member(form.filings(self.told)))
        _put_receipts(writer, receipts or ())
        writer.add("attachments.json", form.json_member(_put_attachments(writer, self.told, attachments)))
        laws = laws_for(subject.organisation, self.workspace)
        for sha, content in law_files(self.journal, subject, self.told, laws):
            writer.add(f"laws/{sha}", content)
        seen = view(subject, self.workspace, keep=KEPT[self.audience])
        document = report.report_on(seen.answer, seen.standings, withheld=seen.kept.withheld)
        writer.add("report.md", document.markdown().encode())
        writer.add("report.json", report_json.text(report_json.json_on(seen)).encode())
        writer.add("verify_evidence.py", Path(verify_evidence.__file__).read_bytes())
        self.said = self._manifest(writer, notices, "left out: a look at the past" if receipts is None else "included")
        return form.json_member(self.said)

    def _manifest(self, writer: ArchiveWriter, notices: list[dict[str, Any]], receipts: str) -> dict[str, Any]:
        workspace = self.workspace
        return {
            "format": form.FORMAT,
            "incident": self.subject.name,
            **marks.in_json(self.subject.invented, self.subject.exercise),
            "made_at": workspace.clock().astimezone(UTC).isoformat(timespec="seconds"),
            "made_by": workspace.who,
            "as_of": workspace.as_of.isoformat() if workspace.as_of is not None else None,
            "breachkit": __version__,
            "for": self.audience,
            "withheld": counted(self.withheld),
            "head": form.head_of(self.entries),
            "notices": notices,
            "receipts": receipts,
            "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in writer.members],
        }

    def _notices(self) -> Iterator[tuple[dict[str, Any], Mapping[str, bytes]]]:
        return approved_again(self.subject, self.kept, self.told, self.journal, self.workspace)

    def _notice(self, writer: ArchiveWriter, row: dict[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
        for path, content in sorted(files.items()):
            writer.add(path, content)
        return {**row, "files": sorted(files)}


def withheld_entries(kept: OnRecord) -> dict[int, Withheld]:
    """Each entry that is held by its hash alone, and why."""
    why: dict[Track, Withheld] = {"privileged": "privileged", "third_party": "third_party"}
    return {**dict.fromkeys(kept.pruned, "repeats"), **{seq: why[track] for seq, track in kept.withheld if track in why}}


def counted(withheld: Mapping[int, Withheld]) -> dict[str, int]:
    """How many entries are withheld for each reason."""
    return {why: sum(one == why for one in withheld.values()) for why in ("privileged", "repeats", "third_party")}


def _put_receipts(writer: ArchiveWriter, receipts: Iterable[Mapping[str, Any]]) -> None:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        for receipt in receipts:
            spool.write(form.receipt_line(receipt))
        size = spool.tell()
        spool.seek(0)
        writer.stream("receipts.jsonl", size, iter(lambda: spool.read(1 << 20), b""))


def _put_attachments(writer: ArchiveWriter, told: Iterable[Entry], attachments: Iterable[Attachment]) -> dict[str, Any]:
    """Write those that the entries name; a row for each such entry, which says why an absent one is."""
    named = [entry for entry in told if entry.kind == "attachment.added"]
    sizes = {str(entry.body["sha256"]): entry.body["size"] for entry in named}
    absent = dict.fromkeys(sizes, "it is not kept any more, or was not at hand")
    written: set[str] = set()
    for meta, pieces in attachments:
        sha, size = str(meta["sha256"]), sizes.get(str(meta["sha256"]))
        if not isinstance(size, int) or sha in written:
            continue
        if size > LARGEST:
            absent[sha] = "it is larger than an archive can hold"
        elif writer.stream_known(f"attachments/{sha}", size, sha, pieces):
            written.add(sha)
        else:
            absent[sha] = "its bytes are not those that were recorded"
    rows = [
        {
            "entry": entry.seq,
            "sha256": entry.body["sha256"],
            "size": entry.body["size"],
            "media": entry.body.get("media"),
            "label": entry.body.get("label"),
            "absent": None if entry.body["sha256"] in written else absent[str(entry.body["sha256"])],
        }
        for entry in named
    ]
    return {"format": "breachkit/attachments@1", "attachments": rows}


def _note(made: _Export, sha256: str, signer: Signer, *, stamped: bool) -> Entry:
    body: dict[str, Json] = {
        "sha256": sha256,
        "signer": form.fingerprint(signer.public_key).replace(" ", ""),
        "redacted": [why for why, count in counted(made.withheld).items() if count],
        "timestamped": stamped,
    }
    journal, workspace, incident = made.journal, made.workspace, made.subject.name
    seen = journal.head(incident)[0]
    draft = Draft("evidence.exported", body)
    return journal.append(incident, [draft], expected=seen, actor=workspace.who, recorded_at=workspace.writing_time())[0]
