"""A facilitator and a player in two real terminals over one database, and what is left when one of them is killed."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shlex import join as as_typed

import pytest

from breachkit.workflow.exercise.clock import ClockState, SharedClock, clock_path
from tests.tui.drills import SCENARIO

PATIENCE = 40.0
"""Seconds a screen may take on a loaded machine before the test gives up."""
MINUTE = timedelta(minutes=1)

pytestmark = [
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed; the two terminals are its windows"),
    pytest.mark.timeout(600),
]


@dataclass
class Terminal:
    """One window, with whoever sits at it."""

    house: Terminals
    name: str

    def type(self, *keys: str) -> None:
        """Press keys by their names in tmux."""
        self.house.tmux("send-keys", "-t", self.name, *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self.house.tmux("send-keys", "-t", self.name, "-l", text)

    @property
    def words(self) -> str:
        """What stands on the screen, however it wraps, and what scrolled off when breachkit had ended."""
        return " ".join(self.house.tmux("capture-pane", "-p", "-S", "-50", "-t", self.name).split())

    def wait_for(self, *words: str) -> str:
        """Look until all of it stands there; the screen as it is then."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            shown = self.words
            if all(one in shown for one in words):
                return shown
            time.sleep(0.1)
        raise AssertionError(f"{self.name} never showed {words}; it shows:\n{self.words}")

    def kill(self) -> None:
        """As a power cut would, with no time to write anything."""
        os.kill(int(self.house.tmux("display-message", "-p", "-t", self.name, "#{pane_pid}")), signal.SIGKILL)


class Terminals:
    """A tmux server of its own, which knows nothing of whoever runs the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = f"breachkit-{os.getpid()}-{secrets.token_hex(3)}"
        own = {name: value for name, value in os.environ.items() if not name.startswith(("BREACHKIT", "TMUX"))}
        self.env = own | {"XDG_DATA_HOME": str(folder / "data"), "TEXTUAL_ANIMATIONS": "none", "LC_ALL": "C.UTF-8"}

    def tmux(self, *arguments: str) -> str:
        """Run tmux; its answer."""
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=self.env, cwd=self.folder, timeout=60)
        return done.stdout.strip("\n")

    def open(self, name: str, *arguments: str, size: tuple[int, int] = (120, 40)) -> Terminal:
        """A terminal in which breachkit runs with these arguments; its last screen stays when it ends."""
        command = as_typed([sys.executable, "-m", "breachkit", *arguments])
        width, height = map(str, size)
        self.tmux(
            "new-session",
            "-d",
            "-s",
            name,
            "-x",
            width,
            "-y",
            height,
            f"exec {command}",
            ";",
            "set",
            "-g",
            "remain-on-exit",
            "on",
        )
        return Terminal(self, name)


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Terminals]:
    house = Terminals(tmp_path)
    yield house
    subprocess.run(["tmux", "-L", house.socket, "kill-server"], check=False, capture_output=True)


def _clock(database: Path) -> ClockState:
    found = SharedClock(clock_path(database)).read()
    assert found is not None
    return found


def _later(database: Path, than: ClockState) -> None:
    """Look until virtual time has moved on."""
    until = time.monotonic() + PATIENCE
    while _clock(database).virtual <= than.virtual:
        assert time.monotonic() < until, "virtual time never went on"
        time.sleep(0.1)


def test_two_people_run_a_drill_in_two_terminals_and_a_killed_one_loses_nothing(terminals: Terminals, tmp_path: Path) -> None:
    database = tmp_path / "drill.db"
    where = ("--database", str(database))
    facilitator = terminals.open(
        "facilitator", "exercise", "run", str(SCENARIO), "--facilitated", "--speed", "2", *where, "--actor", "fay"
    )
    facilitator.wait_for("EXERCISE EXERCISE EXERCISE The drawer nobody closed", "x2 PAUSED facilitator", "NOT DECLARED YET")

    player = terminals.open("player", "exercise", "join", *where, "--actor", "anna", size=(80, 24))
    player.wait_for("The facilitator starts the clock", "x2 PAUSED player")
    player.type("Enter")
    player.wait_for("Incidents", "press n and answer four")
    facilitator.type("Space")
    player.wait_for("x2 player", "1 NEW")

    # The facilitator sends a message before its time; it reaches the player, who answers its question.
    facilitator.wait_for("reporter")
    facilitator.type("s")
    facilitator.wait_for("Send 'reporter' (press, A reporter) to the team now?")
    facilitator.type("y")
    facilitator.wait_for("SENT reporter")
    player.wait_for("PRESS: A reporter", "1 ASKS")
    player.type("F2")
    player.wait_for("QUESTION to Incident lead: What do you tell the reporter?")
    player.type("Enter")
    player.wait_for("CHOOSE with the arrows")
    player.type("Down", "Enter")
    player.wait_for("WHY? Enter answers, for good")
    player.write("true and enough")
    player.type("Enter")
    player.wait_for("How wise it was is told at the end")
    facilitator.wait_for("anna: answered 'confirm': later")

    # The player declares, and the facilitator sees it.
    player.type("Escape")
    player.wait_for("New incident")
    player.type("n")
    player.wait_for("What happened?", "innexum")
    player.write("Folder left open")
    player.type("Enter", "C-t", "C-s")
    player.wait_for("INC-1 Folder left open", "PRESUMED")
    facilitator.wait_for("DECLARED Thu 16:0", "anna: incident opened", "[x] Thu 16:0")

    # The facilitator's machine dies: virtual time stands, and the player is told why.
    facilitator.kill()
    player.wait_for("STANDS: nobody moves it")
    stood = _clock(database)
    player.type("Escape")
    player.wait_for("New incident", "STANDS: nobody moves it")
    assert _clock(database).virtual == stood.virtual

    # Another session of the facilitator takes over where time stood, and lets it go on from there.
    again = terminals.open("again", "exercise", "join", *where, "--facilitator", "--actor", "fay")
    again.wait_for("x2 PAUSED facilitator", "DECLARED Thu 16:0", "anna: answered 'confirm': later")
    taken = _clock(database)
    assert stood.virtual <= taken.virtual < stood.virtual + timedelta(seconds=1)
    player.wait_for("x2 PAUSED player")
    again.type("Space")
    player.wait_for("x2 player")
    _later(database, taken)
    assert _clock(database).virtual < stood.virtual + 10 * MINUTE

    # Both leave; each is told how to go on.
    player.type("C-q")
    player.wait_for("goes on without you", "breachkit exercise join --database")
    again.type("C-q")
    again.wait_for("Nothing is lost", "--facilitator")
    assert not _clock(database).running
