"""Outbox and journal alone against the bare driver: the same statements with the same durability, and nothing around them.

What a store says to its database is written down once, then played to copies of the same database through the driver itself.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sending_house import AT, Stores, addressed, filled, messages

from breachkit.domain.envelope import Outcome
from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Addressed, Vault
from breachkit.storage.vault_sending import Done, SendingDesk

NUMBER, SINGLES, GROUP, AHEAD = 3_000, 300, 32, 64
"""Messages, entries that are appended one by one, messages in one transaction, messages taken at first."""
NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
Spoken = list[tuple[str, str, Any]]
"""`begin`, `commit`, `rows`, `run` or `many`; the statement; its values."""


class Overheard:
    """A database that writes down what is said to it."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.spoken: Spoken = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        self.spoken.append(("rows", query, tuple(values)))
        found: list[Any] = self._database.rows(query, values)
        return found

    def run(self, query: str, values: Sequence[Any] = ()) -> int:
        self.spoken.append(("run", query, tuple(values)))
        touched: int = self._database.run(query, values)
        return touched

    def run_many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        held = [tuple(row) for row in rows]
        self.spoken.append(("many", query, held))
        self._database.run_many(query, held)

    @contextmanager
    def transaction(self, *, alone: bool = True) -> Iterator[None]:
        with self._database.transaction(alone=alone):
            self.spoken.append(("begin", "alone" if alone else "", ()))
            yield
        self.spoken.append(("commit", "", ()))


def queue(vault: Vault, letters: list[Addressed]) -> None:
    """Envelopes for all."""
    filled(vault, letters)


def exchange(vault: Vault) -> None:
    """Take all and note that all were sent, in groups as a run makes them."""
    desk = SendingDesk(vault, "bench")
    if not vault.database.rows("SELECT 1 FROM sender WHERE id = 'bench'"):
        desk.begin(AT)
    dispatches = vault.dispatches()
    going = desk.exchange([], dispatches, AHEAD, AT)
    while going:
        some, going = going[:GROUP], going[GROUP:]
        done = [Done(one.n, Outcome(one.envelope, "sent", 250, "2.0.0 Ok", "sink"), AT) for one in some]
        going += desk.exchange(done, dispatches, GROUP, AT)


def one_by_one(journal: Journal) -> None:
    """Entries that are durable each by itself."""
    for seq in range(SINGLES):
        journal.append("INC-1", _drafts(1), expected=seq, actor="ana", recorded_at=NIGHT)


def at_once(journal: Journal) -> None:
    """Entries in one transaction."""
    journal.append("INC-1", _drafts(NUMBER), expected=0, actor="ana", recorded_at=NIGHT)


def _drafts(count: int) -> list[Draft]:
    body = {"key": "people.in.ES", "value": "2600", "source": "CRM export", "certainty": "estimated"}
    return [Draft("fact.recorded", body) for _ in range(count)]


class Work(NamedTuple):
    """What is measured."""

    opened: Callable[[str], Any]
    database: str
    """The attribute by which what is opened holds its database."""
    number: int
    inside: list[Addressed] | None
    do: Callable[[Any], None]


def store(rounds: int) -> dict[str, Any]:
    """Microseconds for each message or entry, of both, and their ratio."""
    letters = addressed(messages(NUMBER))
    works = {
        "outbox, queue": Work(Vault.open, "database", NUMBER, None, lambda vault: queue(vault, letters)),
        "outbox, take and note": Work(Vault.open, "database", NUMBER, letters, exchange),
        "journal, one by one": Work(Journal.open, "_db", SINGLES, None, one_by_one),
        "journal, 3,000 at once": Work(Journal.open, "_db", NUMBER, None, at_once),
    }
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for what, work in works.items():
            (Path(folder) / what).mkdir()
            with Stores.made(Path(folder) / what, work.inside) as stores:
                for name in stores.names:
                    with stores.fresh(name) as where:
                        spoken = overhear(where, work)
                    for _ in range(rounds):
                        with stores.fresh(name) as where:
                            took.setdefault(f"{what}, {name}", []).append(ours(where, work))
                        with stores.fresh(name) as where:
                            took.setdefault(f"{what}, {name}, driver", []).append(played(where, work, spoken))
    return {
        "microseconds": {name: round(statistics.median(found) * 1e6, 1) for name, found in took.items()},
        "ratios": {
            f"{name} / driver": _ratio(took[name], took[f"{name}, driver"]) for name in took if not name.endswith("driver")
        },
    }


def _ratio(one: list[float], other: list[float]) -> list[float]:
    found = sorted(a / b for a, b in zip(one, other, strict=True))
    return [round(statistics.median(found), 2), round(found[0], 2), round(found[-1], 2)]


def overhear(where: str, work: Work) -> Spoken:
    """What the store says while it works."""
    with work.opened(where) as opened:
        heard = Overheard(getattr(opened, work.database))
        setattr(opened, work.database, heard)
        work.do(opened)
        return heard.spoken


def ours(where: str, work: Work) -> float:
    """Seconds for each."""
    with work.opened(where) as opened:
        began = time.perf_counter()
        work.do(opened)
        return (time.perf_counter() - began) / work.number


def played(where: str, work: Work, spoken: Spoken) -> float:
    """Seconds for each of the same through the driver alone, on a connection as durable as the store's."""
    with work.opened(where) as opened:
        database = getattr(opened, work.database)
        if database.dialect == "sqlite":
            began = time.perf_counter()
            _play(database.connection, spoken, {}, {"": "BEGIN IMMEDIATE", "alone": "BEGIN IMMEDIATE"})
        else:
            spoken = [(kind, _numbered(query), values) for kind, query, values in spoken]
            began = time.perf_counter()
            _play(database._open, spoken, {"binary": True}, {"": "BEGIN", "alone": database._store.begin_alone})
        return (time.perf_counter() - began) / work.number


def _play(connection: Any, spoken: Spoken, more: dict[str, Any], begin: dict[str, str]) -> None:
    for kind, query, values in spoken:
        match kind:
            case "rows":
                connection.execute(query, values, **more).fetchall()
            case "run":
                connection.execute(query, values)
            case "many":
                connection.cursor().executemany(query, values)
            case "begin":
                connection.execute(begin[query])
            case "commit":
                connection.execute("COMMIT")


def _numbered(query: str) -> str:
    numbers = iter(range(1, 10_000))
    return re.sub(r"\?", lambda _: f"${next(numbers)}", query)
