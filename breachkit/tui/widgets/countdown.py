"""The big countdown to the nearest deadline. It alone ticks every second; nothing else is worked out for a tick."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Digits, Static

from breachkit.domain.findings import Assessment, Finding
from breachkit.tui.shown import BAD, FAINT, STRONG, STYLE, Urgency, lines, one_line, plain, urgency_of, wall_clocks
from breachkit.workflow.words import countdown, due_caveats, nearest_deadline, recipient_words, status_word
from breachkit.workflow.workspace import Workspace

_SAID = {
    Urgency.OVERDUE: "OVERDUE",
    Urgency.HOURS_12: "UNDER 12 HOURS LEFT",
    Urgency.HOURS_24: "UNDER 24 HOURS LEFT",
    Urgency.LATER: "NEXT DEADLINE",
}


class Countdown(Horizontal):
    """Digits on the left; which duty, on the law's wall clock and in UTC, on the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.finding: Finding | None = None

    def compose(self) -> ComposeResult:
        """Digits and words."""
        yield Digits("--:--:--")
        yield Static(id="countdown-words")

    def on_mount(self) -> None:
        """Tick."""
        self.set_interval(1, self.tick)

    def show(self, assessment: Assessment) -> None:
        """Count down to the nearest deadline of this answer."""
        self.finding = nearest_deadline(assessment)
        self.tick()

    def tick(self) -> None:
        """Move the digits; and the words when they say something new."""
        words = self.query_one("#countdown-words", Static)
        digits = self.query_one(Digits)
        if self.finding is None or self.finding.due.target is None:
            digits.update("--:--:--")
            nothing = "No clock is running yet. Answer the question below: when you became aware starts it."
            words.update(lines(plain("NO DEADLINE", STRONG), plain(nothing, FAINT)))
            return
        now, target = self.workspace.now, self.finding.due.target
        how_soon = urgency_of(target, now)
        digits.update(countdown(target, now).replace(" d ", "d "))
        digits.set_classes(how_soon.name.lower().replace("_", "-"))
        words.update(self._words(self.finding, how_soon))

    def _words(self, finding: Finding, how_soon: Urgency) -> Text:
        width = self.query_one("#countdown-words").size.width or 44
        due = finding.due
        assert due.target is not None
        style = STRONG if how_soon is Urgency.LATER else STYLE[how_soon]
        head = one_line(f"{_SAID[how_soon]}  {status_word(finding)}", style)
        clock = wall_clocks(due.target, due.zone)
        caveats = due_caveats(due)
        return lines(
            head,
            one_line(f"{finding.title} - {recipient_words(finding)}", STRONG, width),
            one_line(clock, "", width),
            one_line(caveats[0] if caveats else finding.id, BAD if caveats else FAINT, width),
        )
