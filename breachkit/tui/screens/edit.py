"""One fact, corrected with a reason or recorded for the first time."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from breachkit.content.vocabulary import load_vocabulary
from breachkit.errors import BreachkitError, JournalConflict
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import ModalOfIncident
from breachkit.tui.shown import BAD, FAINT, STRONG, lines, plain
from breachkit.tui.widgets.answers import AnswerForm, form_for
from breachkit.tui.widgets.question import subject_of
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, record_facts
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace


class EditScreen(ModalOfIncident[Recorded]):
    """The input that fits, who says so, and why it changed."""

    NAME = "Correct a fact"
    GUIDE = (
        "Change the value, Tab, say who told you (if somebody did) and why it changed, then Ctrl+S. "
        "The old value stays in the timeline, and every deadline is worked out again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "save", "Save", "Record this value"),
        key("f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def __init__(self, workspace: Workspace, incident: str, fact: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.fact = fact
        self.base = self.seen
        own = held.subject.incident.facts if held.subject.incident is not None else {}
        self.known = fact in own
        """Recorded in this incident already: a new value is a correction and needs its reason."""

    def compose(self) -> ComposeResult:
        """Question, value, source, reason."""
        assert self.held is not None
        spec = load_vocabulary().spec(self.fact)
        about = subject_of(self.fact)
        with Vertical(classes="box"):
            yield Static(plain(f"{spec.asks}{f'  [{about}]' if about else ''}", STRONG))
            yield Static(plain(f"{self.fact}: {spec.why}", FAINT))
            yield form_for(self.fact, self.held.subject.book.facts.get(self.fact), self.now_written)
            yield Static(plain("Who says so? (may stay empty)", STRONG))
            yield Input(compact=True, id="edit-source", placeholder="e.g. access log, CRM export, the host by telephone")
            if self.known:
                yield Static(plain("Why does it change?", STRONG))
                yield Input(compact=True, id="edit-reason", placeholder="e.g. the log shows an earlier access")
            yield Static(plain("Tab moves on, Ctrl+S saves, Escape goes back.", FAINT), id="edit-said")

    @property
    def form(self) -> AnswerForm:
        """The value's input."""
        return self.query_one(AnswerForm)

    @property
    def dirty(self) -> bool:
        """Whether something was typed."""
        return self.form.dirty or any(one.value.strip() for one in self.query(Input) if one.id)

    def on_answer_form_given(self, event: AnswerForm.Given) -> None:
        """Enter in the value goes on; without a reason to give it saves."""
        event.stop()
        if self.known and not self.query_one("#edit-reason", Input).value.strip():
            self.query_one("#edit-source").focus()
        else:
            self.action_save()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last line it saves."""
        if event.input.id == "edit-source" and self.known:
            self.query_one("#edit-reason").focus()
        else:
            self.action_save()

    def action_save(self) -> None:
        """Record it."""
        source = self.query_one("#edit-source", Input).value.strip()
        reason = self.query_one("#edit-reason", Input).value.strip() if self.known else ""
        if self.known and not reason:
            self._say("A correction needs its reason: one line is enough.")
            self.query_one("#edit-reason").focus()
            return
        try:
            raw = self.form.raw()
        except BreachkitError as problem:
            self._say(str(problem))
            return
        seen = self.base

        def work(journal: Journal) -> Recorded:
            return record_facts(
                self.workspace,
                journal,
                self.incident,
                {self.fact: raw},
                source=source or None,
                reason=reason or None,
                seen=seen,
            )

        self.write(work, self._recorded, self._problem)

    def _recorded(self, done: Recorded) -> None:
        if done.entries:
            self.dismiss(done)
        else:
            self._say("That is what is recorded already; nothing was written.")

    def _problem(self, problem: BreachkitError) -> None:
        self._say(str(problem))
        if isinstance(problem, JournalConflict):
            self.load()

    def _say(self, text: str) -> None:
        self.query_one("#edit-said", Static).update(lines(plain("NOT RECORDED", BAD), plain(text, BAD)))

    def show_answer(self, _found: Answer) -> None:
        """News from elsewhere: what was typed stays."""
        self.base = self.seen
