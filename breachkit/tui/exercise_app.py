"""The terminal UI of an exercise: the same screens on a virtual clock, an inbox beside them, and a desk for the facilitator.

Every call of a session on an exercise goes through `DrillApp.with_drill`, one at a time and in a thread: a session is no place
for two threads, and no screen ever waits for one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from rich.text import Text
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import Worker

from breachkit.errors import BreachkitError
from breachkit.tui.app import BreachkitApp
from breachkit.tui.exercise_words import CHANNEL, stands_at, way_back
from breachkit.tui.of_exercise import OfExercise
from breachkit.tui.screens.board import BoardScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.shown import one_line
from breachkit.tui.widgets.exercise_banner import ExerciseBanner
from breachkit.tui.working import Working, key
from breachkit.workflow.exercise.drill import Drill, DrillState, Sent

TICK_SECONDS = 1
REFRESH, PATIENCE = timedelta(minutes=10), 5
"""Virtual time and ticks after which an open screen works its deadlines out again."""
LONG = timedelta(hours=1)
"""Virtual time without a message that is long for somebody who plays alone."""
MOST_POPPED = 2
"""Messages of one moment that pop up; more are only counted."""
T = TypeVar("T")


class DrillApp(BreachkitApp):
    """A player's session, or the facilitator's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "inbox", "Inbox", "What reached the team, and the questions it asks", show=False, priority=True),
        key("f3", "ask", "Ask", "Ask the world of the exercise for a fact", show=False, priority=True),
        key("f4", "time", "Time", "The exercise's clock; for the facilitator the desk", show=False, priority=True),
        key("i", "inbox", "Inbox", "What reached the team, and the questions it asks"),
        key("e", "ask", "Enquire", "Ask the world of the exercise for a fact"),
        key("v", "time", "Clock", "The exercise's clock; for the facilitator the desk"),
        key("b", "briefing", "Briefing", "Who you are, the roles and what is trained", show=False),
        key("g", "score", "Score", "How it went, once the exercise is over"),
    ]

    def __init__(self, drill: Drill, *, facilitator: bool) -> None:
        super().__init__(drill.workspace)
        self.drill = drill
        self.facilitator = facilitator
        self.read: set[str] = set()
        """Messages somebody looked at in this session."""
        self._one_at_a_time = threading.Lock()
        self._beating, self._beats = False, 0
        self._refreshed = drill.now()
        self.state = self.at_drill(Drill.state)
        """The exercise as it was a moment ago."""

    # -- the session -----------------------------------------------

    def at_drill(self, work: Callable[[Drill], T]) -> T:
        """A call of the session, waiting for those under way. Only before the screens are up, and in threads."""
        with self._one_at_a_time:
            return work(self.drill)

    async def with_drill(self, work: Callable[[Drill], T], *, ticking: bool = False) -> T:
        """A call of the session in a thread, and the state that it left."""

        def both(drill: Drill) -> tuple[T, DrillState]:
            return work(drill), drill.state()

        found, state = await asyncio.to_thread(self.at_drill, both)
        self._beats = self._beats + 1 if ticking else PATIENCE
        self.take(state)
        return found

    @property
    def over(self) -> bool:
        """Whether the exercise has ended."""
        return self.state.ended_at is not None

    @property
    def unread(self) -> int:
        """How many messages nobody looked at in this session."""
        return sum(1 for sent in self.state.inbox if sent.inject.id not in self.read)

    def was_read(self, id: str) -> bool:
        """Somebody looks at that message; whether it was new until then."""
        new = id not in self.read
        self.read.add(id)
        self._refresh_banner()
        return new

    def _refresh_banner(self) -> None:
        for banner in self.screen.query(ExerciseBanner):
            banner.refresh()

    @property
    def note(self) -> str:
        """What the banner says beside the time."""
        if self.over:
            return "g: score"
        if self.facilitator:
            return "F4 desk"
        waiting = ((self.unread, "NEW"), (len(self.state.open_questions), "ASKS"))
        said = ", ".join(f"{number} {what}" for number, what in waiting if number)
        if said:
            return f"F2: {said}"
        return "QUIET: F4 j jumps" if self._quiet else "F2 inbox"

    @property
    def _quiet(self) -> bool:
        """Whether somebody who plays alone has long to wait for the next message; a facilitator jumps for the others."""
        if self.drill.facilitated or not self.state.clock.running:
            return False
        coming = [up.planned for up in self.state.upcoming if up.planned is not None and not up.held]
        return min(coming, default=self.drill.scenario.end) - self.state.now > LONG

    # -- screens ---------------------------------------------------

    def first_screens(self) -> None:
        """The board beneath; above it the desk or the briefing, and what was going on."""
        self.push_screen(BoardScreen(self.workspace))
        incident = self.at_drill(lambda drill: drill.incident)
        if self.facilitator:
            from breachkit.tui.screens.exercise_desk import FacilitatorScreen

            self.push_screen(FacilitatorScreen(self.workspace))
        elif incident is not None:
            self.push_screen(IncidentScreen(self.workspace, incident))
        if self.over:
            self.action_score()
        elif not self.facilitator:
            self.action_briefing()
        self.set_interval(TICK_SECONDS, self.beat)

    def beat(self) -> None:
        """A second has passed: let this session move the clock if that is its part, and look what is new."""
        if not self._beating:
            self._beating = True
            _: Worker[None] = self.run_worker(self._beat, group="beat", exclusive=False)

    async def _beat(self) -> None:
        try:
            await self.with_drill(Drill.tick, ticking=True)
        except BreachkitError as problem:
            self.notify(str(problem), severity="error", markup=False)
        finally:
            self._beating = False

    def take(self, state: DrillState) -> None:
        """Show a new state: pop up what arrived, and say when it is over."""
        before, self.state = self.state, state
        known = {sent.inject.id for sent in before.inbox}
        if news := [sent for sent in state.inbox if sent.inject.id not in known]:
            self._announce(news)
        screen = self.screen
        if isinstance(screen, Working):
            screen.exercise_moved()
            self._refresh_banner()
            if state.now - self._refreshed >= REFRESH and self._beats >= PATIENCE:
                self._refreshed, self._beats = state.now, 0
                screen.journal_changed()
        if state.ended_at is not None and before.ended_at is None:
            self.bell()
            self.action_score()

    def _announce(self, news: list[Sent]) -> None:
        """One bell, and short notes over the screen; the inbox and the desk list them anyhow."""
        from breachkit.tui.screens.exercise_desk import FacilitatorScreen
        from breachkit.tui.screens.exercise_inbox import InboxScreen

        self.bell()
        if isinstance(self.screen, (InboxScreen, FacilitatorScreen)):
            return
        for sent in news[:MOST_POPPED]:
            said = one_line(sent.inject.text, width=60).plain
            where = "sent to the team" if self.facilitator else "F2 reads it"
            title = f"{CHANNEL[sent.inject.channel].upper()}: {sent.inject.sender}"
            self.notify(f"{said}\n{where}", title=one_line(title).plain, markup=False, timeout=8)
        if len(news) > MOST_POPPED:
            self.notify(f"{len(news) - MOST_POPPED} more: F2 reads them", markup=False, timeout=8)

    def _open(self, screen: type[OfExercise[Any]]) -> None:
        """Show that screen; go back to it when it is open somewhere beneath."""
        held: list[Screen[Any]] = [one for one in self.screen_stack if isinstance(one, screen)]
        if not held:
            self.push_screen(screen(self.workspace))
        elif held[-1] is not self.screen:
            self._back_to(held[-1])

    def _back_to(self, screen: Screen[Any]) -> None:
        """Close what lies over a screen; ask first when something there is unsaved."""
        above = self.screen_stack[self.screen_stack.index(screen) + 1 :]
        unsaved = next((one for one in reversed(above) if isinstance(one, Working) and one.dirty), None)

        def close() -> None:
            while screen in self.screen_stack and self.screen is not screen:
                self.pop_screen()

        if unsaved is not None:
            unsaved.ask_before_leaving(close)
        else:
            close()

    # -- keys ------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual passes both
        """Each part at the table has its own keys."""
        match action:
            case "inbox":
                return not self.facilitator
            case "ask":
                return not self.facilitator and not self.over
            case "time":
                return self.facilitator or not (self.drill.facilitated or self.over)
            case "score":
                return self.over
            case _:
                return True

    def action_inbox(self) -> None:
        """What reached the team."""
        from breachkit.tui.screens.exercise_inbox import InboxScreen

        self._open(InboxScreen)

    def action_ask(self) -> None:
        """Ask for a fact."""
        from breachkit.tui.screens.exercise_ask import AskScreen

        self._open(AskScreen)

    def action_time(self) -> None:
        """The clock of a player alone; the facilitator's desk."""
        from breachkit.tui.screens.exercise_clock import ClockScreen
        from breachkit.tui.screens.exercise_desk import FacilitatorScreen

        self._open(FacilitatorScreen if self.facilitator else ClockScreen)

    def action_briefing(self) -> None:
        """Who you are."""
        from breachkit.tui.screens.exercise_briefing import BriefingScreen

        self._open(BriefingScreen)

    def action_score(self) -> None:
        """How it went."""
        from breachkit.tui.screens.exercise_end import EndScreen

        self._open(EndScreen)

    # -- leaving ---------------------------------------------------

    def leave(self) -> None:
        """Let the clock stand where it is, and say how to go on."""
        _: Worker[None] = self.run_worker(self._leave, group="leave", exclusive=True)

    async def _leave(self) -> None:
        await asyncio.to_thread(self.at_drill, _let_stand)
        state = await asyncio.to_thread(self.at_drill, Drill.state)
        self.exit(message=Text("\n".join((stands_at(self.drill, state), *way_back(self.drill, state)))))


def _let_stand(drill: Drill) -> None:
    if drill.drives and drill.clock().running:
        drill.pause()


def run_drill(drill: Drill, *, facilitator: bool) -> None:
    """Open the screens of an exercise; the session is closed, and its clock stands, when they are left."""
    app = DrillApp(drill, facilitator=facilitator)
    try:
        app.run()
    finally:
        drill.close()
    if app.return_code:
        raise SystemExit(app.return_code)
