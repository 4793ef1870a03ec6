"""Everything breachkit raises on purpose. Each error says what happened, where, and what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What the process tells the shell."""

    DONE = 0
    """It was done."""
    FINDING = 1
    """A finding the caller asked to fail on (`--fail-on`)."""
    USAGE = 2
    """The command was called wrongly: an unknown option, duty or incident."""
    BAD_FILE = 3
    """An input file is wrong; nothing of it was used."""
    REFUSED = 4
    """A conflict with another writer, or an act the house refuses."""
    DELIVERY = 5
    """Mail could not be delivered."""


class BreachkitError(Exception):
    """The base of all errors meant for a person to read."""

    exit_code: ExitCode = ExitCode.USAGE

    def __reduce__(self) -> tuple[Any, ...]:
        """A process that writes letters hands its error over whole, whatever its own class takes to be made."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[BreachkitError], args: tuple[Any, ...], kept: dict[str, Any]) -> BreachkitError:
    made = kind.__new__(kind, *args)
    made.__dict__.update(kept)
    return made


class UsageError(BreachkitError):
    """The request itself cannot be understood or carried out as said."""


class UnknownName(UsageError):
    """A name that nothing here has; `nearest` holds the names it resembles."""

    def __init__(self, what: str, name: str, known: Iterable[str], *, hint: str = "") -> None:
        self.what, self.name = what, name
        self.nearest = nearest(name, known)
        text = f"unknown {what} '{name}'"
        if self.nearest:
            text += f"; did you mean {_or_list(self.nearest)}?"
        super().__init__(f"{text} {hint}".strip())


_LONGEST, _MOST = 2_000, 500
"""Characters of a fault that are said, and faults of a file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file. `line` is 1-based; None when the file as a whole is meant."""

    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file} line {self.line}"
        text = " ".join(self.text.splitlines())  # a value of the file cannot begin a line of its own
        return f"{where}: {text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}"


class BadFile(BreachkitError):
    """A file that people authored is wrong; `faults` lists every fault found, and nothing of it was loaded."""

    exit_code = ExitCode.BAD_FILE

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        said = [str(fault) for fault in self.faults[:_MOST]]
        more = len(self.faults) - len(said)
        super().__init__("\n".join([*said, *([f"and {more:,} faults more"] if more else [])]))


class BadValue(BreachkitError):
    """A value that cannot be read as its type; the message shows how to write it."""

    exit_code = ExitCode.BAD_FILE


class ImpossibleFacts(BreachkitError):
    """Facts that cannot all be true, such as more people in a country than in the world."""

    exit_code = ExitCode.BAD_FILE


class Refused(BreachkitError):
    """An act the house refuses whatever the reason; the message says which promise it would break."""

    exit_code = ExitCode.REFUSED


class JournalConflict(Refused):
    """Another writer appended first. Nothing was written; read again and decide again."""

    def __init__(self, incident: str, expected: int, actual: int) -> None:
        self.incident, self.expected, self.actual = incident, expected, actual
        newer = actual - expected
        text = f"somebody else recorded {newer} entr{'y' if newer == 1 else 'ies'} since you looked"
        if newer < 0:
            text = "you named an entry that is not there"
        super().__init__(
            f"{incident}: {text} (you saw entry {expected}, the journal is at {actual}). "
            "Nothing of yours was written: look at what is new, then record again."
        )


class JournalDamaged(Refused):
    """The database cannot be trusted or written; what is still readable was opened read-only."""


class KeyNeeded(Refused):
    """An encrypted store is locked, or its key file is not there; nothing is wrong with it."""


class WrongKey(Refused):
    """A passphrase, recovery code or key file that does not open this store; the store itself may be whole."""


class JournalTooNew(Refused):
    """The database was written by a newer breachkit; it was not touched."""


class DatabaseLost(Refused):
    """The connection to the database's server broke, or none could be made; the message says what is known to be recorded."""


class NoticeIncomplete(BreachkitError):
    """A notice lacks what its duty requires; `missing` names the elements."""

    exit_code = ExitCode.FINDING

    def __init__(self, duty: str, missing: Iterable[str]) -> None:
        self.duty, self.missing = duty, tuple(missing)
        super().__init__(f"{duty}: the notice lacks {', '.join(self.missing)}")


def nearest(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The known names most like `name`, best first; empty when none is near."""
    names = list(known)
    by_lower = {candidate.lower(): candidate for candidate in names}
    close = difflib.get_close_matches(name.lower(), list(by_lower), n=count, cutoff=0.6)
    if not close:
        close = [lower for lower in sorted(by_lower) if name and lower.startswith(name.lower())][:count]
    return tuple(by_lower[lower] for lower in close)


def _or_list(names: tuple[str, ...]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
