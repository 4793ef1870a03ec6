"""One incident of Example Co that has all its report asks for, and short ways to approve and to look."""

from __future__ import annotations

from typing import Any

from breachkit.content.organisations import load_organisation
from breachkit.domain.approvals import Standing
from breachkit.domain.notices import Notice
from breachkit.storage.journal import Journal
from breachkit.workflow import approval, recording
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.subjects import Answer, answer, subject_of_incident
from breachkit.workflow.workspace import Workspace

REPORT = "eu.gdpr.33@es-aepd"
FACTS: dict[str, Any] = {
    "role": "controller",
    "began_at": "2026-11-16",
    "discovered_at": "2026-11-20T21:50:00+01:00[Europe/Brussels]",
    "aware_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]",
    "contained_at": "2026-11-20T22:40:00+01:00[Europe/Brussels]",
    "incident.summary": "A laptop was taken from a parked car.",
    "breach.kinds": ["confidentiality"],
    "breach.cause": "stolen_device",
    "breach.exfiltration": "likely",
    "breach.medium": ["electronic"],
    "data.categories": ["full_name", "phone"],
    "data.categories_complete": "no",
    "data.encrypted": "no",
    "records.total": "700",
    "people.kinds": ["users"],
    "people.total": "600",
    "people.in.ES": "600",
    "people.elsewhere": "0",
    "risk.level": "risk",
    "risk.reason": "Names and numbers can be used for convincing fraud.",
    "consequences": "Fraud and unwanted calls.",
    "measures.before": "Passwords on all laptops.",
    "measures.taken": "The account was closed.",
    "measures.planned": "Disks will be encrypted.",
    "measures.advice": "Be careful with calls you do not expect.",
    "contact.name": "Privacy team",
    "contact.email": "privacy@example-co.invalid",
}


def opened(workspace: Workspace, journal: Journal, **changes: Any) -> str:
    """The incident's id. A change is written with `__` for a dot; None leaves the fact out."""
    facts = {**FACTS, **{key.replace("__", "."): raw for key, raw in changes.items()}}
    given = {key: raw for key, raw in facts.items() if raw is not None}
    company = load_organisation("example-co")
    return recording.open_incident(workspace, journal, title="Stolen laptop", organisation=company, facts=given).incident


def judged(workspace: Workspace, journal: Journal, incident: str) -> Answer:
    return answer(subject_of_incident(journal, incident, workspace), workspace)


def approve(workspace: Workspace, journal: Journal, incident: str, duty: str = REPORT, **more: Any) -> approval.Approved:
    return approval.approve(workspace, journal, incident, duty, draft_notice, **more)


def looked_up(
    workspace: Workspace, journal: Journal, incident: str, duty: str = REPORT, language: str = "en"
) -> tuple[Standing, Notice | None]:
    """Whether the notice is approved, and then the notice."""
    found = judged(workspace, journal, incident)
    return approval.stands(found, found.finding(duty), workspace, draft_notice, language)


def record(workspace: Workspace, journal: Journal, incident: str, facts: dict[str, Any], **more: Any) -> None:
    recording.record_facts(workspace, journal, incident, facts, **more)
