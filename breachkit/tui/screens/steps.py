"""Every step of the playbooks an incident follows: open, maybe, waiting, done; ticked here, with a note if somebody likes."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import DataTable, Static

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.periods import zone_named
from breachkit.domain.playbook import StepStanding
from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.listing import Listing
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, both_clocks, clean, lines, one_line, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.tui.zones import system_zone
from breachkit.workflow.playbooks import STATE_WORDS, left_words, mark_step, steps_of, why_words
from breachkit.workflow.recording import Recorded
from breachkit.workflow.subjects import Answer
from breachkit.workflow.words import left

_STYLE = {"open": "", "not_known": WARN, "waiting": FAINT, "done": GOOD, "not_needed": FAINT}


class StepRows(Rows):
    """The steps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter,space", "select_cursor", "Tick", "Tick the highlighted step as done, or take the tick back"),
    ]


class StepsScreen(Listing):
    """What to do, most urgent first."""

    NAME = "Steps"
    ROWS = StepRows
    GUIDE = (
        "What a team does in an incident like this, most urgent first. OPEN: do it now. MAYBE: a fact nobody knows yet decides "
        "whether it is needed. WAITING: another step comes first. Enter ticks a step as done or takes the tick back; facts "
        "that show a step is done tick it by themselves. Times are guidance, counted from the opening of the incident; what "
        "the law demands is on the list of duties."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("v", "whole", "Whole", "Show the highlighted step in full, with the facts it asks for and its source"),
        key("x", "everything", "All", "Also list what is not needed; again to leave it out"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the incident"),
    ]
    everything = False
    """Whether steps that are not needed are listed too."""
    found: tuple[StepStanding, ...] = ()

    def show_answer(self, found: Answer) -> None:
        """List the steps under their states."""
        self.query_one(Headline).show(found.subject)
        try:
            self.found = steps_of(found.subject, own=self.workspace.own_folder)
        except BreachkitError as problem:
            self.query_one("#row-line", Static).update(plain(str(problem), BAD))
            return
        if self.size.width:
            self._fill()

    def _fill(self) -> None:
        wide = self.size.width >= 108
        columns = {"State": 11, "Step": 0, "Role": 18, "Due": 21, "Left": 19}
        columns = columns if wide else {"State": 8, "Step": 0, "Role": 10, "Due": 13, "Left": 14}
        shown = [one for one in self.found if self.everything or one.state != "not_needed"]
        self.query_one(StepRows).fill(columns, [(one.id, self._cells(one, wide=wide)) for one in shown])
        self._show(self.highlighted)

    def _cells(self, one: StepStanding, *, wide: bool) -> list[Cell]:
        late = self._late(one)
        style = BAD if late else _STYLE[one.state]
        word = STATE_WORDS[one.state].upper() if one.state in ("open", "not_known", "waiting") else STATE_WORDS[one.state]
        role = one.role.title if wide else one.role.id.replace("_", " ")
        return [(text, style) for text in (word, one.step.title, role, self._due(one, wide=wide), self._left(one, wide=wide))]

    def _late(self, one: StepStanding) -> bool:
        return one.state == "open" and one.due_at is not None and one.due_at < self.workspace.now

    def _due(self, one: StepStanding, *, wide: bool) -> str:
        if one.due_at is None or one.state in ("done", "not_needed"):
            return ""
        local = one.due_at.astimezone(zone_named(system_zone() or "UTC"))
        return f"{local:%a} {local.day} {local:%b %H:%M %Z}" if wide else f"{local.day} {local:%b %H:%M}"

    def _left(self, one: StepStanding, *, wide: bool) -> str:
        if one.due_at is None or one.state in ("done", "not_needed"):
            return ""
        said = left(one.due_at, self.workspace.now)
        said = f"LATE {said.removesuffix(' OVERDUE')}" if said.endswith(" OVERDUE") else said.removeprefix("in ")
        return said.removesuffix(" min") if " h " in said and not wide else said

    # -- the highlighted step --------------------------------------

    @property
    def highlighted(self) -> StepStanding | None:
        """The step under the cursor."""
        return self._step(self.query_one(StepRows).chosen)

    def _step(self, id: str | None) -> StepStanding | None:
        return next((one for one in self.found if one.id == id), None)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Its words beneath."""
        self._show(self._step(event.row_key.value))

    def _show(self, one: StepStanding | None) -> None:
        said = [plain("No step.", FAINT)]
        if one is not None:
            head = f"{one.role.title}  {one.id}"
            said = [one_line(one.step.title, STRONG), one_line(head, FAINT), plain(one.step.text)]
            said += [
                plain(text, WARN if one.state == "not_known" else FAINT) for text in (why_words(one), _lacking(one)) if text
            ]
        self.query_one("#row-line", Static).update(lines(*said))

    def action_whole(self) -> None:
        """The step in full."""
        from breachkit.tui.screens.reading import ReadingScreen

        if (one := self.highlighted) is not None:
            self.app.push_screen(ReadingScreen(self.workspace, one.step.title, whole(one, self.workspace.now)))

    def action_everything(self) -> None:
        """List what is not needed, or leave it out."""
        self.everything = not self.everything
        self._fill()

    # -- ticking ---------------------------------------------------

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Ask for a note, then tick or take back."""
        one = self._step(event.row_key.value)
        if one is None:
            return
        if one.state == "done" and not one.ticked:
            self.say(f"{why_words(one)}. Correct the fact to open the step again.")
            return
        self._ask(one)

    def _ask(self, one: StepStanding) -> None:
        from breachkit.tui.screens.prompt import PromptScreen

        seen, done, row = self.seen, not one.ticked, self.query_one(StepRows).cursor_row

        def work(journal: Journal, note: str) -> tuple[Recorded, Answer]:
            made = mark_step(self.workspace, journal, self.incident, one.id, done=done, note=note, seen=seen)
            return made, self._answer(journal)

        def given(note: str | None) -> None:
            if note is not None:
                self.write(lambda journal: work(journal, note), partial(self._marked, row), self._not_marked)

        guide = "A note, if you like: what was done, where to find it. Do not name affected people."
        guide = guide if done else "A note, if you like: why it is not done after all."
        title = f"{'Done' if done else 'Not done after all'}: {one.step.title}"
        self.app.push_screen(PromptScreen(self.workspace, title, guide, may_be_empty=True), given)

    async def take(self, found: Answer) -> None:
        """Leave out an answer from before a tick: the look that the closing prompt set off may arrive after the tick."""
        if self.held is None or len(found.subject.entries) >= len(self.held.subject.entries):
            await super().take(found)

    async def _marked(self, row: int, what: tuple[Recorded, Answer]) -> None:
        made, found = what
        self.wrote(made)
        await self.take(found)
        # The ticked step goes to the end; the eye stays where it was, on the next one.
        table = self.query_one(StepRows)
        table.move_cursor(row=min(row, table.row_count - 1))

    def _not_marked(self, problem: BreachkitError) -> None:
        self.say(f"NOT RECORDED: {problem}", "warning")
        self.load()


def _lacking(one: StepStanding) -> str:
    return f"Lacks: {', '.join(one.lacks)}" if one.lacks and one.state not in ("done", "not_needed") else ""


def whole(one: StepStanding, now: datetime) -> str:
    """Everything about a step, as text."""
    spec = load_vocabulary().spec
    said = [f"{one.role.title}: {one.role.does}", f"{one.id}  ({one.step.phase})"]
    if one.due_at is not None:
        said.append(f"By {both_clocks(one.due_at, system_zone() or 'UTC')}  {left_words(one, now)}".rstrip())
    said += ["", one.step.text, ""]
    if why := why_words(one):
        said.append(f"{STATE_WORDS[one.state].upper()}: {why}")
    said += [f"Decides whether it is needed: {name} - {spec(name).asks}" for name in one.needs]
    said += [f"{'Lacks' if name in one.lacks else 'Known'}: {name} - {spec(name).asks}" for name in one.step.asks]
    if one.step.cite is not None:
        said.append(f"Source: {one.step.cite.text} {one.step.cite.url or ''}".rstrip())
    return clean("\n".join(said))
