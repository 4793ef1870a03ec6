"""The ways out: programs without a shell, without secrets and not for ever; mail as handed in; proofs without addresses."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.reminder_settings import ReminderSettings
from breachkit.errors import Refused
from breachkit.workflow import reminder_ways
from breachkit.workflow.reminder_ways import WayFailed, command_id, plain_line, run_program, safe_environment, ways_of
from breachkit.workflow.reminder_words import Message

MESSAGE = Message(
    "INC-1", "INC-1: OWED eu.gdpr.33: due, in 6 h", "INC-1\n\nOWED eu.gdpr.33", {"format": "breachkit/reminder@1", "café": "é"}
)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="process groups are another matter there")
STAFF = ("oncall@example.com", "dpo@example.com")


class Programs:
    """Keeps what would have been run."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.words: list[str] = []
        self.environment: Mapping[str, str] = {}

    def __call__(self, words: Sequence[str], given: bytes, environment: Mapping[str, str], seconds: float) -> int:
        self.words, self.environment = list(words), environment
        return self.code


def said(settings: ReminderSettings, message: Message = MESSAGE, **more: Any) -> str:
    (way,) = ways_of(settings, more.pop("mailer", None), **more)
    return way.say(message)


def test_a_mail_goes_through_what_is_handed_in_and_its_proof_names_nobody() -> None:
    sent: list[tuple[str, str]] = []

    def mailer(subject: str, text: str) -> str:
        sent.append((subject, text))
        return "250 2.1.5 <OnCall@example.com> queued as 4F1\r\n"

    proof = said(ReminderSettings(mail=STAFF), mailer=mailer)
    assert sent == [(MESSAGE.subject, MESSAGE.text)]
    assert proof.startswith("2 recipients of staff; 250 2.1.5 <<recipient>> queued as 4F1; sha256 ")
    assert "@" not in proof


@pytest.mark.parametrize("problem", [Refused("550 no such user dpo@example.com"), ConnectionRefusedError("dpo@example.com")])
def test_a_mail_that_is_not_taken_is_a_failure_that_names_nobody(problem: Exception) -> None:
    def mailer(subject: str, text: str) -> str:
        raise problem

    with pytest.raises(WayFailed, match=r"the mail was not taken: .*<recipient>") as caught:
        said(ReminderSettings(mail=STAFF), mailer=mailer)
    assert "dpo@example.com" not in str(caught.value)


def test_mail_without_a_server_fails_and_says_so() -> None:
    with pytest.raises(WayFailed, match="no mail server is set for reminders"):
        said(ReminderSettings(mail=STAFF))


def test_a_command_reads_json_and_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.json"
    secrets = {
        "BREACHKIT_SMTP_PASSWORD": "1", "BREACHKIT_SMTP_PASSWORD_MAIN": "2", "BREACHKIT_KEY": "3", "BREACHKIT_KEY_FILE": "4",
        "BREACHKIT_PASSPHRASE": "5", "PGPASSWORD": "6", "BREACHKIT_DATABASE": "postgresql://ana:secret@db.example.com/b",
    }  # fmt: skip
    for name, held in {**secrets, "BREACHKIT_ACTOR": "ana"}.items():
        monkeypatch.setenv(name, held)
    script = f"import json,os,sys; json.dump([json.load(sys.stdin), dict(os.environ), sys.argv], open({str(out)!r}, 'w'))"
    words = (sys.executable, "-X", "utf8", "-c", script, "$(touch x)", "; ls")
    proof = said(ReminderSettings(commands=(words,)))
    given, environment, argv = json.loads(out.read_text())
    assert given == MESSAGE.json
    assert argv[1:] == ["$(touch x)", "; ls"]
    assert environment["BREACHKIT_ACTOR"] == "ana"
    assert not set(secrets) & set(environment)
    assert proof.startswith(f"{os.path.basename(sys.executable)} ended with 0; sha256 ")


def test_a_databases_url_without_a_password_is_handed_on() -> None:
    kept = {"BREACHKIT_DATABASE": "postgresql://db.example.com/b", "PATH": "/bin", "MONKEY": "x"}
    assert safe_environment(kept) == kept


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((sys.executable, "-c", "raise SystemExit(3)"), "ended with 3"),
        (("no-such-program-anywhere",), "no-such-program-anywhere did not say it"),
        ((sys.executable, "-c", "a\0b"), "did not say it"),
    ],
)
def test_a_command_that_fails_or_is_not_there_is_a_failure(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(WayFailed, match=message):
        said(ReminderSettings(commands=(words,)))


@POSIX
def test_a_command_that_never_ends_is_stopped_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_ways, "COMMAND_SECONDS", 0.5)
    mark = tmp_path / "child"
    script = f"sleep 60 & echo $! > '{mark}'; wait"
    began = time.monotonic()
    with pytest.raises(WayFailed, match=r"it was still running after 0\.5 s and was stopped"):
        said(ReminderSettings(commands=(("/bin/sh", "-c", script),)))
    assert time.monotonic() - began < 20
    assert_gone(int(mark.read_text()))


def assert_gone(number: int) -> None:
    """The process ends soon: it was killed, and somebody else may still have to take note."""
    for _ in range(200):
        try:
            os.kill(number, 0)
            state = Path(f"/proc/{number}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {number} still runs")


def test_a_command_that_does_not_read_has_still_said_it() -> None:
    assert run_program([sys.executable, "-c", "pass"], b"x" * 1_000_000, dict(os.environ), 30) == 0


def test_two_commands_are_told_apart_without_their_words() -> None:
    first, second = command_id(["page", "--token", "abc"]), command_id(["page", "--token", "abd"])
    assert first != second == command_id(["page", "--token", "abd"])
    assert first.startswith("command:")
    assert len(first) == len("command:") + 8


HOSTILE = Message("INC-1", "--urgency=low\x1b[2J \u202e<b>INC-1</b> & co\n'; rm -rf ~", "", {})


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_desktop_gets_texts_that_are_neither_options_nor_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(reminder_ways.shutil, "which", lambda name: f"/found/{name}")
    ran = Programs()
    proof = said(ReminderSettings(desktop=True), HOSTILE, run=ran, platform=platform)
    text = "urgency=low [2J <b>INC-1</b> & co '; rm -rf ~"
    match platform:
        case "linux":
            escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            assert ran.words == [
                "/found/notify-send",
                "--app-name=breachkit",
                "--urgency=critical",
                "--",
                "breachkit INC-1",
                escaped,
            ]
        case "darwin":
            assert ran.words[0] == "/found/osascript"
            assert ran.words[-2:] == ["breachkit INC-1", text]
            assert text not in "".join(ran.words[:-2])
        case _:
            assert ran.words[0] == "/found/powershell"
            assert text not in "".join(ran.words)
            assert ran.environment["BREACHKIT_REMINDER_TEXT"] == text
    assert " ended with 0; sha256 " in proof


def test_no_desktop_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_ways.shutil, "which", lambda name: None)
    with pytest.raises(WayFailed, match="there is no desktop to say it on: notify-send is not installed"):
        said(ReminderSettings(desktop=True), platform="linux")
    monkeypatch.setattr(reminder_ways.shutil, "which", lambda name: f"/found/{name}")
    with pytest.raises(WayFailed, match="notify-send ended with 1"):
        said(ReminderSettings(desktop=True), run=Programs(1), platform="linux")


def test_ways_come_in_order_and_none_is_named_that_was_not_set() -> None:
    assert ways_of(ReminderSettings(), None) == ()
    every = ReminderSettings(mail=STAFF, desktop=True, commands=(("a",), ("b",)))
    assert [way.kind for way in ways_of(every, None)] == ["mail", "desktop", "command", "command"]


@pytest.mark.parametrize(
    ("text", "line"), [("-a", "a"), ("--  - x", "x"), ("a\r\nBcc: b", "a Bcc: b"), ("\u2014x\u00a0y", "x y")]
)
def test_a_line_is_plain(text: str, line: str) -> None:
    assert plain_line(text) == line
