"""The outbox by its keys: filled, looked at, released by a typed number, stopped, and settled afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from breachkit.tui import of_outbox
from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.choose import ChooseScreen
from breachkit.tui.screens.confirm import ConfirmScreen
from breachkit.tui.screens.envelopes import EnvelopeRows, EnvelopesScreen
from breachkit.tui.screens.help import HelpScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.outbox import OutboxScreen
from breachkit.tui.screens.prompt import PromptScreen
from breachkit.tui.screens.send import SendScreen
from breachkit.tui.widgets.answers import Paragraph
from breachkit.workflow import recording
from breachkit.workflow.outbox.queueing import Order
from tests.delivery.sink import Sink, needs_sink, running_sink
from tests.intake.reports import ENVELOPE, POSTFIX
from tests.tui.house import seen, settle, still, told
from tests.tui.outbox_desk import AT, OutboxApp, at_the_outbox, ended, many, press, standing
from tests.workflow.outbox_house import House, build, copied

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
SCREENS: dict[str, tuple[str, ...]] = {
    "outbox": (),
    "people": ("enter", "p", "down"),
    "send": ("down", "s", "down", "enter", "enter"),
}


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    return build(tmp_path_factory.mktemp("approved") / "desk", cache=parsed_once)


@pytest.fixture
def house(approved: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(of_outbox, "POLL_SECONDS", 3600)  # looks for news only when a test says so
    return copied(approved, tmp_path / "desk")


async def said(pilot: Pilot[Any], text: str) -> None:
    """A text in the place of what is proposed, and Enter."""
    pilot.app.screen.query_one(Paragraph).text = text
    await press(pilot, "enter")


async def beneath(app: BreachkitApp, pilot: Pilot[Any]) -> str:
    """The words on the screen, once what popped up over them is gone."""
    app.clear_notifications()
    await settle(pilot)
    return seen(app)


def with_mail(house: House, sink: Sink, monkeypatch: pytest.MonkeyPatch, server: str = "") -> None:
    settings = house.folder / "mail.yaml"
    settings.write_text(
        "format: breachkit/mail@1\nsender: {name: Example Co, email: bounces@example.com}\n"
        f"servers:\n  - {{name: main, host: 127.0.0.1, port: {sink.port}, tls: none, connections: 1{server}}}\n"
    )
    monkeypatch.setenv("BREACHKIT_MAIL", str(settings))


async def test_from_an_empty_outbox_to_a_file_for_each_person(house: House) -> None:
    app = BreachkitApp(house.space, "INC-1")
    out = house.folder / "out"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "f1")
        assert isinstance(app.screen, HelpScreen)
        assert "o" in dict(app.screen.keys)
        await press(pilot, "escape", "o")
        assert isinstance(app.screen, OutboxScreen)
        assert "The outbox is empty. To put letters in:" in seen(app)
        assert "notice batch DUTY INC-1 --people people.csv --format eml --out letters" in seen(app)
        assert not house.space.has_vault  # looking makes none

        await press(pilot, "q")
        await said(pilot, str(house.letters))
        assert "D-1: 3 letters of eu.gdpr.34 queued; nothing was sent" in told(app)
        assert ". 3 wait: s shows what would leave, and sends" in await beneath(app, pilot)

        await press(pilot, "s")
        assert isinstance(app.screen, ChooseScreen)
        await press(pilot, "down", "enter")
        await said(pilot, str(out))
        assert isinstance(app.screen, SendScreen)
        assert "D-1 3 letters Tell the people affected" in seen(app)
        assert "approved by Ana Example" in seen(app)
        assert "NOTHING HAS LEFT YET" in seen(app)
        for wrong in ("4", "\N{ARABIC-INDIC DIGIT THREE}"):
            app.screen.query_one(Input).value = wrong
            await press(pilot, "enter")
            assert "NOT SENT: 3 letters would leave, and that is not the number" in seen(app)
        assert not out.exists()
        app.screen.query_one(Input).value = "3"
        await press(pilot, "enter")
        assert "ENDED: 3 letters written to" in seen(app)
        assert "D-1 now: 3 sent" in seen(app)
        assert "all taken by a server, or replaced" in seen(app)
        assert len(list(out.glob("*.eml"))) == 3

        await press(pilot, "escape", "s")
        assert "Nothing of D-1 waits to be sent" in told(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, IncidentScreen)
        assert "meanwhile" not in told(app)  # one's own entries are no news
    assert house.kinds()[-2:] == ["dispatch.released", "delivery.recorded"]


async def test_what_stands_in_the_way_is_said_and_an_outdated_number_sends_nothing(house: House) -> None:
    house.queue()
    async with at_the_outbox(house) as (app, pilot):
        await press(pilot, "s", "enter")
        assert "NOT YET: no mail server is set" in seen(app)
        assert not app.screen.query_one("#send-ask").display
        await press(pilot, "escape", "s", "down", "enter")
        await said(pilot, str(house.folder / "out"))
        with house.open() as (_, vault):  # another terminal, while the dry run is on the screen
            [first] = vault.database.rows("SELECT id FROM envelope ORDER BY n LIMIT 1")
            vault.move(first, "replaced", "person", at=AT, actor="ben", reply="by hand", channel="visit")
        await press(pilot, "3", "enter")
        assert "NOT SENT: 2 messages are queued and 3 was typed" in seen(app)
        assert "2 letters would leave now" in seen(app)

        with house.space.journal() as journal:
            recording.record_facts(house.space, journal, "INC-1", {"records.total": "701"})
        assert isinstance(app.screen, SendScreen)
        app.screen.journal_changed()
        await settle(pilot)
        now = await beneath(app, pilot)
        assert "NOT YET: eu.gdpr.34 in 'en': approved by Ana Example" in now
        assert "withdrawn: records.total changed from 700 to 701" in now
        assert "NOTHING LEAVES while that stands in the way" in now
        assert not app.screen.query_one("#send-ask").display
    assert standing(house) == {"queued": 2, "replaced": 1}
    assert not (house.folder / "out").exists()


@needs_sink
@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_a_run_by_mail_is_stopped_after_what_is_on_its_way(
    house: House, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    house.queue()
    with running_sink(keep=True) as sink:
        with_mail(house, sink, monkeypatch, ", rate: 90/min")
        async with at_the_outbox(house) as (app, pilot):
            await press(pilot, "s", "enter")
            screen = app.screen
            assert isinstance(screen, SendScreen)
            assert "By mail from Example Co <bounces@example.com>, by main (127.0.0.1:" in seen(app)
            await pilot.press("3", "enter")
            while screen.going is None or not screen.going.done:
                await pilot.pause(0.01)
            screen._tick()
            await pilot.pause()
            assert "SENDING" in seen(app)
            await pilot.press("escape" if key == "ctrl+c" else key)
            await pilot.pause()
            assert isinstance(app.screen, ConfirmScreen)
            await pilot.press(*(("n", key) if key == "ctrl+c" else ("y",)))
            await settle(pilot)
            if key == "ctrl+c":
                assert "It was interrupted: what was on its way is finished, the rest waits" in seen(app)
                assert "wait: s in the outbox goes on" in seen(app)
            found = standing(house)
            assert set(found) == {"sent", "queued"}
            assert house.kinds()[-1] == "delivery.recorded"
            with house.space.vault(read_only=True) as vault:
                assert vault.database.rows("SELECT ended FROM sender") == [(1,)]
            if key == "ctrl+c":
                await press(pilot, "escape", "s", str(found["queued"]), "enter")  # the rest goes the same way
                assert "taken by mail server" in seen(app)
                assert "D-1 now: 3 sent" in seen(app)
        assert len(sink.messages()) == (3 if key == "ctrl+c" else found["sent"])


async def test_people_are_named_only_while_somebody_asks_for_it(house: House) -> None:
    async with at_the_outbox(ended(house), size=(120, 24)) as (app, pilot):
        assert "? 1 IN DOUBT" in seen(app)
        assert "x 1 OWED ANOTHER WAY" in seen(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, EnvelopesScreen)
        assert "example.com" not in seen(app)
        assert all(one.name is None and one.email is None for one in app.screen.lines)  # not even read
        await press(pilot, "p")
        assert "NAMES AND ADDRESSES ARE ON THE SCREEN" in seen(app)
        assert "Ana Uno <ana@example.com>" in seen(app)
        await press(pilot, "p")
        assert "NAMES AND ADDRESSES" not in seen(app)
        assert "Ana Uno" not in seen(app)

        with house.space.vault() as vault:  # what a server or a table says is text and nothing else
            vault.database.run("UPDATE person SET name = ?", ("[link=x]Eve[/] \x1b]0;t\x07",))
        await press(pilot, "p", "down", "down")
        assert "[bold red]User[/] unknown \N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}" in seen(app)
        assert "[link=x]Eve[/] \N{REPLACEMENT CHARACTER}]0;t\N{REPLACEMENT CHARACTER}" in seen(app)
        await press(pilot, "enter")
        assert "550: [bold red]User[/] unknown" in seen(app)
        assert "\x1b" not in seen(app)
        assert "\u202e" not in seen(app)


async def test_envelopes_come_by_the_page_and_by_status(house: House) -> None:
    ended(house)
    many(house.space, 1002)
    async with at_the_outbox(house) as (app, pilot):
        await press(pilot, "down", "enter")
        table = app.screen.query_one(EnvelopeRows)
        assert table.row_count == 1000
        assert "all: 1,002 of 1,002 letters 1 to 1,000" in seen(app)
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert table.row_count == 2
        assert "1,001 to 1,002" in seen(app)
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert table.row_count == 1000
        await press(pilot, "escape", "up", "enter", "f")
        assert isinstance(app.screen, ChooseScreen)
        await press(pilot, "down", "down", "down", "enter")
        assert "only in doubt: 1 of 3 letters" in seen(app)
        assert app.screen.query_one(EnvelopeRows).chosen == "2" * 32


async def test_what_is_in_doubt_is_settled_with_how_that_is_known(house: House) -> None:
    async with at_the_outbox(ended(house)) as (app, pilot):
        await press(pilot, "d", "down", "enter")
        assert isinstance(app.screen, PromptScreen)
        assert "How is that known?" in seen(app)
        with house.open() as (_, vault):
            vault.database.run("UPDATE envelope SET status = 'in_doubt' WHERE id = ?", ("3" * 32,))
        await said(pilot, "called the provider")
        assert "there are 2 of them now, not 1 as on the screen" in told(app)
        assert standing(house) == {"sent": 1, "in_doubt": 2}
        await press(pilot, "d", "down", "enter")
        await said(pilot, "called the provider")
        assert standing(house) == {"sent": 1, "refused": 2}
        await press(pilot, "d")
        assert "Nothing of D-1 is in doubt" in told(app)
        await press(pilot, "r")
        await said(pilot, "post")
        await said(pilot, "posting list 17")
        assert standing(house) == {"sent": 1, "replaced": 2}
        assert "all taken by a server, or replaced" in seen(app)
    with house.space.journal(read_only=True) as journal:
        settled = [entry.body for entry in journal.entries("INC-1") if entry.kind == "envelope.settled"]
    assert [(one["to"], one["count"], one["reason"]) for one in settled] == [
        ("refused", 2, "called the provider"), ("replaced", 2, "posting list 17")
    ]  # fmt: skip


async def test_single_envelopes_are_ticked_and_tried_again(house: House) -> None:
    async with at_the_outbox(ended(house)) as (app, pilot):
        await press(pilot, "enter", "t")
        assert "It is sent, not refused or bounced" in told(app)
        await press(pilot, "down", "down", "space")
        assert "1 ticked" in seen(app)
        await press(pilot, "up", "t")
        await said(pilot, "the mailbox is open again")
        assert "1 letter queued again" in told(app)
        assert "3333" in seen(app)
        assert standing(house) == {"sent": 1, "in_doubt": 1, "queued": 1}
        await press(pilot, "space", "space", "d", "enter")
        await said(pilot, "in the log")
        assert "is queued, not in doubt" in told(app)  # all of what is ticked, or nothing
    assert standing(house) == {"sent": 1, "in_doubt": 1, "queued": 1}


async def test_another_terminals_work_shows_up_by_itself(house: House) -> None:
    async with at_the_outbox(house) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, OutboxScreen)
        house.queue()
        screen.poll()
        await settle(pilot)
        assert "3 queued" in seen(app)
        with house.open() as (_, vault):
            vault.database.run("UPDATE envelope SET status = 'sending', sender = 'a dead one'")
        screen.poll()
        await settle(pilot)
        assert "> SENDING" in seen(app)
        looked = screen.rows
        screen.poll()
        await settle(pilot)
        assert screen.rows is looked  # nobody wrote

        await press(pilot, "c")
        assert "0 settled by kept replies, 3 newly in doubt; nothing was sent" in told(app)
        assert "? 3 IN DOUBT" in seen(app)


async def test_reports_of_non_delivery_are_read_from_a_path(house: House) -> None:
    ended(house)
    report = house.folder / "report.eml"
    report.write_text(POSTFIX.replace(ENVELOPE, "1" * 32))
    async with at_the_outbox(house) as (app, pilot):
        await press(pilot, "b")
        await said(pilot, str(report))
        assert "1 bounced" in seen(app)
        await press(pilot, "escape", "l")
        await said(pilot, str(house.folder / "there is none"))
        assert "there is none" in told(app)
    assert standing(house) == {"bounced": 1, "in_doubt": 1, "refused": 1}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("way", SCREENS.values(), ids=SCREENS)
def test_it_looks_as_it_did(
    snap_compare: Callable[..., bool], house: House, way: tuple[str, ...], size: tuple[int, int]
) -> None:
    async def there(pilot: Pilot[Any]) -> None:
        await still(pilot)
        await press(pilot, *way)
        await still(pilot)

    ended(house)
    if "s" in way:
        house.queue(Order(again="a wrong day"))
    assert snap_compare(OutboxApp(house), terminal_size=size, run_before=there)
