"""One incident: the countdown, who must be told, and the next question, answered in place."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.journal import Json
from breachkit.errors import BreachkitError, JournalConflict, UnknownName
from breachkit.storage.journal import Journal
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.widgets.answers import AnswerForm, can_be_unknown
from breachkit.tui.widgets.countdown import Countdown
from breachkit.tui.widgets.duties import Duties
from breachkit.tui.widgets.headline import Headline, Warnings, warnings_in_full
from breachkit.tui.widgets.question import QuestionPanel
from breachkit.tui.widgets.steps_line import StepsLine
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, close_incident, note, record_facts
from breachkit.workflow.subjects import Answer


class IncidentScreen(OfIncident[None]):
    """The screen a responder stays on."""

    NAME = "Incident"
    GUIDE = (
        "Top: the nearest deadline, counting down. Middle: everyone who may have to be told, most urgent first. "
        "OWED: it must be done. PRESUMED: the law takes it as owed until you show otherwise. OPEN: a question decides it. "
        "Left: ! is under 24 hours, !! under 12, ~ before a date means it is not final. "
        "Below them the next step of the playbooks; s lists all steps. o is the outbox, where approved letters are sent. "
        "Bottom: the question that matters most now. Press a, answer, and the list follows. "
        "Not sure? Say so with u: it is asked again last."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("a", "answer", "Answer", "Answer the question shown"),
        key("left_square_bracket", "previous_question", "Previous question", "Show the question before", show=False),
        key("right_square_bracket", "next_question", "Next question", "Show the next question", show=False),
        key("u", "not_known", "Not known", "Record that the answer is not known, or put the question off", show=False),
        key("x", "everything", "All", "Also list what is not owed, not in force, or of other places; again to leave it out"),
        key("p", "people", "People", "How many people are affected, place by place"),
        key("c", "categories", "Data", "Which kinds of data were affected"),
        key("s", "steps", "Steps", "The steps of the response playbooks: what to do, by whom, until when", show=False),
        key("o", "outbox", "Outbox", "Approved letters on their way: queue them, send them, settle what is open", show=False),
        key("t", "timeline", "Timeline", "Everything recorded, newest first"),
        key("f", "facts", "Facts", "Everything known; correct it or add to it"),
        key("w", "warnings", "Warnings", "Places without law and conflicts, in full", show=False),
        key("n", "note", "Note", "Write a line into the timeline that changes no fact", show=False),
        key("k", "close_incident", "Close", "Close the incident, once every duty is filed or decided", show=False),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Stop answering, or go back to the board", show=False),
    ]

    def compose(self) -> ComposeResult:
        """From the most urgent down."""
        yield Headline()
        yield Warnings()
        yield Countdown(self.workspace)
        yield Duties()
        yield StepsLine()
        yield QuestionPanel(self.now_written)
        yield Footer()

    def on_mount(self) -> None:
        """Duties change with time too: work them out again every minute."""
        self.query_one(Duties).table.focus()
        self.set_interval(60, self.load)

    async def show_answer(self, found: Answer) -> None:
        """Everything from one answer."""
        self.query_one(Headline).show(found.subject)
        self.query_one(Warnings).show(found)
        self.query_one(Countdown).show(found.assessment)
        self.query_one(Duties).show(found.assessment)
        self._show_steps(found)
        await self.panel.show(found)

    def on_resize(self) -> None:
        """Lines follow the width."""
        if self.held is not None:
            self.query_one(Headline).show(self.held.subject)
            self.query_one(Warnings).show(self.held)
            self._show_steps(self.held)

    def _show_steps(self, found: Answer) -> None:
        self.query_one(StepsLine).show(found.subject, found.assessment.now, self.workspace.own_folder)

    @property
    def panel(self) -> QuestionPanel:
        """The question."""
        return self.query_one(QuestionPanel)

    @property
    def dirty(self) -> bool:
        """Whether an answer is half typed."""
        return self.panel.dirty

    # -- the question ----------------------------------------------

    async def action_answer(self) -> None:
        """Open the input."""
        if self.held is None or self.panel.current is None:
            return
        if self.panel.current.key.endswith("-<part>"):
            self.action_people()
        else:
            await self.panel.open()

    async def action_next_question(self) -> None:
        """Show the next one."""
        await self.panel.move(1)

    async def action_previous_question(self) -> None:
        """Show the one before."""
        await self.panel.move(-1)

    async def action_not_known(self) -> None:
        """Record it, or put the question off where the type has no word for it."""
        question = self.panel.current
        if question is None:
            return
        try:
            recordable = can_be_unknown(load_vocabulary().spec(question.key))
        except UnknownName:
            recordable = False
        if recordable and not question.answered_unknown:
            self._record(question.key, "unknown")
        else:
            await self.panel.skip()
            self.say("Put off: it stays open and is asked last.")

    def action_leave(self) -> None:
        """Close the input first; then the screen."""
        if self.panel.form is not None:
            self.ask_before_leaving(lambda: self.run_worker(self._stop_answering))
        else:
            self.dismiss(None)

    async def _stop_answering(self) -> None:
        await self.panel.close()
        self.query_one(Duties).table.focus()

    def on_answer_form_given(self, event: AnswerForm.Given) -> None:
        """Record an answer."""
        self._record(event.key, event.raw)

    def on_answer_form_elsewhere(self, event: AnswerForm.Elsewhere) -> None:
        """Open the screen where this is answered."""
        if event.key.startswith(("filed.", "decided.")):
            duty = event.key.partition(".")[2]
            found = self.held.assessment.find(duty) if self.held is not None else None
            if found is not None:
                self.open_duty(found.id)
                return
        self._pick(event.key)

    def _record(self, fact: str, raw: Json) -> None:
        seen = self.seen

        def work(journal: Journal) -> tuple[Recorded, Answer]:
            done = record_facts(self.workspace, journal, self.incident, {fact: raw}, seen=seen)
            return done, self._answer(journal)

        self.write(work, self._recorded, self._not_recorded)

    async def _recorded(self, what: tuple[Recorded, Answer]) -> None:
        done, found = what
        answering = self.panel.form is not None
        at = self.panel.current.key if self.panel.current is not None else None
        self.wrote(done)
        await self.panel.close()
        await self.take(found)
        if self.panel.current is not None and self.panel.current.key == at:
            await self.panel.move(1)
        if answering and self.panel.current is not None:
            await self.panel.open()
        elif answering:
            self.query_one(Duties).table.focus()

    def _not_recorded(self, problem: BreachkitError) -> None:
        form = self.panel.form
        if form is not None and not isinstance(problem, JournalConflict):
            form.problem(f"Not recorded: {problem}")
        else:
            self.conflict(problem)

    # -- other screens ---------------------------------------------

    def on_duties_opened(self, event: Duties.Opened) -> None:
        """Enter on a duty."""
        self.open_duty(event.id)

    def open_duty(self, id: str) -> None:
        """Everything about one duty."""
        from breachkit.tui.screens.duty import DutyScreen

        self.app.push_screen(DutyScreen(self.workspace, self.incident, id, self.held))

    def action_everything(self) -> None:
        """List what is settled, or leave it out."""
        self.query_one(Duties).toggle()

    def action_people(self) -> None:
        """People by place."""
        from breachkit.tui.screens.people import PeopleScreen

        self._go(PeopleScreen)

    def action_categories(self) -> None:
        """Kinds of data."""
        self._pick("data.categories")

    def _pick(self, fact: str) -> None:
        from breachkit.tui.screens.picker import PickerScreen

        if self.held is not None:
            self.app.push_screen(PickerScreen(self.workspace, self.incident, fact, self.held))

    def action_steps(self) -> None:
        """What to do."""
        from breachkit.tui.screens.steps import StepsScreen

        self._go(StepsScreen)

    def action_outbox(self) -> None:
        """What goes out."""
        from breachkit.tui.screens.outbox import OutboxScreen

        def left(own: int | None) -> None:
            self.own = max(self.own, own or 0)

        if self.held is not None:
            self.app.push_screen(OutboxScreen(self.workspace, self.incident, self.held), left)

    def action_timeline(self) -> None:
        """What was recorded."""
        from breachkit.tui.screens.timeline import TimelineScreen

        self._go(TimelineScreen)

    def action_facts(self) -> None:
        """What is known."""
        from breachkit.tui.screens.facts import FactsScreen

        self._go(FactsScreen)

    def _go(self, screen: Any) -> None:
        if self.held is not None:
            self.app.push_screen(screen(self.workspace, self.incident, self.held))

    def action_warnings(self) -> None:
        """Places without law and conflicts."""
        from breachkit.tui.screens.reading import ReadingScreen

        if self.held is not None:
            said = warnings_in_full(self.held.assessment) or ["No place without law, no conflict."]
            self.app.push_screen(ReadingScreen(self.workspace, "Places without law, and conflicts", "\n\n".join(said)))

    def action_note(self) -> None:
        """A line for the timeline."""
        self._ask("A note for the timeline", "It changes no fact. Do not name affected people.", note_of)

    def action_close_incident(self) -> None:
        """Close, with a reason."""
        self._ask("Close this incident", "Why is it finished? Every duty must be filed or decided first.", close_of)

    def _ask(self, title: str, guide: str, act: Any) -> None:
        from breachkit.tui.screens.prompt import PromptScreen

        def given(text: str | None) -> None:
            if text:
                self.write(lambda journal: act(self, journal, text), self._done)

        self.app.push_screen(PromptScreen(self.workspace, title, guide), given)

    def _done(self, done: Recorded) -> None:
        self.wrote(done)
        self.load()


def note_of(screen: IncidentScreen, journal: Journal, text: str) -> Recorded:
    """Write a note."""
    return note(screen.workspace, journal, screen.incident, text)


def close_of(screen: IncidentScreen, journal: Journal, text: str) -> Recorded:
    """Close the incident."""
    return close_incident(screen.workspace, journal, screen.incident, reason=text)
