"""What never happened has no way out of the outbox but a folder, whatever is set and however the screen is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from breachkit.errors import Refused
from breachkit.tui import of_outbox
from breachkit.tui.app import BreachkitApp
from breachkit.tui.exercise_app import DrillApp
from breachkit.tui.screens.outbox import OutboxScreen
from breachkit.tui.screens.prompt import PromptScreen
from breachkit.tui.screens.send import SendScreen
from breachkit.tui.widgets.headline import INVENTED
from breachkit.workflow.outbox import front
from tests.delivery.sink import Sink, needs_sink, running_sink
from tests.tui.drills import RealClock, seated, started
from tests.tui.house import looked_up, press, seen, settle
from tests.tui.outbox_desk import at_the_outbox, many, standing
from tests.tui.test_exercise_banner import with_incident
from tests.workflow.outbox_house import House, build

pytestmark = needs_sink


@pytest.fixture
def sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Everything that could open mail is set, and a server is there to take it."""
    monkeypatch.setattr(of_outbox, "POLL_SECONDS", 3600)
    with running_sink(keep=True) as one:
        for folder in (tmp_path, tmp_path / "home"):
            folder.mkdir(exist_ok=True)
            (folder / "mail.yaml").write_text(
                "format: breachkit/mail@1\nsender: {name: Example Co, email: bounces@example.com}\n"
                f"servers:\n  - {{name: main, host: 127.0.0.1, port: {one.port}, tls: none}}\n"
            )
        monkeypatch.setenv("BREACHKIT_MAIL", str(tmp_path / "mail.yaml"))
        monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "home"))
        for name in ("BREACHKIT_SMTP_URL", "BREACHKIT_TRANSPORT", "SMTP_HOST", "MAIL_SERVER"):
            monkeypatch.setenv(name, f"smtp://127.0.0.1:{one.port}")
        yield one


def forced_by_mail(house_of: BreachkitApp, dispatch: str) -> SendScreen:
    """The screen that sends, opened as no key opens it: by mail."""
    outbox = house_of.screen
    assert isinstance(outbox, OutboxScreen)
    assert outbox.held is not None
    screen = SendScreen(outbox.workspace, "INC-1", outbox.held, dispatch, None)
    house_of.push_screen(screen)
    return screen


async def test_an_invented_incident_is_asked_for_a_folder_and_told_why(tmp_path: Path, sink: Sink) -> None:
    house: House = build(tmp_path / "desk", invented=True)
    house.queue()
    async with at_the_outbox(house) as (app, pilot):
        assert INVENTED in seen(app)
        await press(pilot, "s")
        assert isinstance(app.screen, PromptScreen)
        assert app.screen.guide.startswith(
            "this incident is invented: nothing of it happened, so nothing of it goes out by smtp"
        )
        await press(pilot, "escape")

        screen = forced_by_mail(app, "D-1")
        await settle(pilot)
        assert INVENTED in seen(app)
        assert "NOT YET: this incident is invented" in seen(app)
        assert not screen.query_one("#send-ask").display
        assert screen.checks is not None
        screen.query_one("#send-ask").display = True  # even for somebody who gets hold of the field
        screen.query_one(Input).focus()
        await press(pilot, "3", "enter")
        assert "NOT SENT: this incident is invented" in seen(app)
    assert standing(house) == {"queued": 3}
    assert sink.messages() == []


async def test_an_exercise_is_asked_for_a_folder_and_its_banner_stays(tmp_path: Path, sink: Sink) -> None:
    clock = RealClock()
    drill = with_incident(started(tmp_path, clock))
    many(drill.workspace, 2)
    async with seated(drill, clock, size=(100, 30)) as table:
        app, pilot = table.app, table.pilot
        assert isinstance(app, DrillApp)
        app.push_screen(OutboxScreen(drill.workspace, "INC-1", looked_up(drill.workspace)))
        await settle(pilot)
        await press(pilot, "s")
        assert isinstance(app.screen, PromptScreen)
        assert app.screen.guide.startswith("this is the exercise 'open-drawer': nothing of it happened")
        assert "EXERCISE EXERCISE EXERCISE" in seen(app)
        await press(pilot, "escape")
        forced_by_mail(app, "D-1")
        await settle(pilot)
        assert "NOT YET: this is the exercise 'open-drawer'" in seen(app)
        assert "EXERCISE EXERCISE EXERCISE" in seen(app)
        with drill.workspace.journal() as journal, drill.workspace.vault() as vault:
            checks = front.checks(drill.workspace, journal, vault, "INC-1", [], None)
            with pytest.raises(Refused, match="this is the exercise 'open-drawer'"):
                front.run(drill.workspace, journal, vault, "INC-1", checks, 2, folder=None)
    assert sink.messages() == []
