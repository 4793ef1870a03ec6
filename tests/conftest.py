"""Every test has a home of its own, the shipped time zones, and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from breachkit.content.timezones import use_shipped_zones
from breachkit.storage.journal import Journal
from breachkit.workflow.workspace import Workspace

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""Saturday noon: the morning after the sample incident of Example Co."""


@dataclass
class Clock:
    """A clock that a test moves by hand."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> datetime:
        """Move on, as in `clock.forward(hours=3)`."""
        self.moment += timedelta(**span)
        return self.moment


@pytest.fixture(scope="session", autouse=True)
def shipped_zones() -> None:
    """Every machine counts with the same time-zone rules."""
    use_shipped_zones()


@pytest.fixture(scope="session")
def parsed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of parsed files for the whole run; it holds nothing of any test."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes what belongs to the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("BREACHKIT_CACHE", str(parsed_once))
    for name in (
        "BREACHKIT_DATABASE",
        "BREACHKIT_ACTOR",
        "BREACHKIT_EXERCISES",
        "BREACHKIT_HOME",
        "BREACHKIT_LAWS",
        "XDG_CACHE_HOME",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
    ):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def clock() -> Clock:
    """Stands at noon of 21 November 2026, UTC."""
    return Clock()


@pytest.fixture(scope="session")
def blank_journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a new journal, made once: creating one loads the migrations."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    Journal.open(path).close()
    return path.read_bytes()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock, blank_journal: bytes) -> Workspace:
    """A workspace on an empty database of its own, at the test's clock."""
    path = tmp_path / "desk" / "breachkit.db"
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(blank_journal)
    return Workspace(database=str(path), actor="ana", clock=clock)


@pytest.fixture
def journal(workspace: Workspace) -> Iterator[Journal]:
    """The workspace's journal, open."""
    with workspace.journal() as journal:
        yield journal
