"""A run of the outbox as a screen sees it: how far it is, what it said, and the way to stop it.

The thread that sends writes to it, the screen reads; nothing here touches a widget.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.text import Text

from breachkit.domain.envelope import STATUSES, Outcome
from breachkit.tui.outbox_words import COMPLETE, counted, letters, when
from breachkit.tui.shown import BAD, GOOD, STRONG, WARN, lines, plain
from breachkit.workflow.outbox.front import Report
from breachkit.workflow.outbox.looking import Row

LAST_WORDS: Final = 6
"""Lines of what a run said that are kept."""


class Going:
    """One run under way."""

    def __init__(self, total: int, began: datetime) -> None:
        self.total, self.began = total, began
        self.results: Counter[str] = Counter()
        self.said: deque[str] = deque(maxlen=LAST_WORDS)
        self.stopping = False
        """Whether somebody asked it to stop."""
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None

    @property
    def done(self) -> int:
        """Letters of which something became: taken, refused, deferred or in doubt."""
        return sum(number for result, number in self.results.items() if result != "untried")

    def progress(self, outcome: Outcome) -> None:
        """Count one."""
        self.results[outcome.result] += 1

    def tell(self, text: str) -> None:
        """Keep one line."""
        self.said.append(text)

    def started(self, stop: Callable[[], None]) -> None:
        """The run can be stopped from now on; at once, when that was asked before."""
        with self._lock:
            self._stop = stop
            asked = self.stopping
        if asked:
            stop()

    def stop(self) -> None:
        """End it after what is on its way."""
        with self._lock:
            self.stopping = True
            stop = self._stop
        if stop is not None:
            stop()


@dataclass(frozen=True)
class Over:
    """A run that ended: how, and how its dispatches stand now."""

    report: Report | None
    """None when it broke off."""
    problem: str
    """Why it broke off; empty when it did not."""
    rows: tuple[Row, ...]


def over_words(over: Over, folder: str | None) -> Text:
    """How it ended, and what is next."""
    counts = {status: sum(row.counts[status] for row in over.rows) for status in STATUSES}
    told = []
    if over.report is not None:
        ended, settled = over.report.ended, over.report.settled
        where = f"written to {folder}" if folder is not None else f"taken by mail server{'s' if ended.handed != 1 else ''}"
        told.append(plain(f"ENDED: {letters(ended.handed)} {where}", STRONG))
        if ended.interrupted:
            told.append(plain("It was interrupted: what was on its way is finished, the rest waits.", WARN))
        told += [plain(f"STOPPED: {stop}", BAD) for stop in ended.stopped]
        if settled.by_reply or settled.in_doubt:
            words = f"{settled.by_reply:,} settled by kept replies, {settled.in_doubt:,} newly in doubt"
            told.append(plain(f"Of a run before that was cut off: {words}", WARN))
        if ended.elsewhere:
            told.append(plain(f"{ended.elsewhere:,} are being sent from elsewhere."))
    else:
        told.append(plain(f"BROKEN OFF: {over.problem}", BAD))
        told.append(
            plain("What became of each letter is kept. Escape goes back to the outbox; c there settles the rest.", WARN)
        )
    told += [plain(""), plain(f"{', '.join(row.dispatch.id for row in over.rows)} now: {counted(counts)}", STRONG)]
    if counts["in_doubt"]:
        told.append(plain(f"? {counts['in_doubt']:,} IN DOUBT: may have arrived. In the outbox, d or l says", BAD))
    if owed := sum(row.owed for row in over.rows):
        told.append(plain(f"x {owed:,} not reached by mail: tell them another way, then r in the outbox", WARN))
    if counts["queued"]:
        due = over.report.ended.next_due if over.report is not None else None
        later = f"; the first may be tried again {when(due)}" if due else ""
        told.append(plain(f". {counts['queued']:,} wait{later}: s in the outbox goes on", WARN))
    if over.rows and all(row.complete for row in over.rows):
        told.append(plain(COMPLETE, GOOD))
    return lines(*told)
