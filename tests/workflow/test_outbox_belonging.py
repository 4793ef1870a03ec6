"""A vault of another journal, a copy of one, a batch that went elsewhere: each could send twice, and is stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from breachkit.errors import Refused
from breachkit.workflow.outbox import forgetting, front, settling
from breachkit.workflow.outbox.queueing import Order
from tests.workflow.outbox_house import House, build, copied, twin_of


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    return build(tmp_path_factory.mktemp("belonging") / "desk", cache=parsed_once)


@pytest.fixture
def house(approved: House, tmp_path: Path) -> House:
    return copied(approved, tmp_path / "desk")


def stores(house: House) -> list[Path]:
    return [path for path in house.folder.iterdir() if path.name.startswith("breachkit.db.vault") and path.is_file()]


def against(house: House) -> list[str]:
    with house.open() as (journal, vault):
        return [
            why for one in front.checks(house.space, journal, vault, "INC-1", [], house.folder / "out") for why in one.against
        ]


def test_the_vault_of_another_journal_is_not_taken_for_ones_own(house: House, tmp_path: Path) -> None:
    other = build(tmp_path / "other", approvals=2)  # another profile, so another first entry
    other.queue()

    for store in stores(other):
        shutil.copy(store, house.folder / store.name)
    with pytest.raises(Refused, match="another journal's"):
        house.queue(Order(again="to be sure"))
    assert any("another journal's" in why for why in against(house))


def test_a_copy_of_a_vault_sends_nothing_until_a_person_says_that_it_is_the_only_one(house: House, tmp_path: Path) -> None:
    house.queue()
    twin = twin_of(house, tmp_path / "twin")
    [why] = against(twin)
    assert "it was moved, or copied" in why
    with twin.open() as (_, vault):
        front.moved_here(vault)
    assert against(twin) == []
    assert against(house) == []


def test_a_batch_that_went_into_another_vault_is_not_queued_again(approved: House, house: House, tmp_path: Path) -> None:
    second = twin_of(approved, tmp_path / "second")
    house.queue()
    shutil.rmtree(second.letters)
    shutil.copytree(house.letters, second.letters)
    with pytest.raises(Refused, match=r"was queued before, as D-1 of eu\.gdpr\.34, into a vault that is not this one"):
        second.queue()
    assert second.queue(Order(again="the other desk sent nothing"))[0].added == 3


def test_a_notice_is_not_begun_anew_while_the_first_still_waits(house: House) -> None:
    house.queue()
    with pytest.raises(Refused, match="still wait in D-1, and beside them people would get both"):
        house.queue(Order(again="a typo"))
    with house.open() as (journal, vault):
        every = settling.named(vault, "INC-1", [], "queued", "D-1")
        settling.withdraw(house.space, journal, vault, "INC-1", every, "a typo")
    assert house.queue(Order(again="a typo"))[0].added == 3


@pytest.mark.parametrize("stop_at", ["append", "scrub"])
def test_a_purge_that_was_stopped_is_told_by_the_next_one(house: House, stop_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house.queue()
    with house.open() as (journal, vault):
        purge: Callable[[], object] = lambda: forgetting.purge_people(  # noqa: E731 - said twice below
            house.space, journal, vault, "INC-1", "retention period ended", unsettled=True
        )
        with monkeypatch.context() as patch:
            patch.setattr(forgetting, stop_at, _stopped)
            with pytest.raises(KeyboardInterrupt):
                purge()
        purge()
        told = [entry for entry in journal.entries("INC-1") if entry.kind == "people.purged"]
        assert [entry.body["envelopes"] for entry in told] == [3]
        purge()
        assert len([entry for entry in journal.entries("INC-1") if entry.kind == "people.purged"]) == 1


def test_another_sender_may_join_while_the_first_is_at_it(house: House) -> None:
    house.queue()
    out = house.folder / "out"
    with house.open() as (journal, vault):
        [one] = vault.dispatches("INC-1")
        vault.change_dispatch(one, "released", channel="folder", out=str(out.resolve()))
        vault.database.run("UPDATE envelope SET status = 'sent' WHERE n = 1")  # the first sender's, since the number was read
        for typed, handed in ((4, None), (1, None), (3, 2)):
            seen = front.checks(house.space, journal, vault, "INC-1", [], out)
            if handed is None:
                with pytest.raises(Refused, match=f"2 messages are queued and {typed} was typed"):
                    front.run(house.space, journal, vault, "INC-1", seen, typed, folder=out)
            else:
                assert front.run(house.space, journal, vault, "INC-1", seen, typed, folder=out).ended.handed == handed


def test_a_batch_without_a_letter_says_so(house: House) -> None:
    (house.folder / "people.csv").write_text("id,name,email,country\n1,Ana Uno,no address,ES\n")
    shutil.rmtree(house.letters)
    _again(house)
    with pytest.raises(Refused, match="holds no letter"):
        house.queue()


def _again(house: House) -> None:
    from breachkit.workflow.batch import Order as BatchOrder
    from breachkit.workflow.batch import run_batch
    from tests.workflow.outbox_house import LETTER

    run_batch(house.judged(), [LETTER], house.space, BatchOrder(house.folder / "people.csv", house.letters), lambda *_: None)


def _stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
