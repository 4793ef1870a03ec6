"""What a caller of the journal sees: appending, reading, heads, time, conflicts."""

from __future__ import annotations

import hashlib
import threading
from contextlib import closing
from pathlib import Path

import pytest

from breachkit.domain.journal import GENESIS, Draft
from breachkit.errors import JournalConflict, Refused, UsageError
from breachkit.storage.journal import Journal

from .house import NIGHT, fact, fill, minute, opened
from .stores import Store


def test_what_was_appended_is_read_back_equal(journal: Journal) -> None:
    drafts = [opened("Über – 漏洩"), fact(), Draft("note.added", {"text": 'a "quoted"\nline'}, "privileged")]
    incident, written = journal.new_incident(drafts, actor="ana", recorded_at=NIGHT)
    assert journal.entries(incident) == written
    assert [entry.seq for entry in written] == [1, 2, 3]
    assert written[0].previous == GENESIS
    assert written[2].previous == written[1].hash
    assert journal.head(incident) == (3, written[2].hash)
    assert journal.verify() is None


def test_a_new_incident_gets_the_next_number(journal: Journal) -> None:
    ids = [journal.new_incident([opened()], actor="ana", recorded_at=NIGHT)[0] for _ in range(12)]
    assert ids == [f"INC-{number}" for number in range(1, 13)]
    assert journal.incidents() == ids


def test_incidents_are_listed_in_the_order_they_were_opened_even_when_the_clock_was_set_back(journal: Journal) -> None:
    journal.append("drill", [opened()], expected=0, actor="ana", recorded_at=minute(-9))
    for number in (3, 2, 1):
        journal.new_incident([opened()], actor="ana", recorded_at=minute(number))
    assert journal.incidents() == ["INC-1", "INC-2", "INC-3", "drill"]


def test_an_incident_without_entries_has_the_genesis_head(journal: Journal) -> None:
    assert journal.head("INC-9") == (0, GENESIS)
    assert journal.entries("INC-9") == []
    assert journal.heads() == {}


def test_an_incident_cannot_be_opened_empty(journal: Journal) -> None:
    with pytest.raises(ValueError, match="first entry"):
        journal.new_incident([], actor="ana", recorded_at=NIGHT)


def test_appending_after_an_entry_that_is_no_longer_the_last_is_a_conflict_and_writes_nothing(journal: Journal) -> None:
    fill(journal, 3)
    before = journal.entries("INC-1")
    with pytest.raises(JournalConflict, match="somebody else recorded 2 entries") as caught:
        journal.append("INC-1", [fact()], expected=1, actor="ben", recorded_at=minute(5))
    assert (caught.value.expected, caught.value.actual) == (1, 3)
    assert journal.entries("INC-1") == before


def test_one_bad_draft_keeps_the_whole_batch_out(journal: Journal) -> None:
    fill(journal, 2)
    with pytest.raises(TypeError, match="float"):
        journal.append(
            "INC-1",
            [fact(), Draft("fact.recorded", {"value": 1.5})],
            expected=2,
            actor="ana",
            recorded_at=NIGHT,  # type: ignore[dict-item]
        )
    assert journal.head("INC-1")[0] == 2
    journal.append("INC-1", [fact()], expected=2, actor="ana", recorded_at=NIGHT)


def test_a_time_without_zone_is_refused(journal: Journal) -> None:
    with pytest.raises(TypeError, match="zone"):
        journal.new_incident([opened()], actor="ana", recorded_at=NIGHT.replace(tzinfo=None))


def test_reading_up_to_a_number_gives_the_beginning(journal: Journal) -> None:
    fill(journal, 5)
    assert [entry.seq for entry in journal.entries("INC-1", upto_seq=3)] == [1, 2, 3]


def test_reading_as_of_an_instant_gives_what_was_recorded_by_then(journal: Journal) -> None:
    for number in range(4):
        journal.append("INC-1", [fact()], expected=number, actor="ana", recorded_at=minute(number))
    assert [entry.seq for entry in journal.entries("INC-1", as_of=minute(2))] == [1, 2, 3]
    assert journal.entries("INC-1", as_of=minute(-1)) == []
    assert len(journal.entries("INC-1", as_of=minute(2), upto_seq=2)) == 2


def test_a_clock_set_back_is_kept_as_told_and_leaves_no_gap_in_what_was_known(journal: Journal) -> None:
    for number, when in enumerate((0, 60, 10, 20)):
        journal.append("INC-1", [fact()], expected=number, actor="ana", recorded_at=minute(when))
    assert [entry.recorded_at for entry in journal.entries("INC-1")] == [minute(when) for when in (0, 60, 10, 20)]
    assert [entry.seq for entry in journal.entries("INC-1", as_of=minute(15))] == [1, 2, 3]
    assert journal.verify() is None


def test_a_head_noted_elsewhere_shows_that_the_end_was_cut_off(journal: Journal) -> None:
    fill(journal, 4)
    noted = journal.head("INC-1")
    assert journal.holds("INC-1", *noted)
    journal.append("INC-1", [fact()], expected=4, actor="ana", recorded_at=NIGHT)
    assert journal.holds("INC-1", *noted)
    assert not journal.holds("INC-1", 6, noted[1])
    assert not journal.holds("INC-1", 4, "0" * 64)


def test_a_change_by_anybody_is_seen_by_everybody(store: Store) -> None:
    with store.open() as ours, store.open() as theirs:
        tokens = ours.token(), theirs.token()
        assert not ours.changed_since(tokens[0])
        fill(theirs, 2)
        assert ours.changed_since(tokens[0])
        assert theirs.changed_since(tokens[1])
        token = ours.token()
        assert ours.entries("INC-1")
        assert not ours.changed_since(token)


def test_a_law_pack_is_kept_once_under_its_hash(journal: Journal) -> None:
    pack = b"laws and calendars"
    name = hashlib.sha256(pack).hexdigest()
    assert journal.law_pack(name) is None
    journal.store_law_pack(name, pack, stored_at=NIGHT)
    journal.store_law_pack(name, pack)
    assert journal.law_pack(name) == pack


def test_a_law_pack_under_a_wrong_hash_is_refused(journal: Journal) -> None:
    with pytest.raises(Refused, match="does not match its hash"):
        journal.store_law_pack("0" * 64, b"other")


def test_a_journal_opened_for_reading_refuses_to_record(store: Store) -> None:
    store.fill(2)
    before = store.look("SELECT * FROM entry")
    with store.open(read_only=True) as reader:
        assert len(reader.entries("INC-1")) == 2
        assert reader.verify() is None
        with pytest.raises(Refused, match="opened for reading"):
            reader.append("INC-1", [fact()], expected=2, actor="ana", recorded_at=NIGHT)
        with pytest.raises(Refused):
            reader._db.run("INSERT INTO law_pack (sha256, content) VALUES ('x', ?)", (b"x",))
    assert store.look("SELECT * FROM entry") == before


def test_reading_a_file_changes_no_byte_of_it(path: Path) -> None:
    with Journal.open(path) as journal:
        fill(journal, 2)
    before = path.read_bytes()
    with Journal.open(path, read_only=True) as reader:
        assert len(reader.entries("INC-1")) == 2
    assert path.read_bytes() == before


def test_names_are_ordered_and_told_apart_byte_by_byte(journal: Journal) -> None:
    names = ["INC-1", "INC-10", "INC-2", "Zeta", "\u00c4", "alpha", "inc-1", "\U0001f600"]
    for name in names[::-1]:
        journal.append(name, [opened(name)], expected=0, actor="ana", recorded_at=NIGHT)
    stored = [row[0] for row in journal._db.rows("SELECT incident FROM entry ORDER BY incident")]
    assert stored == sorted(names, key=str.encode)
    assert journal.incidents()[:3] == ["INC-1", "INC-2", "INC-10"]
    assert journal.verify() is None


def test_a_text_may_hold_a_zero_byte_and_a_name_may_not(journal: Journal) -> None:
    incident, written = journal.new_incident([opened("a\0b")], actor="a\0na", recorded_at=NIGHT)
    assert journal.entries(incident) == written
    assert written[0].body["title"] == "a\0b"
    with pytest.raises(UsageError, match="zero byte"):
        journal.append("INC\0", [opened()], expected=0, actor="ana", recorded_at=NIGHT)


def test_a_refused_entry_leaves_the_journal_ready_for_the_next(journal: Journal) -> None:
    fill(journal, 2)
    with pytest.raises(Refused, match="given up"), journal._writing():  # noqa: PT012 - a transaction that fails half-way
        journal._db.run("INSERT INTO law_pack (sha256, content) VALUES ('x', ?)", (b"x",))
        with pytest.raises(Refused, match="never deleted"):
            journal._db.run("DELETE FROM entry")
        raise Refused("given up")
    assert journal.law_packs() == ()
    journal.append("INC-1", [fact()], expected=2, actor="ana", recorded_at=NIGHT)


def test_all_entries_are_walked_while_others_are_looked_up(journal: Journal) -> None:
    fill(journal, 3000, 2)
    with closing(journal._db.stream("SELECT seq FROM entry WHERE incident = ? ORDER BY seq", ("INC-1",))) as rows:
        assert [next(rows)[0] for _ in range(2500)] == list(range(1, 2501))
        assert journal._db.rows("SELECT count(*) FROM entry WHERE incident = ?", ("INC-2",)) == [(2,)]
    journal.append("INC-2", [fact()], expected=2, actor="ana", recorded_at=NIGHT)


def test_a_journal_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    for options in ({"read_only": True}, {"create": False}):
        with pytest.raises(UsageError, match="incident open"):
            Journal.open(tmp_path / "none.db", **options)
    assert list(tmp_path.iterdir()) == []


def test_threads_share_one_journal(journal: Journal) -> None:
    fill(journal, 1)
    won, lost = [], []

    def work() -> None:
        for _ in range(25):
            seq, _ = journal.head("INC-1")
            try:
                won.extend(journal.append("INC-1", [fact()], expected=seq, actor="ana", recorded_at=NIGHT))
            except JournalConflict:
                lost.append(seq)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) + len(lost) == 100
    assert sorted(entry.seq for entry in won) == list(range(2, len(won) + 2))
    assert journal.verify() is None
