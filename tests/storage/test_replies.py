"""A sender's own note: what it proves after a crash, and what it does not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from breachkit.domain.envelope import Outcome
from breachkit.errors import Refused
from breachkit.storage import replies
from breachkit.storage.replies import Left, ReplyLog, hold, left_behind

AT = "2026-11-22T12:00:00.000+00:00"
ENVELOPE = "0" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with hold(tmp_path / "replies", alone=True) as mine:
        assert mine
    return tmp_path / "replies"


def said(result: str = "sent") -> Outcome:
    return Outcome(ENVELOPE, result, 250, "2.0.0 Ok: \u201cqueued\u201d", "main")  # type: ignore[arg-type]  # a word of the table


def dead(folder: Path, *lines: bytes) -> Left:
    """The log of a sender that was killed after it wrote these lines."""
    log = ReplyLog(folder, "host-1")
    for line in lines:
        os.write(log._file, line)
    os.close(log._file)
    [left] = list(left_behind(folder))
    return left


def test_what_was_begun_and_what_was_replied_comes_back(folder: Path) -> None:
    log = ReplyLog(folder, "host-1")
    log.begun(7, 1)
    log.begun(8, 2)
    log.replied(7, 1, said(), AT)
    assert list(left_behind(folder)) == [], "it is held: its sender lives"
    log.close(settled=False)
    [left] = list(left_behind(folder))
    assert (left.sender, left.complete) == ("host-1", True)
    assert left.begun == {7: 1, 8: 2}
    assert left.replies == {7: (1, said(), AT)}


def test_a_log_goes_once_it_is_settled_and_stays_until_then(folder: Path) -> None:
    ReplyLog(folder, "host-1").close(settled=False)
    for left in left_behind(folder):
        assert left.sender == "host-1"
    for left in left_behind(folder):
        left.over = True
    assert list(folder.glob("*.replies")) == []
    ReplyLog(folder, "host-2").close(settled=True)
    assert list(folder.glob("*.replies")) == []


def test_a_log_of_another_boot_proves_nothing_by_its_silence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = ReplyLog(folder, "host-1")
    log.begun(7, 1)
    log.replied(7, 1, said(), AT)
    log.close(settled=False)
    monkeypatch.setattr(replies, "_boot", lambda: "another")
    [left] = list(left_behind(folder))
    assert not left.complete
    assert left.replies[7][1] == said(), "what it does say is proof still"


def test_where_a_boot_has_no_name_silence_proves_nothing_either(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "_boot", lambda: "")
    assert not dead(folder).complete


@pytest.mark.parametrize("tail", [b"[8", b"[8,1]", b'[7,1,"' + ENVELOPE.encode() + b'","sent",250,"2.0'])
def test_a_line_without_an_end_was_never_said(folder: Path, tail: bytes) -> None:
    left = dead(folder, b"[7,1]\n", tail)
    assert (left.begun, left.replies, left.complete) == ({7: 1}, {}, True)


@pytest.mark.parametrize(
    "line", [b"\x00\x00\x00\n", b"[7,1,2]\n", b'{"boot": 3}\n', b"7\n", b'["7",1]\n', b'[7,1,"","won",1,"","",""]\n']
)
def test_a_line_that_cannot_be_read_takes_the_proof_of_silence_away(folder: Path, line: bytes) -> None:
    left = dead(folder, line, b"[8,1]\n")
    assert (left.begun[8], left.complete) == (1, False)
    assert left.replies == {}


def test_a_message_that_is_tried_again_has_no_reply_yet(folder: Path) -> None:
    log = ReplyLog(folder, "host-1")
    log.begun(7, 1)
    log.replied(7, 1, said("deferred"), AT)
    log.begun(7, 2)
    log.close(settled=False)
    [left] = list(left_behind(folder))
    assert (left.begun, left.replies) == ({7: 2}, {})


def test_a_log_that_a_full_disk_cut_short_lets_nothing_leave_any_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = ReplyLog(folder, "host-1")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, line: len(line) - 1)
        with pytest.raises(Refused, match=r"the disk is full\), and nothing is sent that is not noted there"):
            log.begun(7, 1)
    for _ in range(2):
        with pytest.raises(Refused, match="an earlier line could not be written"):
            log.begun(8, 1)
    log.close(settled=False)
    assert [json.loads(line).keys() for line in log.path.read_bytes().splitlines()] == [{"boot"}]


def test_a_sender_whose_new_log_somebody_took_for_a_dead_ones_makes_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = replies._lock
    taken: list[int] = []

    def lock(descriptor: int) -> bool:
        if not taken:  # between making the file and holding it somebody looks for the dead
            taken.append(1)
            for left in left_behind(folder):
                left.over = True
        return real(descriptor)

    monkeypatch.setattr(replies, "_lock", lock)
    log = ReplyLog(folder, "host-1")
    log.begun(7, 1)
    log.close(settled=False)
    [left] = list(left_behind(folder))
    assert left.begun == {7: 1}


def test_one_folder_is_held_by_one_and_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    with hold(folder, alone=True) as mine, hold(folder, alone=True) as second, hold(folder, alone=False) as third:
        assert (mine, second, third) == (True, False, True)
    with hold(folder, alone=True) as again:
        assert again
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(Refused, match="is a symbolic link"), hold(link, alone=True):
        pass
    (folder / "other.replies").symlink_to(tmp_path / "elsewhere")
    assert list(left_behind(folder)) == []
    assert list(left_behind(link)) == []
    assert list(left_behind(tmp_path / "nothing")) == []
    assert folder.stat().st_mode & 0o077 == 0
