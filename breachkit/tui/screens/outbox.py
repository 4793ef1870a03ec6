"""The outbox of an incident: each notice on its way, what is in doubt, who is owed another way, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Static

from breachkit.domain.envelope import Status, said
from breachkit.domain.transports import permit
from breachkit.errors import Refused
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.tui.outbox_acts import OutboxActs
from breachkit.tui.outbox_words import EMPTY, about, letters, state, summary
from breachkit.tui.shown import BAD, FAINT, STRONG, WARN, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Cell, Rows
from breachkit.tui.working import key
from breachkit.workflow.outbox import front, settling
from breachkit.workflow.outbox.looking import Meant, Row
from breachkit.workflow.outbox.queueing import Order, Queued, queue_batch
from breachkit.workflow.outbox.sending import Settled
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace


class DispatchRows(Rows):
    """The dispatches."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Envelopes", "The envelopes of the highlighted dispatch, one for each person"),
    ]


class OutboxScreen(OutboxActs):
    """What goes out."""

    NAME = "Outbox"
    GUIDE = (
        "One line for each notice on its way to its recipients. q puts a batch of approved letters in; s shows what would "
        "leave and sends it once you type how many. IN DOUBT: no reply came, it may have arrived; d says what is known of it. "
        "OWED: mail did not reach the person; tell them another way, then r, or try again with t. "
        "d, t and r act on all of the highlighted dispatch that stand so; Enter shows single envelopes. "
        "The screen follows what other terminals send."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("q", "queue", "Queue", "Put the letters of a finished batch into the outbox; nothing is sent"),
        key("s", "send", "Send", "What would leave of the highlighted dispatch, and sending it"),
        key("d", "settle", "Doubt", "Say what became of those in doubt: sent, not sent, or again"),
        key("t", "retry", "Retry", "Queue again what was refused or bounced"),
        key("r", "replaced", "Replaced", "They were told by another channel, with its proof"),
        key("b", "bounces", "Bounces", "Read reports of non-delivery from a mailbox, a folder or a file", show=False),
        key("l", "log", "Log", "Settle what is in doubt by the mail server's own log", show=False),
        key("c", "recover", "Recover", "After a crash: settle what kept replies prove; the rest is in doubt", show=False),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the incident"),
    ]

    def __init__(self, workspace: Workspace, incident: str, held: Answer) -> None:
        super().__init__(workspace, incident, held)
        self.doing = ""

    def compose(self) -> ComposeResult:
        """All at a glance, one by one, and the highlighted one in full."""
        yield Headline(self.NAME)
        yield Static(id="outbox-sum")
        yield DispatchRows()
        yield Static(id="row-line")
        yield Footer()

    def on_mount(self) -> None:
        """Show what there is."""
        if self.held is not None:
            self.query_one(Headline).show(self.held.subject)
        self.query_one(DispatchRows).focus()

    def on_resize(self) -> None:
        """Columns follow the width."""
        if self.held is not None:
            self.query_one(Headline).show(self.held.subject)
        self._fill()

    def show_answer(self, found: Answer) -> None:
        """The headline, and the outbox anew."""
        self.query_one(Headline).show(found.subject)
        self.look()

    def take_rows(self, rows: list[Row]) -> None:
        """List them."""
        self.rows = rows
        self._fill()

    def _fill(self) -> None:
        if not self.size.width:
            return
        wide = self.size.width >= 108
        columns = {"": 7, "Notice": 0, "State": 14 if wide else 13}
        names = ("Queued", "Sent", "In doubt" if wide else "Doubt", "Owed")
        columns |= dict.fromkeys(names, 11 if wide else 8)
        self.query_one(DispatchRows).fill(columns, [(one.dispatch.id, self._cells(one)) for one in self.rows])
        self._show(self.highlighted)

    def _cells(self, one: Row) -> list[Cell]:
        word, style = state(one)
        counts = one.counts
        doubt, owed = counts["in_doubt"], one.owed
        return [
            (one.dispatch.id, STRONG),
            (f"{one.dispatch.finding}  {self._title(one)}", ""),
            (word, style),
            (f"{counts['queued'] + counts['sending']:,}", ""),
            (f"{counts['sent'] + counts['replaced']:,}", ""),
            (f"{doubt:,}", BAD if doubt else FAINT),
            (f"{owed:,}", WARN if owed else FAINT),
        ]

    def _title(self, one: Row) -> str:
        found = self.held.assessment.find(one.dispatch.finding) if self.held is not None else None
        return found.title if found is not None else ""

    # -- the highlighted dispatch ----------------------------------

    @property
    def highlighted(self) -> Row | None:
        """The dispatch under the cursor."""
        return self._row(self.query_one(DispatchRows).chosen)

    def _row(self, id: str | None) -> Row | None:
        return next((one for one in self.rows if one.dispatch.id == id), None)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Its words beneath."""
        self._show(self._row(event.row_key.value if event.cursor_row >= 0 else None))

    def _show(self, one: Row | None) -> None:
        words = plain(EMPTY.format(incident=self.incident)) if one is None else about(one, self._title(one))
        self.query_one("#row-line", Static).update(words)
        top = plain(self.doing, WARN) if self.doing else summary(self.rows)
        self.query_one("#outbox-sum", Static).update(top)

    def working(self, doing: str) -> None:
        """Say it at the top."""
        self.doing = doing
        self._show(self.highlighted)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Its envelopes."""
        from breachkit.tui.screens.envelopes import EnvelopesScreen

        one = self._row(event.row_key.value)
        if one is not None and self.held is not None:
            screen = EnvelopesScreen(self.workspace, self.incident, self.held, one)
            self.app.push_screen(screen, self.came_back)

    def meant(self, statuses: tuple[Status, ...], may: tuple[Status, ...] = ()) -> Meant | None:  # noqa: ARG002 - none is pointed at
        """All of the highlighted dispatch with one of the statuses."""
        one = self.highlighted
        number = sum(one.counts[status] for status in statuses) if one is not None else 0
        if one is None or not number:
            which = " or ".join(said(status) for status in statuses)
            self.say(f"Nothing {f'of {one.dispatch.id} ' if one is not None else ''}is {which}.")
            return None
        return Meant(one.dispatch.id, statuses, number)

    # -- filling and sending ---------------------------------------

    def action_queue(self) -> None:
        """Ask for the folder of a batch."""
        guide = (
            "The folder of a finished batch (--format eml). Nothing is sent by it, and nobody gets two envelopes of one notice."
        )
        self._words("Put a batch into the outbox", guide, self._queue, "letters")

    def _queue(self, folder: str) -> None:
        def work(journal: Journal, vault: Vault) -> list[Queued]:
            path = Path(folder).expanduser()
            return queue_batch(self._answer(journal), vault, self.workspace, path, (), Order())

        def queued(done: list[Queued]) -> None:
            said = [f"{one.dispatch.id}: {letters(one.added)} of {one.dispatch.finding} queued" for one in done]
            there = sum(one.there for one in done)
            said += [f"{there:,} had an envelope of it already"] if there else []
            self.say("; ".join((*said, "nothing was sent")))

        self.act(f"Reading the letters in {folder} ...", work, queued)

    def action_send(self) -> None:
        """Which way it goes, then what would leave."""
        one = self.highlighted
        if one is None or self.held is None:
            self.say("The outbox is empty.")
            return
        if not one.counts["queued"]:
            self.say(f"Nothing of {one.dispatch.id} waits to be sent.")
            return
        why = self._no_mail()
        channel = one.dispatch.body.get("channel")
        if why is not None:
            self._into_folder(one, f"{why}.")
        elif channel == "smtp":
            self._send(one, None)
        elif channel == "folder":
            self._into_folder(one, "It was released into a folder; the rest of it goes the same way.")
        else:
            self._choose_way(one)

    def _no_mail(self) -> str | None:
        """Why mail is not offered; None when it may be. What decides is what the incident is, no setting."""
        assert self.held is not None
        subject = self.held.subject
        try:
            permit("smtp", invented=subject.invented, exercise=subject.exercise)
        except Refused as problem:
            return str(problem)
        return None

    def _choose_way(self, one: Row) -> None:
        from breachkit.tui.screens.choose import ChooseScreen

        ways = {"mail": "by mail, as mail.yaml says", "folder": "into a folder, as files"}

        def chosen(way: str | None) -> None:
            if way == "mail":
                self._send(one, None)
            elif way == "folder":
                self._into_folder(one, "Each letter becomes a file there; nothing leaves this machine.")

        guide = "Next you see what would leave. Nothing is sent before you type how many."
        title = f"{letters(one.counts['queued'])} of {one.dispatch.id}: which way?"
        self.app.push_screen(ChooseScreen(self.workspace, title, guide, ways), chosen)

    def _into_folder(self, one: Row, why: str) -> None:
        folder = str(one.dispatch.body.get("out") or "outbox")
        title = f"{letters(one.counts['queued'])} of {one.dispatch.id}: into which folder?"
        guide = f"{why} It is made if it is not there, for you alone."
        self._words(title, guide, lambda said: self._send(one, Path(said).expanduser()), folder)

    def _send(self, one: Row, folder: Path | None) -> None:
        from breachkit.tui.screens.send import SendScreen

        assert self.held is not None
        screen = SendScreen(self.workspace, self.incident, self.held, one.dispatch.id, folder)
        self.app.push_screen(screen, self.came_back)

    # -- what comes back -------------------------------------------

    def action_bounces(self) -> None:
        """Ask where the reports are."""
        guide = "A message, a folder of them, an mbox or a Maildir. It stays as it is."
        self._words("Read reports of non-delivery", guide, lambda path: self._read(path, "bounced"))

    def action_log(self) -> None:
        """Ask where the log is."""
        guide = "The file, plain or .gz, of the server that took the mail. It settles what is in doubt."
        self._words("Read a mail server's log", guide, lambda path: self._read(path, "settled"))

    def _read(self, path: str, word: str) -> None:
        def work(journal: Journal, vault: Vault) -> settling.Told:
            read = settling.read_bounces if word == "bounced" else settling.read_log
            return read(self.workspace, journal, vault, Path(path).expanduser())

        def told(what: settling.Told) -> None:
            from breachkit.tui.screens.reading import ReadingScreen

            self.app.push_screen(ReadingScreen(self.workspace, f"Read: {path}", told_words(what, word)))

        self.act(f"Reading {path} ...", work, told)

    def action_recover(self) -> None:
        """Settle what a crash left; nothing is sent."""
        if not self.rows:
            self.say("The outbox is empty.")
            return

        def settled(done: Settled) -> None:
            words = f"{done.by_reply:,} settled by kept replies, {done.in_doubt:,} newly in doubt; nothing was sent."
            self.say(words)

        work = lambda journal, vault: front.recover(self.workspace, journal, vault, self.incident)  # noqa: E731 - one call
        self.act("Looking for what a crash left ...", work, settled)


_MOST = 100


def told_words(told: settling.Told, word: str) -> str:
    """What was read of bounces or a log."""
    said = [
        f"{len(told.moved):,} {word}",
        f"{told.noted:,} noted with their envelope, such as a delay",
        f"{told.known:,} known before",
        f"{told.unknown:,} of no envelope here",
    ]
    if told.suspicious:
        said += ["", f"{len(told.suspicious):,} MAY BE FORGED; nothing was moved by them:"]
        said += [id[:12] for id in told.suspicious[:_MOST]]
    if told.unread:
        said += ["", f"{len(told.unread):,} could not be read as a report:", *told.unread[:_MOST]]
    return "\n".join(said)
