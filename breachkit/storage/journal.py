"""Facts on disk. Appends and reads; never edits, never interprets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from breachkit.domain.journal import EXERCISE, GENESIS, Break, Draft, Entry, seal, unseal
from breachkit.errors import JournalConflict, JournalDamaged, Refused, UsageError
from breachkit.storage.database import is_postgresql
from breachkit.storage.opening import Opened, open_file

if TYPE_CHECKING:
    from breachkit.storage.salvage import Salvaged

_INSERT = "INSERT INTO entry (incident, seq, content, hash, recorded_at, kind) VALUES (?, ?, ?, ?, ?, ?)"
_HEAD = "SELECT seq, hash FROM entry WHERE incident = ? ORDER BY seq DESC LIMIT 1"
_NEWEST_ID = {
    "sqlite": "SELECT coalesce(max(CAST(substr(incident, 5) AS INTEGER)), 0) FROM entry "
    "WHERE seq = 1 AND incident GLOB 'INC-[0-9]*'",
    "postgresql": "SELECT coalesce(max(substring(incident from '^INC-([0-9]{1,18})')::bigint), 0) FROM entry WHERE seq = 1",
}
_LAST = 2**63 - 1


class Journal:
    """The journal of every incident, in one file or one PostgreSQL database. Several processes and threads may have it open.

    An entry is on the disk when `append` returns, and stays there through a crash or a power cut. What the hash chain
    cannot show is that the newest entries of an incident, or an incident as a whole, were cut off by somebody who owns
    the file: note heads elsewhere (print them, mail them) and ask `holds` whether they are still there.
    """

    def __init__(self, opened: Opened) -> None:
        self.path = opened.database.path
        """The file; None for PostgreSQL. `place` names either."""
        self.place = opened.database.place
        self.read_only = opened.database.read_only
        self.damaged = opened.damaged
        """Why the file cannot be trusted; None for a sound one. Then entries may be missing in the middle."""
        self.warnings = opened.warnings
        """What happened on opening that the owner should hear: permissions tightened, schema upgraded."""
        self._db = opened.database
        self._exercise: str | None = None

    @classmethod
    def open(cls, where: Path | str, *, read_only: bool = False, create: bool = True) -> Journal:
        """Open or start a journal at a path, a `sqlite:///` or `postgresql://` URL.

        A damaged file is opened read-only, with `damaged` saying why.
        """
        if is_postgresql(where):
            from breachkit.storage.postgres import open_server

            return cls(open_server(str(where), read_only=read_only, create=create))
        return cls(open_file(where, read_only=read_only, create=create))

    @staticmethod
    def salvage(path: Path) -> Salvaged:
        """What can still be read of a damaged file, row by row, from a private copy. The file itself is not touched."""
        from breachkit.storage.salvage import salvage

        return salvage(path)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def incidents(self) -> list[str]:
        """Ids in the order in which they were opened; ids not given out here come last, by when they first appear."""
        rows = self._rows("SELECT incident FROM entry WHERE seq = 1 AND incident <> ? ORDER BY recorded_at", EXERCISE)
        return sorted((incident for (incident,) in rows), key=_number)

    @property
    def file(self) -> Path:
        """The file it lies in. Refused for PostgreSQL: what belongs beside a file has no place there."""
        if self.path is None:
            raise Refused(f"{self.place} is no file; an exercise is played in a file of its own")
        return self.path

    @property
    def exercise(self) -> str | None:
        """The name of the exercise this database belongs to; None for one that holds real incidents, or nothing yet."""
        if self._exercise is None and (first := self.entries(EXERCISE, upto_seq=1)):
            self._exercise = str(first[0].body.get("scenario"))
        return self._exercise

    def start_exercise(self, draft: Draft, *, actor: str, recorded_at: datetime) -> Entry:
        """Make this database that of an exercise, for good. Refused once anything was recorded in it, and for PostgreSQL."""
        if self.path is None:
            raise Refused(f"{self.place} is no file; an exercise is played in a file of its own")
        with self._writing():
            if self._rows("SELECT 1 FROM entry LIMIT 1"):
                raise Refused(f"{self.place} holds a journal already; an exercise has a database of its own. Name a new file")
            return self._write(EXERCISE, [draft], 0, GENESIS, actor, recorded_at)[0]

    def head(self, incident: str) -> tuple[int, str]:
        """Number and hash of the newest entry; (0, GENESIS) when there is none."""
        rows = self._rows(_HEAD, incident)
        return rows[0] if rows else (0, GENESIS)

    def heads(self) -> dict[str, tuple[int, str]]:
        """The head of every incident: what to note elsewhere, so that a cut-off end would show."""
        chains = [*self.incidents(), *([EXERCISE] if self.exercise is not None else [])]
        return {chain: self.head(chain) for chain in chains}

    def holds(self, incident: str, seq: int, digest: str) -> bool:
        """Whether a head that was noted elsewhere is still part of this journal."""
        return self._rows("SELECT hash FROM entry WHERE incident = ? AND seq = ?", incident, seq) == [(digest,)]

    def entries(self, incident: str, *, upto_seq: int | None = None, as_of: datetime | None = None) -> list[Entry]:
        """An incident's entries from the first on, always without a gap: up to a number, or as known at an instant.

        `as_of` is inclusive and ends after the last entry written by then. An entry before it may bear a later time,
        when the clock was set back between the two; it was known all the same.
        """
        last = _LAST if upto_seq is None else upto_seq
        entries = []
        query = "SELECT seq, content, hash FROM entry WHERE incident = ? AND seq <= ? ORDER BY seq"
        for seq, content, digest in self._rows(query, incident, last):
            try:
                entries.append(unseal(content, digest))
            except (ValueError, KeyError, TypeError) as error:
                raise JournalDamaged(
                    f"{incident} entry {seq}: its content cannot be read; run `breachkit journal verify`"
                ) from error
        if as_of is None:
            return entries
        known = max((index for index, entry in enumerate(entries, 1) if entry.recorded_at <= as_of), default=0)
        return entries[:known]

    def roles(self, incident: str) -> dict[int, str]:
        """The PostgreSQL role that wrote each entry, by the entry's number. Empty for a file, which knows none."""
        if self._db.dialect != "postgresql":
            return {}
        return dict(self._rows("SELECT seq, written_by FROM entry WHERE incident = ? ORDER BY seq", incident))

    def append(
        self, incident: str, drafts: Sequence[Draft], *, expected: int, actor: str, recorded_at: datetime
    ) -> list[Entry]:
        """Write all drafts or none, after entry `expected`; JournalConflict when somebody else wrote first.

        `recorded_at` is kept as given, also when it lies before the last entry's: clocks get corrected, numbers do not.
        """
        if "\0" in incident:
            raise UsageError("an incident's name cannot hold a zero byte")
        if incident == EXERCISE and self.exercise is None:
            raise Refused("only `start_exercise` makes a database that of an exercise")
        with self._writing():
            seq, previous = self.head(incident)
            if seq != expected:
                raise JournalConflict(incident, expected, seq)
            return self._write(incident, drafts, seq, previous, actor, recorded_at)

    def new_incident(self, drafts: Sequence[Draft], *, actor: str, recorded_at: datetime) -> tuple[str, list[Entry]]:
        """Give out the next `INC-n` together with its first entries."""
        if not drafts:
            raise ValueError("an incident begins with its first entry")
        with self._writing():
            incident = f"INC-{self._rows(_NEWEST_ID[self._db.dialect])[0][0] + 1}"
            return incident, self._write(incident, drafts, 0, GENESIS, actor, recorded_at)

    def verify(self, incident: str | None = None) -> Break | None:
        """The first entry that was changed, moved or removed, in one incident or in all; None if every chain holds."""
        from breachkit.storage.chain import first_break_stored

        return first_break_stored(self._db, incident)

    def store_law_pack(self, sha256: str, content: bytes, *, stored_at: datetime | None = None) -> None:
        """Keep a compiled law pack under its hash; a pack already kept is left as it is."""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Refused(f"the law pack does not match its hash {sha256}; nothing was stored")
        moment = None if stored_at is None else stored_at.astimezone(UTC).isoformat(timespec="microseconds")
        if self.law_pack(sha256) is None:
            with self._writing():
                if self.law_pack(sha256) is None:
                    query = "INSERT INTO law_pack (sha256, content, stored_at) VALUES (?, ?, ?)"
                    self._db.run(query, (sha256, content, moment))

    def law_packs(self) -> tuple[str, ...]:
        """The hashes of all that was kept of law packs, oldest first."""
        return tuple(row[0] for row in self._rows("SELECT sha256 FROM law_pack ORDER BY stored_at, sha256"))

    def law_pack(self, sha256: str) -> bytes | None:
        rows = self._rows("SELECT content FROM law_pack WHERE sha256 = ?", sha256)
        return rows[0][0] if rows else None

    def token(self) -> tuple[int, ...]:
        """Where this journal stands now, for `changed_since`. Means nothing to another Journal."""
        return self._db.token()

    def changed_since(self, token: tuple[int, ...]) -> bool:
        """Whether anybody, this Journal included, wrote since the token was taken. Cheap enough to ask every second."""
        return self.token() != token

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        return self._db.rows(query, values)

    def _write(
        self, incident: str, drafts: Sequence[Draft], seq: int, previous: str, actor: str, recorded_at: datetime
    ) -> list[Entry]:
        # Inside the transaction: nobody can make a database an exercise's between this look and the entry.
        if seq == 0 and drafts and drafts[0].kind != "exercise.started" and drafts[0].body.get("exercise") != self.exercise:
            raise Refused(_wrong_house(self.exercise))
        entries, rows = [], []
        for number, draft in enumerate(drafts, seq + 1):
            entry, content = seal(draft, incident=incident, seq=number, previous=previous, actor=actor, recorded_at=recorded_at)
            previous = entry.hash
            entries.append(entry)
            moment = entry.recorded_at.isoformat(timespec="microseconds")
            rows.append((incident, number, content, entry.hash, moment, entry.kind))
        self._db.run_many(_INSERT, rows)
        return entries

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from the start; on any error nothing of it stays."""
        if self.damaged:
            raise JournalDamaged(f"nothing can be recorded here: {self.damaged}")
        if self.read_only:
            raise Refused(f"{self.place} was opened for reading; nothing can be recorded in it")
        with self._db.transaction():
            yield


def _number(incident: str) -> tuple[bool, int]:
    digits = incident.removeprefix("INC-")
    given_out = incident != digits and digits.isdecimal()
    return not given_out, int(digits) if given_out else 0


def _wrong_house(exercise: str | None) -> str:
    if exercise is None:
        return "an incident of an exercise is kept in the exercise's own database, never beside real ones"
    return f"this database belongs to the exercise '{exercise}'; a real incident is opened in another one (--database)"
