"""Draws a time line as SVG. Bars and marks have shapes, patterns and words of their own: it reads without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from breachkit.documents.strokes import FILL, GRID, INK, LETTER, SOFT, Strokes, line
from breachkit.domain.notice_text import clean
from breachkit.domain.periods import show
from breachkit.domain.timechart import Axis, Bar, Chart, MarkKind

SANS = "Arial, Helvetica, sans-serif"
_EDGE = 16.0
_LINE, _ROW, _TICKS, _TICK = 17.0, 40.0, 30.0, 78.0
_OUTER, _LATE = "url(#outer)", "url(#late)"
_PATTERNS = (
    '<pattern id="outer" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="#ffffff"/><line x1="0" y1="0" x2="0" y2="7" stroke="{INK}" stroke-width="1.6"/>'
    "</pattern>"
    '<pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="#ffffff"/><path d="M0 0L6 6M6 0L0 6" stroke="#8a1414" stroke-width="1.3"/></pattern>'
)


def draw(
    chart: Chart,
    *,
    font: str = SANS,
    width: int = 1000,
    bars: Sequence[Bar] | None = None,
    events: bool = True,
    clear: bool = False,
) -> str:
    """An SVG picture. `bars`: only these clocks, on the axis of all; `events` False leaves out what happened.

    `clear`: what stands behind it on the page shows through; else it is on white.
    """
    return _Picture(chart, font, width).drawn(chart.drawn if bars is None else bars, events=events, clear=clear)


def describe(chart: Chart) -> str:
    """What the picture shows, for those who do not see it."""
    moments = sorted(chart.moments())
    filed = sum(mark.kind == "filed" for bar in chart.bars for mark in bar.marks)
    late = sum(bar.overdue for bar in chart.bars)
    return (
        f"Time line from {show(moments[0], chart.zone)} to {show(moments[-1], chart.zone)}: "
        f"{_some(len(chart.events), 'event')}, {_some(len(chart.drawn), 'clock')}, {_some(filed, 'filing')}, {late} overdue. "
        "The tables beside it hold the same."
    )


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class _Placed:
    """An event with its words in a lane above the line, lane 0 being the lowest."""

    x: float
    lane: int
    reach: tuple[float, float]
    shift: float
    words: str


def _free_lane(x: float, reach: tuple[float, float], placed: Sequence[_Placed]) -> int:
    """The lane where these words touch no others and the fewest strokes down to the line cross words; the lowest of them."""

    def crossings(lane: int) -> int:
        return sum(
            (one.lane > lane and reach[0] < one.x < reach[1]) + (one.lane < lane and one.reach[0] < x < one.reach[1])
            for one in placed
        )

    touching = {one.lane for one in placed if reach[0] < one.reach[1] and one.reach[0] < reach[1]}
    return min((lane for lane in range(len(placed) + 1) if lane not in touching), key=crossings)


class _Picture(Strokes):
    """One picture being drawn from top to bottom; `y` is where the next part begins."""

    def __init__(self, chart: Chart, font: str, width: int) -> None:
        super().__init__()
        self.chart, self.font, self.width = chart, font, width
        self.left, self.right = _EDGE, width - _EDGE
        self.axis = Axis(chart.zero, chart.moments(), chart.zone)
        self.marks = self.axis.ticks(_TICK / (self.right - self.left))
        self.y = 8.0

    def drawn(self, bars: Sequence[Bar], *, events: bool, clear: bool) -> str:
        if events:
            self.events()
        if events and self.chart.entries:
            self.entries()
        self.ticks(above=True)
        top = self.y
        for bar in bars:
            self.bar(bar)
        bottom = self.y
        self.ticks(above=False)
        if bars:
            self.legend(bars)
        back = self.grid(top - 4, bottom)
        height = self.y + 6
        title, told = "Time line of the incident", describe(self.chart)
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:.0f}" width="{self.width}" '
                f'height="{height:.0f}" role="img" aria-labelledby="time-line-title time-line-told" '
                f'font-family="{escape(self.font)}" font-size="11" fill="{INK}">',
                f'<title id="time-line-title">{title}</title>',
                f'<desc id="time-line-told">{escape(told)}</desc>',
                f"<defs>{_PATTERNS}</defs>",
                *([] if clear else [f'<rect width="{self.width}" height="{height:.0f}" fill="#ffffff"/>']),
                *back,
                *self.parts,
                "</svg>",
            ]
        )

    # -- parts, top to bottom -----------------------------------------------------------------------------------------

    def events(self) -> None:
        """What happened: each event on its own line where its words would touch another's."""
        marks = sorted(self.chart.events, key=lambda mark: mark.at)
        if not marks:
            return
        self.heading("What happened")
        said = [(self.x(mark.at), f"{mark.label}, {mark.when}") for mark in marks]
        wide = [len(words) * LETTER + 12 for _, words in said]
        leftward = [x + width > self.right for (x, _), width in zip(said, wide, strict=True)]
        placed: list[_Placed] = []
        # Words to the right of their mark from the last to the first, then those to the left: each may pass over the others.
        order = [n for n in reversed(range(len(said))) if not leftward[n]] + [n for n in range(len(said)) if leftward[n]]
        for n in order:
            x, words = said[n]
            reach = (x - wide[n], x + 6) if leftward[n] else (x - 6, x + wide[n])
            placed.append(_Placed(x, _free_lane(x, reach, placed), reach, -8.0 if leftward[n] else 8.0, words))
        base = self.y + (1 + max(one.lane for one in placed)) * _LINE + 8
        for one in placed:
            self.line(one.x, base - 11 - one.lane * _LINE, one.x, base, SOFT, 0.8)
        for one in placed:
            y = base - 8 - one.lane * _LINE
            self.text(one.x + one.shift, y, one.words, anchor="end" if one.shift < 0 else "start", back=True)
        self.line(self.left, base, self.right, base, INK, 1.2)
        for one in placed:
            self.mark("event", one.x, base)
        self.y = base + 16

    def entries(self) -> None:
        """When the journal was written to: a stroke for each entry."""
        self.heading(f"Entries of the journal ({len(self.chart.entries)})")
        for x in sorted({round(self.x(at), 1) for at in self.chart.entries}):
            self.line(x, self.y, x, self.y + 10, INK, 1.2)
        self.line(self.left, self.y + 10, self.right, self.y + 10, SOFT, 0.6)
        self.y += 24

    def ticks(self, *, above: bool) -> None:
        """How long after the start, and which day that is."""
        y = self.y
        for tick in self.marks:
            half = max(len(tick.after), len(tick.day)) * LETTER / 2
            x = min(max(self.at(tick.place), self.left + half), self.right - half)
            self.text(x, y + 10, tick.after, anchor="middle", weight="bold")
            self.text(x, y + 22, tick.day, anchor="middle", size=9.5, colour=SOFT)
        self.y += _TICKS
        if above:
            self.line(self.left, self.y - 3, self.right, self.y - 3, INK, 1.2)
            return
        note = (
            f"0 is {self.chart.zero_words}. The axis is compressed: the further from 0, the less room a day has. "
            f"Days and hours are those of {self.chart.zone}."
        )
        for words in textwrap.wrap(note, int((self.right - self.left) / LETTER)):
            self.text(self.left, self.y + 12, words, colour=SOFT)
            self.y += 14
        self.y += 10

    def grid(self, top: float, bottom: float) -> list[str]:
        """Lines behind the bars, and the moment of the report."""
        x = self.x(self.chart.now)
        places = [(self.at(tick.place), 1.8 if tick.after == "0" else 0.8) for tick in self.marks]
        return [
            *(line(place, top, place, bottom, GRID, width) for place, width in places),
            line(x, top, x, bottom, INK, 1.2, "2 3"),
        ]

    def bar(self, bar: Bar) -> None:
        """A clock: its words, then from its start to its target and on to its outer limit, with what was done."""
        assert bar.start is not None
        y = self.y + 13
        right = f"{bar.status} - {bar.due}" + (" - OVERDUE" if bar.overdue else "")
        room = int((self.right - self.left - len(right) * LETTER) / LETTER) - 3
        words = f"{bar.id} - {bar.title}"
        self.text(self.left, y, words if len(words) <= room else f"{words[: max(room - 3, 8)]}...", weight="bold", back=True)
        self.text(self.right, y, right, anchor="end", back=True)
        top = y + 6
        self.run(bar, self.x(bar.start), top)
        for mark in bar.marks:
            self.mark(mark.kind, self.x(mark.at), top + 5, f"{mark.label}, {mark.when}")
        self.y += _ROW

    def run(self, bar: Bar, start: float, top: float) -> None:
        """How a clock ran: to its target, its outer limit and past it; without a number, up to the moment of the report."""
        if bar.target is None:
            now = max(self.x(self.chart.now), start + 12)
            self.line(start, top + 5, now, top + 5, INK, 2, dash="1 3")
            self.parts.append(f'<path d="M{now - 7:.1f} {top:.1f}L{now:.1f} {top + 5:.1f}L{now - 7:.1f} {top + 10:.1f}" '
                              f'fill="none" stroke="{INK}" stroke-width="1.5"/>')  # fmt: skip
            return
        target = self.x(bar.target)
        self.box(start, target, top, "#ffffff" if bar.tentative else FILL, dashed=bar.tentative)
        end = self.x(bar.outer) if bar.outer is not None and _longer(bar) else target
        if end > target:
            self.box(target, end, top, _OUTER, dashed=bar.tentative)
        if bar.overdue:
            self.box(target, self.x(self.chart.now), top, _LATE)
        self.line(target, top - 3, target, top + 13, INK, 2.6)

    def mark(self, kind: MarkKind, x: float, y: float, words: str = "") -> None:
        """A filing, a decision or an approval, each a shape with its letter."""
        ring = f'fill="#ffffff" stroke="{INK}" stroke-width="1.5"'
        shape = {
            "filed": f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="{INK}"/>',
            "decided": f'<path d="M{x:.1f} {y - 9:.1f}L{x + 9:.1f} {y:.1f}L{x:.1f} {y + 9:.1f}L{x - 9:.1f} {y:.1f}Z" {ring}/>',
            "approved": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7.5" {ring}/>',
            "event": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{INK}"/>',
        }[kind]
        told = f"<title>{escape(clean(words))}</title>" if words else ""
        self.parts.append(f"<g>{told}{shape}")
        if letter := {"filed": "F", "decided": "D", "approved": "A", "event": ""}[kind]:
            colour = "#ffffff" if kind == "filed" else INK
            self.text(x, y + 3.5, letter, anchor="middle", size=10, weight="bold", colour=colour)
        self.parts.append("</g>")

    def legend(self, bars: Iterable[Bar]) -> None:
        """What the shapes and patterns mean, as far as they stand in the picture."""
        held = list(bars)
        kinds = {mark.kind for bar in held for mark in bar.marks}
        x, y = self.left, self.y + 8
        samples: tuple[tuple[bool, str, Callable[[float], None]], ...] = (
            (True, "start to target", lambda x: self.box(x, x + 26, y, FILL)),
            (any(map(_longer, held)), "to the law's outer limit", lambda x: self.box(x, x + 26, y, _OUTER)),
            (any(bar.overdue for bar in held), "overdue", lambda x: self.box(x, x + 26, y, _LATE)),
            (any(bar.tentative for bar in held), "may still move", lambda x: self.box(x, x + 26, y, "#ffffff", dashed=True)),
            (
                any(bar.target is None for bar in held),
                "without a number of days",
                lambda x: self.line(x, y + 5, x + 26, y + 5, INK, 2, dash="1 3"),
            ),
            ("filed" in kinds, "filed", lambda x: self.mark("filed", x + 18, y + 5)),
            ("decided" in kinds, "decided", lambda x: self.mark("decided", x + 18, y + 5)),
            ("approved" in kinds, "approved", lambda x: self.mark("approved", x + 18, y + 5)),
            (True, "moment of this report", lambda x: self.line(x + 18, y - 3, x + 18, y + 14, INK, 1.2, dash="2 3")),
        )
        for shown, words, sample in samples:
            if shown:
                if x + 34 + len(words) * LETTER > self.right:
                    x, y = self.left, y + 22
                sample(x)
                self.text(x + 34, y + 9, words)
                x += 34 + len(words) * LETTER + 20
        self.y = y + 20

    # -- strokes ------------------------------------------------------------------------------------------------------

    def x(self, at: datetime) -> float:
        return self.at(self.axis.place(at))

    def at(self, place: float) -> float:
        return self.left + place * (self.right - self.left)

    def heading(self, words: str) -> None:
        self.text(self.left, self.y + 10, words, weight="bold", size=12)
        self.y += 18


def _longer(bar: Bar) -> bool:
    return bar.outer is not None and bar.target is not None and bar.outer > bar.target
