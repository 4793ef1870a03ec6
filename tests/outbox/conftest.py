"""A server that a test may let fall: the one that others share stays up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.storage import servers


@pytest.fixture
def server_of_its_own() -> Iterator[servers.Server]:
    if servers.programs() is None:
        pytest.skip(servers.MISSING)
    with servers.running() as server:
        yield server
