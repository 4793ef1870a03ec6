"""Facts as pieces of Markdown in which nothing of them is a sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from breachkit.content.template_language import escape_markdown
from breachkit.domain.notice_text import clean


def md(text: str) -> str:
    """Text as one line of Markdown in which nothing of it is a sign."""
    return str(escape_markdown(" ".join(clean(text).split())))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of Markdown, a blank line after it; nothing when it has no rows."""
    held = list(rows)
    if held:
        yield f"| {' | '.join(head)} |"
        yield f"| {' | '.join('---' for _ in head)} |"
        yield from ("| " + " | ".join(md(text) or " " for text in row) + " |" for row in held)
        yield ""
