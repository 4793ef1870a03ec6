"""Draws the pictures of the documentation: `python -m tests.tui.make_pictures`. Made-up incident, fixed clock."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from breachkit.tui.app import BreachkitApp
from tests.tui.house import still, with_sample

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


async def draw(size: tuple[int, int]) -> Path:
    """The incident screen at that size."""
    with tempfile.TemporaryDirectory() as folder:
        app = BreachkitApp(with_sample(Path(folder)), "INC-1")
        async with app.run_test(size=size) as pilot:
            await still(pilot)
            picture = PICTURES / f"incident-{size[0]}x{size[1]}.svg"
            picture.write_text(at_rest(app.export_screenshot(title="breachkit", simplify=True)) + "\n", encoding="utf-8")
    return picture


def at_rest(svg: str) -> str:
    """The picture without fonts from the network: whoever looks at it tells nobody."""
    without = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return without.replace("Fira Code", "Menlo, Consolas, DejaVu Sans Mono")


def main() -> None:
    """Draw them all."""
    os.environ.update({"TZ": "Europe/Brussels", "TEXTUAL_ANIMATIONS": "none"})
    PICTURES.mkdir(parents=True, exist_ok=True)
    for size in ((80, 24), (120, 40)):
        print(asyncio.run(draw(size)).relative_to(PICTURES.parents[1]))


if __name__ == "__main__":
    main()
