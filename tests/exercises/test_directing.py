"""What the world does: injects by time and condition, branches, and a facilitator's hand on all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from breachkit.domain.exercise.scenario import Inject
from breachkit.errors import Refused, UnknownName
from breachkit.workflow import recording
from breachkit.workflow.exercise.drill import Drill
from tests.conftest import Clock
from tests.exercises.world import started


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    with closing(started(tmp_path, Clock())) as one:
        one.drive()
        yield one


def at(drill: Drill, **span: float) -> list[str]:
    """Go to that time after the start; what was sent on the way."""
    return [one.id for one in drill.jump(drill.scenario.begin + timedelta(**span))]


def open_incident(drill: Drill) -> str:
    return recording.open_incident(drill.workspace, drill.journal, title="Open folder").incident


def test_injects_come_in_the_order_of_their_time(drill: Drill) -> None:
    assert at(drill, hours=59) == ["call", "engineer", "journalist"]
    assert at(drill, hours=61) == ["reminder"]


def test_an_inject_waits_for_what_the_team_files_and_for_its_age(drill: Drill) -> None:
    at(drill, hours=2)
    incident = open_incident(drill)
    recording.file_duty(drill.workspace, drill.journal, incident, "eu.gdpr.33", reference="AEPD-1")
    assert at(drill, hours=2, minutes=59) == []
    assert at(drill, hours=3) == ["thanks"]
    assert drill.doings().fired["thanks"] == drill.scenario.begin + timedelta(hours=3)


def test_what_was_done_keeps_a_reminder_away(drill: Drill) -> None:
    at(drill, hours=2)
    recording.file_duty(drill.workspace, drill.journal, open_incident(drill), "eu.gdpr.33", reference="AEPD-1")
    assert "reminder" not in at(drill, hours=79)


def test_a_branch_is_taken_by_an_answer(drill: Drill) -> None:
    at(drill, hours=5)
    drill.answer("press", "nothing")
    assert at(drill, hours=9) == ["article"]


def test_the_other_answer_leaves_the_branch_out(drill: Drill) -> None:
    at(drill, hours=5)
    drill.answer("press", "truth")
    assert at(drill, hours=59) == []


def test_an_answer_counts_once_and_only_to_what_was_asked(drill: Drill) -> None:
    with pytest.raises(Refused, match="nobody asked"):
        drill.answer("press", "truth")
    at(drill, hours=5)
    with pytest.raises(UnknownName, match="option"):
        drill.answer("press", "lies")
    with pytest.raises(UnknownName, match="did you mean 'press'"):
        drill.answer("pres", "truth")
    drill.answer("press", "truth")
    with pytest.raises(Refused, match="the first answer counts"):
        drill.answer("press", "nothing")


def test_the_world_answers_what_can_be_known_and_says_who_will_know_the_rest(drill: Drill) -> None:
    early = drill.ask("people.in.ES")
    assert (early.known, early.says) == (False, "The data engineer is counting.")
    at(drill, hours=2)
    rough = drill.ask("people.in.ES")
    assert (rough.known, rough.fact and rough.fact.raw) == (True, "2000..4000")
    at(drill, hours=6)
    better = drill.ask("people.in.ES")
    assert better.fact is not None
    assert better.fact.raw == "2600"
    assert drill.ask("organisation.name").teller == "the organisation's profile"
    assert drill.ask("breach.malicious").says.startswith("Nobody in this exercise knows")
    with pytest.raises(UnknownName):
        drill.ask("breach.colour")


def test_a_facilitator_sends_holds_releases_and_leaves_out(drill: Drill) -> None:
    drill.hold("engineer")
    assert at(drill, hours=1) == ["call"]
    assert [up.held for up in drill.state().upcoming if up.inject.id == "engineer"] == [True]
    assert [one.id for one in drill.release("engineer")] == ["engineer"]
    assert drill.doings().fired["engineer"] == drill.scenario.begin + timedelta(hours=1)
    drill.send("article")
    drill.skip("journalist")
    assert at(drill, hours=59) == []
    for settled in ("article", "journalist"):
        with pytest.raises(Refused, match="already"):
            drill.send(settled)


def test_one_made_up_on_the_spot_is_kept_with_the_exercise(drill: Drill, tmp_path: Path) -> None:
    made = drill.add(Inject("", "chat", "The chief executive", "Are we in the papers?", timedelta(hours=1)))
    assert made.id == "added-1"
    assert at(drill, hours=2) == ["call", "engineer", "added-1"]
    with closing(Drill.open(tmp_path / "x.db", actor="ben", real=Clock())) as other:
        sent = other.inbox()[-1].inject
        assert (sent.sender, sent.text, sent.added) == ("The chief executive", "Are we in the papers?", True)


def test_what_is_still_to_come_says_when_or_what_it_waits_for(drill: Drill) -> None:
    state = drill.state()
    planned = {up.inject.id: up.planned and up.planned - drill.scenario.begin for up in state.upcoming}
    assert planned["journalist"] == timedelta(hours=5)
    assert planned["article"] is None
    waits = {up.inject.id: up.waits for up in state.upcoming}
    assert waits["article"] == "'press' is answered with nothing and 'journalist' was sent, 3 h ago"
    assert waits["reminder"] == "not yet: eu.gdpr.33 is filed"
    assert [up.inject.id for up in state.upcoming][:3] == ["call", "engineer", "journalist"]


def test_jumping_to_what_comes_next_skips_the_quiet_hours(drill: Drill) -> None:
    assert [one.id for one in drill.jump_to_next()] == ["call"]
    assert [one.id for one in drill.jump_to_next()] == ["engineer"]
    assert [one.id for one in drill.jump_to_next()] == ["journalist"]
    assert [one.id for one in drill.jump_to_next()] == ["reminder"]
    assert drill.jump_to_next() == ()
    assert drill.ended_at == drill.scenario.end
