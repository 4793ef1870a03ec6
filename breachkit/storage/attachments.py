"""Attachments in the vault: bytes in parts under their hash, erasable. What they mean stands in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from breachkit.errors import JournalDamaged, Refused, UnknownName
from breachkit.storage.vault import Vault

_PART: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Attachment:
    """One kept file. Its name may tell of a person, so it lies here and not in the journal."""

    incident: str
    sha256: str
    name: str
    size: int
    added_at: str
    """RFC 3339, UTC."""


def add(vault: Vault, incident: str, name: str, file: BinaryIO, *, at: str) -> tuple[Attachment, bool]:
    """Keep a file; False beside it when the incident has these bytes already. All of it is kept, or nothing."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(_PART):
        digest.update(block)
        size += len(block)
    file.seek(0)
    one = Attachment(incident, digest.hexdigest(), name, size, at)
    with vault.writing():
        if any(there.sha256 == one.sha256 for there in attachments(vault, incident)):
            return one, False
        again = hashlib.sha256()
        part = 0
        while block := file.read(_PART):
            again.update(block)
            query = "INSERT INTO attachment_part (incident, sha256, part, content) VALUES (?, ?, ?, ?)"
            vault.database.run(query, (incident, one.sha256, part, block))
            part += 1
        if again.digest() != digest.digest():
            raise Refused(f"{name} changed while it was read, and nothing was kept; attach it again when nobody writes to it")
        query = "INSERT INTO attachment (incident, sha256, name, size, added_at) VALUES (?, ?, ?, ?, ?)"
        vault.database.run(query, (incident, one.sha256, name, size, at))
    return one, True


def attachments(vault: Vault, incident: str) -> list[Attachment]:
    """An incident's, in the order they were added."""
    query = "SELECT incident, sha256, name, size, added_at FROM attachment WHERE incident = ? ORDER BY added_at, sha256"
    return [Attachment(*row) for row in vault.database.rows(query, (incident,))]


def content(vault: Vault, incident: str, sha256: str) -> Iterator[bytes]:
    """Its bytes, part by part. UnknownName when it is not there (any more); JournalDamaged at the end when they are others."""
    query = "SELECT content FROM attachment_part WHERE incident = ? AND sha256 = ? ORDER BY part"
    if not any(one.sha256 == sha256 for one in attachments(vault, incident)):
        raise UnknownName("attachment", sha256, [one.sha256 for one in attachments(vault, incident)])
    digest = hashlib.sha256()
    for (block,) in vault.database.stream(query, (incident, sha256)):
        digest.update(block)
        yield bytes(block)
    if digest.hexdigest() != sha256:
        raise JournalDamaged(f"the attachment {sha256} is not what was kept: its bytes have the hash {digest.hexdigest()} now")
