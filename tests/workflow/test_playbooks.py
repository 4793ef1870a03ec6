"""An incident suggests its playbooks, shows their steps most urgent first, and remembers who ticked what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.factsfile import load_facts_file
from breachkit.content.organisations import organisation_folder
from breachkit.content.playbooks import load_playbook
from breachkit.domain.playbook import PHASES, STATES, StepStanding
from breachkit.errors import BadFile, JournalConflict, Refused, UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow.playbooks import as_json, followed, left_words, mark_step, playbook_json, steps_of, suggested, why_words
from breachkit.workflow.recording import open_incident, record_facts
from breachkit.workflow.subjects import Subject, subject_of_file, subject_of_incident
from breachkit.workflow.timeline import lines
from breachkit.workflow.workspace import Workspace
from tests.conftest import START, Clock

SAMPLES = {
    "example-co.incident.yaml": ["general", "exposed-storage"],
    "innexum.incident.yaml": ["general", "exposed-storage"],
    "inum.incident.yaml": ["general", "exposed-storage"],
    "intnet-iq.incident.yaml": ["general", "upstream-provider"],
    "callgenie.incident.yaml": ["general"],
    "innovat.incident.yaml": ["general"],
    "inum.staff.incident.yaml": ["general"],
}


def opened(workspace: Workspace, journal: Journal, **facts: Any) -> str:
    return open_incident(workspace, journal, title="Something happened", facts=facts).incident


def subject(workspace: Workspace, journal: Journal, id: str = "INC-1") -> Subject:
    return subject_of_incident(journal, id, workspace)


def step(found: Subject, id: str) -> StepStanding:
    return next(one for one in steps_of(found) if one.id == id)


# -- which playbooks -----------------------------------------------------------------


def test_every_sample_incident_is_looked_at() -> None:
    assert {path.name for path in organisation_folder().glob("*.incident.yaml")} == set(SAMPLES)


@pytest.mark.parametrize(("name", "ids"), SAMPLES.items(), ids=SAMPLES)
def test_a_sample_incident_suggests_what_fits_it(name: str, ids: list[str]) -> None:
    found = subject_of_file(organisation_folder() / name)
    assert [book.id for book in suggested(found)] == ids
    steps = steps_of(found)
    assert {one.playbook for one in steps} == set(ids)
    assert {one.state for one in steps} > {"open", "done"}
    assert all(one.due_at is None for one in steps)


def test_while_nobody_knows_the_cause_only_the_general_playbook_is_suggested(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    assert [book.id for book in suggested(subject(workspace, journal))] == ["general"]
    record_facts(workspace, journal, "INC-1", {"breach.cause": "ransomware"})
    assert [book.id for book in suggested(subject(workspace, journal))] == ["general", "ransomware"]
    record_facts(workspace, journal, "INC-1", {"business.source_of_breach": "no"})
    assert [book.id for book in suggested(subject(workspace, journal))] == ["general", "ransomware", "upstream-provider"]


def test_a_playbook_somebody_began_stays_when_the_cause_is_corrected(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal, **{"breach.cause": "ransomware"})
    mark_step(workspace, journal, "INC-1", "ransomware.isolate")
    record_facts(workspace, journal, "INC-1", {"breach.cause": "malware"}, reason="nothing was encrypted")
    found = subject(workspace, journal)
    assert [book.id for book in suggested(found)] == ["general"]
    assert [book.id for book in followed(found)] == ["general", "ransomware"]
    assert step(found, "ransomware.isolate").state == "done"
    mark_step(workspace, journal, "INC-1", "ransomware.isolate", done=False)
    assert [book.id for book in followed(subject(workspace, journal))] == ["general"]


def test_ones_own_playbook_is_suggested_like_a_shipped_one(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    folder = tmp_path / "ours" / "playbooks"
    folder.mkdir(parents=True)
    (folder / "lost-badge.yaml").write_text(
        "format: breachkit/playbook@1\nid: lost-badge\ntitle: Lost badge\nsummary: Ours.\n"
        "applies: {fact: breach.cause, is: lost_device}\nroles: [{id: lead, title: Lead, does: Leads.}]\n"
        "steps: [{id: block, phase: contain, title: Block it, text: Block it first., role: lead, within: PT10M}]\n",
        encoding="utf-8",
    )
    workspace.own = folder.parent
    opened(workspace, journal, **{"breach.cause": "lost_device"})
    found = subject(workspace, journal)
    assert [book.id for book in suggested(found, workspace.own_folder)] == ["general", "lost-badge"]
    assert steps_of(found, own=workspace.own_folder)[0].id == "lost-badge.block"
    mark_step(workspace, journal, "INC-1", "lost-badge.block")
    (folder / "broken.yaml").write_text("format: breachkit/playbook@1\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"broken\.yaml"):
        suggested(found, workspace.own_folder)


# -- how they stand --------------------------------------------------------------------


def test_open_steps_come_first_by_their_due_time_then_maybe_waiting_done_and_not_needed(
    workspace: Workspace, journal: Journal
) -> None:
    opened(workspace, journal, **{"breach.cause": "ransomware", "ransom.paid": "no", "role": "controller"})
    mark_step(workspace, journal, "INC-1", "ransomware.isolate")
    found = steps_of(subject(workspace, journal))
    order = [STATES.index(one.state) for one in found]
    assert order == sorted(order)
    assert {one.state for one in found} == set(STATES)
    open_ones = [one for one in found if one.state == "open"]
    due = [one.due_at for one in open_ones if one.due_at is not None]
    assert due == sorted(due)
    assert all(one.due_at is not None for one in open_ones[: len(due)])
    first = [PHASES.index(one.step.phase) for one in open_ones if one.due_at == due[0]]
    assert first == sorted(first)


def test_the_first_step_of_ransomware_is_to_cut_the_machines_off(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal, **{"breach.cause": "ransomware"})
    first = steps_of(subject(workspace, journal), [load_playbook("ransomware")])[0]
    assert first.id == "ransomware.isolate"
    assert (first.role.id, first.due_at) == ("technical", START + timedelta(minutes=15))
    assert left_words(first, START) == "15 min left"
    assert left_words(first, START + timedelta(hours=2)) == "1 h 45 min late"
    assert steps_of(subject(workspace, journal))[0].id == first.id


def test_the_ransom_is_decided_only_after_sanctions_backups_and_what_was_stolen(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal, **{"breach.cause": "ransomware"})
    assert step(subject(workspace, journal), "ransomware.decision").waits_for == (
        "ransomware.sanctions",
        "ransomware.backups-check",
        "ransomware.stolen",
    )
    assert step(subject(workspace, journal), "ransomware.payment").state == "not_known"
    assert step(subject(workspace, journal), "ransomware.rebuild").state == "waiting"


def test_nothing_is_cleaned_before_the_evidence_is_kept(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    assert step(subject(workspace, journal), "general.contain").waits_for == ("general.keep-evidence",)
    mark_step(workspace, journal, "INC-1", "general.keep-evidence")
    assert step(subject(workspace, journal), "general.contain").state == "open"
    record_facts(workspace, journal, "INC-1", {"contained_at": "2026-11-21T11:00Z"})
    done = step(subject(workspace, journal), "general.contain")
    assert (done.state, why_words(done)) == ("done", "the facts show it: contained_at is recorded: yes")


def test_recording_what_is_planned_does_not_say_that_it_was_done(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal, **{"contained_at": "2026-11-21T11:00Z", "measures.planned": "Exports expire after one hour."})
    mark_step(workspace, journal, "INC-1", "general.keep-evidence")
    assert step(subject(workspace, journal), "general.recover").state == "open"


def test_a_hold_is_settled_by_a_no_or_by_its_agency_its_end_and_its_form(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    assert step(subject(workspace, journal), "general.hold").state == "not_known"
    record_facts(workspace, journal, "INC-1", {"breach.malicious": "yes"})
    assert step(subject(workspace, journal), "general.hold").state == "open"
    record_facts(workspace, journal, "INC-1", {"hold.requested": "yes", "hold.agency": "the police"})
    assert step(subject(workspace, journal), "general.hold").state == "open"
    record_facts(workspace, journal, "INC-1", {"hold.until": "2026-12-01", "hold.form": "written"})
    assert step(subject(workspace, journal), "general.hold").state == "done"


def test_why_a_step_stands_so_is_said_in_words(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal, **{"breach.cause": "ransomware"})
    mark_step(workspace, journal, "INC-1", "ransomware.isolate", note="both file servers")
    found = subject(workspace, journal)
    assert why_words(step(found, "ransomware.isolate")) == ("ticked by ana on Sat 21 Nov 2026 12:00 UTC: both file servers")
    assert why_words(step(found, "ransomware.payment")) == "may be needed: a ransom was paid: not known yet"
    assert why_words(step(found, "ransomware.backups-check")) == "waits for ransomware.backups-off"
    assert why_words(step(found, "ransomware.backups-off")) == ""
    record_facts(workspace, journal, "INC-1", {"ransom.paid": "no"})
    not_needed = step(subject(workspace, journal), "ransomware.payment")
    assert why_words(not_needed) == "not needed: a ransom was paid: no"
    assert left_words(not_needed, START) == ""


# -- ticks -----------------------------------------------------------------------------


def test_a_tick_is_an_entry_with_who_when_and_why_and_can_be_taken_back(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    opened(workspace, journal)
    at = clock.forward(hours=1)
    made = mark_step(workspace, journal, "INC-1", "general.team", note="  Ana leads  ")
    [entry] = made.entries
    assert (entry.kind, entry.actor) == ("step.marked", "ana")
    assert entry.body == {"step": "general.team", "done": True, "note": "Ana leads"}
    found = step(subject(workspace, journal), "general.team")
    assert (found.state, found.done_at, found.done_by, found.note) == ("done", at, "ana", "Ana leads")
    mark_step(workspace, journal, "INC-1", "general.team", done=False)
    assert step(subject(workspace, journal), "general.team").state == "open"
    told = [line.text for line in lines(subject(workspace, journal).entries)][-2:]
    assert told == ["step general.team done: Ana leads", "step general.team taken back, no longer done"]
    assert journal.verify() is None


def test_what_is_so_already_is_not_written_again_unless_more_is_said(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    assert mark_step(workspace, journal, "INC-1", "general.team", done=False).unchanged == ("general.team",)
    assert mark_step(workspace, journal, "INC-1", "general.team").entries
    assert mark_step(workspace, journal, "INC-1", "general.team").unchanged == ("general.team",)
    assert mark_step(workspace, journal, "INC-1", "general.team", note="Ana leads").entries
    assert mark_step(workspace, journal, "INC-1", "general.team", note="Ana leads").entries == ()


def test_a_step_nobody_knows_is_not_ticked(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    with pytest.raises(UnknownName, match=r"unknown step 'general\.teem'; did you mean 'general\.team'"):
        mark_step(workspace, journal, "INC-1", "general.teem")
    with pytest.raises(UnknownName, match="unknown incident"):
        mark_step(workspace, journal, "INC-7", "general.team")


def test_a_tick_is_refused_when_somebody_else_wrote_meanwhile_and_while_looking_back(
    workspace: Workspace, journal: Journal
) -> None:
    opened(workspace, journal)
    with pytest.raises(JournalConflict):
        mark_step(workspace, journal, "INC-1", "general.team", seen=1)
    workspace.reading_now = START
    with pytest.raises(Refused, match="--now"):
        mark_step(workspace, journal, "INC-1", "general.team")


def test_a_tick_states_no_fact(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    before = subject(workspace, journal).book.facts
    mark_step(workspace, journal, "INC-1", "general.contain")
    assert subject(workspace, journal).book.facts == before


# -- JSON ------------------------------------------------------------------------------


def test_steps_as_json_hold_what_docs_promise(workspace: Workspace, journal: Journal) -> None:
    opened(workspace, journal)
    mark_step(workspace, journal, "INC-1", "general.team", note="Ana leads")
    found = subject(workspace, journal)
    made = as_json(found, steps_of(found))
    assert made["format"] == "breachkit/steps@1"
    by_id = {row["id"]: row for row in made["steps"]}
    assert by_id["general.team"]["done"] == {"at": START.isoformat(), "by": "ana", "note": "Ana leads"}
    contain = by_id["general.contain"]
    assert contain["done"] is None
    assert contain["due"] == (START + timedelta(hours=4)).isoformat()
    assert (contain["state"], contain["asks"], contain["lacks"]) == (
        "waiting", ["contained_at", "measures.taken"], ["contained_at", "measures.taken"],
    )  # fmt: skip
    assert (contain["role"], contain["phase"], contain["waits_for"]) == ("technical", "contain", ["general.keep-evidence"])
    assert {"title", "text", "needs", "because"} <= set(contain)


def test_a_playbook_as_json_says_conditions_in_words_and_spans_as_they_are_written() -> None:
    made = playbook_json(load_playbook("ransomware"))
    by_id = {row["id"]: row for row in made["steps"]}
    assert made["applies"] == "data was encrypted or taken for ransom"
    assert by_id["ransomware.payment"]["when"] == "a ransom was paid"
    assert by_id["ransomware.isolate"]["within"] == "PT15M"
    assert by_id["ransomware.isolate"]["when"] is None
    assert by_id["ransomware.decision"]["after"][0] == "ransomware.sanctions"
    assert playbook_json(load_playbook("general"))["applies"] is None


def test_a_sample_facts_file_holds_no_ticks() -> None:
    path = organisation_folder() / "example-co.incident.yaml"
    assert load_facts_file(path).facts
    assert all(not one.ticked for one in steps_of(subject_of_file(path)))
