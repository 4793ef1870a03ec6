"""Notices for duties: which there are, made from the facts, checked against what the duty asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from breachkit.content import templates
from breachkit.content.templates import TemplateEntry, fill, list_templates
from breachkit.documents.render import render
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Draft
from breachkit.domain.notice_check import NoticeCheck, check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice
from breachkit.errors import UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class Drafted:
    """One notice made for one finding."""

    finding: Finding
    notice: Notice
    check: NoticeCheck

    def text(self, format: str) -> str:
        """The document in that format; the same facts give the same bytes."""
        return render(self.notice, format)

    def file_name(self, format: str) -> str:
        """A file name that says duty, language and, where it is so, that nothing of it happened."""
        mark = "INVENTED-" if self.notice.invented else ""
        draft = "DRAFT-" if self.notice.draft else ""
        ending = {"text": "txt"}.get(format, format)
        return f"{mark}{draft}{self.finding.id.replace('@', '-at-')}.{self.notice.language}.{ending}"


def available(workspace: Workspace) -> tuple[TemplateEntry, ...]:
    """Every notice there is a template for."""
    return list_templates(workspace.own_folder)


def findings_for(answer: Answer, named: str) -> list[Finding]:
    """The findings a name stands for: one by its id, or all of a duty with several recipients. UnknownName for none."""
    findings = answer.assessment.findings
    if (exact := answer.assessment.find(named)) is not None and "@" in named:
        return [exact]
    same = [finding for finding in findings if named in (finding.id, finding.duty)]
    if not same:
        raise UnknownName("duty", named, [f.id for f in findings] + [f.duty for f in findings])
    return same


def draft_notice(answer: Answer, finding: Finding, workspace: Workspace, *, language: str = "en") -> Drafted:
    """The notice of a finding, made from the facts known now. UsageError when there is no template in that language."""
    subject = answer.subject
    context = notice_context(
        subject.book,
        finding,
        organisation_name=subject.organisation_name,
        now=answer.assessment.now,
        draft=True,
        pack_sha256=answer.assessment.pack_sha256,
    )
    notice = fill(context, language, workspace.own_folder)
    return Drafted(finding, notice, check(notice, finding, subject.book.words, subject.book))


def render_notice(answer: Answer, duty: str, workspace: Workspace, *, language: str = "en") -> Drafted:
    """The notice of the one finding that `duty` names; UsageError when it names several."""
    return draft_notice(answer, answer.finding(duty), workspace, language=language)


def has_template(finding: Finding, workspace: Workspace, language: str = "en") -> bool:
    """Whether there is a notice for that duty in that language."""
    return templates.has_template(finding.duty, language, workspace.own_folder)


def first_drafts(answer: Answer, workspace: Workspace) -> list[Drafted]:
    """Drafts of every open duty that has a template, most urgent first: what a responder wants to see at once."""
    return [draft_notice(answer, f, workspace) for f in answer.assessment.findings if f.running and has_template(f, workspace)]


def note_rendered(workspace: Workspace, journal: Journal, answer: Answer, made: Drafted, format: str) -> None:
    """Keep in the timeline that a notice was written out, with the hash of its bytes. Facts files keep no timeline."""
    incident = answer.subject.incident
    if incident is None:
        return
    digest = hashlib.sha256(made.text(format).encode()).hexdigest()
    body = {"duty": made.finding.id, "format": format, "language": made.notice.language, "sha256": digest}
    journal.append(
        incident.id,
        [Draft("notice.rendered", body)],
        expected=journal.head(incident.id)[0],
        actor=workspace.who,
        recorded_at=workspace.writing_time(),
    )
