"""What can go wrong between saying and proof: others write, two runs at once, a full disk, a kill; twice rather than never."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.journal import Draft
from breachkit.domain.reminders import Schedule
from breachkit.errors import ExitCode, Refused
from breachkit.storage.journal import Journal
from breachkit.workflow import recording, reminding
from breachkit.workflow.reminding import Round, remind
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock
from tests.workflow.reminders_house import REPORT, Kept, opened, proofs, run

DUE = datetime(2026, 11, 23, 21, 15, tzinfo=UTC)


def at(clock: Clock, moment: datetime) -> None:
    clock.moment = moment


def test_a_terminal_that_nobody_reads_is_told_again(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))

    def broken(_: Round) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    assert remind(workspace, Schedule(), [], None, broken).code == ExitCode.DELIVERY
    assert proofs(journal) == []
    run(workspace)
    assert proofs(journal, by="terminal")


def test_facts_that_come_in_meanwhile_do_not_lose_the_proof(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    mail = Kept()
    mail.meanwhile = lambda: recording.note(workspace, journal, "INC-1", "somebody writes")
    real, calls = Journal.append, []

    def beaten(self: Journal, incident: str, drafts: Any, **more: Any) -> Any:
        """Somebody else writes between the look and the append, once."""
        if drafts[0].kind == reminding.KIND and not calls:
            calls.append(1)
            recording.note(workspace, journal, "INC-1", "and again")
        return real(self, incident, drafts, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "append", beaten)
        assert run(workspace, mail).code == ExitCode.DONE
    assert calls
    assert [body["finding"] for body in proofs(journal, by="mail")].count(REPORT) == 1
    mail.meanwhile = None
    run(workspace, mail)
    assert len(mail.messages) == 1


def test_a_proof_that_is_lost_means_twice_rather_than_never(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    mail = Kept()

    def full(*_: Any, **__: Any) -> Any:
        raise Refused("the disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "append", full)
        round_ = run(workspace, mail)
    assert round_.code == ExitCode.REFUSED
    assert "INC-1 by mail: it was said, but not recorded, and will be said again: the disk is full" in round_.troubles
    run(workspace, mail)
    assert len(mail.messages) == 2


def test_two_runs_at_once_say_it_once(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    mail, entered, rounds = Kept(), threading.Event(), []
    mail.meanwhile = entered.wait

    def other() -> None:
        rounds.append(run(Workspace(database=workspace.where, actor="ben", clock=clock), mail))

    threads = [threading.Thread(target=other) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.set()
    for thread in threads:
        thread.join(timeout=30)
    assert [round_.code for round_ in rounds] == [ExitCode.DONE] * 2
    assert len(mail.messages) == 1
    assert len(proofs(journal)) == 2 * len({body["finding"] for body in proofs(journal)})


def test_a_run_that_does_not_get_its_turn_says_so(
    workspace: Workspace, journal: Journal, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    monkeypatch.setattr(reminding, "PATIENCE", 0.0)
    mail = Kept()
    with reminding.turn(workspace.where), pytest.raises(Refused, match="another `breachkit remind` has held this database"):
        run(workspace, mail)
    assert mail.messages == []


def test_the_lock_is_never_made_through_a_link(workspace: Workspace, tmp_path: Path) -> None:
    lock = Path(f"{workspace.where}.remind")
    lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="cannot be held"), reminding.turn(workspace.where):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_run_on_a_server_is_held_by_a_file_of_this_user(own_home: Path) -> None:
    with reminding.turn("postgresql://db.example.com/breachkit"):
        assert [path.name[:7] for path in (own_home / "data" / "breachkit").iterdir()] == ["remind-"]


def test_an_incident_that_was_closed_meanwhile_is_left_alone(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    mail, real = Kept(), reminding.turn

    def late(where: str) -> Any:
        journal.append("INC-1", [Draft("incident.closed", {"reason": "over"})], expected=journal.head("INC-1")[0], actor="ben",
                       recorded_at=clock())  # fmt: skip
        return real(where)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminding, "turn", late)
        run(workspace, mail)
    assert mail.messages == []


KILLED = """
import os, sys
from datetime import UTC, datetime
from breachkit.content.timezones import use_shipped_zones
from breachkit.domain.reminders import Schedule
from breachkit.workflow.reminder_ways import Way
from breachkit.workflow.reminding import remind
from breachkit.workflow.workspace import Workspace

use_shipped_zones()

def say(message):
    print(message.incident, flush=True)
    if sys.argv[2] == "killed":
        os._exit(9)
    return "ok"

space = Workspace(database=sys.argv[1], actor="ana", clock=lambda: datetime(2026, 11, 23, 16, tzinfo=UTC))
remind(space, Schedule(), [Way("mail", "mail", say)], None, lambda _: None)
"""


def test_a_run_killed_between_saying_and_proof_is_followed_by_one_that_says_it_again(
    workspace: Workspace, journal: Journal
) -> None:
    opened(workspace, journal)
    root = str(Path(__file__).parents[2])

    def process(how: str) -> tuple[int, str]:
        words = [sys.executable, "-c", KILLED, workspace.where, how]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=root, check=False)
        return done.returncode, done.stdout

    assert process("killed") == (9, "INC-1\n")
    assert proofs(journal) == []
    assert process("through") == (0, "INC-1\n")
    assert process("through") == (0, "")
    assert [body["finding"] for body in proofs(journal, by="mail")].count(REPORT) == 1
