"""One key and one small archive for all tests of the verifier."""

from __future__ import annotations

import pytest

from breachkit.storage.signing import Signer

from . import small


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return small.key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, signer: Signer) -> bytes:
    return small.build(tmp_path_factory.mktemp("archive") / "a.tar", signer)
