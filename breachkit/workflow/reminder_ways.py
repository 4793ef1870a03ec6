"""The ways a reminder goes out by: mail, the desktop, a command. Each says a message and gives its proof, or says why not.

The terminal is the caller's own way. Which way an incident may use is decided by its marks alone. Mail is handed in as a
`Mailer`; making one is the work of `sending.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from breachkit.content.reminder_settings import ReminderSettings
from breachkit.domain.transports import permit
from breachkit.errors import BreachkitError, ExitCode, Refused
from breachkit.workflow.reminder_words import Message
from breachkit.workflow.subjects import Subject

Kind = Literal["mail", "desktop", "command", "terminal"]

Mailer: TypeAlias = Callable[[str, str], str]
"""Takes a subject of one line and a text, sends them to the staff of the settings, and returns the proof: the server's reply.
A BreachkitError or OSError says that it was not sent."""

Runner: TypeAlias = Callable[[Sequence[str], bytes, Mapping[str, str], float], int]
"""Runs a program: its words, what it reads, its environment, seconds it may take; returns its exit code. OSError or
TimeoutError where it could not be run to its end."""

COMMAND_SECONDS: Final = 30.0
DESKTOP_SECONDS: Final = 10.0
_LONGEST: Final = 400
"""Characters of a desktop's notice."""
_SECRET: Final = re.compile(r"BREACHKIT_(?:.*(?:PASSWORD|PASSPHRASE|SECRET|TOKEN).*|KEY.*)|PGPASSWORD", re.IGNORECASE)


class WayFailed(BreachkitError):
    """A way could not say it; the others still do, and the next run tries it again."""

    exit_code = ExitCode.DELIVERY


@dataclass(frozen=True, slots=True)
class Way:
    """One way out."""

    kind: Kind
    id: str
    """What proofs of it are found by: the kind, and for a command a mark of its words beside it."""
    say: Callable[[Message], str]
    """Says it and returns the proof, in which no address stands. WayFailed when it could not."""


def ways_of(
    settings: ReminderSettings, mailer: Mailer | None, *, run: Runner | None = None, platform: str = sys.platform
) -> tuple[Way, ...]:
    """The ways that the settings name. `mailer` None: mail fails, and says so. `run` None: programs are really run."""
    runner = run or run_program
    ways = []
    if settings.mail:
        ways.append(Way("mail", "mail", lambda message: _by_mail(message, settings.mail, mailer)))
    if settings.desktop:
        ways.append(Way("desktop", "desktop", lambda message: _on_desktop(message, runner, platform)))
    ways += [Way("command", command_id(words), _hook(words, runner)) for words in settings.commands]
    return tuple(ways)


def withheld(way: Way, subject: Subject) -> str | None:
    """Why this way may not say anything of that incident; None when it may.

    What never happened stays on this machine (design decision 16), and where a command sends things nobody here can know.
    """
    if way.kind in ("terminal", "desktop"):
        return None
    try:
        permit("smtp", invented=subject.invented, exercise=subject.exercise)
    except Refused:
        what = "an exercise" if subject.exercise is not None else "invented"
        return f"{subject.name} is {what}: only the terminal and the desktop say it, never {way.kind}"
    return None


def command_id(words: Sequence[str]) -> str:
    """`command:` and eight digits that stand for its words; the words may hold what a journal should not."""
    return f"command:{hashlib.sha256(chr(0).join(words).encode()).hexdigest()[:8]}"


def safe_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without breachkit's passwords and keys, and without a database's URL that holds a password."""
    kept = {name: held for name, held in environment.items() if not _SECRET.fullmatch(name)}
    if "@" in kept.get("BREACHKIT_DATABASE", "").partition("://")[2]:
        del kept["BREACHKIT_DATABASE"]
    return kept


def plain_line(text: str) -> str:
    """One line without control and direction characters that no program takes for an option."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(line.split()).lstrip("-\u2010\u2011\u2012\u2013\u2014\u2212 ")


def run_program(words: Sequence[str], given: bytes, environment: Mapping[str, str], seconds: float) -> int:
    """Run a program without a shell; what it says goes to stderr and nowhere. It and its children end with its time."""
    alone = sys.platform != "win32"
    program = subprocess.Popen(
        list(words), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=dict(environment), start_new_session=alone
    )
    try:
        program.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(program)
        raise TimeoutError(f"it was still running after {seconds:g} s and was stopped") from None
    except BaseException:
        _end(program)
        raise
    return program.returncode


def _end(program: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            program.kill()
        else:
            os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def _by_mail(message: Message, addresses: Sequence[str], mailer: Mailer | None) -> str:
    if mailer is None:
        raise WayFailed("no mail server is set for reminders, so none was sent")
    try:
        reply = mailer(plain_line(message.subject), message.text)
    except (BreachkitError, OSError) as problem:
        raise WayFailed(f"the mail was not taken: {_without(str(problem), addresses)}") from problem
    many = f"{len(addresses)} recipient{'' if len(addresses) == 1 else 's'} of staff"
    return f"{many}; {plain_line(_without(reply, addresses))[:300]}; {_seal(message.text)}"


def _without(text: str, addresses: Sequence[str]) -> str:
    for address in addresses:
        text = re.sub(re.escape(address), "<recipient>", text, flags=re.IGNORECASE)
    return text


def _hook(words: Sequence[str], run: Runner) -> Callable[[Message], str]:
    def say(message: Message) -> str:
        given = json.dumps(message.json, ensure_ascii=False).encode()
        name = os.path.basename(words[0])
        _ran(name, words, given, safe_environment(os.environ), COMMAND_SECONDS, run)
        return f"{plain_line(name)} ended with 0; {_seal(given.decode())}"

    return say


def _on_desktop(message: Message, run: Runner, platform: str) -> str:
    title, said = plain_line("breachkit " + message.incident), plain_line(message.subject)[:_LONGEST]
    environment = safe_environment(os.environ)
    if platform == "darwin":
        name, words = "osascript", ["osascript", *_APPLE, title, said]
    elif platform == "win32":
        name, words = "powershell", ["powershell", "-NoProfile", "-NonInteractive", "-Command", _TOAST]
        environment |= {"BREACHKIT_REMINDER_TITLE": title, "BREACHKIT_REMINDER_TEXT": said}
    else:
        markup = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        name, words = "notify-send", ["notify-send", "--app-name=breachkit", "--urgency=critical", "--", title, markup]
    program = shutil.which(name)
    if program is None:
        raise WayFailed(f"there is no desktop to say it on: {name} is not installed")
    _ran(name, [program, *words[1:]], b"", environment, DESKTOP_SECONDS, run)
    return f"{name} ended with 0; {_seal(said)}"


def _ran(name: str, words: Sequence[str], given: bytes, environment: Mapping[str, str], seconds: float, run: Runner) -> None:
    try:
        code = run(words, given, environment, seconds)
    except (OSError, ValueError) as problem:  # TimeoutError is an OSError; ValueError: a word that no program can be given
        raise WayFailed(f"{plain_line(name)} did not say it: {problem}") from problem
    if code:
        raise WayFailed(f"{plain_line(name)} ended with {code}")


def _seal(text: str) -> str:
    return f"sha256 {hashlib.sha256(text.encode()).hexdigest()}"


_APPLE: Final = (
    "-e", "on run argv",
    "-e", "display notification (item 2 of argv) with title (item 1 of argv)",
    "-e", "end run",
)  # fmt: skip
_TOAST: Final = """
$ErrorActionPreference = 'Stop'
$null = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$kind = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$page = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($kind)
$texts = $page.GetElementsByTagName('text')
$null = $texts.Item(0).AppendChild($page.CreateTextNode($env:BREACHKIT_REMINDER_TITLE))
$null = $texts.Item(1).AppendChild($page.CreateTextNode($env:BREACHKIT_REMINDER_TEXT))
$toast = [Windows.UI.Notifications.ToastNotification]::new($page)
$owner = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($owner).Show($toast)
"""
"""The texts come in by the environment, so that nothing of them is ever read as a script."""
