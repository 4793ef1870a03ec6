"""The tables of the vault: what is erasable on one side, what stays as proof on the other.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_STAYS = {
    "event_no_update": ("UPDATE", "event", "what happened to an envelope is never changed"),
    "event_no_delete": ("DELETE", "event", "what happened to an envelope is never deleted"),
    "envelope_no_delete": ("DELETE", "envelope", "an envelope is never deleted; who it is for can be erased"),
    "dispatch_no_delete": ("DELETE", "dispatch", "a dispatch is never deleted"),
}


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "dispatch",
        sa.Column("n", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "envelope",
        sa.Column("n", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("dispatch", _NUMBER, sa.ForeignKey("dispatch.n"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=True),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.create_index("envelope_of", "envelope", ["dispatch", "status"])
    waiting = sa.text("status = 'queued'")
    op.create_index("envelope_waiting", "envelope", ["dispatch", "n"], sqlite_where=waiting, postgresql_where=waiting)
    going = sa.text("status = 'sending'")
    op.create_index("envelope_going", "envelope", ["sender"], sqlite_where=going, postgresql_where=going)
    op.create_table(
        "event",
        sa.Column("n", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("envelope", _NUMBER, sa.ForeignKey("envelope.n"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("code", sa.Integer, nullable=True),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("server", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
    )
    op.create_index("event_of", "event", ["envelope"])
    op.create_table(
        "person",
        sa.Column("envelope", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("opted_out", sa.Integer, nullable=False),
    )
    op.create_table(
        "letter",
        sa.Column("envelope", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("message", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "attachment",
        sa.Column("incident", sa.Text, primary_key=True, nullable=False),
        sa.Column("sha256", sa.Text, primary_key=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("added_at", sa.Text, nullable=False),
    )
    op.create_table(
        "attachment_part",
        sa.Column("incident", sa.Text, primary_key=True, nullable=False),
        sa.Column("sha256", sa.Text, primary_key=True, nullable=False),
        sa.Column("part", sa.Integer, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "sender",
        sa.Column("id", sa.Text, primary_key=True, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("seen", _NUMBER, nullable=False),
        sa.Column("ended", sa.Integer, nullable=False),
    )
    for name, (what, table, why) in _STAYS.items():
        for statement in _guard(name, what, table, why):
            op.execute(statement)


def _guard(name: str, what: str, table: str, why: str) -> tuple[str, ...]:
    """The trigger that makes the database itself refuse; PostgreSQL's TRUNCATE beside DELETE."""
    if op.get_bind().dialect.name == "sqlite":
        return (f"CREATE TRIGGER {name} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{why}'); END",)
    function = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{why}'; END $$",
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
    if what != "DELETE":
        return function
    truncated = f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    return (*function, truncated)
