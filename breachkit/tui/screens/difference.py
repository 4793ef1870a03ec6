"""What a notice says now that it did not say when it was filed, word by word: [-gone-] and {+new+}."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from breachkit.domain.differences import Piece, changed, shown
from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, clean, lines, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.working import key
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.phases import Compared, compare, filings_of
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_LOOKS = {"gone": ("[-", "-]", BAD), "new": ("{+", "+}", f"bold {GOOD}")}


class DifferenceScreen(OfIncident[None]):
    """A notice now, and as it was told."""

    NAME = "What changed"
    GUIDE = (
        "Words between [- and -] stood in what was filed and are gone; words between {+ and +} are new. "
        "Only paragraphs that changed are shown; x shows the whole letter. "
        "Send what is new as a follow-up, then record it with f on the duty's screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("x", "everything", "All", "Show the whole letter; again for what changed alone"),
        key("f", "since", "First or last filing", "Compare with the first filing, or with the last one"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the notice"),
    ]

    def __init__(self, workspace: Workspace, incident: str, duty: str, language: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.duty = duty
        self.language = language
        self.since = "last"
        self.found: Compared | None = None
        self.all = False

    def compose(self) -> ComposeResult:
        """What it is compared with, then the words."""
        yield Headline("What changed")
        yield Static(id="difference-head")
        with VerticalScroll(id="difference-body"):
            yield Static(id="difference-words")
        yield Footer()

    def on_mount(self) -> None:
        """Scroll with the arrows at once."""
        self.query_one("#difference-body").focus()

    def show_answer(self, found: Answer) -> None:
        """Make both letters and compare them, in a thread."""
        self.query_one(Headline).show(found.subject)

        def work(_: Journal) -> Compared:
            return compare(found, self.duty, self.workspace, draft_notice, since=self.since, language=self.language)

        self.read(work, self._compared)

    def refused(self, problem: BreachkitError) -> None:
        """Say it where the words would stand."""
        self.query_one("#difference-head", Static).update(plain("NOTHING TO COMPARE", STRONG))
        self.query_one("#difference-words", Static).update(plain(str(problem), BAD))

    def _compared(self, found: Compared) -> None:
        self.found = found
        gone, new = (sum(kind == which for kind, _ in shown(found.pieces)) for which in ("gone", "new"))
        said = [plain(f"{found.finding.id} ({self.language}) now, against {found.since}", STRONG)]
        if changed(found.pieces):
            part = "whole letter" if self.all else "only paragraphs that changed"
            said.append(plain(f"[-gone-] {gone} times, {{+new+}} {new} times; {part}", FAINT))
        else:
            said.append(plain("No word is different.", GOOD))
        self.query_one("#difference-head", Static).update(lines(*said))
        self.query_one("#difference-words", Static).update(words_of(found.pieces, everything=self.all))

    def action_everything(self) -> None:
        """The whole letter, or what changed alone."""
        self.all = not self.all
        if self.found is not None:
            self._compared(self.found)

    def action_since(self) -> None:
        """The other filing."""
        if self.held is None:
            return
        if len(filings_of(self.held.subject.entries, self.duty)) < 2:
            self.say("It was filed once: there is no other filing to compare with.")
            return
        self.since = "first" if self.since == "last" else "last"
        self.show_answer(self.held)


def words_of(pieces: tuple[Piece, ...], *, everything: bool) -> Text:
    """The letter with what is gone and new marked; `everything` False: only paragraphs in which something is."""
    letter = Text()
    for kind, text in shown(pieces):
        opens, closes, style = _LOOKS.get(kind, ("", "", ""))
        letter.append(f"{opens}{clean(text)}{closes}", style)
    if everything:
        return letter
    paragraphs = [paragraph for paragraph in letter.split("\n\n") if paragraph.spans]
    return Text("\n\n").join(paragraphs)
