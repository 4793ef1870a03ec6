"""Whether the stores in an unpacked back-up are whole and agree, and how they are put in place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from breachkit.errors import Refused
from breachkit.storage.backup import publish
from breachkit.storage.backup_file import JOURNAL_NAME, KEY_NAME, VAULT_NAME, seal_of
from breachkit.storage.files import OWNER_ONLY_FILE, store_of, wal_of
from breachkit.storage.journal import Journal
from breachkit.storage.keyfile import read_key_file
from breachkit.storage.keys import data_keys
from breachkit.storage.sqlite import connect, plainly
from breachkit.storage.vault import Vault
from breachkit.storage.vault_restored import SUFFIX

MARK_NAME: Final = VAULT_NAME + SUFFIX


def faults(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """What is wrong with an unpacked back-up, in words; empty when it can be relied on."""
    found = [*_sealed(folder, manifest), *_pages(folder)]
    with Journal.open(folder / JOURNAL_NAME, read_only=True, create=False) as journal:
        if journal.damaged:
            return [*found, journal.damaged]
        if (broken := journal.verify()) is not None:
            found.append(f"{broken.incident} entry {broken.seq}: {broken.why}")
        heads = {incident: [seq, digest] for incident, (seq, digest) in journal.heads().items()}
        if heads != manifest["heads"]:
            found.append("the heads of its incidents are not those that were noted when it was made")
        if (folder / VAULT_NAME).exists():
            with Vault.open(folder / JOURNAL_NAME, read_only=True) as vault:
                found += _vault(vault, manifest)
                for incident in journal.incidents():
                    found += _claims(journal, vault, incident)
    return found


def _sealed(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    if manifest["encrypted"]:
        file = read_key_file(folder / KEY_NAME)
        if manifest.get("seal") != seal_of(manifest, data_keys(file)[file.newest.number], file.database):
            yield "its list was not made by who holds the key: parts of different back-ups may have been put together"


def _pages(folder: Path) -> Iterator[str]:
    if (folder / KEY_NAME).exists():
        for name in (JOURNAL_NAME, VAULT_NAME):
            if (folder / name).exists():
                with plainly(folder / name), closing(connect(folder / name, "ro")) as connection:
                    for (text,) in connection.execute("PRAGMA cipher_integrity_check").fetchmany(3):
                        yield f"{name}: {text}"


def _vault(vault: Vault, manifest: dict[str, Any]) -> Iterator[str]:
    database = vault.database
    if database.rows("SELECT count(*) FROM envelope")[0][0] != manifest["envelopes"]:
        yield "it does not hold as many envelopes as when it was made"
    letters = "SELECT e.id, e.sha256, l.salt, l.message FROM envelope e JOIN letter l ON l.envelope = e.n ORDER BY e.n"
    for id, seal, salt, message in database.stream(letters):
        if hashlib.sha256(bytes(salt) + bytes(message)).hexdigest() != seal:
            yield f"the letter in envelope {id} is not the one that was sealed"
    parts = "SELECT content FROM attachment_part WHERE incident = ? AND sha256 = ? ORDER BY part"
    for incident, name in database.rows("SELECT incident, sha256 FROM attachment ORDER BY incident, sha256"):
        digest = hashlib.sha256()
        for (content,) in database.stream(parts, (incident, name)):
            digest.update(content)
        if digest.hexdigest() != name:
            yield f"an attachment of {incident} ({name[:12]}) is not what was attached"


def _claims(journal: Journal, vault: Vault, incident: str) -> Iterator[str]:
    """What the journal says was sent or attached, against the envelopes and attachments themselves."""
    kept = {one.id: one.n for one in vault.dispatches(incident)}
    purged = False
    attached = {name for (name,) in vault.database.rows("SELECT sha256 FROM attachment WHERE incident = ?", (incident,))}
    for entry in reversed(journal.entries(incident)):
        body: Mapping[str, Any] = entry.body
        purged = purged or entry.kind == "people.purged"
        if entry.kind in ("dispatch.released", "delivery.recorded") and body["dispatch"] not in kept:
            yield f"{incident} entry {entry.seq}: the vault has no dispatch {body['dispatch']}"
        elif entry.kind == "delivery.recorded":
            query = (
                "SELECT count(DISTINCT v.envelope) FROM event v JOIN envelope e ON e.n = v.envelope "
                "WHERE e.dispatch = ? AND v.status = 'sent'"
            )
            sent = vault.database.rows(query, (kept[body["dispatch"]],))[0][0]
            if sent < int(body["counts"].get("sent", 0)):
                yield f"{incident} entry {entry.seq}: it counts more letters as sent than there are envelopes that prove it"
        elif entry.kind == "attachment.added" and not purged and body["sha256"] not in attached:
            yield f"{incident} entry {entry.seq}: the attachment {str(body['sha256'])[:12]} is not in the vault"


def put_in_place(folder: Path, path: Path, manifest: Mapping[str, Any]) -> None:
    """Give the unpacked files their names, the journal last: until then there is nothing that looks like one.

    Before the vault lies a mark that it was restored: what waits in it may have been sent since the back-up was made. Refused
    where a journal is. What an interrupted restore of the same back-up left is taken as it is.
    """
    if (folder / VAULT_NAME).exists():
        (folder / MARK_NAME).write_text(str(manifest["made_at"]), "ascii")
        (folder / MARK_NAME).chmod(OWNER_ONLY_FILE)
    for file, target in _targets(folder, path):
        for side in ("-wal", "-shm", "-journal"):
            file.with_name(file.name + side).unlink(missing_ok=True)
        if target.exists() and target != path and _same(file, target):
            continue
        publish(file, target)


def refuse_taken(path: Path, folder: Path | None = None) -> None:
    """Refused when anything lies where the restored files would; with `folder`, other than the very same bytes."""
    if store_of(path) != (path, "journal"):
        raise Refused(f"{path.name} is no name for a journal; leave `.vault` and `.schema-N` away")
    if path.exists() or path.is_symlink() or wal_of(path).exists():
        raise Refused(f"there is something at {path} already; a back-up is never restored over it. Name another path")
    for file, target in _targets(folder, path) if folder is not None else ():
        if target != path and target.exists() and not _same(file, target):
            raise Refused(f"{target} is there already and is not of this back-up; name another path")
    if folder is not None and not (folder / KEY_NAME).exists() and path.with_name(path.name + ".key").exists():
        raise Refused(f"a key file lies beside {path}, but this back-up is plain; name another path")


def _targets(folder: Path, path: Path) -> Iterator[tuple[Path, Path]]:
    for name in (KEY_NAME, MARK_NAME, VAULT_NAME, JOURNAL_NAME):
        if (folder / name).exists():
            yield folder / name, path.with_name(path.name + name.removeprefix(JOURNAL_NAME))


def _same(one: Path, other: Path) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        return os.path.getsize(one) == os.path.getsize(other) and (
            hashlib.file_digest(first, "sha256").digest() == hashlib.file_digest(second, "sha256").digest()
        )
