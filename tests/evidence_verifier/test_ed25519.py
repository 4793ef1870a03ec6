"""The verifier's own Ed25519 against RFC 8032's vectors, against the library that signs, and against other spellings."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from breachkit.evidence_verifier.verify_evidence import BASE, P, Q, decoded, encoded, signed_by, times

VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold(public: str, message: str, signature: str) -> None:
    assert signed_by(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))
    assert not signed_by(bytes.fromhex(public), bytes.fromhex(message) + b"!", bytes.fromhex(signature))


@settings(max_examples=60, deadline=None)
@given(message=st.binary(max_size=80), bit=st.one_of(st.none(), st.integers(0, 8 * 96 - 1)))
def test_it_agrees_with_the_library_that_signs(message: bytes, bit: int | None) -> None:
    whole = bytearray(KEY.sign(message) + PUBLIC)
    if bit is not None:
        whole[bit // 8] ^= 1 << bit % 8
    signature, public = bytes(whole[:64]), bytes(whole[64:])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        accepted = True
    except (InvalidSignature, ValueError):
        accepted = False
    assert signed_by(public, message, signature) is accepted


def test_another_spelling_of_a_number_or_a_point_is_refused() -> None:
    signature = KEY.sign(b"x")
    s = int.from_bytes(signature[32:], "little")
    assert signed_by(PUBLIC, b"x", signature)
    assert not signed_by(PUBLIC, b"x", signature[:32] + (s + Q).to_bytes(32, "little"))
    assert decoded((1).to_bytes(32, "little")) == (0, 1, 1, 0)
    assert decoded((P + 1).to_bytes(32, "little")) is None
    assert decoded((1 | 1 << 255).to_bytes(32, "little")) is None
    assert decoded((2).to_bytes(32, "little")) is None


def test_keys_of_small_order_that_fit_any_message_are_refused() -> None:
    neutral = (1).to_bytes(32, "little")
    assert not signed_by(neutral, b"anything", neutral + bytes(32))
    minus_one = (P - 1).to_bytes(32, "little")
    assert not signed_by(minus_one, b"anything", neutral + bytes(32))


def test_what_is_of_another_length_is_refused() -> None:
    signature = KEY.sign(b"x")
    assert not signed_by(PUBLIC[:31], b"x", signature)
    assert not signed_by(PUBLIC, b"x", signature + b"\0")


def test_the_base_point_has_the_order_it_must() -> None:
    assert encoded(times(Q, BASE)) == (1).to_bytes(32, "little")
    assert encoded(BASE).hex() == "58" + "66" * 31
