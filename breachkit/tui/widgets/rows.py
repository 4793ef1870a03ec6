"""A table that fills its width: columns bring their own gap, and the highlighted row stays highlighted when rows change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text
from textual.widgets import DataTable

from breachkit.tui.shown import one_line

Cell = tuple[str, str]
"""Words and their style."""


class Rows(DataTable[Text]):
    """Rows under each other, moved through with the arrows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(cursor_type="row", cell_padding=0, id=id)

    def fill(self, columns: Mapping[str, int], rows: Iterable[tuple[str, Sequence[Cell]]]) -> None:
        """Show these rows, each with its id; a column of width 0 takes what is left."""
        at, row_before = self.chosen, self.cursor_row
        left = self.screen.size.width - 2 - sum(columns.values())
        shares = sum(1 for width in columns.values() if not width)
        widths = {name: width or max(left // max(shares, 1), 8) for name, width in columns.items()}
        self.clear(columns=True)
        for name, width in widths.items():
            self.add_column(name, width=width)
        for id, cells in rows:
            texts = [one_line(text, style, width - 1) for (text, style), width in zip(cells, widths.values(), strict=True)]
            self.add_row(*texts, key=id)
        if at is not None and at in {key.value for key in self.rows}:
            self.move_cursor(row=self.get_row_index(at))
        elif self.row_count:
            self.move_cursor(row=min(row_before, self.row_count - 1))

    @property
    def chosen(self) -> str | None:
        """The id of the highlighted row; None when there is none."""
        if not self.is_valid_row_index(self.cursor_row):
            return None
        return list(self.rows)[self.cursor_row].value if self.cursor_row < len(self.rows) else None
