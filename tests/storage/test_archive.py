"""Evidence archives on disk: the same members give the same bytes, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import stat
import tracemalloc
from pathlib import Path

import pytest

from breachkit.errors import BadFile, Refused
from breachkit.storage.archive import ArchiveWriter, copy_archive, header, new_archive


def test_the_same_members_give_the_same_bytes_for_their_owner_alone(tmp_path: Path) -> None:
    made = []
    for name in ("a.tar", "b.tar"):
        with new_archive(tmp_path / name) as writer:
            writer.add("one.txt", b"1")
            writer.add("two/three.json", bytes(512))
            writer.finish()
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert len(made[0]) == 512 * 6
    assert stat.S_IMODE((tmp_path / "a.tar").stat().st_mode) == 0o600


def test_a_run_that_fails_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(b"before")
    with pytest.raises(Refused, match="--force"), new_archive(path):
        pass
    with pytest.raises(Refused, match="no name"), new_archive(path, force=True) as writer:
        writer.add("../one.txt", b"1")
    assert [one.name for one in tmp_path.iterdir()] == ["a.tar"]
    assert path.read_bytes() == b"before"
    (tmp_path / "link.tar").symlink_to(path)
    with pytest.raises(Refused, match="symbolic link"), new_archive(tmp_path / "link.tar", force=True):
        pass


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../a", "a/../b", "a/b/c", ".hidden", "a\nb", "é", "x" * 101, "a/", "a b"])
def test_a_name_that_could_be_a_path_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        header(name, 0)


def test_a_member_larger_than_its_header_can_say_is_refused() -> None:
    header("a", 8**11 - 1)
    with pytest.raises(Refused, match="at most"):
        header("a", 8**11)


def test_a_member_whose_bytes_are_not_those_recorded_leaves_no_trace() -> None:
    out, good = io.BytesIO(), io.BytesIO()
    sha = hashlib.sha256(b"abc").hexdigest()
    for file, spoilt in ((out, True), (good, False)):
        writer = ArchiveWriter(file)
        writer.add("first", b"1")
        if spoilt:
            assert not writer.stream_known("a", 3, sha, [b"ab", b"x"])
            assert not writer.stream_known("a", 3, sha, [b"ab"])
            assert not writer.stream_known("a", 3, sha, [b"abc" * 1000])
        assert writer.stream_known("a", 3, sha, [b"ab", b"c"])
        assert [one.path for one in writer.members] == ["first", "a"]
        digest = writer.finish()
        assert digest == hashlib.sha256(file.getvalue()).hexdigest()
    assert out.getvalue() == good.getvalue()


def test_a_large_member_goes_through_in_pieces(tmp_path: Path) -> None:
    piece, count = bytes(1 << 20), 64
    tracemalloc.start()
    with new_archive(tmp_path / "a.tar") as writer:
        writer.stream("large", len(piece) * count, (piece for _ in range(count)))
        writer.add("last", b"x")
        writer.finish()
    with new_archive(tmp_path / "b.tar") as writer:
        assert copy_archive(tmp_path / "a.tar", ("last",), writer) == {"last": b"x"}
        writer.add("last", b"x")
        writer.finish()
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


@pytest.mark.parametrize("raw", [b"", b"no archive", bytes(100), b"x" * 1024])
def test_what_is_no_archive_is_no_source(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(raw)
    with pytest.raises(BadFile, match="no evidence archive"):
        copy_archive(tmp_path / "a.tar", ("one",))
