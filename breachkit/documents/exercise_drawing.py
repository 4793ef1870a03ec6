"""Draws the time line of an exercise as SVG. Lanes, shapes, patterns and words of its own: it reads without colour.

Dots bear the numbers of the list beside the picture, and stand in further rows where they would cover each other. It has no
ground of its own: the word across every page of an exercise shows through.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from breachkit.documents.drawing import SANS
from breachkit.documents.strokes import FILL, GRID, INK, LETTER, SOFT, Strokes, line
from breachkit.domain.exercise.chart import Dot, ExerciseChart, Kind, Lane, Span
from breachkit.domain.notice_text import clean
from breachkit.domain.periods import show
from breachkit.domain.timechart import Axis

_EDGE, _GUTTER = 16.0, 78.0
_DOT, _DEEPEST = 18.0, 14
"""The room of a dot, and how many may stand upon each other in a lane."""
_TICKS, _SPAN, _HEAD = 30.0, 40.0, 22.0
_PATTERN = (
    '<pattern id="exercise-outer" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="#ffffff"/><line x1="0" y1="0" x2="0" y2="7" stroke="{INK}" stroke-width="1.6"/>'
    "</pattern>"
)
_RECEIVED, _OURS, _LAW, _SENDERS = (
    "What reached the team", "What the team did", "Deadlines of the law and of promises", "Deadlines that senders set",
)  # fmt: skip
_SHAPES: dict[Kind, str] = {
    "inject": "square",
    "declared": "full",
    "filing": "full",
    "decision": "diamond",
    "answer": "diamond",
    "approval": "double",
    "refused": "crossed",
}
"""What is not named is a plain circle."""


def draw_exercise(chart: ExerciseChart, *, font: str = SANS, width: int = 1000) -> str:
    """The whole as one SVG picture."""
    return _Picture(chart, font, width).drawn(_rows(chart, width))


def exercise_pictures(chart: ExerciseChart, *, font: str, width: int, tallest: float) -> Iterator[tuple[str, str]]:
    """The same as pictures none of which is taller than `tallest`, on one axis, each with what it shows in words."""
    held: list[_Row] = []
    pages: list[list[_Row]] = [held]
    for row in _rows(chart, width):
        if held and _FRAME + sum(one.height + _head(one, held[:n]) for n, one in enumerate([*held, row])) > tallest:
            held = []
            pages.append(held)
        held.append(row)
    for number, rows in enumerate(pages, 1):
        more = f" Part {number} of {len(pages)}." if len(pages) > 1 else ""
        yield _Picture(chart, font, width).drawn(rows), describe_exercise(chart) + more


def describe_exercise(chart: ExerciseChart) -> str:
    """What the picture shows, for those who do not see it."""
    received = sum(len(lane.dots) for lane in chart.lanes if not lane.ours)
    ours = sum(len(lane.dots) for lane in chart.lanes if lane.ours)
    law = sum(span.law for span in chart.spans)
    return (
        f"Time line of the exercise from {show(chart.zero, chart.zone)} to {show(chart.last, chart.zone)}: "
        f"messages to the team {received}, moments at which the team acted {ours}, deadlines {law}, "
        f"senders' deadlines {len(chart.spans) - law}. The lists beside it hold the same."
    )


@dataclass(frozen=True)
class _Row:
    """A lane or a deadline with the height it takes."""

    group: str
    what: Lane | Span
    height: float
    places: tuple[tuple[Dot, float, int], ...] = ()
    """Of a lane: each dot, where it stands, and in which row from 0."""


_FRAME = 4 * _TICKS + 100
"""What ticks, legend and note take."""


def _head(row: _Row, before: Sequence[_Row]) -> float:
    return _HEAD if not before or before[-1].group != row.group else 0


def _rows(chart: ExerciseChart, width: int) -> list[_Row]:
    axis = _Scale(chart, width)
    rows = []
    for lane in chart.lanes:
        places = tuple(_stacked(lane.dots, axis))
        depth = 1 + max(row for _, _, row in places)
        rows.append(_Row(_OURS if lane.ours else _RECEIVED, lane, depth * _DOT + 8, places))
    return [*rows, *(_Row(_LAW if span.law else _SENDERS, span, _SPAN) for span in chart.spans)]


def _stacked(dots: Sequence[Dot], axis: _Scale) -> Iterator[tuple[Dot, float, int]]:
    """Each dot in the first row where it covers no other; the last row takes what is left."""
    ends: list[float] = []
    for dot in sorted(dots, key=lambda one: one.number):
        x = axis.x(dot)
        row = next((n for n, end in enumerate(ends) if end <= x - _DOT + 1), len(ends))
        row = min(row, _DEEPEST - 1)
        ends[row:] = [x, *ends[row + 1 :]]
        yield dot, x, row


class _Scale:
    """The axis in the picture's own units."""

    def __init__(self, chart: ExerciseChart, width: int) -> None:
        self.left, self.right = _EDGE + _GUTTER, width - _EDGE
        self.axis = Axis(chart.zero, chart.moments(), chart.zone)

    def at(self, place: float) -> float:
        return self.left + place * (self.right - self.left)

    def x(self, dot: Dot) -> float:
        return self.at(self.axis.place(dot.at))


class _Picture(Strokes):
    """One picture being drawn from top to bottom; `y` is where the next part begins."""

    def __init__(self, chart: ExerciseChart, font: str, width: int) -> None:
        super().__init__()
        self.chart, self.font, self.width = chart, font, width
        self.scale = _Scale(chart, width)
        self.marks = self.scale.axis.ticks(78 / (self.scale.right - self.scale.left))
        self.y = 8.0

    def drawn(self, rows: Sequence[_Row]) -> str:
        """The SVG of these rows."""
        self.ticks(above=True)
        top = self.y
        for number, row in enumerate(rows):
            if _head(row, rows[:number]):
                self.text(_EDGE, self.y + 13, row.group, weight="bold", size=12, back=True)
                self.y += _HEAD
            if isinstance(row.what, Lane):
                self.lane(row.what, row)
            else:
                self.span(row.what)
            self.y += row.height
        bottom = self.y
        self.ticks(above=False)
        self.legend(rows)
        height = self.y + 8
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:.0f}" width="{self.width}" '
                f'height="{height:.0f}" role="img" aria-labelledby="exercise-line-title exercise-line-told" '
                f'font-family="{escape(self.font)}" font-size="11" fill="{INK}">',
                '<title id="exercise-line-title">Time line of the exercise</title>',
                f'<desc id="exercise-line-told">{escape(describe_exercise(self.chart))}</desc>',
                f"<defs>{_PATTERN}</defs>",
                *self.grid(top - 4, bottom),
                *self.parts,
                "</svg>",
            ]
        )

    def ticks(self, *, above: bool) -> None:
        """How long after the start, and which day and hour that is where the scenario plays."""
        for tick in self.marks:
            half = max(len(tick.after), len(tick.day)) * LETTER / 2
            x = min(max(self.scale.at(tick.place), _EDGE + half), self.scale.right - half)
            self.text(x, self.y + 10, tick.after, anchor="middle", weight="bold")
            self.text(x, self.y + 22, tick.day, anchor="middle", size=9.5, colour=SOFT)
        self.y += _TICKS
        if above:
            self.line(_EDGE, self.y - 3, self.scale.right, self.y - 3, INK, 1.2)
            self.y += 4

    def grid(self, top: float, bottom: float) -> list[str]:
        """Lines behind it all: the ticks, and where the exercise ended."""
        places = [(self.scale.at(tick.place), 1.8 if tick.after == "0" else 0.8) for tick in self.marks]
        end = self.scale.at(self.scale.axis.place(self.chart.last))
        return [
            *(line(x, top, x, bottom, GRID, wide) for x, wide in places),
            line(end, top, end, bottom, INK, 1.2, "2 3"),
        ]

    def lane(self, lane: Lane, row: _Row) -> None:
        """A lane's title, its line and its dots."""
        y = self.y + _DOT / 2 + 2
        self.text(_EDGE, y + 4, lane.title, colour=SOFT)
        self.line(self.scale.left - 8, y, self.scale.right, y, GRID, 0.5)
        for dot, x, level in row.places:
            self.dot(dot.kind, x, y + level * _DOT, str(dot.number), f"{dot.number}: {dot.after}, {dot.clock}: {dot.words}")

    def dot(self, kind: Kind, x: float, y: float, number: str, told: str = "") -> None:
        """A shape with its number."""
        full = _SHAPES.get(kind) == "full"
        style = f'fill="{INK if full else "#ffffff"}" stroke="{INK}" stroke-width="1.2"'
        ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" {style}/>'
        shape = {
            "square": f'<rect x="{x - 8:.1f}" y="{y - 7.5:.1f}" width="16" height="15" {style}/>',
            "diamond": f'<path d="M{x:.1f} {y - 9.5:.1f}l11.5 9.5l-11.5 9.5l-11.5 -9.5Z" {style}/>',
            "double": ring + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="none" stroke="{INK}" stroke-width="0.7"/>',
            "crossed": ring + line(x - 5.6, y + 5.6, x + 5.6, y - 5.6, SOFT, 0.9),
        }.get(_SHAPES.get(kind, ""), ring)
        self.parts.append(f"<g>{f'<title>{escape(clean(told))}</title>' if told else ''}{shape}")
        size = 9.5 if len(number) < 3 else 8
        self.text(x, y + 3.3, number, anchor="middle", size=size, weight="bold" if full else "",
                  colour="#ffffff" if full else INK)  # fmt: skip
        self.parts.append("</g>")

    def span(self, span: Span) -> None:
        """A deadline: its words, then from its start to its target and on to its outer limit, with what was filed."""
        right = span.outcome
        room = int((self.scale.right - _EDGE - len(right) * LETTER) / LETTER) - 3
        title = " ".join(span.title.split())
        title = title if len(title) <= room else f"{title[: max(room - 3, 8)]}..."
        self.text(_EDGE, self.y + 12, title, weight="bold", back=True)
        self.text(self.scale.right, self.y + 12, right, anchor="end", back=True)
        top, place = self.y + 20, self.scale.axis.place
        start, target = self.scale.at(place(span.start)), self.scale.at(place(span.target))
        self.box(start, target, top, FILL if span.law else "#ffffff", dashed=not span.law)
        if span.outer is not None:
            self.box(target, self.scale.at(place(span.outer)), top, "url(#exercise-outer)")
        self.line(target, top - 3, target, top + 13, INK, 2.6)
        for dot in span.done:
            self.dot("filing", self.scale.x(dot), top + 5, str(dot.number), f"{dot.number}: {dot.after}: {dot.words}")

    def legend(self, rows: Sequence[_Row]) -> None:
        """What the shapes and patterns mean, as far as they stand in the picture; then how the axis runs."""
        shapes = {_SHAPES.get(dot.kind, "") for row in rows for dot, _, _ in row.places}
        spans = [row.what for row in rows if isinstance(row.what, Span)]
        law = [span for span in spans if span.law]
        samples: tuple[tuple[bool, str, Callable[[float, float], None]], ...] = (
            ("square" in shapes, "message to the team", lambda x, y: self.dot("inject", x + 16, y + 5, "1")),
            ("" in shapes, "entry of the team", lambda x, y: self.dot("fact", x + 16, y + 5, "2")),
            ("full" in shapes or any(one.done for one in law), "declared, or filed",
             lambda x, y: self.dot("filing", x + 16, y + 5, "3")),
            ("diamond" in shapes, "decision or answer", lambda x, y: self.dot("decision", x + 16, y + 5, "4")),
            ("double" in shapes, "approved", lambda x, y: self.dot("approval", x + 16, y + 5, "5")),
            ("crossed" in shapes, "refused by the tool", lambda x, y: self.dot("refused", x + 16, y + 5, "6")),
            (bool(law), "start to target", lambda x, y: self.box(x, x + 26, y, FILL)),
            (any(one.outer is not None for one in law), "to the outer limit",
             lambda x, y: self.box(x, x + 26, y, "url(#exercise-outer)")),
            (len(law) < len(spans), "what a sender wanted", lambda x, y: self.box(x, x + 26, y, "#ffffff", dashed=True)),
            (True, "where the exercise stood last", lambda x, y: self.line(x + 16, y - 3, x + 16, y + 14, INK, 1.2, "2 3")),
        )  # fmt: skip
        x, y = _EDGE, self.y + 8
        for shown, words, sample in samples:
            if shown:
                if x + 34 + len(words) * LETTER > self.scale.right:
                    x, y = _EDGE, y + 24
                sample(x, y)
                self.text(x + 34, y + 9, words)
                x += 34 + len(words) * LETTER + 20
        self.y = y + 24
        note = (
            "The numbers are those of the list. 0 is the start. The axis is compressed: the further from the start, the less "
            f"room an hour has. Days and hours are those of {self.chart.zone}."
        )
        for words in textwrap.wrap(note, int((self.scale.right - _EDGE) / LETTER)):
            self.text(_EDGE, self.y + 12, words, colour=SOFT)
            self.y += 14
