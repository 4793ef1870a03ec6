"""Time stamps from an authority on this machine, and every answer that must not be taken for one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from breachkit.delivery import timestamps
from breachkit.errors import BadFile, UsageError
from breachkit.workflow.workspace import system_time
from tests.authority import Authority


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("tsa")).serving() as authority:
        yield authority


@pytest.fixture
def authority(running: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    running.answers = "well"
    return running


def test_an_authority_stamps_a_hash_and_sees_nothing_else(authority: Authority) -> None:
    asked = timestamps.question(b"the manifest")
    stamp = timestamps.ask(authority.url, asked)
    assert abs(stamp.at - system_time()) < timedelta(minutes=5)
    assert hashlib.sha256(b"the manifest").digest() == asked.imprint
    assert authority.asked[-1] == asked.content
    assert asked.imprint in asked.content
    assert len(asked.content) < 80
    assert timestamps.question(b"the manifest").nonce != asked.nonce


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("the question before", "another question"),
        ("too much", "which is no time stamp"),
        ("a refusal", "refused"),
        ("an error", "500"),
        ("elsewhere", "302"),
        ("nonsense", "no time stamp as RFC 3161 has it"),
    ],
)
def test_an_answer_that_is_no_stamp_of_this_is_refused(authority: Authority, answers: str, says: str) -> None:
    timestamps.ask(authority.url, timestamps.question(b"the manifest"))
    authority.answers = answers
    asked = len(authority.asked)
    with pytest.raises(timestamps.StampRefused, match=says):
        timestamps.ask(authority.url, timestamps.question(b"the manifest"))
    assert len(authority.asked) == asked + 1


def test_a_reply_for_other_bytes_is_refused(authority: Authority) -> None:
    raw = authority.reply(timestamps.question(b"one").content)
    assert timestamps.read_reply(raw, hashlib.sha256(b"one").digest()).content == raw
    with pytest.raises(BadFile, match="of something else"):
        timestamps.read_reply(raw, hashlib.sha256(b"two").digest())


@pytest.mark.parametrize("url", ["ftp://x/", "file:///etc/passwd", "tsa.example", "https://ana:secret@x/", "http:///x"])
def test_only_an_http_address_is_asked(url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        timestamps.ask(url, timestamps.question(b"x"))


def test_nobody_there_is_said(authority: Authority) -> None:
    with pytest.raises(timestamps.StampRefused, match="gave no time stamp"):
        timestamps.ask("http://127.0.0.1:9/", timestamps.question(b"x"), timeout=2)


def test_a_server_whose_certificate_nobody_vouches_for_is_not_asked(authority: Authority) -> None:
    """The loopback server speaks no TLS at all; an https address never falls back to http."""
    asked = len(authority.asked)
    with pytest.raises(timestamps.StampRefused):
        timestamps.ask(authority.url.replace("http:", "https:"), timestamps.question(b"x"))
    assert len(authority.asked) == asked


def test_a_stamped_archive_is_checked_by_openssl_against_the_authority_that_was_named(
    authority: Authority, tmp_path: Path
) -> None:
    from breachkit.domain.evidence import Member
    from tests.evidence_verifier import small

    held = [Member(name, len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in small.members()]
    stamp = authority.reply(timestamps.question(small.manifest(held)).content)
    archive = small.build(tmp_path / "a.tar", small.key(tmp_path), stamp=stamp)
    assert small.why(archive, authority=str(authority.ca)) == ""
    assert "openssl does not accept it" in small.why(archive, authority=str(authority.other_ca))
    other = authority.reply(timestamps.question(b"another manifest").content)
    wrong = small.build(tmp_path / "b.tar", small.key(tmp_path), stamp=other)
    assert "openssl does not accept it" in small.why(wrong, authority=str(authority.ca))
    bare = small.build(tmp_path / "c.tar", small.key(tmp_path), stamp=None)
    assert "there is no time stamp" in small.why(bare, authority=str(authority.ca))
