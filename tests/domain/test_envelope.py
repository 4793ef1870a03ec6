"""An envelope's moves: nothing is sent twice without a person's word, and a server's words name nobody."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.domain.envelope import (
    STATUSES,
    By,
    check_move,
    envelope_of,
    is_envelope,
    may_become,
    message_id,
    owes_second_channel,
    redacted,
)
from breachkit.errors import Refused

ENVELOPE = "0123456789abcdef" * 2


def allowed(by: By) -> set[tuple[str, str]]:
    return {(now, to) for to in STATUSES for now in may_become(to, by)}


def test_only_a_person_or_a_kept_reply_queues_what_is_in_doubt() -> None:
    queuers = [by for by in get_args(By) if ("in_doubt", "queued") in allowed(by)]
    assert queuers == ["reply", "person"]
    with pytest.raises(Refused, match="only a person can say that it is to be sent again"):
        check_move(ENVELOPE, "in_doubt", "queued", "sender")


def test_nobody_queues_what_was_sent() -> None:
    for by, to in itertools.product(get_args(By), ("queued", "sending")):
        with pytest.raises(Refused, match=r"sent"):
            check_move(ENVELOPE, "sent", to, by)


def test_what_was_replaced_stays_replaced() -> None:
    for by, to in itertools.product(get_args(By), STATUSES):
        with pytest.raises(Refused):
            check_move(ENVELOPE, "replaced", to, by)


def test_sending_begins_only_from_the_queue() -> None:
    assert may_become("sending", "sender") == ("queued",)
    assert not [by for by in ("reply", "bounce", "person") if may_become("sending", by)]


def test_a_second_channel_is_owed_where_mail_did_not_arrive() -> None:
    assert [status for status in STATUSES if owes_second_channel(status)] == ["refused", "bounced"]


def test_a_message_id_leads_back_to_its_envelope() -> None:
    assert envelope_of(message_id(ENVELOPE, "example.com")) == ENVELOPE
    assert is_envelope(ENVELOPE)
    for other in ("<abc@example.com>", f"<{ENVELOPE}0@example.com>", "", f"<{ENVELOPE.upper()}@example.com>"):
        assert envelope_of(other) is None


@pytest.mark.parametrize(
    "reply",
    [
        "5.1.1 <ana.example@example.com>: Recipient address rejected: User unknown",
        "user ana.example is unknown\r\nat ANA.EXAMPLE@EXAMPLE.COM",
        "2.1.5 ana.example@example.com... OK",
    ],
)
def test_a_servers_words_are_kept_without_the_address(reply: str) -> None:
    kept = redacted(reply, "ana.example@example.com")
    assert "ana" not in kept.lower()
    assert "\n" not in kept


@given(st.text(max_size=300), st.from_regex(r"[a-z]{3,12}@[a-z]{3,10}\.example", fullmatch=True))
def test_no_reply_keeps_the_recipients_address(words: str, address: str) -> None:
    kept = redacted(f"{words} <{address}> {words}", address)
    assert address not in kept
    assert kept.isprintable() or not any(ord(sign) < 32 for sign in kept)
