"""Where a fact is recorded: each kind of fact has its screen, and some are recorded elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from breachkit.content.vocabulary import load_vocabulary
from breachkit.errors import UnknownName
from breachkit.tui.of_incident import OfIncident

_NOT_HERE = ("filed.", "decided.")


def open_fact(screen: OfIncident[Any], name: str) -> None:
    """Open the input that fits a fact, over `screen`; say where it is recorded when that is not here."""
    from breachkit.tui.screens.edit import EditScreen
    from breachkit.tui.screens.picker import PickerScreen

    assert screen.held is not None
    if name.startswith(_NOT_HERE):
        screen.say("A filing or a decision is recorded on the duty's own screen (Enter on the duty, then f or d).", "warning")
        return
    try:
        spec = load_vocabulary().spec(name)
    except UnknownName as problem:
        screen.say(str(problem), "warning")
        return
    if spec.type == "records":
        screen.say("This comes from the organisation's profile; correct it there.", "warning")
    elif spec.type == "set" and not spec.choices:
        screen.app.push_screen(PickerScreen(screen.workspace, screen.incident, name, screen.held))
    else:
        screen.app.push_screen(EditScreen(screen.workspace, screen.incident, name, screen.held))


def open_one_of(screen: OfIncident[Any], names: Sequence[str]) -> None:
    """The same for several facts, or one with a part to fill in: ask which."""
    from breachkit.tui.screens.find_fact import FindFactScreen

    def chosen(name: str | None) -> None:
        if name:
            open_fact(screen, name)

    if len(names) == 1 and "<" not in names[0]:
        open_fact(screen, names[0])
    else:
        screen.app.push_screen(FindFactScreen(screen.workspace, names), chosen)
