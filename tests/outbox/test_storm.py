"""The outbox under fire, in small: `python -m tests.outbox.storm` is the same with 100,000 messages and 50 kills."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.outbox.storm import Plan, Report, Storm
from tests.storage import servers


def nothing_is_lost_and_nothing_doubled(report: Report, plan: Plan) -> None:
    assert report.faults() == [], str(report)
    assert len(report.envelopes) == plan.messages
    assert report.kills >= plan.kills
    assert report.sink_restarts == plan.sink_restarts
    nobody = sum(number % 97 == 0 for number in range(plan.messages))
    assert report.statuses["refused"] <= nobody <= report.statuses["refused"] + report.statuses["in_doubt"]
    on_their_way = 4 * plan.senders
    assert report.statuses["in_doubt"] <= on_their_way * (plan.kills + plan.sink_restarts + plan.server_restarts)


def test_on_a_file_each_is_sent_once_or_in_doubt_whatever_is_killed(tmp_path: Path) -> None:
    plan = Plan(messages=1_500, kills=8, sink_restarts=2, patience=100)
    nothing_is_lost_and_nothing_doubled(Storm(plan, str(tmp_path / "breachkit.db"), tmp_path).run(), plan)


def test_three_senders_on_a_server_that_falls_send_each_once(server_of_its_own: servers.Server, tmp_path: Path) -> None:
    plan = Plan(messages=900, kills=3, sink_restarts=1, senders=3, server_restarts=1, patience=100)
    where = server_of_its_own.url(server_of_its_own.new_database())
    report = Storm(plan, where, tmp_path, server_of_its_own).run()
    nothing_is_lost_and_nothing_doubled(report, plan)
    assert report.server_restarts == 1


@pytest.mark.parametrize(
    ("status", "taken", "fault"),
    [
        ("sent", [], "lost, sent and never taken"),
        ("sent", ["a", "a"], "taken 2 times"),
        ("queued", ["a"], "queued and yet taken"),
        ("refused", ["a"], "refused and yet taken"),
        ("sending", [], "left sending"),
        ("in_doubt", ["b"], "no envelope of ours"),
    ],
)
def test_the_count_sees_what_must_never_be(status: str, taken: list[str], fault: str) -> None:
    said = Report(statuses={}, taken=taken, envelopes={"a": status}).faults()  # type: ignore[arg-type]  # not looked at
    assert any(fault in one for one in said)


@pytest.mark.parametrize(("status", "taken"), [("sent", ["a"]), ("in_doubt", ["a"]), ("in_doubt", []), ("refused", [])])
def test_the_count_has_nothing_to_say_of_what_may_be(status: str, taken: list[str]) -> None:
    assert Report(statuses={}, taken=taken, envelopes={"a": status}).faults() == []  # type: ignore[arg-type]  # not looked at
