"""Notices for duties: which there are, made from the facts, checked against what the duty asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from breachkit.content import templates
from breachkit.content.catalogues import LANGUAGES
from breachkit.content.laws import laws_in_use
from breachkit.content.templates import TemplateEntry, fill, list_templates
from breachkit.content.wordings import wording_for
from breachkit.documents.render import render
from breachkit.domain import marks
from breachkit.domain.approvals import Approval, Standing, say_standing
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Draft
from breachkit.domain.notice_check import NoticeCheck, check
from breachkit.domain.notice_context import FORMS, notice_context
from breachkit.domain.notices import Notice
from breachkit.errors import UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow.approval import stands
from breachkit.workflow.phases import marked
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from breachkit.domain.looks import Look


@dataclass(frozen=True)
class Drafted:
    """One notice made for one finding."""

    finding: Finding
    notice: Notice
    check: NoticeCheck
    form: str = ""
    """One of FORMS for a notice made beside the duty's own; else empty."""
    standing: Standing = None
    """Who approved it, and whether that stands."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to know of it: who approved it and whether that stands, and whether its reader takes its language."""
        taken = self.finding.recipient.languages
        said = [say_standing(self.standing)] if self.standing is not None else []
        if taken and self.notice.language not in taken:
            better = [language for language in taken if language in LANGUAGES]
            way = f"--lang {better[0]} writes it so" if better else "none of those breachkit writes: have it translated"
            said.append(f"{self.finding.recipient.name} takes {', '.join(taken)}; {way}")
        return tuple(said)

    @property
    def id(self) -> str:
        """The finding's id, with the form after the duty: `eu.gdpr.33.withdrawal@es-aepd`."""
        duty = self.finding.duty
        return f"{duty}.{self.form}{self.finding.id.removeprefix(duty)}" if self.form else self.finding.id

    def document(self, format: str, look: Look | None = None) -> str | bytes:
        """The document in that format; the same facts give the same bytes."""
        return render(self.notice, format, look) if look is not None else render(self.notice, format)

    def text(self, format: str) -> str:
        """A document that is text: md, text or html."""
        found = self.document(format)
        if isinstance(found, bytes):
            raise UsageError(f"a {format} document is no text; write it to a file with --out")
        return found

    def file_name(self, format: str) -> str:
        """A file name that says duty, language and, where it is so, that nothing of it happened."""
        mark = marks.before_name(self.notice.invented, self.notice.exercise)
        draft = "DRAFT-" if self.notice.draft else ""
        ending = {"text": "txt"}.get(format, format)
        return f"{mark}{draft}{self.id.replace('@', '-at-')}.{self.notice.language}.{ending}"


@dataclass(frozen=True)
class Merged:
    """What a notice is made with beside the facts."""

    fields: tuple[str, ...] = ()
    categories: tuple[str, ...] | None = None
    attachments: tuple[str, ...] = ()


def available(workspace: Workspace) -> tuple[TemplateEntry, ...]:
    """Every notice there is a template for: each duty of the laws in use, promises and contracts."""
    laws = laws_in_use(workspace.law_folders)
    duties = [(duty.id, duty.versions[-1].recipient.kind) for regime in laws.pack.regimes for duty in regime.duties]
    return list_templates([*sorted(duties), ("promise.*", "individuals"), ("contract.*", "contract")], workspace.own_folder)


def findings_for(answer: Answer, named: str) -> list[Finding]:
    """The findings a name stands for: one by its id, or all of a duty with several recipients. UnknownName for none."""
    return [finding for finding, _ in named_notices(answer, named)]


def named_notices(answer: Answer, named: str) -> list[tuple[Finding, str]]:
    """The findings a name stands for, each with the form asked for: `eu.gdpr.33.withdrawal@es-aepd`."""
    findings = answer.assessment.findings
    for name, form in ((named, ""), _without_form(named)):
        if (exact := answer.assessment.find(name)) is not None and "@" in name:
            return [(exact, form)]
        if same := [(finding, form) for finding in findings if name in (finding.id, finding.duty)]:
            return same
    raise UnknownName("duty", named, [f.id for f in findings] + [f.duty for f in findings])


def _without_form(named: str) -> tuple[str, str]:
    duty, at, recipient = named.partition("@")
    head, _, form = duty.rpartition(".")
    return (f"{head}{at}{recipient}", form) if form in FORMS else (named, "")


def draft_notice(
    answer: Answer,
    finding: Finding,
    workspace: Workspace,
    *,
    language: str | None = None,
    form: str = "",
    fields: Iterable[str] = (),
    categories: tuple[str, ...] | None = None,
    attachments: Iterable[str] = (),
) -> Drafted:
    """The notice of a finding, made from the facts known now; TranslationMissing where the language lacks words.

    It is a draft until it was approved and while that stands; then it is the notice of the day it was approved. A later report
    marks what is new since the last filing.

    `language` None: the one the incident's sentences are written in. `form`: one of FORMS. `fields`: the reader's own data it
    is later merged with. `categories`: the kinds of data of the people a letter is for; None: those of the incident.
    """
    language = language or language_of(answer)
    merged = Merged(tuple(fields), categories, tuple(attachments))
    standing, approved = stands(answer, finding, workspace, _make, language, form)
    if approved is None:
        made = _make(answer, finding, workspace, language=language, form=form, merged=merged)
        return replace(made, notice=_with_news(answer, finding, made.notice, workspace, form), standing=standing)
    if merged == Merged():
        made = _checked(answer, finding, approved, form)
        return replace(made, notice=_with_news(answer, finding, approved, workspace, form), standing=standing)
    # A letter to many differs from the approved one in what it is merged with alone.
    assert isinstance(standing, Approval)
    then = replace(workspace, reading_now=standing.at)
    made = _make(answer, finding, then, language=language, form=form, merged=merged)
    return replace(made, notice=replace(made.notice, draft=False), standing=standing)


def _make(
    answer: Answer,
    finding: Finding,
    workspace: Workspace,
    *,
    language: str = "en",
    form: str = "",
    merged: Merged | None = None,
) -> Drafted:
    """A draft, whoever approved it."""
    merged = merged or Merged()
    subject = answer.subject
    american = finding.regime.split(".")[0] == "us"
    context = notice_context(
        subject.book,
        finding,
        organisation_name=subject.organisation_name,
        now=workspace.reading_now or answer.assessment.now,
        draft=True,
        pack_sha256=answer.assessment.pack_sha256,
        wording=wording_for(language, american=american, own=workspace.own_folder),
        form=form,
        fields=merged.fields,
        categories=merged.categories,
        attachments=merged.attachments,
        exercise=subject.exercise,
    )
    notice = replace(fill(context, language, workspace.own_folder), paper="us-letter" if american else "a4")
    return _checked(answer, finding, notice, form)


def _with_news(answer: Answer, finding: Finding, notice: Notice, workspace: Workspace, form: str) -> Notice:
    """Marks what is new since the last filing in a report; a letter to a person marks nothing, and a register has no filing."""
    if finding.recipient.kind in ("individuals", "public", "media") or form in ("register", "substitute"):
        return notice
    return marked(answer, finding, notice, workspace, _make)


def _checked(answer: Answer, finding: Finding, notice: Notice, form: str) -> Drafted:
    book = answer.subject.book
    return Drafted(finding, notice, check(notice, finding, book.words, book), form)


def language_of(answer: Answer) -> str:
    """The language people's own sentences about the incident are written in; English while nobody said."""
    return answer.subject.book.text("incident.language") or "en"


def look_of(workspace: Workspace) -> Look | None:
    """The organisation's letterhead; None when its folder has none."""
    if workspace.own_folder is None:
        return None
    from breachkit.content.looks import load_look

    return load_look(workspace.own_folder)


def render_notice(answer: Answer, duty: str, workspace: Workspace, *, language: str | None = None) -> Drafted:
    """The notice of the one finding that `duty` names; UsageError when it names several."""
    return draft_notice(answer, answer.finding(duty), workspace, language=language)


def languages_for(finding: Finding, workspace: Workspace) -> tuple[str, ...]:
    """The languages its notice can be written in."""
    return templates.languages_of(finding.duty, finding.recipient.kind, workspace.own_folder)


def has_template(finding: Finding, workspace: Workspace, language: str = "en") -> bool:
    """Whether there is a notice for that duty in that language."""
    return templates.has_template(finding.duty, language, workspace.own_folder, kind=finding.recipient.kind)


def first_drafts(answer: Answer, workspace: Workspace) -> list[Drafted]:
    """Drafts of every open duty that has a template, most urgent first: what a responder wants to see at once."""
    language = language_of(answer)
    found = [f for f in answer.assessment.findings if f.running and has_template(f, workspace)]
    spoken = {f.id: language if has_template(f, workspace, language) else "en" for f in found}
    return [draft_notice(answer, f, workspace, language=spoken[f.id]) for f in found]


def note_rendered(
    workspace: Workspace, journal: Journal, answer: Answer, made: Drafted, format: str, document: str | bytes
) -> None:
    """Keep in the timeline that a notice was written out, with the hash of its bytes. Facts files keep no timeline."""
    incident = answer.subject.incident
    if incident is None:
        return
    digest = hashlib.sha256(document if isinstance(document, bytes) else document.encode()).hexdigest()
    body = {"duty": made.id, "format": format, "language": made.notice.language, "sha256": digest}
    journal.append(
        incident.id,
        [Draft("notice.rendered", body)],
        expected=journal.head(incident.id)[0],
        actor=workspace.who,
        recorded_at=workspace.writing_time(),
    )
