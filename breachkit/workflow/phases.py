"""Initial, follow-up and final are snapshots of one record: what a notice said when it was filed, and what is new since.

The journal as of an entry tells what was known then; the notice is made from it again. Nothing of a notice is stored.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from breachkit.documents.difference_html import difference_page
from breachkit.domain.approvals import last_approvals
from breachkit.domain.differences import Piece, difference
from breachkit.domain.facts import read_instant
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Entry
from breachkit.domain.notice_fields import NEW
from breachkit.domain.notice_text import plain
from breachkit.domain.notices import Notice
from breachkit.errors import UsageError
from breachkit.workflow.approval import Make, form_of, language_of, notice_id
from breachkit.workflow.subjects import Answer, subject_of_entries
from breachkit.workflow.subjects import answer as judge
from breachkit.workflow.workspace import Workspace

_STAGE = re.compile(r"\.(early|initial|update|intermediate|final|annual|withdrawal)(?:[._-][a-z0-9_-]+)?(?=@|$)")
_OPENS_BLOCK = re.compile(r" {0,3}(?:#{1,6} |[-+*] |\d+[.)] |>|\|)")
_NO_TEXT = re.compile(r"[\s\-=_*|:>]*")


@dataclass(frozen=True)
class Compared:
    """A notice now beside what it said then."""

    finding: Finding
    now: Notice
    then: Notice
    since: str
    """In words, what `then` is: the filing or the entry."""
    pieces: tuple[Piece, ...]

    def page(self) -> str:
        """The difference as an HTML page."""
        return difference_page(self.now, self.since, self.pieces)


def filings_of(entries: tuple[Entry, ...], finding_id: str) -> list[Entry]:
    """Filings of a duty and of its other stages towards the same recipient, oldest first; withdrawals told nothing new."""
    mine = _family(finding_id)
    bare = mine.partition("@")[0]
    return [
        entry
        for entry in entries
        if entry.kind == "filing.recorded"
        and entry.body.get("kind", "first") != "withdrawal"
        and _family(str(entry.body["duty"])) in (mine, bare)
    ]


def snapshot_at(
    answer: Answer,
    finding: Finding,
    entry: Entry,
    workspace: Workspace,
    make: Make,
    *,
    language: str = "en",
    form: str = "",
    now: datetime | None = None,
) -> Notice:
    """The notice as the journal told it at an entry of it, made for the moment `now`; None: when that was filed or recorded.

    For the duty's own filing its entry is left out: it was recorded when the notice had gone. UsageError for a facts file.
    """
    if answer.subject.incident is None:
        raise UsageError("a facts file keeps no journal; compare two files: --facts NEW --since-facts OLD")
    filed = entry.kind == "filing.recorded"
    own = filed and str(entry.body["duty"]) in (finding.id, finding.duty)
    last = entry.seq - 1 if own else entry.seq
    moment = now or (read_instant(str(entry.body["at"])).at if filed else entry.recorded_at)
    early = [one for one in answer.subject.entries if one.seq <= last]
    before = subject_of_entries(answer.subject.name, early, answer.subject.exercise)
    then = replace(workspace, reading_now=moment)
    found = judge(before, then)
    return make(found, _same(found, finding), then, language=language, form=form).notice


def marked(answer: Answer, finding: Finding, notice: Notice, workspace: Workspace, make: Make) -> Notice:
    """The notice with a mark on each block that says something new since the last filing; as it is when nothing was filed."""
    entries = answer.subject.entries
    filings = filings_of(entries, finding.id)
    if answer.subject.incident is None or not filings:
        return notice
    form = notice.duty.removeprefix(finding.duty).removeprefix(".")
    approved = None if notice.draft else last_approvals(entries).get((notice_id(finding, form), notice.language))
    # Made for the same moment, so that its date and the words about being late do not count as news.
    now = approved.at if approved is not None else workspace.reading_now or answer.assessment.now
    then = snapshot_at(answer, finding, filings[-1], workspace, make, language=notice.language, form=form, now=now)
    return replace(notice, source=mark_new(notice.source, then.source))


def mark_new(source_now: str, source_then: str) -> str:
    """The source with NEW at the end of each block whose words did not stand in the other one, wherever they stood."""
    said = Counter(_said(block) for block in _blocks(source_then.replace(NEW, "")))
    lines: list[str] = []
    for block in _blocks(source_now.replace(NEW, "")):
        words = _said(block)
        known = _NO_TEXT.fullmatch(words) is not None or said[words] > 0
        said[words] -= 1
        lines += block if known else _with_mark(block)
    return "\n".join(lines)


def compare(
    answer: Answer, duty: str, workspace: Workspace, make: Make, *, since: str = "last", language: str | None = None
) -> Compared:
    """The notice now and at the `first` or `last` filing, or at the entry of that number. UsageError when there is none.

    `duty` may name a form beside the duty's own notice. `language` None: the incident's.
    """
    named, form = form_of(duty)
    finding = answer.finding(named)
    if answer.subject.incident is None:
        raise UsageError("a facts file keeps no journal; compare two files: --facts NEW --since-facts OLD")
    entry = _entry_named(answer, finding, since)
    spoken = language or language_of(answer)
    now = make(answer, finding, workspace, language=spoken, form=form).notice
    then = snapshot_at(answer, finding, entry, workspace, make, language=spoken, form=form)
    return _compared(finding, now, then, _since_words(entry))


def compare_answers(
    now: Answer, then: Answer, duty: str, workspace: Workspace, make: Make, *, language: str | None = None
) -> Compared:
    """The notice on two sets of facts, such as two facts files."""
    named, form = form_of(duty)
    finding, spoken = now.finding(named), language or language_of(now)
    new = make(now, finding, workspace, language=spoken, form=form).notice
    old = make(then, _same(then, finding), workspace, language=spoken, form=form).notice
    return _compared(finding, new, old, then.subject.name)


def _compared(finding: Finding, now: Notice, then: Notice, since: str) -> Compared:
    texts = (plain(notice.source.replace(NEW, "")) + "\n" for notice in (then, now))
    return Compared(finding, now, then, since, difference(*texts))


def _entry_named(answer: Answer, finding: Finding, since: str) -> Entry:
    entries = answer.subject.entries
    if since in ("first", "last"):
        filings = filings_of(entries, finding.id)
        if not filings:
            raise UsageError(
                f"nothing was filed for {finding.id} yet; name an entry to compare with: --since 7 "
                f"(breachkit journal show {answer.subject.name} lists them)"
            )
        return filings[0 if since == "first" else -1]
    found = [entry for entry in entries if str(entry.seq) == since]
    if not found:
        raise UsageError(f"--since takes first, last or the number of an entry from 1 to {len(entries)}, not '{since}'")
    return found[0]


def _since_words(entry: Entry) -> str:
    if entry.kind != "filing.recorded":
        return f"entry {entry.seq}"
    body = entry.body
    return f"the filing of {body['duty']} at {body['at']}, reference {body['reference']} (entry {entry.seq})"


def _same(answer: Answer, finding: Finding) -> Finding:
    """The finding there that is this one here; this one where there is none, such as before its recipient was known."""
    found = answer.assessment.findings
    exact = answer.assessment.find(finding.id)
    same = [one for one in found if one.duty == finding.duty and one.controller == finding.controller]
    return exact or (same[0] if len(same) == 1 else finding)


def _family(finding_id: str) -> str:
    return _STAGE.sub("", finding_id)


def _blocks(source: str) -> Iterator[list[str]]:
    """Headings, paragraphs, list items, rows of tables and blank lines, each as its lines."""
    block: list[str] = []
    for line in source.split("\n"):
        alone = bool(block) and (not block[-1].strip() or block[0].lstrip().startswith(("#", "|")))
        if block and (alone or not line.strip() or _OPENS_BLOCK.match(line)):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _said(block: list[str]) -> str:
    return " ".join(plain("\n".join(block)).split())


def _with_mark(block: list[str]) -> list[str]:
    """The mark ends the block's last line; in a row of a table it ends the last cell."""
    last = block[-1].rstrip()
    if last.lstrip().startswith("|") and last.endswith("|"):
        return [*block[:-1], f"{last[:-1].rstrip()}{NEW} |"]
    return [*block[:-1], f"{last}{NEW}"]
