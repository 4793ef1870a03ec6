"""Initial, follow-up and final: what was told is made again from the journal, and what is new since is marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.content.organisations import sample_path
from breachkit.documents.tree import Node, parse, plain_text
from breachkit.domain.differences import in_brackets
from breachkit.domain.notice_fields import NEW
from breachkit.errors import UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow import phases, recording
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.phases import mark_new
from breachkit.workflow.subjects import answer, subject_of_file
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from .approving import REPORT, approve, judged, opened, record

UPDATE = "eu.gdpr.33.update@es-aepd"
THEN = """# Report

First paragraph,
on two lines.

- **Taken:** nothing
- **Cause:** not known yet

| What | Who |
| --- | --- |
| Name | 600 |
"""


@pytest.fixture
def incident(workspace: Workspace, journal: Journal) -> str:
    return opened(workspace, journal, records__total=None)


def filed(workspace: Workspace, journal: Journal, incident: str, clock: Clock, **more: str) -> int:
    clock.forward(hours=1)
    done = recording.file_duty(workspace, journal, incident, REPORT, reference="R-1", **more)
    clock.forward(hours=1)
    return done.entries[-1].seq


def test_what_was_told_is_made_again_from_the_journal(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    before = judged(workspace, journal, incident)
    told = draft_notice(before, before.finding(REPORT), workspace).notice
    seq = filed(workspace, journal, incident, clock)
    record(workspace, journal, incident, {"people.total": "..600", "measures.taken": "All passwords were changed."})
    now = judged(workspace, journal, incident)
    [entry] = phases.filings_of(now.subject.entries, REPORT)
    assert entry.seq == seq
    again = phases.snapshot_at(now, now.finding(REPORT), entry, workspace, draft_notice)
    assert again.source == told.source
    assert again.written_on == told.written_on


def test_the_difference_shows_the_changed_words(workspace: Workspace, journal: Journal, incident: str, clock: Clock) -> None:
    filed(workspace, journal, incident, clock)
    record(workspace, journal, incident, {"measures.taken": "The account was closed and its password changed."})
    compared = phases.compare(judged(workspace, journal, incident), REPORT, workspace, draft_notice)
    assert "The account was [-closed.-]{+closed and its password changed.+}" in in_brackets(compared.pieces)
    assert "reference R-1" in compared.since
    assert "<ins" in compared.page()
    assert "<del" in compared.page()


def test_first_last_and_an_entry_are_three_different_pasts(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    first = filed(workspace, journal, incident, clock)
    record(workspace, journal, incident, {"measures.taken": "Second."})
    last = filed(workspace, journal, incident, clock, kind="update")
    record(workspace, journal, incident, {"measures.taken": "Third."})
    filed(workspace, journal, incident, clock, kind="withdrawal")
    found = judged(workspace, journal, incident)
    for since, told in (("first", "The account was closed."), ("last", "Second."), (str(first), "The account"), ("3", "")):
        compared = phases.compare(found, REPORT, workspace, draft_notice, since=since)
        assert told in compared.then.source
        assert ("Second." in compared.then.source) == (since == "last")
    assert [entry.seq for entry in phases.filings_of(found.subject.entries, REPORT)] == [first, last]
    with pytest.raises(UsageError, match="first, last or the number of an entry from 1 to"):
        phases.compare(found, REPORT, workspace, draft_notice, since="yesterday")


def test_before_anything_was_filed_there_is_nothing_to_compare_with(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    found = judged(workspace, journal, incident)
    with pytest.raises(UsageError, match="nothing was filed"):
        phases.compare(found, REPORT, workspace, draft_notice)
    notice = draft_notice(found, found.finding(REPORT), workspace).notice
    assert phases.marked(found, found.finding(REPORT), notice, workspace, draft_notice) == notice


def test_a_follow_up_marks_what_is_new_since_the_last_filing_and_nothing_else(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    filed(workspace, journal, incident, clock)
    clock.forward(days=3)
    record(workspace, journal, incident, {"records.total": "1234"})
    found = judged(workspace, journal, incident)
    finding = found.finding(UPDATE)
    notice = draft_notice(found, finding, workspace).notice
    marked = phases.marked(found, finding, notice, workspace, draft_notice)
    assert marked.source.replace(NEW, "") == notice.source.replace(NEW, "")
    lines = [line for line in marked.source.split("\n") if NEW in line]
    assert any("1,234" in line or "1234" in line for line in lines)
    assert not any("First report filed" in line or "Date of this report" in line for line in lines)


def test_an_approved_follow_up_shows_the_same_marks_and_stays_approved(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    filed(workspace, journal, incident, clock)
    record(workspace, journal, incident, {"records.total": "1234"})
    before = judged(workspace, journal, incident)
    draft = draft_notice(before, before.finding(UPDATE), workspace).notice
    approve(workspace, journal, incident, UPDATE, incomplete="so far")
    clock.forward(days=5)
    found = judged(workspace, journal, incident)
    approved = draft_notice(found, found.finding(UPDATE), workspace).notice
    assert NEW in approved.source
    assert (approved.source, approved.draft) == (draft.source, False)


def test_a_last_report_is_compared_with_a_last_report(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    filed(workspace, journal, incident, clock)
    record(workspace, journal, incident, {"records.total": "1234"})
    found = judged(workspace, journal, incident)
    final = draft_notice(found, found.finding(REPORT), workspace, form="final").notice
    lines = [line for line in final.source.split("\n") if line.strip()]
    new = [line for line in lines if NEW in line]
    assert new
    assert len(new) < len(lines) / 4
    compared = phases.compare(found, "eu.gdpr.33.final@es-aepd", workspace, draft_notice)
    assert compared.then.duty == "eu.gdpr.33.final"


def test_two_facts_files_are_compared_without_a_journal(workspace: Workspace, tmp_path: object) -> None:
    old = answer(subject_of_file(sample_path("example-co")), workspace)
    new = answer(old.subject, workspace, what_if={"measures.taken": "Nothing yet."})
    compared = phases.compare_answers(new, old, REPORT, workspace, draft_notice)
    assert "{+Nothing yet.+}" in in_brackets(compared.pieces)
    with pytest.raises(UsageError, match="--since-facts"):
        phases.compare(old, REPORT, workspace, draft_notice)


@pytest.mark.parametrize(
    ("change", "new"),
    [
        (("nothing", "all"), ["Taken: all"]),
        (("on two lines", "on three lines"), ["First paragraph, on three lines."]),
        (("# Report", "# Second report"), ["Second report"]),
        (("| Name | 600 |", "| Name | 700 |"), ["Name700"]),
        (("- **Cause:** not known yet\n", "- **Cause:** not known yet\n- **Sent:** yes\n"), ["Sent: yes"]),
        (("- **Taken:** nothing\n- **Cause:** not known yet\n", "- **Cause:** not known yet\n- **Taken:** nothing\n"), []),
        (("", ""), []),
    ],
)
def test_the_blocks_that_changed_are_marked(change: tuple[str, str], new: list[str]) -> None:
    marked = mark_new(THEN.replace(*change) if change[0] else THEN, THEN)
    assert [plain_text(_leaf(node).children) for node in _all(parse(marked)) if node.new and not _has_new(node)] == new


@given(
    st.lists(st.sampled_from(["# A", "- b", "text", "", "1. one", "| a | b |", "> said", f"old{NEW}"]), max_size=12).map(
        "\n".join
    )
)
def test_marks_change_no_word_and_a_text_is_not_new_to_itself(source: str) -> None:
    bare = source.replace(NEW, "")
    assert mark_new(source, source) == bare
    marked = mark_new(source, "")
    assert " ".join(marked.replace(NEW, "").split()) == " ".join(bare.split())
    assert mark_new(marked, "") == marked


def _all(nodes: tuple[Node, ...]) -> list[Node]:
    return [found for node in nodes for found in (node, *_all(node.children))]


def _has_new(node: Node) -> bool:
    return any(child.new for child in _all(node.children))


def _leaf(node: Node) -> Node:
    inner = node.children[0] if node.kind == "list_item" else node
    return replace(inner)
