"""A Postfix log proves what became of an envelope, and of nothing that it does not name."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from breachkit.errors import UsageError
from breachkit.intake.bounce_values import Unread
from breachkit.intake.server_log import Logged, read_server_log

FIRST, SECOND = "0f" * 16, "a1" * 16
TO = "to=<ana@mail.example.com>, relay=mx.mail.example.com[192.0.2.1]:25, delay=1.2, delays=0.1/0.02/0.5/0.58"


def line(agent: str, rest: str, at: str = "Nov 22 10:00:05", queue: str = "4AbCdE1z2y") -> str:
    return f"{at} mx postfix/{agent}[123]: {queue}: {rest}\n"


def cleanup(envelope: str = FIRST, **more: str) -> str:
    return line("cleanup", f"message-id=<{envelope}@org.example>", **more)


SENT = line("smtp", f"{TO}, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4XYZ for ana@mail.example.com)")
REMOVED = line("qmgr", "removed")


def read(folder: Path, *logs: str | bytes) -> list[Logged | Unread]:
    paths = []
    for number, content in enumerate(logs):
        path = folder / f"mail{number}.log"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return list(read_server_log(*paths))


def one(folder: Path, *logs: str | bytes) -> Logged:
    (found,) = read(folder, *logs)
    assert isinstance(found, Logged), found
    return found


def test_a_message_is_followed_by_its_queue_id(tmp_path: Path) -> None:
    found = one(
        tmp_path, line("smtpd", "client=app[192.0.2.9]") + cleanup() + line("qmgr", "from=<n@org.example>, size=1") + SENT
    )
    assert (found.envelope, found.status, found.dsn) == (FIRST, "sent", "2.0.0")
    assert found.reply == "250 2.0.0 Ok: queued as 4XYZ for <address>"
    assert (found.relay, found.at, found.source) == ("mx.mail.example.com[192.0.2.1]:25", "Nov 22 10:00:05", "mail0.log line 4")


@pytest.mark.parametrize(
    ("agent", "rest", "status", "reply"),
    [
        (
            "smtp",
            f"{TO}, dsn=5.1.1, status=bounced (host mx said: 550 <ana@mail.example.com>: no ana here (in reply to RCPT TO))",
            "bounced",
            "host mx said: 550 <address>: no <recipient> here (in reply to RCPT TO)",
        ),
        ("relay/smtp", f"{TO}, conn_use=3, dsn=4.4.1, status=deferred (timed out)", "deferred", "timed out"),
        ("lmtp", f"{TO}, tls=verified, dsn=2.0.0, status=sent (250 2.0.0 Saved)", "sent", "250 2.0.0 Saved"),
        (
            "local",
            "to=<ana@mx>, orig_to=<ana.example@org.example>, relay=local, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent "
            "(delivered to mailbox of ana.example",
            "sent",
            "delivered to mailbox of <recipient>",
        ),
        (
            "error",
            "to=<a@b.example>, relay=none, delay=9, delays=9/0/0, dsn=4.4.1, status=deferred (delivery temporarily suspended)",
            "deferred",
            "delivery temporarily suspended",
        ),
        ("qmgr", "from=<n@org.example>, status=expired, returned to sender", "expired", "returned to sender"),
    ],
)
def test_each_agent_says_what_became_of_it(tmp_path: Path, agent: str, rest: str, status: str, reply: str) -> None:
    found = one(tmp_path, cleanup() + line(agent, rest))
    assert (found.status, found.reply) == (status, reply)
    assert (found.relay == "") is ("relay=none" in rest or status == "expired")


@pytest.mark.parametrize("at", ["Nov  2 10:00:05", "2026-11-22T10:00:05.123456+01:00", "2026-11-22T09:00:05Z"])
def test_a_time_stays_as_it_is_written(tmp_path: Path, at: str) -> None:
    assert one(tmp_path, cleanup(at=at) + SENT.replace("Nov 22 10:00:05", at)).at == at


def test_attempts_come_in_the_order_of_the_log_and_across_rotated_ones(tmp_path: Path) -> None:
    deferred = SENT.replace("dsn=2.0.0, status=sent", "dsn=4.2.0, status=deferred")
    found = read(tmp_path, gzip.compress((cleanup() + deferred).encode()), SENT + REMOVED)
    assert [one.status for one in found if isinstance(one, Logged)] == ["deferred", "sent"]


def test_a_queue_id_that_is_used_again_is_somebody_elses(tmp_path: Path) -> None:
    other = line("cleanup", "message-id=<CA+x@mail.example.com>")
    assert read(tmp_path, cleanup() + REMOVED + SENT) == []
    assert read(tmp_path, cleanup() + other + SENT) == []
    assert one(tmp_path, cleanup() + cleanup(SECOND) + SENT).envelope == SECOND


def test_messages_that_are_not_ours_and_lines_of_other_programs_are_passed_over(tmp_path: Path) -> None:
    forged = f"Nov 22 10:00:05 mx sshd[9]: Invalid user {SENT}"
    forged += f"Nov 22 10:00:05 mx sshd[9]: postfix/smtp[1]: 4AbCdE1z2y: {TO}, dsn=2.0.0, status=sent (250)\n"
    inside = line("smtp", f"to=<x>, dsn=2.0.0, status=sent (>, relay=a, {TO}, dsn=2.0.0, status=sent (250 ok)")
    discarded = SENT.replace("postfix/smtp", "postfix/discard")
    assert read(tmp_path, cleanup() + forged + inside + discarded + SENT.replace("4AbCdE1z2y", "4OTHERqueue")) == []


def test_a_line_without_end_and_bytes_of_any_kind_are_passed_over(tmp_path: Path) -> None:
    noise = b"status=" * 200_000 + b"\n" + bytes(range(256)) + b"\n"
    found = one(tmp_path, cleanup().encode() + noise + SENT.encode())
    assert found.status == "sent"


def test_escape_codes_in_a_reply_reach_nobody(tmp_path: Path) -> None:
    assert one(tmp_path, cleanup() + SENT.replace("Ok:", "\x1b[31mOk:")).reply.startswith("250 2.0.0 Ok:")


@pytest.mark.parametrize("cut", [12, 60, -4])
def test_a_compressed_log_that_is_cut_says_so(tmp_path: Path, cut: int) -> None:
    found = read(tmp_path, gzip.compress((cleanup() + SENT).encode())[:cut])
    assert isinstance(found[-1], Unread)
    assert "cut or damaged" in found[-1].why


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_server_log(tmp_path / "absent.log"))
    with pytest.raises(UsageError, match="not a file"):
        list(read_server_log(tmp_path))
