"""The end of an exercise: the score part by part, what cost most, and how to get the debrief."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from breachkit.domain.periods import show
from breachkit.tui.exercise_words import debrief_command
from breachkit.tui.of_exercise import OfExercise
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.tui.working import key
from breachkit.workflow.exercise.scoring import Result, scored

_COSTLY = 8
"""Lines that cost most, shown here; the debrief has them all."""
_NAME = 40


class EndScreen(OfExercise[None]):
    """How it went."""

    NAME = "Score"
    GUIDE = (
        "What the exercise looked for, part by part, with what cost most: something to begin the talk at the table with. "
        "The debrief has every line with its reason, and what to practise. Escape goes back to the board, g comes here again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("enter,escape", "leave", "Look at the board", "Go back; everything that was recorded can still be read"),
        key("q", "app.quit", "Quit", "Leave breachkit; everything recorded stays"),
    ]

    def compose(self) -> ComposeResult:
        """One page."""
        yield Static(one_line("breachkit  >  Score", STRONG), classes="title")
        with VerticalScroll(id="end-body"):
            yield Static(plain("Working the score out ...", FAINT), id="end-words")
        yield Footer()

    def on_mount(self) -> None:
        """Work it out, in a thread."""
        self.app.clear_notifications()
        self.query_one("#end-body").focus()
        self.result: Result | None = None
        self.look(scored, self._scored, group="score")

    def _scored(self, result: Result) -> None:
        self.result = result
        self.show_state()

    def show_state(self) -> None:
        """The score, once it is there."""
        if self.result is not None and self.size.width:
            self.query_one("#end-words", Static).update(lines(*self._words(self.result, self.size.width - 4)))

    def _words(self, result: Result, width: int) -> Iterator[Text]:
        score, zone = result.score, self.scenario.zone
        ended = result.ended_at or result.now
        yield plain(f"THE EXERCISE IS OVER: {self.scenario.title}", STRONG)
        yield plain(f"It ended at {show(ended, zone)}, virtual time.", FAINT)
        yield plain("")
        for part in score.parts:
            style = GOOD if part.points == part.of else WARN if part.points else BAD
            dots = "." * max(_NAME - len(part.title), 2)
            yield plain(f"{part.title} {dots} ") + plain(points_of(part.points, part.of), style)
        yield plain(f"{'Together'} {'.' * (_NAME - 8)} {points_of(score.points, score.of)}", STRONG)
        if lost := score.lost:
            yield plain("\nWHAT COST MOST", STRONG)
            for line in lost[:_COSTLY]:
                yield one_line(f"-{line.lost:g}  {line.title} ({line.outcome})", "", width)
        if len(lost) > _COSTLY:
            yield plain(f"... and {len(lost) - _COSTLY} more lines", FAINT)
        yield plain("\nEvery line with its reason, and what to practise:", STRONG)
        yield plain(f"  {debrief_command(self.drill)}")


def points_of(points: float, of: float) -> str:
    """`18 of 30  60 %`."""
    share = f"{round(100 * points / of):3} %" if of else ""
    return f"{points:5g} of {of:3g}  {share}"
