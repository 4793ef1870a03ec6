"""Pictures of every important screen, compared with the accepted ones, on a small and on a large terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.workflow.recording import file_duty, record_facts
from tests.tui.house import press, settle, still, with_sample

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
DUTIES = {"DUTY": "eu.gdpr.33@es-aepd", "MISSING": "us.fl.dla"}
"""A notice whose check is complete, and one that lacks something."""
CHANGED: dict[str, Any] = {
    "people.total": "4300",
    "measures.taken": "The folder was closed and every address of it was made invalid.",
}
"""What was found out after the filing."""
SCREENS: dict[str, tuple[str, ...]] = {
    "board": ("escape",),
    "incident": (),
    "answering": ("a",),
    "picker": ("c",),
    "people": ("p",),
    "duty": ("DUTY",),
    "preview": ("DUTY", "p"),
    "check": ("DUTY", "p", "c"),
    "approve": ("MISSING", "p", "a"),
    "worksheet": ("DUTY", "p", "k", *["down"] * 7),
    "difference": ("FILED", "DUTY", "p", "d"),
    "declare": ("escape", "n"),
}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("way", SCREENS.values(), ids=SCREENS)
def test_it_looks_as_it_did(
    snap_compare: Callable[..., bool], tmp_path: Path, way: tuple[str, ...], size: tuple[int, int]
) -> None:
    async def there(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        for key in way:
            if key in DUTIES:
                assert isinstance(pilot.app.screen, IncidentScreen)
                pilot.app.screen.open_duty(DUTIES[key])
                await settle(pilot)
            elif key != "FILED":
                await press(pilot, key)
        await still(pilot)

    space = with_sample(tmp_path)
    if "FILED" in way:
        with space.journal() as journal:
            file_duty(space, journal, "INC-1", DUTIES["DUTY"], reference="2026-118823")
            record_facts(space, journal, "INC-1", CHANGED, reason="the access log says so")
    assert snap_compare(BreachkitApp(space, "INC-1"), terminal_size=size, run_before=there)
