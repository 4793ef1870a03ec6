"""Declaring an incident in four answers: what happened, when you became aware, whose data, which organisation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from breachkit.content.organisations import load_organisation, profile_ids
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.organisation import Organisation
from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, lines, one_line, plain
from breachkit.tui.widgets.answers import understood
from breachkit.tui.working import Working, key
from breachkit.workflow.recording import Recorded, open_incident

ROLES: dict[str, tuple[str, list[str]]] = {
    "controller": ("Ours: we decide why and how it is used (controller)", ["controller"]),
    "processor": ("A customer's: we hold it for them (processor)", ["processor"]),
    "both": ("Both", ["controller", "processor"]),
    "unknown": ("I do not know yet", []),
}


class DeclareScreen(Working[str]):
    """Four answers; dismisses with the new incident's id."""

    NAME = "Declare an incident"
    GUIDE = (
        "Four answers start the clocks. Enter goes to the next one; on the last one Enter, and anywhere Ctrl+S, opens it. "
        "A guess is fine: everything can be corrected, and what you do not know yet can stay open."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "declare", "Open the incident", "Record these answers and start the clocks"),
        key("ctrl+t", "now", "Aware now", "Fill in this moment on this computer's clock"),
        key("f1", "help", "Help", "What to do here, and every key"),
    ]

    def compose(self) -> ComposeResult:
        """The four questions, each with room for what is understood."""
        yield Static(one_line("breachkit  >  Declare an incident", STRONG), classes="title")
        with Vertical(id="declare"):
            yield Static(plain("1  What happened? One line, safe to read aloud.", STRONG))
            yield Input(id="title", compact=True, placeholder="e.g. exported conversations readable without a password")
            yield Static(plain("2  When did you become aware: reasonably sure that personal data was affected?", STRONG))
            yield Input(id="aware", compact=True, placeholder="e.g. 2026-11-20T22:15[Europe/Brussels]")
            yield Static(id="aware-said")
            yield Static(plain("3  Whose data is it?", STRONG))
            yield OptionList(*[Option(label, id=id) for id, (label, _) in ROLES.items()], id="role", compact=True, markup=False)
            yield Static(plain("4  Which organisation? A profile's id, a path to one, or leave it empty.", STRONG))
            yield Input(
                self.offered, id="organisation", compact=True, suggester=SuggestFromList(profile_ids()), placeholder="none"
            )
            yield Static(id="organisation-said")
            yield Static(id="declare-problem")
        yield Footer()

    def on_mount(self) -> None:
        """Begin at the first question."""
        self.query_one("#role", OptionList).highlighted = len(ROLES) - 1
        self._say_aware()
        self._say_organisation()
        self.query_one("#title").focus()

    @property
    def dirty(self) -> bool:
        """Whether anything was typed."""
        return any(self._value(id) for id in ("title", "aware")) or self._value("organisation") != self.offered

    @property
    def offered(self) -> str:
        """The organisation filled in from the start: in an exercise the scenario's."""
        drill = self.workspace.exercise
        return drill.scenario.organisation if drill is not None else ""

    def _value(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value.strip()

    # -- what is understood ----------------------------------------

    def on_input_changed(self) -> None:
        """Say what is understood so far."""
        self._say_aware()
        self._say_organisation()
        self.query_one("#declare-problem", Static).update("")

    def _say_aware(self) -> None:
        said = self.query_one("#aware-said", Static)
        if text := self._value("aware"):
            said.update(understood(load_vocabulary().spec("aware_at"), text))
            return
        now = self.now_written()
        said.update(plain(f"Ctrl+T fills in now: {now}. A day alone is fine. Empty: not known yet, no clock.", FAINT))

    def _say_organisation(self) -> None:
        said = self.query_one("#organisation-said", Static)
        named = self._value("organisation")
        if not named:
            said.update(plain(f"Shipped: {', '.join(profile_ids())}. Empty: places and promises stay open.", FAINT))
            return
        if named not in profile_ids() and not named.endswith((".yaml", ".yml")):
            near = [id for id in profile_ids() if id.startswith(named)]
            hint = f"Right arrow takes {near[0]}" if near else f"Shipped: {', '.join(profile_ids())}; or a path ending in .yaml"
            said.update(plain(hint, FAINT))
            return
        try:
            found = load_organisation(named, beside=Path())
        except (BreachkitError, OSError) as problem:
            said.update(plain(str(problem), BAD))
            return
        said.update(plain(f"{found.name}{': ' + found.affiliation if found.affiliation else ''}", GOOD))

    # -- keys ------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the next question; on the last it opens the incident."""
        if event.input.id == "organisation":
            self.action_declare()
        else:
            self.focus_next()

    def on_option_list_option_selected(self) -> None:
        """Enter on a role goes on."""
        self.focus_next()

    def action_now(self) -> None:
        """Fill in this moment."""
        line = self.query_one("#aware", Input)
        line.value = self.now_written()
        line.focus()

    def action_declare(self) -> None:
        """Record the answers; on an error everything typed stays."""
        title, aware, named = self._value("title"), self._value("aware"), self._value("organisation")
        if not title:
            self._problem("Question 1 is empty: say in a few words what happened.", "title")
            return
        role = list(ROLES)[self.query_one("#role", OptionList).highlighted or 0]
        facts: dict[str, Any] = {"aware_at": aware} if aware else {}
        if ROLES[role][1]:
            facts["role"] = list(ROLES[role][1])

        def work(journal: Journal) -> Recorded:
            organisation: Organisation | None = load_organisation(named, beside=Path()) if named else None
            return open_incident(
                self.workspace, journal, title=title, organisation=organisation, facts=facts, exercise=journal.exercise
            )

        self.write(work, lambda done: self.dismiss(done.incident) and None, lambda problem: self._problem(str(problem)))

    def _problem(self, text: str, at: str = "") -> None:
        self.query_one("#declare-problem", Static).update(lines(plain("NOT OPENED YET", BAD), plain(text, BAD)))
        if at:
            self.query_one(f"#{at}").focus()
