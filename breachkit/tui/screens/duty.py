"""Everything about one duty: why, by when and how that was counted, to whom, with which content, from which text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Footer, Static

from breachkit.content.vocabulary import load_directory
from breachkit.domain.facts import say_value
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show
from breachkit.tui.of_incident import OfIncident
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, STYLE, WARN, both_clocks, lines, one_line, plain, time_left, urgency
from breachkit.tui.widgets.headline import Headline
from breachkit.tui.working import key
from breachkit.workflow.recording import Recorded, missing_elements
from breachkit.workflow.subjects import Answer
from breachkit.workflow.words import channel_words, due_caveats, due_words, recipient_words, status_word
from breachkit.workflow.workspace import Workspace

_HOLDS = {True: ("yes", GOOD), False: ("no", ""), None: ("not known", WARN)}


class DutyScreen(OfIncident[None]):
    """One finding."""

    NAME = "Duty"
    GUIDE = (
        "Left, or first: whether it is owed and why, and how the deadline was counted. "
        "Right, or below: to whom, what the notice must hold, and the text it comes from. "
        "p shows the notice with its check, to approve it, and the fields of the portal. "
        "Once it was sent, press f and write down the reference you got: only proof stops the clock. "
        "d records a decision to notify or not, with its ground; it never hides the duty."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("p", "preview", "Preview notice", "Show the notice: check it, approve it, write it to a file"),
        key("f", "file", "Filed", "Record that it was filed, with its proof"),
        key("d", "decide", "Decide", "Record a decision to notify or not, with its ground"),
        key("question_mark,f1", "help", "Help", "What to do here, and every key"),
        key("escape", "leave", "Back", "Go back to the incident"),
    ]

    def __init__(self, workspace: Workspace, incident: str, duty: str, held: Answer | None) -> None:
        super().__init__(workspace, incident, held)
        self.duty = duty

    def compose(self) -> ComposeResult:
        """Head and two columns; one column on a narrow screen."""
        yield Headline("Duty")
        yield Static(id="duty-head")
        with VerticalScroll(id="duty-body"), Horizontal():
            with Vertical():
                yield Static(id="duty-why")
            with Vertical():
                yield Static(id="duty-how")
        yield Footer()

    def on_mount(self) -> None:
        """Show what is held already, and keep time."""
        self.query_one("#duty-body").focus()
        self.set_interval(60, self.load)
        if self.held is not None:
            self.show_answer(self.held)

    @property
    def finding(self) -> Finding | None:
        """The finding as it stands; None once the facts no longer give it."""
        return self.held.assessment.find(self.duty) if self.held is not None else None

    def show_answer(self, found: Answer) -> None:
        """Everything about it."""
        self.query_one(Headline).show(found.subject)
        finding = found.assessment.find(self.duty)
        head, why, how = (self.query_one(f"#duty-{part}", Static) for part in ("head", "why", "how"))
        if finding is None:
            gone = "is no longer among the duties: a fact that named it was corrected. Escape goes back."
            head.update(plain(f"{self.duty} {gone}", WARN))
            why.update("")
            how.update("")
            return
        now = found.assessment.now
        left = time_left(finding, now) if finding.open else ""
        state = one_line(f"{status_word(finding)}  {left}", STYLE[urgency(finding, now)])
        head.update(lines(plain(finding.title, STRONG), state + one_line(f"   {finding.id}", FAINT)))
        why.update(lines(*_why(finding)))
        how.update(lines(*_how(finding, found)))

    # -- acts ------------------------------------------------------

    def action_decide(self) -> None:
        """Record a decision."""
        from breachkit.tui.screens.acts import DecideScreen

        if self.held is not None and self.finding is not None:
            self.app.push_screen(DecideScreen(self.workspace, self.incident, self.finding, self.held), self._acted)

    def action_file(self) -> None:
        """Record a filing."""
        from breachkit.tui.screens.acts import FileScreen

        if self.held is not None and self.finding is not None:
            self.app.push_screen(FileScreen(self.workspace, self.incident, self.finding, self.held), self._acted)

    def _acted(self, done: Recorded | None) -> None:
        if done is not None:
            self.wrote(done)
            self.load()

    def action_preview(self) -> None:
        """Show the draft."""
        from breachkit.tui.screens.preview import PreviewScreen

        if self.held is not None and self.finding is not None:
            self.app.push_screen(PreviewScreen(self.workspace, self.incident, self.finding.id, self.held))


def _head(text: str) -> Text:
    return plain(f"\n{text}", STRONG)


def _why(finding: Finding) -> Iterator[Text]:
    due = finding.due
    yield plain("WHY", STRONG)
    if finding.replaced_by:
        yield plain(f"Replaced by {finding.replaced_by}.")
    if finding.presumed and finding.open:
        open_still = "The law takes it as owed until you can show otherwise."
        yield plain(open_still if finding.status == "undetermined" else "Owed as things stand.")
    for reason in finding.because:
        word, style = _HOLDS[reason.holds]
        value = f": {reason.value}" if reason.value else ""
        line = plain(f"[{word}] ", style) + plain(reason.text)
        yield line + plain(f"  ({reason.fact}{value})" if reason.fact else "", FAINT)
    if finding.needs:
        yield plain(f"Still to find out: {', '.join(finding.needs)}", WARN)
    if finding.decision is not None:
        decided = finding.decision
        yield _head("DECISION")
        when = f" on {show(decided.at, due.zone)}" if decided.at else ""
        yield plain(f"{decided.choice} - {decided.ground}  ({decided.by or 'unknown'}{when})")
        if decided.reopened:
            yield plain(f"REOPENED: changed since then: {', '.join(decided.changed)}", BAD)
    for filed in finding.filed:
        yield _head("FILED")
        what = f"{filed.get('kind', 'first')} at {filed.get('at')}, reference {filed.get('reference', '')}"
        yield plain(f"{what}  ({filed.get('by', '')})", GOOD)
        if filed.get("lacked"):
            yield plain(f"left out: {', '.join(map(str, filed['lacked']))}", WARN)
    yield _head("BY WHEN")
    yield plain(due_words(due)) if due.target is None else plain(f"Target: {both_clocks(due.target, due.zone)}")
    if due.target is not None and due.last_day is not None:
        yield plain(due_words(due), FAINT)
    if due.outer is not None:
        yield plain(f"Outer limit of the law's own rule: {both_clocks(due.outer, due.zone)}")
    if due.qualifier:
        yield plain(f"In the law's words: {due.qualifier}")
    for caveat in due_caveats(due):
        yield plain(caveat, BAD)
    for step in due.steps:
        yield plain(f"- {step}", FAINT)
    if due.not_before is not None:
        for step in due.not_before.steps:
            yield plain(f"- held back: {step}", FAINT)
        yield plain(f"Source of the wait: {'; '.join(cite.text for cite in due.not_before.cite)}", FAINT)
    for note in (*due.notes, *finding.notes):
        yield plain(f"Note: {note}")


def _how(finding: Finding, found: Answer) -> Iterator[Text]:
    yield plain("TO WHOM", STRONG)
    yield from _recipient(finding, found.assessment.now)
    missing = missing_elements(finding, found.subject.book)
    words = found.subject.book.words.elements
    if finding.content:
        known = len(finding.content) - len(missing)
        yield _head(f"WHAT THE NOTICE MUST HOLD  ({known} of {len(finding.content)} known)")
    for id in finding.content:
        label = words[id].label if id in words else id
        yield plain(f"[ ] {label} - not known yet", WARN) if id in missing else plain(f"[x] {label}", GOOD)
    if finding.forbidden:
        labels = [words[id].label if id in words else id for id in finding.forbidden]
        yield plain(f"MUST NOT HOLD: {', '.join(labels)}", BAD)
    yield _head("SOURCE")
    for cite in finding.cite:
        yield plain(cite.text)
        if cite.url:
            yield plain(cite.url, FAINT)
    style = "" if finding.confidence == "verified" else WARN
    text = f"text '{finding.version}' of {finding.pack}"
    yield plain(f"Confidence: {finding.confidence}; reviewed {finding.reviewed}; {text}", style)
    if finding.confidence != "verified":
        yield plain("Have counsel check this rule before you rely on it.", WARN)
    if (substitute := finding.substitute) is not None:
        open_words = {True: "open", False: "not open", None: "not known yet whether open"}[substitute.open]
        means = f": {', '.join(one.replace('_', ' ') for one in substitute.means)}" if substitute.means else ""
        yield plain(f"Substitute notice is {open_words}{means}", FAINT)
    for other in finding.other_texts:
        span = f"{other.starts_on or '?'} to {other.ends_on or 'now'}"
        yield plain(f"Other text: {other.version} ({other.status.replace('_', ' ')}, {span}): {other.summary}", FAINT)


def _recipient(finding: Finding, now: datetime) -> Iterator[Text]:
    to = finding.recipient
    yield plain(recipient_words(finding))
    if to.kind == "authority":
        if (channel := channel_words(to, now)) is not None:
            yield plain(f"Channel: {channel}", WARN if channel != to.channel else "")
        else:
            yield plain("Channel: known once the authority is", FAINT)
        if to.last_checked is not None:
            yield plain(f"Last checked {to.last_checked}", FAINT)
        authority = load_directory().authorities.get(to.id or "")
        for note in authority.notes if authority is not None else ():
            yield plain(f"Note: {note}", FAINT)
    elif to.channel:
        yield plain(f"Channel: {to.channel}")
    if to.languages:
        yield plain(f"Language: {', '.join(to.languages)}")
    if finding.controller:
        yield plain(f"For the controller {say_value(finding.controller)}")
