"""A throw-away PostgreSQL: made in a private folder, started on a free port, stopped and erased at the end whatever happens.

It listens on a socket in that folder, where everybody is trusted, and on 127.0.0.1, where a password is asked for. Each test
gets a database of its own, copied from one that holds an empty journal and vault.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pwd

OWNER, MEMBER, STRANGER = "keeper", "ana", "eve"
"""Who made the schemas, who is let in, and who may only connect."""
PASSWORD = "p'wd %41@/:x"
"""What MEMBER says over TCP: with every character that is special in a URL or in SQL."""
_TEMPLATE = "empty_journal"
_PATIENCE = 60.0
_WATCH = """
import os, shutil, signal, sys
sys.stdin.read()
try:
    os.kill(int(open(sys.argv[1] + "/data/postmaster.pid").readline()), signal.SIGQUIT)
except (OSError, ValueError):
    pass
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""
"""Waits for the end of whoever runs the tests, who may be killed, and leaves nothing behind."""


@cache
def programs() -> Path | None:
    """The folder of the server's programs; None when they, or psycopg, are not installed."""
    try:
        import psycopg  # noqa: F401 - only whether it is there
    except ImportError:
        return None
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: float(one.parent.name), reverse=True)
    found = shutil.which("initdb")
    for folder in [*newest, *([Path(found).resolve().parent] if found else [])]:
        if all((folder / name).exists() for name in ("initdb", "postgres", "pg_ctl")):
            return folder
    return None


MISSING = (
    "PostgreSQL's server programs (initdb, postgres, pg_ctl) or psycopg are not installed: "
    "what the journal does on PostgreSQL was not tested here"
)


@dataclass
class Server:
    """A running server."""

    folder: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str, role: str = OWNER) -> str:
        """Over the socket, trusted."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port={self.port}"

    def url_over_tcp(self, database: str, role: str = MEMBER, password: str | None = PASSWORD) -> str:
        """Over the loopback, where a password is asked for."""
        from urllib.parse import quote

        said = "" if password is None else f":{quote(password, safe='')}"
        return f"postgresql://{role}{said}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = _TEMPLATE) -> str:
        """A database of its own, holding an empty journal and vault unless another template is named."""
        name = f"t{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
        return name

    def drop(self, name: str) -> None:
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def sql(self, *statements: str, database: str = "postgres", role: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements in a connection of their own, each by itself; the rows of the last."""
        import psycopg

        with psycopg.connect(self.url(database, role), autocommit=True) as connection:
            for statement in statements:
                done = connection.execute(statement)  # type: ignore[call-overload] # not a literal
            return done.fetchall() if done.description else []

    def restart(self, how: str = "fast") -> None:
        """Stop it - `immediate` as if the machine failed - and start it again."""
        self._control("restart", "-m", how)

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        self._control("start")

    def _control(self, *arguments: str) -> None:
        _run("pg_ctl", *arguments, "-s", "-w", "-t", "60", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"))


@contextmanager
def running(*, on_disk: bool = False) -> Iterator[Server]:
    """A server with the roles and the template, in memory where there is room; stopped and erased at the end."""
    room = Path("/dev/shm")
    big = room.is_dir() and os.access(room, os.W_OK) and shutil.disk_usage(room).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="breachkit-pg-", dir=room if big and not on_disk else None))
    if (server_user := _server_user()) is not None:
        os.chown(folder, server_user.pw_uid, server_user.pw_gid)
    watcher = subprocess.Popen([sys.executable, "-c", _WATCH, str(folder)], stdin=subprocess.PIPE, start_new_session=True)
    try:
        _run(
            "initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D", str(folder / "data")
        )
        server = _started(folder)
        try:
            _furnish(server)
            yield server
        finally:
            _kill(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        watcher.communicate()


def _started(folder: Path) -> Server:
    data = folder / "data"
    (data / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    # fsync stays on: the journal warns of a server without. In memory it costs nothing.
    settings = {
        "port": port, "unix_socket_directories": f"'{folder}'", "listen_addresses": "'127.0.0.1'", "max_connections": 40,
        "shared_buffers": "'32MB'", "timezone": "'UTC'", "log_min_messages": "'fatal'", "lc_messages": "'C'",
        "autovacuum": "off",
    }  # fmt: skip
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())
    server = Server(folder, port)
    server.start()
    return server


def _furnish(server: Server) -> None:
    from breachkit.storage.journal import Journal
    from breachkit.storage.vault import Vault

    roles = (
        f"CREATE ROLE {OWNER} LOGIN CREATEROLE",
        f"CREATE ROLE {STRANGER} LOGIN",
        f"CREATE DATABASE blank TEMPLATE template0 OWNER {OWNER}",
        f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 OWNER {OWNER}",
    )
    server.sql(*roles)
    Journal.open(server.url(_TEMPLATE)).close()
    Vault.open(server.url(_TEMPLATE)).close()
    quoted = PASSWORD.replace("'", "''")
    server.sql(f"CREATE ROLE {MEMBER} LOGIN PASSWORD '{quoted}' IN ROLE breachkit_member")


def _kill(folder: Path) -> None:
    """The postmaster, by the number it wrote down; its children go with it."""
    try:
        number = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGQUIT)
    except (OSError, ValueError, IndexError):
        return
    until = time.monotonic() + _PATIENCE
    while (folder / "data" / "postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.02)


@cache
def _server_user() -> pwd.struct_passwd | None:
    """Who runs the server when root runs the tests: PostgreSQL refuses root. None: whoever runs the tests."""
    if os.geteuid():
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("root runs the tests and there is no user `postgres` or `nobody` to run a server as")


def _run(program: str, *arguments: str) -> None:
    folder = programs()
    assert folder is not None
    user = _server_user()
    become = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(  # type: ignore[call-overload] # who to become, when root runs this
        [str(folder / program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,  # a server would keep the pipe open
        stderr=subprocess.STDOUT,
        cwd="/",
        timeout=120,
        check=False,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        **become,
    )
    assert done.returncode == 0, f"{program} failed: {(done.stdout or b'').decode()}"
