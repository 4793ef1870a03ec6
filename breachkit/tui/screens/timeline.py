"""Everything that was recorded, newest first; a correction shows the old value and the new one."""

from __future__ import annotations

import json
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import DataTable, Static

from breachkit.domain.journal import Entry
from breachkit.domain.periods import show
from breachkit.tui.listing import Listing
from breachkit.tui.shown import STRONG, WARN, clean, plain
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.widgets.rows import Rows
from breachkit.tui.working import key
from breachkit.workflow.subjects import Answer
from breachkit.workflow.timeline import lines as timeline_lines

_STYLE = {"fact.corrected": WARN, "filing.recorded": STRONG, "decision.recorded": STRONG, "incident.opened": STRONG}
_KIND = {
    "fact.recorded": "fact", "fact.corrected": "CORRECTED", "filing.recorded": "FILED", "decision.recorded": "DECIDED",
    "incident.opened": "opened", "incident.closed": "closed", "note.added": "note", "notice.rendered": "notice",
    "notice.approved": "APPROVED", "step.marked": "step", "track.changed": "track",
    "dispatch.released": "RELEASED", "delivery.recorded": "SENT", "envelope.settled": "settled", "bounces.read": "bounces",
    "attachment.added": "file", "people.purged": "ERASED", "reminder.sent": "reminder", "evidence.exported": "exported",
}  # fmt: skip


class Entries(Rows):
    """The entries."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "select_cursor", "Whole entry", "Show the highlighted entry in full, with its hash"),
    ]


class TimelineScreen(Listing):
    """The journal of one incident."""

    NAME = "Timeline"
    ROWS = Entries
    GUIDE = (
        "Everything recorded, newest first; times are UTC and say when it was written down. Nothing here can be changed: "
        "a correction is a new entry that shows the old value and the new one. Enter shows an entry in full, with its hash."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the incident"),
    ]

    def show_answer(self, found: Answer) -> None:
        """List every entry."""
        self.query_one(Headline).show(found.subject)
        if not self.size.width:
            return
        wide = self.size.width >= 108
        columns = {"#": 5, "Recorded, UTC": 17 if wide else 14, "Who": 14 if wide else 8, "Kind": 10, "What": 0, "Hash": 9}
        rows = []
        for line in sorted(timeline_lines(found.subject.entries), key=lambda one: -one.seq):
            style = _STYLE.get(line.kind, "")
            at = f"{line.at:%Y-%m-%d %H:%M}" if wide else f"{line.at.day} {line.at:%b %H:%M}"
            row = (str(line.seq), at, line.actor, _KIND.get(line.kind, line.kind), line.text, line.hash[:8])
            rows.append((str(line.seq), [(text, style) for text in row]))
        self.query_one(Entries).fill(columns, rows)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The whole line beneath."""
        if self.held is None or event.row_key.value is None:
            return
        line = next((one for one in timeline_lines(self.held.subject.entries) if str(one.seq) == event.row_key.value), None)
        if line is not None:
            self.query_one("#row-line", Static).update(plain(line.text))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """The entry in full."""
        from breachkit.tui.screens.reading import ReadingScreen

        entries = self.held.subject.entries if self.held is not None else ()
        entry = next((one for one in entries if str(one.seq) == event.row_key.value), None)
        if entry is not None:
            self.app.push_screen(ReadingScreen(self.workspace, f"Entry {entry.seq} of {entry.incident}", whole(entry)))


def whole(entry: Entry) -> str:
    """Everything an entry holds, as text."""
    head = [
        f"Kind         {entry.kind}",
        f"Recorded     {show(entry.recorded_at, 'UTC')}",
        f"By           {entry.actor}  (said, not proven)",
        f"Track        {entry.track}",
        f"Hash         {entry.hash}",
        f"Before it    {entry.previous}",
        "",
    ]
    return clean("\n".join(head) + _words(entry.body, ""))


def _words(body: object, indent: str) -> str:
    if not isinstance(body, dict):
        return json.dumps(body, indent=2, ensure_ascii=False)
    said = []
    for name, value in body.items():
        if isinstance(value, (dict, list)) and value:
            inner = json.dumps(value, indent=2, ensure_ascii=False)
            said.append(f"{indent}{name}:\n{inner}")
        else:
            said.append(f"{indent}{name:<12} {'yes' if value is True else 'no' if value is False else value}")
    return "\n".join(said)
