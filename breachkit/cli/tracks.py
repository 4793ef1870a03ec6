"""The `--track` option of commands that record something, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from breachkit.domain.journal import Track

TRACK = Annotated[
    str | None,
    typer.Option(
        "--track",
        metavar="factual|privileged|third-party",
        help="What may leave the house: privileged stays out of papers, and drives duties all the same. "
        "Left out: factual; a correction stays where the fact was.",
        show_default=False,
    ),
]


def read(said: str | None) -> Track | None:
    """The track; None where none was said. UnknownName for another word."""
    from breachkit.workflow.tracks import read_track

    return None if said is None else read_track(said)
