"""Every screen explains itself, and every key says what it does."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import breachkit.tui.screens
import breachkit.tui.widgets
from breachkit.tui.app import BreachkitApp
from breachkit.tui.screens.help import HelpScreen
from breachkit.tui.working import Working
from tests.tui.house import press, seen, settle, with_sample


def _ours() -> list[type[DOMNode]]:
    found: list[type[DOMNode]] = [BreachkitApp]
    for package in (breachkit.tui.screens, breachkit.tui.widgets):
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            own = [one for one in vars(loaded).values() if isinstance(one, type) and one.__module__ == loaded.__name__]
            found += [one for one in own if issubclass(one, DOMNode)]
    return found


@pytest.mark.parametrize("owner", _ours(), ids=lambda owner: owner.__name__)
def test_every_binding_has_an_id_and_a_tooltip(owner: type[DOMNode]) -> None:
    for binding in vars(owner).get("BINDINGS", ()):
        assert isinstance(binding, Binding)
        assert binding.id, binding
        assert binding.tooltip, binding


@pytest.mark.parametrize("owner", [one for one in _ours() if issubclass(one, Working)], ids=lambda owner: owner.__name__)
def test_every_screen_says_what_it_is_and_what_to_do(owner: type[Working[Any]]) -> None:
    if owner.__name__.startswith("_"):
        return
    assert owner.NAME
    assert len(owner.GUIDE) > 30


WAYS = {
    "board": ("escape",),
    "declare": ("escape", "n"),
    "incident": (),
    "people": ("p",),
    "picker": ("c",),
    "timeline": ("t",),
    "outbox": ("o",),
    "entry": ("t", "enter"),
    "facts": ("f",),
    "find": ("f", "n"),
    "edit": ("f", "enter"),
    "duty": ("enter",),
    "decide": ("enter", "d"),
    "file": ("enter", "f"),
    "preview": ("enter", "p"),
    "check": ("enter", "p", "c"),
    "approve": ("enter", "p", "a"),
    "worksheet": ("enter", "p", "k"),
    "note": ("n",),
    "warnings": ("w",),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_help_opens_on_every_screen_and_closes_again(tmp_path: Path, way: tuple[str, ...]) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *way)
        screen = app.screen
        assert isinstance(screen, Working)
        await press(pilot, "f1")
        assert isinstance(app.screen, HelpScreen)
        assert f"HELP: {screen.NAME}" in seen(app)
        await press(pilot, "escape")
        assert app.screen is screen


async def test_help_lists_the_keys_of_the_screen(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        for said in (
            "Answer the question shown",
            "How many people are affected, place by place",
            "Information, not legal advice",
        ):
            assert said in seen(app)


async def test_help_lists_every_key_of_a_notice_and_of_its_worksheet(tmp_path: Path) -> None:
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "p", "question_mark")
        for said in (
            "Approve these words",
            "Everything the check found",
            "What changed since it was last filed",
            "The fields of the authority's portal",
            "Show it in the next language",
        ):
            assert said in seen(app)
        await press(pilot, "escape", "k", "question_mark")
        for said in ("Copy the answer of the highlighted field", "Record the fact the highlighted field waits for"):
            assert said in seen(app)
