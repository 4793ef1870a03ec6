"""What `sending.py` sends and where it lies: the shipped letter for many people, in an outbox on each kind of database."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from letters import DUTY, person, shipped_letter
from sending_limits import BareLane

from breachkit.delivery.smtp import SmtpTransport
from breachkit.documents.merge_mail import Sender, compile_mail, recipient
from breachkit.domain.mail_servers import Server
from breachkit.storage.files import create_file, key_beside
from breachkit.storage.journal import Journal
from breachkit.storage.key_changes import make_key
from breachkit.storage.replies import ReplyLog
from breachkit.storage.vault import Addressed, Dispatch, Vault
from breachkit.storage.vault_sending import SendingDesk
from breachkit.workflow.outbox.running import Ended, Run
from breachkit.workflow.outbox.sending import at_the_desk, send
from breachkit.workflow.workspace import Workspace
from tests.storage import servers

MAIL_FROM = "privacy@example.com"
AT = "2026-11-22T12:00:00.000+00:00"
HOLDER = b"0123456789abcdef0123456789abcdef@example.com"


def messages(number: int) -> list[tuple[str, bytes]]:
    """Whom to, and the message, ready to be sent."""
    form, _ = shipped_letter()
    mail = compile_mail(form.notice, Sender("Example Co", MAIL_FROM), {"Duty": DUTY})
    made = []
    for one in map(person, range(number)):
        filled = {**one, "to": recipient(one["name"], one["email"]), "message_id": f"<{HOLDER.decode()}>"}
        made.append((one["email"], mail.join(filled)))
    return made


def addressed(letters: list[tuple[str, bytes]]) -> list[Addressed]:
    """The same as the outbox takes them."""
    return [
        Addressed(str(number), f"Reader {number}", to, "US-FL", False, message, b"<" + HOLDER + b">")
        for number, (to, message) in enumerate(letters)
    ]


def filled(vault: Vault, letters: list[Addressed]) -> Dispatch:
    """A released dispatch of them."""
    with vault.writing():
        one = vault.new_dispatch("INC-1", DUTY, {"from": MAIL_FROM})
        vault.put(one, letters, domain="example.com", at=AT, actor="ana")
        return vault.change_dispatch(one, "released")


class Stores:
    """A filled outbox of each kind, and copies of it."""

    def __init__(self, folder: Path, server: servers.Server | None) -> None:
        self.folder, self.server = folder, server
        self.names = ["SQLite", "SQLCipher", *(["PostgreSQL"] if server is not None else [])]
        self._filled: dict[str, str] = {}

    @classmethod
    @contextmanager
    def made(cls, folder: Path, letters: list[Addressed] | None, *, files_alone: bool = False) -> Iterator[Stores]:
        """Each filled with the letters; empty for None."""
        with ExitStack() as stack:
            there = servers.programs() is not None and not files_alone
            server = stack.enter_context(servers.running(on_disk=True)) if there else None
            stores = cls(folder, server)
            for name in stores.names:
                where = stores._new(name)
                with Vault.open(where) as vault:
                    if letters is not None:
                        filled(vault, letters)
                    if vault.database.dialect == "sqlite":
                        vault.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
                Journal.open(where).close()
                stores._filled[name] = where
            yield stores

    def _new(self, name: str) -> str:
        if name == "PostgreSQL":
            assert self.server is not None
            return self.server.url(self.server.new_database())
        home = self.folder / name
        home.mkdir(mode=0o700)
        if name == "SQLCipher":
            make_key(key_beside(home / "breachkit.db"), "several words", keyring=False, told=lambda _: None)
            create_file(home / "breachkit.db")
        return str(home / "breachkit.db")

    @contextmanager
    def fresh(self, name: str) -> Iterator[str]:
        """A copy of its own, gone afterwards."""
        source = self._filled[name]
        if name == "PostgreSQL":
            assert self.server is not None
            copy = self.server.new_database(source.partition("@/")[2].partition("?")[0])
            yield self.server.url(copy)
            self.server.drop(copy)
            return
        home = self.folder / f"{name}-copy"
        shutil.copytree(Path(source).parent, home)
        yield str(home / "breachkit.db")
        shutil.rmtree(home)


def run_outbox(where: str, port: int, number: int, connections: int) -> float:
    """Messages a second, from sitting down at the desk to the last receipt on disk."""
    server = Server("sink", "127.0.0.1", port, "none", connections=connections)

    async def work(space: Workspace, vault: Vault, desk: SendingDesk, log: ReplyLog) -> Ended:
        way = SmtpTransport([server], {}, hello="a.test")
        return await send(space, desk, log, vault.dispatches(), way, mail_from=MAIL_FROM, progress=_quiet, tell=print)

    return _timed(where, number, work)


def run_bare_lanes(where: str, port: int, number: int, connections: int) -> float:
    """The same with lanes that know nothing but the good case: an experiment."""

    async def work(space: Workspace, vault: Vault, desk: SendingDesk, log: ReplyLog) -> Ended:
        lanes: Any = [BareLane(port) for _ in range(connections)]
        return await Run(desk, log, vault.dispatches(), lanes, MAIL_FROM, space.clock).run()

    return _timed(where, number, work)


def _timed(where: str, number: int, work: Callable[[Workspace, Vault, SendingDesk, ReplyLog], Awaitable[Ended]]) -> float:
    space = Workspace(database=where, actor="ana")
    with space.vault() as vault:
        began = time.perf_counter()
        with at_the_desk(space, vault) as (desk, log, _), asyncio.Runner() as runner:
            ended = runner.run(_awaited(work(space, vault, desk, log)))
        took = time.perf_counter() - began
        assert ended.handed == number, ended
        assert vault.counts(vault.dispatches())["sent"] == number
    return number / took


async def _awaited(work: Awaitable[Ended]) -> Ended:
    return await work


def _quiet(_: object) -> None:
    pass
