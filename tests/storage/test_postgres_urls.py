"""Which URL leads to a team's journal, who has to prove what, and what is never said aloud."""

from __future__ import annotations

import re
import stat
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from breachkit.errors import BreachkitError, DatabaseLost, UsageError
from breachkit.storage.journal import Journal

from .servers import MEMBER, OWNER, PASSWORD, Server

SECRET = "hunter2"


def everything_said(work: Callable[[], object]) -> tuple[BreachkitError, str]:
    """The error, and every word of it, its causes and the values on the way."""
    with pytest.raises(BreachkitError) as caught:
        work()
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=False)
    return caught.value, "".join(told.format(chain=True)) + repr(caught.value) + str(vars(caught.value))


def test_without_the_driver_the_extra_is_named_and_the_password_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("breachkit.storage.postgres", "psycopg"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for url in (f"postgresql://ana:{SECRET}@db/journal", "postgresql+psycopg://db/journal", "postgres://db/journal"):
        with pytest.raises(UsageError, match=re.escape("pip install 'breachkit[pg]'")) as caught:
            Journal.open(url)
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ana:{SECRET}%zz@127.0.0.1/x",
        f"postgresql://ana:{SECRET}@{SECRET}@127.0.0.1/x",
        f"postgresql://ana:{SECRET}/{SECRET}@127.0.0.1/x",
        f"postgresql://ana:{SECRET}?{SECRET}@127.0.0.1/x",
        f"postgresql://ana:{SECRET}@127.0.0.1:{SECRET}/x",
        f"postgresql://ana@127.0.0.1/x?{SECRET}=1",
        f"postgresql://ana@127.0.0.1/x?pass={SECRET}",
        f"postgresql://ana:{SECRET}@127.0.0.1:1/x",
        f"postgresql://127.0.0.1:1/x?user=ana&password={SECRET}",
        f"postgresql://ana:{SECRET}@127.0.0.1:1/x?options=-c%20x%3D{SECRET}",
        f"postgresql+psycopg://ana:{SECRET}@127.0.0.1:1/x?sslmode={SECRET}",
        f"postgresql://ana:{SECRET}@/x?host=/nowhere/at/all",
        f"postgresql://ana:{SECRET}%00@127.0.0.1:1/x",
    ],
)
def test_a_password_is_never_repeated_however_the_url_is_wrong(url: str) -> None:
    pytest.importorskip("psycopg")
    for read_only in (True, False):
        error, said = everything_said(lambda read_only=read_only: Journal.open(url, read_only=read_only))  # type: ignore[misc] # bound
        frames = "\n".join(line for line in said.splitlines() if not line.lstrip().startswith("File"))
        assert SECRET not in str(error)
        assert SECRET not in frames


def test_a_wrong_password_a_right_one_and_none(server: Server, team_database: str, tmp_path: Path, monkeypatch: Any) -> None:
    name = team_database.partition("@/")[2].partition("?")[0]
    error, said = everything_said(lambda: Journal.open(server.url_over_tcp(name, password=SECRET)))
    assert isinstance(error, DatabaseLost)
    assert "password authentication failed" in str(error)
    assert SECRET not in said
    with Journal.open(server.url_over_tcp(name)) as journal:
        assert journal.place == f"postgresql://127.0.0.1:{server.port}/{name}"
        assert PASSWORD not in repr(vars(journal)) + repr(vars(journal._db))
        assert quote(PASSWORD, safe="") not in repr(vars(journal)) + repr(vars(journal._db))
        assert journal.warnings == []
    bare = server.url_over_tcp(name, password=None)
    with pytest.raises(DatabaseLost, match="no password supplied"):
        Journal.open(bare)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Journal.open(bare).close()
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert SECRET not in everything_said(lambda: Journal.open(bare))[1]
    monkeypatch.delenv("PGPASSWORD")
    kept = tmp_path / "pgpass"
    kept.write_text(f"127.0.0.1:{server.port}:*:{MEMBER}:" + PASSWORD.replace("\\", "\\\\").replace(":", "\\:") + "\n")
    kept.chmod(stat.S_IRUSR | stat.S_IWUSR)
    monkeypatch.setenv("PGPASSFILE", str(kept))
    Journal.open(bare).close()


def test_a_service_file_and_the_environment_work_as_they_do_for_libpq(
    server: Server, team_database: str, tmp_path: Path, monkeypatch: Any
) -> None:
    name = team_database.partition("@/")[2].partition("?")[0]
    services = tmp_path / "services"
    services.write_text(f"[team]\nhost={server.folder}\nport={server.port}\ndbname={name}\nuser={OWNER}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    with Journal.open("postgresql:///?service=team") as journal:
        assert journal.place == "postgresql:///?service=team"
    for variable, value in (("PGHOST", server.folder), ("PGPORT", server.port), ("PGUSER", OWNER), ("PGDATABASE", name)):
        monkeypatch.setenv(variable, str(value))
    with Journal.open("postgresql://") as journal:
        assert journal.place == f"postgresql:///{name}?host={server.folder}&port={server.port}"


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://ana@db.example/x", "verify-full"),
        ("postgresql://ana@db.example,localhost/x", "verify-full"),
        ("postgresql://ana@localhost/x?hostaddr=192.0.2.1", "verify-full"),
        ("postgresql://ana@[2001:db8::1]/x", "verify-full"),
        ("postgresql:///x?service=team", "verify-full"),
        ("postgresql:///x?service=unheard-of", "verify-full"),
        ("postgresql:///x?service=own", None),
        ("postgresql:///x?service=decided", None),
        ("postgresql://ana@db.example/x?sslmode=require", "require"),
        ("postgresql://ana@localhost/x", None),
        ("postgresql://ana@127.0.0.1/x", None),
        ("postgresql://ana@[::1]/x", None),
        ("postgresql:///x?host=/run/postgresql", None),
        ("postgresql:///x", None),
    ],
)
def test_a_server_on_another_machine_must_prove_who_it_is_unless_the_url_says_otherwise(
    url: str, mode: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg")
    from breachkit.storage.postgres_url import read_url

    services = tmp_path / "services"
    services.write_text("[team]\nhost=db.example\n[own]\nhost=/run\n[decided]\nhost=db.example\nsslmode=require\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    assert read_url(url).params.get("sslmode") == mode


def test_a_server_that_cannot_prove_who_it_is_is_refused_with_what_to_do(
    server: Server, team_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from breachkit.storage import postgres_url

    name = team_database.partition("@/")[2].partition("?")[0]
    monkeypatch.setattr(postgres_url, "_is_here", lambda host: False)  # as if the loopback were a network
    with pytest.raises(DatabaseLost, match="sslrootcert=system"):
        Journal.open(server.url_over_tcp(name))
    Journal.open(server.url_over_tcp(name) + "?sslmode=prefer").close()
