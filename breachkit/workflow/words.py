"""How times, statuses and duties are said, the same on the command line and in the terminal UI."""

from __future__ import annotations

from datetime import datetime, timedelta

from breachkit.domain.findings import Assessment, Finding, FoundDue, FoundRecipient
from breachkit.domain.periods import show, show_day

STALE = timedelta(days=365)
"""A channel that nobody looked at for longer may have moved."""
STATUS_WORDS = {
    "owed": "OWED",
    "undetermined": "OPEN",
    "not_owed": "not owed",
    "exempt": "exempt",
    "done": "done",
    "not_in_force": "not in force",
}
"""Said in words, so that they are read without colour."""


def status_word(finding: Finding) -> str:
    """`OWED`, `OPEN`, or `PRESUMED` where the law takes it as owed until shown otherwise."""
    if finding.status == "undetermined" and finding.presumed:
        return "PRESUMED"
    return STATUS_WORDS[finding.status]


def left(target: datetime, now: datetime) -> str:
    """`in 2 d 04 h`, `in 3 h 20 min`, `5 h 02 min OVERDUE`."""
    span = target - now
    late = span < timedelta()
    minutes = int(abs(span).total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    text = f"{days} d {hours:02} h" if days else f"{hours} h {rest:02} min" if hours else f"{rest} min"
    return f"{text} OVERDUE" if late else f"in {text}"


def countdown(target: datetime, now: datetime) -> str:
    """`2 d 04:15:09`, with a minus when it is past."""
    seconds = int((target - now).total_seconds())
    sign = "-" if seconds < 0 else ""
    seconds = abs(seconds)
    days, rest = divmod(seconds, 86400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{sign}{days} d {clock}" if days else f"{sign}{clock}"


def due_words(due: FoundDue) -> str:
    """When, in one line: the target, or the law's own words where it sets no number."""
    if due.target is not None:
        mark = "~" if due.projected or due.provisional else ""
        if due.last_day is None:
            return f"{mark}{show(due.target, due.zone)}"
        # Midnight belongs to two days in people's heads: the day whose end it is goes first.
        return f"{mark}end of {show_day(due.last_day)} ({show(due.target, due.zone)})"
    if due.kind == "undue_delay":
        return due.qualifier or "without undue delay"
    amount = f"{due.amount} {due.kind.replace('_', ' ')} " if due.amount is not None else ""
    return f"{amount}from {due.starts}: not started or not known"


def due_caveats(due: FoundDue) -> list[str]:
    """What makes a due time less than final."""
    said = []
    if due.provisional:
        said.append("provisional: its own start is not known yet")
    if due.projected:
        said.append(f"projected until {', '.join(due.waits_for)} is filed")
    if due.not_before is not None and due.not_before.at is not None and due.not_before.holds is not False:
        may = "" if due.not_before.holds else " (if it applies)"
        said.append(f"NOT BEFORE {show(due.not_before.at, due.zone)}{may}: {due.not_before.because}")
    elif due.not_before is not None and due.not_before.at is None:
        said.append(f"NOT BEFORE {due.not_before.duty} was filed and its wait is over: {due.not_before.because}")
    return said


def recipient_words(finding: Finding) -> str:
    """To whom; with candidates where the facts do not name one yet."""
    found = finding.recipient
    if found.id is not None or not found.candidates:
        return found.name
    shown = ", ".join(found.candidates[:6]) + (f" and {len(found.candidates) - 6} more" if len(found.candidates) > 6 else "")
    return f"{found.name} - one of {shown}; waits for {', '.join(found.waits_for)}"


def channel_words(to: FoundRecipient, now: datetime) -> str | None:
    """How to reach an authority, and how sure that is; None for recipients that are no authority, or not named yet."""
    if to.kind != "authority" or to.id is None:
        return None
    if to.channel is None:
        return "not known: look on the authority's own site; none is guessed here"
    doubts = [] if to.channel_confidence == "verified" else [f"{to.channel_confidence or 'unverified'}: check it first"]
    if to.last_checked is None:
        doubts.append("never checked")
    elif (now.date() - to.last_checked).days > STALE.days:
        doubts.append(f"last checked {to.last_checked}, more than a year ago")
    return to.channel + (f" ({'; '.join(doubts)})" if doubts else "")


def elsewhere_words(assessment: Assessment) -> str:
    """`351 duties of 140 laws of places or trades nobody spoke of`."""
    laws = len({finding.regime for finding in assessment.elsewhere})
    kinds = {
        "places": any(f.place_open for f in assessment.elsewhere),
        "trades": any(f.trade_open for f in assessment.elsewhere),
    }
    of = " or ".join(kind for kind, open_ in kinds.items() if open_)
    return f"{len(assessment.elsewhere)} duties of {laws} laws of {of} nobody spoke of"


def elsewhere_needs(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """What would settle those, each with the fact to record: where people live, where the organisation is, what it does."""
    needs = {key for finding in assessment.elsewhere for key in (*finding.needs, *finding.asks)}
    people = any(key.endswith(("people.elsewhere", "-<part>")) for key in needs)
    here = not people and not needs.isdisjoint({"organisation.established_in", "organisation.main_establishment"})
    trade = any(finding.trade_open for finding in assessment.elsewhere)
    found = (
        (people, "where all affected people live", "people.elsewhere=0 closes the list"),
        (here, "where the organisation is established", "organisation.main_establishment=ES organisation.established_in=ES"),
        (trade, "in which regulated sectors the organisation works", "organisation.sectors=[] says none"),
    )
    return tuple((what, record) for open_, what, record in found if open_)


def nearest_deadline(assessment: Assessment) -> Finding | None:
    """The running duty with the earliest target; None when none has one.

    While nothing points to any place, the laws of all places stand in, those first that put the burden on the organisation: a
    clock from the first minute.
    """
    running = [finding for finding in assessment.findings if finding.running]
    presumed = [finding for finding in assessment.elsewhere if finding.presumed and not finding.trade_open]
    timed: list[Finding] = []
    for candidates in (running, presumed, assessment.elsewhere):
        timed = timed or [finding for finding in candidates if finding.due.target is not None]
    return min(timed, key=lambda finding: finding.due.target or assessment.now, default=None)
