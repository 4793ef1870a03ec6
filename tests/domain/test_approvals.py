"""Who approved the very same notice: each person once, and where roles are known each under another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from breachkit.domain.approvals import Approval, approvals, approvers
from breachkit.domain.journal import Entry

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def approved(*by: str, snapshot: str = "s") -> list[Entry]:
    body = {
        "duty": "eu.gdpr.34", "language": "en", "snapshot": snapshot, "facts": "f", "template": "t", "law_pack": "l",
        "at": NOON.isoformat(),
    }  # fmt: skip
    return [
        Entry("INC-1", seq, "notice.approved", {**body, "by": name}, "factual", name, NOON, "", "")
        for seq, name in enumerate(by, 1)
    ]


def names(entries: list[Entry], roles: Mapping[int, str] | None = None) -> list[str]:
    last: Approval = list(approvals(entries))[-1]
    return [one.by for one in approvers(entries, last, roles=roles)]


def test_a_person_counts_once_however_the_name_is_written() -> None:
    assert names(approved("Ana Example", "ana  EXAMPLE")) == ["Ana Example"]
    assert names(approved("Ana Example", "Ben Example", "Ana Example")) == ["Ana Example", "Ben Example"]


def test_another_snapshot_is_another_notice() -> None:
    assert names([*approved("Ana", "Ben", snapshot="old")[:1], *approved("-", "Ben")[1:]]) == ["Ben"]


@pytest.mark.parametrize(
    ("by", "roles", "found"),
    [
        (["Ana", "Ben"], {1: "ana", 2: "ana"}, 1),
        (["Ana", "Ben", "Ben"], {1: "ana", 2: "ana", 3: "ben"}, 2),
        (["Ana", "Ana", "Ben"], {1: "ana", 2: "ben", 3: "ana"}, 2),
        (["Ana", "Ana", "Ben", "Cy"], {1: "ana", 2: "ben", 3: "ana", 4: "ben"}, 2),
        (["Ana", "Ben", "Cy"], {1: "ana", 2: "ben", 3: "cy"}, 3),
        (["Ana", "Ana", "Ana"], {1: "ana", 2: "ben", 3: "cy"}, 1),
    ],
)
def test_where_roles_are_known_each_person_needs_one_of_their_own(by: list[str], roles: dict[int, str], found: int) -> None:
    got = approvers(approved(*by), list(approvals(approved(*by)))[-1], roles=roles)
    assert len(got) == found
    assert len({one.by for one in got}) == found
    assert len({roles[one.seq] for one in got}) == found
