"""Approving a notice, and telling whether an approval still stands: the notice is made again and compared by its hash.

`make` is `workflow.notices.draft_notice`. It is given subjects without approvals, so that it may itself ask for the approved
notice first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from breachkit.domain import approvals
from breachkit.domain.approvals import KIND, Approval, Change, Standing, Withdrawn
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Draft, Entry, Json
from breachkit.domain.notice_check import NoticeCheck
from breachkit.domain.notice_context import FORMS
from breachkit.domain.notices import Notice
from breachkit.errors import BreachkitError, Refused
from breachkit.storage.journal import Journal
from breachkit.workflow.recording import keep_law_pack
from breachkit.workflow.subjects import Answer, Subject, subject_of_entries, subject_of_incident
from breachkit.workflow.subjects import answer as judge
from breachkit.workflow.workspace import Workspace

NO_JOURNAL = (
    "a facts file keeps no journal, so nobody can be shown to have approved anything: its notices stay DRAFT. "
    "Open an incident from it: breachkit incident open --facts FILE"
)


class Made(Protocol):
    """A notice that was made, and what its check found."""

    @property
    def notice(self) -> Notice: ...

    @property
    def check(self) -> NoticeCheck: ...


class Make(Protocol):
    """How a notice is made from an answer; nothing is written."""

    def __call__(
        self, answer: Answer, finding: Finding, workspace: Workspace, /, *, language: str = ..., form: str = ...
    ) -> Made: ...


@dataclass(frozen=True)
class Approved:
    """What was approved just now."""

    approval: Approval
    entry: Entry
    made: Made


def approve(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    duty: str,
    make: Make,
    *,
    language: str | None = None,
    by: str | None = None,
    note: str = "",
    incomplete: str = "",
    seen: int | None = None,
) -> Approved:
    """Record that the notice, as it is made now, may be sent. Refused while its check is not complete and no reason is given.

    `duty` may name a form of notice beside the duty's own: `eu.gdpr.33.withdrawal`. `language` None: the
    incident's. `by` None: the actor. `seen` is the number of the last entry the person saw; JournalConflict when somebody
    wrote since.
    """
    at = workspace.writing_time().replace(microsecond=0)
    held = subject_of_incident(journal, incident, workspace)
    named, form = form_of(duty)
    who = (by or "").strip() or workspace.who
    joined = _joined(held, replace(workspace, reading_now=at), named, form, make, language, who)
    at = joined.at if joined is not None else at
    found = judge(_unapproved(held, held.entries), replace(workspace, reading_now=at))
    finding = found.finding(named)
    spoken = language or language_of(found)
    made = make(found, finding, replace(workspace, reading_now=at), language=spoken, form=form)
    if not made.check.complete and not incomplete.strip():
        raise Refused(
            f"{notice_id(finding, form)}: the notice is not complete and was not approved: {'; '.join(made.check.reasons())}. "
            'Record what is missing, or say why it is approved all the same: --incomplete "..."'
        )
    body: dict[str, Json] = {
        "duty": notice_id(finding, form),
        "language": spoken,
        "snapshot": approvals.snapshot_hash(made.notice, _book_of(found, finding)),
        "facts": approvals.told_hash(_book_of(found, finding)),
        "template": made.notice.template_sha256,
        "law_pack": made.notice.pack_sha256,
        "at": at.isoformat(timespec="seconds"),
        "by": who,
    }
    body |= {"joins": joined.seq} if joined is not None else {}
    body |= {"note": note.strip()} if note.strip() else {}
    body |= {"incomplete": incomplete.strip()} if not made.check.complete else {}
    keep_law_pack(journal, held.organisation, workspace)
    assert held.incident is not None
    expected = held.incident.seq if seen is None else seen
    [entry] = journal.append(
        incident, [Draft(KIND, body)], expected=expected, actor=workspace.who, recorded_at=workspace.writing_time()
    )
    return Approved(next(approvals.approvals([entry])), entry, made)


def _joined(
    held: Subject, workspace: Workspace, named: str, form: str, make: Make, language: str | None, who: str
) -> Approval | None:
    """The approval of somebody else that stands: who approves beside them approves the very same notice, of that day."""
    if not any(entry.kind == KIND for entry in held.entries):
        return None
    found = judge(held, workspace)
    standing = standing_of(found, found.finding(named), workspace, make, language or language_of(found), form)
    return standing if isinstance(standing, Approval) and not approvals.same_person(standing.by, who) else None


def approved_notice(
    answer: Answer, finding: Finding, workspace: Workspace, make: Make, language: str = "en", form: str = ""
) -> Notice | None:
    """The notice as it was approved, no draft any more; None when nobody approved it or the approval no longer stands."""
    return stands(answer, finding, workspace, make, language, form)[1]


def standing_of(
    answer: Answer, finding: Finding, workspace: Workspace, make: Make, language: str = "en", form: str = ""
) -> Standing:
    """The approval of a finding's notice, or the withdrawn one with what changed since; None when nobody approved it."""
    return stands(answer, finding, workspace, make, language, form)[0]


def stands(
    answer: Answer, finding: Finding, workspace: Workspace, make: Make, language: str = "en", form: str = ""
) -> tuple[Standing, Notice | None]:
    """Both at once. A facts file has no approvals, and none holds for supposed facts or another law date."""
    subject = answer.subject
    if subject.incident is None:
        return None, None
    profile = {key: fact.raw for key, fact in subject.organisation.facts.items()} if subject.organisation else {}
    standing = approvals.standing(
        subject.entries, notice_id(finding, form), language, controller=finding.controller, profile=profile
    )
    if not isinstance(standing, Approval):
        return standing, None
    if answer.assessment.law_date is not None:
        return Withdrawn(standing, (Change("law date", "each text's own", str(answer.assessment.law_date)),)), None
    try:
        again = _made_again(answer, finding, workspace, make, standing, form)
    except BreachkitError as problem:
        return Withdrawn(standing, (Change("text", "as approved", f"none: {problem}"),)), None
    if isinstance(again, Change):
        return Withdrawn(standing, (again,)), None
    return standing, replace(again, draft=False)


def all_standings(answer: Answer, workspace: Workspace, make: Make) -> Iterator[tuple[Approval, Standing]]:
    """The newest approval of every duty and language, oldest first, with its standing today."""
    for (duty, language), approval in approvals.last_approvals(answer.subject.entries).items():
        named, form = form_of(duty)
        finding = answer.assessment.find(named)
        if finding is None:
            yield approval, Withdrawn(approval, (Change("duty", duty, "none on these facts"),))
        else:
            yield approval, standing_of(answer, finding, workspace, make, language, form)


def form_of(named: str) -> tuple[str, str]:
    """A notice's name as that of its finding and the form beside the duty's own: `eu.gdpr.33.withdrawal@es-aepd`."""
    duty, at, recipient = named.partition("@")
    head, _, form = duty.rpartition(".")
    return (f"{head}{at}{recipient}", form) if form in FORMS else (named, "")


def language_of(answer: Answer) -> str:
    """The language people's own sentences about the incident are written in; English while nobody said."""
    return answer.subject.book.text("incident.language") or "en"


def notice_id(finding: Finding, form: str = "") -> str:
    """The name of a finding's notice in that form."""
    return f"{finding.duty}.{form}{finding.id.removeprefix(finding.duty)}" if form else finding.id


def _made_again(
    answer: Answer, finding: Finding, workspace: Workspace, make: Make, approval: Approval, form: str
) -> Notice | Change:
    """The notice of the approval's moment on today's facts, or what is different about it."""
    subject, then = answer.subject, replace(workspace, reading_now=approval.at)
    own = {f"filed.{finding.id}", f"filed.{finding.duty}"}
    book = subject.book
    if not own.isdisjoint(book.facts):
        # That it was filed since does not change what was approved.
        early = [one for one in subject.entries if one.seq <= approval.seq]
        before = subject_of_entries(subject.name, early, subject.exercise).book.facts
        kept = {key: fact for key, fact in book.facts.items() if key not in own}
        book = FactBook(kept | {key: before[key] for key in own if key in before}, book.words)
    entries = tuple(one for one in subject.entries if one.seq <= approval.seq or not _is_filing_of(one, own))
    again = judge(_unapproved(replace(subject, book=book), entries), then)
    if (same := again.assessment.find(finding.id)) is None:
        return Change("duty", finding.id, "none on these facts")
    notice = make(again, same, then, language=approval.language, form=form).notice
    if approvals.snapshot_hash(notice, _book_of(again, same)) == approval.snapshot:
        return notice
    for what, was, now in (
        ("law pack", approval.law_pack, notice.pack_sha256),
        ("template", approval.template, notice.template_sha256),
        ("facts", approval.facts, approvals.told_hash(_book_of(again, same))),
    ):
        if was != now:
            return Change(what, was[:12], now[:12])
    return Change("text", "as approved", "other words, made from other filings or decisions")


def _book_of(answer: Answer, finding: Finding) -> FactBook:
    book = answer.subject.book
    return book.for_controller(finding.controller) if finding.controller and book.whose is None else book


def _unapproved(subject: Subject, entries: tuple[Entry, ...]) -> Subject:
    return replace(subject, entries=tuple(entry for entry in entries if entry.kind != KIND))


def _is_filing_of(entry: Entry, own: set[str]) -> bool:
    return entry.kind == "filing.recorded" and f"filed.{entry.body['duty']}" in own
