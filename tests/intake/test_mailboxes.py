"""Every shape of mailbox is read to its end and left as it was; hostile ones cost little and are said to be what they are."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breachkit.errors import UsageError
from breachkit.intake.bounces import Bounce, Unread, read_bounces
from breachkit.intake.mail_parts import MOST_PARTS
from breachkit.intake.mailboxes import LARGEST
from tests.intake.reports import ENVELOPE, MAKES, POSTFIX, QMAIL, bounce, read, why

LINE = "From MAILER-DAEMON Sun Nov 22 10:00:05 2026\n"


def mbox(*parts: str) -> str:
    return "".join(f"{LINE}{part}\n" for part in parts)


def test_a_folder_gives_each_message_in_order_and_says_what_it_left(tmp_path: Path) -> None:
    box = tmp_path / "box"
    (box / "inner").mkdir(parents=True)
    (box / "b.eml").write_text(POSTFIX)
    (box / "a.EML").write_text("From: a@example.com\n\nHello\n")
    (box / "notes.txt").write_text("x")
    (box / ".hidden").write_text("x")
    (box / "link.eml").symlink_to(box / "b.eml")
    found = list(read_bounces(box))
    assert [(one.source, one.why if isinstance(one, Unread) else one.envelope) for one in found] == [
        ("box/a.EML", "not a bounce"),
        ("box/b.eml", ENVELOPE),
        ("box/inner", "a folder inside the folder; it was not entered"),
        ("box/link.eml", "a symbolic link; it was not followed"),
        ("box/notes.txt", "its name does not end in .eml"),
    ]


def test_a_maildir_is_read_in_new_and_cur_and_each_message_once(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    (box / "new" / "1.a.host").write_text(POSTFIX)
    (box / "cur" / "1.a.host:2,S").write_text(POSTFIX)
    (box / "cur" / "2.b.host:2,").write_text(QMAIL)
    (box / "tmp" / "3.c.host").write_text(POSTFIX)
    (box / "cur" / "4.d.host:2,").symlink_to("/dev/zero")
    before = {path: path.lstat() for path in box.rglob("*")}
    found = list(read_bounces(box))
    assert [one.source for one in found] == ["Maildir/cur/1.a.host:2,S", "Maildir/cur/2.b.host:2,", "Maildir/cur/4.d.host:2,"]
    assert isinstance(found[2], Unread)
    after = {path: path.lstat() for path in box.rglob("*")}
    assert {path: (about.st_size, about.st_mtime_ns) for path, about in before.items()} == {
        path: (about.st_size, about.st_mtime_ns) for path, about in after.items()
    }


def test_a_message_that_moves_to_cur_while_others_are_read_is_read_there(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    for number in (1, 2):
        (box / "new" / f"{number}.host").write_text(POSTFIX)
    reading = read_bounces(box)
    next(reading)
    (box / "new" / "2.host").rename(box / "cur" / "2.host:2,S")
    assert [one.source for one in reading if isinstance(one, Bounce)] == ["Maildir/cur/2.host:2,S"]


def test_a_linked_folder_of_a_maildir_is_not_followed(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    (box / "cur").rmdir()
    (box / "cur").symlink_to(tmp_path)
    assert list(read_bounces(box)) == [Unread("Maildir/cur", "a symbolic link; it was not followed")]


def maildir(folder: Path) -> Path:
    box = folder / "Maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    return box


def test_an_mbox_is_cut_at_its_own_lines_only(tmp_path: Path) -> None:
    tricky = POSTFIX.replace("It could not be delivered.", "From the server:\n\nFrom here on nothing was delivered.\n>From x")
    found = read(tmp_path, mbox(POSTFIX, tricky, QMAIL, "From: a@example.com\n\nHello\n"), "bounces.mbox")
    assert [one.source for one in found] == [f"bounces.mbox message {number}" for number in (1, 2, 3, 4)]
    assert [type(one) for one in found] == [Bounce, Bounce, Bounce, Unread]


@pytest.mark.parametrize(("sender", "odd"), [("MAILER-DAEMON", False), ("<>", False), ("-", False), ("eve@example.com", True)])
def test_the_sender_an_mbox_notes_counts_where_the_message_has_none(tmp_path: Path, sender: str, odd: bool) -> None:
    bare = POSTFIX.replace("Return-Path: <>\n", "")
    (found,) = read(tmp_path, f"From {sender} Sun Nov 22 10:00:05 2026\n{bare}")
    assert isinstance(found, Bounce)
    assert bool(found.suspicious) is odd


def test_a_message_that_is_too_large_is_passed_over_without_being_held(tmp_path: Path) -> None:
    huge = POSTFIX.replace("It could not be delivered.", "x" * (LARGEST + 1))
    found = read(tmp_path, mbox(huge, POSTFIX), "bounces.mbox")
    assert isinstance(found[0], Unread)
    assert "10,000,000 are read" in found[0].why
    assert isinstance(found[1], Bounce)
    assert "10,000,000 are read" in why(tmp_path, huge)


def test_a_long_message_is_read_by_its_beginning(tmp_path: Path) -> None:
    long = POSTFIX.replace("--B/1.org--", "x\n" * 2_000_000 + "--B/1.org--")
    assert bounce(tmp_path, long).envelope == ENVELOPE


NESTED = "".join(f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n' for number in range(MOST_PARTS))
HOSTILE = {
    "a hundred parts inside one another": f"{NESTED}{chr(10) * 900_000}",
    "a thousand parts inside one another": NESTED * 10,
    "messages inside messages": "Content-Type: message/rfc822\n\n" * 9_000,
    "a parameter that never closes": f'Content-Type: multipart/report; boundary="b"; x="{";" * 900_000}\n\n--b\n',
    "a charset that is slow": "Content-Type: text/plain; charset=punycode\n\n" + "a-é" * 300_000,
    "a header of a megabyte": f"From: {'<a@' * 300_000}\nReferences: {'<' * 900_000}\n\nx\n",
    "an address without end": POSTFIX.replace("550 5.1.1", "a" * 500_000 + "@" * 500_000),
    "a hundred thousand recipients": POSTFIX.replace("Action: failed", "Action: failed\n\nAction: failed" * 20_000),
    "quotes": POSTFIX.replace("550 5.1.1", '"' * 500_000),
    "prose full of addresses": QMAIL.replace("Giving up", "a@" * 400_000),
    "prose without end": QMAIL.replace("Giving up", "-" * 900_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_costs_little(tmp_path: Path, name: str) -> None:
    start = time.perf_counter()
    assert read(tmp_path, HOSTILE[name])
    assert time.perf_counter() - start < 5


def test_a_message_the_library_cannot_take_apart_says_why(tmp_path: Path) -> None:
    assert why(tmp_path, HOSTILE["messages inside messages"]) == "its parts are nested too deeply"
    assert "more than 100 parts" in why(tmp_path, HOSTILE["a thousand parts inside one another"])
    number = f"Content-Type: multipart/report; boundary=b; x*{'9' * 5_000}*=x\n\n--b--\n"
    assert why(tmp_path, number) == "it is damaged (ValueError)"


def test_what_is_another_kind_of_file_is_named(tmp_path: Path) -> None:
    assert why(tmp_path, b"\xd0\xcf\x11\xe0....") == "this is an Outlook .msg file; save it as .eml"
    assert "unpack it first" in why(tmp_path, b"\x1f\x8b....")
    assert why(tmp_path, b"From here to there\n") == "it begins like an mbox, and its first line has no date"
    assert why(tmp_path, b"") == "there is nothing in it"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.eml")
    assert [one.why for one in read_bounces(tmp_path) if isinstance(one, Unread)] == ["it is not a file"]


def test_escape_codes_in_the_name_of_a_file_or_the_words_of_a_server_reach_nobody(tmp_path: Path) -> None:
    (found,) = read(tmp_path, POSTFIX.replace("User unknown", "\x1b]0;owned\x07\x1b[31mUser\u202e unknown"), "a\x1b[2J\n.eml")
    assert isinstance(found, Bounce)
    assert found.source == "a?[2J?.eml"
    assert found.diagnostic == "550 5.1.1 <address>: Recipient address rejected: User unknown in virtual mailbox table"


def test_a_path_without_a_mailbox_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_bounces(tmp_path / "absent"))
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        list(read_bounces(Path(os.devnull)))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    make=st.sampled_from([*MAKES.values(), QMAIL]),
    flips=st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 4_000),
)
def test_damage_never_raises_and_always_gives_a_value(
    tmp_path: Path, make: str, flips: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(make.encode())
    for place, byte in flips:
        data[place % len(data)] = byte
    found = read(tmp_path, bytes(data[: cut or None]))
    assert found
    for one in found:
        assert isinstance(one, Bounce | Unread)
        assert repr(one).isprintable()


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=2_000))
def test_bytes_of_any_kind_give_a_value(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data)


def test_two_thousand_reports_of_an_mbox_are_read_in_seconds(tmp_path: Path) -> None:
    start = time.perf_counter()
    found = read(tmp_path, mbox(*[make for make in MAKES.values() for _ in range(286)]), "bounces.mbox")
    assert len(found) == 2_002
    assert all(isinstance(one, Bounce) for one in found)
    assert time.perf_counter() - start < 20
