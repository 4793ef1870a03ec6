"""Lines, boxes and words of an SVG picture, as every drawing here makes them. What they mean is the drawing's own matter."""

from __future__ import annotations

from html import escape

from breachkit.domain.notice_text import clean

LETTER = 5.9
"""How wide a letter is taken to be at 11 pixels; a little more than it is, so that words never run into each other."""
INK, SOFT, GRID, FILL = "#1a1a1a", "#4a4a4a", "#d4d4d4", "#c9d9ee"


class Strokes:
    """A picture's parts, one after the other."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> None:
        """A straight line."""
        self.parts.append(line(x1, y1, x2, y2, colour, width, dash))

    def box(self, left: float, right: float, top: float, fill: str, *, dashed: bool = False) -> None:
        """A bar ten high, never too narrow to be seen."""
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        self.parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 1.5):.1f}" height="10" fill="{fill}" '
            f'stroke="{INK}" stroke-width="1"{dash}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        weight: str = "",
        size: float = 11,
        colour: str = INK,
        back: bool = False,
    ) -> None:
        """Words at a place. `back`: on white, so that no line runs through them."""
        words = clean(words)
        if back:
            wide = len(words) * LETTER * (1.07 if weight else 1)
            left = x - wide if anchor == "end" else x
            self.parts.append(f'<rect x="{left:.1f}" y="{y - 10:.1f}" width="{wide:.1f}" height="13" fill="#ffffff"/>')
        looks = f' text-anchor="{anchor}"' if anchor != "start" else ""
        looks += f' font-weight="{weight}"' if weight else ""
        looks += f' font-size="{size:g}"' if size != 11 else ""
        looks += f' fill="{colour}"' if colour != INK else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}"{looks}>{escape(words, quote=False)}</text>')


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> str:
    """The SVG of a straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}"{dashes}/>'
