"""The bytes an entry is hashed over, and what the chain shows when somebody meddles with it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.journal import GENESIS, Draft, Entry, canonical, first_break, seal, unseal
from tests import strategies

Row = tuple[str, int, bytes, str]


def rows(entries: list[Entry]) -> list[Row]:
    found = []
    for entry in entries:
        draft = Draft(entry.kind, entry.body, entry.track)
        again, content = seal(
            draft,
            incident=entry.incident,
            seq=entry.seq,
            previous=entry.previous,
            actor=entry.actor,
            recorded_at=entry.recorded_at,
        )
        assert again == entry
        found.append((entry.incident, entry.seq, content, entry.hash))
    return found


def five(incident: str = "INC-1", first: str = "first") -> list[Row]:
    texts = (first, "second", "third", "fourth", "fifth")
    return rows(strategies.sealed([Draft("note.added", {"text": text}) for text in texts], incident))


@given(strategies.documents)
def test_the_canonical_bytes_are_those_of_rfc_8785(document: Any) -> None:
    assert canonical(document) == rfc8785.dumps(document)


@given(strategies.documents)
def test_the_canonical_bytes_say_the_same_as_the_document(document: Any) -> None:
    assert json.loads(canonical(document)) == document


@pytest.mark.parametrize("document", [1.5, [0.0], {"a": {"b": [1, 2.0]}}, float("nan"), (1.0,)])
def test_a_float_is_refused_wherever_it_stands(document: Any) -> None:
    with pytest.raises(TypeError, match="a float has no canonical form; record it as text"):
        canonical(document)


@pytest.mark.parametrize("document", [{"é": 1}, [{"a": {"ключ": 1}}], {"\ue000": 1, "\U0001f600": 2}, {1: "one"}])
def test_a_key_that_is_not_ascii_text_is_refused_wherever_it_stands(document: Any) -> None:
    with pytest.raises(ValueError, match="must be ASCII text"):
        canonical(document)


def test_a_moment_is_sealed_in_utc_to_the_microsecond() -> None:
    local = datetime(2026, 11, 20, 22, 15, tzinfo=timezone(timedelta(hours=1)))
    entry, content = seal(Draft("note.added", {}), incident="INC-1", seq=1, previous=GENESIS, actor="ana", recorded_at=local)
    assert json.loads(content)["recorded_at"] == "2026-11-20T21:15:00.000000+00:00"
    assert entry.recorded_at == local
    assert entry.hash == hashlib.sha256(content).hexdigest()


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a zone"):
        seal(
            Draft("note.added", {}),
            incident="INC-1",
            seq=1,
            previous=GENESIS,
            actor="ana",
            recorded_at=datetime(2026, 11, 20, 22, 15),  # noqa: DTZ001 - without a zone on purpose
        )


@given(strategies.journals())
def test_every_entry_comes_back_from_its_bytes(entries: list[Entry]) -> None:
    assert [unseal(content, digest) for _, _, content, digest in rows(entries)] == entries


@given(strategies.journals())
def test_a_journal_as_written_holds(entries: list[Entry]) -> None:
    assert first_break(rows(entries)) is None


def test_several_incidents_and_none_hold() -> None:
    assert first_break([]) is None
    assert first_break([*five(), *five("INC-2")]) is None


def resealed(row: Row, **changes: Any) -> Row:
    """The row with other content and a hash that fits: what somebody who knows the scheme would write."""
    content = canonical({**json.loads(row[2]), **changes})
    return row[0], row[1], content, hashlib.sha256(content).hexdigest()


def edited(row: Row) -> Row:
    return row[0], row[1], row[2].replace(b"third", b"THIRD"), row[3]


@pytest.mark.parametrize(
    ("meddled", "seq", "why"),
    [
        (lambda r: [*r[:2], edited(r[2]), *r[3:]], 3, "was changed after it was written"),
        (lambda r: [*r[:2], resealed(r[2], body={"text": "other"}), *r[3:]], 4, "does not link to the entry before it"),
        (lambda r: [*r[:2], *r[3:]], 3, "entry 3 is missing; the next one found is 4"),
        (lambda r: r[1:], 1, "entry 1 is missing"),
        (lambda r: [r[0], r[2], r[1], *r[3:]], 2, "entry 2 is missing"),
        (lambda r: [r[0], (r[2][0], 2, *r[2][2:]), (r[1][0], 3, *r[1][2:]), *r[3:]], 2, "replaced, moved or removed"),
        (lambda r: [*r[:2], (r[2][0], 3, *five("INC-2")[2][2:]), *r[3:]], 3, "replaced, moved or removed"),
        (lambda r: [*r[:2], (r[2][0], 3, *five(first="other")[2][2:]), *r[3:]], 3, "replaced, moved or removed"),
        (lambda r: [*r[:2], resealed(r[2], seq=2), *r[3:]], 3, "replaced, moved or removed"),
        (lambda r: [*r[:2], (r[2][0], 3, b"{", hashlib.sha256(b"{").hexdigest()), *r[3:]], 3, "cannot be read"),
        (lambda r: [*r[:2], (r[2][0], 3, b"[]", hashlib.sha256(b"[]").hexdigest()), *r[3:]], 3, "cannot be read"),
        (lambda r: [*r, r[4]], 6, "entry 6 is missing; the next one found is 5"),
    ],
)  # fmt: skip
def test_the_first_entry_that_does_not_hold_is_named(meddled: Any, seq: int, why: str) -> None:
    found = first_break(meddled(five()))
    assert found is not None
    assert (found.incident, found.seq) == ("INC-1", seq)
    assert why in found.why


def test_a_break_in_a_later_incident_is_found_too() -> None:
    second = five("INC-2")
    found = first_break([*five(), *second[:2], edited(second[2]), *second[3:]])
    assert found is not None
    assert (found.incident, found.seq) == ("INC-2", 3)


@given(strategies.journals(least=2), st.data())
def test_taking_any_entry_but_the_last_away_shows(entries: list[Entry], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(entries) - 2))
    found = first_break([row for index, row in enumerate(rows(entries)) if index != gone])
    assert found is not None
    assert found.seq == gone + 1


@given(strategies.journals(), st.data())
def test_changing_any_byte_shows(entries: list[Entry], data: st.DataObject) -> None:
    kept = rows(entries)
    index = data.draw(st.integers(0, len(kept) - 1))
    incident, seq, content, digest = kept[index]
    place = data.draw(st.integers(0, len(content) - 1))
    kept[index] = (incident, seq, content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], digest)
    found = first_break(kept)
    assert found is not None
    assert found.seq == seq
