"""A finished batch's letters as they lie in its folder: each must be, byte for byte, the one that was made."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path
from typing import Final, TypeAlias

from breachkit.documents.merge_mail import mail_address
from breachkit.errors import Refused
from breachkit.intake.opt_outs import OptOuts
from breachkit.storage.batches import BatchFile, Kept
from breachkit.storage.vault import Addressed
from breachkit.workflow.batch_letters import Form

Rows: TypeAlias = Mapping[int, tuple[str, str, str]]
"""By row of the table: the duty, the file and the SHA-256 of each letter."""

_ID_LINE: Final = re.compile(rb"^Message-ID: (<[^>\r\n]{1,200}>)\r\n", re.MULTILINE)
_HEAD: Final = 8_000


def manifest_of(folder: Path, sha256: str) -> Rows:
    """What was made. Refused when it is not the manifest the batch ended with."""
    path = folder / "manifest.csv"
    content = _bytes_of(folder, "manifest.csv")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused(f"{path} is not the manifest the batch ended with; make the batch again in another folder")
    found = csv.DictReader(io.StringIO(content.decode()))
    return {int(row["row"]): (row["duty"], row["file"], row["sha256"]) for row in found}


def letters_of_batch(
    folder: Path, batch: BatchFile, rows: Rows, forms: Mapping[int, Form], finding: str, opt_outs: OptOuts | None,
    *, invented: bool,
) -> Iterator[Addressed]:  # fmt: skip
    """Each letter of a duty. Refused for a file that is not what the manifest says."""
    for chunk, _ in batch.chunks(written=True):
        if forms[chunk.form].finding != finding:
            continue
        for person in batch.people_of(chunk):
            if person.row in rows:
                yield _letter(folder, person, chunk.place, *rows[person.row][1:], opt_outs=opt_outs, invented=invented)


def from_of(folder: Path, rows: Rows, finding: str) -> str:
    """The address the letters are from, as one of them says."""
    for duty, file, sha256 in rows.values():
        if duty == finding:
            head = BytesHeaderParser().parsebytes(_as_made(folder, file, sha256))
            return parseaddr(str(head["From"]))[1]
    raise Refused(f"the batch holds no letter of {finding}")


def _letter(
    folder: Path, person: Kept, place: str, file: str, sha256: str, *, opt_outs: OptOuts | None, invented: bool
) -> Addressed:
    message = _as_made(folder, file, sha256)
    found = _ID_LINE.search(message[:_HEAD])
    if found is None:
        raise Refused(f"{folder / file} has no Message-ID; make the batch again in another folder")
    email = mail_address(person.email, invented=invented)
    opted_out = opt_outs is not None and opt_outs.holds(person.email)
    return Addressed(person.id, person.name, email, place, opted_out, message, found[1])


def _as_made(folder: Path, file: str, sha256: str) -> bytes:
    message = _bytes_of(folder, file)
    if hashlib.sha256(message).hexdigest() != sha256:
        raise Refused(
            f"{folder / file} is not the letter that was made: somebody changed it; make the batch again in another folder"
        )
    return message


def _bytes_of(folder: Path, file: str) -> bytes:
    path = folder / file
    if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"{path} is not the batch's own file; make the batch again")
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Refused(f"{path} cannot be read ({problem.strerror}); make the batch again") from problem
