"""A list in which things are ticked: `[x]` says so without colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from breachkit.tui.shown import FAINT, GOOD, WARN, one_line
from breachkit.tui.working import key


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be ticked."""

    id: str
    label: str
    group: str = ""
    mark: str = ""
    """What must be said of it, such as `special (Art. 9)`."""
    aka: tuple[str, ...] = ()

    def matches(self, words: Iterable[str]) -> bool:
        """Whether every word occurs in its id, label, mark or other names."""
        text = " ".join((self.id, self.label, self.mark, self.group, *self.aka)).lower().replace("_", " ")
        return all(word.replace("_", " ") in text for word in words)


class Ticks(OptionList):
    """Items under their groups; space ticks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space,enter", "select", "Tick", "Choose this one, or take it off"),
    ]

    @dataclass
    class Changed(Message):
        """Something was ticked or taken off."""

        chosen: tuple[str, ...]

    def __init__(self, items: Iterable[Item], chosen: Iterable[str] = ()) -> None:
        super().__init__(compact=True, markup=False)
        self.items = tuple(items)
        self.chosen = dict.fromkeys(chosen)
        """Ticked ids in the order in which they were ticked."""

    def on_mount(self) -> None:
        """Show everything."""
        self.search("")

    def search(self, text: str) -> int:
        """Show what matches; returns how many do."""
        words = text.lower().split()
        shown = [item for item in self.items if item.matches(words)]
        self.clear_options()
        group = None
        for item in shown:
            if item.group and item.group != group:
                group = item.group
                self.add_option(Option(Text(f"-- {group} ".ljust(40, "-"), style=FAINT), disabled=True))
            self.add_option(Option(self._prompt(item), id=item.id))
        if shown:
            self.highlighted = self.get_option_index(shown[0].id)
        return len(shown)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tick it, or take it off."""
        event.stop()
        id = event.option_id
        if id is None:
            return
        if id in self.chosen:
            del self.chosen[id]
        else:
            self.chosen[id] = None
        self.replace_option_prompt(id, self._prompt(next(item for item in self.items if item.id == id)))
        self.post_message(self.Changed(tuple(self.chosen)))

    def _prompt(self, item: Item) -> Text:
        ticked = item.id in self.chosen
        text = one_line("[x] " if ticked else "[ ] ", GOOD if ticked else "")
        text += one_line(item.label, f"bold {GOOD}" if ticked else "")
        if item.mark:
            text += one_line(f"  {item.mark}", WARN)
        return text + one_line(f"  {item.id}", FAINT)
