"""Everything known, by group; each fact can be corrected with a reason, and one that nobody asks for can be added."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import DataTable, Static

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.facts import Fact, say_value
from breachkit.tui.fact_doors import open_fact
from breachkit.tui.listing import Listing
from breachkit.tui.shown import FAINT, STRONG, lines, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Rows
from breachkit.tui.working import key
from breachkit.workflow.subjects import Answer


class FactRows(Rows):
    """The facts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Correct", "Correct the highlighted fact"),
    ]


class FactsScreen(Listing):
    """All known facts."""

    NAME = "Facts"
    ROWS = FactRows
    GUIDE = (
        "Everything known, by group. Enter corrects the highlighted fact; a correction needs a reason, "
        "and the old value stays in the timeline. "
        "n adds any fact by its key, also one that no question asks for."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("n", "add", "Add a fact", "Record any fact by its key"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the incident"),
    ]

    def show_answer(self, found: Answer) -> None:
        """List every fact."""
        self.query_one(Headline).show(found.subject)
        if not self.size.width:
            return
        wide = self.size.width >= 108
        columns = {"Group": 14 if wide else 11, "Fact": 36 if wide else 26, "Value": 0, "Source": 22 if wide else 13}
        rows, before = [], ""
        for group, fact in grouped(found):
            row = (group if group != before else "", fact.key, value_of(fact), source_of(fact))
            styles = (STRONG, "", "" if fact.known else FAINT, FAINT)
            rows.append((fact.key, list(zip(row, styles, strict=True))))
            before = group
        self.query_one(FactRows).fill(columns, rows)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Question, value and source in full."""
        fact = self._fact(event.row_key.value)
        if fact is None:
            return
        spec = load_vocabulary().spec(fact.key)
        when = f"{fact.recorded_at:%Y-%m-%d %H:%M} UTC by {fact.by}" if fact.recorded_at else "from the profile"
        said = [plain(spec.asks, STRONG), plain(value_of(fact)), plain(f"{source_of(fact)}  {fact.certainty}; {when}", FAINT)]
        self.query_one("#row-line", Static).update(lines(*said))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Correct it where it is best corrected."""
        fact = self._fact(event.row_key.value)
        if fact is not None:
            open_fact(self, fact.key)

    def _fact(self, name: str | None) -> Fact | None:
        return self.held.subject.book.facts.get(name or "") if self.held is not None else None

    def action_add(self) -> None:
        """Ask for a key."""
        from breachkit.tui.screens.find_fact import FindFactScreen

        def chosen(name: str | None) -> None:
            if name:
                open_fact(self, name)

        self.app.push_screen(FindFactScreen(self.workspace), chosen)


def grouped(found: Answer) -> list[tuple[str, Fact]]:
    """Facts in the order of the vocabulary's groups; the profile's last."""
    words = load_vocabulary()
    order = list(dict.fromkeys(spec.group for spec in words.facts.values()))
    rows = [(words.spec(fact.key).group, fact) for fact in found.subject.book.facts.values()]
    return sorted(rows, key=lambda row: (row[0] == "organisation", order.index(row[0])))


def value_of(fact: Fact) -> str:
    """The value in words."""
    return "not known" if not fact.known else say_value(fact.value, load_vocabulary().spec(fact.key))


def source_of(fact: Fact) -> str:
    """Who said it."""
    return fact.source or fact.by or "profile"
