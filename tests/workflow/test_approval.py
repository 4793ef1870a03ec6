"""An approval is given to words and facts: it ends with the first fact that changes, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from breachkit.content.factsfile import load_facts_file
from breachkit.content.organisations import sample_path
from breachkit.domain.approvals import Approval, Withdrawn, say_standing, snapshot_hash
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Draft
from breachkit.domain.notice_fields import NEW
from breachkit.errors import JournalConflict, Refused
from breachkit.storage.journal import Journal
from breachkit.workflow import approval, recording, timeline
from breachkit.workflow.notices import Drafted, draft_notice
from breachkit.workflow.subjects import Answer, answer, subject_of_file
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from .approving import FACTS, REPORT, approve, judged, looked_up, opened, record

CHANGES: dict[str, Any] = {
    "incident.title": "Laptop stolen",
    "incident.summary": "A laptop was taken from a car.",
    "began_at": "2026-11-15",
    "aware_at": "2026-11-20T22:14:00+01:00[Europe/Brussels]",
    "breach.kinds": ["confidentiality", "availability"],
    "data.categories": ["full_name"],
    "people.in.ES": "599..600",
    "people.total": "..600",
    "risk.level": "high",
    "measures.taken": "The account was closed at once.",
    "contact.name": "The privacy team",
    "breach.public": "no",
    "organisation.name": "Example Company",
    "loss.estimate_usd": "5",
}
"""A fact of each kind with another value: told in the notice or not, recorded before or not, or from the profile."""


@pytest.fixture
def incident(workspace: Workspace, journal: Journal) -> str:
    return opened(workspace, journal)


def test_an_approved_notice_is_no_draft_any_more(workspace: Workspace, journal: Journal, incident: str, clock: Clock) -> None:
    assert looked_up(workspace, journal, incident) == (None, None)
    done = approve(workspace, journal, incident, by="Ana Example", note="read aloud")
    clock.forward(days=2)
    standing, notice = looked_up(workspace, journal, incident)
    assert standing == done.approval
    assert notice is not None
    assert not notice.draft
    assert (notice.source, notice.written_on) == (done.made.notice.source, done.made.notice.written_on)
    assert say_standing(standing) == "approved by Ana Example on Sat 21 Nov 2026 12:00 UTC"
    assert next(iter(timeline.lines([done.entry]))).text == (
        f"notice approved by Ana Example: {REPORT} (en, snapshot {done.approval.snapshot[:12]}): read aloud"
    )
    assert journal.verify() is None


@pytest.mark.parametrize(("key", "value"), CHANGES.items(), ids=CHANGES)
def test_any_changed_fact_withdraws_it_and_changing_it_back_does_not_help(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock, key: str, value: Any
) -> None:
    approve(workspace, journal, incident)
    clock.forward(hours=1)
    record(replace(workspace, actor="ben"), journal, incident, {key: value})
    standing, notice = looked_up(workspace, journal, incident)
    assert notice is None
    assert isinstance(standing, Withdrawn)
    [change] = standing.changes
    assert (change.what, change.at, change.by) == (key, clock.moment, "ben")
    if key in FACTS:
        record(workspace, journal, incident, {key: FACTS[key]})
        assert isinstance(looked_up(workspace, journal, incident)[0], Withdrawn)
    approve(workspace, journal, incident, incomplete="as far as it goes")
    assert isinstance(looked_up(workspace, journal, incident)[0], Approval)


def test_a_withdrawn_approval_says_which_fact_changed_from_what_to_what(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    approve(workspace, journal, incident)
    clock.forward(hours=1)
    record(workspace, journal, incident, {"people.total": "~600"}, certainty="estimated")
    assert say_standing(looked_up(workspace, journal, incident)[0]) == (
        "approved by ana on Sat 21 Nov 2026 12:00 UTC; withdrawn: people.total changed from 600 to ~600 (estimated) "
        "on Sat 21 Nov 2026 13:00 UTC by ana; approve again"
    )


def test_a_fact_that_is_only_less_sure_withdraws_it_too(workspace: Workspace, journal: Journal, incident: str) -> None:
    approve(workspace, journal, incident)
    record(workspace, journal, incident, {"records.total": "700"}, certainty="estimated")
    assert isinstance(looked_up(workspace, journal, incident)[0], Withdrawn)


def test_what_tells_no_fact_leaves_it_standing(workspace: Workspace, journal: Journal, incident: str, clock: Clock) -> None:
    approve(workspace, journal, incident)
    clock.forward(hours=30)
    recording.file_duty(workspace, journal, incident, REPORT, reference="2026-118823")
    recording.decide(workspace, journal, incident, "eu.gdpr.34", "refrain", "no high risk")
    recording.note(workspace, journal, incident, "called the insurer")
    record(workspace, journal, incident, {"people.total": "600"}, source="the CRM export")
    journal.append(
        incident,
        [Draft("notice.rendered", {"duty": REPORT, "format": "md", "language": "en", "sha256": "0" * 64})],
        expected=journal.head(incident)[0],
        actor="ben",
        recorded_at=clock.moment,
    )
    clock.forward(days=90)
    standing, notice = looked_up(workspace, journal, incident)
    assert isinstance(standing, Approval)
    assert notice is not None


def test_each_language_and_form_is_approved_by_itself(workspace: Workspace, journal: Journal, incident: str) -> None:
    approve(workspace, journal, incident)
    approve(workspace, journal, incident, "eu.gdpr.33.withdrawal@es-aepd", incomplete="nothing more is known")
    found = judged(workspace, journal, incident)
    finding = found.finding(REPORT)
    for form in ("", "withdrawal"):
        notice = approval.approved_notice(found, finding, workspace, draft_notice, "en", form)
        assert notice is not None
        assert notice.source == draft_notice(found, finding, workspace, form=form).notice.source
    assert approval.standing_of(found, finding, workspace, draft_notice, "es") is None
    assert approval.standing_of(found, finding, workspace, draft_notice, "en", "final") is None
    assert [one.duty for one, _ in approval.all_standings(found, workspace, draft_notice)] == [
        REPORT,
        "eu.gdpr.33.withdrawal@es-aepd",
    ]


def test_a_notice_that_is_not_complete_is_approved_only_with_a_reason(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    incident = opened(workspace, journal, consequences=None, measures__taken=None)
    head = journal.head(incident)
    with pytest.raises(Refused, match=r"not complete and was not approved: it lacks consequences"):
        approve(workspace, journal, incident)
    assert journal.head(incident) == head
    done = approve(workspace, journal, incident, incomplete="the clock runs out tonight")
    assert done.approval.incomplete == "the clock runs out tonight"
    assert "though not complete (the clock runs out tonight)" in say_standing(done.approval)


def test_a_reason_for_gaps_is_not_kept_where_there_are_none(workspace: Workspace, journal: Journal, incident: str) -> None:
    assert approve(workspace, journal, incident, incomplete="to be sure").approval.incomplete == ""


def test_nobody_approves_what_somebody_else_just_changed(workspace: Workspace, journal: Journal, incident: str) -> None:
    seen = journal.head(incident)[0]
    with workspace.journal() as other:
        record(replace(workspace, actor="ben"), other, incident, {"people.total": "..600"})
    with pytest.raises(JournalConflict):
        approve(workspace, journal, incident, seen=seen)
    assert looked_up(workspace, journal, incident) == (None, None)


def test_a_change_on_another_terminal_withdraws_it_here(workspace: Workspace, journal: Journal, incident: str) -> None:
    approve(workspace, journal, incident)
    with workspace.journal() as other:
        record(replace(workspace, actor="ben"), other, incident, {"breach.public": "yes"})
    standing, _ = looked_up(workspace, journal, incident)
    assert isinstance(standing, Withdrawn)
    assert standing.changes[0].by == "ben"
    with workspace.journal() as other:
        approve(replace(workspace, actor="ben"), other, incident)
    assert isinstance(looked_up(workspace, journal, incident)[0], Approval)


def test_looking_back_shows_the_approval_that_stood_then(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    approve(workspace, journal, incident)
    then = clock.moment
    clock.forward(hours=1)
    record(workspace, journal, incident, {"people.total": "..600"})
    assert isinstance(looked_up(workspace, journal, incident)[0], Withdrawn)
    assert isinstance(looked_up(replace(workspace, as_of=then), journal, incident)[0], Approval)


@pytest.mark.parametrize("looking", ["reading_now", "as_of"])
def test_nothing_is_approved_while_only_looking(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock, looking: str
) -> None:
    with pytest.raises(Refused, match="only look"):
        approve(replace(workspace, **{looking: clock.moment}), journal, incident)  # type: ignore[arg-type]


def test_supposed_facts_and_another_law_date_are_not_what_was_approved(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    approve(workspace, journal, incident)
    subject = judged(workspace, journal, incident).subject
    for supposed in ({"what_if": {"people.total": "..600"}}, {"law_date": clock.moment.date()}):
        found = answer(subject, workspace, **supposed)  # type: ignore[arg-type]
        assert approval.approved_notice(found, found.finding(REPORT), workspace, draft_notice) is None


def test_another_template_withdraws_it_and_says_so(
    workspace: Workspace, journal: Journal, incident: str, tmp_path: Any
) -> None:
    approve(workspace, journal, incident)
    own = tmp_path / "own" / "notices" / "eu.gdpr"
    own.mkdir(parents=True)
    (own / "33.md.j2").write_text("# Other words\n")
    standing, notice = looked_up(replace(workspace, own=tmp_path / "own"), journal, incident)
    assert notice is None
    assert isinstance(standing, Withdrawn)
    assert "template changed" in say_standing(standing)


def test_the_notice_that_every_screen_shows_is_the_approved_one(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    found = judged(workspace, journal, incident)
    drafted = draft_notice(found, found.finding(REPORT), workspace)
    assert drafted.file_name("pdf").startswith("DRAFT-")
    approve(workspace, journal, incident)
    clock.forward(days=2)
    found = judged(workspace, journal, incident)
    shown = draft_notice(found, found.finding(REPORT), workspace)
    assert (shown.notice.source, shown.notice.draft) == (drafted.notice.source, False)
    assert shown.file_name("pdf") == "eu.gdpr.33-at-es-aepd.en.pdf"
    record(workspace, journal, incident, {"people.total": "..600"})
    found = judged(workspace, journal, incident)
    again = draft_notice(found, found.finding(REPORT), workspace)
    assert again.notice.draft
    assert again.file_name("pdf").startswith("DRAFT-")
    assert isinstance(again.standing, Withdrawn)


def test_a_notice_is_approved_in_the_language_of_the_incident(workspace: Workspace, journal: Journal, incident: str) -> None:
    found, asked = judged(workspace, journal, incident), []
    before = draft_notice(found, found.finding(REPORT), workspace)

    def make(answer: Answer, finding: Finding, workspace: Workspace, /, *, language: str = "en", form: str = "") -> Drafted:
        asked.append(language)
        return before

    record(workspace, journal, incident, {"incident.language": "es"})
    done = approval.approve(workspace, journal, incident, REPORT, make, incomplete="as far as it goes")
    assert (asked, done.approval.language) == (["es"], "es")


def test_a_facts_file_has_no_approvals(workspace: Workspace) -> None:
    found = answer(subject_of_file(sample_path("example-co")), workspace)
    assert approval.stands(found, found.finding(REPORT), workspace, draft_notice) == (None, None)


def test_an_invented_incident_keeps_its_mark_when_its_notice_is_approved(workspace: Workspace, journal: Journal) -> None:
    held = load_facts_file(sample_path("example-co"))
    incident = recording.open_incident(
        workspace, journal, title="x", organisation=held.organisation, facts=held.written(source="sample")
    ).incident
    approve(workspace, journal, incident, incomplete="the rest follows")
    _, notice = looked_up(workspace, journal, incident)
    assert notice is not None
    assert (notice.draft, notice.invented) == (False, True)


def test_a_clients_notice_ends_with_a_fact_of_its_own_and_not_with_anothers(workspace: Workspace, journal: Journal) -> None:
    clients = {
        "role": "processor",
        "people__total": None, "people__in__ES": None, "people__elsewhere": None, "people__kinds": None,
        "data__categories": None, "data__categories_complete": None, "records__total": None,
        "controllers__one__name": "One Ltd", "controllers__one__people.total": "40",
        "controllers__two__name": "Two Ltd", "controllers__two__people.total": "50",
    }  # fmt: skip
    incident = opened(workspace, journal, **clients)
    mine = "eu.gdpr.33.2@one"
    approve(workspace, journal, incident, mine, incomplete="first word")
    record(workspace, journal, incident, {"controllers.two.people.total": "60"})
    assert isinstance(looked_up(workspace, journal, incident, mine)[0], Approval)
    record(workspace, journal, incident, {"controllers.one.people.total": "41"})
    standing, _ = looked_up(workspace, journal, incident, mine)
    assert isinstance(standing, Withdrawn)
    assert standing.changes[0].what == "controllers.one.people.total"


def test_the_snapshot_is_of_words_language_template_laws_and_facts_but_not_of_marks(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    found = judged(workspace, journal, incident)
    notice, book = draft_notice(found, found.finding(REPORT), workspace).notice, found.subject.book
    whole = snapshot_hash(notice, book)
    assert snapshot_hash(replace(notice, source=notice.source.replace("\n\n", f"{NEW}\n\n"), draft=False), book) == whole
    for other in (
        replace(notice, source=notice.source + "."),
        replace(notice, language="es"),
        replace(notice, template_sha256="0"),
        replace(notice, pack_sha256="0"),
    ):
        assert snapshot_hash(other, book) != whole
