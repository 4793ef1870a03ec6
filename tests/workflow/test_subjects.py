"""What a question is about: the same facts give the same answer, wherever they come from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.organisations import profile_ids, sample_path
from breachkit.errors import BadValue, UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow import contract, recording
from breachkit.workflow.demo import open_sample
from breachkit.workflow.subjects import Answer, answer, read_fact, subject_of_file, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.conftest import START

HIGH = {"risk.level": "high", "risk.removed_by_measures": "no", "notice.disproportionate_effort": "no"}


def told(found: Answer) -> dict[str, Any]:
    whole = json.loads(json.dumps(contract.duties(found)))
    assert whole.pop("incident")["invented"] is True
    return whole  # type: ignore[no-any-return]


@pytest.mark.parametrize("organisation", profile_ids())
def test_a_facts_file_and_an_incident_with_the_same_facts_get_the_same_duties(
    workspace: Workspace, journal: Journal, organisation: str
) -> None:
    recorded = subject_of_incident(journal, open_sample(workspace, journal, organisation), workspace)
    written = subject_of_file(sample_path(organisation))
    assert told(answer(recorded, workspace)) == told(answer(written, workspace))


def test_a_file_through_a_pipe_is_the_same_subject() -> None:
    path = sample_path("example-co")
    piped = subject_of_file(None, text=path.read_bytes())
    assert piped.name == "standard input"
    assert piped.book == subject_of_file(path).book


def test_supposing_a_fact_changes_this_answer_and_nothing_that_is_stored(workspace: Workspace, journal: Journal) -> None:
    incident = open_sample(workspace, journal, "example-co")
    subject = subject_of_incident(journal, incident, workspace)
    token, before = journal.token(), told(answer(subject, workspace))
    supposed = answer(subject, workspace, what_if=HIGH)
    assert supposed.finding("eu.gdpr.34").status == "owed"
    assert answer(subject, workspace).finding("eu.gdpr.34").status == "not_owed"
    assert supposed.subject.book.facts["risk.level"].source == "what if"
    assert not journal.changed_since(token)
    assert told(answer(subject_of_incident(journal, incident, workspace), workspace)) == before


@pytest.mark.parametrize(("supposed", "error"), [({"risk.levl": "high"}, UnknownName), ({"risk.level": "hihg"}, BadValue)])
def test_a_wrong_supposition_is_refused(workspace: Workspace, supposed: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        answer(subject_of_file(sample_path("example-co")), workspace, what_if=supposed)


def test_an_answer_as_of_then_knows_only_what_was_recorded_by_then(workspace: Workspace, journal: Journal, clock: Any) -> None:
    incident = open_sample(workspace, journal, "example-co")
    clock.forward(hours=2)
    recording.record_facts(workspace, journal, incident, HIGH)
    then = replace(workspace, as_of=START)
    assert answer(subject_of_incident(journal, incident, then), then).finding("eu.gdpr.34").status == "not_owed"
    assert answer(subject_of_incident(journal, incident, workspace), workspace).finding("eu.gdpr.34").status == "owed"


def test_the_profile_is_the_one_of_the_day_the_incident_was_opened(workspace: Workspace, journal: Journal) -> None:
    incident = open_sample(workspace, journal, "example-co")
    subject = subject_of_incident(journal, incident, workspace)
    assert subject.organisation is not None
    assert subject.organisation_name == "Example Co"
    recording.record_facts(workspace, journal, incident, {"organisation.main_establishment": "FR"})
    moved = answer(subject_of_incident(journal, incident, workspace), workspace)
    assert moved.finding("eu.gdpr.33").recipient.id == "fr-cnil"


def test_the_law_of_another_day_may_be_asked(workspace: Workspace) -> None:
    found = answer(subject_of_file(sample_path("example-co")), workspace, law_date=date(2017, 1, 1))
    assert found.assessment.law_date == date(2017, 1, 1)
    assert found.finding("eu.gdpr.33").status == "not_in_force"


def test_a_duty_is_found_by_its_own_id_or_by_the_only_one_of_its_kind(workspace: Workspace) -> None:
    found = answer(subject_of_file(sample_path("example-co")), workspace)
    assert found.finding("eu.gdpr.33") is found.finding("eu.gdpr.33@es-aepd")
    with pytest.raises(UnknownName) as problem:
        found.finding("eu.gdpr.333")
    assert "eu.gdpr.33" in problem.value.nearest


def test_a_duty_owed_to_several_names_them(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "incident.yaml"
    path.write_text(
        "format: breachkit/facts@1\nfacts:\n  role: processor\n  aware_at: 2026-11-20T21:15Z\n"
        "  controllers.acct-01.name: One\n  controllers.acct-02.name: Two\n  organisation.established_in: [ES]\n"
    )
    with pytest.raises(UsageError, match=r"is owed to several recipients; name one: .*acct-01.*acct-02"):
        answer(subject_of_file(path), workspace).finding("eu.gdpr.33.2")


@pytest.mark.parametrize(("name", "said"), [("INC-2", "did you mean 'INC-1'"), ("nothing", "unknown incident 'nothing'")])
def test_an_unknown_incident_names_the_nearest(workspace: Workspace, journal: Journal, name: str, said: str) -> None:
    open_sample(workspace, journal, "example-co")
    with pytest.raises(UnknownName) as problem:
        subject_of_incident(journal, name, workspace)
    assert said in str(problem.value)


def test_an_empty_journal_says_that_it_holds_no_incident_yet(workspace: Workspace, journal: Journal) -> None:
    with pytest.raises(UnknownName, match="the journal holds none yet"):
        subject_of_incident(journal, "INC-1", workspace)


def test_a_fact_of_the_journal_is_read_as_one_of_a_file() -> None:
    assert read_fact("people.in.PR", "5").key == "people.in.US-PR"
