"""The hash chain of stored rows, checked fast. What counts as a break, and its words, are `domain.journal`'s."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import get_args

from breachkit.domain.journal import GENESIS, Break, Track, first_break
from breachkit.storage.database import Database, Dialect

_ENDS = frozenset(f'{track}"}}'.encode() for track in get_args(Track))
_ROWS = "SELECT incident, seq, CAST(content AS BLOB), hash FROM entry WHERE incident = ? ORDER BY seq"
_ALL = "SELECT incident, seq, CAST(content AS BLOB), hash, kind, recorded_at FROM entry ORDER BY incident, seq"
_ONE = _ALL.replace("ORDER BY", "WHERE incident = ? ORDER BY")


def first_break_stored(database: Database, incident: str | None = None) -> Break | None:
    """The first row that does not verify, of one incident or of all.

    Canonical keys are sorted, so content ends with incident, kind, previous, recorded_at, seq and track: comparing
    that end proves the link, and that the columns beside the content agree with it, without parsing (a quote inside a
    text is escaped, so no text can imitate it). A row that is not proven this way is judged by `first_break`. Bytes with
    the right hash and the right end that are no JSON in between pass here; `entries` refuses them.
    """
    sha256, begins = hashlib.sha256, b',"incident":'
    current, name, expected, previous = None, "", 1, GENESIS
    query = _for(database.dialect, _ALL if incident is None else _ONE)
    rows = database.stream(query, () if incident is None else (incident,))
    for row_incident, seq, content, digest, kind, recorded_at in rows:
        if row_incident != current:
            current, name, expected, previous = row_incident, _quoted(row_incident), 1, GENESIS
        end = (
            f',"incident":{name},"kind":{_quoted(kind)},"previous":"{previous}",'
            f'"recorded_at":"{recorded_at}","seq":{expected},"track":"'
        ).encode()
        at = content.rfind(begins)
        if not (
            seq == expected
            and sha256(content).hexdigest() == digest
            and content.startswith(end, at)
            and content[at + len(end) :] in _ENDS
            and (content.isascii() or _is_utf8(content))
        ):
            return first_break(database.rows(_for(database.dialect, _ROWS), (row_incident,))) or Break(
                row_incident, seq, "the columns beside its content disagree with what was hashed: they were changed"
            )
        expected, previous = expected + 1, digest
    return None


def _for(dialect: Dialect, query: str) -> str:
    """PostgreSQL's content is bytes whoever wrote it; SQLite's may be text that an edit left there."""
    return query if dialect == "sqlite" else query.replace("CAST(content AS BLOB)", "content")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@cache
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
