"""The outbox as a screen shows it: dispatches with their counts, envelopes by the page, and whether anybody wrote meanwhile.

Looking makes no vault where there is none, and reads no name unless it is asked to. What a person then means - these envelopes,
or all of a dispatch that stand so - is turned into envelopes here, and only while they are what was on the screen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from breachkit.domain.envelope import Status, owes_second_channel
from breachkit.errors import BreachkitError, DatabaseLost, Refused, UsageError
from breachkit.storage.vault import Dispatch, Kept, Vault
from breachkit.storage.vault_pages import Happened, Line, happened, page
from breachkit.workflow.outbox import settling
from breachkit.workflow.outbox.contract import is_complete
from breachkit.workflow.workspace import Workspace

T = TypeVar("T")

_MAKING = threading.Lock()
"""Making or upgrading a store is no work for two threads at once."""


@dataclass(frozen=True)
class Row:
    """One dispatch as it stands."""

    dispatch: Dispatch
    counts: Mapping[Status, int]
    """Of every status."""

    @property
    def total(self) -> int:
        """All its envelopes."""
        return sum(self.counts.values())

    @property
    def owed(self) -> int:
        """Whom mail did not reach, and nothing else has."""
        return sum(number for status, number in self.counts.items() if owes_second_channel(status))

    @property
    def complete(self) -> bool:
        """Whether a server took every one that was not withdrawn, or another channel its place."""
        return is_complete(self.counts)


@dataclass(frozen=True)
class Meant:
    """Envelopes that a person means: some by their ids, or all of a dispatch that stand in one of some ways."""

    dispatch: str
    statuses: tuple[Status, ...]
    number: int
    """How many there were on the screen."""
    envelopes: tuple[str, ...] = ()
    """Their ids; empty: all of the dispatch with one of the statuses."""


@contextmanager
def writable(space: Workspace) -> Iterator[Vault]:
    """The vault open for writing, made if it is not there, in a program that looks at it in other threads meanwhile."""
    with ExitStack() as held:
        with _MAKING:
            vault = held.enter_context(space.vault())
        yield vault


class View:
    """A reader's place at the vault: one connection for as long as a screen is open. Threads may share it."""

    def __init__(self, space: Workspace, incident: str) -> None:
        self._space, self._incident = space, incident
        self._held = ExitStack()
        self._lock = threading.Lock()
        self._vault: Vault | None = None
        self._token: tuple[int, ...] | None = None
        self._closed = False

    def rows(self) -> list[Row]:
        """Every dispatch of the incident, oldest first; none where there is no vault."""

        def look(vault: Vault) -> list[Row]:
            self._token = vault.database.token()
            return [Row(one, vault.counts([one])) for one in vault.dispatches(self._incident)]

        return self._at(look, [])

    def page(self, dispatch: str, *, status: Status | None, after: int, people: bool) -> list[Line]:
        """At most 1,000 envelopes of a dispatch after the one with that number."""
        return self._at(lambda vault: page(vault, vault.dispatch(dispatch), status=status, after=after, people=people), [])

    def story(self, envelope: str) -> list[Happened]:
        """All that happened to an envelope, oldest first."""
        return self._at(lambda vault: happened(vault, envelope), [])

    def changed(self) -> bool:
        """Whether anybody wrote since `rows` was called."""
        there = self._vault is not None
        try:
            return self._at(lambda vault: vault.database.token(), None) != self._token
        except BreachkitError:
            return there  # once: `rows` then says what is wrong

    def close(self) -> None:
        """Let go of it; nothing is opened again."""
        with self._lock:
            self._closed = True
            self._let_go()

    def _at(self, work: Callable[[Vault], T], nothing: T) -> T:
        with self._lock:
            if self._closed or not self._opened():
                return nothing
            assert self._vault is not None
            try:
                return work(self._vault)
            except DatabaseLost:
                self._let_go()
                raise

    def _opened(self) -> bool:
        if self._vault is None and self._space.has_vault:
            with _MAKING:
                try:
                    vault = self._held.enter_context(self._space.vault(read_only=True))
                except UsageError:
                    return False  # a server on which nobody queued anything yet
                if _is_copy(vault):
                    self._held.close()
                    with self._space.vault():
                        pass
                    vault = self._held.enter_context(self._space.vault(read_only=True))
            self._vault = vault
        return self._vault is not None

    def _let_go(self) -> None:
        self._vault, self._token = None, None
        self._held.close()


def _is_copy(vault: Vault) -> bool:
    """Whether the file is older, or is just being made elsewhere, so that what was opened to read is a copy in memory."""
    return vault.database.dialect == "sqlite" and not vault.database.rows("PRAGMA database_list")[0][2]


def these(vault: Vault, incident: str, meant: Meant) -> list[Kept]:
    """The envelopes meant. Refused when there are not as many any more as there were on the screen."""
    if meant.envelopes:
        return settling.named(vault, incident, meant.envelopes, None)
    one = vault.dispatch(meant.dispatch)
    found = [kept for status in meant.statuses for kept in vault.envelopes([one], status)]
    if len(found) != meant.number:
        raise Refused(f"there are {len(found):,} of them now, not {meant.number:,} as on the screen; look again")
    return found
