"""What senders do to envelopes, on each kind of database: nobody takes what another has, nothing is guessed after a crash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from breachkit.domain.envelope import Outcome
from breachkit.errors import Refused
from breachkit.storage.vault import Vault
from breachkit.storage.vault_erasing import erase_people
from breachkit.storage.vault_sending import Done, SendingDesk, Taken
from tests.outbox.filling import AT, filled

LATER = "2026-11-22T13:00:00.000+00:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("team_database")
        return url
    return str(tmp_path / "breachkit.db")


@pytest.fixture
def vault(where: str) -> Iterator[Vault]:
    with Vault.open(where) as vault:
        filled(vault, 6)
        yield vault


def desk(vault: Vault, sender: str = "host-1", lease: int = 60) -> SendingDesk:
    made = SendingDesk(vault, sender, lease=lease)
    made.begin(AT)
    return made


def take(one: SendingDesk, wanted: int, at: str = AT) -> list[Taken]:
    return one.exchange([], one.vault.dispatches(), wanted, at)


def done(taken: Taken, result: str = "sent", not_before: str = "") -> Done:
    code = {"sent": 250, "refused": 550, "deferred": 451}.get(result)
    outcome = Outcome(taken.envelope, result, code, "said", "main")  # type: ignore[arg-type]  # a word of the table
    return Done(taken.n, outcome, AT, not_before, taken.attempts)


def statuses(vault: Vault) -> list[str]:
    return [one.status for one in vault.envelopes(vault.dispatches())]


def last(vault: Vault, number: int = 0) -> tuple[str, str]:
    """By whom the last move of an envelope was, and to where."""
    event = list(vault.receipts("INC-1"))[number]["events"][-1]
    return event["by"], event["to"]


def test_what_is_taken_is_on_record_as_sending_with_its_message(vault: Vault) -> None:
    taken = take(desk(vault), 2)
    assert [(one.n, one.recipient, one.attempts) for one in taken] == [
        (1, "reader0@letters.test", 1),
        (2, "reader1@letters.test", 1),
    ]
    assert taken[0].message == vault.letter(taken[0].envelope)
    assert statuses(vault) == ["sending"] * 2 + ["queued"] * 4


def test_no_sender_takes_what_another_has(where: str, vault: Vault) -> None:
    with Vault.open(where) as second:
        mine, other = take(desk(vault), 4), take(desk(second, "host-2"), 4)
        assert [one.n for one in mine + other] == [1, 2, 3, 4, 5, 6]
        assert take(desk(vault, "host-3"), 4) == []
        assert desk(vault, "host-4").others() == 6


def test_what_became_of_each_is_on_record_with_the_servers_words(vault: Vault) -> None:
    one = desk(vault)
    results = ["sent", "refused", "deferred", "untried", "in_doubt"]
    what = [
        done(taken, result, LATER if result == "deferred" else "") for taken, result in zip(take(one, 5), results, strict=True)
    ]
    one.exchange(what, vault.dispatches(), 0, AT)
    assert statuses(vault) == ["sent", "refused", "queued", "queued", "in_doubt", "queued"]
    kept = list(vault.envelopes(vault.dispatches()))
    assert [each.attempts for each in kept] == [1, 1, 1, 0, 1, 0]
    assert (kept[2].not_before, kept[2].reply) == (LATER, "to be tried again: said")
    assert one.held(one.sender) == {}


def test_a_deferred_message_rests_until_its_time(vault: Vault) -> None:
    one = desk(vault)
    one.exchange([done(taken, "deferred", LATER) for taken in take(one, 6)], vault.dispatches(), 0, AT)
    assert take(one, 6) == []
    assert one.next_due(vault.dispatches()) == LATER
    assert [taken.attempts for taken in take(one, 6, LATER)] == [2] * 6
    assert one.next_due(vault.dispatches()) is None


def test_nothing_is_taken_of_a_dispatch_that_is_not_released_or_whose_people_were_erased(vault: Vault) -> None:
    one = desk(vault)
    released = vault.dispatches()
    erase_people(vault, "INC-1", at=AT, actor="ana", unsettled=True)
    assert one.exchange([], released, 6, AT) == []
    assert statuses(vault) == ["queued"] * 6


def test_a_store_opened_for_reading_sends_nothing(where: str, vault: Vault) -> None:
    with Vault.open(where, read_only=True) as reader, pytest.raises(Refused, match="opened for reading"):
        SendingDesk(reader, "host-1").exchange([], reader.dispatches(), 1, AT)


# -- after a crash -----------------------------------------------------------------------------------------------------


def test_what_a_dead_sender_was_sending_is_in_doubt_and_stays_its_own(vault: Vault) -> None:
    dead = desk(vault, "dead", lease=0)
    taken = take(dead, 3)
    dead.end()
    assert desk(vault).crashed(AT, actor="ana") == 3
    assert statuses(vault) == ["in_doubt"] * 3 + ["queued"] * 3
    assert set(dead.held("dead")) == {one.n for one in taken}


def test_on_a_server_a_sender_counts_as_alive_until_its_lease_ends(where: str, vault: Vault) -> None:
    alive = desk(vault, "alive")
    take(alive, 2)
    crashed = desk(vault).crashed(AT, actor="ana")
    assert crashed == (0 if alive.shared else 2)
    if alive.shared:
        with Vault.open(where) as second:
            assert desk(second, "strict", lease=-5).crashed(AT, actor="ana") == 2


def test_a_kept_reply_settles_what_was_in_doubt(vault: Vault) -> None:
    dead = desk(vault, "dead")
    taken = take(dead, 3)
    dead.doubt("dead", AT, actor="ana")
    settled = [done(taken[0]), done(taken[1], "refused"), done(taken[2], "untried")]
    assert desk(vault).resolve("dead", settled, actor="ana") == 3
    assert statuses(vault) == ["sent", "refused", "queued"] + ["queued"] * 3
    assert last(vault) == ("reply", "sent")
    assert [one.attempts for one in vault.envelopes(vault.dispatches())][:3] == [1, 1, 0]


def test_a_reply_of_an_earlier_attempt_says_nothing_of_this_one(vault: Vault) -> None:
    dead = desk(vault, "dead")
    [first] = take(dead, 1)
    dead.exchange([done(first, "deferred")], vault.dispatches(), 0, AT)
    [second] = take(dead, 1)
    assert (second.n, second.attempts) == (first.n, 2)
    assert desk(vault).resolve("dead", [done(first, "refused"), done(first)], actor="ana") == 0
    assert statuses(vault)[0] == "sending"


def test_a_reply_does_not_touch_what_somebody_else_has_taken_since(where: str, vault: Vault) -> None:
    dead = desk(vault, "dead")
    [first] = take(dead, 1)
    dead.doubt("dead", AT, actor="ana")
    vault.move([first.envelope], "queued", "person", at=AT, actor="ana", reply="it did not arrive")
    with Vault.open(where) as second:
        [again] = take(desk(second, "other"), 1)
        assert again.envelope == first.envelope
        assert desk(vault).resolve("dead", [done(first)], actor="ana") == 0
        assert statuses(vault)[0] == "sending"


def test_a_reply_does_not_undo_a_persons_word(vault: Vault) -> None:
    dead = desk(vault, "dead")
    [first] = take(dead, 1)
    dead.doubt("dead", AT, actor="ana")
    vault.move([first.envelope], "refused", "person", at=AT, actor="ana", reply="she says she has nothing")
    assert desk(vault).resolve("dead", [done(first)], actor="ana") == 0
    assert statuses(vault)[0] == "refused"


def test_a_sender_that_was_taken_for_dead_still_knows_what_it_did(vault: Vault) -> None:
    alive = desk(vault, "alive")
    sent, kept = take(alive, 2)
    desk(vault).doubt("alive", AT, actor="ana")
    assert statuses(vault)[:2] == ["in_doubt"] * 2
    alive.exchange([done(sent), done(kept, "untried")], vault.dispatches(), 0, AT)
    assert statuses(vault)[:2] == ["sent", "queued"]


def test_after_a_commit_nobody_saw_what_is_not_noted_is_noted_and_what_was_taken_unseen_is_put_back(vault: Vault) -> None:
    one = desk(vault)
    sent, going, unseen, noted = take(one, 4)
    one.exchange([done(noted)], vault.dispatches(), 0, AT)
    one.regain([done(sent), done(noted)], {going.n}, AT)
    assert statuses(vault)[:4] == ["sent", "sending", "queued", "sent"]
    events = [len(each["events"]) for each in vault.receipts("INC-1")]
    assert events[:4] == [2, 1, 2, 2], "each once, and unseen as untried"
    assert [each.attempts for each in vault.envelopes(vault.dispatches())][2] == unseen.attempts - 1
