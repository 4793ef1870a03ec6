"""A time stamp for an archive that is there already: the question for its authority, and the answer put into it."""

from __future__ import annotations

from pathlib import Path

from breachkit.delivery.timestamps import Question, Stamp, question
from breachkit.domain.evidence import MANIFEST, SIGNATURE, STAMP
from breachkit.errors import Refused
from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.archive import copy_archive, new_archive
from breachkit.storage.signing import Signer
from breachkit.workflow.evidence_parts import seal


def manifest_of(archive: Path) -> bytes:
    """The manifest of an archive that holds. Refused for any other."""
    try:
        with archive.open("rb") as file:
            sound, told = verify_evidence.verify(file)
    except OSError as problem:
        raise Refused(f"{archive} cannot be read: {problem.strerror}") from problem
    if not sound:
        raise Refused(f"{archive}: {told[-1]}")
    return copy_archive(archive, (MANIFEST,))[MANIFEST]


def question_for(archive: Path) -> Question:
    """What to ask an authority for the time stamp of an archive."""
    return question(manifest_of(archive))


def put_stamp(archive: Path, stamp: Stamp, signer: Signer) -> str:
    """Put a time stamp into an archive and sign it anew; its new SHA-256 (hex). Only the key that signed it may."""
    held = copy_archive(archive, (SIGNATURE,))[SIGNATURE]
    if signer.public_key.hex().encode() not in held:
        raise Refused(f"{archive} was signed with another key than {signer.path}; whoever made it puts the time stamp in")
    with new_archive(archive, force=True) as writer:
        left = copy_archive(archive, (MANIFEST, STAMP, SIGNATURE), writer)
        seal(writer, left[MANIFEST], stamp.content, signer)
        return writer.finish()
