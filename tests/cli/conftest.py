"""Commands as a responder types them, run in this process; the text they print and the exit code they end with."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from breachkit.__main__ import main
from breachkit.content.organisations import sample_path

from .outbox_desk import approved_once, house, queued, queued_once, sent, typed

__all__ = ["approved_once", "house", "queued", "queued_once", "sent", "typed"]  # fixtures of the outbox

NOON = "2026-11-21T12:00:00Z"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as JSON; it holds nothing else."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, blank_journal: bytes) -> Run:
    """Run `breachkit` with these words, on a database of the test's own. `code` is what it must end with."""
    database = tmp_path / "run" / "breachkit.db"
    database.parent.mkdir(mode=0o700)
    database.touch(mode=0o600)
    database.write_bytes(blank_journal)
    monkeypatch.setenv("BREACHKIT_DATABASE", str(database))
    monkeypatch.setenv("BREACHKIT_ACTOR", "ana")

    def ran(*words: object, code: int = 0, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr("sys.argv", ["breachkit", *map(str, words)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        ended = 0
        try:
            main()
        except SystemExit as stopped:
            ended = int(stopped.code or 0)
        out, err = capsys.readouterr()
        assert ended == code, f"{words} ended with {ended}, not {code}\n{err}{out}"
        return Ran(ended, out, err)

    return ran


@pytest.fixture
def sample() -> Path:
    """The facts file of Example Co's invented incident."""
    return sample_path("example-co")


@pytest.fixture
def incident(run: Run, sample: Path) -> str:
    """The same incident, in the journal."""
    return run("incident", "open", "--facts", sample).out.strip()
