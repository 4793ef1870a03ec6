"""Attacks come in by the front door: the command line, and the workflow beneath it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import incident, run, sample
from tests.workflow.made_up_people import FACTS

__all__ = ["incident", "run", "sample"]

Facts = Callable[..., Path]


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """Write the facts of a made-up incident to a file, with others put in place of theirs; its path."""

    def written(**changes: str) -> Path:
        """`incident__title` stands for `incident.title`; a value is quoted so that YAML gives it back as it is."""
        lines = FACTS.splitlines()
        for key, value in changes.items():
            name = key.replace("__", ".")
            lines = [line for line in lines if not line.startswith(f"  {name}:")]
            lines.append(f"  {name}: {quoted(value)}")
        path = tmp_path / "facts.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def quoted(text: str) -> str:
    """A double-quoted scalar of YAML: whatever is no plain ASCII is an escape there."""
    plain = {ord(c) for c in map(chr, range(0x20, 0x7F)) if c not in '"\\'}
    return '"' + "".join(c if ord(c) in plain else f"\\U{ord(c):08x}" for c in text) + '"'
