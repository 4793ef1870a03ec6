"""Evidence as a responder types it: `journal export`, `stamp`, `signer`, `verify --against`."""

from __future__ import annotations

import contextlib
import io
import json
import re
import stat
from pathlib import Path

import pytest

from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.signing import open_signer
from tests.authority import Authority

from .conftest import Run


@pytest.fixture(autouse=True)
def own_settings(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signing key is made in the test's own home."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own_home / "config"))
    for name in ("BREACHKIT_SIGNING_PASSPHRASE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def opened(run: Run) -> str:
    """An incident of which little is known: quick to judge."""
    return run("incident", "open", "Stolen laptop").out.strip()


def checked(archive: Path, *words: object) -> int:
    """The verifier's exit code; what it prints is looked at elsewhere."""
    with contextlib.redirect_stdout(io.StringIO()):
        return verify_evidence.main([str(archive), *map(str, words)])


def test_export_writes_an_archive_that_the_verifier_accepts(run: Run, opened: str, tmp_path: Path, own_home: Path) -> None:
    said = run("journal", "export", opened, "--out", tmp_path / "a.tar").err
    assert "a signing key was made" in said
    assert stat.S_IMODE((own_home / "config" / "breachkit" / "evidence.key").stat().st_mode) == 0o600
    named = run("journal", "signer", "--json").json["fingerprint"]
    grouped = re.search(r"fingerprint  ([0-9a-f ]+)\n", run("journal", "signer").out)
    assert grouped is not None
    assert grouped[1].replace(" ", "") == named
    assert checked(tmp_path / "a.tar", "--signer", grouped[1]) == 0
    assert checked(tmp_path / "a.tar", "--signer", "0" * 64) == 1
    assert "evidence exported" in run("journal", "show", opened).out
    again = run("journal", "export", opened, "--out", tmp_path / "a.tar", code=4).err
    assert "--force" in again
    assert "a signing key was made" not in run("journal", "export", opened, "--out", tmp_path / "a.tar", "--force").err


def test_lines_are_what_they_were_and_take_no_options_of_archives(run: Run, opened: str, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in run("journal", "export", opened).out.splitlines()]
    assert [sorted(row) for row in rows] == [["content", "hash", "incident", "seq"]] * len(rows)
    run("journal", "export", opened, "--out", tmp_path / "a.jsonl")
    assert "--out X.tar" in run("journal", "export", opened, "--for", "counsel", code=2).err
    assert "counsel, authority, third-party" in run("journal", "export", opened, "--out", "a.tar", "--for", "press", code=2).err


def test_what_is_withheld_is_said_and_so_is_what_shines_through(run: Run, opened: str, tmp_path: Path) -> None:
    run("fact", "set", opened, "consequences=Fraud.")
    run("fact", "set", opened, "consequences=A secret.", "--track", "privileged")
    said = run("journal", "export", opened, "--out", tmp_path).err
    assert "entries withheld: 1 privileged" in said
    assert "older value of consequences" in said
    assert b"A secret." not in (tmp_path / f"evidence-{opened}.tar").read_bytes()
    run("journal", "export", opened, "--out", tmp_path / "all.tar", "--for", "counsel")
    assert b"A secret." in (tmp_path / "all.tar").read_bytes()


def test_a_look_at_the_past_is_no_entry(run: Run, opened: str, tmp_path: Path) -> None:
    before = run("journal", "show", opened).out
    run("journal", "export", opened, "--out", tmp_path / "a.tar", "--as-of", "2126-01-01T00:00:00Z")
    assert run("journal", "show", opened).out == before
    assert checked(tmp_path / "a.tar") == 0


def test_verify_against_heads_noted_elsewhere(run: Run, opened: str, tmp_path: Path) -> None:
    heads = tmp_path / "heads.json"
    heads.write_text(run("journal", "verify", "--json").out)
    run("fact", "set", opened, "people.total=600")
    assert "and still has the 1 head noted" in run("journal", "verify", "--against", heads).out
    assert run("journal", "verify", "--against", heads, "--json").json["lost"] == []
    run("journal", "export", opened, "--out", tmp_path / "a.tar")
    assert checked(tmp_path / "a.tar", "--heads", heads) == 0
    other = json.loads(heads.read_text())
    other["heads"] = {"INC-1": {"entry": 1, "hash": "0" * 64}, "INC-7": {"entry": 2, "hash": "0" * 64}}
    heads.write_text(json.dumps(other))
    said = run("journal", "verify", "--against", heads, code=4).err
    assert "INC-1: entry 1 is not the one that was noted" in said
    assert "INC-7: it was noted, and nothing of it is there any more" in said
    assert checked(tmp_path / "a.tar", "--heads", heads) == 1
    heads.write_text("{}")
    assert "names no heads" in run("journal", "verify", "--against", heads, code=3).err


def test_a_time_stamp_by_way_of_another_machine(run: Run, opened: str, tmp_path: Path, authority: Authority) -> None:
    archive, question, reply = (tmp_path / name for name in ("a.tar", "a.tsq", "a.tsr"))
    run("journal", "export", opened, "--out", archive, "--timestamp-request", question)
    assert checked(archive, "--tsa-ca", authority.ca) == 1
    reply.write_bytes(authority.reply(question.read_bytes()))
    bare = archive.read_bytes()
    assert "has a time stamp of 20" in run("journal", "stamp", archive, "--reply", reply).err
    assert checked(archive, "--tsa-ca", authority.ca) == 0
    assert checked(archive, "--tsa-ca", authority.other_ca) == 1
    archive.write_bytes(bare[:-1])
    assert "DOES NOT HOLD" in run("journal", "stamp", archive, "--reply", reply, code=4).err
    run("journal", "export", opened, "--out", archive, "--force")
    assert "of something else" in run("journal", "stamp", archive, "--reply", reply, code=3).err
    assert "say one of" in run("journal", "stamp", archive, code=2).err


def test_a_time_stamp_over_http_and_only_the_key_that_signed_puts_one_in(
    run: Run, opened: str, tmp_path: Path, authority: Authority
) -> None:
    with authority.serving():
        run("journal", "export", opened, "--out", tmp_path / "a.tar", "--timestamp", authority.url)
        assert checked(tmp_path / "a.tar", "--tsa-ca", authority.ca) == 0
        [last] = [row for row in run("journal", "show", opened, "--json").json["entries"] if row["kind"] == "evidence.exported"]
        assert last["body"]["timestamped"] is True
        run("journal", "export", opened, "--out", tmp_path / "b.tar")
        asked = len(authority.asked)
        run("journal", "stamp", tmp_path / "b.tar", "--request", tmp_path / "b.tsq")
        assert len(authority.asked) == asked
        open_signer(tmp_path / "other.key")
        url = ("--url", authority.url)
        said = run("journal", "stamp", tmp_path / "b.tar", *url, "--key", tmp_path / "other.key", code=4).err
        assert "signed with another key" in said
        run("journal", "stamp", tmp_path / "b.tar", *url)
        assert checked(tmp_path / "b.tar", "--tsa-ca", authority.ca) == 0
    assert "gave no time stamp" in run("journal", "stamp", tmp_path / "b.tar", *url, code=5).err
    assert checked(tmp_path / "b.tar", "--tsa-ca", authority.ca) == 0
