"""Reminders by the front door: said once, proven after, caught up, tried again, never of what is settled, nor from a drill."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from breachkit.domain.journal import Draft
from breachkit.domain.reminders import Schedule
from breachkit.errors import ExitCode, Refused, UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow import recording, timeline
from breachkit.workflow.reminding import round_json
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock
from tests.workflow import exercising
from tests.workflow.reminders_house import REPORT, Kept, opened, proofs, run

DUE = datetime(2026, 11, 23, 21, 15, tzinfo=UTC)


def at(clock: Clock, moment: datetime) -> None:
    clock.moment = moment


def test_each_distance_is_said_once_and_proven_after(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    mail = Kept()
    assert run(workspace, mail).next is not None
    assert mail.messages == []
    at(clock, DUE - timedelta(hours=24))
    for _ in range(3):
        run(workspace, mail)
    assert len(mail.messages) == 1
    assert mail.messages[0].subject == f"INC-1: OWED {REPORT}: due Mon 23 Nov 2026 22:15 CET, in 1 d 00 h, and 1 more"
    assert [body for body in proofs(journal, by="mail") if body["finding"] == REPORT] == [
        {
            "duty": "eu.gdpr.33", "finding": REPORT, "limit": "target", "due": "2026-11-23T21:15:00+00:00", "before": "P1D",
            "covers": [], "by": "mail", "way": "mail", "proof": "250 ok number 1",
        }
    ]  # fmt: skip
    assert [body["by"] for body in proofs(journal)] == ["mail"] * 2 + ["terminal"] * 2
    assert journal.verify() is None
    assert any(f"reminded of {REPORT}" in line.text for line in timeline.lines(journal.entries("INC-1")))


def test_a_run_after_many_missed_ones_says_it_once_and_what_it_stands_for(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    opened(workspace, journal)
    mail = Kept()
    at(clock, DUE - timedelta(minutes=20))
    run(workspace, mail)
    (body,) = [body for body in proofs(journal, by="mail") if body["finding"] == REPORT]
    assert (body["before"], body["covers"]) == ("PT1H", ["P1D", "PT6H"])
    assert len(mail.messages) == 1
    assert "reminders that no run gave in time: 1 day before the limit, 6 hours before the limit" in mail.messages[0].text


def test_correcting_awareness_reminds_of_the_new_limit(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    mail = Kept()
    at(clock, DUE - timedelta(hours=5))
    run(workspace, mail)
    recording.record_facts(workspace, journal, "INC-1", {"aware_at": "2026-11-20T21:45:00+01:00[Europe/Brussels]"}, reason="x")
    run(workspace, mail)
    run(workspace, mail)
    assert [body["due"][11:16] for body in proofs(journal, by="mail") if body["finding"] == REPORT] == ["21:15", "20:45"]


def test_after_the_limit_it_is_repeated_until_it_is_filed(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    mail = Kept()
    for hours in (0, 5, 6, 7, 12):
        at(clock, DUE + timedelta(hours=hours))
        run(workspace, mail)
    assert [body["before"] for body in proofs(journal, by="mail") if body["finding"] == REPORT] == ["PT0S", "-PT6H", "-PT12H"]
    assert "12 h 00 min OVERDUE" in mail.messages[-1].text
    recording.file_duty(workspace, journal, "INC-1", "eu.gdpr.33", reference="2026-118823", lacked=())
    at(clock, DUE + timedelta(hours=30))
    run(workspace, mail)
    assert all(body["finding"] != REPORT for body in proofs(journal, by="mail") if body["before"] == "-P1DT6H")


def test_what_a_first_filing_left_out_is_reminded_of_each_day(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=30))
    recording.file_duty(workspace, journal, "INC-1", "eu.gdpr.33", reference="2026-118823", lacked=("consequences",))
    mail, once = Kept(), Schedule()
    for _ in range(4):
        clock.forward(hours=12)
        run(workspace, mail, schedule=once)
    followed = [(body["duty"], body["limit"]) for body in proofs(journal, by="mail") if body["limit"] == "no_number"]
    assert followed == [("eu.gdpr.33.update", "no_number")] * 3


def test_a_decision_to_refrain_ends_reminders_and_a_changed_fact_brings_them_back(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    opened(workspace, journal)
    recording.decide(workspace, journal, "INC-1", "eu.gdpr.33", "refrain", "no risk is likely")
    at(clock, DUE - timedelta(hours=5))
    mail = Kept()
    run(workspace, mail)
    assert not any(body["finding"] == REPORT for body in proofs(journal))
    recording.record_facts(workspace, journal, "INC-1", {"risk.level": "high"}, reason="the list was sold")
    run(workspace, mail)
    assert any(body["finding"] == REPORT for body in proofs(journal))
    assert "decided to refrain, and open again: changed since: risk.level" in mail.messages[-1].text


def test_whom_nobody_may_tell_yet_is_said(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    told: dict[str, Any] = {"breach__in_service": "yes", "discovered_at": "2026-11-20T21:50:00+01:00[Europe/Brussels]"}
    opened(workspace, journal, **{**told, "people__in__US-FL": "500", "people__total": "1100"})
    at(clock, DUE + timedelta(hours=1))
    mail = Kept()
    run(workspace, mail)
    text = mail.messages[-1].text
    assert "you may not tell the people affected before" in text
    assert "customers and the public may not be told until seven full business days" in text
    assert "that wait is counted from the limit of us.fcc.64-2011.agencies, until it is filed" in text


def test_an_unsettled_duty_whose_clock_runs_is_said_as_that(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal, **{"people__in__US-FL": "500", "people__total": "1100"})
    at(clock, DUE + timedelta(days=40))
    mail = Kept()
    run(workspace, mail)
    assert "whether it is owed is not settled, and its clock runs all the same; it waits for" in mail.messages[-1].text


def test_what_the_law_presumes_is_said_to_count_as_owed(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal, people__in__ES="500", people__total="500", risk__level="high")
    at(clock, DUE)
    mail = Kept()
    run(workspace, mail)
    assert "the law presumes it: it counts as owed until shown otherwise; that rests on" in mail.messages[-1].text


def test_while_nobody_said_where_people_live_the_nearest_of_all_laws_is_said(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    recording.open_incident(workspace, journal, title="x", facts={"aware_at": "2026-11-20T21:15:00Z"})
    at(clock, DUE + timedelta(days=3))
    mail = Kept()
    run(workspace, mail)
    assert len({body["finding"] for body in proofs(journal)}) == 1
    text = mail.messages[-1].text
    assert "settle first:" in text
    assert "where all affected people live" in text
    assert "OVERDUE" not in text
    assert " ago, if it applies" in text


def test_a_way_that_fails_is_tried_again_while_the_others_have_gone(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    mail, pager = Kept(), Kept("command", "command:1")
    mail.trouble = "the mail was not taken: 451 later"
    round_ = run(workspace, mail, pager)
    assert round_.code == ExitCode.DELIVERY
    assert round_.troubles == ["INC-1 by mail: the mail was not taken: 451 later. The next run tries it again"]
    assert {body["way"] for body in proofs(journal)} == {"command:1", "terminal"}
    mail.trouble = ""
    assert run(workspace, mail, pager).code == ExitCode.DONE
    assert (len(mail.messages), len(pager.messages)) == (1, 1)
    assert run(workspace, mail, pager).messages == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_an_exercise_says_it_here_alone_by_its_own_clock(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    exercising.opened(workspace, journal, {"aware_at": "2026-11-20T21:15:00Z", "people.in.ES": "600"})
    visiting = Workspace(database=workspace.where, actor="ana")
    mail, pager, desktop = Kept(), Kept("command", "command:1"), Kept("desktop")
    run(visiting, mail, pager, desktop)
    assert visiting.now == datetime(2026, 11, 21, 12, tzinfo=UTC)
    at(clock, DUE - timedelta(hours=5))
    recording.note(workspace, journal, "INC-1", "later, in the exercise's own time")
    round_ = run(Workspace(database=workspace.where, actor="ana"), mail, pager, desktop)
    assert round_.exercise
    assert round_.now == DUE - timedelta(hours=5)
    assert (mail.messages, pager.messages) == ([], [])
    assert desktop.messages[0].text.startswith("EXERCISE - EXERCISE - EXERCISE: nothing of this happened\n")
    assert desktop.messages[0].subject.startswith("EXERCISE - INC-1: ")
    assert {body["by"] for body in proofs(journal)} == {"desktop", "terminal"}
    assert "INC-1 is an exercise: only the terminal and the desktop say it, never mail" in round_.remarks


def test_an_invented_incident_is_said_here_alone_and_marked(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal, incident__invented="yes")
    at(clock, DUE - timedelta(hours=5))
    mail, pager, desktop = Kept(), Kept("command", "command:1"), Kept("desktop")
    round_ = run(workspace, mail, pager, desktop)
    assert (mail.messages, pager.messages) == ([], [])
    for message in (*desktop.messages, *round_.messages):
        assert message.text.startswith("INVENTED INCIDENT - nothing of this happened")
        assert message.subject.startswith("INVENTED - INC-1: ")
        assert message.json["incident"]["invented"] is True
    assert round_.code == ExitCode.DONE


def test_closed_incidents_say_nothing_and_a_damaged_one_does_not_silence_the_others(
    workspace: Workspace, journal: Journal, clock: Clock
) -> None:
    opened(workspace, journal)
    for n in (2, 3):
        assert opened(workspace, journal) == f"INC-{n}"
    journal.append("INC-2", [Draft("incident.closed", {"reason": "over"})], expected=journal.head("INC-2")[0], actor="ana",
                   recorded_at=clock())  # fmt: skip
    journal.append("INC-1", [Draft("of.tomorrow", {})], expected=journal.head("INC-1")[0], actor="ana", recorded_at=clock())
    at(clock, DUE - timedelta(hours=5))
    mail = Kept()
    round_ = run(workspace, mail)
    assert [message.incident for message in mail.messages] == ["INC-3"]
    assert round_.code == ExitCode.BAD_FILE
    assert "INC-1 cannot be looked at, so nothing of it is said" in round_.troubles[0]


def test_one_incident_alone_can_be_asked_for(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    for _ in range(2):
        opened(workspace, journal)
    at(clock, DUE - timedelta(hours=5))
    mail = Kept()
    run(workspace, mail, incident="INC-2")
    assert [message.incident for message in mail.messages] == ["INC-2"]
    with pytest.raises(UnknownName, match="INC-22"):
        run(workspace, incident="INC-22")


def test_looking_says_and_records_nothing(workspace: Workspace, journal: Journal, clock: Clock) -> None:
    opened(workspace, journal)
    later = Workspace(database=workspace.where, clock=clock, reading_now=DUE - timedelta(hours=5))
    mail = Kept()
    held = round_json(run(later, mail, dry=True), dry=True)
    assert mail.messages == []
    assert proofs(journal) == []
    assert held["format"] == "breachkit/reminders@1"
    assert (held["now"], held["dry_run"], held["troubles"]) == ("2026-11-23T16:15:00+00:00", True, [])
    report = next(one for one in held["said"] if one["finding"] == REPORT)
    assert report["limits"] == [{"limit": "target", "due": "2026-11-23T21:15:00+00:00", "before": "PT6H", "covers": ["P1D"]}]
    assert [(one["way"], one["said"]) for one in report["by"]] == [("mail", None), ("terminal", None)]
    assert held["next"]["at"] == "2026-11-23T20:15:00+00:00"
    with pytest.raises(Refused, match="--now and --as-of only look"):
        run(later, mail)
