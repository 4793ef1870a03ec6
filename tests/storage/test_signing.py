"""The key that signs evidence: made once, for its owner alone, and never through a link."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from breachkit.errors import Refused, UsageError
from breachkit.storage.signing import open_signer


def test_a_key_is_made_once_and_signs_the_same_way_ever_after(tmp_path: Path) -> None:
    path = tmp_path / "config" / "evidence.key"
    made, again = open_signer(path), open_signer(path)
    assert (made.made, again.made) == (True, False)
    assert made.public_key == again.public_key
    assert made.sign(b"x") == again.sign(b"x") == made.sign(b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    ed25519.Ed25519PublicKey.from_public_bytes(made.public_key).verify(made.sign(b"x"), b"x")
    assert "PRIVATE" not in repr(made)


def test_a_passphrase_guards_the_file(tmp_path: Path) -> None:
    path = tmp_path / "evidence.key"
    made = open_signer(path, "long enough")
    assert b"ENCRYPTED" in path.read_bytes()
    assert open_signer(path, "long enough").public_key == made.public_key
    with pytest.raises(Refused, match="BREACHKIT_SIGNING_PASSPHRASE does not open it"):
        open_signer(path, "another")
    with pytest.raises(Refused, match="set BREACHKIT_SIGNING_PASSPHRASE"):
        open_signer(path)


def test_a_passphrase_for_an_open_key_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "evidence.key"
    open_signer(path)
    assert "is not under the passphrase" in open_signer(path, "words").warnings[0]


def test_a_key_others_can_read_is_tightened_and_told_of(tmp_path: Path) -> None:
    path = tmp_path / "evidence.key"
    open_signer(path)
    path.chmod(0o644)
    assert "could be read by others" in open_signer(path).warnings[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_somebody_elses_key_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "evidence.key"
    open_signer(path)
    monkeypatch.setattr("os.geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(Refused, match="somebody else"):
        open_signer(path)


def test_a_link_is_refused_and_nothing_is_made_through_it(tmp_path: Path) -> None:
    path, target = tmp_path / "evidence.key", tmp_path / "elsewhere"
    path.symlink_to(target)
    with pytest.raises(Refused, match="symbolic link"):
        open_signer(path)
    assert not target.exists()


def test_a_named_key_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no signing key"):
        open_signer(tmp_path / "other.key", create=False)
    assert not (tmp_path / "other.key").exists()


@pytest.mark.parametrize("raw", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "evidence.key").write_bytes(raw)
    (tmp_path / "evidence.key").chmod(0o600)
    with pytest.raises(Refused, match="cannot be used"):
        open_signer(tmp_path / "evidence.key")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "evidence.key").write_bytes(key.private_bytes(*form))
    (tmp_path / "evidence.key").chmod(0o600)
    with pytest.raises(UsageError, match="not an Ed25519 key"):
        open_signer(tmp_path / "evidence.key")
