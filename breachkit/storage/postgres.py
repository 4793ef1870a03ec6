"""A schema on a PostgreSQL server as a Database. The only way in to psycopg, which comes as an extra.

Every transaction is explicit. A connection that broke is made again once, where nothing can be recorded twice by that.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache
from itertools import count
from typing import TypeVar

from breachkit.errors import BreachkitError, Refused, UsageError

try:
    import psycopg
except ImportError as missing:
    raise UsageError(
        "a PostgreSQL journal needs the extra pg: pip install 'breachkit[pg]'; or give a path or sqlite:///path"
    ) from missing

from breachkit.storage.database import Dialect, Row, Value
from breachkit.storage.opening import Opened
from breachkit.storage.postgres_errors import NOTHING, UNKNOWN, explained, is_lost, lost, unreachable
from breachkit.storage.postgres_schema import (
    JOURNAL_STORE,
    VAULT_STORE,
    Connection,
    Store,
    admit_members,
    bring_up,
    migration,
    missing_protection,
    refuse_old_server,
    schema_number,
    settle,
)
from breachkit.storage.postgres_url import Address, read_url

__all__ = ["PostgresDatabase", "migration", "open_server", "open_vault_server"]

T = TypeVar("T")
_FETCHED = 2_000
_COPIED = 8
"""From so many rows on a plain INSERT is sent as COPY. Triggers and rights are the same."""


def open_server(url: str, *, read_only: bool, create: bool) -> Opened:
    """Open or start the journal in the database that a URL names, with the role it names."""
    return _open(url, JOURNAL_STORE, read_only=read_only, create=create)


def open_vault_server(url: str, *, read_only: bool, create: bool) -> Opened:
    """The vault beside that journal, in a schema of its own."""
    return _open(url, VAULT_STORE, read_only=read_only, create=create)


def _open(url: str, store: Store, *, read_only: bool, create: bool) -> Opened:
    address = read_url(url)
    warnings: list[str] = []
    database = PostgresDatabase(address, store, read_only=read_only)
    try:
        number = database.connect(warnings)
        if number != store.kind.schema:
            _refuse_to_make(number, store, address.place, read_only=read_only, create=create)
            warnings += _migrated(address, store)
            database.connect([])
        said, admits = database.ask(lambda connection: missing_protection(connection, store))
        warnings += said
        if admits and create and not read_only:
            with database.transaction():
                warnings += database.ask(lambda connection: admit_members(connection, store))
    except BaseException:
        database.close()
        raise
    return Opened(database, warnings)


def _refuse_to_make(number: int | None, store: Store, place: str, *, read_only: bool, create: bool) -> None:
    if number is None and (read_only or not create):
        raise UsageError(
            f"there is no {store.kind.name} at {place}; `breachkit init` or `breachkit incident open` starts one there"
        )
    if number is not None and read_only:
        raise Refused(
            f"{place} is of an older breachkit (schema {number}; this one writes {store.kind.schema}). "
            "Its owner upgrades it with `breachkit init` and this database"
        )


def _migrated(address: Address, store: Store) -> list[str]:
    """On a connection of its own, since SQLAlchemy leaves one otherwise than it found it."""
    with closing(_dial(address)) as connection, plainly(address, connection):
        settle(connection, store, read_only=False)
        connection.cursor_factory = psycopg.Cursor
        return bring_up(connection, store, address.place)


def _dial(address: Address) -> Connection:
    """A connection, or DatabaseLost in words of which none is a secret: not even the driver's error hangs on it."""
    try:
        return psycopg.connect(**address.params, autocommit=True, cursor_factory=psycopg.RawCursor)  # type: ignore[arg-type] # text is converted
    except (psycopg.Error, ValueError, OSError) as error:
        text = address.plain(str(error))
    raise unreachable(address.place, text, verifying=address.verifying)


@contextmanager
def plainly(address: Address, connection: Connection, what_if_lost: str = NOTHING) -> Iterator[None]:
    """Turn the driver's errors into ones that say what it means for what was being recorded."""
    try:
        yield
    except psycopg.Error as error:
        if is_lost(error.sqlstate, closed=connection.closed):
            raise lost(address.place, what_if_lost) from error
        text = address.plain(error.diag.message_primary or str(error))
        raise explained(address.place, error.sqlstate, text) from error


class PostgresDatabase:
    """See `Database`. One connection, which threads share under one lock."""

    dialect: Dialect = "postgresql"
    path = None

    def __init__(self, address: Address, store: Store, *, read_only: bool) -> None:
        self.place = address.place
        self.read_only = read_only
        self._address = address
        self._store = store
        self._lock = threading.RLock()
        self._open: Connection | None = None
        self._closed = False
        self._within = False
        self._streams = count()

    def __repr__(self) -> str:
        return f"PostgresDatabase({self.place!r}, {self._store.schema!r})"

    def connect(self, warnings: list[str]) -> int | None:
        """Connect, again if need be; the schema's number as `schema_number` gives it."""
        with self._lock:
            self._let_go()
            self._open = _dial(self._address)
            with plainly(self._address, self._open):
                refuse_old_server(self._open, self.place)
                warnings += settle(self._open, self._store, read_only=self.read_only)
                return schema_number(self._open, self._store, self.place)

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        def look(connection: Connection) -> list[Row]:
            return connection.execute(_numbered(query), values, binary=True).fetchall()

        if self._within or re.match(r"\s*(SELECT|SHOW)\b", query):
            return self.ask(look)
        with self._lock, self._joined():  # an UPDATE that returns rows must not be tried twice
            return self.ask(look)

    def stream(self, query: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        with (
            self._lock,
            self._joined("BEGIN READ ONLY"),
            plainly(self._address, self._connection),
            psycopg.RawServerCursor(self._connection, f"rows_{next(self._streams)}") as cursor,
        ):
            self._connection.execute(
                "SET LOCAL idle_in_transaction_session_timeout = 0"
            )  # it writes nothing: let it take its time
            cursor.itersize = _FETCHED
            yield from cursor.execute(_numbered(query), values, binary=True)

    def run(self, query: str, values: Sequence[Value] = ()) -> int:
        if query.startswith("VACUUM"):
            return self._vacuum(query)
        with self._lock, self._joined(), plainly(self._address, self._connection):
            return self._connection.execute(_numbered(query), values).rowcount

    def run_many(self, query: str, rows: Iterable[Sequence[Value]]) -> None:
        with self._lock, self._joined(), plainly(self._address, self._connection):
            some = list(rows)
            cursor = self._connection.cursor()
            if len(some) >= _COPIED and (copying := _as_copy(query)):
                with cursor.copy(copying) as copy:
                    for row in some:
                        copy.write_row(row)
            elif len(some) == 1:
                cursor.execute(_numbered(query), some[0])
            else:
                cursor.executemany(_numbered(query), some)

    def transaction(self, *, alone: bool = True) -> AbstractContextManager[None]:
        return self._transaction(self._store.begin_alone if alone else "BEGIN")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock:
            if self._within:
                raise Refused(f"{self.place}: a transaction cannot begin within another")
            try:
                self.ask(lambda connection: connection.execute(begin, prepare=False))
                connection, self._within = self._connection, True
                yield
                with plainly(self._address, connection, UNKNOWN):
                    if connection.execute("COMMIT").statusmessage != "COMMIT":  # a statement failed and nobody minded
                        raise Refused(f"{self.place}: a part of it was refused, so nothing of it was recorded")
            except BaseException:
                with suppress(psycopg.Error):
                    self._connection.rollback()  # on a connection that is gone the server did it
                raise
            finally:
                self._within = False

    def token(self) -> tuple[int, ...]:
        return self.rows(self._store.token)[0]

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._let_go()

    def ask(self, work: Callable[[Connection], T]) -> T:
        """Do something that leaves nothing behind when it fails; outside a transaction, again on a new connection."""
        with self._lock:
            if not self._within and self._connection.broken:
                self._again()
            try:
                with plainly(self._address, self._connection):
                    return work(self._connection)
            except BreachkitError:
                if self._within or not self._connection.closed:
                    raise
            self._again()
            with plainly(self._address, self._connection):
                return work(self._connection)

    @property
    def _connection(self) -> Connection:
        if self._open is None:
            raise psycopg.InterfaceError("this journal was closed")  # a mistake in this program
        return self._open

    @contextmanager
    def _joined(self, begin: str = "BEGIN") -> Iterator[None]:
        """Part of the transaction under way, else one of its own."""
        if self._within:
            yield
        else:
            with self._transaction(begin):
                yield

    def _vacuum(self, query: str) -> int:
        """The one statement that no transaction takes. To a role that is not the owner the server only says so."""
        said: list[str] = []

        def hear(notice: psycopg.errors.Diagnostic) -> None:
            said.append(str(notice.message_primary))

        def vacuum(connection: Connection) -> None:
            connection.add_notice_handler(hear)
            try:
                connection.execute(query.encode())
            finally:
                connection.remove_notice_handler(hear)

        self.ask(vacuum)
        if said:
            raise Refused(f"{self.place}: the database refused ({self._address.plain(said[0])})")
        return 0

    def _again(self) -> None:
        if (number := self.connect([])) != self._store.kind.schema:
            raise Refused(f"{self.place} has another schema than before ({number}); open it again")

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
        if self._closed:
            self._open = None


@lru_cache(maxsize=512)
def _numbered(query: str) -> bytes:
    """`?` as `$1`, `$2`, ...; not inside quotes."""
    numbers = iter(range(1, 10_000))
    return re.sub(r"'[^']*'|\"[^\"]*\"|(\?)", lambda found: f"${next(numbers)}" if found[1] else found[0], query).encode()


@lru_cache(maxsize=64)
def _as_copy(query: str) -> bytes | None:
    """The COPY that does what an INSERT of nothing but `?` does; None for any other statement."""
    found = re.fullmatch(r"INSERT INTO (\w+) (\([\w\s,\"]+\) )?VALUES \([?, ]+\)", query)
    return f"COPY {found[1]} {found[2] or ''}FROM STDIN".encode() if found else None
