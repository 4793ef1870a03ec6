"""Remind of deadlines: look at the open incidents, say what is due by each way, and prove each saying in the journal.

The proof is written after the saying, so a reminder whose proof is lost is said twice rather than never. What is due is
decided in `domain/reminders.py`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from breachkit.domain.journal import Draft
from breachkit.domain.reminders import (
    KIND,
    Clock,
    Key,
    Saying,
    Schedule,
    Upcoming,
    clocks,
    proof_body,
    read_proofs,
    refrained,
    to_say,
    upcoming,
    write_distance,
)
from breachkit.errors import BreachkitError, ExitCode, JournalConflict, JournalDamaged, Refused
from breachkit.workflow.contract import moment, nothing_of_it
from breachkit.workflow.reminder_ways import Kind, Way, WayFailed, withheld
from breachkit.workflow.reminder_words import Message, message, one_json
from breachkit.workflow.subjects import Answer, answer, subject_of_incident
from breachkit.workflow.words import nearest_deadline
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal

PATIENCE: Final = 60.0
"""Seconds to wait for another `remind` on the same database."""
TERMINAL: Final = "terminal"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one way."""

    way: str
    kind: Kind
    said: bool | None
    """None: only looked at (`--dry-run`)."""
    text: str
    """The proof, or why not."""


@dataclass
class Desk:
    """One open incident, as it stood when it was looked at."""

    answer: Answer
    seq: int
    clocks: tuple[Clock, ...]
    proofs: Mapping[Key, Any]
    told: dict[str, list[Told]] = field(default_factory=dict)
    """By finding."""
    shown: dict[str, Saying] = field(default_factory=dict)
    """By finding: what some way said, or tried to."""

    @property
    def id(self) -> str:
        """The incident's."""
        return self.answer.subject.name


@dataclass
class Round:
    """One run over the open incidents."""

    now: datetime
    """UTC; in an exercise virtual."""
    desks: list[Desk]
    messages: list[Message] = field(default_factory=list)
    """For the terminal."""
    next: tuple[str, Upcoming] | None = None
    """The incident, and what of it comes next; None: nothing does."""
    troubles: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """Ways that were left out because of what an incident is."""
    code: ExitCode = ExitCode.DONE
    exercise: bool = False

    def trouble(self, text: str, code: ExitCode) -> None:
        """Note what went wrong; delivery trouble outranks the rest."""
        self.troubles.append(text)
        self.code = ExitCode.DELIVERY if ExitCode.DELIVERY in (code, self.code) else max(code, self.code)


def remind(
    space: Workspace,
    schedule: Schedule,
    ways: Sequence[Way],
    incident: str | None,
    show: Callable[[Round], None],
    *,
    dry: bool = False,
) -> Round:
    """Say what is due and not proven yet, of one incident or (None) of all that are open.

    `show` is called once, after the other ways: it prints the messages, which is the terminal's saying, and what went wrong
    so far. An OSError of it is delivery trouble. With `dry` nothing is said by another way and nothing recorded.
    """
    if not dry:
        space.writing_time()  # refused with --now and --as-of, before anything is said
    terminal = Way("terminal", TERMINAL, lambda said: said.subject)
    with space.journal(read_only=True) as journal:
        if journal.damaged:
            raise JournalDamaged(f"nothing was said, since no proof could be recorded: {journal.damaged}")
        round_ = _round(journal, space, schedule, incident)
    round_.remarks = [why for desk in round_.desks for way in ways if (why := withheld(way, desk.answer.subject)) is not None]
    everything = (*ways, terminal)
    if dry or not any(_pending(desk, way, schedule) for desk in round_.desks for way in everything):
        for desk in round_.desks if dry else ():
            for way in everything:
                _note(desk, _pending(desk, way, schedule), way, None, "")
        _add_messages(round_, terminal, schedule)
        show(round_)
        return round_
    with turn(space.where), space.journal() as journal:
        round_.desks = [_fresh(desk, journal, space, schedule) for desk in round_.desks]
        for way in ways:
            for desk in round_.desks:
                _say(desk, way, journal, space, schedule, round_)
        _on_terminal(round_, terminal, journal, space, schedule, show)
    return round_


def round_json(round_: Round, *, dry: bool = False) -> dict[str, Any]:
    """`breachkit/reminders@1`."""
    said = []
    for desk in round_.desks:
        subject = desk.answer.subject
        of = {"incident": {"id": subject.name, "title": subject.title, **nothing_of_it(subject)}}
        for id, saying in desk.shown.items():
            by = [{"way": one.way, "by": one.kind, "said": one.said, "proof": one.text} for one in desk.told[id]]
            said.append({**of, **one_json(saying, desk.answer), "by": by})
    coming = None
    if round_.next is not None:
        incident, one = round_.next
        about = {"incident": incident, "finding": one.clock.finding.id, "limit": one.clock.limit}
        coming = {"at": moment(one.at), **about, "due": moment(one.clock.at), "before": write_distance(one.before)}
    return {
        "format": "breachkit/reminders@1",
        "now": moment(round_.now),
        "dry_run": dry,
        "said": said,
        "next": coming,
        "troubles": round_.troubles,
    }


@contextmanager
def turn(where: str) -> Iterator[None]:
    """Hold the database's reminders, so that two runs never say the same twice. Refused when another run does not end.

    A file beside an SQLite database; for one on a server a file of this machine and user.
    """
    path = _lock_path(where)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as problem:
        raise Refused(f"{path} cannot be held ({problem.strerror}), so nothing was said") from problem
    try:
        until = time.monotonic() + PATIENCE
        while not _lock(descriptor):
            if time.monotonic() >= until:
                raise Refused(f"another `breachkit remind` has held this database for {PATIENCE:g} s; nothing was said")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)  # which also lets go of the lock


def _round(journal: Journal, space: Workspace, schedule: Schedule, incident: str | None) -> Round:
    round_ = Round(space.now, [], exercise=journal.exercise is not None)
    for id in journal.incidents() if incident is None else [incident]:
        try:
            desk = _desk(journal, id, space, schedule)
        except BreachkitError as problem:
            if incident is not None:
                raise
            round_.trouble(f"{id} cannot be looked at, so nothing of it is said: {problem}", problem.exit_code)
            continue
        if desk is not None:
            round_.desks.append(desk)
            coming = upcoming(desk.clocks, schedule, round_.now)
            if coming is not None and (round_.next is None or coming.at < round_.next[1].at):
                round_.next = (id, coming)
    return round_


def _desk(journal: Journal, id: str, space: Workspace, schedule: Schedule) -> Desk | None:
    """One incident; None for a closed one."""
    subject = subject_of_incident(journal, id, space)
    assert subject.incident is not None
    if subject.incident.closed_at is not None:
        return None
    found = answer(subject, space)
    findings = found.assessment.findings
    timed = any(one.running and one.due.target is not None for one in findings)
    nearest = None if timed else nearest_deadline(found.assessment)
    stand_in = nearest if nearest is not None and not refrained(nearest) else None
    return Desk(found, subject.incident.seq, clocks(findings, schedule, stand_in), read_proofs(subject.entries))


def _fresh(desk: Desk, journal: Journal, space: Workspace, schedule: Schedule) -> Desk:
    """The incident as it is now that this run has the turn: whoever had it before may have said something."""
    if journal.head(desk.id)[0] == desk.seq:
        return desk
    again = _desk(journal, desk.id, space, schedule)
    return again if again is not None else replace(desk, clocks=())


def _pending(desk: Desk, way: Way, schedule: Schedule) -> tuple[Saying, ...]:
    if withheld(way, desk.answer.subject) is not None:
        return ()
    return to_say(desk.clocks, desk.proofs, schedule, way.id, desk.answer.assessment.now)


def _say(desk: Desk, way: Way, journal: Journal, space: Workspace, schedule: Schedule, round_: Round) -> None:
    sayings = _pending(desk, way, schedule)
    if not sayings:
        return
    try:
        proof = way.say(message(desk.answer, sayings))
    except WayFailed as problem:
        _note(desk, sayings, way, False, str(problem))
        round_.trouble(f"{desk.id} by {way.id}: {problem}. The next run tries it again", problem.exit_code)
        return
    _note(desk, sayings, way, True, proof)
    _prove(desk, sayings, way, proof, journal, space, round_)


def _on_terminal(
    round_: Round, terminal: Way, journal: Journal, space: Workspace, schedule: Schedule, show: Callable[[Round], None]
) -> None:
    pending = _add_messages(round_, terminal, schedule)
    proof = "written to standard output"
    for desk, sayings in pending:
        _note(desk, sayings, terminal, True, proof)
    try:
        show(round_)
    except OSError as problem:
        round_.trouble(f"standard output: {problem.strerror or problem}. The next run says it again", ExitCode.DELIVERY)
        return
    for (desk, sayings), said in zip(pending, round_.messages, strict=True):
        sha256 = hashlib.sha256(said.text.encode()).hexdigest()
        _prove(desk, sayings, terminal, f"{proof}; sha256 {sha256}", journal, space, round_)


def _add_messages(round_: Round, terminal: Way, schedule: Schedule) -> list[tuple[Desk, tuple[Saying, ...]]]:
    pending = [(desk, sayings) for desk in round_.desks if (sayings := _pending(desk, terminal, schedule))]
    round_.messages = [message(desk.answer, sayings) for desk, sayings in pending]
    return pending


def _note(desk: Desk, sayings: Sequence[Saying], way: Way, said: bool | None, text: str) -> None:
    for saying in sayings:
        desk.shown.setdefault(saying.finding.id, saying)
        desk.told.setdefault(saying.finding.id, []).append(Told(way.id, way.kind, said, text))


def _prove(
    desk: Desk, sayings: Sequence[Saying], way: Way, proof: str, journal: Journal, space: Workspace, round_: Round
) -> None:
    """Record that it was said. Facts that others recorded meanwhile do not change that, so the entry goes behind theirs."""
    calls = [call for saying in sayings for call in saying.calls]
    drafts = [Draft(KIND, proof_body(call, by=way.kind, way=way.id, proof=proof)) for call in calls]
    while True:
        expected = journal.head(desk.id)[0]
        try:
            journal.append(desk.id, drafts, expected=expected, actor=space.who, recorded_at=space.writing_time())
            return
        except JournalConflict:
            continue
        except BreachkitError as problem:
            text = f"{desk.id} by {way.id}: it was said, but not recorded, and will be said again: {problem}"
            round_.trouble(text, problem.exit_code)
            return


def _lock_path(where: str) -> Path:
    from breachkit.storage.database import is_postgresql
    from breachkit.storage.files import locate

    if not is_postgresql(where):
        path = locate(where)
        return path.with_name(f"{path.name}.remind")
    from platformdirs import user_data_path

    folder = user_data_path("breachkit", ensure_exists=True)
    return folder / f"remind-{hashlib.sha256(where.encode()).hexdigest()[:16]}.lock"


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
