"""What a schema on a server is - none, new, older, newer, somebody else's, sound - and who may do what in it.

It is made and upgraded here, in one transaction under the lock that writers take too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, TypeAlias

import psycopg

from breachkit.errors import JournalTooNew, Refused, UsageError
from breachkit.storage.postgres_errors import LOCK_SECONDS, MEMBERS, STATEMENT_SECONDS
from breachkit.storage.sqlite import JOURNAL, VAULT, Kind

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

OLDEST_SERVER: Final = 130_000
IDLE_SECONDS: Final = 60
_CHANGING: Final = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


class Store(NamedTuple):
    """One of breachkit's stores, as it lies on a server."""

    kind: Kind
    schema: str
    guards: frozenset[str]
    """The triggers that make the database itself refuse a change, whatever a session sets."""
    kept: tuple[str, ...]
    """The tables in which nobody may change anything."""
    rights: tuple[str, ...]
    """What members are granted, beside looking."""
    token: str
    """The query that says where it stands."""

    @property
    def begin_alone(self) -> str:
        """Begin, and wait for the one writer's place."""
        return f"BEGIN; SELECT pg_catalog.pg_advisory_xact_lock({self.kind.application})"


JOURNAL_STORE: Final = Store(
    JOURNAL,
    "breachkit",
    JOURNAL.guards | {"entry_no_truncate", "law_pack_no_truncate"},
    ("entry", "law_pack"),
    (
        "GRANT INSERT (incident, seq, content, hash, recorded_at, kind) ON breachkit.entry",
        "GRANT INSERT (sha256, content, stored_at) ON breachkit.law_pack",
    ),
    # Writers stand in line from their first statement to their commit, so that the greatest number is the last committed.
    "SELECT coalesce((SELECT max(n) FROM entry), 0), (SELECT count(*) FROM law_pack)",
)
VAULT_STORE: Final = Store(
    VAULT,
    "breachkit_vault",
    VAULT.guards,
    ("event",),
    (
        "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA breachkit_vault",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA breachkit_vault",
    ),
    # Senders do not stand in line: a lower number may be committed later, by one of the transactions under way now.
    "SELECT coalesce((SELECT max(n) FROM event), 0), coalesce((SELECT max(xmin::text::bigint) FROM dispatch), 0), "
    "coalesce((SELECT max(xmin::text::bigint) FROM attachment), 0), "
    "coalesce((SELECT sum(x::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) x), 0)::bigint",
)


def settle(connection: Connection, store: Store, *, read_only: bool) -> list[str]:
    """Durable, strict and in this store's schema from here on, whatever role or database are set to. Returns warnings."""
    # remote_apply is stronger still: it stays where an administrator set it.
    query = """
        SELECT set_config('search_path', $1, false), set_config('lock_timeout', $2, false),
            set_config('statement_timeout', $3, false), set_config('default_transaction_read_only', $4, false),
            set_config('idle_in_transaction_session_timeout', $5, false),
            set_config('default_transaction_isolation', 'read committed', false),
            set_config('synchronous_commit',
                CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
            current_setting('fsync'), current_setting('full_page_writes')
    """
    # A machine that falls asleep with the writers' place loses it.
    limits = (f"{LOCK_SECONDS}s", f"{STATEMENT_SECONDS}s", "on" if read_only else "off", f"{IDLE_SECONDS}s")
    row = connection.execute(query, (f"{store.schema}, pg_temp", *limits)).fetchone()
    assert row is not None
    if "off" in row[-2:]:
        return ["this server runs with fsync or full_page_writes off: when its machine fails, what was confirmed can be lost"]
    return []


def schema_number(connection: psycopg.Connection[Any], store: Store, place: str) -> int | None:
    """The schema's number, None where there is none yet.

    JournalTooNew, UsageError for somebody else's schema of that name, Refused where this role may not look.
    """
    query = """
        SELECT current_user, has_schema_privilege(n.oid, 'USAGE'), EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid),
            m.oid IS NOT NULL, has_table_privilege(m.oid, 'SELECT'),
            (SELECT count(*) FROM pg_attribute WHERE attrelid = m.oid AND attname IN ('key', 'value')) = 2
        FROM pg_namespace n LEFT JOIN pg_class m ON m.relnamespace = n.oid AND m.relname = 'meta' WHERE n.nspname = $1
    """
    look = psycopg.RawCursor(connection)
    found = look.execute(query, (store.schema,)).fetchone()
    if found is None:
        return None
    role, enters, full, has_meta, reads_meta, fits = found
    if not enters or reads_meta is False:
        raise Refused(
            f"{place}: the role {role} may not look at the {store.kind.name}; its owner lets it in with: "
            f'GRANT {MEMBERS} TO "{role}"'
        )
    if not full:
        return None
    if not has_meta or not fits:
        raise _foreign(store, place)
    meta: dict[str, str] = dict(look.execute(f"SELECT key, value FROM {store.schema}.meta").fetchall())  # noqa: S608 - a constant
    if meta.get("store") != store.kind.name or not str(meta.get("schema", "")).isdecimal():
        raise _foreign(store, place)
    number = int(meta["schema"])
    if number > store.kind.schema:
        raise JournalTooNew(
            f"{place} was written by a newer breachkit (schema {number}; this one knows {store.kind.schema}). "
            "It was not touched: upgrade breachkit, then open it again"
        )
    return number


def _foreign(store: Store, place: str) -> UsageError:
    return UsageError(
        f"{place} has a schema {store.schema} that is no breachkit {store.kind.name}; nothing was changed in it. "
        "Name another database"
    )


def missing_protection(connection: Connection, store: Store) -> tuple[list[str], bool]:
    """What its owner should hear of guards that are gone and of rights that nobody should have.

    Beside it, whether this role owns the schema and members - there is a role for them - may not look into it yet.
    """
    query = """
        SELECT 'trigger', t.tgname::text, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND t.tgenabled = 'A' AND NOT t.tgisinternal
        UNION ALL
        SELECT 'right', c.relname::text || ' ' || a.privilege_type,
            CASE a.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(a.grantee)::text END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE n.nspname = $1 AND c.relname = ANY ($2::text[]) AND a.grantee <> c.relowner
        UNION ALL
        SELECT 'admit', '', '' FROM pg_namespace n, pg_roles r WHERE n.nspname = $1 AND r.rolname = $3
            AND pg_has_role(n.nspowner, 'USAGE') AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
    """
    rows = connection.execute(query, (store.schema, list(store.kept), MEMBERS)).fetchall()
    said = []
    if gone := sorted(store.guards - {name for what, name, _ in rows if what == "trigger"}):
        said.append(
            f"somebody removed this database's own protection ({', '.join(gone)}); "
            "run `breachkit journal verify` and compare the heads with those you noted elsewhere"
        )
    rights = sorted(f"{right} by {who}" for what, right, who in rows if what == "right" and right.split()[1] in _CHANGING)
    if store is JOURNAL_STORE and rights:
        said.append(f"somebody granted what nobody should have ({', '.join(rights)}); its owner takes it back with REVOKE")
    return said, any(what == "admit" for what, _, _ in rows)


@contextmanager
def migration(connection: psycopg.Connection[Any], store: Store) -> Iterator[Callable[[str], None]]:
    """Hold the writers' lock and hand out a function that runs the revisions up to one of them. All of it stays, or none.

    The connection is SQLAlchemy's afterwards: close it.
    """
    import sqlalchemy
    from sqlalchemy.pool import StaticPool

    from breachkit.storage.upgrade import revise

    def run(revision: str) -> None:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {store.schema}")
        number = revise(bound, store.kind.revisions, revision)
        put = "INSERT INTO meta (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        for key, value in (("schema", str(number)), ("store", store.kind.name)):
            connection.execute(put, (key, value))

    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with engine.connect() as bound:
            connection.rollback()
            connection.execute(store.begin_alone, prepare=False)
            with bound.begin():
                yield run
    except sqlalchemy.exc.DBAPIError as error:
        raise error.orig or error from error


def bring_up(connection: psycopg.Connection[Any], store: Store, place: str) -> list[str]:
    """Make or upgrade the schema, once however many do it at a time, and let members in. Returns what to tell its owner."""
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise UsageError(f"{place} keeps its text in another encoding than UTF8; make a database with ENCODING 'UTF8'")
    with migration(connection, store) as run:
        before = schema_number(connection, store, place)
        if before == store.kind.schema:
            return []  # somebody else did it while this one waited for the lock
        run("head")
        for table, trigger in connection.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal",
            (store.schema,),
        ).fetchall():
            connection.execute(f'ALTER TABLE {store.schema}."{table}" ENABLE ALWAYS TRIGGER "{trigger}"')
        said = admit_members(connection, store)
    if before is not None:
        said.append(f"{place} was upgraded from schema {before} to {store.kind.schema}")
    return said


def admit_members(connection: psycopg.Connection[Any], store: Store) -> list[str]:
    """Grant the role for members what they need; made when it is not there and this role may. Part of a transaction."""
    connection.execute(
        f"DO $$ BEGIN CREATE ROLE {MEMBERS} NOLOGIN; "
        "EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL; END $$"
    )
    if connection.execute(f"SELECT to_regrole('{MEMBERS}')").fetchone() == (None,):
        return [
            f"only your own role can use this {store.kind.name}. To let others in, an administrator runs "
            f"CREATE ROLE {MEMBERS}; then run `breachkit init` with this database again"
        ]
    for right in (
        f"GRANT USAGE ON SCHEMA {store.schema}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {store.schema}",
        *store.rights,
    ):
        connection.execute(f"{right} TO {MEMBERS}")
    connection.execute(f"REVOKE INSERT, UPDATE, DELETE ON {store.schema}.meta, {store.schema}.alembic_version FROM {MEMBERS}")
    if store is VAULT_STORE:  # a secret of the vault's own is put there by whoever is first
        connection.execute(f"GRANT INSERT ON {store.schema}.meta TO {MEMBERS}")
    return []


def refuse_old_server(connection: Connection, place: str) -> None:
    """UsageError for a server too old for what the journal asks of it."""
    if connection.info.server_version < OLDEST_SERVER:
        raise UsageError(f"{place} is on a server older than PostgreSQL {OLDEST_SERVER // 10_000}; a newer one is needed")
