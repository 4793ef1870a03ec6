"""The running deadlines as an iCalendar file (RFC 5545), for the calendars people already look at."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from breachkit.domain import marks
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show
from breachkit.workflow.subjects import Answer
from breachkit.workflow.words import due_caveats, recipient_words, status_word


def calendar_text(answer: Answer) -> str:
    """One event per open duty with a target, with alarms 24, 6 and 1 hours before. The same facts, the same bytes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//breachkit//deadlines//EN", "CALSCALE:GREGORIAN"]
    for finding in answer.assessment.findings:
        if finding.running and finding.due.target is not None:
            lines += _event(finding, finding.due.target, answer)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(finding: Finding, target: datetime, answer: Answer) -> list[str]:
    subject = answer.subject
    word = marks.word(subject.invented, subject.exercise)
    mark = f"{word} - " if word else ""
    uid = hashlib.sha256(f"{subject.name}\0{subject.title}\0{finding.id}".encode()).hexdigest()[:32]
    why = [
        *([marks.EXERCISE] if subject.exercise is not None else []),
        f"Status: {status_word(finding)}",
        f"To: {recipient_words(finding)}",
        *([f"Outer limit: {show(finding.due.outer, finding.due.zone)}"] if finding.due.outer else []),
        *due_caveats(finding.due),
        f"Source: {'; '.join(cite.text for cite in finding.cite)} ({finding.confidence})",
        "Information, not legal advice.",
    ]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@breachkit.invalid",
        f"DTSTAMP:{_utc(answer.assessment.now)}",
        f"DTSTART:{_utc(target)}",
        f"SUMMARY:{_escaped(f'{mark}Deadline: {finding.title} ({finding.id})')}",
        f"DESCRIPTION:{_escaped(chr(10).join(why))}",
        "TRANSP:TRANSPARENT",
    ]
    for before in ("PT24H", "PT6H", "PT1H"):
        alarm = f"DESCRIPTION:{_escaped(mark + finding.id)}"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", alarm, f"TRIGGER:-{before}", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = "".join(c for c in text if c == "\n" or c.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, as RFC 5545 section 3.1 asks, never inside a character."""
    pieces: list[str] = []
    current, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > (75 if not pieces else 74):
            pieces.append(current)
            current, size = "", 0
        current += character
        size += width
    pieces.append(current)
    return "\r\n ".join(pieces) + "\r\n"
