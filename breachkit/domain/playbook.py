"""A response playbook and how its steps stand on the facts of one incident.

Owns what a step is and its five states. Reading the files is content's matter; recording a tick, and putting the steps of
several playbooks in order, workflow's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from breachkit.domain.conditions import ALWAYS, Condition, evaluate
from breachkit.domain.factbook import FactBook
from breachkit.domain.incident import StepMark
from breachkit.domain.law import Citation
from breachkit.domain.logic import FALSE, Because, Verdict
from breachkit.domain.values import value

Phase = Literal["identify", "contain", "assess", "notify", "recover", "learn"]
PHASES: tuple[Phase, ...] = ("identify", "contain", "assess", "notify", "recover", "learn")
"""In the order in which an incident goes through them."""

StepState = Literal["open", "waiting", "done", "not_needed", "not_known"]
STATES: tuple[StepState, ...] = ("open", "not_known", "waiting", "done", "not_needed")
"""In the order in which a responder wants to read them. `not_known`: nobody knows yet whether the step is needed."""

GENERAL = "general"
"""The id of the playbook that every incident follows; the others hold what comes besides."""


@value
class Role:
    """Somebody's part in the response."""

    id: str
    title: str
    does: str


@value
class Step:
    """One thing to do."""

    id: str
    """Unique within its playbook; outside it, `<playbook>.<step>`."""
    phase: Phase
    title: str
    """A short instruction."""
    text: str
    """How, and what goes wrong otherwise."""
    role: str
    """The id of one of the playbook's roles."""
    when: Condition = ALWAYS
    """Whether it is needed."""
    asks: tuple[str, ...] = ()
    """Fact keys to be recorded when it is done."""
    done: Condition | None = None
    """What shows that it is done. None: every fact of `asks` is known; without `asks`, only a tick shows it."""
    within: timedelta | None = None
    """Guidance, from the opening of the incident; None: no time is given."""
    after: tuple[str, ...] = ()
    """Ids of steps of the same playbook that come first."""
    cite: Citation | None = None


@value
class Playbook:
    """The steps for one kind of incident."""

    id: str
    title: str
    summary: str
    applies: Condition
    sources: tuple[Citation, ...]
    roles: tuple[Role, ...]
    steps: tuple[Step, ...]

    def role(self, id: str) -> Role:
        """The role of that id; KeyError when there is none, which the reader rules out for a step's own."""
        for role in self.roles:
            if role.id == id:
                return role
        raise KeyError(id)

    def step(self, id: str) -> Step | None:
        """The step of that id, without the playbook's name; None when there is none."""
        return next((step for step in self.steps if step.id == id), None)

    def step_ids(self) -> tuple[str, ...]:
        """The full id of every step, `ransomware.isolate`."""
        return tuple(f"{self.id}.{step.id}" for step in self.steps)


@value
class StepStanding:
    """How a step stands now."""

    step: Step
    playbook: str
    """The playbook's id."""
    role: Role
    state: StepState
    because: tuple[Because, ...] = ()
    """What decided the state, or leaves it open; empty where a tick or the step itself did."""
    needs: tuple[str, ...] = ()
    """Fact keys that would decide whether it is needed; empty unless the state is `not_known`."""
    lacks: tuple[str, ...] = ()
    """Of the facts it asks for, those that are not known yet."""
    waits_for: tuple[str, ...] = ()
    """Full ids of the steps it waits for; empty unless the state is `waiting`."""
    done_at: datetime | None = None
    """UTC, when it was ticked; None when it was not, also where facts show that it is done."""
    done_by: str | None = None
    """Who ticked it; None when nobody did."""
    note: str | None = None
    """What was said with the tick."""
    due_at: datetime | None = None
    """UTC, opening plus `within`; None without a time, and for facts without an incident."""

    @property
    def id(self) -> str:
        """The full id, `ransomware.isolate`."""
        return f"{self.playbook}.{self.step.id}"

    @property
    def ticked(self) -> bool:
        """Whether a person said that it is done."""
        return self.done_at is not None


def standings(
    playbook: Playbook, book: FactBook, ticks: Mapping[str, StepMark], opened_at: datetime | None
) -> tuple[StepStanding, ...]:
    """Every step of the playbook as it stands, in the file's order.

    `ticks` are by full id; one that was taken back counts as none. `opened_at` is UTC; None: nothing has a due time.
    """
    found: dict[str, StepStanding] = {}
    for step in _in_turn(playbook):
        mark = ticks.get(f"{playbook.id}.{step.id}")
        found[step.id] = _standing(step, playbook, book, mark if mark is not None and mark.done else None, opened_at, found)
    return tuple(found[step.id] for step in playbook.steps)


def _in_turn(playbook: Playbook) -> list[Step]:
    """The steps so that each comes behind those it waits for. The reader refuses loops and names that are not there."""
    ordered: dict[str, Step] = {}
    waiting = list(playbook.steps)
    while waiting:
        ready = [step for step in waiting if all(name in ordered for name in step.after)]
        if not ready:
            raise ValueError(f"the steps of playbook '{playbook.id}' wait for each other: {[step.id for step in waiting]}")
        ordered |= {step.id: step for step in ready}
        waiting = [step for step in waiting if step.id not in ordered]
    return list(ordered.values())


def _standing(
    step: Step,
    playbook: Playbook,
    book: FactBook,
    tick: StepMark | None,
    opened_at: datetime | None,
    before: Mapping[str, StepStanding],
) -> StepStanding:
    needed, shown = evaluate(step.when, book), shows_done(step, book)
    unfinished = tuple(before[name].id for name in step.after if before[name].state not in ("done", "not_needed"))
    state, because = _state(tick, needed, shown, waits=bool(unfinished))
    return StepStanding(
        step,
        playbook.id,
        playbook.role(step.role),
        state,
        because,
        needs=tuple(sorted(needed.needs)) if state == "not_known" else (),
        lacks=tuple(key for key in step.asks if book.get(key) is None),
        waits_for=unfinished if state == "waiting" else (),
        done_at=tick.at if tick is not None else None,
        done_by=tick.by if tick is not None else None,
        note=tick.note if tick is not None else None,
        due_at=opened_at.astimezone(UTC) + step.within if opened_at is not None and step.within is not None else None,
    )


def _state(tick: StepMark | None, needed: Verdict, shown: Verdict, *, waits: bool) -> tuple[StepState, tuple[Because, ...]]:
    """A tick comes first, then what the facts rule out, then what they show; only then what is open."""
    if tick is not None:
        return "done", ()
    if needed.holds is False:
        return "not_needed", needed.because
    if shown.holds is True:
        return "done", shown.because
    if needed.holds is None:
        return "not_known", needed.because
    return ("waiting" if waits else "open"), needed.because


def shows_done(step: Step, book: FactBook) -> Verdict:
    """Whether the facts alone show that a step is done; false where only a tick can."""
    if step.done is not None:
        return evaluate(step.done, book)
    if not step.asks:
        return FALSE
    reasons = tuple(Because(f"{key} is recorded", key, book.shown(key), True if book.get(key) else None) for key in step.asks)
    lacking = frozenset(reason.fact for reason in reasons if reason.fact and reason.holds is None)
    return Verdict(None if lacking else True, reasons, lacking)
