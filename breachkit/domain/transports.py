"""Which way out a notice may take. What invented incidents and exercises may never use is decided here, by their marks alone.

Making a transport is workflow's matter (`workflow/sending.py`), carrying a message that of delivery.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from breachkit.errors import Refused, UnknownName

TransportKind = Literal["folder", "smtp"]
"""`folder`: files on this machine. `smtp`: mail that leaves it."""

KINDS: Final[tuple[TransportKind, ...]] = get_args(TransportKind)


def permit(kind: TransportKind, *, invented: bool, exercise: str | None) -> None:
    """Let a transport be used, or say why not; only the folder takes what never happened (design decision 16).

    `exercise` is the exercise's name, None outside of one. Refused for every kind but the folder when the incident is an
    exercise or invented; UnknownName for a kind there is not.
    """
    if kind not in KINDS:
        raise UnknownName("transport", kind, KINDS, hint=f"(transports: {', '.join(KINDS)})")
    if kind == "folder" or (exercise is None and not invented):
        return
    what = f"this is the exercise '{exercise}'" if exercise is not None else "this incident is invented"
    raise Refused(
        f"{what}: nothing of it happened, so nothing of it goes out by {kind}, whatever is set. "
        "Its messages are written to a folder"
    )
