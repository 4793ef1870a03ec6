"""The shape of the database, as SQLModel tables. Only migrations and tests import this: commands use plain SQL.

The triggers are not part of a model; they are in `migrations/versions/0002_append_only.py`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, MetaData, Text, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class JournalTable(SQLModel, registry=registry()):
    """The base of the journal's tables; their metadata holds no other table."""


class EntryRow(JournalTable, table=True):
    """One line of a journal. Without a rowid, so that there is no second key to replace it by."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("typeof(content) = 'blob'", name="entry_content_is_bytes"),
        CheckConstraint("length(hash) = 64", name="entry_hash_is_sha256"),
        Index("entry_opened", "incident", sqlite_where=text("seq = 1")),
        {"sqlite_with_rowid": False},
    )

    incident: str = Field(sa_column=Column(Text, primary_key=True, nullable=False))
    seq: int = Field(sa_column=Column(Integer, primary_key=True, nullable=False, autoincrement=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The exact bytes that were hashed. All that is read back comes from here."""
    hash: str = Field(sa_column=Column(Text, nullable=False))
    recorded_at: str = Field(sa_column=Column(Text, nullable=False))
    """A copy for people who look with another tool, like `kind`; `verify` says when it disagrees with the content."""
    kind: str = Field(sa_column=Column(Text, nullable=False))


class LawPackRow(JournalTable, table=True):
    """One compiled law pack, kept once per hash so that any past answer can be replayed."""

    __tablename__ = "law_pack"
    __table_args__ = (
        CheckConstraint("typeof(content) = 'blob'", name="law_pack_content_is_bytes"),
        {"sqlite_with_rowid": False},
    )

    sha256: str = Field(sa_column=Column(Text, primary_key=True, nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    stored_at: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """None when the caller did not say."""


class MetaRow(JournalTable, table=True):
    """What is true of the whole file: `schema`, the number that PRAGMA user_version holds too."""

    __tablename__ = "meta"

    key: str = Field(sa_column=Column(Text, primary_key=True, nullable=False))
    value: str = Field(sa_column=Column(Text, nullable=False))


METADATA: MetaData = JournalTable.metadata
