"""Two people's terminals over one PostgreSQL database: each sees the other's entries, also after the server was restarted."""

from __future__ import annotations

import time
from typing import Any

import pytest
from textual.pilot import Pilot

from breachkit.tui import app as front
from breachkit.tui.app import BreachkitApp
from breachkit.workflow.demo import open_sample
from breachkit.workflow.recording import open_incident, record_facts
from breachkit.workflow.workspace import Workspace
from tests.storage.servers import MEMBER, OWNER, Server
from tests.tui.house import NIGHT, seen, settle, told

PATIENCE = 30.0
"""Seconds a screen may take on a loaded machine before the test gives up."""


async def _shows(pilot: Pilot[Any], app: BreachkitApp, *words: str) -> None:
    """Look, without pressing anything, until all of it stands there."""
    until = time.monotonic() + PATIENCE
    while not all(one in seen(app) for one in words):
        assert time.monotonic() < until, f"never showed {words}; it shows:\n{seen(app)}"
        await pilot.pause(0.05)


@pytest.mark.timeout(180)
async def test_two_terminals_see_each_others_entries_without_a_key_press(
    server: Server, team_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "WATCH_SECONDS", 0.1)
    anna = Workspace(database=team_database, actor="anna", clock=lambda: NIGHT)
    ben = Workspace(database=team_database.replace(OWNER, MEMBER, 1), actor="ben", clock=lambda: NIGHT)
    with anna.journal() as journal:
        open_sample(anna, journal, "example-co")
    hers, his = BreachkitApp(anna), BreachkitApp(ben, "INC-1")
    async with hers.run_test(size=(120, 40)) as her_keys, his.run_test(size=(120, 40), notifications=True) as his_keys:
        await settle(her_keys)
        await settle(his_keys)
        with ben.journal() as journal:
            open_incident(ben, journal, title="Lost backup tape", organisation=None, facts={})
            assert journal.roles("INC-2")[1] == MEMBER
        await _shows(her_keys, hers, "INC-2", "Lost backup tape")

        server.restart()
        with anna.journal() as journal:
            record_facts(anna, journal, "INC-1", {"incident.title": "Drawer left open"})
        await _shows(his_keys, his, "Drawer left open")
        await _shows(her_keys, hers, "Drawer left open")

        server.stop()
        try:
            his.screen.journal_changed()  # type: ignore[attr-defined] # what the watch calls
            await settle(his_keys)
            assert "cannot be reached" in told(his)
        finally:
            server.start()
        with anna.journal() as journal:
            record_facts(anna, journal, "INC-1", {"incident.title": "Drawer and cupboard"})
        await _shows(her_keys, hers, "Drawer and cupboard")
        await _shows(his_keys, his, "Drawer and cupboard")
