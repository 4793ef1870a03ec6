"""The team's database refuses what the journal would never do: by rights for members, by triggers for its owner too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from breachkit.errors import Refused
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Vault
from breachkit.storage.vault_erasing import scrub

from .house import NIGHT, fact, fill
from .servers import MEMBER, OWNER, STRANGER, Server

COLUMNS = "incident, seq, content, hash, recorded_at, kind"
NEXT = f"INSERT INTO entry ({COLUMNS}) VALUES ('INC-1', {{seq}}, '{{{{}}}}', repeat('0', 64), '', '')"
CHANGES = (
    "UPDATE entry SET content = '{}' WHERE seq = 2",
    "UPDATE entry SET content = '{}' WHERE seq = 99",
    "UPDATE entry SET written_by = 'eve'",
    "DELETE FROM entry WHERE incident = 'INC-1' AND seq = 3",
    "DELETE FROM entry",
    "TRUNCATE entry",
    "TRUNCATE entry, law_pack CASCADE",
    "UPDATE law_pack SET content = '0'",
    "DELETE FROM law_pack",
    "TRUNCATE law_pack",
    f"{NEXT.format(seq=3)} ON CONFLICT (incident, seq) DO UPDATE SET content = excluded.content",
)
GAPS = (
    *(NEXT.format(seq=seq) for seq in ("1", "3", "5", "0", "-1", "NULL")),
    f"{NEXT.format(seq=3)} ON CONFLICT DO NOTHING",
    "INSERT INTO law_pack (sha256, content) SELECT sha256, '0' FROM law_pack",
    "INSERT INTO law_pack (sha256, content) SELECT sha256, '0' FROM law_pack ON CONFLICT DO NOTHING",
)
BUILDING = (
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "DROP TRIGGER entry_no_update ON entry",
    "DROP TABLE entry",
    "CREATE TRIGGER mine BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION breachkit.entry_no_update()",
    "CREATE OR REPLACE FUNCTION breachkit.entry_no_update() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "CREATE RULE mine AS ON INSERT TO entry DO INSTEAD NOTHING",
    "CREATE TABLE breachkit.mine (x int)",
    "UPDATE meta SET value = '1'",
    "DELETE FROM alembic_version",
    f"INSERT INTO entry ({COLUMNS}, written_by) VALUES ('INC-1', 4, '{{}}', repeat('0', 64), '', '', 'ben')",
    f"INSERT INTO entry ({COLUMNS}, n) OVERRIDING SYSTEM VALUE VALUES ('INC-1', 4, '{{}}', repeat('0', 64), '', '', 1)",
)


@pytest.fixture
def url(team_database: str) -> str:
    """A journal of three entries and a law pack."""
    with Journal.open(team_database) as journal:
        fill(journal, 3)
        journal.store_law_pack(hashlib.sha256(b"pack").hexdigest(), b"pack", stored_at=NIGHT)
    return team_database


@contextmanager
def tool(url: str, role: str, *, schema: str = "breachkit") -> Iterator[Any]:
    """Another tool's connection, in that role."""
    import psycopg

    with psycopg.connect(url, user=role, autocommit=True, options=f"-c search_path={schema}") as connection:
        yield connection


def contents(url: str) -> list[Any]:
    with tool(url, OWNER) as connection:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("entry", "law_pack")]


def test_a_members_rights_refuse_every_change_and_the_triggers_every_gap(url: str) -> None:
    import psycopg

    before = contents(url)
    with tool(url, MEMBER) as connection:
        for statement in (*CHANGES, *BUILDING):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        for statement in GAPS:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=r"only grows|kept once"):
                connection.execute(statement)
    assert contents(url) == before


@pytest.mark.parametrize("role", [OWNER, "postgres"])
def test_the_triggers_refuse_the_owner_and_a_superuser_too(url: str, role: str) -> None:
    import psycopg

    before = contents(url)
    with tool(url, role) as connection:
        if role == "postgres":
            connection.execute("SET session_replication_role = replica")  # it turns ordinary triggers off
        for statement in (*CHANGES, *GAPS):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=r"never|only grows|kept once"):
                connection.execute(statement)
    assert contents(url) == before


def test_a_table_of_the_same_name_does_not_deceive_the_triggers(url: str) -> None:
    import psycopg

    with tool(url, MEMBER, schema="pg_temp,breachkit") as connection:
        connection.execute("CREATE TEMP TABLE entry (LIKE breachkit.entry)")
        statement = NEXT.format(seq=1).replace("entry", "breachkit.entry")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="only grows"):
            connection.execute(statement)


def test_whose_role_wrote_an_entry_is_the_servers_word_whatever_the_actor_says(url: str, server: Server) -> None:
    theirs = url.replace(OWNER, MEMBER, 1)
    with Journal.open(theirs) as journal:
        journal.append("INC-1", [fact()], expected=3, actor="ben", recorded_at=NIGHT)
        assert journal.roles("INC-1") == {1: OWNER, 2: OWNER, 3: OWNER, 4: MEMBER}
        journal.append("INC-2", [fact()] * 20, expected=0, actor="ben", recorded_at=NIGHT)  # so many are sent as one COPY
        assert set(journal.roles("INC-2").values()) == {MEMBER}
        assert journal.roles("INC-9") == {}
        assert journal.entries("INC-1")[3].actor == "ben"
        assert journal.verify() is None
    with tool(url, OWNER) as connection:
        connection.execute(f"GRANT {MEMBER} TO {OWNER}")
        connection.execute(f"SET ROLE {MEMBER}")
        connection.execute(NEXT.format(seq=5))
    assert server.sql("SELECT written_by FROM breachkit.entry WHERE incident = 'INC-1' AND seq = 5", database=_name(url)) == [
        (OWNER,)
    ]
    server.sql(f"REVOKE {MEMBER} FROM {OWNER}")


def test_a_role_that_was_not_let_in_is_told_what_its_owner_does(url: str) -> None:
    for read_only in (True, False):
        with pytest.raises(Refused, match=f'GRANT breachkit_member TO "{STRANGER}"'):
            Journal.open(url.replace(OWNER, STRANGER, 1), read_only=read_only)


def test_a_member_works_in_the_vault_and_cannot_change_what_is_proof(url: str) -> None:
    import psycopg

    with Vault.open(url.replace(OWNER, MEMBER, 1)) as vault, vault.writing():
        vault.new_dispatch("INC-1", "eu.gdpr.34", {})
    with Vault.open(url.replace(OWNER, MEMBER, 1)) as vault:
        assert "only table or database owner" in scrub(vault)[0]
    with Vault.open(url) as vault:
        assert scrub(vault) == []
    with tool(url, MEMBER, schema="breachkit_vault") as connection:
        for statement in ("DELETE FROM dispatch", "UPDATE meta SET value = '9'", "TRUNCATE event", "DROP TABLE letter"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)):
                connection.execute(statement)


def test_rights_that_nobody_should_have_and_switched_off_triggers_are_told_on_opening(url: str) -> None:
    with tool(url, OWNER) as connection:
        connection.execute("GRANT UPDATE ON entry TO breachkit_member")
        connection.execute("GRANT TRUNCATE ON law_pack TO PUBLIC")
        connection.execute("ALTER TABLE entry ENABLE TRIGGER entry_no_delete")  # off under session_replication_role again
    with Journal.open(url) as journal:
        removed, granted = journal.warnings
    assert "protection (entry_no_delete)" in removed
    assert "entry UPDATE by breachkit_member, law_pack TRUNCATE by everybody" in granted


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
