"""The notice of one duty: who approved it and what its check found first, then the letter itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Markdown, Static

from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.check_words import panel, whole
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.shown import BAD, FAINT, STRONG, clean, lines, plain
from breachkit.tui.to_file import ask_file
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.working import Failed, Then, key
from breachkit.workflow.approval import Approved
from breachkit.workflow.drafts import Beside, drafted, held_against, others
from breachkit.workflow.files import write_new
from breachkit.workflow.notices import Drafted, languages_for, look_of, note_rendered
from breachkit.workflow.phases import filings_of
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_ENDINGS = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".txt": "text", ".text": "text", ".md": "md"}


class PreviewScreen(OfIncident[None]):
    """One notice as it stands."""

    NAME = "Notice"
    GUIDE = (
        "At the top: whether somebody approved this notice, and each fault its check found, with its word; "
        "answer the open questions and it fills in. c shows the check in full. Beneath: the letter, made from the facts "
        "known now. a approves it: then it is no DRAFT, until a fact changes. "
        "k lists the fields of the authority's portal with the answers to copy. "
        "w writes it to a file in the folder you started breachkit in, or to a path you name. "
        "Nothing is sent from here: send it yourself, then record it with f on the duty's screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("a", "approve", "Approve", "Approve these words under your name"),
        key("c", "check", "Check", "Everything the check found, in full"),
        key("d", "difference", "Changed", "What changed since it was last filed, word by word"),
        key("k", "worksheet", "Portal", "The fields of the authority's portal, with the answers to copy"),
        key("l", "language", "Language", "Show it in the next language it can be written in"),
        key("w", "write_file", "Write", "Write it to a file: PDF, DOCX, HTML, text or Markdown"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the duty"),
    ]

    def __init__(self, workspace: Workspace, incident: str, duty: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.duty = duty
        self.made: Drafted | None = None
        """The notice on the screen; None while there is none."""
        self.language: str | None = None
        """The last language it could be written in that was asked for; None: the incident's."""
        self.tried: str | None = None
        """The language that was asked for last, whether it could be written or not."""
        self.beside: Beside | None = None
        self.drawn = ""

    def compose(self) -> ComposeResult:
        """What is missing, then the letter."""
        yield Headline("Notice")
        yield Static(id="preview-check")
        with VerticalScroll(id="preview-body"):
            yield Markdown(id="letter", open_links=False)
        yield Footer()

    def on_mount(self) -> None:
        """Scroll with the arrows at once."""
        self.query_one("#preview-body").focus()

    def on_resize(self) -> None:
        """Lines follow the width, and more of them fit a high screen."""
        if self.made is not None:
            self._say_check(self.made)

    # -- making it -------------------------------------------------

    def show_answer(self, found: Answer) -> None:
        """Make the notice, in a thread."""
        self.query_one(Headline).show(found.subject)
        self._draft(found, self.language, self._made, self._none)

    def _draft(self, found: Answer, language: str | None, then: Then[Drafted], failed: Failed) -> None:
        def work(_: Journal) -> Drafted:
            return drafted(found, self.duty, self.workspace, language)

        self.in_background(partial(self._carry_out, work, then, failed), group="draft", exclusive=True)

    async def _made(self, made: Drafted) -> None:
        self.made = made
        self._say_check(made)
        await self._draw(clean(made.text("md")))
        self._compare(made)

    async def _none(self, problem: BreachkitError) -> None:
        self.made = None
        said = [
            plain("NO DRAFT", STRONG),
            plain(str(problem), BAD),
            plain("The duty's screen lists what a notice must hold; l tries the next language.", FAINT),
        ]
        self.query_one("#preview-check", Static).update(lines(*said))
        await self._draw("")

    async def _draw(self, text: str) -> None:
        if text != self.drawn:  # drawn again only when it changed: the reader keeps the place
            self.drawn = text
            await self.query_one("#letter", Markdown).update(text)

    def _compare(self, made: Drafted) -> None:
        """Hold it against the incident's other notices, which may take seconds, and are made once for each entry."""
        held = self.held
        if held is None:
            return
        before, last = self.beside, held.subject.entries[-1].seq if held.subject.entries else 0

        def work(_: Journal) -> tuple[Drafted, Beside]:
            beside = before if before is not None and before.seq == last else others(held, self.duty, self.workspace)
            return held_against(made, beside.notices, held), beside

        def compared(found: tuple[Drafted, Beside]) -> None:
            if self.made is made:  # else another one is on the screen by now, and has its own comparison under way
                self.made, self.beside = found
                self._say_check(self.made)

        self.in_background(partial(self._carry_out, work, compared, self.refused), group="beside", exclusive=True)

    def _say_check(self, made: Drafted) -> None:
        assert self.held is not None
        high = self.size.height >= 34
        said: list[Text] = panel(
            made, self._languages(), self.held.subject.book.words, max(self.size.width - 2, 20), 12 if high else 3
        )
        self.query_one("#preview-check", Static).update(lines(*said))

    # -- languages -------------------------------------------------

    def action_language(self) -> None:
        """The next language; when it cannot be written, say what is missing and stay."""
        made, held = self.made, self.held
        shown = made.notice.language if made is not None else None
        every = self._languages()
        begin = every.index(self.tried) + 1 if self.tried in every else 0
        left = [language for language in (*every[begin:], *every[:begin]) if language != shown]
        if not left or held is None:
            self.say(f"There is no other language for {self.duty}.")
            return
        language = self.tried = left[0]

        async def spoken(found: Drafted) -> None:
            self.language = language
            await self._made(found)

        async def unspoken(problem: BreachkitError) -> None:
            if shown is None:
                await self._none(problem)
            else:
                where = " (f on the incident, then n)" if "record translated." in str(problem) else ""
                self.say(f"Not written in {language}, so it stays in {shown}. {problem}{where}", "warning")

        self._draft(held, language, spoken, unspoken)

    def _languages(self) -> tuple[str, ...]:
        """Those it can be written in; what its reader takes comes first."""
        found = self.held.assessment.find(self.duty) if self.held is not None else None
        if found is None:
            return ()
        taken = found.recipient.languages
        return tuple(sorted(languages_for(found, self.workspace), key=lambda language: language not in taken))

    # -- other screens ---------------------------------------------

    def action_check(self) -> None:
        """All of the check."""
        from breachkit.tui.screens.reading import ReadingScreen

        if self.made is not None and self.held is not None:
            text = whole(self.made, self.beside, self.held.subject.book.words)
            self.app.push_screen(ReadingScreen(self.workspace, "What the check found", text))

    def action_approve(self) -> None:
        """Ask for a name, and for a reason while the check is not complete."""
        from breachkit.tui.screens.approve import ApproveScreen

        if self.made is not None and self.held is not None:
            self.app.push_screen(ApproveScreen(self.workspace, self.incident, self.made, self.held), self._approved)

    def _approved(self, done: Approved | None) -> None:
        if done is not None:
            self.own = max(self.own, done.entry.seq)
            self.say(f"Approved by {done.approval.by}. It is no DRAFT any more; a fact that changes withdraws that.")
            self.load()

    def action_difference(self) -> None:
        """What changed since it was filed."""
        from breachkit.tui.screens.difference import DifferenceScreen

        if self.held is None or self.made is None:
            return
        if not filings_of(self.held.subject.entries, self.duty):
            self.say(
                "Nothing was filed for it yet, so there is nothing to compare with: f on the duty's screen records a filing."
            )
            return
        language = self.made.notice.language
        self.app.push_screen(DifferenceScreen(self.workspace, self.incident, self.duty, language, self.held))

    def action_worksheet(self) -> None:
        """The portal's fields."""
        from breachkit.tui.screens.worksheet import WorksheetScreen

        if self.held is not None and self.held.assessment.find(self.duty) is not None:
            self.app.push_screen(WorksheetScreen(self.workspace, self.incident, self.duty, self.held))

    def action_write_file(self) -> None:
        """Ask where to."""
        if self.made is not None:
            title = "Write this draft to which file?" if self.made.notice.draft else "Write this notice to which file?"
            ask_file(self, title, self.made.file_name("md"), _ENDINGS, self._write_to)

    def _write_to(self, path: Path, form: str, force: bool) -> None:
        made, held = self.made, self.held
        if made is None or held is None:
            return

        def work(journal: Journal) -> Path:
            document = made.document(form, look_of(self.workspace))
            write_new(path, document, force=force)
            note_rendered(self.workspace, journal, held, made, form, document)
            return path

        def written(path: Path) -> None:
            draft = " It is a DRAFT: have it approved before anyone sends it." if made.notice.draft else ""
            self.say(f"Written to {path}.{draft}")
            self.load()

        self.write(work, written)
