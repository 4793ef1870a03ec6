"""remind.yaml: one good one, and every way to write one wrong with the words its message must hold."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from breachkit.content.reminder_settings import ReminderSettings, load_reminder_settings, reminder_settings
from breachkit.domain.reminders import Schedule
from breachkit.errors import BadFile

GOOD = """\
format: breachkit/remind@1
before: [P2D, PT30M, PT0S]
overdue_every: none
no_number_every: PT12H
limits: both
by:
  - mail: [oncall@example.com, dpo@example.com]
  - desktop: yes
  - command: [page, --team, "the privacy team", ""]
  - command: [/usr/local/bin/page]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "remind.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_good_file_says_when_and_by_which_ways(tmp_path: Path) -> None:
    held = load_reminder_settings(written(tmp_path, GOOD))
    assert held.schedule == Schedule(
        (timedelta(days=2), timedelta(minutes=30), timedelta()), None, timedelta(hours=12), "both"
    )  # fmt: skip
    assert held.mail == ("oncall@example.com", "dpo@example.com")
    assert held.desktop
    assert held.commands == (("page", "--team", "the privacy team", ""), ("/usr/local/bin/page",))


def test_what_is_left_out_is_as_usual(tmp_path: Path) -> None:
    held = load_reminder_settings(written(tmp_path, "limits: target\n"))
    assert held == ReminderSettings()
    assert held.schedule.before == (timedelta(days=1), timedelta(hours=6), timedelta(hours=1), timedelta())


def test_the_file_named_is_taken_before_that_of_the_folder_and_none_is_needed(tmp_path: Path) -> None:
    own = written(tmp_path, "overdue_every: PT1H\n")
    other = tmp_path / "other.yaml"
    other.write_text("overdue_every: PT2H\n", encoding="utf-8")
    assert reminder_settings(None, tmp_path) == load_reminder_settings(own)
    assert reminder_settings(other, tmp_path).schedule.overdue_every == timedelta(hours=2)
    assert reminder_settings(None, tmp_path / "nowhere") == ReminderSettings() == reminder_settings(None, None)
    with pytest.raises(BadFile, match="cannot be read"):
        reminder_settings(tmp_path / "missing.yaml", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format: breachkit/remind@2", "line 1: format must be 'breachkit/remind@1'"),
        ("befor: [PT6H]", "line 1: unknown key 'befor' in the reminder settings; did you mean 'before'?"),
        ("before: [6 hours]", "'6 hours' is not a span of time (days, hours and minutes only)"),
        ("before: [-PT6H]", "'before' takes spans from PT0S to P366D, not '-PT6H'"),
        ("before: [P400D]", "'before' takes spans from PT0S to P366D, not 'P400D'"),
        ("before: []", "'before' takes a list of 1 to 50 distances"),
        ("before:", "'before' takes a list of 1 to 50 distances"),
        ("before: [PT24H, P1D]", "'before' names a distance twice"),
        ("overdue_every: PT1M", "'overdue_every' takes PT5M or more, or none; not 'PT1M'"),
        ("no_number_every: PT0S", "'no_number_every' takes PT5M or more, or none; not 'PT0S'"),
        ("overdue_every: never", "'never' is not a span of time"),
        ("limits: inner", "unknown limits 'inner'"),
        ("by: desktop", "line 1: 'by' must be a list"),
        ("by:\n  - desktop", "line 2: a way is one of mail: [ADDRESS, ...]"),
        ("by:\n  - {}", "line 2: a way is one of mail: [ADDRESS, ...], desktop: yes, command: [PROGRAM, ...]"),
        ("by:\n  - {pager: yes}", "line 2: unknown key 'pager' in an entry of 'by'"),
        ("by:\n  - {desktop: maybe}", "'desktop' takes yes or no, not 'maybe'"),
        ("by:\n  - {desktop: yes}\n  - {desktop: yes}", "line 3: 'desktop' is among the ways twice"),
        ("by:\n  - {mail: []}", "'mail' takes a list of 1 to 50 addresses of your own staff"),
        ("by:\n  - {mail: [Ana <ana@example.com>]}", "'Ana <ana@example.com>' is no plain address"),
        ("by:\n  - {mail: [-oX@example.com]}", "'-oX@example.com' is no plain address"),
        ('by:\n  - {mail: ["a@example.com\\nBcc: b@example.com"]}', "is no plain address"),
        ("by:\n  - {mail: [a@example.com, A@example.com]}", "'mail' names an address twice"),
        ("by:\n  - {mail: [a@example.com]}\n  - {mail: [b@example.com]}", "line 3: 'mail' is among the ways twice"),
        ("by:\n  - {command: page now}", "line 2: 'command' takes a list of words"),
        ("by:\n  - {command: []}", "line 2: 'command' takes a list of words"),
        ("by:\n  - {command: [[page]]}", "line 2: 'command' takes a list of words"),
        ("by:\n  - {command: [' ']}", "'command' begins with a program's name or whole path"),
        ("by:\n  - {command: [./page]}", "'./page' depends on the folder it is run in; write the whole path"),
        ("by:\n  - {command: [page]}\n  - {command: [page]}", "line 3: the same command is among the ways twice"),
    ],
)
def test_a_mistake_is_said_once_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadFile) as caught:
        load_reminder_settings(written(tmp_path, text + "\n"))
    assert message in str(caught.value)
    assert len(caught.value.faults) == 1, str(caught.value)
    assert str(caught.value).startswith("remind.yaml line ")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_a_command_in_a_file_that_others_may_write_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "by: [{command: [page]}]\n")
    path.chmod(0o620)
    with pytest.raises(BadFile, match=r"others may write to remind\.yaml, so no command of it is run; chmod go-w"):
        load_reminder_settings(path)
    path.chmod(0o644)
    assert load_reminder_settings(path).commands == (("page",),)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_a_command_in_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "by: [{command: [page]}]\n")
    if path.stat().st_uid == 0:  # root's files are trusted: give it away
        os.chown(path, 65534, 65534)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(BadFile, match="belongs to somebody else, so no command of it is run"):
        load_reminder_settings(path)
