"""Finding a fact's key by any word of its question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from breachkit.content.vocabulary import load_vocabulary
from breachkit.errors import BreachkitError
from breachkit.tui.shown import BAD, FAINT, STRONG, one_line, plain
from breachkit.tui.working import WorkingModal, key
from breachkit.workflow.workspace import Workspace


class FindFactScreen(WorkingModal[str]):
    """Dismisses with a key."""

    NAME = "Find a fact"
    GUIDE = (
        "Type a word of the question or of the key. Down and Enter choose. "
        "A part in <brackets> is yours to fill in: people.in.US-FL."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back without choosing"),
    ]

    def __init__(self, workspace: Workspace, only: Sequence[str] = ()) -> None:
        super().__init__(workspace)
        facts = load_vocabulary().facts
        every = {name: spec.asks for name, spec in facts.items() if spec.type != "records"}
        self.asks = {name: _asks(name) for name in only} or every
        """The keys to choose from with their questions; `only` these, or every one there is."""

    def compose(self) -> ComposeResult:
        """Search and list."""
        with Vertical(classes="box -help"):
            yield Static(plain("Which fact?" if len(self.asks) > 1 else "Which fact? Fill in its key.", STRONG))
            yield Input(placeholder="encrypted, contained, people.in.US-FL ...", compact=True)
            yield OptionList(compact=True, markup=False)
            yield Static(id="find-said")

    def on_mount(self) -> None:
        """Show everything."""
        self._search("")

    def _search(self, text: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        words = text.lower().split()
        for name, asks in self.asks.items():
            if all(word in f"{name} {asks}".lower() for word in words):
                options.add_option(Option(one_line(f"{name}  ") + one_line(asks, FAINT), id=name))
        if options.option_count:
            options.highlighted = 0

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._search(event.value)
        self.query_one("#find-said", Static).update("")

    def on_key(self, event: events.Key) -> None:
        """Arrows move in the list while the search line has the focus."""
        if event.key in ("up", "down") and self.query_one(Input).has_focus:
            options = self.query_one(OptionList)
            (options.action_cursor_down if event.key == "down" else options.action_cursor_up)()
            event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A key written out, or the highlighted one."""
        text = event.value.strip()
        try:
            if text:
                load_vocabulary().spec(text)
                self.dismiss(text)
                return
        except BreachkitError:
            pass
        options = self.query_one(OptionList)
        if options.highlighted is not None and options.option_count:
            self._choose(options.get_option_at_index(options.highlighted).id)
        else:
            self.query_one("#find-said", Static).update(plain("No fact is called that. Try another word.", BAD))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list."""
        self._choose(event.option_id)

    def _choose(self, name: str | None) -> None:
        if name is None:
            return
        if "<" in name:
            line = self.query_one(Input)
            line.value = name.partition("<")[0]
            line.focus()
            self.query_one("#find-said", Static).update(plain(f"Write the rest of {name}, then Enter.", BAD))
            return
        self.dismiss(name)


def _asks(name: str) -> str:
    words = load_vocabulary()
    return (words.facts.get(name) or words.spec(name)).asks
