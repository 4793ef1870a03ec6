"""Writing things down: what is recorded, what is refused, what stops a clock and what opens it again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from breachkit.content.organisations import load_organisation
from breachkit.domain.facts import read_instant
from breachkit.domain.findings import Finding
from breachkit.errors import BadValue, ImpossibleFacts, JournalConflict, Refused, UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow import recording, timeline
from breachkit.workflow.demo import open_sample
from breachkit.workflow.subjects import answer, laws_for, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.conftest import START, Clock

REPORT = "eu.gdpr.33@es-aepd"
FACTS: dict[str, Any] = {
    "role": "controller",
    "aware_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]",
    "risk.level": "risk",
    "breach.kinds": ["confidentiality"],
    "data.categories": ["full_name", "phone"],
    "people.total": "600",
    "people.in.ES": "600",
    "people.elsewhere": "0",
}


@pytest.fixture
def incident(workspace: Workspace, journal: Journal) -> str:
    """An incident of Example Co with people in Spain alone."""
    done = recording.open_incident(
        workspace, journal, title="Stolen laptop", organisation=load_organisation("example-co"), facts=FACTS, source="on call"
    )
    return done.incident


def record(workspace: Workspace, journal: Journal, incident: str, /, **more: Any) -> recording.Recorded:
    facts = {key.replace("__", "."): value for key, value in more.items()}
    return recording.record_facts(workspace, journal, incident, facts)


def finding(workspace: Workspace, journal: Journal, incident: str, duty: str = REPORT) -> Finding:
    return answer(subject_of_incident(journal, incident, workspace), workspace).finding(duty)


def known(workspace: Workspace, journal: Journal, incident: str, key: str) -> Any:
    return subject_of_incident(journal, incident, workspace).book.facts[key].raw


def test_opening_an_incident_records_the_profile_and_every_fact(workspace: Workspace, journal: Journal, incident: str) -> None:
    assert incident == "INC-1"
    entries = journal.entries(incident)
    assert [entry.kind for entry in entries] == ["incident.opened", *["fact.recorded"] * (1 + len(FACTS))]
    assert all((entry.actor, entry.recorded_at) == ("ana", START) for entry in entries)
    assert entries[0].body["organisation"]["id"] == "example-co"  # type: ignore[index,call-overload]
    assert entries[1].body == {"key": "incident.title", "value": "Stolen laptop", "source": "on call"}
    assert journal.verify() is None


def test_the_title_given_goes_before_a_title_among_the_facts(workspace: Workspace, journal: Journal) -> None:
    done = recording.open_incident(workspace, journal, title="Mine", facts={"incident.title": "Theirs", "people.total": "5"})
    assert known(workspace, journal, done.incident, "incident.title") == "Mine"


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"people.totl": "5"}, UnknownName),
        ({"aware_at": "yesterday"}, BadValue),
        ({"people.total": "5", "people.in.ES": "600"}, ImpossibleFacts),
    ],
)
def test_an_incident_with_a_wrong_fact_is_not_opened_at_all(
    workspace: Workspace, journal: Journal, facts: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        recording.open_incident(workspace, journal, title="x", facts=facts)
    assert journal.incidents() == []


def test_a_fact_is_recorded_with_its_source_certainty_and_time(workspace: Workspace, journal: Journal, incident: str) -> None:
    done = recording.record_facts(
        workspace,
        journal,
        incident,
        {"people.with.phone": "~500"},
        source="CRM export",
        certainty="estimated",
        happened_at="2026-11-21T09:00Z",
    )
    [entry] = done.entries
    assert entry.kind == "fact.recorded"
    assert entry.body == {
        "key": "people.with.phone",
        "value": "~500",
        "source": "CRM export",
        "certainty": "estimated",
        "happened_at": "2026-11-21T09:00Z",
    }


def test_another_value_is_a_correction_and_the_old_one_stays_in_the_timeline(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    clock.forward(hours=1)
    [entry] = record(workspace, journal, incident, people__in__ES="500..600").entries
    assert (entry.kind, entry.recorded_at) == ("fact.corrected", clock.moment)
    assert [line.text for line in timeline.lines(journal.entries(incident))][-1] == "people.in.ES corrected: 600 -> 500..600"
    assert known(workspace, journal, incident, "people.in.ES") == "500..600"
    before = replace(workspace, as_of=START)
    assert known(before, journal, incident, "people.in.ES") == "600"


def test_what_was_known_so_already_is_not_written_again(workspace: Workspace, journal: Journal, incident: str) -> None:
    recording.record_facts(workspace, journal, incident, {"breach.public": "no"}, source="press office")
    seq = journal.head(incident)[0]
    done = recording.record_facts(workspace, journal, incident, {"breach.public": "no"}, source="press office")
    assert (done.entries, done.unchanged) == ((), ("breach.public",))
    assert journal.head(incident)[0] == seq


def test_correcting_awareness_moves_every_deadline(workspace: Workspace, journal: Journal, incident: str) -> None:
    before = finding(workspace, journal, incident).due.target
    record(workspace, journal, incident, aware_at="2026-11-20T21:15:00+01:00[Europe/Brussels]")
    after = finding(workspace, journal, incident).due.target
    assert before is not None
    assert after is not None
    assert (before - after).total_seconds() == 3600


@pytest.mark.parametrize("facts", [{"people.total": "5"}, {"people.totl": "5"}, {"breach.public": "no", "aware_at": "soon"}])
def test_facts_are_recorded_together_or_not_at_all(
    workspace: Workspace, journal: Journal, incident: str, facts: dict[str, Any]
) -> None:
    seq = journal.head(incident)[0]
    with pytest.raises((ImpossibleFacts, UnknownName, BadValue)):
        recording.record_facts(workspace, journal, incident, facts)
    assert journal.head(incident)[0] == seq


@pytest.mark.parametrize(("key", "verb"), [("filed.eu.gdpr.33", "file"), ("decided.eu.gdpr.33", "decide")])
def test_filings_and_decisions_are_no_plain_facts(
    workspace: Workspace, journal: Journal, incident: str, key: str, verb: str
) -> None:
    with pytest.raises(UsageError, match=f"is recorded with `breachkit {verb}`"):
        recording.record_facts(workspace, journal, incident, {key: [{"at": "2026-11-21T10:00Z"}]})


def test_an_example_never_turns_into_a_real_incident_nor_the_reverse(workspace: Workspace, journal: Journal) -> None:
    sample = open_sample(workspace, journal, "example-co")
    with pytest.raises(Refused, match="cannot be changed: an example must never turn into a real incident, nor the reverse"):
        record(workspace, journal, sample, incident__invented="no")
    real = recording.open_incident(workspace, journal, title="x", facts={"incident.invented": "no"}).incident
    with pytest.raises(Refused, match="cannot be changed"):
        record(workspace, journal, real, incident__invented="yes")


def test_a_decision_keeps_the_facts_it_rests_on_and_reopens_when_one_of_them_changes(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    recording.decide(workspace, journal, incident, REPORT, "refrain", "the data was encrypted")
    decided = finding(workspace, journal, incident)
    assert decided.decision is not None
    assert (decided.status, decided.decision.choice, decided.decision.reopened) == ("owed", "refrain", False)
    record(workspace, journal, incident, breach__public="no")
    unchanged = finding(workspace, journal, incident).decision
    assert unchanged is not None
    assert not unchanged.reopened
    record(workspace, journal, incident, risk__level="high")
    reopened = finding(workspace, journal, incident).decision
    assert reopened is not None
    assert (reopened.reopened, reopened.changed) == (True, ("risk.level",))


@pytest.mark.parametrize(
    ("choice", "ground", "said"),
    [("wait", "x", "a decision is notify or refrain, not 'wait'"), ("refrain", "  ", "a decision needs its ground")],
)
def test_a_decision_is_notify_or_refrain_with_its_ground(
    workspace: Workspace, journal: Journal, incident: str, choice: str, ground: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        recording.decide(workspace, journal, incident, REPORT, choice, ground)


def test_the_clock_stops_only_on_a_reference(workspace: Workspace, journal: Journal, incident: str) -> None:
    with pytest.raises(UsageError, match="a clock stops only on proof"):
        recording.file_duty(workspace, journal, incident, REPORT, reference="  ")
    assert finding(workspace, journal, incident).open
    recording.file_duty(workspace, journal, incident, REPORT, reference="2026-118823", at="2026-11-21T10:00Z", lacked=())
    done = finding(workspace, journal, incident)
    assert done.status == "done"
    assert done.filed[0]["reference"] == "2026-118823"


def test_what_a_first_report_lacked_stays_owed_until_an_update_brings_it(
    workspace: Workspace, journal: Journal, incident: str, clock: Clock
) -> None:
    [entry] = recording.file_duty(workspace, journal, incident, REPORT, reference="1").entries
    lacked = entry.body["lacked"]
    assert isinstance(lacked, list)
    assert {"consequences", "measures"} <= set(lacked)
    update = "eu.gdpr.33.update@es-aepd"
    assert finding(workspace, journal, incident, update).status == "owed"
    clock.forward(hours=5)
    recording.file_duty(workspace, journal, incident, REPORT, reference="2", kind="update", lacked=("consequences",))
    assert finding(workspace, journal, incident, update).status == "owed"
    recording.file_duty(workspace, journal, incident, REPORT, reference="3", kind="update", lacked=())
    assert finding(workspace, journal, incident, update).status in ("not_owed", "done")


def test_nothing_known_is_listed_as_lacking(workspace: Workspace, journal: Journal, incident: str) -> None:
    before = recording.missing_elements(
        finding(workspace, journal, incident), subject_of_incident(journal, incident, workspace).book
    )
    record(workspace, journal, incident, consequences="Fraud by telephone", measures__taken="The account was closed")
    after = recording.missing_elements(
        finding(workspace, journal, incident), subject_of_incident(journal, incident, workspace).book
    )
    assert set(after) < set(before)


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"kind": "second"}, UsageError, "a filing is first, update or withdrawal, not 'second'"),
        ({"at": "2026-11-21T12:01Z"}, Refused, "is in the future; a filing is recorded after it was made"),
        ({"at": "2026-11-21T10:00"}, BadValue, "has no offset or zone"),
    ],
)
def test_a_filing_that_cannot_be_is_refused(
    workspace: Workspace, journal: Journal, incident: str, more: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        recording.file_duty(workspace, journal, incident, REPORT, reference="1", **more)


def test_an_unknown_duty_names_the_nearest_and_a_shared_one_its_recipients(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    with pytest.raises(UnknownName) as problem:
        recording.file_duty(workspace, journal, incident, "eu.gdpr.3", reference="1")
    assert any(near.startswith("eu.gdpr.3") for near in problem.value.nearest)


@pytest.mark.parametrize("looking", [{"reading_now": START}, {"as_of": START}])
def test_nothing_is_recorded_at_a_time_that_is_not_now(
    workspace: Workspace, journal: Journal, incident: str, looking: dict[str, Any]
) -> None:
    past = replace(workspace, **looking)
    writes = (
        lambda: record(past, journal, incident, breach__public="no"),
        lambda: recording.decide(past, journal, incident, REPORT, "notify", "owed"),
        lambda: recording.file_duty(past, journal, incident, REPORT, reference="1"),
        lambda: recording.note(past, journal, incident, "x"),
        lambda: recording.open_incident(past, journal, title="x"),
    )
    seq = journal.head(incident)
    for write in writes:
        with pytest.raises(Refused, match="--now and --as-of only look"):
            write()
    assert journal.head(incident) == seq
    assert journal.incidents() == [incident]


def test_whoever_saw_an_older_entry_is_told_of_the_newer_one(workspace: Workspace, journal: Journal, incident: str) -> None:
    seen = journal.head(incident)[0]
    recording.record_facts(workspace, journal, incident, {"breach.public": "no"}, seen=seen)
    with pytest.raises(JournalConflict) as conflict:
        recording.record_facts(workspace, journal, incident, {"breach.public": "yes"}, seen=seen)
    assert (conflict.value.expected, conflict.value.actual) == (seen, seen + 1)
    assert known(workspace, journal, incident, "breach.public") == "no"


def test_an_incident_is_not_closed_while_a_duty_is_open(workspace: Workspace, journal: Journal, incident: str) -> None:
    with pytest.raises(Refused, match=r"INC-1 has \d+ open duties: .*File or decide each first"):
        recording.close_incident(workspace, journal, incident, reason="over")
    for one in answer(subject_of_incident(journal, incident, workspace), workspace).assessment.findings:
        if one.open:
            recording.decide(workspace, journal, incident, one.id, "refrain", "an exercise")
    recording.close_incident(workspace, journal, incident, reason="over")
    assert journal.entries(incident)[-1].kind == "incident.closed"
    with pytest.raises(Refused, match="INC-1 is closed already"):
        recording.close_incident(workspace, journal, incident, reason="over")


def test_a_note_stands_in_the_timeline_and_changes_no_fact(workspace: Workspace, journal: Journal, incident: str) -> None:
    before = subject_of_incident(journal, incident, workspace).book.facts
    recording.note(workspace, journal, incident, "counsel called")
    assert [line.text for line in timeline.lines(journal.entries(incident))][-1] == "note: counsel called"
    assert subject_of_incident(journal, incident, workspace).book.facts == before


def test_the_laws_in_use_are_kept_once_per_hash(workspace: Workspace, journal: Journal, incident: str) -> None:
    pack = laws_for(load_organisation("example-co"), workspace).pack
    kept = journal.law_pack(pack.sha256)
    assert kept is not None
    token = journal.token()
    recording.keep_law_pack(journal, load_organisation("example-co"), workspace)
    assert not journal.changed_since(token)
    other = laws_for(load_organisation("inum"), workspace).pack
    assert journal.law_pack(other.sha256) is None
    recording.open_incident(workspace, journal, title="x", organisation=load_organisation("inum"))
    assert journal.law_pack(other.sha256) is not None
    assert other.sha256 != pack.sha256


def test_a_sample_keeps_the_times_of_its_file(workspace: Workspace, journal: Journal) -> None:
    sample = open_sample(workspace, journal, "example-co")
    raw = known(workspace, journal, sample, "aware_at")
    assert read_instant(raw).zone == "Europe/Brussels"
    assert journal.entries(sample)[1].body["source"] == "sample incident"


def test_closing_asks_for_what_would_settle_the_laws_nobody_pointed_to(workspace: Workspace, journal: Journal) -> None:
    opened = recording.open_incident(workspace, journal, title="Stolen laptop", facts={"aware_at": FACTS["aware_at"]}).incident
    where = "where all affected people live (people.elsewhere=0 closes the list)"
    home = "where the organisation is established"
    trade = "in which regulated sectors the organisation works (organisation.sectors=[] says none)"

    def refused() -> str:
        with pytest.raises(Refused) as problem:
            recording.close_incident(workspace, journal, opened, reason="handled")
        return str(problem.value)

    assert where in refused()
    assert trade in refused()
    record(workspace, journal, opened, people__in__ES="5", people__elsewhere="0")
    assert where not in refused()
    assert home in refused()
    record(workspace, journal, opened, organisation__sectors=[], organisation__established_in=["ES"])
    assert home in refused()  # a list of places without the main one may lack it
    record(workspace, journal, opened, organisation__main_establishment="ES")
    assert "nobody spoke of" not in refused()
    assert "eu.gdpr.33@es-aepd" in refused()


def test_a_list_of_places_that_names_none_is_not_closed_by_accident(workspace: Workspace) -> None:
    with workspace.journal() as journal:
        opened = recording.open_incident(workspace, journal, title="Just found", facts={"aware_at": "2026-11-21T10:00:00Z"})
        with pytest.raises(Refused, match=r"people\.in\.ES"):
            recording.record_facts(workspace, journal, opened.incident, {"people.elsewhere": "0"})
        recording.record_facts(workspace, journal, opened.incident, {"people.elsewhere": "0", "people.in.ES": "10"})
