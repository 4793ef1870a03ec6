"""Attachments by parts, on each kind of database: kept whole or not at all, and told when they are not what was kept."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from breachkit.errors import JournalDamaged, Refused, UnknownName
from breachkit.storage.attachments import add, attachments, content
from breachkit.storage.vault import Vault
from breachkit.storage.vault_erasing import erase_people

from .vaults import NOON, Held

BIG = bytes(range(256)) * (5 * 4096) + b"the end"


def keep(vault: Vault, what: bytes, name: str = "log.bin", incident: str = "INC-1", at: str = NOON) -> Any:
    return add(vault, incident, name, io.BytesIO(what), at=at)


def test_a_large_file_comes_back_byte_for_byte_in_parts(held: Held) -> None:
    with held.open() as vault:
        one, new = keep(vault, BIG)
        assert new
        assert (one.size, one.sha256) == (len(BIG), hashlib.sha256(BIG).hexdigest())
    with held.open(read_only=True) as vault:
        parts = list(content(vault, "INC-1", one.sha256))
        assert len(parts) == 6
        assert max(map(len, parts)) <= 1 << 20
        assert b"".join(parts) == BIG


def test_the_same_bytes_are_kept_once_for_each_incident_whatever_they_are_called(held: Held) -> None:
    with held.open() as vault:
        first, _ = keep(vault, b"x" * 10, "a.txt")
        again, new = keep(vault, b"x" * 10, "b.txt")
        assert (again.sha256, new) == (first.sha256, False)
        assert keep(vault, b"x" * 10, incident="INC-2")[1]
        keep(vault, b"", "empty.txt", at="2026-11-21T12:00:01.000+00:00")
        assert [(one.name, one.size) for one in attachments(vault, "INC-1")] == [("a.txt", 10), ("empty.txt", 0)]
        assert list(content(vault, "INC-1", hashlib.sha256(b"").hexdigest())) == []


class Written(io.BytesIO):
    """A file that somebody writes to while it is read the second time."""

    def seek(self, where: int, whence: int = 0) -> int:
        super().write(b"more")
        return super().seek(where, whence)


def test_a_file_that_changes_while_it_is_read_is_not_kept(held: Held) -> None:
    with held.open() as vault:
        with pytest.raises(Refused, match=r"log\.bin changed while it was read, and nothing was kept"):
            add(vault, "INC-1", "log.bin", Written(BIG), at=NOON)
        assert attachments(vault, "INC-1") == []
        assert vault.database.rows("SELECT count(*) FROM attachment_part")[0][0] == 0


def test_bytes_that_are_not_what_was_kept_are_told(held: Held) -> None:
    with held.open() as vault:
        one, _ = keep(vault, BIG)
        vault.database.run("UPDATE attachment_part SET content = ? WHERE part = 3", (b"something else",))
        with pytest.raises(JournalDamaged, match=f"the attachment {one.sha256} is not what was kept"):
            list(content(vault, "INC-1", one.sha256))


def test_one_that_was_erased_or_never_there_is_unknown(held: Held) -> None:
    with held.open() as vault:
        one, _ = keep(vault, b"x")
        keep(vault, b"x", incident="INC-2")
        wrong = one.sha256[:-1] + ("0" if one.sha256[-1] != "0" else "1")
        with pytest.raises(UnknownName, match=f"did you mean '{one.sha256}'"):
            list(content(vault, "INC-1", wrong))
        assert erase_people(vault, "INC-1", at=NOON, actor="ana") == {"envelopes": 0, "letters": 0, "attachments": 1}
        with pytest.raises(UnknownName, match="unknown attachment"):
            list(content(vault, "INC-1", one.sha256))
        assert list(content(vault, "INC-2", one.sha256)) == [b"x"]
