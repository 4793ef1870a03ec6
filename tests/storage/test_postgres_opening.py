"""What may lie in a database when a journal is opened there, and who makes or upgrades it."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from breachkit.errors import JournalTooNew, Refused, UsageError
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault

from .house import NIGHT, fact, fill, opened
from .servers import MEMBER, OWNER, Server
from .test_postgres_guards import tool


@pytest.fixture
def blank(server: Server) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = server.new_database("blank")
    yield server.url(name)
    server.drop(name)


def test_a_journal_is_made_beside_other_peoples_tables_and_never_by_reading(blank: str) -> None:
    with tool(blank, OWNER, schema="public") as connection:
        connection.execute("CREATE SCHEMA theirs")
        connection.execute("CREATE TABLE theirs.entry (x int)")
    for options in ({"read_only": True}, {"create": False}):
        with pytest.raises(UsageError, match=r"there is no journal at .*incident open"):
            Journal.open(blank, **options)
    with tool(blank, OWNER) as connection:
        assert connection.execute("SELECT to_regnamespace('breachkit')").fetchone() == (None,)
    with Journal.open(blank) as journal:
        assert journal.warnings == []
        fill(journal, 3)
    with Journal.open(blank, read_only=True) as journal:
        assert journal.verify() is None
        assert journal.head("INC-1")[0] == 3


@pytest.mark.parametrize("table", ["entry (x int)", "meta (key text, value text)", "meta (a int)", "other (x int)"])
def test_somebody_elses_schema_of_our_name_is_refused_and_left_as_it_is(blank: str, table: str) -> None:
    with tool(blank, OWNER) as connection:
        connection.execute("CREATE SCHEMA breachkit")
        connection.execute(f"CREATE TABLE breachkit.{table}")
        for read_only in (True, False):
            with pytest.raises(UsageError, match="no breachkit journal"):
                Journal.open(blank, read_only=read_only)
        tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'breachkit'::regnamespace AND relkind = 'r'"
        assert connection.execute(tables).fetchone() == (1,)


def test_a_newer_journal_is_left_as_it_is(team_database: str) -> None:
    with tool(team_database, OWNER) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        for read_only in (False, True):
            with pytest.raises(JournalTooNew, match="schema 99"):
                Journal.open(team_database, read_only=read_only)


@pytest.fixture
def old(blank: str) -> str:
    """A journal as schema 1 would be, with one entry."""
    import psycopg

    from breachkit.storage.postgres_schema import JOURNAL_STORE, admit_members, migration

    with closing(psycopg.connect(blank, autocommit=True)) as connection:
        connection.execute("SET search_path = breachkit")
        with migration(connection, JOURNAL_STORE) as run:
            run("0001")
            admit_members(connection, JOURNAL_STORE)
        connection.execute("INSERT INTO entry (incident, seq, content, hash, recorded_at, kind, written_by) "
                           "VALUES ('INC-1', 1, '{}', repeat('0', 64), '', '', 'ana')")  # fmt: skip
    return blank


def test_an_older_journal_is_upgraded_by_its_owner_alone(old: str) -> None:
    with pytest.raises(Refused, match=r"older breachkit \(schema 1"):
        Journal.open(old, read_only=True)
    with pytest.raises(Refused, match="your role may not do that"):
        Journal.open(old.replace(OWNER, MEMBER, 1))
    with Journal.open(old) as journal:
        assert "upgraded from schema 1 to 2" in journal.warnings[0]
        assert journal.head("INC-1") == (1, "0" * 64)
        journal.append("INC-1", [fact()], expected=1, actor="ana", recorded_at=NIGHT)
    with Journal.open(old) as journal:
        assert journal.warnings == []


def _open_and_add(url: str, gate: Any, results: Any) -> None:
    gate.wait()
    with Journal.open(url) as journal:
        results.put(journal.new_incident([opened()], actor="ana", recorded_at=NIGHT)[0])


def test_processes_that_open_at_once_make_the_journal_once(blank: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    gate, results = spawn.Barrier(3), spawn.Queue()
    workers = [spawn.Process(target=_open_and_add, args=(blank, gate, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert {results.get(timeout=60) for _ in workers} == {"INC-1", "INC-2", "INC-3"}
    for worker in workers:
        worker.join()
    results.close()


def test_a_role_that_may_make_no_schema_is_told_so(server: Server, blank: str) -> None:
    with pytest.raises(Refused, match="your role may not do that"):
        Journal.open(blank.replace(OWNER, MEMBER, 1))


def test_an_owner_lets_members_in_once_the_role_for_them_is_there(server: Server, blank: str) -> None:
    server.sql("ALTER ROLE breachkit_member RENAME TO away", f"ALTER ROLE {OWNER} NOCREATEROLE")
    try:
        with Journal.open(blank) as journal:
            assert "an administrator runs CREATE ROLE breachkit_member" in journal.warnings[0]
    finally:
        server.sql("ALTER ROLE away RENAME TO breachkit_member", f"ALTER ROLE {OWNER} CREATEROLE")
    with pytest.raises(Refused, match="GRANT breachkit_member"):
        Journal.open(blank.replace(OWNER, MEMBER, 1))
    Journal.open(blank).close()
    with Journal.open(blank.replace(OWNER, MEMBER, 1)) as journal:
        fill(journal, 2)


def test_entries_are_durable_whatever_a_role_or_a_database_is_set_to(server: Server, team_database: str) -> None:
    name = team_database.partition("@/")[2].partition("?")[0]
    server.sql(
        f"ALTER DATABASE {name} SET synchronous_commit = off",
        f"ALTER DATABASE {name} SET default_transaction_isolation = serializable",
        f"ALTER DATABASE {name} SET search_path = public",
        f"ALTER DATABASE {name} SET client_encoding = latin1",
    )
    with Journal.open(team_database) as journal:
        wanted = {"synchronous_commit": "on", "default_transaction_isolation": "read committed", "lock_timeout": "5s"}
        wanted |= {"client_encoding": "UTF8", "default_transaction_read_only": "off"}
        assert {key: journal._db.rows(f"SHOW {key}")[0][0] for key in wanted} == wanted
        journal.new_incident([opened("漏洩")], actor="ana", recorded_at=NIGHT)
    with Journal.open(team_database, read_only=True) as journal:
        assert journal._db.rows("SHOW default_transaction_read_only") == [("on",)]


def test_a_writer_that_holds_the_journal_too_long_is_not_waited_for(team_database: str, monkeypatch: Any) -> None:
    with Journal.open(team_database) as ours, Journal.open(team_database) as theirs:
        theirs._db.rows("SELECT set_config('lock_timeout', '50ms', false)")
        with ours._writing(), pytest.raises(Refused, match="another writer held it"):
            theirs.new_incident([opened()], actor="ben", recorded_at=NIGHT)
        theirs.new_incident([opened()], actor="ben", recorded_at=NIGHT)
        assert ours.incidents() == ["INC-1"]


def test_an_exercise_is_not_played_on_a_server(team_database: str) -> None:
    from breachkit.domain.journal import Draft
    from breachkit.workflow.exercise.folder import located

    with pytest.raises(UsageError, match="an exercise is played in a file"):
        located(team_database)
    with Journal.open(team_database) as journal, pytest.raises(Refused, match="an exercise is played in a file"):
        journal.start_exercise(Draft("exercise.started", {}), actor="ana", recorded_at=NIGHT)


def test_the_vault_lies_in_a_schema_of_its_own(blank: str) -> None:
    with Journal.open(blank):
        pass
    with Vault.open(blank) as vault:
        assert vault.warnings == []
        before = vault.database.token()
        with vault.writing():
            vault.new_dispatch("INC-1", "eu.gdpr.34", {})
        assert vault.database.token() != before
    with Journal.open(blank) as journal:
        assert journal.incidents() == []


def test_models_and_migrations_make_the_same_database_apart_from_what_a_server_adds(team_database: str) -> None:
    import sqlalchemy
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from breachkit.storage import tables

    engine = sqlalchemy.create_engine(team_database.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        connection.exec_driver_sql("SET search_path = breachkit")
        found = compare_metadata(MigrationContext.configure(connection), tables.METADATA)
    engine.dispose()
    named = {(change[0], getattr(change[-1], "name", None)) for change in found if isinstance(change, tuple)}
    assert named == {("remove_column", "n"), ("remove_column", "written_by"), ("remove_constraint", "entry_n_key")}


def test_a_journal_that_is_up_to_date_is_opened_without_any_orm(team_database: str) -> None:
    program = f"""
import sys
from datetime import datetime, UTC
from breachkit.domain.journal import Draft
from breachkit.storage.journal import Journal
with Journal.open({team_database!r}) as journal:
    journal.new_incident([Draft("incident.opened", {{}})], actor="ana", recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
    journal.entries("INC-1"), journal.verify(), journal.heads()
heavy = {{"sqlalchemy", "sqlmodel", "alembic", "pydantic"}} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)
