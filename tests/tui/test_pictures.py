"""Pictures of every important screen, compared with the accepted ones, on a small and on a large terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.incident import IncidentScreen
from tests.tui.house import press, settle, still, with_sample

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
SCREENS: dict[str, tuple[str, ...]] = {
    "board": ("escape",),
    "incident": (),
    "answering": ("a",),
    "picker": ("c",),
    "people": ("p",),
    "duty": ("DUTY",),
    "preview": ("DUTY", "p"),
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
            if key == "DUTY":
                assert isinstance(pilot.app.screen, IncidentScreen)
                pilot.app.screen.open_duty("eu.gdpr.33@es-aepd")
                await settle(pilot)
            else:
                await press(pilot, key)
        await still(pilot)

    assert snap_compare(BreachkitApp(with_sample(tmp_path), "INC-1"), terminal_size=size, run_before=there)
