"""One flipped bit, one member cut, moved, doubled or added: the verifier finds it."""

from __future__ import annotations

import io
import random
import tarfile
from itertools import pairwise

import pytest

from breachkit.evidence_verifier import verify_evidence
from breachkit.evidence_verifier.verify_evidence import BLOCK, Archive, Wrong, check_signature, read_header
from breachkit.storage.archive import header
from breachkit.storage.signing import Signer

from . import small


def flipped(raw: bytes, bit: int) -> bytes:
    out = bytearray(raw)
    out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


def test_the_archive_holds_and_other_programs_read_it(archive: bytes) -> None:
    assert small.why(archive) == ""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
        assert tar.getnames() == [name for name, _ in small.opened(archive)]
        letter = tar.extractfile(f"attachments/{small.SHA}")
        assert letter is not None
        assert letter.read() == small.LETTER


def test_the_writer_and_the_verifier_know_the_same_header(archive: bytes) -> None:
    for name, at, size in small.spans(archive):
        assert archive[at : at + BLOCK] == header(name, size) == verify_evidence.header(name, size)


def test_any_flipped_bit_of_any_header_is_found(archive: bytes) -> None:
    kept = [(at, size) for _, at, size in small.spans(archive)]
    for at, _ in random.Random(1).sample(kept, 6) + kept[-3:]:
        head = archive[at : at + BLOCK]
        read_header(head)
        for bit in range(BLOCK * 8):
            with pytest.raises(Wrong):
                read_header(flipped(head, bit))


def test_any_flipped_bit_of_the_signature_is_found(archive: bytes) -> None:
    found = Archive()
    found.read(io.BytesIO(archive))
    good = found.raw["signature.json"]
    check_signature(found, None)
    for bit in range(len(good) * 8):
        found.raw["signature.json"] = flipped(good, bit)
        with pytest.raises(Wrong):
            check_signature(found, None)


def test_any_flipped_bit_anywhere_is_found(archive: bytes) -> None:
    chance = random.Random(2)
    bits = chance.sample(range(len(archive) * 8), 4000)
    for _, at, size in small.spans(archive):
        bits += [(at + BLOCK) * 8, (at + BLOCK + size) * 8 - 1] if size else []
    bits += [len(archive) * 8 - 1, (len(archive) - 2 * BLOCK) * 8]
    assert [bit for bit in bits if small.why(flipped(archive, bit)) == ""] == []


def test_a_cut_or_lengthened_archive_is_found(archive: bytes) -> None:
    ends = [0, 1, BLOCK, len(archive) // 2, len(archive) - BLOCK, len(archive) - 1]
    ends += [at for _, at, _ in small.spans(archive)]
    assert [end for end in ends if small.why(archive[:end]) == ""] == []
    for more in (b"\0", b"x", bytes(BLOCK), bytes(10240), archive):
        assert "exactly two empty blocks" in small.why(archive + more)


def test_a_member_removed_doubled_swapped_or_added_is_found(archive: bytes) -> None:
    held = small.opened(archive)
    for at in range(len(held)):
        assert small.why(small.unsealed(held[:at] + held[at + 1 :])) != "", f"without {held[at][0]}"
        assert small.why(small.unsealed([*held[: at + 1], held[at], *held[at + 1 :]])) != "", f"{held[at][0]} twice"
        assert small.why(small.unsealed([*held[:at], ("more.txt", b"!"), *held[at:]])) != "", f"more before {held[at][0]}"
    for first, second in pairwise(range(len(held))):
        other = list(held)
        other[first], other[second] = other[second], other[first]
        assert small.why(small.unsealed(other)) != "", f"{held[first][0]} and {held[second][0]} swapped"
    assert small.why(small.unsealed([*held, ("more.txt", b"")])) != ""


def test_a_member_rewritten_with_its_header_is_found(archive: bytes) -> None:
    held = small.opened(archive)
    for at, (name, raw) in enumerate(held):
        said = small.why(small.unsealed([*held[:at], (name, raw + b" "), *held[at + 1 :]]))
        assert said.startswith("DOES NOT HOLD: ")
    assert small.why(archive) == ""


def test_an_archive_signed_anew_with_another_key_is_told_by_its_fingerprint(archive: bytes, tmp_path, signer: Signer) -> None:
    from breachkit.domain.evidence import fingerprint

    forged = small.build(tmp_path / "f.tar", small.key(tmp_path))
    mine = fingerprint(signer.public_key)
    assert small.why(forged) == ""
    assert "not by the one you named" in small.why(forged, signer=mine)
    assert small.why(archive, signer=mine) == ""
    assert small.why(archive, signer=mine.replace(" ", ":").upper()) == ""


def test_a_time_stamp_taken_away_or_put_in_is_found(archive: bytes, tmp_path, signer: Signer) -> None:
    held = small.opened(archive)
    assert "timestamp.tsr" in small.why(small.unsealed([one for one in held if one[0] != "timestamp.tsr"]))
    bare = small.opened(small.build(tmp_path / "b.tar", signer, stamp=None))
    assert small.why(small.unsealed(bare)) == ""
    assert "timestamp.tsr" in small.why(small.unsealed([*bare[:-1], ("timestamp.tsr", b"token"), bare[-1]]))
