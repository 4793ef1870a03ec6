"""A track decides what a paper holds, and nothing else: facts on it count, and of what is left out no more is told."""

from __future__ import annotations

import pytest

from breachkit.errors import JournalConflict, Refused, UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow import recording, tracks
from breachkit.workflow.report_readers import document_for, seen_by
from breachkit.workflow.subjects import Subject, answer, subject_of_incident
from breachkit.workflow.workspace import Workspace

from .approving import REPORT, approve, opened, record


@pytest.fixture
def incident(workspace: Workspace, journal: Journal) -> str:
    return opened(workspace, journal)


def now(workspace: Workspace, journal: Journal, incident: str) -> Subject:
    return subject_of_incident(journal, incident, workspace)


def test_a_privileged_fact_still_drives_duties(workspace: Workspace, journal: Journal, incident: str) -> None:
    record(workspace, journal, incident, {"risk.level": "high"}, track="privileged")
    subject = now(workspace, journal, incident)
    whole, kept = answer(subject, workspace), answer(tracks.on_record(subject).subject, workspace)
    assert whole.finding("eu.gdpr.34").status == "undetermined"
    assert kept.finding("eu.gdpr.34").status == "not_owed"


def test_a_correction_stays_on_the_track_of_what_it_corrects(workspace: Workspace, journal: Journal, incident: str) -> None:
    record(workspace, journal, incident, {"breach.root_cause": "a"}, track="privileged")
    record(workspace, journal, incident, {"breach.root_cause": "b", "people.kinds": ["patients"]})
    two = now(workspace, journal, incident).entries[-2:]
    assert [(entry.body["key"], entry.track) for entry in two] == [
        ("breach.root_cause", "privileged"),
        ("people.kinds", "factual"),
    ]
    assert "breach.root_cause" not in tracks.on_record(now(workspace, journal, incident)).subject.book.facts


def test_a_known_fact_is_not_silently_left_on_another_track(workspace: Workspace, journal: Journal, incident: str) -> None:
    with pytest.raises(Refused, match=r"breachkit journal track INC-1 \d+ privileged --reason"):
        record(workspace, journal, incident, {"people.total": "600"}, track="privileged")


def test_decisions_and_filings_can_lie_on_a_track(workspace: Workspace, journal: Journal, incident: str) -> None:
    recording.decide(workspace, journal, incident, "eu.gdpr.34", "refrain", "as counsel says", track="privileged")
    recording.file_duty(workspace, journal, incident, REPORT, reference="X-1", track="third_party")
    subject = now(workspace, journal, incident)
    kept = tracks.on_record(subject, keep=frozenset({"factual"}))
    assert [track for _, track in kept.withheld] == ["privileged", "third_party"]
    found = answer(kept.subject, workspace)
    assert found.finding("eu.gdpr.34").decision is None
    assert found.finding(REPORT).filed == ()
    assert tracks.on_record(subject).left_out == 1
    assert tracks.on_record(subject, privileged=True).left_out == 0


def test_a_decision_is_kept_without_the_withheld_values_it_rested_on(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    record(workspace, journal, incident, {"risk.level": "high"}, track="privileged")
    recording.decide(workspace, journal, incident, "eu.gdpr.34", "refrain", "nobody can be reached")
    subject = now(workspace, journal, incident)
    assert subject.entries[-1].body["rests_on"]["risk.level"] == "high"  # type: ignore[call-overload,index] # a JSON object
    kept = tracks.on_record(subject)
    assert kept.pruned == {subject.entries[-1].seq}
    assert "risk.level" not in str(kept.subject.entries[-1].body)
    assert kept.overtaken == ("risk.level",)
    assert kept.subject.book.text("risk.level") == "risk"


def test_a_value_said_again_on_the_record_is_no_longer_pruned(workspace: Workspace, journal: Journal, incident: str) -> None:
    record(workspace, journal, incident, {"risk.level": "high"}, track="privileged")
    record(workspace, journal, incident, {"risk.level": "risk"}, track="factual")
    recording.decide(workspace, journal, incident, "eu.gdpr.34", "refrain", "it is no high risk")
    kept = tracks.on_record(now(workspace, journal, incident))
    assert (kept.pruned, kept.overtaken) == (frozenset(), ())


# -- moving an entry


def test_an_entry_is_moved_by_a_later_one_and_the_chain_holds(workspace: Workspace, journal: Journal, incident: str) -> None:
    recording.note(workspace, journal, incident, "said too early")
    note = now(workspace, journal, incident).entries[-1]
    done = tracks.move_entry(workspace, journal, incident, note.seq, "privileged", reason="written for counsel")
    assert (done.before, done.entry.track, done.beside) == ("factual", "privileged", ())
    assert journal.verify() is None
    kept = tracks.on_record(now(workspace, journal, incident))
    assert kept.withheld == ((note.seq, "privileged"), (done.entry.seq, "privileged"))
    tracks.move_entry(workspace, journal, incident, note.seq, "factual", reason="counsel released it")
    again = tracks.on_record(now(workspace, journal, incident))
    assert [number for number, _ in again.withheld] == [done.entry.seq]
    assert tracks.tracks_of(again.subject.entries)[note.seq] == "factual"


def test_other_entries_on_the_same_fact_are_named(workspace: Workspace, journal: Journal, incident: str) -> None:
    record(workspace, journal, incident, {"people.total": "600..700", "people.in.ES": "600..700"})
    known = {entry.body.get("key"): entry.seq for entry in now(workspace, journal, incident).entries}
    first = next(e.seq for e in now(workspace, journal, incident).entries if e.body.get("key") == "people.total")
    done = tracks.move_entry(workspace, journal, incident, known["people.total"], "third_party", reason="from a client")
    assert done.beside == (first,)
    assert tracks.on_record(now(workspace, journal, incident), keep=frozenset({"factual"})).overtaken == ("people.total",)


def test_what_cannot_be_moved_is_refused_with_the_reason(workspace: Workspace, journal: Journal) -> None:
    incident = opened(workspace, journal, incident__invented="yes")
    entries = now(workspace, journal, incident).entries
    mark = next(entry.seq for entry in entries if entry.body.get("key") == "incident.invented")

    def move(number: int, track: str = "privileged", **more: object) -> tracks.Moved:
        given = {"reason": "because", **more}
        return tracks.move_entry(workspace, journal, incident, number, tracks.read_track(track), **given)  # type: ignore[arg-type] # as a caller who errs

    for number in (1, mark):
        with pytest.raises(Refused, match="in every paper"):
            move(number)
    with pytest.raises(Refused, match="on the factual track already"):
        move(2, "factual")
    with pytest.raises(UsageError, match=rf"no entry 99; it has 1 to {len(entries)}"):
        move(99)
    with pytest.raises(UsageError, match="needs its reason"):
        move(2, reason=" ")
    with pytest.raises(JournalConflict):
        move(2, seen=3)
    with pytest.raises(UnknownName, match="unknown track 'secret'"):
        move(2, "secret")
    assert tracks.read_track("third-party") == tracks.read_track("third_party") == "third_party"


def test_an_invented_incident_stays_marked_whatever_track_its_mark_is_said_to_lie_on(
    workspace: Workspace, journal: Journal, incident: str
) -> None:
    with pytest.raises(Refused, match="stays on the factual track"):
        record(workspace, journal, incident, {"incident.invented": "yes"}, track="privileged")
    record(workspace, journal, incident, {"incident.invented": "yes"})
    assert tracks.on_record(now(workspace, journal, incident), keep=frozenset()).subject.invented


def test_an_approval_on_the_privileged_track_is_in_no_paper(workspace: Workspace, journal: Journal, incident: str) -> None:
    done = approve(workspace, journal, incident, by="Ana Example", note="as counsel asked")
    tracks.move_entry(workspace, journal, incident, done.entry.seq, "privileged", reason="counsel's advice is in the note")
    subject = now(workspace, journal, incident)
    told = [document_for(reader, seen_by(reader, subject, workspace)).markdown() for reader in ("auditor", "executive")]
    assert not [text for text in told if "as counsel asked" in text or "Ana Example" in text]


def test_what_is_withheld_is_counted_in_words() -> None:
    assert tracks.withheld_words([(1, "privileged")]) == "1 entry of the privileged track"
    both = [(1, "privileged"), (2, "privileged"), (4, "third_party")]
    assert tracks.withheld_words(both) == "2 entries of the privileged track and 1 entry of the third-party track"
