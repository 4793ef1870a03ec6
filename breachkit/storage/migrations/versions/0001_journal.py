"""The tables of the journal.

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


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        on_postgresql()
    else:
        on_sqlite()


def on_sqlite() -> None:
    op.create_table(
        "entry",
        sa.Column("incident", sa.Text, primary_key=True, nullable=False),
        sa.Column("seq", sa.Integer, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.CheckConstraint("typeof(content) = 'blob'", name="entry_content_is_bytes"),
        sa.CheckConstraint("length(hash) = 64", name="entry_hash_is_sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "law_pack",
        sa.Column("sha256", sa.Text, primary_key=True, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", sa.Text, nullable=True),
        sa.CheckConstraint("typeof(content) = 'blob'", name="law_pack_content_is_bytes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )


def on_postgresql() -> None:
    """The same columns, compared byte by byte as SQLite does; and each entry's place among all, and whose role wrote it."""
    text = sa.Text(collation="C")
    op.create_table(
        "entry",
        sa.Column("incident", text, primary_key=True, nullable=False),
        sa.Column("seq", sa.Integer, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("hash", text, nullable=False),
        sa.Column("recorded_at", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("n", sa.BigInteger, sa.Identity(always=True), nullable=False, unique=True),
        sa.Column("written_by", text, nullable=False),
        sa.CheckConstraint("length(hash) = 64", name="entry_hash_is_sha256"),
    )
    op.create_table(
        "law_pack",
        sa.Column("sha256", text, primary_key=True, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", text, nullable=True),
    )
    op.create_table(
        "meta",
        sa.Column("key", text, primary_key=True, nullable=False),
        sa.Column("value", text, nullable=False),
    )
