"""Choosing several of a long list: the kinds of data affected, places, sectors. Saves one record."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Input, Static

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.journal import Json
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.ticks import Item, Ticks
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, record_facts
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_SPECIAL = {"art9": "special (Art. 9)", "art10": "criminal (Art. 10)"}
COMPLETE = "data.categories_complete"


class PickerScreen(OfIncident[bool]):
    """Ticks for one list fact; for the kinds of data also whether the list is complete."""

    NAME = "Choose from a list"
    GUIDE = (
        "Space ticks what was affected. / searches by name or by another word for it; Enter or Down goes back to the list. "
        "For kinds of data: tick the narrowest kind you are sure of, and press c once nothing else can have been affected - "
        "until then laws that name other kinds stay open. Ctrl+S saves it all as one record."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("slash", "search", "Search", "Search by name or by another word for it"),
        key("c", "complete", "List complete", "Say that the list is complete, or that it is not"),
        key("ctrl+s", "save", "Save", "Record what is ticked"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def __init__(self, workspace: Workspace, incident: str, fact: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.fact = fact
        self.spec = load_vocabulary().spec(fact)
        book = held.subject.book
        self.before = tuple(book.strings(fact) or ())
        self.closed_before = book.categories_closed
        self.closed = self.closed_before
        self.base = self.seen
        """The last entry on the screen when choosing began: a write must come after it, or be looked at again."""

    def compose(self) -> ComposeResult:
        """Search, list, and what is chosen."""
        yield Headline(self._title)
        yield Static(id="picker-asks")
        yield Input(placeholder="/ searches: card, health, password, passport ...", compact=True, id="picker-search")
        yield Ticks(_items(self.spec.of), self.before)
        yield Static(id="picker-chosen")
        yield Footer()

    def on_mount(self) -> None:
        """Begin in the list."""
        assert self.held is not None
        self.query_one(Headline).show(self.held.subject)
        self.query_one("#picker-asks", Static).update(
            lines(plain(self.spec.asks, STRONG), plain(f"Why: {self.spec.why}", FAINT))
        )
        self.query_one(Ticks).focus()
        self._say()

    @property
    def _title(self) -> str:
        return "Kinds of data" if self.spec.of == "data_category" else self.fact

    @property
    def with_complete(self) -> bool:
        """Whether this list can be said to be complete."""
        return self.fact == "data.categories"

    @property
    def dirty(self) -> bool:
        """Whether ticks or completeness differ from what is recorded."""
        return set(self.query_one(Ticks).chosen) != set(self.before) or self.closed != self.closed_before

    def _say(self) -> None:
        ticks = self.query_one(Ticks)
        names = {item.id: item for item in ticks.items}
        chosen = [names[id].label for id in ticks.chosen if id in names]
        special = [id for id in ticks.chosen if id in names and names[id].mark]
        said = [plain(f"CHOSEN {len(chosen)}: {', '.join(chosen) or 'nothing yet'}", GOOD if chosen else FAINT)]
        if special:
            said.append(one_line(f"Among them special: {', '.join(names[id].label for id in special)}", WARN))
        if self.with_complete:
            open_still = "NOT COMPLETE: more may come (c marks it complete)"
            state = "COMPLETE: nothing else was affected" if self.closed else open_still
            said.append(one_line(f"The list is {state}", GOOD if self.closed else WARN))
        if self.dirty:
            said.append(one_line("Not saved yet: Ctrl+S saves.", BAD))
        self.query_one("#picker-chosen", Static).update(lines(*said))

    # -- keys ------------------------------------------------------

    def on_ticks_changed(self) -> None:
        """Show what is chosen."""
        self._say()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual passes both
        """Only the kinds of data have a complete list."""
        return self.with_complete if action == "complete" else True

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_one("#picker-search").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        found = self.query_one(Ticks).search(event.value)
        if not found:
            nothing = f"Nothing is called '{event.value}' here. Try another word."
            self.query_one("#picker-chosen", Static).update(plain(nothing, BAD))
        else:
            self._say()

    def on_input_submitted(self) -> None:
        """Back to the list."""
        self.query_one(Ticks).focus()

    def on_key(self, event: events.Key) -> None:
        """Down leaves the search line."""
        if event.key == "down" and self.query_one("#picker-search").has_focus:
            self.query_one(Ticks).focus()
            event.stop()

    def action_complete(self) -> None:
        """Close the list, or open it again."""
        self.closed = not self.closed
        self._say()

    def action_save(self) -> None:
        """One record of it all."""
        chosen = list(self.query_one(Ticks).chosen)
        if not chosen and self.before:
            self.say("A recorded list cannot be emptied here; tick what was affected.", "warning")
            return
        facts: dict[str, Json] = {self.fact: chosen} if chosen else {}
        if self.with_complete and (self.closed != self.closed_before or self.closed):
            facts[COMPLETE] = "yes" if self.closed else "no"
        if not facts:
            self.say("Nothing is ticked yet.", "warning")
            return
        seen = self.base

        def work(journal: Journal) -> Recorded:
            return record_facts(self.workspace, journal, self.incident, facts, seen=seen)

        self.write(work, lambda _: self.dismiss(True) and None, self.conflict)

    def show_answer(self, found: Answer) -> None:
        """News from elsewhere: what is ticked here stays."""
        self.query_one(Headline).show(found.subject)
        self.base = self.seen
        now = tuple(found.subject.book.strings(self.fact) or ())
        if set(now) != set(self.before):
            if not self.dirty:
                ticks = self.query_one(Ticks)
                ticks.chosen = dict.fromkeys(now)
                ticks.search(self.query_one("#picker-search", Input).value)
            else:
                self.say(f"Recorded meanwhile: {', '.join(now)}. Your ticks are kept; saving records yours.", "warning")
            self.before = now
        if self.closed == self.closed_before:
            self.closed = found.subject.book.categories_closed
        self.closed_before = found.subject.book.categories_closed
        self._say()


def _items(of: str | None) -> list[Item]:
    words = load_vocabulary()
    match of:
        case "data_category":
            return [
                Item(one.id, one.label, one.group.replace("_", " "), _SPECIAL.get(one.special or "", ""), one.aka)
                for one in words.categories.values()
            ]
        case "place":
            return [Item(one.code, one.name) for one in words.places.values() if one.code not in words.same_place]
        case "sector":
            return [Item(id, label) for id, label in words.sectors.items()]
        case _:
            return []
