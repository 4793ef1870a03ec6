"""Which playbooks an incident suggests and how their steps stand, most urgent first; ticking a step, or taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from breachkit.content.playbooks import load_playbooks
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain import marks
from breachkit.domain.conditions import ALWAYS, Condition, evaluate
from breachkit.domain.journal import Draft, Json
from breachkit.domain.offsets import say_offset, write_offset
from breachkit.domain.periods import show
from breachkit.domain.playbook import GENERAL, PHASES, STATES, Playbook, StepStanding, standings
from breachkit.errors import UnknownName
from breachkit.workflow.contract import moment
from breachkit.workflow.law_words import say
from breachkit.workflow.subjects import Subject, subject_of_incident
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal
    from breachkit.workflow.recording import Recorded

FORMAT = "breachkit/steps@1"
STATE_WORDS = {"open": "open", "not_known": "maybe", "waiting": "waiting", "done": "done", "not_needed": "not needed"}
"""How a state is said; `maybe`: a fact that nobody knows yet decides whether the step is needed."""
_LAST = datetime.max.replace(tzinfo=UTC)


def suggested(subject: Subject, own: Path | None = None) -> tuple[Playbook, ...]:
    """The general playbook, and each whose condition is true on these facts; one that is not known yet is left out.

    `own` is an organisation's folder; None: BREACHKIT_HOME. BadFile when one of its playbooks is wrong.
    """
    return tuple(book for book in load_playbooks(own) if book.id == GENERAL or _applies(book, subject))


def followed(subject: Subject, own: Path | None = None) -> tuple[Playbook, ...]:
    """The suggested playbooks, and those in which a step is ticked: what was begun does not vanish with a correction."""
    ticked = {id.partition(".")[0] for id, mark in subject.incident.steps.items() if mark.done} if subject.incident else set()
    return tuple(book for book in load_playbooks(own) if book.id == GENERAL or book.id in ticked or _applies(book, subject))


def _applies(playbook: Playbook, subject: Subject) -> bool:
    return evaluate(playbook.applies, subject.book).holds is True


def steps_of(
    subject: Subject, playbooks: Iterable[Playbook] | None = None, *, own: Path | None = None
) -> tuple[StepStanding, ...]:
    """How every step stands, most urgent first: open ones by their due time, then maybe, waiting, done and not needed.

    `playbooks` None: those the incident follows. A facts file has no ticks and no due times.
    """
    incident = subject.incident
    ticks, opened = (incident.steps, incident.opened_at) if incident is not None else ({}, None)
    found = followed(subject, own) if playbooks is None else playbooks
    standing = [one for playbook in found for one in standings(playbook, subject.book, ticks, opened)]
    return tuple(sorted(standing, key=_urgency))


def _urgency(one: StepStanding) -> tuple[int, datetime, int]:
    return STATES.index(one.state), one.due_at or _LAST, PHASES.index(one.step.phase)


def mark_step(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    step: str,
    *,
    done: bool = True,
    note: str | None = None,
    seen: int | None = None,
) -> Recorded:
    """Tick a step, or take its tick back (`done` False); the facts alone speak for it then. UnknownName for an unknown step.

    What is so already is not written again, unless there is a new note. `seen` is the number of the last entry the person saw;
    JournalConflict when somebody recorded something since.
    """
    from breachkit.workflow.recording import Recorded  # the steps of a facts file need no database

    at = workspace.writing_time()
    subject = subject_of_incident(journal, incident, workspace)
    known = [id for playbook in load_playbooks(workspace.own_folder) for id in playbook.step_ids()]
    if step not in known:
        raise UnknownName("step", step, known, hint="(breachkit playbook show ID lists a playbook's steps)")
    assert subject.incident is not None
    said = note.strip() if note else ""
    before = subject.incident.steps.get(step)
    if (before is not None and before.done) is done and (not said or (before is not None and said == before.note)):
        return Recorded(incident, (), (step,))
    body: dict[str, Json] = {"step": step, "done": done, **({"note": said} if said else {})}
    expected = subject.incident.seq if seen is None else seen
    entries = journal.append(incident, [Draft("step.marked", body)], expected=expected, actor=workspace.who, recorded_at=at)
    return Recorded(incident, tuple(entries))


# -- words and JSON ------------------------------------------------------------


def left_words(one: StepStanding, now: datetime) -> str:
    """`1 h 20 min left`, `20 min late`; empty for a step without a time, and for one that nobody waits for any more."""
    if one.due_at is None or one.state in ("done", "not_needed"):
        return ""
    return f"{say_offset(abs(one.due_at - now))} {'late' if one.due_at < now else 'left'}"


def why_words(one: StepStanding) -> str:
    """Why it stands so, in one line; empty for a step that is simply open."""
    match one.state:
        case "done" if one.done_at is not None:
            return f"ticked by {one.done_by} on {show(one.done_at, 'UTC')}" + (f": {one.note}" if one.note else "")
        case "done":
            return f"the facts show it: {_reasons(one)}"
        case "waiting":
            return f"waits for {', '.join(one.waits_for)}"
        case "not_known":
            return f"may be needed: {_reasons(one)}"
        case "not_needed":
            return f"not needed: {_reasons(one)}"
        case _:
            return ""


_ANSWER = {True: "yes", False: "no", None: "not known yet"}


def _reasons(one: StepStanding) -> str:
    return "; ".join(f"{reason.text}: {_ANSWER[reason.holds]}" for reason in one.because)


def playbook_json(one: Playbook) -> dict[str, Any]:
    """`playbook show --json`; conditions in words, null where there is none."""
    return {
        "id": one.id,
        "title": one.title,
        "summary": one.summary,
        "applies": _says(one.applies),
        "sources": [{"text": source.text, "url": source.url} for source in one.sources],
        "roles": [{"id": role.id, "title": role.title, "does": role.does} for role in one.roles],
        "steps": [
            {
                "id": f"{one.id}.{step.id}",
                "phase": step.phase,
                "title": step.title,
                "text": step.text,
                "role": step.role,
                "when": _says(step.when),
                "asks": list(step.asks),
                "done": _says(step.done),
                "within": write_offset(step.within) if step.within is not None else None,
                "after": [f"{one.id}.{name}" for name in step.after],
                "cite": {"text": step.cite.text, "url": step.cite.url} if step.cite is not None else None,
            }
            for step in one.steps
        ],
    }


def _says(condition: Condition | None) -> str | None:
    return None if condition is None or condition == ALWAYS else say(condition, load_vocabulary())


def as_json(subject: Subject, found: Iterable[StepStanding]) -> dict[str, Any]:
    """`playbook steps --json`."""
    about = {"id": subject.name, "title": subject.title, **marks.in_json(subject.invented, subject.exercise)}
    return {"format": FORMAT, "incident": about, "steps": [_step_json(one) for one in found]}


def _step_json(one: StepStanding) -> dict[str, Any]:
    return {
        "id": one.id,
        "playbook": one.playbook,
        "title": one.step.title,
        "text": one.step.text,
        "role": one.step.role,
        "phase": one.step.phase,
        "state": one.state,
        "due": moment(one.due_at),
        "lacks": list(one.lacks),
        "needs": list(one.needs),
        "asks": list(one.step.asks),
        "waits_for": list(one.waits_for),
        "because": [
            {"text": reason.text, "fact": reason.fact, "value": reason.value, "holds": reason.holds} for reason in one.because
        ],
        "done": {"at": moment(one.done_at), "by": one.done_by, "note": one.note} if one.ticked else None,
    }
