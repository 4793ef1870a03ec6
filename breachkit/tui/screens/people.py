"""How many people are affected, in all and place by place. Sums that cannot be are said at once and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact
from breachkit.errors import BreachkitError, ImpossibleFacts
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.tui.widgets.answers import understood
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, record_facts
from breachkit.workflow.subjects import Answer, read_fact
from breachkit.workflow.workspace import Workspace

_MATCHES = 5
TOTAL, ELSEWHERE, IN = "people.total", "people.elsewhere", "people.in."


class CountRow(Horizontal):
    """One place and its count."""

    def __init__(self, fact: str, label: str, written: str) -> None:
        super().__init__()
        self.fact, self.label, self.before = fact, label, written

    def compose(self) -> ComposeResult:
        """Name, count, what is understood."""
        yield Static(one_line(self.label), classes="count-label")
        yield Input(self.before, compact=True, placeholder="how many", classes="count-value")
        yield Static(classes="count-said")

    @property
    def written(self) -> str:
        """What stands in it."""
        return self.query_one(Input).value.strip()

    @property
    def changed(self) -> bool:
        """Whether it differs from what is recorded."""
        return self.written != self.before

    def understand(self) -> None:
        """Say what is understood."""
        said = self.query_one(".count-said", Static)
        if not self.written:
            said.update(one_line("not known yet" if not self.before else "write 0 or unknown; a count stays recorded", FAINT))
            return
        words = understood(load_vocabulary().spec(self.fact), self.written)
        said.update(words)


class PeopleScreen(OfIncident[bool]):
    """All counts at once; one record when saved."""

    NAME = "People by place"
    GUIDE = (
        "Write 600, ~600 (a fifth more or less), 400..900, 500+, ..40 or unknown. "
        "The first line finds a place by name or code; Enter adds it. "
        "Places not listed: write 0 there once the list is whole, and laws of other places stop being open. "
        "Ctrl+S saves everything that changed as one record."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "save", "Save", "Record every count that changed"),
        key("ctrl+o", "add", "Add a place", "Go to the line that finds places"),
        key("f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def __init__(self, workspace: Workspace, incident: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.base = self.seen

    def compose(self) -> ComposeResult:
        """Finder, rows, sum."""
        assert self.held is not None
        facts = self.held.subject.book.facts
        yield Headline("People by place")
        yield Input(placeholder="Add a place: Florida, US-FL, Spain, ES ... then Enter", compact=True, id="place-search")
        yield OptionList(id="place-matches", compact=True, markup=False)
        with VerticalScroll(id="counts", can_focus=False):
            yield CountRow(TOTAL, "In all", _written(facts, TOTAL))
            for place in sorted(_places(facts)):
                yield CountRow(f"{IN}{place}", _name(place), _written(facts, f"{IN}{place}"))
            yield CountRow(ELSEWHERE, "In places not listed", _written(facts, ELSEWHERE))
        yield Static(id="people-sum")
        yield Footer()

    def on_mount(self) -> None:
        """Begin at the total."""
        assert self.held is not None
        self.query_one(Headline).show(self.held.subject)
        self.query_one("#place-matches").display = False
        for row in self.rows:
            row.understand()
        self._check()
        self.rows[0].query_one(Input).focus()

    @property
    def rows(self) -> list[CountRow]:
        """Every row."""
        return list(self.query(CountRow))

    @property
    def dirty(self) -> bool:
        """Whether a count differs from what is recorded."""
        return any(row.changed for row in self.rows)

    # -- sums ------------------------------------------------------

    def _book(self) -> FactBook:
        """The facts as they would be. BadValue for a count that cannot be read."""
        assert self.held is not None
        book = self.held.subject.book
        typed = {row.fact: read_fact(row.fact, row.written) for row in self.rows if row.written}
        return replace(book, facts={**book.facts, **typed})

    def _check(self) -> bool:
        said = self.query_one("#people-sum", Static)
        try:
            book = self._book()
            book.check_sums()
        except ImpossibleFacts as problem:
            kept = "Nothing is lost and nothing is saved yet."
            said.update(lines(plain("THIS CANNOT BE", BAD), plain(f"{problem}. {kept}", BAD)))
            return False
        except BreachkitError:
            said.update(plain("A count cannot be read: see beside it how to write it.", BAD))
            return False
        total = book.total
        most = "no upper bound" if total.high is None else f"at most {total.high}"
        closed = "the list of places is whole" if book.elsewhere.high == 0 else "the list of places is open"
        state = plain("Not saved yet: Ctrl+S saves.", WARN) if self.dirty else plain("Saved.", GOOD)
        if total.high == 0:
            state = plain("This says that NOBODY is affected, so nearly nothing is owed. Is that so?", BAD)
        said.update(lines(plain(f"Together: at least {total.low}, {most} people; {closed}.", STRONG), state))
        return True

    # -- places ----------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """A place is looked for, or a count typed."""
        if event.input.id == "place-search":
            self._search(event.value)
        elif isinstance(event.input.parent, CountRow):
            event.input.parent.understand()
            self._check()

    def _search(self, text: str) -> None:
        matches = self.query_one("#place-matches", OptionList)
        matches.clear_options()
        found = find_places(text, {row.fact for row in self.rows})
        matches.add_options([Option(one_line(f"{_name(code)}  {code}"), id=code) for code in found[:_MATCHES]])
        matches.display = bool(text.strip())
        if found:
            matches.highlighted = 0
        elif text.strip():
            matches.add_option(Option(one_line("No place of that name is left to add.", FAINT), disabled=True))

    def on_key(self, event: events.Key) -> None:
        """Arrows move from row to row, and through the places found."""
        if event.key not in ("up", "down"):
            return
        event.stop()
        matches = self.query_one("#place-matches", OptionList)
        if self.query_one("#place-search").has_focus and matches.display and matches.option_count:
            (matches.action_cursor_down if event.key == "down" else matches.action_cursor_up)()
        elif event.key == "down":
            self.focus_next(Input)
        else:
            self.focus_previous(Input)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter adds the highlighted place, or goes to the next row."""
        if event.input.id != "place-search":
            self.focus_next(Input)
            return
        matches = self.query_one("#place-matches", OptionList)
        if matches.highlighted is None or not matches.display:
            self.focus_next(Input)
            return
        code = matches.get_option_at_index(matches.highlighted).id
        if code is not None:
            await self.add_place(code)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list of places found."""
        if event.option_id:
            await self.add_place(event.option_id)

    async def add_place(self, code: str) -> None:
        """A new row, ready to be filled in."""
        row = CountRow(f"{IN}{code}", _name(code), "")
        await self.query_one("#counts").mount(row, before=self.rows[-1])
        self.query_one("#place-search", Input).value = ""
        row.understand()
        row.query_one(Input).focus()

    def action_add(self) -> None:
        """Go to the finder."""
        self.query_one("#place-search").focus()

    # -- saving ----------------------------------------------------

    def action_save(self) -> None:
        """One record of every count that changed."""
        if not self._check():
            self.say("Not saved: see at the bottom what cannot be.", "warning")
            return
        changed: dict[str, object] = {row.fact: row.written for row in self.rows if row.changed and row.written}
        if not changed:
            emptied = "A recorded count cannot be emptied; write 0 or unknown."
            self.say(emptied if self.dirty else "Nothing changed.", "warning")
            return
        seen = self.base

        def work(journal: Journal) -> Recorded:
            return record_facts(self.workspace, journal, self.incident, changed, seen=seen)

        self.write(work, lambda _: self.dismiss(True) and None, self.conflict)

    async def show_answer(self, found: Answer) -> None:
        """News from elsewhere: rows nobody touched follow, typed ones stay."""
        self.query_one(Headline).show(found.subject)
        self.base = self.seen
        facts = found.subject.book.facts
        for row in self.rows:
            now = _written(facts, row.fact)
            if not row.changed:
                row.query_one(Input).value = now
            row.before = now
        here = {row.fact for row in self.rows}
        for place in sorted(_places(facts)):
            if f"{IN}{place}" not in here:
                row = CountRow(f"{IN}{place}", _name(place), _written(facts, f"{IN}{place}"))
                await self.query_one("#counts").mount(row, before=self.rows[-1])
                row.understand()
        self._check()


def find_places(text: str, taken: set[str]) -> list[str]:
    """Codes of places by code or by the start or a part of the name; parts of a country too."""
    words = load_vocabulary()
    wanted = text.strip().lower()
    if not wanted:
        return []
    ranked = []
    for code, place in words.places.items():
        if code in words.same_place or f"{IN}{code}" in taken:
            continue
        name, low = place.name.lower(), code.lower()
        tests = (low == wanted, name.startswith(wanted), low.startswith(wanted), wanted in name)
        if any(tests):
            ranked.append((tests.index(True), place.name, code))
    return [code for _, _, code in sorted(ranked)]


def _places(facts: Mapping[str, Fact]) -> list[str]:
    return [key.removeprefix(IN) for key in facts if key.startswith(IN) and "." not in key.removeprefix(IN)]


def _written(facts: Mapping[str, Fact], fact: str) -> str:
    return str(facts[fact].raw) if fact in facts else ""


def _name(place: str) -> str:
    words = load_vocabulary()
    country = place.split("-", 1)[0]
    more = f", {words.place_name(country)}" if country != place else ""
    return f"{words.place_name(place)}{more}"
