"""Notices as people judge them: drafted with their full check, and held against the other notices of the incident."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from breachkit.domain.findings import Finding
from breachkit.errors import BreachkitError
from breachkit.workflow.notice_checks import fully_checked
from breachkit.workflow.notice_tracks import with_tracks
from breachkit.workflow.notices import Drafted, draft_notice, has_template, language_of
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class Beside:
    """The other notices that are owed or may be, made from the same facts."""

    seq: int
    """The last entry they were made from."""
    notices: tuple[Drafted, ...]
    failed: int = 0
    """How many could not be made, such as for want of a translation."""


def make(answer: Answer, finding: Finding, workspace: Workspace, /, *, language: str = "en", form: str = "") -> Drafted:
    """A notice with its full check, so that what is approved was judged by all of it."""
    made = draft_notice(answer, finding, workspace, language=language, form=form)
    return with_tracks(fully_checked([made], answer.subject.book), answer, workspace)[0]


def drafted(answer: Answer, duty: str, workspace: Workspace, language: str | None = None) -> Drafted:
    """The notice of the one finding `duty` names; None: in the language the incident's sentences are written in."""
    return make(answer, answer.finding(duty), workspace, language=language or language_of(answer))


def others(answer: Answer, duty: str, workspace: Workspace) -> Beside:
    """Every other running duty's notice. With a hundred of them this takes seconds."""
    entries, made, failed = answer.subject.entries, [], 0
    for finding in answer.assessment.findings:
        if finding.id == duty or not finding.running or not has_template(finding, workspace):
            continue
        failed += 1
        for language in dict.fromkeys((language_of(answer), "en")):
            with suppress(BreachkitError):  # counted: its own preview says why
                made.append(draft_notice(answer, finding, workspace, language=language))
                failed -= 1
                break
    return Beside(entries[-1].seq if entries else 0, tuple(made), failed)


def held_against(made: Drafted, beside: Sequence[Drafted], answer: Answer) -> Drafted:
    """The same notice; its check says too what it tells otherwise than the others."""
    found = fully_checked([made, *beside], answer.subject.book)[0]
    return replace(found, check=replace(found.check, off_record=made.check.off_record))
