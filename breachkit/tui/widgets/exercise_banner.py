"""The two lines at the top of every screen of an exercise: that it is one, its virtual time, who moves it and who is asking."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from breachkit.domain.periods import show, zone_named
from breachkit.tui.shown import one_line
from breachkit.workflow.exercise.clock import ClockState
from breachkit.workflow.exercise.drill import Drill

EXERCISE = "EXERCISE  EXERCISE  EXERCISE"


class ExerciseBanner(Widget):
    """Docked over whatever the screen shows: it neither scrolls nor goes under a smaller screen."""

    def __init__(self, drill: Drill) -> None:
        super().__init__()
        self.drill = drill

    def on_mount(self) -> None:
        """Keep time."""
        self.set_interval(1, self.refresh)

    def render(self) -> Text:
        """In reverse video, so that it stands out on a terminal without colour too."""
        from breachkit.tui.exercise_app import DrillApp

        app = self.app
        over, note = (app.over, app.note) if isinstance(app, DrillApp) else (False, "")
        width = max(self.size.width - 2, 1)
        said = banner_lines(self.drill, self.drill.clock(), over=over, note=note, width=width)
        shown = [one_line(line, width=width).plain.ljust(width) for line in said]
        return Text("\n".join(f" {line} " for line in shown), style="bold reverse", no_wrap=True, end="")


def banner_lines(drill: Drill, clock: ClockState, *, over: bool, note: str, width: int) -> tuple[str, str]:
    """Which exercise; its virtual time and zone, how fast it runs or that it stands, whose session this is, and the note."""
    scenario = drill.scenario
    local = clock.virtual.astimezone(zone_named(scenario.zone))
    without_year = f"{local:%a} {local.day} {local:%b %H:%M:%S %Z}"
    rest = [part for part in (pace_words(drill, clock, over=over), whose_session(drill), note) if part]
    second = "  ".join((show(clock.virtual, scenario.zone), *rest))
    return f"{EXERCISE}  {scenario.title}", second if len(second) <= width else "  ".join((without_year, *rest))


def pace_words(drill: Drill, clock: ClockState, *, over: bool = False) -> str:
    """`x80`; `x80 PAUSED`; that the clock stands because nobody moves it; that the exercise is over."""
    if over:
        return "OVER"
    if drill.facilitated and not clock.driver_alive:
        return "STANDS: nobody moves it"
    running = clock.running and clock.driver_alive
    return f"x{clock.speed:g}" if running else f"x{clock.speed:g} PAUSED"


def whose_session(drill: Drill) -> str:
    """`solo`, `player` or `facilitator`."""
    if drill.facilitator:
        return "facilitator"
    return "player" if drill.facilitated else "solo"
