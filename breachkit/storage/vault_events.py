"""How something that happened to an envelope is written down: a row that is never changed."""

from __future__ import annotations

from typing import Final

EVENT: Final = 'INSERT INTO event (envelope, at, status, "by", code, reply, server, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
