"""What a signature alone cannot show: members that do not agree with the chain, though somebody signed them."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from breachkit.domain import evidence as form
from breachkit.domain.journal import canonical
from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.signing import Signer

from . import small

Spoil = Callable[[dict[str, bytes]], None]


def lines_of(held: dict[str, bytes]) -> list[bytes]:
    return held["entries.jsonl"].splitlines(keepends=True)


def swap(held: dict[str, bytes]) -> None:
    rows = lines_of(held)
    rows[5], rows[6] = rows[6], rows[5]
    held["entries.jsonl"] = b"".join(rows)


def drop(held: dict[str, bytes]) -> None:
    rows = lines_of(held)
    held["entries.jsonl"] = b"".join([*rows[:5], *rows[6:]])


def cut(held: dict[str, bytes]) -> None:
    held["entries.jsonl"] = b"".join(lines_of(held)[:-1])


def rewrite(held: dict[str, bytes]) -> None:
    held["entries.jsonl"] = held["entries.jsonl"].replace(b"REF-118", b"REF-119")


def rehash(held: dict[str, bytes]) -> None:
    """One entry rewritten with a hash that fits it: the next one does not link any more."""
    rows = lines_of(held)
    row = json.loads(rows[5])
    row["content"] = row["content"].replace("REF-118", "REF-119")
    row["hash"] = hashlib.sha256(row["content"].encode()).hexdigest()
    rows[5] = canonical(row) + b"\n"
    held["entries.jsonl"] = b"".join(rows)


def withhold_other(held: dict[str, bytes]) -> None:
    rows = lines_of(held)
    row = json.loads(rows[2])
    rows[2] = canonical(row | {"hash": "0" * 64}) + b"\n"
    row = json.loads(rows[3])
    rows[3] = canonical(row | {"hash": "1" * 64}) + b"\n"
    held["entries.jsonl"] = b"".join(rows)


def spell(held: dict[str, bytes]) -> None:
    held["entries.jsonl"] = held["entries.jsonl"].replace(b'"seq":1', b'"seq": 1', 1)


def receipt(held: dict[str, bytes]) -> None:
    held["receipts.jsonl"] = held["receipts.jsonl"].replace(b'"sent"', b'"lost"', 1)


def no_receipts(held: dict[str, bytes]) -> None:
    held["receipts.jsonl"] = b""


def filing(held: dict[str, bytes]) -> None:
    held["filings.json"] = held["filings.json"].replace(b"REF-118", b"REF-119")


def attachment(held: dict[str, bytes]) -> None:
    del held[f"attachments/{small.SHA}"]


def foreign_attachment(held: dict[str, bytes]) -> None:
    raw = b"nobody added this"
    held[f"attachments/{hashlib.sha256(raw).hexdigest()}"] = raw


def law(held: dict[str, bytes]) -> None:
    part = next(name for name, raw in held.items() if raw == b"the laws")
    del held[part]


def head(held: dict[str, bytes]) -> None:
    held["heads.json"] = held["heads.json"].replace(b'"entry":8', b'"entry":7')


def long_line(held: dict[str, bytes]) -> None:
    held["receipts.jsonl"] = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (swap, "entry 6 is missing; in its place stands entry 7"),
        (drop, "entry 6 is missing"),
        (cut, "incident or head are not those of the entries"),
        (rewrite, "entry 6: its content does not match its hash"),
        (rehash, "entry 7: it does not link"),
        (withhold_other, "entry 5: it does not link"),
        (spell, "not in canonical form"),
        (receipt, "receipts.jsonl: those of dispatch d1"),
        (no_receipts, "receipts.jsonl: those of dispatch d1"),
        (filing, "filings.json"),
        (attachment, f"attachments/{small.SHA}"),
        (foreign_attachment, "no entry names"),
        (law, "its part"),
        (head, "heads.json"),
        (long_line, "receipts.jsonl line 1: it is not JSON"),
    ],
)
def test_a_signed_archive_whose_members_disagree_does_not_hold(tmp_path: Path, signer: Signer, spoil: Spoil, says: str) -> None:
    held = dict(small.members())
    spoil(held)
    assert says in small.why(small.build(tmp_path / "a.tar", signer, list(held.items())))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"invented": False}, "hides that the incident is invented"),
        ({"incident": "INC-2"}, "incident or head"),
        ({"withheld": {"privileged": 1, "repeats": 0, "third_party": 0}}, "other withheld entries"),
        ({"receipts": "left out: a look at the past"}, "they are there"),
        ({"files": []}, "more or fewer members"),
        ({"format": "breachkit/evidence@2"}, "not one of this format"),
    ],
)
def test_a_manifest_that_says_otherwise_does_not_hold(
    tmp_path: Path, signer: Signer, changes: dict[str, object], says: str
) -> None:
    assert says in small.why(small.build(tmp_path / "a.tar", signer, **changes))


def test_an_archive_of_a_shorter_or_rewritten_chain_does_not_hold_against_a_noted_head(archive: bytes) -> None:
    now = form.heads("INC-1", small.entries())
    assert small.why(archive, noted=now) == ""
    assert small.why(archive, noted={"INC-1": {"entry": 2, "hash": small.entries()[1].hash}}) == ""
    longer = {"heads": {"INC-1": {"entry": 9, "hash": "a" * 64}}}
    assert "entries 9 to 9 were noted and are not here" in small.why(archive, noted=longer)
    other = {"heads": {"INC-1": {"entry": 6, "hash": "a" * 64}}}
    assert "entry 6 is not the one that was noted" in small.why(archive, noted=other)
    assert "name no head of INC-1" in small.why(archive, noted={"heads": {}})


def before_a_gap(held: dict[str, bytes]) -> None:
    """Entry 2 told otherwise: entry 3, which names its hash, is withheld."""
    rows = lines_of(held)
    row = json.loads(rows[1])
    row["content"] = row["content"].replace('"actor":"ana"', '"actor":"eve"')
    row["hash"] = hashlib.sha256(row["content"].encode()).hexdigest()
    rows[1] = canonical(row) + b"\n"
    held["entries.jsonl"] = b"".join(rows)


def test_what_a_withheld_entry_follows_is_not_claimed_and_an_earlier_archive_shows_it(
    tmp_path: Path, signer: Signer, archive: bytes
) -> None:
    held = dict(small.members())
    before_a_gap(held)
    other = small.build(tmp_path / "a.tar", signer, list(held.items()))
    told = verify_evidence.verify(io.BytesIO(other), noted=form.heads("INC-1", small.entries()))[1]
    assert any("nothing from entry 4 to it was changed. Entry 4 is withheld" in line for line in told)
    assert any("not what each of them follows" in line for line in told)
    assert "entry 2 of the earlier archive is not in this one" in small.why(other, earlier=io.BytesIO(archive))
    assert small.why(archive, earlier=io.BytesIO(archive)) == ""
    assert "the earlier archive - DOES NOT HOLD" in small.why(archive, earlier=io.BytesIO(archive[:-1]))


def run_alone(archive: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """The file by itself, under a Python without site-packages, in a folder with nothing of breachkit."""
    command = [sys.executable, "-I", "-S", verify_evidence.__file__, archive, *words]
    plain = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8", **env}
    return subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=archive.parent, env=plain, timeout=60)


def test_one_file_and_python_are_enough(tmp_path: Path, archive: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(archive)
    (tmp_path / "heads.json").write_bytes(form.json_member(form.heads("INC-1", small.entries())))
    done = run_alone(tmp_path / "a.tar", "--heads", "heads.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "INVENTED INCIDENT: nothing of this happened"
    assert "WHOSE KEY THAT IS WAS NOT CHECKED" in done.stdout
    assert "withheld, privileged: entries 3-4" in done.stdout
    assert "time stamp present, NOT CHECKED" in done.stdout
    assert done.stdout.endswith("all of this holds\n")
    assert run_alone(tmp_path / "a.tar", "--earlier", "a.tar").returncode == 0
    assert run_alone(tmp_path / "a.tar", "--earlier", "heads.json").returncode == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "heads.json"]


def test_exit_codes_tell_a_broken_archive_from_a_wrong_call(tmp_path: Path, archive: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(archive[:-1])
    assert run_alone(tmp_path / "a.tar").returncode == 1
    assert run_alone(tmp_path / "none.tar").returncode == 2
    assert run_alone(tmp_path / "a.tar", "--unknown").returncode == 2
    (tmp_path / "a.tar").write_bytes(archive)
    assert run_alone(tmp_path / "a.tar", "--tsa-ca", "none.pem").returncode == 1


def test_nothing_in_an_archive_can_repaint_a_terminal(tmp_path: Path, signer: Signer) -> None:
    small.build(tmp_path / "a.tar", signer, made_by="\x1b[2J\u202eana\r\n")
    said = run_alone(tmp_path / "a.tar").stdout
    assert not set(said) & {"\x1b", "\u202e", "\r"}
    assert run_alone(tmp_path / "a.tar", LC_ALL="C", PYTHONIOENCODING="ascii").returncode == 0


def test_it_is_written_for_old_pythons_and_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(verify_evidence.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    known = {"argparse", "hashlib", "json", "os", "re", "shutil", "subprocess", "sys", "tempfile"}
    assert names == known | {"__future__", "typing", "collections.abc"}
    newer = {"removeprefix", "removesuffix", "pairwise", "batched", "is_relative_to", "file_digest", "bit_count"}
    assert not newer & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
