"""A time line to be drawn: what happened, when each clock ran, and the compressed axis they stand on.

Incidents run from minutes to a year. The axis grows with the logarithm of the time from one moment, mostly that of awareness,
so that the first hours and a limit of sixty days are both legible; ticks say how long after it they stand and on which day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from breachkit.domain.periods import zone_named
from breachkit.domain.values import value

MarkKind = Literal["event", "filed", "decided", "approved"]


@value
class Mark:
    """Something at one moment."""

    at: datetime
    """UTC."""
    label: str
    when: str
    """The moment in words, with its zone."""
    kind: MarkKind = "event"


@value
class Bar:
    """One clock."""

    id: str
    title: str
    to: str
    status: str
    """In words: OWED, done, ..."""
    start: datetime | None
    """UTC; None: not known, the clock is not drawn."""
    target: datetime | None
    outer: datetime | None
    """The law's own longer limit; None where there is none."""
    due: str
    """When it is due, in words."""
    tentative: bool
    """Provisional or projected: it may still move."""
    overdue: bool
    marks: tuple[Mark, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether its start is known. Without a target it is drawn up to the moment of the report."""
        return self.start is not None


@value
class Chart:
    """All of it. Times outside the axis there are none."""

    zero: datetime
    """UTC; what the axis counts from."""
    zero_words: str
    zone: str
    """On whose wall clock the ticks are written."""
    now: datetime
    events: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    entries: tuple[datetime, ...]
    """When the journal was written to, UTC; empty for a facts file."""

    @property
    def drawn(self) -> tuple[Bar, ...]:
        """The clocks that can be drawn."""
        return tuple(bar for bar in self.bars if bar.drawn)

    def moments(self) -> Iterator[datetime]:
        """Every moment that must have a place on the axis."""
        yield from (self.zero, self.now, *(mark.at for mark in self.events), *self.entries)
        for bar in self.drawn:
            yield from (at for at in (bar.start, bar.target, bar.outer) if at is not None)
            yield from (mark.at for mark in bar.marks)


@value
class Tick:
    """A line across the chart."""

    place: float
    """0 at the left end of the axis, 1 at the right."""
    after: str
    """`+72 h`, `-5 d`; `0` at the moment counted from."""
    day: str
    """`23 Nov 22:15`, with the year where it is another one."""


_HOUR: Final = 3600.0
_BEND: Final = 6 * _HOUR
"""Up to about this long from its zero the axis is even; beyond it, each doubling takes the same room."""
_STEPS: Final = (72, 24, 720, 168, 8760, 1440, 336, 2160, 48, 4320, 12, 17520, 6, 1080, 3, 43800, 1, 87600)
"""Hours at which a tick may stand, the most telling first."""


class Axis:
    """Where a moment stands between 0 and 1."""

    def __init__(self, zero: datetime, moments: Iterable[datetime], zone: str) -> None:
        self.zero, self.zone = zero, zone
        bent = [self._bend(at) for at in moments] or [0.0]
        first, last = min(bent), max(bent)
        room = max((last - first) * 0.02, 0.02)
        self._first, self._last = first - room, last + room

    def place(self, at: datetime) -> float:
        """0 at the left end, 1 at the right; a later moment stands further right."""
        return (self._bend(at) - self._first) / (self._last - self._first)

    def ticks(self, apart: float = 0.08) -> tuple[Tick, ...]:
        """As many as have room when they stand `apart` at least, left to right."""
        chosen: list[tuple[float, float]] = []
        for hours in (0, *(sign * step for step in _STEPS for sign in (1, -1))):
            try:
                place = self.place(self.zero + timedelta(hours=hours))
            except OverflowError:
                continue
            if 0 <= place <= 1 and all(abs(place - other) >= apart for other, _ in chosen):
                chosen.append((place, hours))
        return tuple(Tick(place, _after(hours), self._day(hours)) for place, hours in sorted(chosen))

    def _bend(self, at: datetime) -> float:
        seconds = (at - self.zero).total_seconds()
        return math.copysign(math.log2(1 + abs(seconds) / _BEND), seconds)

    def _day(self, hours: float) -> str:
        there = zone_named(self.zone)
        local, base = (self.zero + timedelta(hours=hours)).astimezone(there), self.zero.astimezone(there)
        year = "" if local.year == base.year else f" {local.year}"
        clock = f" {local:%H:%M}" if abs(hours) < 96 else ""
        return f"{local.day} {local:%b}{year}{clock}"


def _after(hours: float) -> str:
    if not hours:
        return "0"
    sign = "+" if hours > 0 else "\N{MINUS SIGN}"
    count = abs(int(hours))
    if count <= 72:
        return f"{sign}{count} h"
    if count % 8760 == 0:
        return f"{sign}{count // 8760} y"
    return f"{sign}{count // 24} d"
