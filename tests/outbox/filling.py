"""An outbox full of made-up letters, released, without the incident that would stand before it."""

from __future__ import annotations

from collections.abc import Iterator

from breachkit.storage.vault import Addressed, Dispatch, Vault

AT = "2026-11-22T12:00:00.000+00:00"
MAIL_FROM = "privacy@example.com"
_HOLDER = b"message-id-goes-here"


def letters(count: int, *, body: bytes = b"words.\r\n" * 40, first: int = 0, nobody: int = 0) -> Iterator[Addressed]:
    """So many letters to made-up people; every `nobody`-th is to somebody the counting sink refuses, 0 for none."""
    for number in range(first, first + count):
        to = f"{'nobody' if nobody and number % nobody == 0 else 'reader'}{number}@letters.test"
        head = (
            f"From: Example Co <{MAIL_FROM}>\r\nTo: {to}\r\nSubject: Notice\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n"
            f"Message-ID: <{_HOLDER.decode()}>\r\n\r\nDear reader {number},\r\n\r\n"
        )
        holder = b"<" + _HOLDER + b">"
        yield Addressed(str(number), f"Reader {number}", to, "ES", False, head.encode() + body, holder)


def filled(vault: Vault, count: int, *, body: bytes = b"words.\r\n" * 40, first: int = 0, nobody: int = 0) -> Dispatch:
    """A released dispatch of so many."""
    with vault.writing():
        one = vault.new_dispatch("INC-1", "eu.gdpr.34", {"from": MAIL_FROM})
        vault.put(one, letters(count, body=body, first=first, nobody=nobody), domain="example.com", at=AT, actor="ana")
        return vault.change_dispatch(one, "released")
