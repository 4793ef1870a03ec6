"""What the tests of the outbox's screens share: an app that opens at the outbox, and envelopes in every state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from breachkit.storage.vault import EVENT, Addressed
from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.outbox import OutboxScreen
from breachkit.workflow.workspace import Workspace
from tests.tui.house import settle
from tests.workflow.outbox_house import House

EVIL = "[bold red]User[/] unknown \x1b[2J\u202e"
"""Markup, a terminal's codes and a turn of direction, as a server may reply it."""
AT = "2026-11-21T12:00:00.000+00:00"
ENDS: tuple[tuple[str, int | None, str], ...] = (
    ("sent", 250, "2.0.0 Ok: queued as 4F2"),
    ("in_doubt", None, "the connection broke"),
    ("refused", 550, EVIL),
)


class OutboxApp(BreachkitApp):
    """The outbox of INC-1 alone, without the screens one comes by."""

    def __init__(self, house: House) -> None:
        super().__init__(house.space, "INC-1")
        self.judged = house.judged()

    def first_screens(self) -> None:
        """The outbox."""
        self.push_screen(OutboxScreen(self.workspace, "INC-1", self.judged))


@asynccontextmanager
async def at_the_outbox(house: House, *, size: tuple[int, int] = (100, 24)) -> AsyncIterator[tuple[BreachkitApp, Pilot[Any]]]:
    """The outbox on the screen."""
    app = OutboxApp(house)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield app, pilot


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, waiting for what they set off; moving up and down sets off nothing."""
    for one in keys:
        await pilot.press(one)
        if one not in ("up", "down"):
            await settle(pilot)


def ended(house: House) -> House:
    """Queued and released by mail: one sent, one in doubt, one refused. The envelopes' ids are 1, 2 and 3."""
    house.queue()
    with house.open() as (_, vault):
        one = vault.dispatches("INC-1")[0]
        vault.change_dispatch(one, "released", released_at=AT, released_by="ana", channel="smtp")
        numbers = [n for (n,) in vault.database.rows("SELECT n FROM envelope ORDER BY n")]
        for place, (n, (status, code, reply)) in enumerate(zip(numbers, ENDS, strict=True), 1):
            query = "UPDATE envelope SET id = ?, status = ?, attempts = 1 WHERE n = ?"
            vault.database.run(query, (f"{place}" * 32, status, n))
            vault.database.run(EVENT, (n, AT, status, "sender", code, reply, "main", "ana"))
    return house


def many(space: Workspace, number: int) -> None:
    """So many more queued, of a dispatch of their own."""
    letters = [
        Addressed("", f"P {n}", f"p{n}@example.com", "ES", False, b"Message-ID: <x>\r\n\r\n", b"<x>") for n in range(number)
    ]
    with space.vault() as vault, vault.writing():
        one = vault.new_dispatch("INC-1", "eu.gdpr.34", {"languages": ["en"], "queued_at": AT, "queued_by": "ana"})
        vault.put(one, letters, domain="example.com", at=AT, actor="ana")


def standing(house: House) -> dict[str, int]:
    """How many envelopes stand how."""
    with house.space.vault(read_only=True) as vault:
        return {status: number for status, number in vault.counts(vault.dispatches()).items() if number}
