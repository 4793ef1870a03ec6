"""Asking the world of an exercise for facts, and recording what it answers with whoever said it as the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Static

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.exercise.truths import Told
from breachkit.domain.facts import Fact, say_value
from breachkit.errors import BreachkitError, JournalConflict
from breachkit.storage.journal import Journal
from breachkit.tui.of_exercise import OfExercise
from breachkit.tui.shown import FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, record_facts
from breachkit.workflow.subjects import Answer, answer, subject_of_incident

_OWN_ACTS = ("filed.", "decided.")
"""What only the team itself can know."""
_STYLE = {"recorded": GOOD, "TOLD": WARN, "not yet": FAINT, "": ""}


class Askings(Rows):
    """What may be asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Ask, record", "Ask for the highlighted fact; once it was told, record it"),
    ]


class AskScreen(OfExercise[None]):
    """The incident's open questions, and any other fact."""

    NAME = "Ask the world"
    GUIDE = (
        "What decides most comes first. Enter asks for the highlighted fact. TOLD: somebody knows it; Enter records it as a "
        "fact, with its source. not yet: nobody can know it so far; ask again later. / finds any other fact by a word. "
        "What changes is told again here, so look in now and then."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("slash", "search", "Any fact", "Find any fact by a word of its question, and ask for it"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to what you were doing"),
    ]

    def compose(self) -> ComposeResult:
        """The list, and what was told."""
        yield Static(one_line("breachkit  >  Ask the world", STRONG), classes="title")
        yield Askings()
        yield Static(id="told")
        yield Footer()

    def on_mount(self) -> None:
        """Look up the open questions."""
        self.held: Answer | None = None
        self.listed: object = None
        self.goal = ""
        self.query_one(Askings).focus()

    def on_screen_resume(self) -> None:
        """Look again whenever this screen comes to the front."""
        self.load()

    def journal_changed(self) -> None:
        """Somebody wrote: look again."""
        self.load()

    def load(self) -> None:
        """The team's incident as it stands; none is fine."""

        def work(journal: Journal) -> Answer | None:
            known = journal.incidents()
            return answer(subject_of_incident(journal, known[0], self.workspace), self.workspace) if known else None

        def then(found: Answer | None) -> None:
            self.held = found
            self.show_state()

        self.read(work, then)

    # -- showing ---------------------------------------------------

    @property
    def told(self) -> dict[str, Told]:
        """What was asked, with the answer it has now."""
        return {one.key: one for one in self.state.asked}

    @property
    def questions(self) -> dict[str, str]:
        """Everything listed, with its question: what was told and is not recorded, what is open, what was asked before."""
        words, told = load_vocabulary(), self.told
        found = {key: words.spec(key).asks for key in reversed(told) if self._mark(key) == "TOLD"}
        if self.held is not None:
            found |= {one.key: one.asks for one in self.held.assessment.questions if not one.key.startswith(_OWN_ACTS)}
        return found | {key: words.spec(key).asks for key in told if key not in found}

    def _mark(self, key: str) -> str:
        told = self.told.get(key)
        if told is None:
            return ""
        if not told.known or told.fact is None:
            return "not yet"
        return "recorded" if self._same(told.fact) else "TOLD"

    def _same(self, fact: Fact) -> bool:
        held = self.held.subject.book.facts.get(fact.key) if self.held is not None else None
        return held is not None and held.value == fact.value

    def show_state(self) -> None:
        """List what may be asked."""
        if not self.size.width:
            return
        rows: list[tuple[str, list[Cell]]] = []
        for name, asks in self.questions.items():
            mark = self._mark(name)
            rows.append((name, [(mark, _STYLE[mark]), (asks, STRONG if mark == "TOLD" else ""), (name, FAINT)]))
        if self.listed != (rows, self.size):
            self.listed = (rows, self.size)
            table = self.query_one(Askings)
            wide = self.size.width >= 108
            table.fill({"": 9, "Question": 0, "Fact": 40 if wide else 22}, rows)
            if self.goal and self.goal in dict(rows):
                table.move_cursor(row=table.get_row_index(self.goal))
                self.goal = ""
        self._show_told()

    def _show_told(self) -> None:
        name = self.query_one(Askings).chosen
        said = self._words(name) if name is not None else iter([self._nothing()])
        self.query_one("#told", Static).update(lines(*said))

    def _nothing(self) -> Text:
        if self.held is None:
            return plain("No incident is open yet: n on the board opens one. / asks for any fact all the same.", FAINT)
        return plain("No question is open. / asks for any fact.", FAINT)

    def _words(self, name: str) -> Iterator[Text]:
        told = self.told.get(name)
        yield plain(self.questions.get(name, name), STRONG)
        if told is None:
            yield plain("Enter asks whoever may know.", FAINT)
        elif told.fact is None:
            yield plain(told.says, WARN)
            yield plain("Enter asks again.", FAINT)
        else:
            value = say_value(told.fact.value, load_vocabulary().spec(name))
            yield plain(f"{told.teller or 'Somebody'}: {told.says or value}")
            what = f"{name} = {value}"
            if self._same(told.fact):
                yield plain(f"Recorded: {what}", GOOD)
            elif self.held is None:
                yield plain(f"{what}: to record it, open the incident first (n on the board).", WARN)
            else:
                yield plain(f"Enter records {what}, source: {told.teller or 'told in the exercise'}", WARN)

    def on_data_table_row_highlighted(self) -> None:
        """What is known of it."""
        self._show_told()

    # -- asking and recording --------------------------------------

    def on_data_table_row_selected(self) -> None:
        """Ask, or record what was told."""
        name = self.query_one(Askings).chosen
        if name is None:
            return
        told = self.told.get(name)
        if self._mark(name) == "TOLD" and self.held is not None and told is not None and told.fact is not None:
            self._record(told, told.fact)
        elif "<" in name:
            self._find((name,))
        elif self._mark(name) != "recorded":
            self.ask(name)

    def action_search(self) -> None:
        """Any fact there is."""
        self._find(())

    def _find(self, only: tuple[str, ...]) -> None:
        from breachkit.tui.screens.find_fact import FindFactScreen

        self.app.push_screen(FindFactScreen(self.workspace, only), lambda name: self.ask(name) if name else None)

    def ask(self, name: str) -> None:
        """Ask the world."""

        def then(_: Told) -> None:
            self.goal = name
            self.listed = None
            self.show_state()

        self.at_drill(lambda drill: drill.ask(name), then)

    def _record(self, told: Told, fact: Fact) -> None:
        held = self.held
        if held is None:
            return
        seen = held.subject.entries[-1].seq
        who = told.teller or "told in the exercise"

        def work(journal: Journal) -> Recorded:
            raw = {"value": fact.raw, "certainty": fact.certainty}
            reason = f"{who} says so"
            return record_facts(
                self.workspace, journal, held.subject.name, {told.key: raw}, source=who, reason=reason, seen=seen
            )

        self.write(work, lambda _: self.load(), self._not_recorded)

    def _not_recorded(self, problem: BreachkitError) -> None:
        self.say(f"NOT RECORDED: {problem}", "warning")
        if isinstance(problem, JournalConflict):
            self.load()
