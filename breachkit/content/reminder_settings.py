"""Reads `remind.yaml`: at which distances before each limit to remind, of which limits, how often after them, by which ways.

When a reminder is due is the matter of `domain/reminders.py`, how it goes out that of `workflow/reminder_ways.py`.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from breachkit.content.yamlfile import Items, Reader, read_yaml
from breachkit.domain.reminders import LIMITS, Schedule, read_distance
from breachkit.domain.values import value
from breachkit.errors import BadFile, BadValue, Fault

FORMAT: Final = "breachkit/remind@1"
FILE: Final = "remind.yaml"
SHORTEST: Final = timedelta(minutes=5)
"""Between two repeats; whoever is told more often stops reading."""
LONGEST: Final = timedelta(days=366)
MOST: Final = 50
"""Distances, addresses and words of a command, each."""
_USUAL: Final = Schedule()
_ADDRESS: Final = re.compile(r"(?!-)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])")


@value
class ReminderSettings:
    """What `remind.yaml` says. The terminal is a way always and is not named in it."""

    schedule: Schedule = _USUAL
    mail: tuple[str, ...] = ()
    """Addresses of staff; empty: no mail."""
    desktop: bool = False
    commands: tuple[tuple[str, ...], ...] = ()
    """Each a program and its arguments, run without a shell."""


def reminder_settings(file: Path | None, own_folder: Path | None) -> ReminderSettings:
    """Those of the file named, else of `remind.yaml` in the organisation's own folder, else the usual ones: terminal alone."""
    if file is not None:
        return load_reminder_settings(file)
    path = own_folder / FILE if own_folder is not None else None
    return load_reminder_settings(path) if path is not None and path.exists() else ReminderSettings()


def load_reminder_settings(path: Path) -> ReminderSettings:
    """The settings in that file. BadFile lists every fault with its line."""
    faults: list[Fault] = []
    top = Reader(read_yaml(path), path.name, faults, "the reminder settings")
    if top.text("format", default=FORMAT) != FORMAT:
        top.fault("format", f"format must be '{FORMAT}'")
    schedule = Schedule(
        before=_before(top),
        overdue_every=_every(top, "overdue_every", _USUAL.overdue_every),
        no_number_every=_every(top, "no_number_every", _USUAL.no_number_every),
        limits=top.choice("limits", LIMITS, default=_USUAL.limits),
    )
    mail: list[str] = []
    desktop: list[bool] = []
    commands: list[tuple[str, ...]] = []
    for entry in _entries(top):
        _way(entry, path, mail, desktop, commands)
    top.finish("before")
    if faults:
        raise BadFile(faults)
    return ReminderSettings(schedule, tuple(mail), any(desktop), tuple(commands))


def _before(top: Reader) -> tuple[timedelta, ...]:
    if not top.has("before"):
        return _USUAL.before
    written = top.texts("before")
    if not 0 < len(written) <= MOST:
        top.fault("before", f"'before' takes a list of 1 to {MOST} distances such as [P1D, PT6H, PT1H, PT0S]")
    spans = [_span(top, "before", text) for text in written]
    if len({span for span in spans if span is not None}) < len([span for span in spans if span is not None]):
        top.fault("before", "'before' names a distance twice; keep one")
    return tuple(span for span in spans if span is not None)


def _every(top: Reader, key: str, usual: timedelta | None) -> timedelta | None:
    text = top.text(key)
    if text == "none":
        return None
    span = _span(top, key, text) if text else usual
    if span is not None and span < SHORTEST:
        top.fault(key, f"'{key}' takes PT5M or more, or none; not '{text}'")
    return span


def _span(top: Reader, key: str, text: str) -> timedelta | None:
    """None for a fault that was noted."""
    try:
        span = read_distance(text)
    except BadValue as problem:
        top.fault(key, str(problem))
        return None
    if not timedelta() <= span <= LONGEST:
        top.fault(key, f"'{key}' takes spans from PT0S to P366D, not '{text}'")
        return None
    return span


def _entries(top: Reader) -> Iterator[Reader]:
    """The ways under `by`, each with its own reader; one that says nothing is a fault."""
    items = top.raw("by")
    if items is not None and not isinstance(items, Items):
        top.fault("by", "'by' must be a list of ways")
        return
    for item, line in zip(items, items.lines, strict=True) if items is not None else ():
        if isinstance(item, dict) and item:
            yield Reader(item, top.file, top.faults, "an entry of 'by'")
        else:
            text = "a way is one of mail: [ADDRESS, ...], desktop: yes, command: [PROGRAM, ...]"
            top.faults.append(Fault(top.file, line, text))


def _way(entry: Reader, path: Path, mail: list[str], desktop: list[bool], commands: list[tuple[str, ...]]) -> None:
    """One entry of `by`, added to the list of its kind."""
    for key in entry.data:
        before = {"mail": bool(mail), "desktop": bool(desktop)}.get(key, False)
        if before:
            entry.fault(key, f"'{key}' is among the ways twice; keep one, with all it needs")
    if entry.has("mail"):
        mail += _addresses(entry)
    if entry.has("desktop"):
        desktop.append(entry.flag("desktop"))
    if entry.has("command"):
        words = _command(entry, path)
        if words in commands:
            entry.fault("command", "the same command is among the ways twice; keep one")
        commands.append(words)
    entry.finish("mail", "desktop", "command")


def _addresses(entry: Reader) -> list[str]:
    found = [text.strip() for text in entry.texts("mail")]
    if not 0 < len(found) <= MOST:
        entry.fault("mail", f"'mail' takes a list of 1 to {MOST} addresses of your own staff")
    for text in found:
        if not _ADDRESS.fullmatch(text):
            entry.fault("mail", f"'{text}' is no plain address such as oncall@example.com")
    if len({text.lower() for text in found}) < len(found):
        entry.fault("mail", "'mail' names an address twice; keep one")
    return found


def _command(entry: Reader, path: Path) -> tuple[str, ...]:
    raw: Any = entry.raw("command")
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST or not all(isinstance(word, str) for word in raw):
        entry.fault(
            "command", "'command' takes a list of words such as [/usr/local/bin/page, --team, privacy]; there is no shell"
        )
        return ()
    words = tuple(str(word) for word in raw)
    if not words[0].strip() or any("\0" in word for word in words):
        entry.fault("command", "'command' begins with a program's name or whole path")
    elif os.path.basename(words[0]) != words[0] and not Path(words[0]).is_absolute():
        entry.fault("command", f"'{words[0]}' depends on the folder it is run in; write the whole path")
    if why := _changed_by_others(path):
        entry.fault("command", why)
    return words


def _changed_by_others(path: Path) -> str:
    """Why a program named in this file is not run; empty when it may be. Whoever writes it would act in its owner's name."""
    if sys.platform == "win32":
        return ""
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o022:
        return f"others may write to {path.name}, so no command of it is run; chmod go-w {path}"
    if found.st_uid not in (os.geteuid(), 0):
        return f"{path.name} belongs to somebody else, so no command of it is run; make it your own"
    return ""
