"""Approving a notice: whose name stands under it, and why it goes out although its check found something."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from breachkit.domain.approvals import Approval
from breachkit.errors import BreachkitError, JournalConflict
from breachkit.storage.journal import Journal
from breachkit.tui.check_words import fault_lines
from breachkit.tui.of_incident import ModalOfIncident
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.tui.working import key
from breachkit.workflow.approval import Approved, approve
from breachkit.workflow.drafts import drafted, make
from breachkit.workflow.notices import Drafted
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_UNREAD = "The notice reads otherwise now: go back with Escape and read it before you approve it."
_MOST = 4
"""Faults shown; all of them stand on the screen beneath."""
_WIDTH = 66
"""Columns of the box on a terminal of 80."""


class ApproveScreen(ModalOfIncident[Approved]):
    """Name, note, and the reason where there is need of one."""

    NAME = "Approve a notice"
    GUIDE = (
        "You approve the words as they were on the screen. Write who approves, and a note if you like, then Ctrl+S. "
        "While the check is not complete it asks for the reason too. "
        "Nothing is sent. A fact that changes later withdraws the approval; then look again and approve anew."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "save", "Approve", "Approve the notice as it is now"),
        key("f1", "help", "Help", "What to do here, and every key", show=False),
        key("escape", "leave", "Back", "Go back; asks first when something is unsaved"),
    ]

    def __init__(self, workspace: Workspace, incident: str, made: Drafted, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.made = made
        self.base = self.seen
        self.unread = False
        """The words changed since the person saw them."""

    def compose(self) -> ComposeResult:
        """What is approved and what comes of it, then the questions."""
        with Vertical(classes="box"):
            with VerticalScroll(id="approve-body", can_focus=False):
                yield Static(plain(f"APPROVE: {self.made.notice.title}", STRONG))
                yield Static(
                    plain(f"{self.made.id} ({self.made.notice.language})  to {self.made.finding.recipient.name}", FAINT)
                )
                yield Static(id="approve-means", classes="gap")
                yield Static(plain("Who approves? It is written down as said, not proven.", STRONG), classes="gap")
                yield Input(self.workspace.who, compact=True, id="approve-by")
                yield Static(plain("A note (may stay empty)", STRONG))
                yield Input(compact=True, id="approve-note", placeholder="e.g. read aloud with counsel")
                with Vertical(id="approve-incomplete"):
                    yield Static(id="approve-faults")
                    yield Static(plain("Why is it approved all the same?", STRONG))
                    yield Input(compact=True, id="approve-reason", placeholder="e.g. due within the hour; the rest will follow")
            yield Static(plain("Tab moves on, Ctrl+S approves, Escape goes back.", FAINT), id="act-said")

    def on_mount(self) -> None:
        """Begin at the first question that is open."""
        self._show_notice()
        self.query_one("#approve-note" if self.made.check.complete else "#approve-reason").focus()

    @property
    def dirty(self) -> bool:
        """Whether something was written."""
        by, note, reason = self._given()
        return bool(note or reason) or by != self.workspace.who

    def _given(self) -> tuple[str, str, str]:
        by, note, reason = (self.query_one(f"#approve-{id}", Input).value.strip() for id in ("by", "note", "reason"))
        return by, note, reason

    def _show_notice(self) -> None:
        assert self.held is not None
        made, words = self.made, self.held.subject.book.words
        means = ["Then it is no DRAFT. Nothing is sent. A changed fact withdraws this."]
        if made.notice.invented:
            means.append("The banner of an invented incident stays, approved or not.")
        said = [plain(text) for text in means]
        if isinstance(made.standing, Approval):
            said.append(plain(f"{made.standing.by} approved these words already; you approve them once more.", WARN))
        if made.check.complete:
            said.append(plain("Its check is complete.", GOOD))
        self.query_one("#approve-means", Static).update(lines(*said))
        self.query_one("#approve-incomplete").display = not made.check.complete
        faults = fault_lines(made.check, words)
        more = [f"... and {len(faults) - _MOST} more"] if len(faults) > _MOST else []
        listed = [one_line(text, BAD, _WIDTH) for text in (*faults[:_MOST], *more)]
        self.query_one("#approve-faults", Static).update(lines(plain("ITS CHECK IS NOT COMPLETE", BAD), *listed))

    # -- news from elsewhere ---------------------------------------

    def show_answer(self, found: Answer) -> None:
        """The notice is made again when somebody wrote: what was typed stays, and what is approved is what is on the screen."""
        if self.seen == self.base:
            return
        seen = self.seen

        def work(_: Journal) -> Drafted:
            return drafted(found, self.made.finding.id, self.workspace, self.made.notice.language)

        def made(again: Drafted) -> None:
            self.unread = self.unread or again.notice.source != self.made.notice.source
            self.made, self.base = again, seen
            self._show_notice()
            if self.unread:
                self._say(_UNREAD)

        self.in_background(partial(self._carry_out, work, made, self.problem), group="draft", exclusive=True)

    # -- the act ---------------------------------------------------

    def on_input_submitted(self) -> None:
        """Enter goes on."""
        self.focus_next()

    def action_save(self) -> None:
        """Approve it."""
        by, note, reason = self._given()
        made, seen = self.made, self.base
        if self.unread:
            self._say(_UNREAD)
            return
        if not by:
            self._say("Write who approves it.")
            self.query_one("#approve-by").focus()
            return
        if not made.check.complete and not reason:
            self._say(
                "Its check is not complete: write why it is approved all the same, or go back and record what is missing."
            )
            self.query_one("#approve-reason").focus()
            return

        def work(journal: Journal) -> Approved:
            return approve(
                self.workspace,
                journal,
                self.incident,
                made.finding.id,
                make,
                language=made.notice.language,
                by=by,
                note=note,
                incomplete=reason,
                seen=seen,
            )

        self.write(work, self._approved, self.problem)

    def _approved(self, done: Approved) -> None:
        self.dismiss(done)

    def problem(self, problem: BreachkitError) -> None:
        """Say it here; nothing typed is lost."""
        self._say(str(problem).replace(': --incomplete "..."', "."))
        if not isinstance(problem, JournalConflict) and self.made.check.complete:
            self.base = -1  # what was complete is not any more: make it again, and ask for the reason
        self.load()

    def _say(self, text: str) -> None:
        self.query_one("#act-said", Static).update(lines(plain("NOT APPROVED", BAD), plain(text, BAD)))
