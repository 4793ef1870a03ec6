"""Merged mail is what the standard library reads back: headers, both bodies, no defect, no line too long."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from breachkit.documents.merge import compile_letter
from breachkit.documents.merge_mail import (
    HeaderRefused,
    Sender,
    compile_mail,
    mail_address,
    mailbox,
    message_id,
    recipient,
    subject,
    words,
)
from tests.documents.test_merge import ADDRESSES, LETTER, NAMES

SENDER = Sender("Example Co, Privacy", "privacy@example.com")


def read(raw: bytes) -> EmailMessage:
    """The message as a mail program has it; nothing in it may be wrong."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert part.defects == []
        for value in part.values():
            assert not getattr(value, "defects", ())
    return message


def mail(name: str, address: tuple[str, ...] = ("1 Example St",), id: str = "17", email: str = "ana@example.com") -> bytes:
    values = {"name": name, "address": address, "id": id, "to": recipient(name, email)}
    values["message_id"] = message_id(SENDER, "INC-1", LETTER.duty, id, "a" * 64)
    return compile_mail(LETTER, SENDER, {"Duty": LETTER.duty}).join(values)


@given(name=NAMES, address=ADDRESSES, id=NAMES)
@example(name="Zoë", address=("é" * 200, "=" * 80), id="." * 76)
@example(name="From here", address=(".", "From there"), id=".")
@example(name="a" * 500, address=(" b" * 300,), id="😀" * 60)
@example(name="=?utf-8?q?x?=", address=("=", "=20"), id="=3D")
@example(name='O"Neil, \\ (x)', address=("&" * 75,), id="'" * 74)
def test_what_is_read_back_is_what_was_merged(name: str, address: tuple[str, ...], id: str) -> None:
    address = tuple(line.strip() for line in address)
    raw = mail(name, address, id)
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = read(raw)
    values = {"name": name, "address": address, "id": id}
    for kind, format in (("plain", "text"), ("html", "html")):
        body = message.get_body((kind,))
        assert body is not None
        content = body.get_content().replace("\r\n", "\n")
        assert content.rstrip("\n") == compile_letter(LETTER, format).join(values).decode().rstrip("\n")
    to = message["To"].addresses
    assert [one.addr_spec for one in to] == ["ana@example.com"]
    assert display_name(raw) == name


def display_name(raw: bytes) -> str:
    """The name in `To`. Encoded words in a row are one (RFC 2047 6.2), which the newer parser forgets in names."""
    head = message_from_bytes(raw, policy=policy.compat32)["To"]
    said = parseaddr(head.replace("\r\n", ""))[0]
    return str(make_header(decode_header(said)))


@given(name=st.text(max_size=300).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
def test_no_name_opens_a_header(name: str) -> None:
    try:
        head = recipient(name, "ana@example.com")
    except HeaderRefused:
        assert re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", name)
        return
    message = message_from_bytes(f"To: {head}\r\nX-End: 1\r\n\r\n".encode("ascii"), policy=policy.default)
    assert message.keys() == ["To", "X-End"]
    assert len(message["To"].addresses) == 1


@pytest.mark.parametrize("name", ["Ana\r\nBcc: all@example.com", "Ana\nX", "Ana\x00", "Ana\u2028B"])
def test_a_line_break_in_a_name_is_refused(name: str) -> None:
    with pytest.raises(HeaderRefused):
        mail(name)


@pytest.mark.parametrize(
    "email", ["a@b\r\nBcc: c@d", "a b@example.com", "a@example.com>", "<a@example.com", "a,b@example.com", ""]
)
def test_an_address_that_would_open_a_header_is_refused(email: str) -> None:
    with pytest.raises(HeaderRefused):
        mailbox("Ana", email, first=4)


def test_a_notice_that_is_not_approved_says_so_in_its_subject() -> None:
    assert subject(LETTER) == "DRAFT - Notice of a Data Breach"
    assert subject(replace(LETTER, invented=True)) == "INVENTED - DRAFT - Notice of a Data Breach"
    assert subject(replace(LETTER, draft=False)) == "Notice of a Data Breach"
    assert read(mail("Ana"))["Subject"] == "DRAFT - Notice of a Data Breach"


def test_the_same_letter_has_the_same_bytes_and_message_id() -> None:
    assert mail("Ana") == mail("Ana")
    assert read(mail("Ana"))["Message-ID"] == read(mail("Ana"))["Message-ID"]
    assert read(mail("Ana"))["Message-ID"] != read(mail("Ana", id="18"))["Message-ID"]
    assert read(mail("Ana"))["Date"].datetime.isoformat() == "2026-11-22T12:00:00+00:00"


def test_headers_of_our_own_hold_nobodys_data() -> None:
    raw = mail("Ana Muster", ("1 Example St",), "customer-17")
    own = b"".join(line for line in raw.split(b"\r\n") if line.startswith((b"X-Breachkit", b"Message-ID", b"Subject")))
    for word in (b"Ana", b"Muster", b"customer-17", b"ana@"):
        assert word not in own


@pytest.mark.parametrize(
    ("email", "invented", "made"),
    [
        ("ana@example.com", False, "ana@example.com"),
        ("ana@example.com", True, "ana@example.com.invalid"),
        ("ana@example-co.invalid", True, "ana@example-co.invalid"),
        ("ana@exämple.com", False, "ana@xn--exmple-cua.com"),
    ],
)
def test_addresses_of_an_invented_incident_lead_nowhere(email: str, invented: bool, made: str) -> None:
    assert mail_address(email, invented=invented) == made


@pytest.mark.parametrize("email", ["añà@example.com", "a@-.\u2028", "a b@example.com", '"a"@example.com'])
def test_addresses_mail_cannot_carry_are_refused(email: str) -> None:
    with pytest.raises(HeaderRefused):
        mail_address(email, invented=False)


@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=200))
def test_header_text_is_read_back(text: str) -> None:
    text = " ".join(text.split())
    made = words(text, first=9)
    assert all(len(line) <= 78 for line in f"Subject: {made}".split("\r\n"))
    message = message_from_bytes(f"Subject: {made}\r\n\r\n".encode("ascii"), policy=policy.default)
    assert str(message["Subject"]) == text
