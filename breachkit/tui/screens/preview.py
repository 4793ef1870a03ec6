"""The draft notice of one duty: what it lacks first, then the letter itself, which can be written to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Markdown, Static

from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, clean, lines, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.working import key
from breachkit.workflow.files import write_new
from breachkit.workflow.notices import Drafted, languages_for, look_of, note_rendered, render_notice
from breachkit.workflow.subjects import Answer
from breachkit.workflow.words import due_caveats
from breachkit.workflow.workspace import Workspace

_FORMATS = {".md": "md", ".txt": "text", ".text": "text", ".html": "html", ".docx": "docx", ".pdf": "pdf"}


class PreviewScreen(OfIncident[None]):
    """One notice as it stands."""

    NAME = "Notice"
    GUIDE = (
        "At the top: what this notice still lacks; answer those questions and it fills in. "
        "Beneath: the draft, made from the facts known now. "
        "w writes it to a file in the folder you started breachkit in, or to a path you name: .md, .txt or .html. "
        "Nothing is sent from here: send it yourself, then record it with f on the duty's screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("w", "write_file", "Write to a file", "Write the draft to a file"),
        key("l", "language", "Language", "Show it in the next language there is"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the duty"),
    ]

    def __init__(self, workspace: Workspace, incident: str, duty: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.duty = duty
        self.made: Drafted | None = None
        self.language: str | None = None
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

    def show_answer(self, found: Answer) -> None:
        """Make the draft, in a thread."""
        self.query_one(Headline).show(found.subject)

        def work(_: Journal) -> Drafted:
            return render_notice(found, self.duty, self.workspace, language=self.language)

        self.in_background(partial(self._carry_out, work, self._made, self._none), group="draft", exclusive=True)

    async def _made(self, made: Drafted) -> None:
        self.made = made
        self._say_check(made)
        if (text := clean(made.text("md"))) != self.drawn:  # drawn again only when it changed: the reader keeps the place
            self.drawn = text
            await self.query_one("#letter", Markdown).update(text)

    def _none(self, problem: BreachkitError) -> None:
        self.made = None
        said = [
            plain("NO DRAFT", STRONG),
            plain(str(problem), BAD),
            plain("The duty's screen lists what a notice must hold.", FAINT),
        ]
        self.query_one("#preview-check", Static).update(lines(*said))

    def _say_check(self, made: Drafted) -> None:
        assert self.held is not None
        words = self.held.subject.book.words.elements

        def labels(ids: tuple[str, ...]) -> str:
            return ", ".join(words[id].label if id in words else id for id in ids)

        check = made.check
        total = len(check.present) + len(check.missing)
        style = GOOD if check.complete else WARN
        told = f"{len(check.present)} of {total} elements said" if total else "no content is prescribed"
        said = [plain(f"DRAFT of {self.duty}: {told} ({made.notice.language})", style)]
        said += [plain(caveat, BAD) for caveat in due_caveats(made.finding.due) if caveat.startswith("NOT BEFORE")]
        if check.missing:
            said.append(plain(f"MISSING: {labels(check.missing)}", BAD))
        if check.open:
            said.append(plain(f"Will follow: {labels(check.open)}", WARN))
        if check.forbidden_present:
            said.append(plain(f"MUST NOT BE IN IT: {labels(check.forbidden_present)}", BAD))
        said += [plain(f"CONTRADICTION: {text}", BAD) for text in check.contradictions]
        self.query_one("#preview-check", Static).update(lines(*said))

    # -- keys ------------------------------------------------------

    def action_language(self) -> None:
        """The next language."""
        known = self._languages()
        if len(known) < 2:
            self.say(f"There is no other language for {self.duty}.")
            return
        shown = self.made.notice.language if self.made is not None else None
        self.language = known[(known.index(shown) + 1) % len(known)] if shown in known else known[0]
        if self.held is not None:
            self.show_answer(self.held)

    def _languages(self) -> list[str]:
        found = self.held.assessment.find(self.duty) if self.held is not None else None
        if found is None:
            return []
        return list(languages_for(found, self.workspace))

    def action_write_file(self) -> None:
        """Ask where to."""
        from breachkit.tui.screens.prompt import PromptScreen

        if self.made is None:
            return
        guide = "A name in the folder you are in, or a path. The ending says the format: .pdf, .docx, .html, .txt or .md."
        name = self.made.file_name("md")
        self.app.push_screen(PromptScreen(self.workspace, "Write this draft to which file?", guide, name), self._named)

    def _named(self, name: str | None) -> None:
        from breachkit.tui.screens.confirm import ConfirmScreen

        if not name:
            return
        path = Path(name).expanduser()
        if path.suffix not in _FORMATS:
            self.say(f"{name}: end the name in .pdf, .docx, .html, .txt or .md.", "warning")
            return

        def answered(replace: bool | None) -> None:
            if replace:
                self._write_to(path, force=True)

        if path.exists():
            text = f"{path} is there already. Replace it?"
            self.app.push_screen(ConfirmScreen(self.workspace, text, yes="replace it", no="leave it alone"), answered)
        else:
            self._write_to(path, force=False)

    def _write_to(self, path: Path, *, force: bool) -> None:
        made, held, form = self.made, self.held, _FORMATS[path.suffix]
        if made is None or held is None:
            return

        def work(journal: Journal) -> Path:
            document = made.document(form, look_of(self.workspace))
            write_new(path, document, force=force)
            note_rendered(self.workspace, journal, held, made, form, document)
            return path

        def written(path: Path) -> None:
            self.say(f"Written to {path}. It is a DRAFT: have it approved before anyone sends it.")
            self.load()

        self.write(work, written)
