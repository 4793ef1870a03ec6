"""One incident that was worked for four days, with something for each reader of its report and on each track."""

from __future__ import annotations

from typing import Any

from breachkit.domain.journal import Draft, Track
from breachkit.storage.journal import Journal
from breachkit.workflow import recording
from breachkit.workflow.subjects import Subject, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from .approving import REPORT, approve, opened, record

PRIVILEGED = ("counsel fears a claim by the insurer", "the disk was never encrypted, counsel was told")
THIRD_PARTY = ("Carrier Ltd saw the same on its own network",)
INTERNAL = ("called the night desk again", "step exposed-storage.record-setting", "reminded of")
"""What a team writes for itself."""


def add(journal: Journal, incident: str, clock: Clock, kind: str, body: dict[str, Any], track: Track = "factual") -> int:
    """Append an entry as another part of the house would; its number."""
    [entry] = journal.append(
        incident, [Draft(kind, body, track)], expected=journal.head(incident)[0], actor="ana", recorded_at=clock.moment
    )
    return entry.seq


def worked(workspace: Workspace, journal: Journal, clock: Clock) -> Subject:
    """Estimated, approved, filed, corrected, decided, sent and reminded of; one duty overdue, one still to come."""
    places = {"people__in__ES": "~4000", "people__in__GB": "40..90", "people__total": None, "breach__in_service": "no"}
    incident = opened(workspace, journal, risk__level="high", records__total=None, **places)
    record(workspace, journal, incident, {"people.total": "~4050"}, certainty="estimated", source="CRM export")
    approve(workspace, journal, incident, by="Ana Example", note="read aloud")
    add(journal, incident, clock, "note.added", {"text": INTERNAL[0]})
    add(journal, incident, clock, "note.added", {"text": PRIVILEGED[0]}, "privileged")
    clock.forward(hours=2)
    recording.file_duty(workspace, journal, incident, REPORT, reference="2026-118823", lacked=("count_records",))
    recording.decide(workspace, journal, incident, "contract.example-co.cyber-cover", "refrain", "The policy was ended in May.")
    recording.record_facts(workspace, journal, incident, {"breach.root_cause": PRIVILEGED[1]}, track="privileged")
    recording.record_facts(workspace, journal, incident, {"breach.how_found": THIRD_PARTY[0]}, track="third_party")
    add(journal, incident, clock, "step.marked", {"step": "exposed-storage.record-setting", "done": True})
    clock.forward(days=1)
    due = "2026-11-23T22:15:00+01:00"
    reminder = {"duty": "uk.gdpr.33", "finding": "uk.gdpr.33", "due": due, "before": "PT24H", "by": "mail", "proof": "250 ok"}
    add(journal, incident, clock, "reminder.sent", reminder)
    clock.forward(days=2)
    record(workspace, journal, incident, {"aware_at": "2026-11-20T21:55:00+01:00[Europe/Brussels]"}, reason="mail log")
    released = {
        "dispatch": "d-1", "duty": "eu.gdpr.34", "envelopes": 552, "channel": "mail", "snapshot": "5" * 64,
        "approved_by": ["Ana Example", "Ben Example"], "ground": "high risk", "manifest": "6" * 64, "count_typed": 552,
        "opted_out": 0,
    }  # fmt: skip
    add(journal, incident, clock, "dispatch.released", released)
    for counts in ({"queued": 552}, {"sent": 540, "refused": 12, "queued": 0}):
        clock.forward(minutes=10)
        body = {"dispatch": "d-1", "counts": counts, "receipts": "7" * 64, "servers": ["primary"]}
        add(journal, incident, clock, "delivery.recorded", body)
    exported = {"sha256": "8" * 64, "signer": "key-1", "redacted": ["privileged"], "timestamped": False}
    add(journal, incident, clock, "evidence.exported", exported)
    return subject_of_incident(journal, incident, workspace)
