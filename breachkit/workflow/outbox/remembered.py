"""What the journal remembers of the outbox, held against the vault: one that is gone, or older than the journal, sends twice.

What a person says for the journal to keep goes through here too: it stays for good, so it names no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from breachkit.domain.journal import Entry
from breachkit.errors import Refused, UsageError
from breachkit.storage.vault import Dispatch, Vault
from breachkit.workflow.workspace import Workspace

_ADDRESS: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
_ARRIVED: Final = ("sent", "bounced", "replaced")


@dataclass(frozen=True)
class Gone:
    """A dispatch that the journal says was released, and of which the vault knows nothing."""

    dispatch: str
    incident: str
    duty: str
    envelopes: int
    released_at: datetime
    """UTC."""
    sent: int
    """How many of them the journal says a server took, at the last time that was recorded."""

    def __str__(self) -> str:
        taken = f"{self.sent:,} of its {self.envelopes:,} messages were sent"
        return f"{self.dispatch} of {self.duty} was released on {self.released_at:%Y-%m-%d %H:%M} UTC and {taken}"


@contextmanager
def vault_if_any(space: Workspace) -> Iterator[Vault | None]:
    """The vault for reading; None where nothing was ever put into one."""
    if not space.has_vault:
        yield None
        return
    try:
        held = space.vault(read_only=True)
        vault = held.__enter__()
    except UsageError:  # a server on which nobody queued anything yet
        yield None
        return
    try:
        yield vault
    finally:
        held.__exit__(None, None, None)


def gone(entries: Iterable[Entry], held: Sequence[Dispatch]) -> list[Gone]:
    """The dispatches of one incident's entries that are not among those the vault holds of it."""
    there = {(one.id, one.finding) for one in held}
    found: dict[str, Gone] = {}
    taken: dict[str, int] = {}
    for entry in entries:
        body = entry.body
        if entry.kind == "delivery.recorded":
            taken[str(body["dispatch"])] = _number(body["counts"], _ARRIVED)
        if entry.kind == "dispatch.released" and (str(body["dispatch"]), str(body["duty"])) not in there:
            id, number = str(body["dispatch"]), int(str(body["envelopes"]))
            found[id] = Gone(id, entry.incident, str(body["duty"]), number, entry.recorded_at, 0)
    return [Gone(o.dispatch, o.incident, o.duty, o.envelopes, o.released_at, taken.get(id, 0)) for id, o in found.items()]


def behind(entries: Iterable[Entry], vault: Vault, one: Dispatch) -> str | None:
    """Why a dispatch's envelopes are older than what the journal says of them; None when they are not."""
    last = None
    for entry in entries:
        if entry.kind == "delivery.recorded" and entry.body["dispatch"] == one.id:
            last = entry
    if last is None:
        return None
    told, known = _number(last.body["counts"], _ARRIVED), _number(vault.counts([one]), _ARRIVED)
    if known >= told:
        return None
    return (
        f"the journal says that {told:,} of it were sent by {last.recorded_at:%Y-%m-%d %H:%M} UTC, and the vault knows of "
        f"{known:,}: an older vault was put in its place. To send from it would send twice; put the newest backup back"
    )


def highest(entries: Iterable[Entry]) -> int:
    """The highest number of a dispatch that the journal knows of, so that no other gets it; 0 for none."""
    named = (str(entry.body["dispatch"]) for entry in entries if entry.kind == "dispatch.released")
    return max((int(id[2:]) for id in named if id[2:].isdecimal()), default=0)


def for_good(words: str, option: str, example: str) -> str:
    """A person's words as the journal keeps them. UsageError for none, Refused for an address among them."""
    if not words.strip():
        what = "why" if option in ("--reason", "--again") else "it"
        raise UsageError(f'say {what}, in words an auditor may read: {option} "{example}"')
    if _ADDRESS.search(words):
        raise Refused(f"{option} holds an e-mail address, and it is kept for good; say it without naming anybody")
    return words.strip()


def _number(counts: Any, statuses: Iterable[str]) -> int:
    return sum(int(counts.get(status, 0)) for status in statuses)
