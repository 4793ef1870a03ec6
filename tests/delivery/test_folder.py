"""The folder of messages: whole files for their owner alone, never one over another, and no link is followed."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from breachkit.delivery.folder import FolderTransport
from breachkit.errors import BadValue, Refused

MESSAGE = b"Subject: one\r\n\r\ntext\r\n"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links are another matter there")


def test_a_message_is_one_file_and_the_receipt_names_it(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "out" / "mail")
    assert folder.send("eu.gdpr.33@es-aepd", MESSAGE) == "folder:eu.gdpr.33@es-aepd.eml"
    assert [path.name for path in folder.folder.iterdir()] == ["eu.gdpr.33@es-aepd.eml"]
    assert (folder.folder / "eu.gdpr.33@es-aepd.eml").read_bytes() == MESSAGE
    assert folder.kind == "folder"


@POSIX
def test_nobody_else_can_read_the_folder_or_a_message(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = FolderTransport(tmp_path / "mail")
        folder.send("a", MESSAGE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder.folder / "a.eml").stat().st_mode) == 0o600


@POSIX
def test_a_folder_of_messages_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir(mode=0o755)
    FolderTransport(tmp_path / "mail").send("a", MESSAGE)
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


@POSIX
def test_a_folder_with_other_files_is_not_taken_over(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir(mode=0o755)
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="open to others and holds other files"):
        FolderTransport(folder).send("a", MESSAGE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert not (folder / "a.eml").exists()


def test_the_same_message_again_changes_nothing(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mail")
    first = folder.send("a", MESSAGE)
    before = (folder.folder / "a.eml").stat()
    assert folder.send("a", MESSAGE) == first
    after = (folder.folder / "a.eml").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_message_of_that_name_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mail")
    folder.send("a", MESSAGE)
    with pytest.raises(Refused, match="holds another message; nothing is overwritten"):
        folder.send("a", MESSAGE + b"more")
    assert (folder.folder / "a.eml").read_bytes() == MESSAGE
    assert len(list(folder.folder.iterdir())) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", "a\\b", ".hidden", "a b", "a\n", "a\0", "é", "x" * 200, "-a"])
def test_a_name_that_is_no_plain_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadValue, match="cannot name a message"):
        FolderTransport(tmp_path / "mail").send(name, MESSAGE)
    assert not (tmp_path / "mail").exists()


@POSIX
def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="symbolic link"):
        FolderTransport(tmp_path / "link").send("a", MESSAGE)
    target = tmp_path / "elsewhere" / "target"
    mail = tmp_path / "mail"
    mail.mkdir(mode=0o700)
    (mail / "a.eml").symlink_to(target)
    with pytest.raises(Refused, match="no plain file"):
        FolderTransport(mail).send("a", MESSAGE)
    target.write_bytes(MESSAGE)  # not even when it holds the same
    with pytest.raises(Refused, match="no plain file"):
        FolderTransport(mail).send("a", MESSAGE)
    assert list((tmp_path / "elsewhere").iterdir()) == [target]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(b"")
    with pytest.raises(Refused, match="is a file"):
        FolderTransport(tmp_path / "mail").send("a", MESSAGE)


def test_what_the_disk_refuses_is_said_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = FolderTransport(tmp_path / "mail")
    folder.send("a", MESSAGE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match=r"b\.eml could not be written: No space left on device"):
        folder.send("b", MESSAGE)
    assert [path.name for path in folder.folder.iterdir()] == ["a.eml"]
