"""Where a person works: whose name, which database, and the one clock that breachkit reads."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from breachkit.domain.facts import read_instant
from breachkit.errors import Refused

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal
    from breachkit.storage.vault import Vault
    from breachkit.workflow.exercise.drill import Drill


def system_time() -> datetime:
    """The system's time, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day on the system's own clock, for naming files and proposing dates."""
    return datetime.now().astimezone().date()


def running_from(moment: datetime) -> Callable[[], datetime]:
    """A clock that shows `moment` now and runs on from there, for a sandbox whose incident lies in the past."""
    began = system_time()
    return lambda: moment + (system_time() - began)


@dataclass
class Workspace:
    """Settings of one run. `now` moves only the reading clock, `as_of` cuts the journal; both are refused on writes."""

    database: str | None = field(default=None, repr=False)
    """Path or URL, which may hold a password; None: BREACHKIT_DATABASE, else `breachkit.db` in the user's data folder."""
    actor: str | None = None
    """Who records; None: BREACHKIT_ACTOR, else the system's user name. Said, not proven."""
    reading_now: datetime | None = None
    as_of: datetime | None = None
    clock: Callable[[], datetime] = system_time
    laws: tuple[Path, ...] = ()
    """Folders with packs of law files of one's own, laid over the shipped laws in order; see `law_folders`."""
    own: Path | None = None
    """An organisation's own folder of templates; None: BREACHKIT_HOME, else only what is shipped."""
    exercise: Drill | None = None
    """The exercise this is a session of; None: none, or one only looked at by a command."""

    @property
    def now(self) -> datetime:
        """The moment answers are for, UTC."""
        return self.reading_now or self.as_of or self.clock().astimezone(UTC)

    def writing_time(self) -> datetime:
        """The time an entry is recorded at. Refused while `--now` or `--as-of` is set: an entry never lies about its time."""
        if self.reading_now is not None or self.as_of is not None:
            raise Refused(
                "--now and --as-of only look; leave them out to record something, it is recorded at the system's time"
            )
        return self.clock().astimezone(UTC)

    @cached_property
    def who(self) -> str:
        """The actor's name."""
        return self.actor or os.environ.get("BREACHKIT_ACTOR") or _user()

    @cached_property
    def where(self) -> str:
        """The database's path or URL."""
        if (said := self.database or os.environ.get("BREACHKIT_DATABASE")) is not None:
            return said
        from platformdirs import user_data_path

        return str(user_data_path("breachkit") / "breachkit.db")

    @cached_property
    def own_folder(self) -> Path | None:
        """The folder with an organisation's own templates; None when there is none."""
        if self.own is not None:
            return self.own
        home = os.environ.get("BREACHKIT_HOME")
        return Path(home) if home else None

    @cached_property
    def law_folders(self) -> tuple[Path, ...]:
        """The folders of BREACHKIT_HOME/laws, those of BREACHKIT_LAWS, then those named on the command line."""
        home = self.own_folder / "laws" if self.own_folder is not None else None
        beside = sorted(path for path in home.iterdir() if path.is_dir()) if home is not None and home.is_dir() else []
        said = [Path(part) for part in os.environ.get("BREACHKIT_LAWS", "").split(os.pathsep) if part]
        return (*beside, *said, *self.laws)

    @contextmanager
    def journal(self, *, read_only: bool = False) -> Iterator[Journal]:
        """The open journal; closed afterwards. In an exercise's database time is the exercise's from here on."""
        from breachkit.storage.journal import Journal

        with Journal.open(self.where, read_only=read_only) as journal:
            if self.clock is system_time and journal.exercise is not None:
                from breachkit.workflow.exercise.clock import virtual_clock

                self.clock = virtual_clock(journal)
            yield journal

    @contextmanager
    def vault(self, *, read_only: bool = False) -> Iterator[Vault]:
        """The open vault beside the journal, made if it is to be written and not there; closed afterwards."""
        from breachkit.storage.vault import Vault

        with Vault.open(self.where, read_only=read_only) as vault:
            yield vault

    @property
    def has_vault(self) -> bool:
        """Whether there may be a vault: always on a server, on a file when it is there."""
        from breachkit.storage.vault import Vault

        return Vault.exists(self.where)


def read_moment(text: str | None) -> datetime | None:
    """`--now` and `--as-of` as UTC; None for None. BadValue when it has no zone."""
    return None if text is None else read_instant(text).at


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
