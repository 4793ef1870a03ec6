"""Sending: first what would leave and what stands in the way, then the number typed, then the run until its counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Footer, Input, Static

from breachkit.errors import BreachkitError
from breachkit.storage.journal import Journal
from breachkit.tui.of_outbox import OfOutbox
from breachkit.tui.outbox_words import bar, check_lines, letters, time_to_go
from breachkit.tui.sending import Going, Over, over_words
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, lines, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.working import key
from breachkit.workflow.outbox import front
from breachkit.workflow.outbox.looking import Row, writable
from breachkit.workflow.outbox.releasing import Check
from breachkit.workflow.sending import mail_settings
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

TICK_SECONDS = 0.25
_BAR = 50
_NO_SERVER = "no mail server is set: docs/mail.md says how to write mail.yaml. Escape, and s again, offers a folder"


class SendScreen(OfOutbox):
    """A dry run, until somebody types how many."""

    NAME = "Send"
    GUIDE = (
        "At first only what would leave: how many letters, approved by whom, and what stands in the way. Nothing is sent until "
        "you type their number and press Enter. While they go out, Ctrl+C or Escape stops: what is on its way is finished, the "
        "rest stays in the queue, and nothing goes out twice. At the end stand the counts."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+c", "stop", "Stop", "Stop sending after what is on its way", priority=True),
        key("f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back; while letters go out, stop first"),
    ]

    def __init__(self, workspace: Workspace, incident: str, held: Answer, dispatch: str, folder: Path | None) -> None:
        super().__init__(workspace, incident, held)
        self.dispatch = dispatch
        self.folder = folder
        """Where the letters are written; None: by mail."""
        self.checks: list[Check] | None = None
        """What would leave; None until it was looked at."""
        self.going: Going | None = None
        """The run under way."""
        self.over: Over | None = None
        self._then: Callable[[], Any] | None = None

    def compose(self) -> ComposeResult:
        """The way out, what would leave, the number."""
        yield Headline(f"Outbox > Send {self.dispatch}")
        yield Static(id="send-way")
        with VerticalScroll(id="send-body", can_focus=False):
            yield Static(plain("Looking at what would leave ...", FAINT), id="send-words")
        with Vertical(id="send-ask"):
            yield Static(id="send-asks")
            yield Input(compact=True, id="send-count", placeholder="the number, then Enter")
        yield Static(id="send-said")
        yield Footer()

    def on_mount(self) -> None:
        """Look first."""
        assert self.held is not None
        self.query_one(Headline).show(self.held.subject)
        self.query_one("#send-ask").display = False
        way = f"Into the folder {self.folder}: nothing leaves this machine." if self.folder is not None else "By mail."
        self.query_one("#send-way", Static).update(plain(way, STRONG))
        self.set_interval(TICK_SECONDS, self._tick)

    def on_unmount(self) -> None:
        """However the screen goes away: a run ends after what is on its way."""
        if self.going is not None:
            self.going.stop()

    @property
    def running(self) -> bool:
        """Whether letters are going out."""
        return self.going is not None

    @property
    def dirty(self) -> bool:
        """Whether leaving would cut something off."""
        return self.running

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual passes both
        """Only what is under way can be stopped."""
        return self.running if action == "stop" else True

    # -- the dry run -----------------------------------------------

    def journal_changed(self) -> None:
        """Somebody approved or corrected something: look again, unless it is too late."""
        if not self.running and self.over is None:
            self.load()

    def look(self) -> None:
        """What would leave, in a thread."""
        if self.running or self.over is not None:
            return

        def work() -> tuple[list[Check], str, list[Row]]:
            rows = self.view.rows()
            with self.workspace.journal(read_only=True) as journal, self.workspace.vault(read_only=True) as vault:
                checks = front.checks(self.workspace, journal, vault, self.incident, [self.dispatch], self.folder)
            return checks, self._servers() if self.folder is None else "", rows

        self.aside(work, self._take_checks, group="look")

    def _servers(self) -> str:
        settings = mail_settings(self.workspace)
        if settings is None:
            return ""
        sender = f"{settings.sender.name} <{settings.sender.email}>".strip()
        return f"By mail from {sender}, by {', '.join(f'{one.name} ({one.place})' for one in settings.servers)}."

    def _take_checks(self, found: tuple[list[Check], str, list[Row]]) -> None:
        if self.running or self.over is not None:
            return
        assert self.held is not None
        self.checks, servers, self.rows = found
        no_way = self.folder is None and not servers
        if servers:
            self.query_one("#send-way", Static).update(plain(servers, STRONG))
        titles = {one.dispatch.finding: self._title(one.dispatch.finding) for one in self.checks}
        words = [check_lines(self.checks, titles) if self.checks else plain("Nothing waits to be sent.", WARN)]
        blocked = not self.checks or any(one.against for one in self.checks)
        if no_way and not blocked:
            words.append(plain(f"    NOT YET: {_NO_SERVER}", BAD))
        blocked = blocked or no_way
        words += [
            plain(""),
            plain("NOTHING LEAVES while that stands in the way." if blocked else "NOTHING HAS LEFT YET.", STRONG),
        ]
        self.query_one("#send-words", Static).update(lines(*words))
        self._ask(None if blocked else sum(one.waiting for one in self.checks))

    def _title(self, finding: str) -> str:
        found = self.held.assessment.find(finding) if self.held is not None else None
        return found.title if found is not None else ""

    def _ask(self, total: int | None) -> None:
        """Ask for the number; None: there is nothing to be typed."""
        asked = self.query_one("#send-ask")
        if total is not None:
            self.query_one("#send-asks", Static).update(
                plain(f"{letters(total)} would leave now. Type the number to send them:")
            )
            if not asked.display:
                asked.display = True
                self.query_one("#send-count").focus()
        else:
            asked.display = False

    # -- the run ---------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The number was typed."""
        digits = event.value.replace(",", "").replace(" ", "")
        total = sum(one.waiting for one in self.checks or ())
        if not digits.isascii() or not digits.isdecimal() or int(digits) != total:
            self._say(f"NOT SENT: {letters(total)} would leave, and that is not the number.")
        elif not self.running and self.checks:
            self._go(self.checks, total)

    def _go(self, checks: list[Check], total: int) -> None:
        self.going = going = Going(total, self.workspace.clock())
        self._ask(None)
        self._say("")
        self.refresh_bindings()
        self._tick()

        def send() -> tuple[front.Report, int]:
            with self.workspace.journal() as journal, writable(self.workspace) as vault:
                report = front.run(
                    self.workspace, journal, vault, self.incident, checks, total, folder=self.folder,
                    progress=going.progress, tell=going.tell, on_start=going.started,
                )  # fmt: skip
                return report, self._head(journal)

        async def job() -> None:
            report, problem = None, ""
            try:
                report, head = await asyncio.to_thread(send)
                self.own = max(self.own, head)
            except BreachkitError as trouble:
                problem = str(trouble)
            rows: list[Row] = []
            with suppress(BreachkitError):  # a database that was lost: its counts are shown when it is back
                rows = [one for one in await asyncio.to_thread(self.view.rows) if one.dispatch.id == self.dispatch]
            self.call_later(self._ended, Over(report, problem, tuple(rows)))

        self.in_background(job, group="send", exclusive=False)

    def _head(self, journal: Journal) -> int:
        return journal.head(self.incident)[0]

    def _tick(self) -> None:
        """How far it is."""
        if (going := self.going) is None:
            return
        done = going.done
        share = f"{done:,} of {letters(going.total)}"
        counts = ", ".join(f"{number:,} {result.replace('_', ' ')}" for result, number in sorted(going.results.items()))
        elapsed = self.workspace.clock() - going.began
        said = [
            plain(
                "STOPPING: what is on its way is finished first." if going.stopping else "SENDING",
                WARN if going.stopping else STRONG,
            ),
            plain(f"{bar(done, going.total, _BAR)}  {share}"),
            plain(counts, FAINT),
            plain(time_to_go(elapsed, done, going.total) if self.workspace.exercise is None else "", FAINT),
            *(plain(text, WARN) for text in tuple(going.said)),
        ]
        self.query_one("#send-words", Static).update(lines(*said))

    def _ended(self, over: Over) -> None:
        going, self.going = self.going, None
        self.refresh_bindings()
        if over.report is None and going is not None and not going.results:
            self._say(f"NOT SENT: {over.problem}")  # nothing began: look again, and type again
            self.look()
        else:
            self.over = over
            folder = str(self.folder) if self.folder is not None else None
            self.query_one("#send-words", Static).update(over_words(over, folder))
            self._say("")
        then, self._then = self._then, None
        if then is not None:
            then()

    def action_stop(self) -> None:
        """Stop after what is on its way."""
        if self.going is not None:
            self.going.stop()
            self._tick()

    # -- leaving ---------------------------------------------------

    def action_leave(self) -> None:
        """Go back; while letters go out, stop and show what became of them."""
        if self.running:
            self._ask_to_stop("stop, and show the counts", lambda: None)
        else:
            self.dismiss(self.own)

    def ask_before_leaving(self, go: Callable[[], Any]) -> None:
        """Stop first, then go."""
        if self.running:
            self._ask_to_stop("stop, then leave", go)
        else:
            go()

    def _ask_to_stop(self, yes: str, go: Callable[[], Any]) -> None:
        from breachkit.tui.screens.confirm import ConfirmScreen

        def answered(stop: bool | None) -> None:
            if stop and self.running:
                self._then = go
                self.action_stop()
            elif stop:
                go()

        text = "Letters are going out. Stop after those that are on their way? The rest stays in the queue."
        self.app.push_screen(ConfirmScreen(self.workspace, text, yes=yes, no="go on sending"), answered)

    def _say(self, text: str) -> None:
        self.query_one("#send-said", Static).update(plain(text, BAD))

    def refused(self, problem: BreachkitError) -> None:
        """Say it here."""
        self._say(str(problem))
