"""How an organisation's documents look: its letterhead, colour, fonts and the DOCX file its own are made from.

A value only. `content.looks` reads and checks it, documents use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from breachkit.domain.notices import Paper

LogoKind = Literal["svg", "png"]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture at the head of a letter."""

    kind: LogoKind
    data: bytes = field(repr=False)
    alt: str
    """What it shows, for those who do not see it."""
    width: int
    height: int
    """Its proportions, in units of its own; both above zero."""


@dataclass(frozen=True, slots=True)
class Look:
    """An organisation's look. What is left out is as breachkit ships it."""

    organisation: tuple[str, ...] = ()
    """The lines of the letterhead: the name first, then address and ways to reach it."""
    logo: Logo | None = None
    colour: str = ""
    """`#rrggbb` of the letterhead's line and of headings, at least 4.5 to 1 against white; empty for black."""
    font: str = ""
    """A font family of the folder `fonts/`; empty for the shipped one."""
    paper: Paper | None = None
    """None when each notice says it."""
    base_docx: bytes | None = field(default=None, repr=False)
    """A DOCX file whose styles, header, footer and page are taken over; checked already."""
    font_folders: tuple[str, ...] = ()
    """Folders with fonts of its own."""


SHIPPED = Look()
"""What a notice looks like where an organisation says nothing: no letterhead, black on white."""
