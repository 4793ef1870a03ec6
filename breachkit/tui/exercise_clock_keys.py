"""The keys of whoever moves an exercise's clock - a facilitator, or a player alone: pause, speed, jump, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from textual.binding import BindingType

from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show
from breachkit.errors import BadValue, BreachkitError
from breachkit.tui.exercise_words import next_speed, read_moment
from breachkit.tui.of_exercise import OfExercise
from breachkit.tui.working import key
from breachkit.workflow.exercise.drill import Drill

R = TypeVar("R")
T = TypeVar("T")


class MovesClock(OfExercise[R]):
    """What cannot be undone is asked first: virtual time never runs backwards, and an exercise ends once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "pause", "Pause", "Let virtual time stand, or go on"),
        key("plus,equals_sign", "faster", "Faster", "The next faster step", show=False),
        key("minus", "slower", "Slower", "The next slower step", show=False),
        key("r", "rate", "Speed", "Type how many virtual seconds pass in a real one", show=False),
        key("t", "jump", "Jump", "Go to a later virtual time: +4h, 18:00, 2026-11-20T09:00"),
        key("j", "jump_next", "Next", "Go to the next thing that happens"),
        key("ctrl+e", "end", "End", "End the exercise for everybody", show=False),
    ]

    def action_pause(self) -> None:
        """Stand, or go on."""

        def work(drill: Drill) -> None:
            if drill.drives and drill.clock().running:
                drill.pause()
            else:
                drill.go_on()

        self.at_drill(work)

    def action_faster(self) -> None:
        """The next step up."""
        self._speed(next_speed(self.state.clock.speed, faster=True))

    def action_slower(self) -> None:
        """The next step down."""
        self._speed(next_speed(self.state.clock.speed, faster=False))

    def action_rate(self) -> None:
        """Type it."""

        def given(text: str) -> None:
            try:
                speed = float(text.lower().lstrip("x").replace(",", "."))
            except ValueError:
                self.say(f"'{text}' is no number; write 80: then a real minute is 80 virtual ones.", "warning")
                return
            self._speed(speed)

        now = f"{self.state.clock.speed:g}"
        guide = f"Virtual seconds in a real one, now {now}: 1 is real time, 60 an hour in a minute."
        self.ask_words("How fast?", guide, given)

    def _speed(self, speed: float) -> None:
        self.at_drill(lambda drill: drill.set_speed(speed))

    def action_jump(self) -> None:
        """Type where to."""
        zone = self.scenario.zone

        def given(text: str) -> None:
            try:
                to = read_moment(text, self.state.now, zone)
            except BreachkitError as problem:
                self.say(str(problem), "warning")
                return
            self._jump(to)

        guide = f"It is {show(self.state.now, zone)}. +4h, +90min, 18:00 or 2026-11-20T09:00. There is no way back."
        self.ask_words("Jump to which virtual time?", guide, given)

    def _jump(self, to: datetime) -> None:
        """Go there when it lies ahead; a jump to the end of the exercise is asked about."""
        if to <= self.state.now:
            self.refused(BadValue("virtual time never runs backwards; name a later moment"))
        elif to >= self.scenario.end:
            self.confirm("That is the end of the exercise. End it?", "go to the end", lambda: self._go_to(self.scenario.end))
        else:
            self._go_to(to)

    def _go_to(self, to: datetime) -> None:
        self.at_drill(lambda drill: drill.jump(to))

    def action_jump_next(self) -> None:
        """Say how long nothing happens, and ask."""

        def then(at: datetime | None) -> None:
            if at is None:
                text = "Nothing more happens by itself. Go to the end of the exercise? There is no way back."
            else:
                span, moment = say_offset(at - self.state.now), show(at, self.scenario.zone)
                text = f"Nothing happens before {moment}, for {span}. Jump to the next message? There is no way back."
            self.confirm(text, "jump", lambda: self.at_drill(Drill.jump_to_next))

        self.look(Drill.next_moment, then)

    def action_end(self) -> None:
        """Ask, and ask why."""

        def given(reason: str) -> None:
            self.confirm(
                "End the exercise now, for everybody? It cannot be taken up again.",
                "end it",
                lambda: self.at_drill(lambda drill: drill.end(reason)),
            )

        self.ask_words("End the exercise", "Why does it end here? One line, for the debrief.", given)

    # -- asking ----------------------------------------------------

    def confirm(self, text: str, yes: str, act: Callable[[], Any]) -> None:
        """Do it when the person says so."""
        from breachkit.tui.screens.confirm import ConfirmScreen

        asked = ConfirmScreen(self.workspace, text, yes=yes, no="leave it as it is")
        self.app.push_screen(asked, lambda sure: act() if sure else None)

    def ask_words(self, title: str, guide: str, then: Callable[[str], None]) -> None:
        """Ask for a few words; nothing happens without them."""
        from breachkit.tui.screens.prompt import PromptScreen

        self.app.push_screen(PromptScreen(self.workspace, title, guide), lambda said: then(said) if said else None)
