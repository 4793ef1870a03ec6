"""One timer watches a connection: each answer has its own time, and the timer is seldom set anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from breachkit.delivery.smtp_watch import Watch


class Handle:
    """A timer that was set."""

    def __init__(self, due: float, call: Callable[[], None]) -> None:
        self.due, self.call, self.cancelled = due, call, False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """An event loop whose time a test moves by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.handles: list[Handle] = []

    def time(self) -> float:
        return self.now

    def call_at(self, due: float, call: Callable[[], None]) -> Handle:
        self.handles.append(Handle(due, call))
        return self.handles[-1]

    def run_to(self, now: float) -> None:
        """Move on, and let every timer go off on the way."""
        while ready := [one for one in self.handles if one.due <= now and not one.cancelled]:
            first = min(ready, key=lambda one: one.due)
            self.handles.remove(first)
            self.now = first.due
            first.call()
        self.now = now

    @property
    def set(self) -> int:
        """Timers that would go off."""
        return sum(not one.cancelled for one in self.handles)


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    """The loop the watch finds."""
    loop = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


def test_what_does_not_come_in_time_is_noticed_then(loop: Loop) -> None:
    expired: list[float] = []
    watch = Watch(lambda: expired.append(loop.now))
    watch.within(10)
    loop.run_to(9.9)
    assert not watch.expired
    loop.run_to(11)
    assert (watch.expired, expired) == (True, [10.0])


def test_each_answer_has_its_own_time(loop: Loop) -> None:
    watch = Watch(lambda: None)
    for at in range(0, 100, 8):
        loop.run_to(at)
        watch.within(10)
    assert not watch.expired
    loop.run_to(106)
    assert watch.expired


def test_a_shorter_time_after_a_longer_one_counts(loop: Loop) -> None:
    expired: list[float] = []
    watch = Watch(lambda: expired.append(loop.now))
    watch.within(600)
    loop.run_to(1)
    watch.within(5)
    loop.run_to(700)
    assert expired == [6.0]


def test_between_messages_nothing_is_waited_for(loop: Loop) -> None:
    watch = Watch(lambda: None)
    watch.within(10)
    loop.run_to(5)
    watch.rest()
    loop.run_to(100)
    assert (watch.expired, loop.set) == (False, 0)
    watch.within(10)
    loop.run_to(200)
    assert watch.expired


def test_a_thousand_messages_set_a_handful_of_timers(loop: Loop) -> None:
    watch = Watch(lambda: None)
    made = 0
    for number in range(1000):
        before = len(loop.handles)
        for seconds in (300, 300, 120, 600):
            loop.run_to(number * 0.004)
            watch.within(seconds)
        watch.rest()
        made += max(0, len(loop.handles) - before)
    assert made <= 3
    watch.stop()
    assert loop.set == 0
