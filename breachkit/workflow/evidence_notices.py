"""The notices that were approved, made again as of their approval, for an evidence archive.

A notice is handed out only when it is the one that was approved, by its snapshot's hash; otherwise the manifest says why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from breachkit.domain import approvals
from breachkit.domain.approvals import KIND, Approval
from breachkit.domain.journal import Entry
from breachkit.errors import BreachkitError, UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow.approval import form_of
from breachkit.workflow.notices import Drafted, draft_notice
from breachkit.workflow.subjects import Subject, answer, kept_laws, laws_for, subject_of_entries
from breachkit.workflow.tracks import OnRecord
from breachkit.workflow.workspace import Workspace

_OTHER = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class _Again:
    """A notice made again, and the hash an approval of it would name."""

    made: Drafted
    snapshot: str


def approved_again(
    subject: Subject, kept: OnRecord, told: Iterable[Entry], journal: Journal, workspace: Workspace
) -> Iterator[tuple[dict[str, Any], Mapping[str, bytes]]]:
    """What the manifest says of each approval that may be told, oldest first, and the notice's files by their paths."""
    for approval in approvals.approvals(told):
        again, why = _again(subject, subject.entries, approval, journal, workspace)
        state = "not the same any more" if why else "as approved"
        if again is not None and not why and kept.left_out:
            bare, _ = _again(subject, kept.subject.entries, approval, journal, workspace)
            if bare is None or bare.made.notice.source != again.made.notice.source:
                state, why = "withheld", "its text rests on entries that are withheld"
        files = _files(again.made, approval) if again is not None and not why else {}
        row = {"entry": approval.seq, "duty": approval.duty, "language": approval.language, "snapshot": approval.snapshot}
        yield {**row, "state": state, "why": why or None}, files


def _again(
    subject: Subject, entries: Iterable[Entry], approval: Approval, journal: Journal, workspace: Workspace
) -> tuple[_Again | None, str]:
    """The notice on the entries before its approval, and why it is not the one that was approved; empty when it is."""
    early = tuple(entry for entry in entries if entry.seq < approval.seq and entry.kind != KIND)
    before = subject_of_entries(subject.name, early, subject.exercise)
    then = replace(workspace, reading_now=approval.at, as_of=None)
    try:
        pack = laws_for(before.organisation, then).pack
        if pack.sha256 != approval.law_pack:
            pack = kept_laws(journal, approval.law_pack, before.organisation)
        found = answer(before, then, pack=pack)
        named, form = form_of(approval.duty)
        finding = found.assessment.find(named)
        if finding is None:
            return None, f"{named} is no duty on these facts"
        made = draft_notice(found, finding, then, language=approval.language, form=form)
    except UnknownName:
        return None, "its laws are not kept in this journal"
    except BreachkitError as problem:
        return None, f"it cannot be made: {type(problem).__name__}"
    book = before.book
    own = book.for_controller(finding.controller) if finding.controller and book.whose is None else book
    snapshot = approvals.snapshot_hash(made.notice, own)
    return _Again(made, snapshot), "" if snapshot == approval.snapshot else _difference(made, approval)


def _difference(made: Drafted, approval: Approval) -> str:
    if made.notice.template_sha256 != approval.template:
        return "its template is not the one of the approval"
    return "this breachkit makes other words of the same facts, laws and template"


def _files(made: Drafted, approval: Approval) -> dict[str, bytes]:
    final = replace(made, notice=replace(made.notice, draft=False))
    duty = _OTHER.sub("-", approval.duty.replace("@", "-at-"))[:60]
    stem = f"notices/{approval.seq:05d}-{duty}.{_OTHER.sub('-', approval.language)}"
    return {f"{stem}.md": final.text("md").encode(), f"{stem}.txt": final.text("text").encode()}
