"""The clock of somebody who plays alone: pause, speed, jump over the hours in which nothing happens, end."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show
from breachkit.tui.exercise_clock_keys import MovesClock
from breachkit.tui.of_exercise import ModalOfExercise
from breachkit.tui.shown import FAINT, STRONG, WARN, lines, plain
from breachkit.tui.widgets.exercise_banner import pace_words
from breachkit.tui.working import key

_KEYS = """space       pause, or go on
+ and -     faster and slower; r types a speed
j           jump to the next thing that happens
t           jump to a time: +4h, 18:00, 2026-11-20T09:00
ctrl+e      end the exercise
Escape      back"""


class ClockScreen(MovesClock[None], ModalOfExercise[None]):
    """Virtual time and what moves it."""

    NAME = "Clock"
    GUIDE = (
        "Virtual time runs faster than real time. Let it stand while you think or read; jump when there is nothing left to do. "
        "Deadlines run on while you jump. Time never goes back."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape", "leave", "Back", "Go back to what you were doing"),
    ]

    def compose(self) -> ComposeResult:
        """Time and keys."""
        with Vertical(classes="box"):
            yield Static(id="clock-words")
            yield Static(plain(_KEYS), classes="gap")

    def show_state(self) -> None:
        """How time stands."""
        state, scenario = self.state, self.scenario
        pace = pace_words(self.drill, state.clock, over=state.ended_at is not None)
        gone, left = say_offset(state.now - scenario.begin), say_offset(scenario.end - state.now)
        said = (
            plain(show(state.now, scenario.zone), STRONG),
            plain(f"Speed {pace}: a real minute is {say_offset(timedelta(minutes=state.clock.speed))} here.", WARN),
            plain(f"{gone} since the start, {left} left.", FAINT),
        )
        self.query_one("#clock-words", Static).update(lines(*said))
