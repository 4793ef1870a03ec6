"""Writing something to a file: asks where, lets the ending choose the format, and never replaces a file unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from breachkit.tui.working import Working

Write = Callable[[Path, str, bool], None]
"""Given the path, the format, and whether a file that is there may be replaced."""


def ask_file(screen: Working[Any], title: str, name: str, endings: Mapping[str, str], write: Write) -> None:
    """Ask for a path, with `name` as what is proposed. `endings`: the format for each ending, such as `.pdf`."""
    from breachkit.tui.screens.confirm import ConfirmScreen
    from breachkit.tui.screens.prompt import PromptScreen

    first: dict[str, str] = {}
    for ending, form in endings.items():
        first.setdefault(form, ending)
    *most, last = first.values()
    listed = f"{', '.join(most)} or {last}"

    def named(given: str | None) -> None:
        if not given:
            return
        path = Path(given).expanduser()
        form = endings.get(path.suffix.lower())
        if form is None:
            screen.say(f"{given}: end the name in {listed}.", "warning")
        elif path.exists():
            text = f"{path} is there already. Replace it?"
            asked = ConfirmScreen(screen.workspace, text, yes="replace it", no="leave it alone")
            screen.app.push_screen(asked, lambda replace: write(path, form, True) if replace else None)
        else:
            write(path, form, False)

    guide = f"A name in the folder you are in, or a path. The ending says the format: {listed}."
    screen.app.push_screen(PromptScreen(screen.workspace, title, guide, name), named)
