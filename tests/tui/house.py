"""What the tests of screens share: a workspace with a fixed clock, the made-up incident, and waiting without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from breachkit.tui.app import BreachkitApp
from breachkit.workflow.demo import open_sample
from breachkit.workflow.subjects import Answer, answer, subject_of_incident
from breachkit.workflow.workspace import Workspace

NIGHT = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)
"""Ten past four in the morning in Brussels, six hours after awareness."""


def workspace(folder: Path, *, actor: str = "anna", clock: Callable[[], datetime] = lambda: NIGHT) -> Workspace:
    """A workspace on its own database."""
    return Workspace(database=str(folder / "journal.db"), actor=actor, clock=clock)


def with_sample(folder: Path, **settings: Any) -> Workspace:
    """A workspace that holds the made-up incident of example-co as INC-1."""
    space = workspace(folder, **settings)
    with space.journal() as journal:
        open_sample(space, journal, "example-co")
    return space


def looked_up(space: Workspace, incident: str = "INC-1") -> Answer:
    """What the journal says now."""
    with space.journal() as journal:
        return answer(subject_of_incident(journal, incident, space), space)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until no worker is under way and every message is handled."""
    for _ in range(3):
        await pilot.pause()
        while waiting := [worker for worker in pilot.app.workers if not worker.is_finished]:
            await asyncio.gather(*(worker.wait() for worker in waiting), return_exceptions=True)
            await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, waiting for what each sets off."""
    for one in keys:
        await pilot.press(one)
        await settle(pilot)


async def write(pilot: Pilot[Any], text: str) -> None:
    """Type a text into what has the focus."""
    await pilot.press(*text)
    await settle(pilot)


def seen(app: BreachkitApp) -> str:
    """The words on the screen, however they wrap."""
    rows = ("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())
    return " ".join(" ".join(rows).split())


def told(app: BreachkitApp) -> str:
    """The messages over the screen, which wrap on their own beside its words."""
    return " ".join(message.message for message in app._notifications)


async def still(pilot: Pilot[Any]) -> None:
    """Everything has arrived and no cursor blinks, so that a picture is the same every time."""
    await settle(pilot)
    for field in (*pilot.app.screen.query(Input), *pilot.app.screen.query(TextArea)):
        field.cursor_blink = False
    await settle(pilot)


LATER = timedelta(minutes=5)
