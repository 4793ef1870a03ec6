"""Every test has a home of its own, the shipped time zones, and a clock that stands still until it is moved."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from breachkit.content.timezones import use_shipped_zones
from breachkit.storage.journal import Journal
from breachkit.workflow.workspace import Workspace
from tests.storage import servers

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
        "XDG_RUNTIME_DIR",
        "BREACHKIT_KEY_FILE",
        "BREACHKIT_PASSPHRASE_FILE",
        "BREACHKIT_PASSPHRASE",
        "XDG_STATE_HOME",
        "XDG_CONFIG_HOME",
        "BREACHKIT_SIGNING_PASSPHRASE",
        "BREACHKIT_MAIL",
        "XDG_CACHE_HOME",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        *(name for name in os.environ if name.startswith("PG")),
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
def file_workspace(tmp_path: Path, clock: Clock, blank_journal: bytes) -> Workspace:
    """A workspace on an empty file of its own, at the test's clock."""
    path = tmp_path / "desk" / "breachkit.db"
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(blank_journal)
    return Workspace(database=str(path), actor="ana", clock=clock)


@pytest.fixture
def workspace(file_workspace: Workspace) -> Workspace:
    """Where a test works: on a file, unless its module says otherwise."""
    return file_workspace


@pytest.fixture
def journal(workspace: Workspace) -> Iterator[Journal]:
    """The workspace's journal, open."""
    with workspace.journal() as journal:
        yield journal


@pytest.fixture(scope="session")
def server() -> Iterator[servers.Server]:
    """A PostgreSQL server of this run's own, started when the first test asks for it."""
    if servers.programs() is None:
        pytest.skip(servers.MISSING)
    with servers.running() as server:
        yield server


@pytest.fixture
def team_database(server: servers.Server) -> Iterator[str]:
    """The URL of a database of its own with an empty journal and vault, as the role that made them."""
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where no server can be started, one line says so for all tests that need one."""
    report = yield
    if report.skipped and servers.MISSING in str(report.longrepr):
        report.longrepr = (str(Path(servers.__file__)), 1, f"Skipped: {servers.MISSING}")
    return report
