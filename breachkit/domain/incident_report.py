"""The incident report as one document: Markdown before and after a drawn time line. Formats are made from it by documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from breachkit.domain.timechart import Chart


@dataclass(frozen=True)
class ReportDocument:
    """A report, or the register of breaches, which has no drawing."""

    title: str
    """Plain text."""
    heading: str
    """The title as Markdown, without its sign."""
    banners: tuple[str, ...]
    """What must not be overlooked on any page, such as that nothing of it happened. Plain text."""
    before: str
    """Markdown up to the drawing."""
    chart: Chart | None
    after: str
    """Markdown behind it; its tables hold all that the drawing shows."""
    footer: str
    """By what it can be made again. Plain text."""
    written_on: date
    language: str = "en"

    def markdown(self) -> str:
        """The whole without the drawing."""
        head = [f"# {self.heading}", *(f"**{line}**" for line in self.banners)]
        return "\n\n".join([*head, self.before.strip("\n"), self.after.strip("\n")]).rstrip() + "\n"
