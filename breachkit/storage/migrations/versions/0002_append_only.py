"""The database itself refuses update, delete, replace and gaps.

Revision ID: 0002
Revises: 0001

A BEFORE INSERT trigger also stops INSERT OR REPLACE, whose hidden delete fires no delete trigger unless
recursive_triggers is on - a setting of each connection, so another tool would not have it.

On PostgreSQL the trigger of an insert also takes the writers' lock, so that whoever inserts stands in line, and says whose
role it is, whatever the client says. Its functions name what they use in full: nobody's search_path leads them elsewhere.
The runner makes all triggers fire ALWAYS, so that session_replication_role does not turn them off.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER entry_in_order BEFORE INSERT ON entry
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry WHERE incident = NEW.incident)
    BEGIN SELECT RAISE(ABORT, 'the journal only grows by its next entry; nothing is replaced or skipped'); END
    """,
    """
    CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'an entry is never changed; record a correction as a new entry'); END
    """,
    """
    CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'an entry is never deleted; record a correction as a new entry'); END
    """,
    """
    CREATE TRIGGER law_pack_no_replace BEFORE INSERT ON law_pack
    WHEN EXISTS (SELECT 1 FROM law_pack WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(ABORT, 'a law pack is kept once and never replaced'); END
    """,
    """
    CREATE TRIGGER law_pack_no_update BEFORE UPDATE ON law_pack
    BEGIN SELECT RAISE(ABORT, 'a law pack is never changed; past answers rest on it'); END
    """,
    """
    CREATE TRIGGER law_pack_no_delete BEFORE DELETE ON law_pack
    BEGIN SELECT RAISE(ABORT, 'a law pack is never deleted; past answers rest on it'); END
    """,
)

INSERTED = (
    """
    CREATE FUNCTION breachkit.entry_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF pg_catalog.pg_advisory_xact_lock(1651665713) IS NULL OR NEW.seq IS NULL OR NEW.seq OPERATOR(pg_catalog.<>) (
            SELECT coalesce(pg_catalog.max(seq), 0) OPERATOR(pg_catalog.+) 1 FROM breachkit.entry
            WHERE incident OPERATOR(pg_catalog.=) NEW.incident
        ) THEN
            RAISE integrity_constraint_violation USING
                MESSAGE = 'the journal only grows by its next entry; nothing is replaced or skipped';
        END IF;
        NEW.written_by = session_user;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER entry_in_order BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION breachkit.entry_in_order()",
    """
    CREATE FUNCTION breachkit.law_pack_no_replace() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM breachkit.law_pack WHERE sha256 OPERATOR(pg_catalog.=) NEW.sha256) THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'a law pack is kept once and never replaced';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER law_pack_no_replace BEFORE INSERT ON law_pack "
    "FOR EACH ROW EXECUTE FUNCTION breachkit.law_pack_no_replace()",
)
REFUSED = (
    ("entry", "update", "an entry is never changed; record a correction as a new entry"),
    ("entry", "delete", "an entry is never deleted; record a correction as a new entry"),
    ("entry", "truncate", "an entry is never deleted; record a correction as a new entry"),
    ("law_pack", "update", "a law pack is never changed; past answers rest on it"),
    ("law_pack", "delete", "a law pack is never deleted; past answers rest on it"),
    ("law_pack", "truncate", "a law pack is never deleted; past answers rest on it"),
)


def upgrade() -> None:
    first = sa.text("seq = 1")
    op.create_index("entry_opened", "entry", ["incident"], sqlite_where=first, postgresql_where=first)
    for trigger in on_postgresql() if op.get_bind().dialect.name == "postgresql" else TRIGGERS:
        op.execute(trigger)


def on_postgresql() -> Iterator[str]:
    """The statements that make the triggers there: those that refuse at once fire per statement, for no row too."""
    yield from INSERTED
    for table, verb, why in REFUSED:
        name = f"{table}_no_{verb}"
        yield (
            f"CREATE FUNCTION breachkit.{name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{why}'; END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION breachkit.{name}()"
