"""What would make a screen differ from one run or machine to the next, fixed - each with its reason."""

from __future__ import annotations

import locale
from collections.abc import Iterator

import pytest

from breachkit.tui import app, exercise_app


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Brussels")  # "now" is written with the system's zone
    monkeypatch.delenv("NO_COLOR", raising=False)  # pictures are in colour
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")  # a dumb terminal would be drawn in other colours
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")  # nothing half-way through a movement
    monkeypatch.delenv("BREACHKIT_HOME", raising=False)  # templates of whoever runs the tests stay out
    monkeypatch.delenv("BREACHKIT_DATABASE", raising=False)
    monkeypatch.setattr(app, "WATCH_SECONDS", 3600)  # looks for news only when a test says so
    monkeypatch.setattr(exercise_app, "TICK_SECONDS", 3600)  # time passes only when a test says so
    before = locale.setlocale(locale.LC_TIME)
    locale.setlocale(locale.LC_TIME, "C")  # day and month names
    yield
    locale.setlocale(locale.LC_TIME, before)
