"""The briefing of an exercise: who you are, what is trained and how it works. Shown first; Enter starts the clock."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Markdown, Static

from breachkit.domain.exercise.scenario import Scenario
from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show
from breachkit.tui.of_exercise import OfExercise
from breachkit.tui.shown import STRONG, WARN, clean, one_line, plain
from breachkit.tui.working import key
from breachkit.workflow.exercise.drill import Drill

_HOW = """
### How it works

- Time here is **virtual**: the two lines at the top say what time it is, how fast it runs, and when it stands.
- Messages arrive in the **inbox** (F2). Some ask something: answer them there. The first answer counts.
- What you want to know, **ask for** (F3). Whoever knows answers once it can be known; record it with Enter.
- Everything else is as in earnest: open the incident (n on the board), record facts, decide, write notices, record filings.
- Nothing leaves this computer, and every document says that it is an exercise.
"""


class BriefingScreen(OfExercise[None]):
    """Read it together, then begin."""

    NAME = "Briefing"
    GUIDE = (
        "Read it aloud, agree who takes which role, then press Enter. Alone, that starts the clock; "
        "with a facilitator, the facilitator starts it. b shows this again at any time."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "begin", "Begin", "Start the clock, or go on to the board"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go on without starting the clock"),
    ]

    def compose(self) -> ComposeResult:
        """The text, and what Enter does."""
        yield Static(one_line("breachkit  >  Briefing", STRONG), classes="title")
        with VerticalScroll(id="briefing-body"):
            yield Markdown(clean(briefing_text(self.scenario)), open_links=False)
        yield Static(id="briefing-go")
        yield Footer()

    def on_mount(self) -> None:
        """Scroll with the arrows at once."""
        self.query_one("#briefing-body").focus()

    @property
    def starts(self) -> bool:
        """Whether Enter starts the clock, or lets it go on."""
        clock = self.state.clock
        running = clock.running and clock.driver_alive
        return not self.drill.facilitated and not running and self.state.ended_at is None

    def show_state(self) -> None:
        """What Enter does now."""
        self.query_one("#briefing-go", Static).update(plain(self._go(), WARN))

    def _go(self) -> str:
        state, moment = self.state, show(self.state.now, self.scenario.zone)
        begun = state.now > self.scenario.begin
        if self.starts:
            return f"Time stands at {moment}. Enter lets it go on." if begun else "Enter starts the clock."
        if self.drill.facilitator or begun:
            return "Enter goes back to what you were doing." if self.drill.facilitator else "Enter goes on."
        return "The facilitator starts the clock. Enter goes on to the board, where you wait for the first message."

    def action_begin(self) -> None:
        """Start, or go on."""
        if self.starts:
            self.at_drill(Drill.go_on, lambda _: self._done())
        else:
            self._done()

    def _done(self) -> None:
        if self.is_current:
            self.dismiss(None)


def briefing_text(scenario: Scenario) -> str:
    """As Markdown: what the players may know, and nothing of the story."""
    roles = [f"- **{role.title}**" + (f": {role.does}" if role.does else "") for role in scenario.roles]
    trained = [f"- {one.title}" for one in scenario.objectives]
    length = f"{say_offset(scenario.lasts)} of virtual time, in about {scenario.minutes} minutes at the table"
    parts = (
        f"# {scenario.title}",
        f"It is **{show(scenario.begin, scenario.zone)}**. The exercise covers {length}.",
        scenario.briefing.strip(),
        "### Roles",
        "\n".join(roles),
        "### What is trained",
        "\n".join(trained),
        _HOW.strip(),
    )
    return "\n\n".join(part for part in parts if part)
