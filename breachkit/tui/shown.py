"""How values become safe text on a screen: control characters out, markup never read, urgency in words and in colour."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import Enum

from rich.text import Text

from breachkit.domain.findings import Finding
from breachkit.domain.periods import show, zone_named
from breachkit.workflow.words import left, status_word

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACES = re.compile(r"[\t\n]+")


def clean(text: str) -> str:
    """Text without the characters that could repaint a terminal or turn its direction; line breaks stay."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def plain(text: str, style: str = "") -> Text:
    """A fact's words exactly as written: never read as markup, several lines if it has them."""
    return Text(clean(text), style=style)


def one_line(text: str, style: str = "", width: int | None = None) -> Text:
    """The same on one line, cut with an ellipsis where it does not fit."""
    found = Text(_SPACES.sub(" ", clean(text)), style=style, no_wrap=True, overflow="ellipsis", end="")
    if width is not None:
        found.truncate(max(width, 1), overflow="ellipsis")
    return found


def lines(*parts: Text | str) -> Text:
    """Parts under each other."""
    return Text("\n").join(part if isinstance(part, Text) else plain(part) for part in parts)


def beside(*parts: Text) -> Text:
    """Parts on one line, each in its own style."""
    return Text().join(parts)


class Urgency(Enum):
    """How soon, as a mark in words and a colour. The words alone are enough."""

    OVERDUE = "overdue"
    HOURS_12 = "under 12 hours"
    HOURS_24 = "under 24 hours"
    LATER = "later"
    UNTIMED = "no number"
    DONE = "done"
    SETTLED = "settled"


STYLE = {
    Urgency.OVERDUE: "bold #ffffff on #b3363f",
    Urgency.HOURS_12: "bold #ff8a80",
    Urgency.HOURS_24: "bold #f0c060",
    Urgency.LATER: "#d8dee4",
    Urgency.UNTIMED: "#d8dee4",
    Urgency.DONE: "#8fbf7f",
    Urgency.SETTLED: "dim",
}
FAINT = "#93a1ad"
STRONG = "bold"
WARN = "bold #f0c060"
BAD = "bold #ff8a80"
GOOD = "#8fbf7f"


def urgency_of(target: datetime | None, now: datetime) -> Urgency:
    """How soon a running clock ends."""
    if target is None:
        return Urgency.UNTIMED
    if target < now:
        return Urgency.OVERDUE
    if target - now < timedelta(hours=12):
        return Urgency.HOURS_12
    return Urgency.HOURS_24 if target - now < timedelta(hours=24) else Urgency.LATER


def urgency(finding: Finding, now: datetime) -> Urgency:
    """How soon a duty must be done."""
    if finding.status == "done":
        return Urgency.DONE
    return urgency_of(finding.due.target, now) if finding.open else Urgency.SETTLED


def time_left(finding: Finding, now: datetime) -> str:
    """`2 d 04 h`, `! 14 h 02 min` under a day, `!! 3 h 20 min` under twelve hours, `OVERDUE 5 h 02 min`, `done`."""
    if not finding.open:
        return status_word(finding)
    target = finding.due.target
    if target is None:
        return "no number" if finding.due.kind == "undue_delay" else "not started"
    said = left(target, now)
    mark = {Urgency.HOURS_12: "!! ", Urgency.HOURS_24: "! "}.get(urgency(finding, now), "")
    if said.endswith(" OVERDUE"):
        return f"OVERDUE {said.removesuffix(' OVERDUE')}"
    return mark + said.removeprefix("in ")


def time_left_short(finding: Finding, now: datetime) -> str:
    """The same for a narrow column: `OVERDUE 5 h`, `!! 3 h 20`."""
    said = time_left(finding, now)
    if said.startswith("OVERDUE"):
        return " ".join(said.split()[:3])
    return said.removesuffix(" min") if " h " in said else said


_SHORT = {"individuals": "people", "cra": "credit bureaus"}


def to_short(finding: Finding) -> str:
    """To whom, for a narrow column: the authority's id, or the kind of recipient."""
    return finding.recipient.id or _SHORT.get(finding.recipient.kind, finding.recipient.kind)


def due_short(finding: Finding, *, wide: bool) -> str:
    """The target on its own wall clock, short enough for a column; `~` where it is not final."""
    due = finding.due
    if due.target is None:
        return "soonest" if due.kind == "undue_delay" else "-"
    local = due.target.astimezone(zone_named(due.zone))
    mark = "~" if due.projected or due.provisional else ""
    if due.last_day is not None:
        day = f"{due.last_day.day} {due.last_day:%b}"
        return f"{mark}end {due.last_day:%a} {day} {local:%Z}" if wide else f"{mark}end {day}"
    return f"{mark}{local:%a} {local.day} {local:%b %H:%M %Z}" if wide else f"{mark}{local.day} {local:%b %H:%M}"


def wall_clocks(moment: datetime, zone: str) -> str:
    """`Mon 23 Nov 19:15 EST = Tue 24 Nov 00:15 UTC`: both in a narrow space, the day said again only where it differs."""
    there, utc = moment.astimezone(zone_named(zone)), moment.astimezone(UTC)
    local = f"{there:%a} {there.day} {there:%b %H:%M %Z}"
    if there.utcoffset() == utc.utcoffset():
        return local
    day = f"{utc:%a} {utc.day} {utc:%b} " if there.date() != utc.date() else ""
    return f"{local} = {day}{utc:%H:%M} UTC"


def both_clocks(moment: datetime, zone: str) -> str:
    """The wall clock of a zone and UTC beside it."""
    there = show(moment, zone)
    utc = show(moment, "UTC")
    return there if there == utc else f"{there}  =  {utc}"
