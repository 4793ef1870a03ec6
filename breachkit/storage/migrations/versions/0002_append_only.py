"""The database itself refuses update, delete, replace and gaps.

Revision ID: 0002
Revises: 0001

A BEFORE INSERT trigger also stops INSERT OR REPLACE, whose hidden delete fires no delete trigger unless
recursive_triggers is on - a setting of each connection, so another tool would not have it.
"""

from __future__ import annotations

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


def upgrade() -> None:
    op.create_index("entry_opened", "entry", ["incident"], sqlite_where=sa.text("seq = 1"))
    for trigger in TRIGGERS:
        op.execute(trigger)
