"""An exercise's journal for a test: the database is the exercise's, and so is every incident in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breachkit.content.organisations import load_organisation
from breachkit.storage.journal import Journal
from breachkit.workflow.exercise.events import Started
from breachkit.workflow.recording import open_incident
from breachkit.workflow.subjects import Subject, subject_of_incident
from breachkit.workflow.workspace import Workspace

NAME = "open-folder"


def begin(workspace: Workspace, journal: Journal) -> None:
    """Make the journal that of the exercise."""
    at, company = workspace.writing_time(), load_organisation("example-co")
    first = Started(
        scenario=NAME, text="", file="", profile=company.profile, facilitated=False, speed=1.0, team="", real_at=at
    )  # fmt: skip
    journal.start_exercise(first.draft(), actor=workspace.who, recorded_at=at)


def opened(workspace: Workspace, journal: Journal, facts: Mapping[str, Any] | None = None) -> Subject:
    """An incident of Example Co in it."""
    if journal.exercise is None:
        begin(workspace, journal)
    company = load_organisation("example-co")
    done = open_incident(workspace, journal, title="Open folder", organisation=company, facts=facts, exercise=NAME)
    return subject_of_incident(journal, done.incident, workspace)
