"""Invented incidents for a first look: a sandbox of its own, thrown away afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from breachkit.content.factsfile import load_facts_file
from breachkit.content.organisations import sample_path
from breachkit.domain.facts import Instant
from breachkit.errors import Refused
from breachkit.storage.journal import Journal
from breachkit.workflow.recording import open_incident
from breachkit.workflow.workspace import Workspace


def open_sample(workspace: Workspace, journal: Journal, organisation: str) -> str:
    """Open the invented incident of that organisation; its id. Refused if the file does not say that it is invented."""
    held = load_facts_file(sample_path(organisation))
    if (mark := held.facts.get("incident.invented")) is None or mark.value is not True:
        raise Refused(f"the sample of {organisation} does not say `incident.invented: yes`")
    title = str(held.facts["incident.title"].value)
    given = held.written(source="sample incident")
    done = open_incident(workspace, journal, title=title, organisation=held.organisation, facts=given, source="sample incident")
    return done.incident


def sample_moment(organisation: str) -> str:
    """The moment a printed sample is shown at: six hours after its last known time, so that its clocks are still running."""
    held = load_facts_file(sample_path(organisation))
    times = [fact.value.at for fact in held.facts.values() if isinstance(fact.value, Instant)]
    return _six_hours_after(max(times)).isoformat()


def _six_hours_after(moment: datetime) -> datetime:
    return moment + timedelta(hours=6)
