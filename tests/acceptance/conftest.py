"""The command line as the tests of `cli` have it."""

from __future__ import annotations

from tests.cli.conftest import approved_once, house, queued, queued_once, run

__all__ = ["approved_once", "house", "queued", "queued_once", "run"]
