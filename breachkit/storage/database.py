"""What the stores need of a database, whichever it is: SQLite for one machine, PostgreSQL for a team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

Dialect = Literal["sqlite", "postgresql"]

Value: TypeAlias = str | int | bytes | None
Row: TypeAlias = tuple[Any, ...]


class Database(Protocol):
    """One open database. Threads may share it: each call holds its lock. Errors of the driver come out as the house's own.

    Queries are written once for both dialects, with `?` where a value goes.
    """

    @property
    def place(self) -> str:
        """What messages call it: a file's path, or a PostgreSQL URL without its password."""

    @property
    def path(self) -> Path | None:
        """The file; None for PostgreSQL."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def read_only(self) -> bool: ...

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""

    def stream(self, query: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows one by one, for more than memory should hold. Nothing is written meanwhile."""

    def run(self, query: str, values: Sequence[Value] = ()) -> int:
        """Change something; how many rows it touched."""

    def run_many(self, query: str, rows: Iterable[Sequence[Value]]) -> None:
        """The same statement for many rows."""

    def transaction(self, *, alone: bool = True) -> AbstractContextManager[None]:
        """All or nothing. `alone`: no other writer of this store between the first look and the end; SQLite has only this."""

    def token(self) -> tuple[int, ...]:
        """Where the store stands: another token after anybody wrote."""

    def close(self) -> None:
        """Let go of it; what was committed stays."""


def is_postgresql(where: object) -> bool:
    """Whether a place is a PostgreSQL URL and no file."""
    scheme = str(where).partition("://")[0].lower()
    return "://" in str(where) and (scheme in ("postgres", "postgresql") or scheme.startswith("postgresql+"))
