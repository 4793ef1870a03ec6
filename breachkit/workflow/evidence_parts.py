"""What evidence archives are made with: what lies in the vault, the laws they rest on, their seal, where the key lies."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from breachkit.content.laws import Laws
from breachkit.domain import evidence as form
from breachkit.domain.approvals import approvals
from breachkit.domain.journal import Entry, canonical
from breachkit.storage.archive import ArchiveWriter
from breachkit.storage.journal import Journal
from breachkit.storage.signing import PASSPHRASE, Signer, open_signer
from breachkit.workflow.subjects import Subject, kept_manifest
from breachkit.workflow.workspace import Workspace

KEY_FILE = "evidence.key"

Attachment = tuple[Mapping[str, Any], Iterable[bytes]]
"""What is kept of an attachment (its `sha256`), and its bytes in pieces. They are asked for once, or not at all."""


def key_place(workspace: Workspace) -> Path:
    """Where the signing key lies: in the organisation's own folder, else where the system keeps a user's settings."""
    if workspace.own_folder is not None:
        return workspace.own_folder / KEY_FILE
    from platformdirs import user_config_path

    return user_config_path("breachkit") / KEY_FILE


def signer_for(workspace: Workspace, named: Path | None = None) -> Signer:
    """The signing key: the one in its usual place, made on first use, or the one in a file that was named."""
    passphrase = os.environ.get(PASSPHRASE) or None
    return open_signer(named or key_place(workspace), passphrase, create=named is None)


@contextmanager
def held_beside(workspace: Workspace, incident: str) -> Iterator[tuple[Iterable[dict[str, Any]], Iterable[Attachment]]]:
    """The receipts and attachments that lie in the vault, read as they are asked for; none where there is no vault."""
    from breachkit.storage.attachments import attachments, content
    from breachkit.workflow.outbox.remembered import vault_if_any

    with vault_if_any(workspace) as vault:
        if vault is None:
            yield (), ()
            return
        kept = attachments(vault, incident)
        yield vault.receipts(incident), (({"sha256": one.sha256}, content(vault, incident, one.sha256)) for one in kept)


def seal(writer: ArchiveWriter, manifest: bytes, stamp: bytes | None, signer: Signer) -> None:
    """Write what ends an archive: the manifest, its time stamp if there is one, and the signature over both."""
    manifest_sha256 = writer.add(form.MANIFEST, manifest).sha256
    stamp_sha256 = writer.add(form.STAMP, stamp).sha256 if stamp is not None else None
    signature = signer.sign(form.signed_message(manifest_sha256, stamp_sha256))
    writer.add(form.SIGNATURE, form.signature_member(manifest_sha256, stamp_sha256, signer.public_key, signature))


def law_files(journal: Journal, subject: Subject, told: Iterable[Entry], laws: Laws) -> Iterator[tuple[str, bytes]]:
    """The laws in use and those kept for this incident, each manifest and part under its hash, in the order of the hashes.

    Of the kept ones: those that approvals name, and those made with the incident's own profile. Others are another client's.
    """
    profile = dict(subject.incident.profile) if subject.incident is not None and subject.incident.profile else None
    own = hashlib.sha256(canonical(profile) if profile is not None else b"null").hexdigest()
    approved = {approval.law_pack for approval in approvals(told)}
    found: dict[str, bytes] = {**laws.parts, laws.pack.sha256: laws.manifest}
    for sha in journal.law_packs():
        manifest = kept_manifest(journal, sha)
        if manifest is None:
            continue
        lines = [line.split(" ") for line in manifest.decode().splitlines()]
        if sha in approved or ["profile", own] in lines:
            found[sha] = manifest
            parts = {words[-1] for words in lines if len(words[-1]) == len(sha)} - found.keys()
            found |= {part: content for part in parts if (content := journal.law_pack(part)) is not None}
    yield from sorted(found.items())
