"""The report on an incident, or a debrief, as one document: Markdown around a drawn time line. Documents make formats of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from breachkit.domain.exercise.chart import ExerciseChart
from breachkit.domain.marks import EXERCISE, printed_name, word_of
from breachkit.domain.notice_text import clean
from breachkit.domain.timechart import Chart


@dataclass(frozen=True)
class ReportDocument:
    """A report or a debrief, or the register of breaches, which has no drawing."""

    title: str
    """Plain text."""
    heading: str
    """The title as Markdown, without its sign."""
    banners: tuple[str, ...]
    """What must not be overlooked on any page, such as that nothing of it happened. Plain text."""
    before: str
    """Markdown up to the drawing."""
    chart: Chart | ExerciseChart | None
    after: str
    """Markdown behind it; its tables hold all that the drawing shows."""
    footer: str
    """By what it can be made again. Plain text."""
    written_on: date
    language: str = "en"
    exercise: str | None = None
    """The exercise all of it is about, by name; None outside of one. Its banner is then among `banners`."""

    @property
    def watermark(self) -> str:
        """The word across each page; empty outside of an exercise."""
        return word_of(EXERCISE) if self.exercise is not None else ""

    @property
    def foot(self) -> str:
        """The footer, which names the exercise; on one line, whatever a file is called."""
        said = " ".join(clean(self.footer).split())
        return f"{self.watermark} {printed_name(self.exercise)} - {said}" if self.exercise is not None else said

    def markdown(self) -> str:
        """The whole without the drawing."""
        banners = [f"**{line}**" for line in self.banners]
        body = [self.before.strip("\n"), self.after.strip("\n")]
        if self.exercise is not None:
            return "\n\n".join([*banners, f"# {self.heading}", *body, self.foot, *banners]).rstrip() + "\n"
        return "\n\n".join([f"# {self.heading}", *banners, *body]).rstrip() + "\n"
