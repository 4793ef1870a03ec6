"""Vaults for tests on each kind of database: letters to put in, and another program that speaks to the same store."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.envelope import Status
from breachkit.storage import keyfile, keys
from breachkit.storage.cipher import open_raw, raw_keys
from breachkit.storage.files import key_beside
from breachkit.storage.vault import Addressed, Dispatch, Vault, vault_path

from .ciphered import PASSPHRASE
from .stores import KINDS, ServerStore, Store, made

NOON = "2026-11-21T12:00:00.000+00:00"
LETTER = "eu.gdpr.34"
HOLDER = b"<holder@breachkit.invalid>"


def letter(name: str = "Mirabelle Uno", email: str = "", **more: Any) -> Addressed:
    """A letter for one made-up person."""
    email = email or f"{name.split()[0].lower()}@example.com"
    text = b"Message-ID: %s\r\nTo: %s\r\n\r\nDear %s, your password was read.\r\n" % (HOLDER, email.encode(), name.encode())
    return Addressed("7", name, email, "ES", False, text, HOLDER, **more)


@dataclass
class Held:
    """A journal's vault, closed."""

    store: Store

    @property
    def path(self) -> Path:
        """The vault's file."""
        return vault_path(Path(self.store.where))

    @property
    def on_server(self) -> bool:
        return isinstance(self.store, ServerStore)

    def open(self, **options: bool) -> Vault:
        return Vault.open(self.store.where, **options)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """What another program, that knows nothing of breachkit, does and sees."""
        if self.on_server:
            import psycopg

            with psycopg.connect(self.store.where, options="-c search_path=breachkit_vault") as connection:
                done = connection.execute(statement)  # type: ignore[call-overload] # not a literal
                return done.fetchall() if done.description else []
        with closing(self._connect()) as connection:
            rows: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
            connection.commit()
            return rows

    def _connect(self) -> sqlite3.Connection:
        if (key := key_beside(self.path)).exists():
            found: sqlite3.Connection = open_raw(
                f"{self.path.as_uri()}?mode=rw", raw_keys(self.path, keyfile.read_key_file(key))[0]
            )
            return found
        return sqlite3.connect(self.path)


def queued(vault: Vault, *letters: Addressed, incident: str = "INC-1", finding: str = LETTER, **body: Any) -> Dispatch:
    """A dispatch with an envelope for each."""
    with vault.writing():
        one = vault.new_dispatch(incident, finding, body)
        vault.put(one, letters or [letter()], domain="example.com", at=NOON, actor="ana")
    return one


def ids(vault: Vault, status: Status | None = None) -> list[str]:
    """The envelopes' ids, in order."""
    return [one.id for one in vault.envelopes(vault.dispatches(), status)]


@pytest.fixture(scope="session")
def empty_vaults(empty: Path, empty_sealed: Path) -> dict[str, Path]:
    """A new, closed vault, plain and encrypted, made once: copy them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREACHKIT_PASSPHRASE", PASSPHRASE)
        patch.setattr("breachkit.storage.unlocked._call", lambda *_: -1)  # the kernel's keyring belongs to who runs the tests
        for path in (empty, empty_sealed):
            Vault.open(path).close()
    keys.forget(keyfile.read_key_file(key_beside(empty_sealed)).database)
    return {"sqlite": vault_path(empty), "sqlcipher": vault_path(empty_sealed)}


@pytest.fixture(params=KINDS)
def held(request: pytest.FixtureRequest) -> Held:
    """An empty vault beside an empty journal, on each kind of database in turn."""
    one = Held(made(request))
    if not one.on_server:
        shutil.copy(request.getfixturevalue("empty_vaults")[request.param], one.path)
    return one


@pytest.fixture(params=KINDS[:2])
def in_file(request: pytest.FixtureRequest) -> Held:
    """An empty vault in a file, plain and encrypted in turn."""
    one = Held(made(request))
    shutil.copy(request.getfixturevalue("empty_vaults")[request.param], one.path)
    return one


@pytest.fixture
def on_file(path: Path, empty_vaults: dict[str, Path]) -> Held:
    """An empty vault in a plain file."""
    from .stores import FileStore

    one = Held(FileStore(str(path)))
    shutil.copy(empty_vaults["sqlite"], one.path)
    return one
