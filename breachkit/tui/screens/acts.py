"""Deciding on a duty, with its ground, and recording that it was filed, with its proof."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.findings import Finding
from breachkit.errors import BreachkitError, JournalConflict
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import ModalOfIncident
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, lines, plain
from breachkit.tui.widgets.answers import Paragraph, understood
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, decide, file_duty, missing_elements
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_KINDS = {"first": "The first notice", "update": "An addition or correction", "withdrawal": "A withdrawal"}
_CHOICES = {"notify": "Notify", "refrain": "Do not notify"}


class _Act(ModalOfIncident[Recorded]):
    """What the two acts share."""

    def __init__(self, workspace: Workspace, incident: str, finding: Finding, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.finding = finding
        self.base = self.seen

    def show_answer(self, found: Answer) -> None:
        """News from elsewhere: what was typed stays."""
        self.base = self.seen
        self.finding = found.assessment.find(self.finding.id) or self.finding

    def problem(self, problem: BreachkitError) -> None:
        """Say it here; nothing typed is lost."""
        self.query_one("#act-said", Static).update(lines(plain("NOT RECORDED", BAD), plain(str(problem), BAD)))
        if isinstance(problem, JournalConflict):
            self.load()

    def recorded(self, done: Recorded) -> None:
        """Go back with it."""
        self.dismiss(done)


class DecideScreen(_Act):
    """Notify or refrain, and why."""

    NAME = "Decide on a duty"
    GUIDE = (
        "Choose with the arrows, Tab, then write the ground in words a regulator may read. Enter in the ground saves. "
        "The duty stays on the list, and the decision reopens by itself when a fact it rests on changes."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "save", "Save", "Record the decision"),
        key("f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def compose(self) -> ComposeResult:
        """Choice and ground."""
        with Vertical(classes="box"):
            yield Static(plain(f"DECIDE: {self.finding.title}", STRONG))
            yield Static(plain(self.finding.id, FAINT))
            yield OptionList(*[Option(label, id=id) for id, label in _CHOICES.items()], compact=True, markup=False)
            yield Static(plain("On what ground? In words a regulator may read.", STRONG), classes="gap")
            yield Paragraph()
            yield Static(plain("Tab moves on, Enter in the ground or Ctrl+S saves, Escape goes back.", FAINT), id="act-said")

    def on_mount(self) -> None:
        """Begin at what was decided before."""
        before = self.finding.decision.choice if self.finding.decision else "notify"
        self.query_one(OptionList).highlighted = list(_CHOICES).index(before) if before in _CHOICES else 0
        self.query_one(OptionList).focus()

    @property
    def dirty(self) -> bool:
        """Whether a ground was written."""
        return bool(self.query_one(Paragraph).text.strip())

    def on_option_list_option_selected(self) -> None:
        """Enter on a choice goes on to the ground."""
        self.query_one(Paragraph).focus()

    def on_paragraph_submitted(self) -> None:
        """Enter saves."""
        self.action_save()

    def action_save(self) -> None:
        """Record it."""
        choice = list(_CHOICES)[self.query_one(OptionList).highlighted or 0]
        ground = self.query_one(Paragraph).text.strip()
        seen = self.base
        if not ground:
            self.query_one("#act-said", Static).update(plain("A decision needs its ground. Write why, then Enter.", BAD))
            return

        def work(journal: Journal) -> Recorded:
            return decide(self.workspace, journal, self.incident, self.finding.id, choice, ground, seen=seen)

        self.write(work, self.recorded, self.problem)


class FileScreen(_Act):
    """Reference, time, kind."""

    NAME = "Record a filing"
    GUIDE = (
        "Write the reference that came back: the authority's number, a receipt, the mail server's reply. "
        "Only proof stops the clock. The time is now unless you change it. "
        "What is not known yet is recorded as left out, and stays owed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "save", "Save", "Record the filing"),
        key("ctrl+t", "now", "Now", "Fill in this moment as the time of filing"),
        key("f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def compose(self) -> ComposeResult:
        """The proof first."""
        assert self.held is not None
        elements = self.held.subject.book.words.elements
        missing = [elements[id].label for id in missing_elements(self.finding, self.held.subject.book)]
        self.opened = self.now_written()
        with Vertical(classes="box"):
            yield Static(plain(f"FILED: {self.finding.title}", STRONG))
            yield Static(plain(f"{self.finding.id}  to {self.finding.recipient.name}", FAINT))
            yield Static(plain("Reference, receipt or reply that came back", STRONG), classes="gap")
            yield Input(compact=True, id="reference", placeholder="e.g. 2026-118823")
            yield Static(plain("When was it filed?", STRONG))
            yield Input(self.opened, compact=True, id="filed-at")
            yield Static(id="filed-at-said")
            yield OptionList(*[Option(label, id=id) for id, label in _KINDS.items()], compact=True, markup=False)
            left = f"Recorded as left out: {', '.join(missing)}" if missing else "Everything it must hold is known."
            yield Static(plain(left, WARN if missing else FAINT), classes="gap")
            yield Static(plain("Tab moves on, Ctrl+S saves, Escape goes back.", FAINT), id="act-said")

    def on_mount(self) -> None:
        """Begin at the reference."""
        self.query_one(OptionList).highlighted = 1 if self.finding.filed else 0
        self.query_one("#reference").focus()

    @property
    def dirty(self) -> bool:
        """Whether something was written."""
        reference, at = (self.query_one(id, Input).value.strip() for id in ("#reference", "#filed-at"))
        return bool(reference) or at != self.opened

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how the time is read."""
        if event.input.id == "filed-at":
            words = understood(load_vocabulary().spec("aware_at"), event.value)
            self.query_one("#filed-at-said", Static).update(words)

    def on_input_submitted(self) -> None:
        """Enter goes on."""
        self.focus_next()

    def on_option_list_option_selected(self) -> None:
        """Enter on the kind, the last question, saves."""
        self.action_save()

    def action_now(self) -> None:
        """This moment."""
        self.query_one("#filed-at", Input).value = self.now_written()

    def action_save(self) -> None:
        """Record it."""
        reference, at = self.query_one("#reference", Input).value.strip(), self.query_one("#filed-at", Input).value.strip()
        kind = list(_KINDS)[self.query_one(OptionList).highlighted or 0]
        seen = self.base
        if not reference:
            self.query_one("#act-said", Static).update(
                plain("A clock stops only on proof: write the authority's number, the receipt or the server's reply.", BAD)
            )
            self.query_one("#reference").focus()
            return

        def work(journal: Journal) -> Recorded:
            return file_duty(
                self.workspace,
                journal,
                self.incident,
                self.finding.id,
                reference=reference,
                at=at or None,
                kind=kind,
                seen=seen,
            )

        self.write(work, self.recorded, self.problem)
