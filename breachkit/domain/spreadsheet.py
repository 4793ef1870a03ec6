"""Cells of the tables that people open in a spreadsheet: a text is shown there, and never worked out.

How a table is written is for others; reading one that somebody else wrote is intake's matter.
"""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = (
    r"=+\-@\t\r\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_FORMULA: Final = re.compile(rf"\s*[{_SIGNS}]")
_WITH_APOSTROPHES: Final = re.compile(rf"'*\s*[{_SIGNS}]")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet may take it for a formula, also behind spaces."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def kept(cell: str) -> str:
    """The same for a table that is read back: `given_back` undoes it, whatever apostrophes the text had of its own."""
    return f"'{cell}" if _WITH_APOSTROPHES.match(cell) else cell


def given_back(cell: str) -> str:
    """The text that `kept` was given."""
    return cell[1:] if cell.startswith("'") and _WITH_APOSTROPHES.match(cell) else cell
